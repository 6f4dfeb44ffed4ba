"""A forest fire by the clock: milestones are told, the hours follow, and the sweep makes the proposal."""

from datetime import datetime
from typing import Any

import pytest
from django.test import TestCase

from response.actions import decisions, endings, facts, incidents, reviews
from response.actions.incidents import Call
from response.facts import standing_of
from response.models import FactReport, Incident
from response.models.decisions import OPEN_STATUSES
from shuozhou_ops.deadlines import sweeping
from shuozhou_ops.deadlines.models import Deadline
from shuozhou_ops.errors import BadInput
from shuozhou_ops.journal import verification
from tests.cast import NOON, fresh, minutes, person, verbs
from tests.response.web import WebCase, reported

HOUR = 60
WITHOUT_CONTROL, BURNING = "uncontrolled_hours", "burning_hours"


def a_fire(*, began: datetime | None = NOON, **told: Any) -> Incident:
    """A forest fire on a county boundary that began at NOON, logged a minute later."""
    call = Call(
        plan="forest_grassland_fire",
        place="右玉县杀虎口林场",
        source="county",
        counties=("youyu",),
        occurred_at=began,
        facts={"border": "county", "fire_kind": "forest"} | told,
    )
    return incidents.log(call, actor=person("desk"), at=minutes(1))


def tell(incident: Incident, at: float, values: Any = None, **moments: float | None) -> None:
    """The desk is told of facts and moments, at so many hours after NOON."""
    told = {name: None if hour is None else minutes(hour * HOUR) for name, hour in moments.items()}
    facts.report(
        incident.pk, values or {}, actor=person("desk"), at=minutes(at * HOUR), source="前方指挥部", moments=told
    )


def waiting(incident: Incident) -> list[tuple[int, str]]:
    """The levels that wait to be decided, and by which clauses."""
    rows = incident.decisions.filter(status__in=OPEN_STATUSES)
    return [(row.to_level or 0, row.clauses[0]["cite"]) for row in rows]


def hours(incident: Incident, at: float) -> tuple[Any, Any]:
    """Both clocks at so many hours after NOON."""
    values = standing_of(fresh(incident), minutes(at * HOUR)).values
    return values.get(WITHOUT_CONTROL), values.get(BURNING)


@pytest.mark.both
class ClockTests(TestCase):
    """附件4 四级 1: a county boundary and twelve hours without control."""

    def test_at_twelve_hours_the_proposal_is_there_and_not_a_minute_before(self) -> None:
        incident = a_fire()
        sweeping.sweep(minutes(12 * HOUR - 1))
        self.assertEqual(waiting(incident), [])
        for _again in range(2):
            sweeping.sweep(minutes(12 * HOUR))
        self.assertEqual(waiting(incident), [(4, "附件4 四级 1")])
        self.assertEqual(verbs(incident).count("fact.elapsed"), 1)
        self.assertEqual(verification.faults(), [])

    def test_after_an_hour_down_what_came_due_fires_once(self) -> None:
        incident = a_fire()
        sweeping.sweep(minutes(25 * HOUR))
        self.assertEqual(waiting(incident), [(4, "附件4 四级 1")])
        self.assertEqual(verbs(incident).count("fact.elapsed"), 1)

    def test_the_decision_keeps_the_hours_it_rests_on(self) -> None:
        incident = a_fire()
        sweeping.sweep(minutes(12 * HOUR))
        figure = incident.decisions.get().figures[WITHOUT_CONTROL]
        self.assertEqual(figure, {"value": 12.0, "quality": "estimated"})

    def test_controlled_the_clause_no_longer_holds_while_burning_runs_on(self) -> None:
        incident = a_fire()
        sweeping.sweep(minutes(12 * HOUR))
        tell(incident, 13, controlled_at=12.5)
        self.assertEqual(waiting(incident), [])
        self.assertEqual(hours(incident, 13), (0, 13))

    def test_flared_up_it_runs_again(self) -> None:
        incident = a_fire()
        tell(incident, 5, controlled_at=4)
        self.assertEqual(Deadline.objects.filter(state="open", due_at__lt=minutes(48 * HOUR)).count(), 0)
        tell(incident, 6, flared_up_at=6)
        sweeping.sweep(minutes(17.9 * HOUR))
        self.assertEqual(waiting(incident), [])
        sweeping.sweep(minutes(18 * HOUR))
        self.assertEqual(waiting(incident), [(4, "附件4 四级 1")])

    def test_a_later_beginning_moves_the_alarm(self) -> None:
        incident = a_fire()
        tell(incident, 1, occurred_at=0.5)
        sweeping.sweep(minutes(12 * HOUR))
        self.assertEqual(waiting(incident), [])
        sweeping.sweep(minutes(12.5 * HOUR))
        self.assertEqual(waiting(incident), [(4, "附件4 四级 1")])
        self.assertEqual(fresh(incident).occurred_at, minutes(0.5 * HOUR))

    def test_withdrawn_nothing_runs(self) -> None:
        incident = a_fire()
        tell(incident, 1, occurred_at=None)
        self.assertEqual(hours(incident, 3), (None, None))
        self.assertFalse(Deadline.objects.filter(kind="clock", state="open").exists())

    def test_while_nobody_knows_when_it_began_a_stated_figure_runs_on(self) -> None:
        incident = a_fire(began=None)
        self.assertFalse(Deadline.objects.exists())
        tell(incident, 1, {WITHOUT_CONTROL: 10})
        sweeping.sweep(minutes(2.9 * HOUR))
        self.assertEqual(waiting(incident), [])
        sweeping.sweep(minutes(3 * HOUR))
        self.assertEqual(waiting(incident), [(4, "附件4 四级 1")])

    def test_one_correction_of_a_moment_stands_for_the_last_one_told(self) -> None:
        incident = a_fire()
        tell(incident, 5, controlled_at=4)
        tell(incident, 6, controlled_at=3)
        found = FactReport.objects.get(name="controlled_at", corrects__isnull=False)
        self.assertEqual((found.observed_at, found.corrects.observed_at), (minutes(3 * HOUR), minutes(4 * HOUR)))  # type: ignore[union-attr]
        self.assertEqual(standing_of(incident, minutes(6 * HOUR)).moments["controlled_at"], found)

    def test_impossible_moments_change_nothing(self) -> None:
        incident = a_fire()
        before = verbs(incident)
        for told, code in (
            ({"controlled_at": -1}, "out_of_order"),
            ({"controlled_at": 9}, "in_future"),
            ({"unheard_of": 1}, "unknown_milestone"),
        ):
            with self.assertRaises(BadInput) as refused:
                tell(incident, 2, **told)
            self.assertEqual([item.code for item in refused.exception.errors], [code])
        self.assertEqual(verbs(incident), before)

    def test_after_the_closing_no_clock_is_kept(self) -> None:
        incident = a_fire(forest_area_ha=2)
        decisions.decide(incident.pk, 4, actor=person("zhang"), at=minutes(5), reason="先行处置")
        for place in range(len(endings.unconfirmed(fresh(incident)))):
            endings.confirm(incident.pk, place, actor=person("zhang"), at=minutes(6), basis="前方报告")
        endings.declare(incident.pk, actor=person("zhang"), at=minutes(7))
        reviews.open_review(incident.pk, actor=person("zhang"), at=minutes(8))
        for paper in incident.papers.all():
            content = dict.fromkeys(paper.sections, "如实填写")
            signed = reviews.Signed(taken_over_by="右玉县")
            reviews.submit_paper(paper.pk, content, actor=person("zhang"), at=minutes(8), signed=signed)
        reviews.close(incident.pk, actor=person("zhang"), at=minutes(9))
        self.assertFalse(Deadline.objects.filter(kind="clock", state="open").exists())
        sweeping.sweep(minutes(80 * HOUR))
        self.assertEqual(verification.faults(), [])

    def test_a_quiet_earthquake_keeps_no_alarm(self) -> None:
        call = Call(plan="earthquake", place="应县", source="call", counties=("yingxian",), occurred_at=NOON)
        incidents.log(call, actor=person("desk"), at=minutes(1))
        self.assertFalse(Deadline.objects.exists())


class PageTests(WebCase):
    """On the page: the hours, from when they run, what will come of it, and the form for moments."""

    def test_the_page_says_from_when_it_runs_and_when_the_level_changes(self) -> None:
        page = self.text(a_fire(), "desk")
        self.assertIn("自动计时：从发生时间 11-24 12:00 起算", page)
        self.assertIn("到 11-25 00:00 情况不变，预案条件变为： 四级响应", page)

    def test_a_moment_is_told_and_withdrawn(self) -> None:
        incident = a_fire()
        self.clock_at(minutes(120))
        told = {"moment-controlled_at": "2026-11-24T13:30"}
        answer = self.post("desk", incident, "report-facts", **reported(), **told)
        self.assertEqual(answer.status_code, 303)
        page = self.text(incident, "desk")
        self.assertIn("得到控制时间 11-24 13:30", page)
        self.assertIn("得到控制时间 11-24 13:30，不再计时", page)
        self.post("desk", incident, "report-facts", **reported(), **{"withdraw-controlled_at": "on"})
        self.assertIn("得到控制时间 已撤回", self.text(incident, "desk"))
        self.assertEqual(hours(incident, 2)[0], 2.0)

    def test_a_refused_moment_stands_at_its_field(self) -> None:
        incident = a_fire()
        told = {"moment-controlled_at": "2026-11-24T11:30"}
        answer = self.post("desk", incident, "report-facts", **reported(), **told)
        self.assertEqual(answer.status_code, 400)
        self.assertIn("“得到控制时间”不能早于“发生时间”（11-24 12:00）。", answer.content.decode())

    def test_what_is_asked_for_is_when_it_began(self) -> None:
        page = self.text(a_fire(began=None), "desk")
        self.assertRegex(page, r"发生时间（据此计未得到有效控制的时间） 问 右玉县")
