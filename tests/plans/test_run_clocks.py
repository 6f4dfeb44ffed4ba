"""Facts that run by the clock: what sets them, what stops them, and when they next change a clause. Pure."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plans import assessment, clocks, registry
from plans.documents import PlanDocument
from tests.plans.small_plan import plan, tree

FIRE = "forest_grassland_fire"
START = datetime(2026, 4, 1, 0, 0, tzinfo=UTC)
WITHOUT_CONTROL, BURNING = "uncontrolled_hours", "burning_hours"


def after(hours: float) -> datetime:
    """So many hours after the fire broke out."""
    return START + timedelta(hours=hours)


@pytest.fixture(scope="module")
def fire() -> PlanDocument:
    return registry.from_library(FIRE)


def hours(fire: PlanDocument, at: datetime, stated: Any = None, **moments: float) -> tuple[Any, Any]:
    """Both clocks of the forest plan at a moment; moments in hours after the fire broke out."""
    found = clocks.clocks(fire, {name: after(when) for name, when in moments.items()}, stated or {})
    return tuple(
        found[name].hours(fire.fact(name), at) if name in found else None for name in (WITHOUT_CONTROL, BURNING)
    )


def test_nothing_is_known_before_it_began(fire: PlanDocument) -> None:
    assert hours(fire, after(5)) == (None, None)


def test_both_run_from_the_outbreak_to_the_instant(fire: PlanDocument) -> None:
    assert hours(fire, after(12), occurred_at=0) == (12.0, 12.0)
    assert hours(fire, after(12) - timedelta(seconds=1), occurred_at=0) < (12.0, 12.0)


def test_control_stops_the_one_and_not_the_other(fire: PlanDocument) -> None:
    assert hours(fire, after(20), occurred_at=0, controlled_at=13) == (0, 20)


def test_when_it_is_out_both_stand_still(fire: PlanDocument) -> None:
    assert hours(fire, after(20), occurred_at=0, controlled_at=13, extinguished_at=15) == (0, 0)


def test_a_flare_up_starts_what_had_stopped_anew_and_leaves_what_runs(fire: PlanDocument) -> None:
    assert hours(fire, after(20), occurred_at=0, controlled_at=13, flared_up_at=18) == (2, 20)
    assert hours(fire, after(20), occurred_at=0, extinguished_at=15, flared_up_at=18) == (2, 2)
    assert hours(fire, after(20), occurred_at=0, flared_up_at=18) == (20, 20)


def test_control_after_a_flare_up_stops_it_again(fire: PlanDocument) -> None:
    assert hours(fire, after(20), occurred_at=0, flared_up_at=10, controlled_at=19) == (0, 20)


def test_a_person_who_states_hours_sets_the_clock_from_then_on(fire: PlanDocument) -> None:
    stated = {WITHOUT_CONTROL: (5, after(3))}
    assert hours(fire, after(4), stated, occurred_at=0) == (6, 4)
    assert hours(fire, after(9), stated, occurred_at=0, controlled_at=8) == (0, 9)


def test_a_whole_number_counts_whole_hours_within_its_bounds() -> None:
    facts = [
        {
            "name": "hours",
            "type": "integer",
            "max": 3,
            "label": {"zh": "小时"},
            "derive": {"hours_since": "occurred_at", "until": [], "again": []},
        }
    ]
    document = _with(facts, {"fact": "hours", "at_least": 2})
    clock = clocks.clocks(document, {"occurred_at": START}, {})["hours"]
    assert [clock.hours(document.fact("hours"), after(at)) for at in (1.99, 2, 900)] == [1, 2, 3]


def _with(facts: list[dict[str, Any]], when: dict[str, Any]) -> PlanDocument:
    levels = tree()["levels"]
    levels[0]["conditions"].append({"cite": "附件3", "text": "钟", "when": when})
    return plan(facts=[*tree()["facts"], *facts], levels=levels)


def test_what_can_only_follow_is_not_earlier(fire: PlanDocument) -> None:
    moments = {"occurred_at": after(3), "controlled_at": after(2), "extinguished_at": after(4)}
    assert clocks.disorder(fire, moments) == [("controlled_at", "occurred_at")]
    assert clocks.disorder(fire, {"controlled_at": after(2)}) == []


class TestNextChange:
    """A clause is a threshold, so the next moment at which anything changes is known beforehand."""

    def next(self, fire: PlanDocument, at: float, facts: dict[str, Any], **moments: float) -> float | None:
        running = clocks.clocks(fire, {name: after(when) for name, when in moments.items()}, {})
        values = facts | {name: clock.hours(fire.fact(name), after(at)) for name, clock in running.items()}
        moment = clocks.next_change(fire, values, running, after(at))
        return None if moment is None else (moment - START) / timedelta(hours=1)

    def test_it_is_twelve_hours_on_a_county_boundary(self, fire: PlanDocument) -> None:
        assert self.next(fire, 1, {"border": "county"}, occurred_at=0) == 12

    def test_then_twenty_four(self, fire: PlanDocument) -> None:
        assert self.next(fire, 12, {"border": "county"}, occurred_at=0) == 24

    def test_it_is_twenty_four_where_nothing_else_holds(self, fire: PlanDocument) -> None:
        calm = {"border": "none", "sensitive_area": False, "sensitive_period": False}
        assert self.next(fire, 1, calm, occurred_at=0) == 24

    def test_forty_eight_and_seventy_two_while_it_spreads(self, fire: PlanDocument) -> None:
        there = {"border": "province", "spreading": True}
        assert self.next(fire, 24, there, occurred_at=0) == 48
        assert self.next(fire, 48, there, occurred_at=0) == 72
        assert self.next(fire, 72, there, occurred_at=0) is None

    def test_a_controlled_fire_only_burns_on(self, fire: PlanDocument) -> None:
        there = {"border": "province", "spreading": True}
        assert self.next(fire, 5, there, occurred_at=0, controlled_at=5) == 48

    def test_nothing_changes_by_itself_once_it_is_out(self, fire: PlanDocument) -> None:
        assert self.next(fire, 5, {"border": "province"}, occurred_at=0, extinguished_at=5) is None

    def test_more_than_two_hours_is_the_instant_after(self) -> None:
        plan_of = registry.from_library("fire_incident")
        running = clocks.clocks(plan_of, {"occurred_at": START}, {})
        values = {"firefighting_hours": running["firefighting_hours"].hours(plan_of.fact("firefighting_hours"), START)}
        moment = clocks.next_change(plan_of, values, running, START)
        assert moment == after(2) + clocks.INSTANT

    def test_counted_together_with_others_it_is_found_too(self) -> None:
        clock = {
            "name": "hours",
            "type": "number",
            "label": {"zh": "小时"},
            "derive": {"hours_since": "occurred_at", "until": [], "again": []},
        }
        document = _with([clock], {"sum": ["dead", "hours"], "at_least": 10})
        running = clocks.clocks(document, {"occurred_at": START}, {})
        moment = clocks.next_change(document, {"dead": 2, "hours": 1.0, "lost": 0}, running, after(1))
        assert moment == after(8)


@given(
    at=st.floats(0, 100),
    border=st.sampled_from([None, "none", "county", "city", "province"]),
    spreading=st.sampled_from([None, True, False]),
    period=st.sampled_from([None, True, False]),
    controlled=st.one_of(st.none(), st.floats(0, 100)),
)
def test_between_now_and_the_next_change_no_clause_moves(
    at: float, border: Any, spreading: Any, period: Any, controlled: float | None
) -> None:
    """And at that moment one does: held against every tenth of an hour on the way."""
    fire = registry.from_library(FIRE)
    moments = {"occurred_at": START} | ({"controlled_at": after(controlled)} if controlled is not None else {})
    known = {"border": border, "spreading": spreading, "sensitive_period": period}
    moments = {name: moment for name, moment in moments.items() if moment <= after(at)}
    running = clocks.clocks(fire, moments, {})

    def judged(moment: datetime) -> Any:
        values = known | {name: clock.hours(fire.fact(name), moment) for name, clock in running.items()}
        answer = assessment.assess(fire, values)
        return answer.level, answer.reasons, answer.undecided

    values = known | {name: clock.hours(fire.fact(name), after(at)) for name, clock in running.items()}
    moment = clocks.next_change(fire, {k: v for k, v in values.items() if v is not None}, running, after(at))
    end = moment or after(200)
    step = (end - after(at)) / 12
    assert all(judged(after(at) + step * place)[1] == judged(after(at))[1] for place in range(12))
    if moment is not None:
        assert judged(moment) != judged(after(at))
