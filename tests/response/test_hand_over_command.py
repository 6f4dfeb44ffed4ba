"""Who commands in each county: one value, journaled, by lawful steps and back (2.2, 5.4.2(2))."""

from datetime import datetime, timedelta

import pytest

from response.actions import command, decisions, endings, reviews
from response.actions.command import Passing
from response.actions.standing import Commander
from response.models import Handover, Incident, IncidentPlace
from response.models.incidents import Command
from shuozhou_ops.errors import BadInput, Conflict, NotAuthorised
from shuozhou_ops.journal import readers
from tests.cast import (
    a_response,
    an_earthquake,
    an_ended,
    fresh,
    hand_in_every_paper,
    minutes,
    person,
    verbs,
)
from tests.response.test_stand_headquarters import a_landslide, stood
from tests.response.web import WebCase

pytestmark = [pytest.mark.django_db, pytest.mark.both]


def passing(to: str, handed_at: datetime | None = None) -> Passing:
    return Passing(to, "县长 郭某", "李副市长", "县委大院", handed_at)


def hand_over(incident: Incident, to: str, who: str = "desk", county: str = "yingxian", after: float = 10) -> Handover:
    return command.hand_over(incident.pk, county, passing(to), actor=person(who), at=minutes(after))


def commands(incident: Incident, county: str = "yingxian") -> str:
    return IncidentPlace.objects.get(incident=incident, county__key=county).commanded_by


def test_from_the_county_to_the_field_on_to_the_province_and_all_the_way_back() -> None:
    incident = a_landslide()
    stood(incident, Commander(account="li"))
    for after, (to, who) in enumerate(
        (("field", "yingxian"), ("province", "desk"), ("nation", "zhang"), ("province", "li"), ("field", "desk"))
    ):
        hand_over(incident, to, who, after=10 + after)
        assert commands(incident) == to
    hand_over(incident, "county", "yingxian", after=20)
    assert commands(incident) == "county"
    rows = list(Handover.objects.filter(incident=incident))
    assert [row.to_command for row in rows] == ["field", "province", "nation", "province", "field", "county"]
    entry = readers.stream(incident.stream)[-1]
    assert entry.verb == "command.handed"
    assert entry.payload["from_command"] == "field"
    assert entry.payload["where"] == "县委大院"


def test_by_the_clause_of_the_plan_where_it_has_one() -> None:
    incident = a_landslide()
    stood(incident, Commander(account="li"))
    assert hand_over(incident, "field").cite == "5.4.2(2)"
    assert hand_over(incident, "county", after=11).cite == ""
    assert hand_over(a_response(3), "city").cite == ""


@pytest.mark.parametrize(
    ("to", "code"), [("field", "no_field"), ("province", "too_far"), ("nation", "too_far"), ("county", "same_command")]
)
def test_only_lawful_steps(to: str, code: str) -> None:
    incident = a_landslide()
    with pytest.raises(Conflict) as refused:
        hand_over(incident, to)
    assert refused.value.code == code
    assert commands(incident) == "county"
    assert not Handover.objects.exists()


def test_the_city_takes_over_only_while_a_response_runs_and_back_goes_at_any_time() -> None:
    with pytest.raises(Conflict) as refused:
        hand_over(an_earthquake(), "city")
    assert refused.value.code == "no_response"
    ended = an_ended(3)
    IncidentPlace.objects.filter(incident=ended).update(commanded_by=Command.PROVINCE)
    with pytest.raises(Conflict):
        hand_over(ended, "city")
    hand_over(ended, "county")
    assert commands(ended) == "county"


def test_a_county_gives_and_takes_back_its_own_and_nobody_elses() -> None:
    incident = a_landslide("yingxian", "shanyin")
    for who in ("shanyin", "transport", "auditor", "commerce"):
        with pytest.raises(NotAuthorised):
            hand_over(incident, "city", who)
    hand_over(incident, "city", "yingxian")
    with pytest.raises(NotAuthorised):
        hand_over(incident, "province", "yingxian", after=11)
    assert (commands(incident), commands(incident, "shanyin")) == ("city", "county")


def test_bad_input_names_every_fault_and_changes_nothing() -> None:
    incident = a_response(3)
    with pytest.raises(BadInput) as refused:
        command.hand_over(incident.pk, "yingxian", Passing("city", "", " ", ""), actor=person("desk"), at=minutes(1))
    assert {error.field for error in refused.value.errors} == {"handed_by", "taken_by", "where"}
    for county, to in (("yingxian", "moon"), ("shanyin", "city")):
        with pytest.raises(BadInput):
            hand_over(incident, to, county=county)
    hand_over(incident, "city", after=20)
    with pytest.raises(BadInput) as refused:
        command.hand_over(incident.pk, "yingxian", passing("county", minutes(10)), actor=person("desk"), at=minutes(30))
    assert [error.code for error in refused.value.errors] == ["before_last"]
    assert verbs(incident).count("command.handed") == 1


def test_lowering_and_ending_change_no_command_by_themselves() -> None:
    incident = a_response(3)
    hand_over(incident, "city")
    decisions.decide(incident.pk, 4, actor=person("li"), at=minutes(12), reason="险情缓解")
    assert (fresh(incident).level, commands(incident)) == (4, "city")


def test_handed_over_twice_in_one_minute_that_is_told_to_the_minute() -> None:
    incident, half = a_response(3), minutes(5) + timedelta(seconds=30, microseconds=7)
    command.hand_over(incident.pk, "yingxian", passing("city"), actor=person("desk"), at=half)
    command.hand_over(incident.pk, "yingxian", passing("county", minutes(5)), actor=person("desk"), at=minutes(6))
    assert commands(incident) == "county"


def test_after_a_dismissal_and_a_closing_it_goes_back_to_the_county_and_nowhere_else() -> None:
    dismissed, closed = a_response(3), a_response(3)
    for incident in (dismissed, closed):
        hand_over(incident, "city", after=1)
    endings.dismiss(dismissed.pk, actor=person("li"), at=minutes(2), reason="误报")
    for place in range(len(endings.unconfirmed(closed))):
        endings.confirm(closed.pk, place, actor=person("li"), at=minutes(2), basis="各组报告")
    endings.declare(closed.pk, actor=person("li"), at=minutes(2))
    reviews.open_review(closed.pk, actor=person("zhang"), at=minutes(3))
    hand_in_every_paper(closed)
    reviews.close(closed.pk, actor=person("zhang"), at=minutes(4))
    for incident in (dismissed, closed):
        with pytest.raises(Conflict):
            hand_over(incident, "nation")
        hand_over(incident, "county", "yingxian")
        assert commands(incident) == "county"
        with pytest.raises(Conflict):
            hand_over(incident, "county", after=11)


class HandBackPageTests(WebCase):
    """After a dismissal the page still asks for it, and takes it."""

    def test_it_is_asked_for_and_done_on_the_page(self) -> None:
        incident = a_response(3)
        hand_over(incident, "city", after=1)
        endings.dismiss(incident.pk, actor=person("li"), at=minutes(2), reason="误报")
        self.clock_at(minutes(12))
        self.assertIn("应把指挥权交还：应县", self.text(incident, "desk"))
        typed = {"county": "yingxian", "to": "county", "handed_by": "李副市长", "taken_by": "郭县长", "where": "县委"}
        page = self.page(incident, "desk")
        self.assertIn("act-hand-over-yingxian", page)
        self.assertNotIn("act-tick-yingxian", page)
        self.assertNotIn("应把指挥权交还", self.done(self.post("desk", incident, "hand-over", **typed)))
