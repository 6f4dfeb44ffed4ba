"""The admin keeps accounts, and nothing that an action or the journal answers for."""

import pytest
from django.contrib import admin
from django.test import TestCase, override_settings

from response.models import Incident
from shuozhou_ops.accounts.models import User
from shuozhou_ops.journal.models import SecurityEvent
from tests.cast import an_earthquake, fresh, open_decision, user
from tests.response.web import logged_in

pytestmark = pytest.mark.both
OURS = {"accounts", "journal", "deadlines", "notices", "plans", "response", "reserves"}


class AdminTests(TestCase):
    """The admin keeps accounts, and nothing that an action or the journal answers for."""

    def test_nothing_but_accounts_is_there(self) -> None:
        ours = {model.__name__ for model in admin.site._registry if model._meta.app_label in OURS}
        self.assertEqual(ours, {"User"})

    @override_settings(DEMO=True)
    def test_a_superuser_without_a_post_decides_nothing(self) -> None:
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

    @override_settings(DEMO=True)
    def test_what_is_done_to_an_account_is_kept_where_nobody_takes_it_out(self) -> None:
        root = User.objects.create_superuser("root", password="x", name="系统管理员")
        client, new = logged_in("root"), "a-long-new-password-7"
        answer = client.post(
            f"/admin/accounts/user/{user('li').pk}/password/",
            {"password1": new, "password2": new, "usable_password": "true"},
        )
        self.assertEqual(answer.status_code, 302)
        event = SecurityEvent.objects.get(act="account.changed")
        self.assertEqual((event.actor, event.subject.split()[0]), (root.ref, user("li").ref))
        self.assertNotIn(new, event.subject)
        client.post("/admin/accounts/user/add/", {"username": "xin", "password1": new, "password2": new})
        self.assertTrue(SecurityEvent.objects.filter(act="account.made", actor=root.ref).exists())
