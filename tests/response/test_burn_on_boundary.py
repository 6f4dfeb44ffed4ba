"""The night a forest fire burns on a county boundary: what comes due by the clock alone, by which clause, and once.

Twelve hours without control on a county boundary are level 4; twenty-four anywhere too, in a sensitive area level 3;
there forty-eight hours of burning that spreads are level 2, seventy-two level 1. Source: annex 4; interpretation 7.
"""

from datetime import datetime, timedelta

import pytest
from django.conf import settings
from django.db import connection
from django.test import TestCase
from django.test.utils import CaptureQueriesContext

from response.actions import decisions, facts, incidents
from response.actions.facts import Judged
from response.actions.incidents import Call
from response.facts import standing_of
from response.models import Incident
from response.models.decisions import OPEN_STATUSES
from shuozhou_ops import clock
from shuozhou_ops.deadlines.jobs import sweep
from shuozhou_ops.deadlines.models import Deadline
from shuozhou_ops.journal import verification
from tests.cast import NOON, fresh, person, verbs
from tests.response.web import WebCase

pytestmark = [pytest.mark.django_db, pytest.mark.both]
UNCONTROLLED, BURNING = "uncontrolled_hours", "burning_hours"
WITHIN = timedelta(seconds=5)


def after(hours: float = 0, minutes: float = 0, seconds: float = 0) -> datetime:
    """So long after the outbreak, which is at NOON."""
    return NOON + timedelta(hours=hours, minutes=minutes, seconds=seconds)


def a_fire(**told: object) -> Incident:
    """It began at NOON on the boundary of two counties, and the call came a minute later."""
    call = Call(
        plan="forest_grassland_fire",
        place="右玉县与平鲁区交界",
        source="county",
        counties=("youyu", "pinglu"),
        occurred_at=NOON,
        facts={"border": "county", "fire_kind": "forest"} | told,
        judged=Judged("张局长", "市森防办主任", "林区有古树群"),
    )
    return incidents.log(call, actor=person("desk"), at=after(minutes=1))


def tell(incident: Incident, at: datetime, values: dict[str, object] | None = None, **moments: datetime | None) -> None:
    """The scene tells the desk."""
    facts.report(incident.pk, values or {}, actor=person("desk"), at=at, source="前方指挥部", moments=moments)


def swept(at: datetime) -> int:
    """The beat's own job, with the clock held at a moment: how much was due."""
    with clock.at(at):
        return int(sweep())


def waiting(incident: Incident) -> list[tuple[int | None, list[str]]]:
    """What waits for a decision: the level, and the clauses on which it rests."""
    rows = incident.decisions.filter(status__in=OPEN_STATUSES)
    return [(row.to_level, [clause["cite"] for clause in row.basis]) for row in rows]


def hours(incident: Incident, at: datetime) -> tuple[object, object]:
    """What the two clocks show: without control, and burning."""
    values = standing_of(fresh(incident), at).values
    return values.get(UNCONTROLLED), values.get(BURNING)


def decided(incident: Incident, level: int, at: datetime) -> None:
    """The one whom the plan names approves what waits."""
    who = {4: "zhang", 3: "hao", 2: "wang", 1: "wang"}[level]
    row = incident.decisions.get(status__in=OPEN_STATUSES, to_level=level)
    decisions.approve(row.pk, actor=person(who, at), at=at)


def test_at_eleven_fifty_nine_nothing_is_proposed_and_at_twelve_it_is_by_clause() -> None:
    incident = a_fire()
    assert swept(after(11, 59)) == 0
    assert swept(after(12, seconds=-0.000001)) == 0
    assert (waiting(incident), verbs(incident)) == ([], ["incident.logged"])
    assert swept(after(12)) == 1
    assert waiting(incident) == [(4, ["附件4 四级 1"])]
    waits = incident.decisions.get()
    assert (waits.automatic, waits.status, waits.made_at) == (True, "suggested", after(12))
    assert waits.figures[UNCONTROLLED]["value"] == 12
    assert verification.faults() == []


@pytest.mark.parametrize(
    ("hour", "told", "level", "clauses"),
    [
        (24, {"border": "none"}, 4, ["附件4 四级 2"]),
        (24, {"border": "city"}, 3, ["附件4 三级 3"]),
        (12, {"border": "province"}, 3, ["附件4 三级 4"]),
    ],
)
def test_twelve_and_twenty_four_hours_by_the_boundary_it_burns_on(
    hour: int, told: dict[str, object], level: int, clauses: list[str]
) -> None:
    incident = a_fire(**told)
    swept(after(hour, minutes=-1))
    assert (level, clauses) not in waiting(incident)
    swept(after(hour))
    assert waiting(incident) == [(level, clauses)]


def test_the_whole_night_in_a_sensitive_area_four_three_two_one() -> None:
    """Nobody reports anything after the first call: at 12, 24, 48 and 72 hours the next level is asked for."""
    incident = a_fire(sensitive_area=True, spreading=True)
    steps = {
        12: (4, ["附件4 四级 1"]),
        24: (3, ["附件4 三级 3"]),
        48: (2, ["附件4 二级 3"]),
        72: (1, ["附件4 一级 3"]),
    }
    for hour, (level, clauses) in steps.items():
        swept(after(hour, minutes=-1))  # receipts that are late come due as well, once a level runs
        assert waiting(incident) == [], hour
        swept(after(hour))
        assert waiting(incident) == [(level, clauses)]
        decided(incident, level, after(hour, minutes=1))
    swept(after(300))
    assert (fresh(incident).level, verbs(incident).count("fact.elapsed")) == (1, 4)
    assert verification.faults() == []


def test_undecided_it_becomes_more_severe_and_there_is_one_proposal() -> None:
    incident = a_fire(sensitive_area=True, spreading=True)
    for hour, level in ((12, 4), (24, 3), (48, 2), (72, 1)):
        swept(after(hour))
        assert [found for found, _clauses in waiting(incident)] == [level]


def test_that_it_spreads_no_more_or_burns_on_no_special_ground_makes_forty_eight_hours_nothing() -> None:
    calm, nowhere = a_fire(sensitive_area=True, spreading=False), a_fire(spreading=True)
    swept(after(73))
    for incident in (calm, nowhere):
        assert waiting(incident)[0][0] in (3, 4)


def test_controlled_the_twelve_hours_hold_no_more_while_burning_runs_on() -> None:
    incident = a_fire(sensitive_area=True, spreading=True)
    swept(after(12))
    tell(incident, after(13), controlled_at=after(12, 30))
    assert waiting(incident) == []
    assert incident.decisions.get().status == "stale"
    assert hours(incident, after(13)) == (0, 13)
    assert swept(after(47, 59)) == 0
    assert swept(after(48)) == 1  # 二级 3 asks how long it burns, not for how long nobody controls it
    assert waiting(incident) == [(2, ["附件4 二级 3"])]


def test_controlled_before_twelve_hours_nothing_ever_comes_due_and_out_neither_clock_runs() -> None:
    incident = a_fire()
    tell(incident, after(11, 50), controlled_at=after(11, 45))
    assert swept(after(12)) == 0
    tell(incident, after(15), extinguished_at=after(15))
    assert hours(incident, after(20)) == (0, 0)
    assert not Deadline.objects.filter(state="open", kind="clock").exists()


def test_flared_up_it_runs_again_and_what_went_stale_comes_back_by_the_same_clause() -> None:
    incident = a_fire()
    swept(after(12))
    tell(incident, after(13), controlled_at=after(12, 30))
    tell(incident, after(14), flared_up_at=after(14))
    assert hours(incident, after(15)) == (1, 15)
    assert swept(after(25, 59)) == 0
    assert swept(after(26)) == 1
    assert waiting(incident) == [(4, ["附件4 四级 1"])]


def test_the_process_down_for_an_hour_what_came_due_fires_once() -> None:
    incident = a_fire()
    assert swept(after(11, 30)) == 0
    assert swept(after(12, 30)) == 1  # it came back up
    assert [swept(after(12, 30, again)) for again in (2, 4)] == [0, 0]
    assert waiting(incident) == [(4, ["附件4 四级 1"])]
    assert verbs(incident) == ["incident.logged", "fact.elapsed"]
    assert verification.faults() == []


def test_two_bounds_passed_while_it_was_down_are_one_proposal_by_the_more_severe() -> None:
    incident = a_fire(sensitive_area=True)
    assert swept(after(24, 30)) == 1
    assert waiting(incident) == [(3, ["附件4 三级 3"])]
    assert verbs(incident).count("fact.elapsed") == 1


def test_the_beat_comes_round_within_the_time_that_is_promised() -> None:
    assert timedelta(seconds=settings.CELERY_BEAT_SCHEDULE["sweep"]["schedule"]) < WITHIN
    incident = a_fire()
    beat = settings.CELERY_BEAT_SCHEDULE["sweep"]["schedule"]
    late = next(at for at in (after(12, seconds=-1 + beat * turn) for turn in range(9)) if swept(at))
    assert late - after(12) <= WITHIN
    assert incident.decisions.get().made_at == late


class CostTests(TestCase):
    """What is quiet costs nothing: a sweep asks one question, however many incidents there are."""

    def asked(self, at: datetime) -> int:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            swept(at)
        return len(queries)

    def test_one_query_with_nothing_due_however_many_are_open(self) -> None:
        a_fire()
        self.assertEqual(self.asked(after(11)), 1)
        for _more in range(20):
            a_fire()
        self.assertEqual(self.asked(after(11)), 1)

    def test_one_that_is_due_costs_the_same_whatever_lies_quiet_beside_it(self) -> None:
        first, costs = a_fire(), []
        costs.append(self.asked(after(12)))
        for _more in range(12):
            quiet = a_fire(border="none")
            tell(quiet, after(0.5), controlled_at=after(0.5))
        second = a_fire()
        costs.append(self.asked(after(12)))
        self.assertAlmostEqual(costs[0], costs[1], delta=1)  # tests/folded.py looks once an incident, at random
        self.assertEqual([waiting(item) for item in (first, second)], [[(4, ["附件4 四级 1"])]] * 2)


class PageTests(WebCase):
    """The same by page: before, what will come; then the proposal with its clause; controlled, neither."""

    def test_before_at_and_after_it_was_controlled(self) -> None:
        incident = a_fire()
        self.clock_at(after(11, 59))
        sweep()
        page = self.text(incident, "zhang")
        self.assertIn("到 11-25 00:00 情况不变，预案条件变为： 四级响应", page)
        self.assertIn("未达到任何级别", page)
        self.clock_at(after(12))
        sweep()
        page = self.text(incident, "zhang")
        self.assertIn("决定启动四级响应", page)
        self.assertIn("附件4 四级 1", page)
        self.clock_at(after(13))
        tell(incident, after(13), controlled_at=after(12, 30))
        page = self.text(incident, "zhang")
        self.assertIn("未达到任何级别", page)
        self.assertNotIn("批准启动四级响应", page)
