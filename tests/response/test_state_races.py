"""Two people move the same incident from one state to another at one moment; the same with only its lock taken out."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

import pytest
from django.db import DatabaseError
from django.db.models import QuerySet

from response import locks
from response.actions import decisions, endings, facts, merging, situation, tasks
from response.models import FactReport, Incident, LevelDecision, SituationReport, Task
from shuozhou_ops.journal import verification
from tests.cast import a_response, an_earthquake, an_ended, fresh, minutes, person, verbs
from tests.response.test_races import ROUNDS, all_past_the_question, first_then, in_words

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]
Act = Callable[[], Any]


@contextmanager
def without_the_incident_s_lock() -> Iterator[None]:
    """Take out the locks on incidents; everything else stays, the journal's head and the tasks' rows too."""

    def plain(pk: int) -> Incident:
        return Incident.objects.select_related("plan_version__plan").get(pk=pk)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(locks, "incident", plain)
        patch.setattr(locks, "incident_and_likes", lambda pk: (plain(pk), []))
        patch.setattr(locks, "several", lambda pks, _plans=(): ([plain(pk) for pk in pks], []))
        yield


def confirmed() -> Incident:
    """A response of which every end condition is confirmed."""
    incident = a_response(3)
    for place in range(5):
        endings.confirm(incident.pk, place, actor=person("zhang"), at=minutes(1), basis="报告")
    return incident


def ending(incident: Incident) -> Act:
    return partial(endings.declare, incident.pk, actor=person("li"), at=minutes(2))


def sixty_deaths(incident: Incident) -> Act:
    return partial(facts.report, incident.pk, {"deaths": 60}, actor=person("desk"), at=minutes(2), source="应县")


def merging_away(away: Incident, into: Incident) -> Act:
    return partial(merging.merge, away.pk, into.pk, actor=person("desk"), at=minutes(2))


def starting(incident: Incident, **more: Any) -> Act:
    return partial(decisions.decide, incident.pk, 3, actor=person("li"), at=minutes(2), **more)


def waits(incident: Incident) -> bool:
    """Whether a decision waits, though nothing is to be proposed any more."""
    return incident.decisions.filter(status__in=["suggested", "proposed"]).exists()


def test_a_fact_that_comes_with_the_end_leaves_no_proposal_behind() -> None:
    for round_ in range(ROUNDS):
        incident = confirmed()
        acts = [ending(incident), sixty_deaths(incident)]
        results = first_then(*(reversed(acts) if round_ % 2 else acts))
        assert not [result for result in results if isinstance(result, Exception)], results
        incident = fresh(incident)
        assert (incident.status, incident.level, incident.grade) == ("ended", None, 2)
        assert not waits(incident)
    assert verification.faults() == []


def test_without_the_lock_a_proposal_waits_on_a_response_that_is_over() -> None:
    def left_behind() -> bool:
        incident = confirmed()
        with without_the_incident_s_lock():
            all_past_the_question(ending(incident), sixty_deaths(incident))
        return fresh(incident).status == "ended" and waits(incident)

    assert any(left_behind() for _ in range(ROUNDS))


def test_of_merging_it_away_and_starting_it_one_wins() -> None:
    for round_ in range(ROUNDS):
        away, into = an_earthquake(), an_earthquake()
        acts = [merging_away(away, into), starting(away)]
        won, lost = first_then(*(reversed(acts) if round_ % 2 else acts))
        assert not isinstance(won, Exception), won
        assert in_words(lost, "wrong_state"), lost
        away = fresh(away)
        if round_ % 2:
            assert (away.status, away.level, verbs(into)) == ("responding", 3, ["incident.logged"])
        else:
            assert (away.status, away.level) == ("merged", None)
            assert not Task.objects.filter(incident=away).exists()
    assert verification.faults() == []


def test_a_merge_and_a_raise_of_the_other_both_happen_one_after_the_other() -> None:
    for round_ in range(ROUNDS):
        away, into = an_earthquake(), a_response(3)
        facts.report(away.pk, {"deaths": 60}, actor=person("desk"), at=minutes(1), source="乡镇")
        raising = partial(decisions.decide, into.pk, 2, actor=person("wang"), at=minutes(2), reason="伤亡增加")
        acts = [merging_away(away, into), raising]
        results = first_then(*(reversed(acts) if round_ % 2 else acts))
        assert not [result for result in results if isinstance(result, Exception)], results
        assert (fresh(into).level, fresh(away).status) == (2, "merged")
        assert FactReport.objects.filter(incident=into, name="deaths", kind="fact").count() == 1
        assert not waits(into)
    assert verification.faults() == []


def test_without_the_lock_the_loser_falls_on_the_database_but_its_constraint_holds_the_state() -> None:
    def fell() -> bool:
        away, into = an_earthquake(), an_earthquake()
        with without_the_incident_s_lock():
            results = all_past_the_question(merging_away(away, into), starting(away))
        both = {"incident.merged", "level.started"} <= set(verbs(away))
        return both or any(isinstance(result, DatabaseError) for result in results)

    assert any(fell() for _ in range(ROUNDS))
    assert verification.faults() == []


def test_of_two_who_start_it_again_one_wins() -> None:
    for _ in range(ROUNDS):
        incident = an_ended(3)
        again = starting(incident, again=True, reason="余震")
        won, lost = first_then(again, again)
        assert isinstance(won, LevelDecision), won
        assert in_words(lost, "wrong_state"), lost
        assert (fresh(incident).response_no, verbs(incident).count("level.started")) == (2, 2)
    assert verification.faults() == []


def test_without_the_lock_it_is_started_again_twice() -> None:
    def twice() -> bool:
        incident = an_ended(3)
        again = starting(incident, again=True, reason="余震")
        with without_the_incident_s_lock():
            results = all_past_the_question(again, again)
        return verbs(incident).count("level.started") == 3 or any(isinstance(item, DatabaseError) for item in results)

    assert any(twice() for _ in range(ROUNDS))


def a_task(incident: Incident) -> Task:
    return incident.tasks.filter(unit__key="transport", status="assigned")[0]


def finishing(task: Task) -> Act:
    return partial(tasks.finish, task.pk, "道路已抢通", actor=person("transport"), at=minutes(2))


def test_a_task_is_finished_or_released_never_both() -> None:
    for round_ in range(ROUNDS):
        incident = confirmed()
        task = a_task(incident)
        acts = [ending(incident), finishing(task)]
        _won, second = first_then(*(reversed(acts) if round_ % 2 else acts))
        task.refresh_from_db()
        if round_ % 2:
            assert (task.status, fresh(incident).status) == ("done", "ended")
        else:
            assert in_words(second, "task_settled"), second
            assert task.status == "released"
    assert verification.faults() == []


def test_without_the_lock_a_finished_task_is_released() -> None:
    def both() -> bool:
        incident = confirmed()
        task = a_task(incident)
        with without_the_incident_s_lock():
            all_past_the_question(ending(incident), finishing(task))
        task.refresh_from_db()
        return task.status == "released" and "task.done" in verbs(incident)

    assert any(both() for _ in range(ROUNDS))


def drafting(incident: Incident, who: str = "desk") -> Act:
    return partial(situation.draft, incident.pk, actor=person(who), at=minutes(2))


def a_draft() -> SituationReport:
    """A draft that only waits for a signature."""
    made = situation.draft(a_response(3).pk, actor=person("desk"), at=minutes(1))
    return situation.edit(made.pk, text=made.text, sent_to=["市委"], actor=person("desk"), at=minutes(1))


def signing(report: SituationReport, who: str) -> Act:
    return partial(situation.send, report.pk, actor=person(who), at=minutes(2))


@contextmanager
def without_the_report_s_lock() -> Iterator[None]:
    """Take out the locks on the incident and on its situation reports."""
    real = QuerySet.select_for_update

    def select_for_update(self: QuerySet, *args: Any, **options: Any) -> QuerySet:
        return self if self.model is SituationReport else real(self, *args, **options)

    with without_the_incident_s_lock(), pytest.MonkeyPatch.context() as patch:
        patch.setattr(QuerySet, "select_for_update", select_for_update)
        yield


def test_of_two_who_begin_a_situation_report_one_does() -> None:
    for _ in range(ROUNDS):
        incident = a_response(3)
        won, lost = first_then(drafting(incident), drafting(incident, "zhang"))
        assert isinstance(won, SituationReport), won
        assert in_words(lost, "draft_open"), lost
        assert incident.situation_reports.count() == 1
    assert verification.faults() == []


def test_without_the_lock_the_second_draft_falls_on_the_database() -> None:
    def fell() -> bool:
        incident = a_response(3)
        with without_the_incident_s_lock():
            results = all_past_the_question(drafting(incident), drafting(incident, "zhang"))
        assert incident.situation_reports.count() <= 1
        return any(isinstance(result, DatabaseError) for result in results)

    assert any(fell() for _ in range(ROUNDS))
    assert verification.faults() == []


def test_of_two_who_sign_it_one_does_and_it_has_one_number() -> None:
    for _ in range(ROUNDS):
        report = a_draft()
        won, lost = first_then(signing(report, "zhang"), signing(report, "li"))
        assert isinstance(won, SituationReport), won
        assert in_words(lost, "draft_settled"), lost
        report.refresh_from_db()
        assert (report.number, report.signed_by) == (1, won.signed_by)
        assert verbs(report.incident).count("situation.sent") == 1
    assert verification.faults() == []


def test_without_the_locks_it_is_signed_and_sent_twice() -> None:
    def twice() -> bool:
        report = a_draft()
        with without_the_report_s_lock():
            all_past_the_question(signing(report, "zhang"), signing(report, "li"))
        return verbs(report.incident).count("situation.sent") == 2

    assert any(twice() for _ in range(ROUNDS))
