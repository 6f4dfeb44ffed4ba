"""Who acts for another speaks in that post: the chain, the journal and the notices name it, not the everyday one."""

import pytest

from response.actions import decisions, endings
from response.models import DecisionStep
from shuozhou_ops.accounts.actions import appointments
from shuozhou_ops.accounts.models import Appointment, Position
from shuozhou_ops.errors import NotAuthorised
from shuozhou_ops.journal import readers
from shuozhou_ops.journal.actors import SYSTEM
from shuozhou_ops.notices.models import Notice
from tests.cast import NOON, a_response, an_earthquake, minutes, open_decision, person, user
from tests.response.test_mark_incident import a_fire

pytestmark = [pytest.mark.django_db, pytest.mark.both]


def acting(who: str, post: str) -> str:
    """Let one of the cast act for the holder of a post; how the post is printed."""
    position = Position.objects.get(key=post)
    appointments.appoint(position.pk, user(who).pk, actor=SYSTEM, at=NOON, kind="acting")
    return position.name


def last_by(stream: str) -> str:
    """The post in which the last entry of a stream was made."""
    return str(readers.stream(stream)[-1].payload["by"]["post"])


def test_the_acting_commander_decides_as_commander() -> None:
    post = acting("zhang", "vice_mayor")  # zhang's own post, the office's, comes first in every list
    incident = an_earthquake()
    decision = decisions.approve(open_decision(incident).pk, actor=person("zhang", minutes(1)), at=minutes(1))
    step = decision.steps.get(act=DecisionStep.Act.DECIDE)
    assert (step.by_post, last_by(incident.stream)) == (post, post)
    told = Notice.objects.filter(stream=incident.stream, unit__isnull=True).first()
    assert told is not None
    assert f"{post}张局长决定启动三级响应" in told.title


def test_what_the_office_may_do_by_itself_it_does_in_its_own_post() -> None:
    own = person("zhang").name_of_post()
    acting("zhang", "vice_mayor")
    incident = an_earthquake(magnitude=4.2)
    decisions.approve(open_decision(incident).pk, actor=person("zhang", minutes(1)), at=minutes(1))
    assert last_by(incident.stream) == own


def test_proposing_confirming_and_ending_name_the_post_too() -> None:
    own = person("zhang").name_of_post()
    post = acting("zhang", "vice_mayor")
    incident = an_earthquake()
    decisions.propose(open_decision(incident).pk, actor=person("zhang", minutes(1)), at=minutes(1))
    assert last_by(incident.stream) == own
    running = a_response(3)
    for place in range(5):
        confirmed = endings.confirm(running.pk, place, actor=person("zhang", minutes(2)), at=minutes(2), basis="报告")
        assert confirmed.confirmed_post in (own, post)
    endings.declare(running.pk, actor=person("zhang", minutes(3)), at=minutes(3))
    assert last_by(running.stream) == post


def test_a_delegation_counts_as_long_as_its_dates_and_its_giver_s_office() -> None:
    full = Appointment.objects.get(position__key="vice_mayor", user=user("li"))
    delegated = {"kind": "delegated", "delegated_by_id": full.pk, "until": minutes(10)}
    appointments.appoint(full.position_id, user("chen").pk, actor=SYSTEM, at=NOON, **delegated)
    early, late = an_earthquake(), an_earthquake()
    with pytest.raises(NotAuthorised):
        decisions.approve(open_decision(late).pk, actor=person("chen", minutes(10)), at=minutes(10))
    decided = decisions.approve(open_decision(early).pk, actor=person("chen", minutes(9)), at=minutes(9))
    assert decided.steps.get(act=DecisionStep.Act.DECIDE).by_post == full.position.name


@pytest.mark.parametrize(("one", "other"), [("zhang", "natural_resources"), ("natural_resources", "zhang")])
def test_of_two_directors_either_decides_and_the_other_is_told_at_once(one: str, other: str) -> None:
    fire = a_fire(facts={"forest_area_ha": 120})
    decisions.decide(fire.pk, 4, actor=person(one), at=minutes(2), reason="先派人")
    told = Notice.objects.filter(stream=fire.stream, position__key__in=person(other).posts)
    assert [("决定启动四级响应" in item.title, item.sent_at) for item in told] == [(True, minutes(2))]
    assert not Notice.objects.filter(stream=fire.stream, position__key__in=person(one).posts).exists()


def test_who_is_acted_for_is_told_at_once_of_what_was_decided_in_his_post() -> None:
    full = Appointment.objects.get(position__key="vice_mayor", user=user("li"))
    delegated = {"kind": "delegated", "delegated_by_id": full.pk, "until": minutes(10)}
    appointments.appoint(full.position_id, user("chen").pk, actor=SYSTEM, at=NOON, **delegated)
    incident = an_earthquake()
    decisions.approve(open_decision(incident).pk, actor=person("chen", minutes(1)), at=minutes(1))
    told = Notice.objects.get(stream=incident.stream, position__key="vice_mayor")
    assert ("陈副局长决定启动三级响应" in told.title, told.sent_at) == (True, minutes(1))
