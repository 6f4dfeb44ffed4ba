"""Any sequence of lawful and unlawful acts, by anybody, on incidents of two plans, on a clock that moves on.

Whatever is tried: the level moves only by the decision of one whom the plan names, nothing is asked of a group that was
released, a refusal changes nothing but the security log, what is due is dealt with, and the journal is whole and gives
what the tables hold. What the law says is read here anew, from the plan's data alone. LIVES=500 is more, by chance.
"""

import importlib
import inspect
import json
import os
import pkgutil
import re
from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
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
from response.actions import decisions, deployments
from response.models import DecisionStep, Incident, IncidentNumber, LevelDecision, SpokenOrder, Task
from response.models.tasks import OPEN_TASKS
from response.tables import OF_INCIDENT
from shuozhou_ops import clock
from shuozhou_ops.accounts.acting import Outcome, perform
from shuozhou_ops.accounts.models import Appointment, Position, User
from shuozhou_ops.deadlines import sweeping
from shuozhou_ops.deadlines.models import Deadline
from shuozhou_ops.journal import record, security, verification
from shuozhou_ops.journal.models import Entry, SecurityEvent
from shuozhou_ops.notices.models import Notice
from tests import folded
from tests.cast import NOON, user
from tests.response import acts
from tests.response.acts import ACTS, IN_COMMAND, LIKELY, PEOPLE, PLANS, Act, log
from tests.response.acts.drawing import CHAIN, REASONS, UNITS, WORDS

pytestmark = pytest.mark.django_db
MOST_INCIDENTS = 4
PAUSES = st.sampled_from([1, 31, 61, 12 * 60, 24 * 60])  # minutes
WHOLE = [table.model for table in OF_INCIDENT] + [IncidentNumber, Position, Appointment, User]
BY_NAME = {act.name: act for act in ACTS}
SAID = {id(REASONS): "灾情变化，综合研判", id(WORDS): "按现场报告"}  # where words are wanted
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
    allowed = enders(document, needed) if after is None else deciders(document, needed)
    if posts_held(step.by_id, step.at) & allowed:
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


def whose(act: Act, run: Any) -> User:
    """The one who would do this: the bearer, the recipient, the giver; else the one of the chain who may the most."""
    pk = run.args[0] if getattr(run, "args", ()) else 0
    unit = None
    if act.name.startswith("task.") and act.usual is UNITS:
        unit = Task.objects.get(pk=pk).unit
    elif act.name == "notice.acknowledge":
        unit = Notice.objects.get(pk=pk).unit
    elif act.name in ("spoken_order.countersign", "spoken_order.dispute"):
        return SpokenOrder.objects.get(decision=pk).giver
    found = User.objects.filter(username=unit.key).first() if unit else None
    return found or user("wang" if act.usual is CHAIN else act.usual[0])


# --- the life ------------------------------------------------------------------------------------------------------


class AnyLife(RuleBasedStateMachine):
    """One life: it begins with a call under each plan, and leaves nothing behind."""

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
        self.last_entry = Entry.objects.latest("pk").pk
        self.rows = everything()

    def teardown(self) -> None:
        try:
            assert verification.faults() == []
            assert folded.faults(self.watch.moments) == []
        finally:
            folded._watch = self.outer
            self.clock.__exit__(None, None, None)
            transaction.set_rollback(True)
            self.life.__exit__(None, None, None)

    @initialize(data=st.data())
    def two_calls(self, data: st.DataObject) -> None:
        """A call under each plan; of most, the commander-in-chief has decided a level or two."""
        for plan in PLANS:
            run = log(data.draw, None, plan)
            assert self.press("incident.log", user("desk"), "", run).ok
        for incident in Incident.objects.order_by("pk"):
            level = data.draw(st.sampled_from([3, None, 2, 4, 1, None]))
            then = data.draw(st.sampled_from([3, 4, 2, 1]))
            for to_level in (level, then) if level and level != then else (level,) if level else ():
                run = partial(decisions.decide, incident.pk, to_level, reason="震感强烈", scope_judgement="影响严重")
                assert self.press("level.decide", user("wang"), incident.stream, run).ok

    @rule(data=st.data(), act=st.sampled_from(ACTS))
    def the_usual_one(self, data: st.DataObject, act: Act) -> None:
        """Somebody who does this on an ordinary day."""
        self.try_to(act, data.draw(st.sampled_from(act.usual)), data)

    @rule(data=st.data(), act=st.sampled_from(IN_COMMAND))
    def one_in_command(self, data: st.DataObject, act: Act) -> None:
        """Somebody of the chain decides, ends or closes."""
        self.try_to(act, data.draw(st.sampled_from(act.usual)), data)

    @rule(data=st.data(), pk=st.integers(0, MOST_INCIDENTS - 1), acts=st.integers(1, 10))
    def what_is_likely(self, data: st.DataObject, pk: int, acts: int) -> None:
        """What comes next for an incident as it stands, by the one whose it is, in words: or no life would come far."""
        rows = list(Incident.objects.order_by("pk").values_list("pk", flat=True))
        for _ in range(acts):
            incident = Incident.objects.get(pk=rows[pk % len(rows)])
            act = BY_NAME.get(data.draw(st.sampled_from(LIKELY.get(incident.status, "-").split())))
            clock.advance(timedelta(seconds=20))
            run = act and act.prepare(lambda strategy: SAID.get(id(strategy)) or data.draw(strategy), incident)
            if act and run is not None:
                self.press(act.name, whose(act, run), incident.stream, run)

    @rule(data=st.data(), act=st.sampled_from(ACTS), who=st.sampled_from(PEOPLE))
    def anybody(self, data: st.DataObject, act: Act, who: str) -> None:
        """Anybody, whatever they may do."""
        self.try_to(act, who, data)

    @rule(minutes=PAUSES)
    def time_passes(self, minutes: int) -> None:
        """What has come due meanwhile is dealt with, once, by nobody."""
        clock.advance(timedelta(minutes=minutes))
        while sweeping.sweep(clock.now()):
            seen["swept"] += 1
        assert not Deadline.objects.filter(state="open", due_at__lte=clock.now()).exists()
        self.look_at_what_was_written()

    def try_to(self, act: Act, who: str, data: st.DataObject) -> None:
        """Prepare an act on one of the incidents, and do it."""
        clock.advance(timedelta(seconds=20))
        incident = data.draw(st.sampled_from(list(Incident.objects.order_by("pk"))))
        run = act.prepare(data.draw, incident)
        if run is None or (act.prepare is log and Incident.objects.count() >= MOST_INCIDENTS):
            return
        self.press(act.name, user(who), incident.stream, run)

    def press(self, name: str, who: User, subject: str, run: Any) -> Outcome:
        """Do an act as the pages do; a refusal must leave everything as it was, but for one line that tells of it."""
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
        return outcome

    def look_at_what_was_written(self) -> list[Entry]:
        """Every entry since the last look: who moved the level? And is nothing asked of those who were released?"""
        entries = list(Entry.objects.filter(pk__gt=self.last_entry).order_by("pk"))
        for entry in entries:
            seen[entry.verb] += 1
            for name, values in entry.changes.items():
                if name.startswith("incident/") and "level" in values:
                    self.see_level(entry, int(name.partition("/")[2]), values["level"])
        self.last_entry = entries[-1].pk if entries else self.last_entry
        self.rows = everything()
        asked = Task.objects.filter(deployment__status="released", phase="response", status__in=OPEN_TASKS)
        assert not asked.exists(), f"asked of a released group: {[str(task) for task in asked]}"
        over = Task.objects.filter(phase="response", status__in=OPEN_TASKS).exclude(incident__status="responding")
        assert not over.exists(), f"asked where no response runs: {[str(task) for task in over]}"
        return entries

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
    """Live so many lives, always the same; or LIVES of them, by chance.

    LIVES_SHORTENED: a bad one is made as short as can be, which takes minutes.
    """
    by_chance = int(os.environ.get("LIVES", "0"))
    shortened = not lives and bool(os.environ.get("LIVES_SHORTENED"))
    seen.clear()
    run_state_machine_as_test(
        AnyLife,
        settings=settings(
            max_examples=lives or by_chance or int(os.environ.get("NN", "12")),
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
    assert {"level.started", "level.raised", "level.lowered", "response.ended", "swept"} <= set(seen)


def transitions() -> Iterator[str]:
    """Every action of the response that somebody does, as `module.function`."""
    for found in pkgutil.iter_modules(actions.__path__):
        module = importlib.import_module(f"{actions.__name__}.{found.name}")
        for name, function in vars(module).items():
            own = inspect.isfunction(function) and function.__module__ == module.__name__ and not name.startswith("_")
            if own and hasattr(function, "__wrapped__") and "actor" in inspect.signature(function).parameters:
                yield f"{found.name}.{name}"


def test_every_action_is_tried() -> None:
    source = "".join(path.read_text(encoding="utf-8") for path in Path(acts.__file__).parent.glob("*.py"))
    assert [name for name in transitions() if not re.search(rf"\b{name}\b", source)] == []
    assert len(list(transitions())) > 50


# --- and a life without one of the guards does not -----------------------------------------------------------------


def test_without_the_guard_somebody_moves_the_level_who_may_not(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(authority, "decide", lambda incident, actor, *, to_level, again=False: [])
    with pytest.raises(AssertionError, match="is not among"):
        live(5)


def test_a_refusal_that_leaves_something_behind_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    real = security.refused

    def refused(*args: Any, **options: Any) -> None:
        real(*args, **options)
        IncidentNumber.objects.update(last=F("last") + 1)

    monkeypatch.setattr(security, "refused", refused)
    with pytest.raises(AssertionError, match="was refused .* and changed .'IncidentNumber'"):
        live(3)


def test_a_group_released_without_its_tasks_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    real = deployments._release
    monkeypatch.setattr(deployments, "_release", lambda gone, tasks, *more: real(gone, [], *more))
    with pytest.raises(AssertionError, match="asked "):
        live(15)


def test_a_row_changed_past_the_journal_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(record.Changes, "_note", lambda self, row, only: None)
    with pytest.raises(AssertionError, match="is in no entry"):
        live(1)
