"""Appointing people: by the officer; full holders never overlap, a delegation ends with the one it came from."""

from datetime import datetime, timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.test import TestCase

from shuozhou_ops.accounts.actions import appointments
from shuozhou_ops.accounts.actors import actor_for, holders
from shuozhou_ops.accounts.models import Appointment, Position, User
from shuozhou_ops.errors import Conflict, NotAuthorised
from shuozhou_ops.journal import readers, verification
from shuozhou_ops.journal.actors import SYSTEM
from shuozhou_ops.journal.models import Entry
from tests.cast import NOON, minutes, person, user

pytestmark = [pytest.mark.django_db, pytest.mark.both]
POST = "vice_mayor"  # li's


class AppointmentCase(TestCase):
    """A newcomer, and the position of the commander, whom 李副市长 is."""

    def setUp(self) -> None:
        self.newcomer = User.objects.create_user("sun", name="孙副市长")
        self.position = Position.objects.get(key="vice_mayor")
        self.held = Appointment.objects.get(position=self.position)
        self.officer = person("appoint")

    def appoint(self, **options: object) -> Appointment:
        """The newcomer into the position, at NOON."""
        options = {"actor": self.officer, "at": NOON} | options
        return appointments.appoint(self.position.pk, self.newcomer.pk, **options)  # type: ignore[arg-type]


class AppointTests(AppointmentCase):
    """Putting somebody into a position."""

    def test_it_gives_the_post_and_writes_one_entry(self) -> None:
        appointments.end(self.held.pk, actor=self.officer, at=NOON, reason="调任")
        before = Entry.objects.filter(stream=self.position.stream).count()
        self.appoint()
        self.assertIn("vice_mayor", actor_for(self.newcomer, NOON).posts)
        self.assertNotIn("vice_mayor", actor_for(user("li"), NOON).posts)
        entries = readers.stream(self.position.stream)
        self.assertEqual((len(entries) - before, entries[-1].verb), (1, "appointment.made"))
        self.assertEqual(verification.faults(), [])

    def test_only_the_appointments_officer_does(self) -> None:
        for who in ("desk", "wang", "li", "auditor", "transport"):
            with self.assertRaises(NotAuthorised):
                self.appoint(actor=person(who))
            with self.assertRaises(NotAuthorised):
                appointments.end(self.held.pk, actor=person(who), at=NOON)
        self.assertEqual(Appointment.objects.filter(user=self.newcomer).count(), 0)

    def test_a_position_has_one_full_holder_but_others_may_act(self) -> None:
        with self.assertRaises(Conflict) as refused:
            self.appoint()
        self.assertEqual(refused.exception.code, "position_held")
        self.appoint(kind=Appointment.Kind.ACTING, until=minutes(60))
        self.assertIn("vice_mayor", actor_for(self.newcomer, minutes(59)).posts)
        self.assertNotIn("vice_mayor", actor_for(self.newcomer, minutes(60)).posts)
        self.assertEqual([str(item.user) for item in holders({"vice_mayor"}, minutes(1))], ["李副市长", "孙副市长"])

    def test_it_does_not_end_before_it_begins(self) -> None:
        with self.assertRaises(Conflict):
            self.appoint(kind=Appointment.Kind.ACTING, until=NOON)

    def test_it_ends_once(self) -> None:
        appointments.end(self.held.pk, actor=self.officer, at=NOON)
        with self.assertRaises(Conflict):
            appointments.end(self.held.pk, actor=self.officer, at=NOON + timedelta(days=1))
        self.assertNotIn("vice_mayor", actor_for(user("li"), NOON).posts)
        self.assertIn("vice_mayor", actor_for(user("li"), NOON - timedelta(seconds=1)).posts)


def the_commanders() -> Appointment:
    """The commander's own appointment."""
    return Appointment.objects.get(position__key=POST, valid_to__isnull=True, kind="full")


def appointed(who: str, at: datetime = NOON, **options: object) -> Appointment:
    """Appoint one of the cast to that post."""
    post = Position.objects.get(key=POST)
    return appointments.appoint(post.pk, user(who).pk, actor=SYSTEM, at=at, **options)  # type: ignore[arg-type]


def test_a_delegate_may_no_longer_act_when_the_one_who_delegated_has_left() -> None:
    appointed("chen", kind="delegated", delegated_by_id=the_commanders().pk)
    assert POST in person("chen", minutes(1)).posts
    appointments.end(the_commanders().pk, actor=SYSTEM, at=minutes(5))
    assert POST in person("chen", minutes(4)).posts
    assert POST not in person("chen", minutes(5)).posts


def test_a_delegation_that_names_no_source_hangs_on_the_holder_and_needs_one() -> None:
    assert appointed("chen", kind="delegated").delegated_by == the_commanders()
    appointments.end(the_commanders().pk, actor=SYSTEM, at=minutes(5))
    with pytest.raises(Conflict) as refused:
        appointed("meng", minutes(6), kind="delegated")
    assert refused.value.code == "nobody_to_delegate"


def test_a_delegation_ends_at_its_own_time() -> None:
    appointed("chen", kind="delegated", delegated_by_id=the_commanders().pk, until=minutes(10))
    assert POST not in person("chen", minutes(10)).posts


def test_only_a_holder_of_this_very_post_delegates_it_and_a_delegate_does_not() -> None:
    other = Appointment.objects.get(position__key="commander_in_chief")
    delegated = appointed("chen", kind="delegated", delegated_by_id=the_commanders().pk)
    for source in (other, delegated):
        with pytest.raises(Conflict) as refused:
            appointed("meng", minutes(1), kind="delegated", delegated_by_id=source.pk)
        assert refused.value.code == "nobody_to_delegate"


def test_two_full_holders_never_overlap_not_even_when_one_is_written_down_late() -> None:
    appointments.end(the_commanders().pk, actor=SYSTEM, at=minutes(5))
    appointed("chen", minutes(20))
    for until in (None, minutes(30)):
        with pytest.raises(Conflict) as refused:
            appointed("meng", minutes(10), until=until)
        assert refused.value.code == "position_held"
    appointed("meng", minutes(10), until=minutes(20))


def test_the_same_appointment_twice_is_refused_in_words() -> None:
    appointed("chen", kind="acting")
    with pytest.raises(Conflict) as refused:
        appointed("chen", kind="acting")
    assert refused.value.code == "already_appointed"


def test_seeding_again_appoints_no_one_who_was_let_go() -> None:
    appointments.end(the_commanders().pk, actor=SYSTEM, at=NOON)
    call_command("seed_demo", verbosity=0, stdout=StringIO())
    assert POST not in person("li", minutes(1)).posts
    appointed("chen", minutes(2))
    call_command("seed_demo", verbosity=0, stdout=StringIO())
    assert POST in person("chen", minutes(3)).posts


class CommandTests(AppointmentCase):
    """`manage.py appoint`, for a desk without a page for it."""

    def run_it(self, *words: str) -> str:
        out = StringIO()
        call_command("appoint", *words, stdout=out)
        return out.getvalue()

    def test_it_appoints_and_lists(self) -> None:
        self.run_it("sun", "vice_mayor", "--kind", "acting", "--until", "2099-01-01T08:00")
        self.assertIn("vice_mayor\t分管副市长\t李副市长、孙副市长", self.run_it())

    def test_what_is_not_there_or_held_is_said(self) -> None:
        for words, said in (
            (("nobody", "vice_mayor"), "nobody"),
            (("sun", "king"), "king"),
            (("sun",), "没有"),
            (("sun", "vice_mayor"), "已有人任职"),
            (("sun", "vice_mayor", "--kind", "acting", "--until", "soon"), "不是时间"),
        ):
            with self.subTest(words=words), self.assertRaisesMessage(CommandError, said):
                self.run_it(*words)
