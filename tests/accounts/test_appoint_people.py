"""Appointing people to positions: by the appointments officer, one full holder at a time, never through the admin."""

from datetime import timedelta
from io import StringIO

import pytest
from django.contrib import admin
from django.core.management import CommandError, call_command
from django.test import TestCase, override_settings

from shuozhou_ops.accounts.actions import appointments
from shuozhou_ops.accounts.actors import actor_for, holders
from shuozhou_ops.accounts.models import Appointment, Position, User
from shuozhou_ops.errors import Conflict, NotAuthorised
from shuozhou_ops.journal import readers, verification
from shuozhou_ops.journal.models import Entry
from tests.cast import NOON, minutes, person, user

pytestmark = pytest.mark.both
OURS = {"accounts", "journal", "deadlines", "notices", "plans", "response", "reserves"}


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


class AdminTests(TestCase):
    """The admin keeps accounts, and nothing that an action or the journal answers for."""

    def test_nothing_but_accounts_is_there(self) -> None:
        ours = {model.__name__ for model in admin.site._registry if model._meta.app_label in OURS}
        self.assertEqual(ours, {"User"})

    @override_settings(DEMO=True)
    def test_a_superuser_without_a_post_decides_nothing(self) -> None:
        from response.models import Incident
        from tests.cast import an_earthquake, fresh, open_decision
        from tests.response.web import logged_in

        User.objects.create_superuser("root", password="x", name="系统管理员")
        incident = an_earthquake()
        client = logged_in("root")
        self.assertEqual(client.get(f"/incidents/{incident.public_id}/").status_code, 404)
        self.assertEqual(client.post(f"/decisions/{open_decision(incident).pk}/approve/").status_code, 404)
        self.assertEqual(client.post("/incidents/new/", {}).status_code, 403)
        self.assertEqual(fresh(incident).status, "reported")
        self.assertEqual(Incident.objects.count(), 1)
        self.assertEqual(client.get("/admin/accounts/user/").status_code, 200)
        self.assertEqual(client.post(f"/admin/accounts/user/{user('li').pk}/delete/", {"post": "yes"}).status_code, 403)
        self.assertTrue(User.objects.filter(username="li").exists())
