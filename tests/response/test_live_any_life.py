"""Any sequence of lawful and unlawful acts, by anybody, on incidents of two plans, on a clock that moves on.

Whatever is tried, after every step: the level moves only by the decision of one whom the plan names, and one decision
is in force; nothing is asked of a group that was released; a merged incident takes nothing more; a refusal changes
nothing but the security log; what is due is dealt with; no entry is missing, and each follows the one before. At the
end of each life the whole journal is verified and folded: it gives what the tables hold. What the law says is read here
anew, from the plan's data alone.

A run lives LIVES_USUALLY lives, always the same ones. LIVES=500 in the environment lives so many others, by chance;
LIVES_AS_FOUND=1 shows a bad one as it was found, without looking for a shorter one.
"""

import ast
import importlib
import inspect
import json
import os
import pkgutil
from collections import Counter
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import pytest
from django.apps import apps
from django.db import connection, transaction
from django.db.models import F
from django.test import RequestFactory
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test

from response import actions, authority
from response.actions import decisions, deployments, merging
from response.models import DecisionStep, Deployment, Incident, IncidentNumber, LevelDecision, Task
from response.models.decisions import OPEN_STATUSES
from response.models.incidents import BEFORE_END, BEFORE_START
from response.models.tasks import OPEN_TASKS
from response.tables import OF_INCIDENT
from shuozhou_ops import clock
from shuozhou_ops.accounts.acting import Outcome, perform
from shuozhou_ops.accounts.models import Appointment, Position, User
from shuozhou_ops.deadlines import sweeping
from shuozhou_ops.deadlines.models import Deadline
from shuozhou_ops.journal import record, security, verification
from shuozhou_ops.journal.models import Entry, SecurityEvent
from tests import folded
from tests.cast import NOON, user
from tests.response import acts
from tests.response.acts import ACTS, IN_COMMAND, OF_KIN, PEOPLE, PLANS, TRIED_OFTEN, Act, end_it, log, take_on

pytestmark = pytest.mark.django_db
LIVES_USUALLY = 10
MOST_INCIDENTS = 5
EVERY_ACT = (*ACTS, *OF_KIN)
AFTER_A_MERGER = {"notice.received"}  # what was told before can still be acknowledged
PAUSES = st.sampled_from([1, 31, 61, 12 * 60, 24 * 60])  # minutes
WHOLE = [table.model for table in OF_INCIDENT] + [IncidentNumber, Position, Appointment, User]
seen: Counter[str] = Counter()


# --- what the law says, by the plan's data alone -------------------------------------------------------------------


def posts_of(document: dict[str, Any], ref: dict[str, Any]) -> set[str]:
    """The posts behind a name in the plan's chain."""
    headquarters = document["headquarters"]
    if ref["kind"] == "post":
        return {ref["key"]}
    holders = {"commander": headquarters["commanders"], "office_director": headquarters["office"]["directors"]}
    return {post["key"] for post in holders.get(ref["key"], [])}


def deciders(document: dict[str, Any], level: int) -> set[str]:
    """Who may decide a level: the one it names, and whom the more severe ones name (interpretation 11)."""
    named = [item["decided_by"] for item in document["levels"] if item["level"] <= level]
    return set().union(*(posts_of(document, ref) for ref in named))


def enders(document: dict[str, Any], level: int) -> set[str]:
    """Who may declare an end: the one named, or the other where nobody stands behind the first; and their superiors."""
    declared = next(item["declared_by"] for item in document["ending"] if level in item["levels"])
    named = posts_of(document, declared["first"]) or posts_of(document, declared["else"])
    above = [item["level"] for item in document["levels"] if posts_of(document, item["decided_by"]) == named]
    return named | deciders(document, max(above))


def posts_held(holder: int, at: datetime) -> set[str]:
    """The posts a person holds at a moment, in full or by delegation from one who still does."""
    rows = {row.pk: row for row in Appointment.objects.select_related("position")}

    def stands(row: Appointment) -> bool:
        begun = row.valid_from <= at and (row.valid_to is None or row.valid_to > at)
        giver = rows.get(row.delegated_by_id or 0)
        return begun and (giver is None or giver.valid_to is None or giver.valid_to > at)

    return {row.position.key for row in rows.values() if row.user_id == holder and stands(row)}


def commands_in_field(document: dict[str, Any], level: int, step: DecisionStep) -> bool:
    """Whether the plan gives the end to whoever commands in the field, and it was he: until this very end."""
    declared = next(item["declared_by"] for item in document["ending"] if level in item["levels"])
    field = Deployment.objects.filter(incident=step.decision.incident, kind="field_headquarters")
    stood = field.filter(commander=step.by_id, standing_at__isnull=False, released_at=step.decision.settled_at)
    return declared["first"]["key"] == "field_commander" and stood.exists()


def unlawful(entry: Entry, incident: Incident, before: int | None, after: int | None) -> str:
    """Why an entry may not move the level so; empty where it may."""
    document = json.loads(incident.plan_version.document)
    written = {name.partition("/")[0]: int(name.partition("/")[2]) for name in entry.changes}
    made = [int(name.partition("/")[2]) for name in entry.changes if name.startswith("leveldecision/")]
    decision = LevelDecision.objects.filter(
        pk__in=made, status="approved", settled_at=entry.happened_at, from_level=before, to_level=after
    ).first()
    if decision is None:
        return "no decision in the same entry"
    step = DecisionStep.objects.filter(decision=decision, act="decide").get()
    if written.get("decisionstep") is None or step.by_id is None:
        return "nobody decided it"
    needed = min(level for level in (before, after) if level is not None)
    ended = after is None and decision.manner != "revoked"  # what nobody ordered is undone by who decides the level
    allowed = enders(document, needed) if ended else deciders(document, needed)
    if posts_held(step.by_id, step.at) & allowed or (ended and commands_in_field(document, needed, step)):
        return ""
    return f"{step.by_post}{step.by_name} is not among {sorted(allowed)}"


# --- the whole state, for what must not change ---------------------------------------------------------------------


def everything() -> dict[str, Any]:
    """Every row of what an incident consists of, and how many there are of all else but refusals."""
    found: dict[str, Any] = {}
    with connection.cursor() as cursor:
        for model in WHOLE:
            cursor.execute(f"SELECT * FROM {model._meta.db_table} ORDER BY {model._meta.pk.column}")  # type: ignore[union-attr]
            found[model.__name__] = cursor.fetchall()
        for other in apps.get_models():
            if other not in WHOLE and other is not SecurityEvent:
                cursor.execute(f"SELECT count(*) FROM {other._meta.db_table}")
                found[other.__name__] = cursor.fetchall()
    return found


# --- the life ------------------------------------------------------------------------------------------------------


class AnyLife(RuleBasedStateMachine):
    """One life: it begins with some calls, and leaves nothing behind."""

    def __init__(self) -> None:
        super().__init__()
        self.life = transaction.atomic()
        self.life._from_testcase = True  # type: ignore[attr-defined]  # as Django's own: actions may be durable inside
        self.life.__enter__()
        self.clock = clock.at(NOON)
        self.clock.__enter__()
        self.watch = folded.Watch("any life")
        self.outer, folded._watch = folded._watch, self.watch
        self.levels: dict[int, int | None] = {}
        self.merged: set[str] = set()
        self.lawful = True  # so far
        self.last_entry = Entry.objects.latest("pk").pk
        self.ends = {entry.stream: (entry.seq, entry.hash) for entry in Entry.objects.order_by("seq")}
        self.rows = everything()

    def at_last(self) -> None:
        """Whatever still runs can be ended, whatever has happened to it."""
        for incident in Incident.objects.filter(status="responding").order_by("pk"):
            run = end_it("done", incident)
            assert run is not None
            assert self.press("end.at_last", user("wang"), incident.stream, run).ok, f"{incident} cannot be ended"

    def teardown(self) -> None:
        try:
            if self.lawful:
                self.at_last()
            assert verification.faults() == []
            assert folded.faults(self.watch.moments) == []
        finally:
            folded._watch = self.outer
            self.clock.__exit__(None, None, None)
            transaction.set_rollback(True)
            self.life.__exit__(None, None, None)

    @initialize(data=st.data())
    def some_calls(self, data: st.DataObject) -> None:
        """A call under each plan; of most, the commander-in-chief decides levels at once. And one more call."""
        for plan in PLANS:
            run = log(data.draw, None, plan)
            assert self.press("incident.log", user("desk"), "", run).ok
        for incident in Incident.objects.order_by("pk"):
            for level in data.draw(st.lists(st.sampled_from([3, 2, 4, 1]), max_size=3, unique=True)):
                run = partial(decisions.decide, incident.pk, level, reason="震感强烈", scope_judgement="影响严重")
                assert self.press("level.decide", user("wang"), incident.stream, run).ok
        assert self.press("incident.log", user("desk"), "", log(data.draw, None)).ok

    @rule(data=st.data(), act=st.sampled_from(ACTS))
    def the_usual_one(self, data: st.DataObject, act: Act) -> None:
        """Somebody who does this on an ordinary day."""
        self.try_to(act, data.draw(st.sampled_from(act.usual)), data)

    @rule(data=st.data(), act=st.sampled_from(IN_COMMAND))
    def one_in_command(self, data: st.DataObject, act: Act) -> None:
        """Somebody of the chain decides, ends or closes."""
        self.try_to(act, data.draw(st.sampled_from(act.usual)), data)

    @rule(data=st.data(), act=st.sampled_from(OF_KIN))
    def one_beside_another(self, data: st.DataObject, act: Act) -> None:
        """Incidents become one, follow each other, go on under another plan, or are left to the county."""
        self.try_to(act, data.draw(st.sampled_from(act.usual)), data)

    @rule(data=st.data(), act=st.sampled_from(TRIED_OFTEN))
    def what_the_laws_are_about(self, data: st.DataObject, act: Act) -> None:
        """A level, an end, a group or an order, with all that has to be said of it; by one who may, or nearly."""
        self.try_to(act, data.draw(st.sampled_from(act.usual)), data)

    @rule(data=st.data(), act=st.sampled_from(EVERY_ACT))
    def on_what_was_merged(self, data: st.DataObject, act: Act) -> None:
        """An incident that was merged is treated as any other; where there is none, one is merged."""
        there = Incident.objects.order_by("pk")
        merged = there.filter(status="merged").first()
        if merged is not None:
            self.try_to(act, data.draw(st.sampled_from(act.usual)), data, merged)
            return
        away = there.filter(status__in=BEFORE_START).last()
        into = there.filter(status__in=BEFORE_END).exclude(pk=away.pk).first() if away else None
        if away and into:
            self.press("incident.merge", user("desk"), away.stream, partial(merging.merge, away.pk, into.pk))

    @rule(data=st.data(), act=st.sampled_from(EVERY_ACT), who=st.sampled_from(PEOPLE))
    def anybody(self, data: st.DataObject, act: Act, who: str) -> None:
        """Anybody, whatever they may do."""
        self.try_to(act, who, data)

    @rule(minutes=PAUSES)
    def time_passes(self, minutes: int) -> None:
        """What has come due meanwhile is dealt with, once, by nobody."""
        clock.advance(timedelta(minutes=minutes))
        self.lawful = False
        while sweeping.sweep(clock.now()):
            seen["swept"] += 1
        assert not Deadline.objects.filter(state="open", due_at__lte=clock.now()).exists()
        self.look_at_what_was_written()
        self.lawful = True

    def try_to(self, act: Act, who: str, data: st.DataObject, incident: Incident | None = None) -> None:
        """Prepare an act on this or one of the incidents, and do it."""
        clock.advance(timedelta(seconds=20))
        there = list(Incident.objects.order_by("pk"))
        if incident is None:
            fitting = [row for row in there if row.status in act.where]
            incident = data.draw(st.sampled_from(fitting if fitting and data.draw(st.integers(0, 3)) else there))
        run = act.prepare(data.draw, incident)
        if run is None or (act.prepare in (log, take_on) and len(there) >= MOST_INCIDENTS):
            return
        self.press(act.name, user(who), incident.stream, run)

    def press(self, name: str, who: User, subject: str, run: Any) -> Outcome:
        """Do an act as the pages do; a refusal must leave everything as it was, but for one line that tells of it."""
        self.lawful = False  # until it is seen that it was
        refusals = SecurityEvent.objects.count()
        request = RequestFactory().post("/")
        request.user = who
        outcome = perform(request, name, subject, lambda actor, at: run(actor=actor, at=at))
        if outcome.error is not None:
            seen[f"{name}: {outcome.error.code}"] += 1
            rows = everything()
            changed = [table for table, held in rows.items() if held != self.rows[table]]
            assert not changed, f"{name} by {who} was refused ({outcome.error.message}), and changed {changed}"
            assert SecurityEvent.objects.count() == refusals + 1
            last = SecurityEvent.objects.latest("pk")
            assert (last.actor, last.act, last.code) == (who.ref, name, outcome.error.code)
        else:
            seen[name] += 1
            assert SecurityEvent.objects.count() == refusals
            assert self.look_at_what_was_written(), f"{name} by {who} was done, and no entry tells of it"
        self.lawful = True
        return outcome

    def look_at_what_was_written(self) -> list[Entry]:
        """Every entry since the last look: who moved the level? And is nothing asked of those who were released?"""
        entries = list(Entry.objects.filter(pk__gt=self.last_entry).order_by("pk"))
        for entry in entries:
            seen[entry.verb] += 1
            self.see_order(entry)
            for name, values in entry.changes.items():
                if name.startswith("incident/") and "level" in values:
                    self.see_level(entry, int(name.partition("/")[2]), values["level"])
        self.last_entry = entries[-1].pk if entries else self.last_entry
        self.rows = everything()
        asked = Task.objects.filter(deployment__status="released", phase="response", status__in=OPEN_TASKS)
        assert not asked.exists(), f"asked of a released group: {[str(task) for task in asked]}"
        over = Task.objects.filter(phase="response", status__in=OPEN_TASKS).exclude(incident__status="responding")
        assert not over.exists(), f"asked where no response runs: {[str(task) for task in over]}"
        self.see_decisions()
        return entries

    def see_order(self, entry: Entry) -> None:
        """An entry comes right after the one before it in its stream; in that of a merged incident none comes."""
        seq, last = self.ends.get(entry.stream, (0, ""))
        assert (entry.seq, entry.prev_hash) == (seq + 1, last), f"{entry} does not follow {seq}"
        assert entry.hash == entry.computed_hash(), f"{entry} is not what was written"
        self.ends[entry.stream] = (entry.seq, entry.hash)
        taken = entry.stream not in self.merged or entry.verb in AFTER_A_MERGER
        assert taken, f"{entry} after the incident was merged"
        if entry.verb == "incident.merged":
            self.merged.add(entry.stream)

    def see_decisions(self) -> None:
        """One decision is in force: each that took effect left the level of the one before, the last gave this one."""
        levels = dict.fromkeys(Incident.objects.values_list("pk", flat=True))
        rows = LevelDecision.objects.filter(status="approved").order_by("settled_at", "pk")
        for incident, before, after in rows.values_list("incident", "from_level", "to_level"):
            assert before == levels[incident], f"decided from {before}, where {levels[incident]} was in force"
            levels[incident] = after
        assert levels == dict(Incident.objects.values_list("pk", "level")), "a level that no decision gives"
        waiting = LevelDecision.objects.filter(status__in=OPEN_STATUSES)
        stale = [row for row in waiting if row.from_level != levels[row.incident_id]]
        assert not stale, f"{stale} wait from a level that is not in force"

    def see_level(self, entry: Entry, incident_id: int, level: int | None) -> None:
        """The level as an entry has it, against the one before."""
        before = self.levels.get(incident_id)
        self.levels[incident_id] = level
        if level == before:
            return
        incident = Incident.objects.select_related("plan_version").get(pk=incident_id)
        why_not = unlawful(entry, incident, before, level)
        assert not why_not, f"{entry}: {before} to {level}: {why_not}"


def live(lives: int = 0) -> None:
    """Live so many lives, always the same; or LIVES of them, by chance. LIVES_AS_FOUND: a bad one is not shortened."""
    by_chance = int(os.environ.get("LIVES", "0"))
    shortened = not (lives or os.environ.get("LIVES_AS_FOUND"))
    seen.clear()
    run_state_machine_as_test(
        AnyLife,
        settings=settings(
            max_examples=lives or by_chance or LIVES_USUALLY,
            stateful_step_count=40,
            deadline=None,
            database=None,
            derandomize=bool(lives) or not by_chance,
            phases=[phase for phase in Phase if shortened or phase is not Phase.shrink],
            print_blob=True,
            suppress_health_check=list(HealthCheck),
        ),
    )


@pytest.mark.both
def test_any_life_keeps_the_law() -> None:
    live()
    print("\n".join(f"{count:6} {what}" for what, count in sorted(seen.items())))
    reached = {"level.started", "level.raised", "level.lowered", "response.ended", "incident.merged", "swept"}
    assert reached <= set(seen) or int(os.environ.get("LIVES", LIVES_USUALLY)) < LIVES_USUALLY


# --- every act is among those that are tried ------------------------------------------------------------------------

NOT_TRIED = {
    "clocks.come_due": "done by the sweep, when time passes",
    "receipts.fall_due": "done by the sweep, when time passes",
    "tasks.come_again": "done by the sweep, when time passes",
    "decisions.deciding_step": "a row of an act, not saved",
    "decisions.step_of": "a row of an act, not saved",
    "decisions.take_effect_locked": "a part of an act, on a locked incident",
    "endings.end_locked": "a part of an act, on a locked incident",
    "decisions.tell_chain": "a part of an act, on a locked incident",
    "facts.new_figures": "rows of an act, not saved",
    "facts.new_moments": "rows of an act, not saved",
    "facts.new_reports": "rows of an act, not saved",
    "people.user_of": "reads who an actor is",
}


def acts_there_are() -> set[str]:
    """Every public function of an action module that is a transaction of its own, or that somebody does."""
    found = set()
    for module in pkgutil.iter_modules(actions.__path__):
        named = importlib.import_module(f"{actions.__name__}.{module.name}")
        for name, function in inspect.getmembers(named, inspect.isfunction):
            if name.startswith("_") or function.__module__ != named.__name__:
                continue
            whole = hasattr(function, "__wrapped__")  # `transaction.atomic` wraps it
            if whole or "actor" in inspect.signature(function).parameters:
                found.add(f"{module.name}.{name}")
    return found


def test_every_act_is_tried() -> None:
    tree = ast.parse(inspect.getsource(acts))
    used = [node for node in ast.walk(tree) if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name)]
    tried = {f"{node.value.id}.{node.attr}" for node in used}  # type: ignore[attr-defined]
    there = acts_there_are()
    assert sorted(there - tried - set(NOT_TRIED)) == [], "no life tries these: add them to tests/response/acts.py"
    assert sorted(set(NOT_TRIED) - there) == [], "there is no such act any more"
    assert sorted(set(NOT_TRIED) & tried) == [], "these are tried after all"


# --- and a life without one of the guards does not -----------------------------------------------------------------


def test_without_the_guard_somebody_moves_the_level_who_may_not(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(authority, "decide", lambda incident, actor, *, to_level, again=False: [])
    with pytest.raises(AssertionError, match="is not among"):
        live(40)


def test_a_refusal_that_leaves_something_behind_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    real = security.refused

    def refused(*args: Any, **options: Any) -> None:
        real(*args, **options)
        IncidentNumber.objects.update(last=F("last") + 1)

    monkeypatch.setattr(security, "refused", refused)
    with pytest.raises(AssertionError, match="was refused .* and changed .'IncidentNumber'"):
        live(20)


GUARDS_OF_WHAT_IS_TOLD = (
    "add_place",
    "ask_support",
    "draft_situation",
    "drop_place",
    "follow",
    "follow_instruction",
    "hand_in",
    "mark",
    "own_response",
    "report_fact",
    "suggest",
    "tick_step",
)


def test_a_merged_incident_that_takes_more_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    for guard in GUARDS_OF_WHAT_IS_TOLD:
        monkeypatch.setattr(authority, guard, lambda *args, **more: [])
    with pytest.raises(AssertionError, match="after the incident was merged"):
        live(60)


def test_a_proposal_that_outlives_the_level_it_is_about_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(decisions, "expire_open", lambda *args, **more: None)
    with pytest.raises(AssertionError, match="wait from a level that is not in force"):
        live(20)


def test_a_group_released_without_its_tasks_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    real = deployments._release
    monkeypatch.setattr(deployments, "_release", lambda gone, tasks, *more: real(gone, [], *more))
    with pytest.raises(AssertionError, match="asked "):
        live(60)


def test_a_row_changed_past_the_journal_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(record.Changes, "_note", lambda self, row, only: None)
    with pytest.raises(AssertionError, match="is in no entry"):
        live(5)
