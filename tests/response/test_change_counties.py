"""Affected counties change while it runs: one added brings its leads and tasks, one dropped takes its own along."""

import pytest

from response.actions import decisions, endings, incidents, places, reviews, teams
from response.actions.incidents import Call
from response.models import Deployment, DeploymentSeat, Incident, IncidentPlace, Paper, Task
from shuozhou_ops.errors import BadInput, Conflict, NotAuthorised
from shuozhou_ops.journal import readers
from shuozhou_ops.notices.models import Notice
from tests.cast import NOON, an_earthquake, an_ended, fresh, minutes, open_decision, person, verbs
from tests.response.test_stand_headquarters import HAZARD, a_landslide

pytestmark = [pytest.mark.django_db, pytest.mark.both]


def nowhere() -> Incident:
    """A landslide in a county that nobody knows yet, with its response running."""
    call = Call(HAZARD, place="桑干河边", source="call", facts={"deaths": 4})
    incident = incidents.log(call, actor=person("desk"), at=NOON)
    decisions.approve(open_decision(incident).pk, actor=person("li"), at=NOON)
    return fresh(incident)


def add(incident: Incident, county: str, who: str = "desk", after: float = 5) -> None:
    places.add(incident.pk, county, actor=person(who), at=minutes(after), reason="河对岸也塌了")


def drop(incident: Incident, county: str, who: str = "desk", after: float = 9) -> None:
    places.drop(incident.pk, county, actor=person(who), at=minutes(after), reason="核实不在该县")


def state(incident: Incident) -> tuple[set[tuple[str, str]], set[tuple[str, str, str]]]:
    """What is open: tasks as item and bearer, seats as group, role and name."""
    tasks = Task.objects.filter(incident=incident).exclude(status="released").values_list("item", "bearer")
    seats = DeploymentSeat.objects.filter(deployment__incident=incident, left_at=None)
    return set(tasks), set(seats.values_list("deployment__key", "role", "name"))


def test_one_added_brings_what_a_start_with_both_would_have_brought_and_nothing_twice() -> None:
    both, one = a_landslide("yingxian", "shanyin"), a_landslide("yingxian")
    before = state(one)
    add(one, "shanyin")
    assert state(one) == state(both)
    assert state(one) != before
    open_tasks = Task.objects.filter(incident=one).exclude(status="released")
    assert open_tasks.count() == len(state(one)[0])
    told = Notice.objects.filter(stream=one.stream, unit__key="shanyin", needs_receipt=True)
    assert [notice.title for notice in told] == ["桑干河边：增加事发地山阴县"]
    assert Notice.objects.filter(stream=one.stream, unit__key="yingxian").count() == 1
    assert verbs(one)[-1] == "place.added"


def test_one_added_where_none_was_known_leads_what_nobody_led() -> None:
    incident = nowhere()
    unled = Deployment.objects.filter(incident=incident, kind="group").exclude(seats__role="lead")
    names = set(unled.values_list("name", flat=True))
    assert names
    add(incident, "yingxian")
    assert state(incident) == state(a_landslide("yingxian"))
    led = DeploymentSeat.objects.filter(deployment__name__in=names, deployment__incident=incident, role="lead")
    assert set(led.values_list("unit__key", flat=True)) == {"yingxian"}
    theirs = Task.objects.filter(incident=incident, deployment__name__in=names, status="assigned")
    assert theirs
    assert set(theirs.values_list("unit__key", flat=True)) == {"yingxian"}


def test_one_dropped_takes_its_tasks_and_seats_along_and_is_told() -> None:
    incident = a_landslide("yingxian", "shanyin")
    drop(incident, "shanyin")
    assert state(incident) == state(a_landslide("yingxian"))
    assert IncidentPlace.objects.get(incident=incident, county__key="shanyin").left_at == minutes(9)
    assert Notice.objects.filter(stream=incident.stream, unit__key="shanyin", kind="release").count() == 1
    assert readers.stream(incident.stream)[-1].payload["reason"] == "核实不在该县"


def test_what_a_group_does_goes_on_under_its_other_lead() -> None:
    incident = a_landslide("yingxian", "shanyin")
    first = Task.objects.filter(incident=incident, item__startswith="group/", unit__is_county=True).first()
    assert first is not None
    assert first.unit is not None
    county = first.unit.key
    drop(incident, county)
    first.refresh_from_db()
    assert (first.status, first.unit.key) == ("assigned", "shanyin" if county == "yingxian" else "yingxian")


def test_one_that_comes_back_gets_again_what_it_had() -> None:
    incident = a_landslide("yingxian", "shanyin")
    before = state(incident)
    drop(incident, "shanyin")
    add(incident, "shanyin", after=12)
    assert state(incident) == before
    assert IncidentPlace.objects.filter(incident=incident).count() == 2
    assert verbs(incident)[-2:] == ["place.dropped", "place.added"]


def test_what_the_commander_took_away_does_not_come_back_with_a_county() -> None:
    incident = a_landslide("yingxian")
    group = Deployment.objects.filter(incident=incident, kind="group").exclude(seats__unit__is_county=True).first()
    assert group is not None
    seat = group.seats.filter(role="member").first()
    assert seat is not None
    teams.unseat(seat.pk, actor=person("li"), at=NOON, reason="另有任务")
    add(incident, "shanyin")
    assert not group.seats.filter(name=seat.name, left_at=None).exists()


def test_before_a_start_and_after_an_end_a_county_comes_without_tasks() -> None:
    for incident in (an_earthquake(), an_ended(3)):
        tasks = Task.objects.filter(incident=incident).count()
        add(incident, "shanyin")
        assert Task.objects.filter(incident=incident).count() == tasks
        assert [place.county.key for place in fresh(incident).ground] == ["yingxian", "shanyin"]


def test_outside_the_city_no_longer_once_a_county_is_touched() -> None:
    incident = an_earthquake(counties=())
    add(incident, "yingxian")
    assert not fresh(incident).outside_city


def test_refused_where_it_cannot_be() -> None:
    incident = a_landslide("yingxian")
    with pytest.raises(Conflict):
        add(incident, "yingxian")
    with pytest.raises(BadInput):
        add(incident, "transport")
    with pytest.raises(BadInput):
        drop(incident, "shanyin")
    with pytest.raises(BadInput):
        places.drop(incident.pk, "yingxian", actor=person("desk"), at=minutes(3), reason=" ")
    for who in ("yingxian", "transport", "auditor"):
        with pytest.raises(NotAuthorised):
            add(incident, "shanyin", who)
        with pytest.raises(NotAuthorised):
            drop(incident, "yingxian", who)
    assert "place.added" not in verbs(incident)
    assert "place.dropped" not in verbs(incident)


def test_one_dropped_owes_no_paper_and_is_no_ground_of_a_later_level() -> None:
    incident = a_landslide("yingxian", "shanyin")
    drop(incident, "shanyin")
    decisions.decide(incident.pk, 2, actor=person("wang"), at=minutes(10), reason="险情扩大")
    assert not Task.objects.filter(incident=incident, unit__key="shanyin").exclude(status="released").exists()
    for place in range(len(endings.unconfirmed(fresh(incident)))):
        endings.confirm(incident.pk, place, actor=person("li"), at=minutes(11), basis="各组报告")
    endings.declare(incident.pk, actor=person("li"), at=minutes(12))
    reviews.open_review(incident.pk, actor=person("zhang"), at=minutes(13))
    assert not Paper.objects.filter(incident=incident, author__key="shanyin").exists()
    assert Paper.objects.filter(incident=incident, author__key="yingxian").exists()


def test_one_dropped_after_the_end_has_no_after_care_left() -> None:
    incident = an_ended(3)
    add(incident, "shanyin")
    assert Task.objects.filter(incident=incident, unit__key="yingxian", phase="aftercare", status="assigned").exists()
    others = Task.objects.filter(incident=incident, phase="aftercare").exclude(unit__key="yingxian")
    before = set(others.values_list("pk", "status"))
    drop(incident, "yingxian")
    assert not Task.objects.filter(incident=incident, unit__key="yingxian", status="assigned").exists()
    assert set(others.values_list("pk", "status")) == before


class TestOwnResponse:
    """Each county's own response, and its early handling."""

    def test_the_county_tells_its_level_by_whom_and_when(self) -> None:
        incident = a_landslide("yingxian")
        places.own_response(incident.pk, "yingxian", 3, actor=person("yingxian"), at=minutes(4), by="郭县长")
        place = IncidentPlace.objects.get(incident=incident)
        assert (place.own_level, place.own_level_by, place.own_level_at) == (3, "郭县长", minutes(4))
        places.own_response(incident.pk, "yingxian", None, actor=person("desk"), at=minutes(9))
        place.refresh_from_db()
        assert place.own_level is None
        assert verbs(incident)[-2:] == ["place.responded"] * 2

    def test_not_another_county_nor_a_level_that_there_is_not(self) -> None:
        incident = a_landslide("yingxian")
        for who in ("shanyin", "transport", "auditor"):
            with pytest.raises(NotAuthorised):
                places.own_response(incident.pk, "yingxian", 3, actor=person(who), at=minutes(4), by="郭县长")
        for level, by in ((5, "郭县长"), (3, "")):
            with pytest.raises(BadInput):
                places.own_response(incident.pk, "yingxian", level, actor=person("yingxian"), at=minutes(4), by=by)

    def test_the_lines_that_mean_the_county_are_ticked_once_with_their_time(self) -> None:
        incident = a_landslide("yingxian")
        items = [item for item, _text, _cite in places.early_lines(incident)]
        places.tick(incident.pk, "yingxian", items[:2], actor=person("yingxian"), at=minutes(4), done_at=minutes(1))
        steps = IncidentPlace.objects.get(incident=incident).early_steps.all()
        assert [(step.item, step.done_at) for step in steps] == [(item, minutes(1)) for item in items[:2]]
        with pytest.raises(Conflict):
            places.tick(incident.pk, "yingxian", items[1:3], actor=person("yingxian"), at=minutes(5))
        for wrong in ([], [99]):
            with pytest.raises(BadInput):
                places.tick(incident.pk, "yingxian", wrong, actor=person("yingxian"), at=minutes(5))
        with pytest.raises(NotAuthorised):
            places.tick(incident.pk, "yingxian", items[2:3], actor=person("transport"), at=minutes(5))
        assert verbs(incident).count("place.handled") == 1
