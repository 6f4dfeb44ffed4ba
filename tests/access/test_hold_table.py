"""Every address and method, every role, one's own and another's object: as the table says, and refused by default.

What is sent is valid: whoever may does it, with an entry in a journal to show for it, so that no 400 passes for a
refusal. An address that the table does not know fails.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from types import SimpleNamespace
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.db import transaction
from django.http import HttpResponse
from django.test import Client, override_settings
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from response.views import acts, refusals
from response.views.tables import DECISION_ACTS, DEPLOYMENT_ACTS, INCIDENT_ACTS, SITUATION_ACTS
from response.views.work import VERBS
from shuozhou_ops import clock
from shuozhou_ops.accounts.models import User
from shuozhou_ops.journal.models import Entry
from tests.access.recipes import RECIPES, Sent
from tests.access.table import PEOPLE, ROWS
from tests.cast import minutes

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
ACTS = {
    "incident_act": INCIDENT_ACTS,
    "decision_act": DECISION_ACTS,
    "deployment_act": DEPLOYMENT_ACTS,
    "situation_act": SITUATION_ACTS,
    "task_act": VERBS,
}
WRITES_NOTHING = {"POST login", "POST logout", "POST assess", "POST intake_assess"}
DONE, REFUSED = (200, 302, 303), (403, 404)


@pytest.fixture(autouse=True)
def _world(db: None) -> Iterator[None]:
    User.objects.create_user("newcomer", password="x", name="新人")
    User.objects.create_superuser("superuser", password="x", name="管账号的")
    with (
        override_settings(DEMO=True, SESSION_ENGINE="django.contrib.sessions.backends.signed_cookies"),
        clock.at(minutes(2)),
        pytest.MonkeyPatch.context() as patch,
    ):  # a refusal comes with the page around it; here only the refusal counts
        patch.setattr(acts, "show", _bare)
        patch.setattr(refusals, "resolve", lambda _path: SimpleNamespace(func=_bare, args=(), kwargs={}))
        yield


def _bare(*_args: Any, status: int = 200, **_options: Any) -> HttpResponse:
    return HttpResponse(status=status)


@pytest.fixture
def keys(_world: None) -> dict[str, str]:
    """The session of each login, as its cookie holds it: logged in without a word to the database."""
    store = import_module(settings.SESSION_ENGINE).SessionStore
    found = {}
    for user in User.objects.filter(username__in=filter(None, PEOPLE.values())):
        session = store()
        session[SESSION_KEY], session[BACKEND_SESSION_KEY] = str(user.pk), settings.AUTHENTICATION_BACKENDS[-1]
        session[HASH_SESSION_KEY] = user.get_session_auth_hash()
        session.save()
        found[user.username] = session.session_key
    return found


@contextmanager
def undone() -> Iterator[None]:
    """Whatever is done inside is taken back."""
    here = transaction.savepoint()
    try:
        yield
    finally:
        transaction.savepoint_rollback(here)


def answer_to(key: str | None, method: str, sent: Sent) -> HttpResponse:
    """What the one with this session gets; without one, who has not logged in."""
    client = Client()
    if key is not None:
        client.cookies[settings.SESSION_COOKIE_NAME] = key
    if sent.json:
        return client.generic(method, sent.path, json.dumps(sent.data), content_type="application/json")
    if method in ("GET", "POST"):
        return getattr(client, method.lower())(sent.path, sent.data)
    return client.generic(method, sent.path)


def refused(answer: HttpResponse) -> bool:
    """Whether it is a refusal: to log in first, that it is not there, or that it is not theirs."""
    if answer.status_code == 302:
        return "login/?next=" in answer["Location"]
    return answer.status_code in REFUSED


@pytest.mark.parametrize("row", ROWS)
def test_those_may_whom_the_table_names_and_nobody_else(row: str, keys: dict[str, str]) -> None:
    """And nobody by a method that the table does not name."""
    method, address = row.split(" ", 1)
    sent = RECIPES[row]()
    wrong = []
    for role, login in PEOPLE.items():
        with undone():
            before = Entry.objects.count()
            answer = answer_to(keys.get(login or ""), method, sent)
            written = Entry.objects.count() - before
        writes = method == "POST" and row not in WRITES_NOTHING
        if role in ROWS[row]:
            right = (
                answer.status_code in DONE
                and "login/?next=" not in answer.get("Location", "")
                and (written > 0 if writes else True)
            )
        else:
            right = refused(answer) and written == 0
        if not right:
            wrong.append(f"{role}: {answer.status_code}, {written} entries")
    wrong += by_another_method(address.partition(": ")[0], sent, keys)
    assert not wrong, "\n".join(wrong)


def by_another_method(address: str, sent: Sent, keys: dict[str, str]) -> list[str]:
    """Which methods that the table does not name are not refused, to the one who may the most.

    Of the address by which one logs in: to one who has not.
    """
    if address.startswith("admin:"):
        return []
    named = {row.partition(": ")[0] for row in ROWS}
    key = None if address == "login" else keys["wang"]
    wrong = []
    for method in METHODS:
        if f"{method} {address}" in named:
            continue
        with undone():
            before = Entry.objects.count()
            answer = answer_to(key, method, sent)
            written = Entry.objects.count() - before
        if answer.status_code not in (404, 405) or written:
            wrong.append(f"{method} {address}: {answer.status_code}, {written} entries")
    return wrong


def addresses() -> Iterator[str]:
    """Every address with a name, each act of it by itself; of the admin those of models that are ours."""
    for name in _names(get_resolver().url_patterns, ""):
        yield from ([f"{name}/{act}" for act in ACTS[name]] if name in ACTS else [name])


def _names(patterns: list[URLPattern | URLResolver], space: str) -> Iterator[str]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            yield from _names(pattern.url_patterns, f"{pattern.namespace}:" if pattern.namespace else space)
        else:
            yield f"{space}{pattern.name}"


def test_the_table_knows_every_address() -> None:
    known = {row.split(" ", 1)[1].partition(": ")[0] for row in ROWS}
    unknown = [name for name in addresses() if name not in known and not name.startswith("admin:")]
    assert unknown == []


def test_every_row_has_its_recipe_and_every_recipe_its_row() -> None:
    assert ROWS.keys() == RECIPES.keys()
    assert set(RECIPES) == set(ROWS)


def test_the_admin_is_shut_to_everybody_but_the_one_who_keeps_the_accounts(keys: dict[str, str]) -> None:
    """Whatever pages the admin has or gets."""
    ours = {name.partition(":")[2] for name in addresses() if name.startswith("admin:")} - {"login", "logout", "None"}
    paths = {reverse("admin:index") + name.replace("_", "/") + "/" for name in ours} | {reverse("admin:index")}
    paths |= {reverse("admin:accounts_user_add") + f"../1/{page}/" for page in ("change", "delete", "password")}
    wrong = []
    for role in ("visitor", "chief", "appointments"):
        for path in sorted(paths):
            for method in ("GET", "POST"):
                with undone():
                    answer = answer_to(keys.get(PEOPLE[role] or ""), method, Sent(path))
                if not refused(answer):
                    wrong.append(f"{role} {method} {path}: {answer.status_code}")
    assert not wrong, "\n".join(wrong)
