"""Approval calls; headquarters and groups stand when the commander confirms it (2.3, 5.4.2(2), 5.3.2(2))."""

import pytest

from response.actions import decisions, endings, incidents, standing, teams
from response.actions.incidents import Call
from response.actions.standing import Commander
from response.models import Deployment, DeploymentSeat, Incident
from shuozhou_ops.errors import BadInput, Conflict, NotAuthorised
from shuozhou_ops.journal import readers
from shuozhou_ops.notices.models import Notice
from tests.cast import NOON, a_response, fresh, minutes, open_decision, person, verbs

pytestmark = [pytest.mark.django_db, pytest.mark.both]
HAZARD = "geological_hazard"


def a_landslide(*counties: str) -> Incident:
    """A landslide whose level 3 response the commander has just approved."""
    call = Call(HAZARD, place="桑干河边", source="call", counties=counties or ("yingxian",), facts={"deaths": 4})
    incident = incidents.log(call, actor=person("desk"), at=NOON)
    decisions.approve(open_decision(incident).pk, actor=person("li"), at=NOON)
    return fresh(incident)


def field_of(incident: Incident) -> Deployment:
    return Deployment.objects.get(incident=incident, kind="field_headquarters")


def group_of(incident: Incident, place: int = 0) -> Deployment:
    return Deployment.objects.filter(incident=incident, kind="group").order_by("pk")[place]


def stood(incident: Incident, commander: Commander, who: str = "li") -> Deployment:
    return standing.stand(field_of(incident).pk, "县委大院", actor=person(who), at=minutes(5), commander=commander)


def confirmed(incident: Incident) -> Incident:
    for place in range(len(endings.unconfirmed(incident))):
        endings.confirm(incident.pk, place, actor=person("zhang"), at=minutes(6), basis="各组报告")
    return incident


def test_an_approval_calls_and_the_commander_confirms_that_it_stands() -> None:
    incident = a_landslide()
    assert field_of(incident).status == "called"
    stood(incident, Commander(account="li"))
    field = field_of(incident)
    assert (field.status, field.standing_place, field.commander_name) == ("standing", "县委大院", "李副市长")
    assert field.standing_at == minutes(5)
    entry = readers.stream(incident.stream)[-1]
    assert (entry.verb, entry.payload["commander"]) == ("deployment.stood", "李副市长")


@pytest.mark.parametrize("who", ["desk", "zhang", "deputy", "transport", "yingxian", "auditor"])
def test_the_field_headquarters_is_confirmed_by_a_commander_alone(who: str) -> None:
    incident = a_landslide()
    with pytest.raises(NotAuthorised):
        stood(incident, Commander(account="li"), who)
    assert field_of(incident).status == "called"


def test_a_group_stands_by_the_word_of_its_own_lead_too_and_no_other() -> None:
    incident = a_landslide()
    lead = DeploymentSeat.objects.filter(
        deployment__incident=incident, deployment__kind="group", role="lead", unit__key="health"
    ).first()
    assert lead is not None
    with pytest.raises(NotAuthorised):
        standing.stand(lead.deployment_id, "县医院", actor=person("commerce"), at=minutes(2))
    standing.stand(lead.deployment_id, "县医院", actor=person("health"), at=minutes(2))
    assert Deployment.objects.get(pk=lead.deployment_id).standing_place == "县医院"


def test_the_said_moment_is_not_before_the_call_nor_to_come() -> None:
    incident = a_landslide()
    for moment, code in ((minutes(-5), "before_call"), (minutes(90), "in_future")):
        with pytest.raises(BadInput) as refused:
            standing.stand(group_of(incident).pk, "村口", actor=person("li"), at=minutes(9), stood_at=moment)
        assert [error.code for error in refused.value.errors] == [code]
    standing.stand(group_of(incident).pk, "村口", actor=person("li"), at=minutes(9), stood_at=minutes(4))
    assert group_of(incident).standing_at == minutes(4)


def test_a_field_headquarters_without_a_commander_is_refused_with_every_fault() -> None:
    incident = a_landslide()
    with pytest.raises(BadInput) as refused:
        standing.stand(field_of(incident).pk, " ", actor=person("li"), at=minutes(2))
    assert {error.field for error in refused.value.errors} == {"place", "name"}
    for account in ("nobody", "auditor"):
        with pytest.raises(BadInput):
            stood(incident, Commander(account=account))
    assert verbs(incident)[-1] == "level.started"


def test_twice_is_once() -> None:
    incident = a_landslide()
    stood(incident, Commander(account="li"))
    with pytest.raises(Conflict) as refused:
        stood(incident, Commander(account="li"))
    assert refused.value.code == "not_called"


def test_a_commander_without_an_account_leads_and_the_phone_stays_out_of_the_journal() -> None:
    incident = a_landslide()
    stood(incident, Commander(name="郭县长", post="应县县长", phone="13900001111"))
    seats = DeploymentSeat.objects.filter(deployment=field_of(incident), role="lead", left_at=None)
    assert [(seat.person_name, seat.person_phone) for seat in seats] == [("郭县长", "13900001111")]
    last = readers.stream(incident.stream)[-1]
    assert "13900001111" not in last.set_json + last.payload_json


def test_another_is_put_in_command_and_both_are_known() -> None:
    incident = a_landslide()
    with pytest.raises(Conflict):
        standing.appoint(field_of(incident).pk, Commander(account="jin"), actor=person("li"), at=minutes(3))
    stood(incident, Commander(account="li"))
    standing.appoint(field_of(incident).pk, Commander(account="jin"), actor=person("li"), at=minutes(8), reason="换班")
    field = field_of(incident)
    assert field.commander is not None
    assert field.commander.username == "jin"
    entry = readers.stream(incident.stream)[-1]
    assert entry.verb == "deployment.commanded"
    assert "李副市长" in entry.payload["before"]
    leads = DeploymentSeat.objects.filter(deployment=field, role="lead", left_at=None)
    assert [seat.person for seat in leads] == [field.commander]
    assert Notice.objects.filter(stream=incident.stream, position__key="vice_mayor_natural_resources").exists()


def test_who_may_declare_the_end_reads_who_commands_in_the_field() -> None:
    for commander, may, may_not in (
        (None, ("li",), ("chen", "jin", "zhang")),
        (Commander(account="chen"), ("chen", "li", "wang"), ("jin", "zhang", "desk")),
        (Commander(name="郭县长"), ("li",), ("chen", "yingxian", "zhang")),
    ):
        for who in may:
            incident = a_landslide()
            if commander:
                stood(incident, commander)
            confirmed(incident)
            for other in may_not:
                with pytest.raises(NotAuthorised):
                    endings.declare(incident.pk, actor=person(other), at=minutes(9))
            endings.declare(incident.pk, actor=person(who), at=minutes(9))
            assert fresh(incident).status == "ended"


def test_where_the_plan_gives_the_end_to_the_headquarters_the_field_changes_nothing() -> None:
    incident = a_response(3)
    stood(incident, Commander(account="chen"))
    confirmed(incident)
    with pytest.raises(NotAuthorised):
        endings.declare(incident.pk, actor=person("chen"), at=minutes(9))
    endings.declare(incident.pk, actor=person("li"), at=minutes(9))


def test_the_end_tells_in_which_post_it_was_declared() -> None:
    incident = a_landslide()
    stood(incident, Commander(account="chen"))
    endings.declare(confirmed(incident).pk, actor=person("chen"), at=minutes(9))
    entry = readers.stream(incident.stream)[-1]
    assert entry.payload["by"] == {"name": "陈副局长", "post": "市现场指挥部指挥长"}


def test_whoever_commands_in_the_field_is_changed_by_name_and_never_by_a_seat() -> None:
    incident = a_landslide()
    called = field_of(incident).seats.filter(role="lead").first()
    assert called is not None
    teams.unseat(called.pk, actor=person("li"), at=minutes(4), reason="另有任务")  # as long as it is only called
    field = stood(incident, Commander(account="natural_resources"))
    seat = field.seats.get(role="lead", left_at=None)
    with pytest.raises(Conflict) as refused:
        teams.unseat(seat.pk, actor=person("li"), at=minutes(6), reason="另有任务")
    assert refused.value.code == "commands_in_field"
    for instead in (True, False):
        named = teams.Named("lead", person_name="吕某", instead=instead)
        with pytest.raises(Conflict):
            teams.seat(field.pk, named, actor=person("li"), at=minutes(6))
    teams.seat(field.pk, teams.Named("deputy", person_name="吕某"), actor=person("li"), at=minutes(6))
    assert list(field.seats.filter(role="lead", left_at=None)) == [seat]
