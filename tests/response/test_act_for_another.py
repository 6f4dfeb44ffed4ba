"""Who acts for another speaks in that post: the chain, the journal and the notices name it, not the everyday one."""

import pytest

from response.actions import decisions, endings
from response.models import DecisionStep
from shuozhou_ops.accounts.actions import appointments
from shuozhou_ops.accounts.models import Position
from shuozhou_ops.journal import readers
from shuozhou_ops.journal.actors import SYSTEM
from shuozhou_ops.notices.models import Notice
from tests.cast import NOON, a_response, an_earthquake, minutes, open_decision, person, user

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
