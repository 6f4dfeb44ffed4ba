"""Two people press at the same moment: exactly one wins, the other is told so in words, and the tables agree.

Each race is run again with only the row lock taken out, to show that it is the lock that keeps the state right. Who
comes first is arranged with barriers and by looking at the locks of PostgreSQL, so that the overlap is certain. The
wrong end is awaited in at most as many rounds, and one that shows it is enough.
"""

import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from typing import Any

import pytest
from django.db import DatabaseError, connection
from django.db.models import QuerySet

from response import authority, locks
from response.actions import decisions, incidents, marks, receipts, tasks
from response.actions.incidents import Call
from response.models import Deployment, Incident, LevelDecision, Task
from shuozhou_ops.deadlines.models import Deadline
from shuozhou_ops.errors import Conflict
from shuozhou_ops.journal import requests, verification
from shuozhou_ops.journal.models import Entry
from shuozhou_ops.notices.models import Notice
from tests.cast import a_response, an_earthquake, fresh, minutes, open_decision, person, verbs

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]
ROUNDS = 20
THREADS, PRESSES = 8, 5
PATIENCE = 30  # seconds until a race that hangs is called a failure
Act = Callable[[], Any]


def at_once(*acts: Act) -> list[Any]:
    """Run each act in a thread with a connection of its own; what each came to: its result, or what it raised."""

    def run(act: Act) -> Any:
        try:
            return act()
        except Exception as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        return [future.result(timeout=PATIENCE) for future in [pool.submit(run, act) for act in acts]]


def until_someone_waits_for_us() -> None:
    """Go on only when another connection waits for a lock of this one."""
    patience = time.monotonic() + PATIENCE
    waiting = (
        "SELECT EXISTS (SELECT 1 FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY(pg_blocking_pids(pid)))"
    )
    with connection.cursor() as cursor:
        while time.monotonic() < patience:
            cursor.execute(waiting)
            if cursor.fetchone() == (True,):
                return
    raise AssertionError("nobody came to the lock")


@contextmanager
def after_the_question(step: Act) -> Iterator[None]:
    """Run a step in every act right after it asked who may: under the lock, before anything is written."""
    real = authority.require

    def require(found: list[authority.Obstacle]) -> None:
        real(found)
        step()

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(authority, "require", require)
        yield


@contextmanager
def without_the_row_lock() -> Iterator[None]:
    """Take out the lock on the incident's row and on the decision's; everything else stays, the journal's head too."""
    real = QuerySet.select_for_update

    def select_for_update(self: QuerySet, *args: Any, **options: Any) -> QuerySet:
        return self if self.model is LevelDecision else real(self, *args, **options)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(QuerySet, "select_for_update", select_for_update)
        patch.setattr(locks, "incident", lambda incident_id: Incident.objects.get(pk=incident_id))
        yield


def first_then(first: Act, *others: Act) -> list[Any]:
    """Let the first into its lock; the others come while it holds it, and it goes on when one of them waits."""
    inside = threading.Event()
    leader: list[int] = []

    def hold() -> None:
        if threading.get_ident() in leader:
            inside.set()
            until_someone_waits_for_us()

    def lead() -> Any:
        leader.append(threading.get_ident())
        try:
            return first()
        finally:
            inside.set()

    def follow(act: Act) -> Act:
        def run() -> Any:
            assert inside.wait(PATIENCE)
            return act()

        return run

    with after_the_question(hold):
        return at_once(lead, *(follow(act) for act in others))


def all_past_the_question(*acts: Act) -> list[Any]:
    """Let every act find that it may before any of them writes."""
    barrier = threading.Barrier(len(acts), timeout=PATIENCE)
    here = threading.local()

    def meet() -> None:
        if not getattr(here, "met", False):
            here.met = True
            barrier.wait()

    with after_the_question(meet):
        return at_once(*acts)


def a_proposal() -> LevelDecision:
    """A proposal of level 3, sent up by the one whom the chain names."""
    decision = open_decision(an_earthquake())
    return decisions.propose(decision.pk, actor=person("zhang"), at=minutes(1))


def approving(decision: LevelDecision) -> Act:
    """The commander approves."""
    return lambda: decisions.approve(decision.pk, actor=person("li"), at=minutes(2))


def refusing(decision: LevelDecision) -> Act:
    """The commander in chief refuses."""
    return lambda: decisions.refuse(decision.pk, actor=person("wang"), at=minutes(2), reason="先核实")


def started_once(incident: Incident) -> None:
    """The incident runs at level 3, with everything that belongs to it exactly once."""
    incident = fresh(incident)
    assert (incident.status, incident.level, incident.started_at) == ("responding", 3, minutes(2))
    assert verbs(incident).count("level.started") == 1
    open_deployments = Deployment.objects.filter(incident=incident).exclude(status="released")
    assert max(Counter(open_deployments.values_list("kind", "key")).values()) == 1
    assert max(Counter(Task.objects.filter(incident=incident).values_list("item", "bearer")).values()) == 1
    told = Notice.objects.filter(stream=incident.stream)
    assert max(Counter(told.values_list("unit", "position")).values()) == 1
    decided = [f"leveldecision/{pk}" for pk in incident.decisions.values_list("pk", flat=True)]
    assert Deadline.objects.filter(state="open", subject__in=decided).count() == 1


def nothing_started(incident: Incident) -> None:
    """The incident stands where it stood."""
    incident = fresh(incident)
    assert (incident.status, incident.level) == ("reported", None)
    assert not {"level.started", "level.raised"} & set(verbs(incident))
    assert not Deployment.objects.filter(incident=incident).exists()
    assert not Task.objects.filter(incident=incident).exists()
    assert not Notice.objects.filter(stream=incident.stream).exists()


def in_words(error: object, code: str) -> bool:
    """Whether this is a refusal with this code and Chinese words."""
    return isinstance(error, Conflict) and error.code == code and any("一" <= sign <= "鿿" for sign in error.message)


def test_of_approving_and_refusing_one_proposal_exactly_one_wins() -> None:
    for round_ in range(ROUNDS):
        decision = a_proposal()
        acts = [approving(decision), refusing(decision)]
        if round_ % 2:
            acts.reverse()
        won, lost = first_then(*acts)
        assert isinstance(won, LevelDecision), won
        assert in_words(lost, "already_settled"), lost
        decision = LevelDecision.objects.get(pk=decision.pk)
        assert decision.steps.filter(act="decide").count() == 1
        if round_ % 2:
            assert decision.status == "refused"
            nothing_started(decision.incident)
        else:
            assert decision.status == "approved"
            started_once(decision.incident)
            assert "level.refused" not in verbs(decision.incident)
    assert verification.faults() == []


def test_without_the_row_lock_one_proposal_is_both_approved_and_refused() -> None:
    def both_happen() -> bool:
        decision = a_proposal()
        with without_the_row_lock():
            results = all_past_the_question(approving(decision), refusing(decision))
        incident = fresh(decision.incident)
        recorded = {"level.started", "level.refused"} <= set(verbs(incident))
        return recorded and incident.level == 3 and all(isinstance(result, LevelDecision) for result in results)

    assert any(both_happen() for _ in range(ROUNDS))
    assert verification.faults() == []  # the journal's own lock was left in: it tells of both


def forty(act: Act, presses: list[Any]) -> list[Act]:
    """Eight threads that press a button five times each; every press's outcome goes into `presses`."""

    def press() -> None:
        for _ in range(PRESSES):
            try:
                presses.append(act())
            except Exception as error:
                presses.append(error)

    return [press] * THREADS


def test_of_forty_presses_of_start_exactly_one_wins() -> None:
    for _ in range(ROUNDS):
        decision = a_proposal()
        presses: list[Any] = []
        first_then(*forty(approving(decision), presses))
        won = [press for press in presses if isinstance(press, LevelDecision)]
        assert (len(presses), len(won)) == (THREADS * PRESSES, 1)
        assert all(in_words(press, "already_settled") for press in presses if press is not won[0])
        started_once(decision.incident)
    assert verification.faults() == []


def test_of_forty_presses_that_decide_at_once_exactly_one_wins() -> None:
    for _ in range(ROUNDS):
        incident = an_earthquake()
        presses: list[Any] = []
        act = partial(decisions.decide, incident.pk, 3, actor=person("li"), at=minutes(2))
        first_then(*forty(act, presses))
        won = [press for press in presses if isinstance(press, LevelDecision)]
        assert (len(presses), len(won)) == (THREADS * PRESSES, 1)
        assert all(in_words(press, "same_level") for press in presses if press is not won[0])
        started_once(incident)


def test_forty_presses_with_one_key_are_one_act_and_all_are_answered_alike() -> None:
    for _ in range(ROUNDS):
        decision = a_proposal()
        key = requests.Key(f"start-{decision.pk}", "same form")
        presses: list[Any] = []
        act = partial(requests.once, person("li"), key, approving(decision))
        first_then(*forty(act, presses))
        made = Entry.objects.get(stream=decision.incident.stream, verb="level.started")
        assert made.idempotency_key == key.key
        assert Counter(presses) == {None: 1, made: THREADS * PRESSES - 1}
        started_once(decision.incident)


def test_without_the_row_lock_the_losers_fall_on_the_database_but_its_indexes_hold_the_state() -> None:
    def losers_fall() -> bool:
        decision = a_proposal()
        presses: list[Any] = []
        with without_the_row_lock():
            all_past_the_question(*forty(approving(decision), presses))
        assert len([press for press in presses if isinstance(press, LevelDecision)]) == 1
        started_once(decision.incident)
        return any(isinstance(press, DatabaseError) for press in presses)

    assert any(losers_fall() for _ in range(ROUNDS))


@contextmanager
def without_the_index() -> Iterator[None]:
    """Take out the index that lets a decision have one open deadline; afterwards it is there again."""
    constraint = next(item for item in Deadline._meta.constraints if item.name == "deadline_once_open")
    with connection.schema_editor() as editor:
        editor.remove_constraint(Deadline, constraint)
    try:
        yield
    finally:
        Deadline.objects.all().delete()
        with connection.schema_editor() as editor:
            editor.add_constraint(Deadline, constraint)


@pytest.mark.unfolded("takes an index out, and afterwards the deadlines that would break it")
def test_without_lock_and_index_one_start_happens_several_times() -> None:
    def doubled() -> bool:
        decision = a_proposal()
        with without_the_row_lock():
            all_past_the_question(*forty(approving(decision), []))
        notices = Notice.objects.filter(stream=decision.incident.stream, unit__key="yingxian")
        return verbs(decision.incident).count("level.started") > 1 and notices.count() > 1

    with without_the_index():
        assert any(doubled() for _ in range(ROUNDS))


def test_two_presses_with_one_key_on_a_task_are_one_act() -> None:
    task = Task.objects.filter(incident=a_response(3), unit__key="transport", status="assigned").first()
    assert task is not None
    actor, key = person("transport"), requests.Key("accept", "same form")

    def press() -> Entry | None:
        return requests.once(actor, key, lambda: tasks.accept(task.pk, actor=actor, at=minutes(3)))

    first, second = first_then(press, press)
    assert first is None
    assert isinstance(second, Entry), second
    assert second.verb == "task.accepted"


def test_of_two_receipts_for_one_notice_one_counts() -> None:
    notice = Notice.objects.get(stream=a_response(3).stream, unit__key="transport")

    def press() -> Notice:
        return receipts.acknowledge(notice.pk, actor=person("transport"), at=minutes(3))

    stream_lock = threading.Barrier(2, timeout=PATIENCE)

    def together() -> Notice:
        stream_lock.wait()
        return press()

    results = at_once(together, together)
    assert sum(isinstance(result, Notice) for result in results) == 1
    assert sum(in_words(result, "already_received") for result in results) == 1
    assert verification.faults() == []


def test_two_fires_marked_at_once_are_both_counted() -> None:
    """Whoever marks holds all that are counted, in one order: neither waits for ever, and none is missed."""
    fire = Call(plan="forest_grassland_fire", place="林场", source="call", counties=("youyu",))
    pair = [incidents.log(fire, actor=person("desk"), at=minutes(0)) for _ in range(2)]
    acts = [partial(marks.mark, item.pk, "higher_danger", True, actor=person("desk"), at=minutes(1)) for item in pair]
    found = at_once(*acts, partial(incidents.log, fire, actor=person("desk"), at=minutes(1)))
    assert all(isinstance(item, Incident) for item in found), found
    for incident in Incident.objects.all():
        assert open_decision(incident).to_level == 4
    assert verification.faults() == []
