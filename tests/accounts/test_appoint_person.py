"""Who holds a post when: full holders never overlap, a delegation ends with the one it came from."""

from datetime import datetime
from io import StringIO

import pytest
from django.core.management import call_command

from shuozhou_ops.accounts.actions import appointments
from shuozhou_ops.accounts.models import Appointment, Position
from shuozhou_ops.errors import Conflict
from shuozhou_ops.journal.actors import SYSTEM
from tests.cast import NOON, minutes, person, user

pytestmark = [pytest.mark.django_db, pytest.mark.both]
POST = "vice_mayor"  # li's


def held() -> Appointment:
    """The commander's own appointment."""
    return Appointment.objects.get(position__key=POST, valid_to__isnull=True, kind="full")


def appoint(who: str, at: datetime = NOON, **options: object) -> Appointment:
    """Appoint one of the cast to that post."""
    post = Position.objects.get(key=POST)
    return appointments.appoint(post.pk, user(who).pk, actor=SYSTEM, at=at, **options)  # type: ignore[arg-type]


def test_a_delegate_may_no_longer_act_when_the_one_who_delegated_has_left() -> None:
    appoint("chen", kind="delegated", delegated_by_id=held().pk)
    assert POST in person("chen", minutes(1)).posts
    appointments.end(held().pk, actor=SYSTEM, at=minutes(5))
    assert POST in person("chen", minutes(4)).posts
    assert POST not in person("chen", minutes(5)).posts


def test_a_delegation_that_names_no_source_hangs_on_the_holder_and_needs_one() -> None:
    assert appoint("chen", kind="delegated").delegated_by == held()
    appointments.end(held().pk, actor=SYSTEM, at=minutes(5))
    with pytest.raises(Conflict) as refused:
        appoint("meng", minutes(6), kind="delegated")
    assert refused.value.code == "nobody_to_delegate"


def test_a_delegation_ends_at_its_own_time() -> None:
    appoint("chen", kind="delegated", delegated_by_id=held().pk, until=minutes(10))
    assert POST not in person("chen", minutes(10)).posts


def test_only_a_holder_of_this_very_post_delegates_it_and_a_delegate_does_not() -> None:
    other = Appointment.objects.get(position__key="commander_in_chief")
    delegated = appoint("chen", kind="delegated", delegated_by_id=held().pk)
    for source in (other, delegated):
        with pytest.raises(Conflict) as refused:
            appoint("meng", minutes(1), kind="delegated", delegated_by_id=source.pk)
        assert refused.value.code == "nobody_to_delegate"


def test_two_full_holders_never_overlap_not_even_when_one_is_written_down_late() -> None:
    appointments.end(held().pk, actor=SYSTEM, at=minutes(5))
    appoint("chen", minutes(20))
    for until in (None, minutes(30)):
        with pytest.raises(Conflict) as refused:
            appoint("meng", minutes(10), until=until)
        assert refused.value.code == "position_held"
    appoint("meng", minutes(10), until=minutes(20))


def test_the_same_appointment_twice_is_refused_in_words() -> None:
    appoint("chen", kind="acting")
    with pytest.raises(Conflict) as refused:
        appoint("chen", kind="acting")
    assert refused.value.code == "already_appointed"


def test_seeding_again_appoints_no_one_who_was_let_go() -> None:
    appointments.end(held().pk, actor=SYSTEM, at=NOON)
    call_command("seed_demo", verbosity=0, stdout=StringIO())
    assert POST not in person("li", minutes(1)).posts
    appoint("chen", minutes(2))
    call_command("seed_demo", verbosity=0, stdout=StringIO())
    assert POST in person("chen", minutes(3)).posts
