"""The joint team's leader and members are named by the office director (5.3.1(3))."""

import pytest

from response.actions import teams
from response.actions.teams import Named
from response.models import Deployment, DeploymentSeat
from shuozhou_ops.errors import BadInput, NotAuthorised
from shuozhou_ops.journal import readers
from shuozhou_ops.notices.models import Notice
from tests.cast import a_response, minutes, person, verbs

pytestmark = [pytest.mark.django_db, pytest.mark.both]


def the_team() -> Deployment:
    return Deployment.objects.get(incident=a_response(4), kind="team")


def test_a_leader_without_an_account_is_named_and_the_phone_stays_out_of_the_journal() -> None:
    team = the_team()
    named = Named("lead", person_name="高队长", person_post="市应急局救援科", person_phone="13800000000")
    teams.seat(team.pk, named, actor=person("zhang"), at=minutes(1))
    seat = DeploymentSeat.objects.get(deployment=team)
    assert (seat.name, seat.person_phone) == ("高队长", "13800000000")
    last = readers.stream(team.incident.stream)[-1]
    assert last.verb == "deployment.seated"
    assert "13800000000" not in last.set_json + last.payload_json


def test_a_bureau_cannot_name_anyone() -> None:
    team = the_team()
    with pytest.raises(NotAuthorised):
        teams.seat(team.pk, Named("lead", unit="transport"), actor=person("transport"), at=minutes(1))
    assert "deployment.seated" not in verbs(team.incident)


def test_nobody_and_nowhere_is_refused_with_every_fault() -> None:
    team = the_team()
    with pytest.raises(BadInput) as refused:
        teams.seat(team.pk, Named("captain", unit="no_such"), actor=person("zhang"), at=minutes(1))
    assert {error.field for error in refused.value.errors} == {"role", "unit"}


def test_a_unit_that_was_not_told_is_told_now_and_once() -> None:
    team = the_team()
    for role in ("lead", "member"):
        teams.seat(team.pk, Named(role, unit="commerce"), actor=person("zhang"), at=minutes(1))
    told = Notice.objects.filter(stream=team.incident.stream, unit__key="commerce", needs_receipt=True)
    assert [notice.title for notice in told] == ["应县南河种镇：联合工作组"]


def test_a_group_whose_lead_the_plan_names_may_get_another_beside_it() -> None:
    group = Deployment.objects.filter(incident=a_response(3), kind="group").first()
    assert group
    before = group.seats.filter(role="lead").count()
    teams.seat(group.pk, Named("lead", unit="commerce"), actor=person("li"), at=minutes(1))
    assert group.seats.filter(role="lead", left_at=None).count() == before + 1
