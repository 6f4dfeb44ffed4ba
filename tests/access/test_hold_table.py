"""Every address and method, every role, one's own and another's object: as the table says, and refused by default.

What is sent is valid: whoever may does it, with an entry in a journal to show for it, so that no 400 passes for a
refusal. An address that the table does not know fails.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import transaction
from django.http import HttpResponse
from django.test import Client, override_settings
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from response.views import acts
from response.views.tables import DECISION_ACTS, DEPLOYMENT_ACTS, INCIDENT_ACTS, SITUATION_ACTS
from response.views.work import VERBS
from shuozhou_ops import clock
from shuozhou_ops.accounts.models import User
from shuozhou_ops.journal.models import Entry
from tests.access.recipes import RECIPES, Sent
from tests.access.table import PEOPLE, ROWS
from tests.cast import minutes
from tests.response.web import logged_in

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
        override_settings(DEMO=True),
        clock.at(minutes(2)),
        pytest.MonkeyPatch.context() as patch,
    ):  # a refusal comes with the page around it; here only the refusal counts
        patch.setattr(acts, "show", lambda *_args, status=200, **_options: HttpResponse(status=status))
        yield


@contextmanager
def undone() -> Iterator[None]:
    """Whatever is done inside is taken back."""
    here = transaction.savepoint()
    try:
        yield
    finally:
        transaction.savepoint_rollback(here)


def answer_to(role: str, method: str, sent: Sent) -> HttpResponse:
    """What this role gets."""
    login = PEOPLE[role]
    client = logged_in(login) if login else Client()
    if sent.json:
        return client.generic(method, sent.path, json.dumps(sent.data), content_type="application/json")
    if method in ("GET", "POST"):
        return getattr(client, method.lower())(sent.path, sent.data)
    return client.generic(method, sent.path)


def refused(role: str, answer: HttpResponse) -> bool:
    """Whether it is a refusal: to log in first, that it is not there, or that it is not theirs."""
    if answer.status_code == 302:
        return "login/?next=" in answer["Location"]
    return answer.status_code in REFUSED


@pytest.mark.parametrize("row", ROWS)
def test_those_may_whom_the_table_names_and_nobody_else(row: str) -> None:
    method, address = row.split(" ", 1)
    sent = RECIPES[row]()
    wrong = []
    for role in PEOPLE:
        with undone():
            before = Entry.objects.count()
            answer = answer_to(role, method, sent)
            written = Entry.objects.count() - before
        writes = method == "POST" and row not in WRITES_NOTHING
        if role in ROWS[row]:
            right = (
                answer.status_code in DONE
                and "login/?next=" not in answer.get("Location", "")
                and (written > 0 if writes else True)
            )
        else:
            right = refused(role, answer) and written == 0
        if not right:
            wrong.append(f"{role}: {answer.status_code}, {written} entries")
    assert not wrong, "\n".join(wrong)


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


def test_a_method_that_the_table_does_not_name_is_refused_to_everybody() -> None:
    """Tried by the one who may the most; of an address that is open to all, by one who has not logged in."""
    named = {row.partition(": ")[0] for row in ROWS}
    wrong = []
    for row in {row.split(" ", 1)[1].partition(": ")[0]: row for row in ROWS}.values():
        address = row.split(" ", 1)[1].partition(": ")[0]
        if address.startswith("admin:"):
            continue
        with undone():
            sent = RECIPES[row]()
            before = Entry.objects.count()
            for method in METHODS:
                if f"{method} {address}" in named:
                    continue
                answer = answer_to("visitor" if address == "login" else "chief", method, sent)
                if answer.status_code not in (404, 405) or Entry.objects.count() != before:
                    wrong.append(f"{method} {address}: {answer.status_code}")
    assert not wrong, "\n".join(wrong)


def test_the_admin_is_shut_to_everybody_but_the_one_who_keeps_the_accounts() -> None:
    """Whatever pages the admin has or gets."""
    ours = {name.partition(":")[2] for name in addresses() if name.startswith("admin:")} - {"login", "logout", "None"}
    paths = {reverse("admin:index") + name.replace("_", "/") + "/" for name in ours} | {reverse("admin:index")}
    paths |= {reverse("admin:accounts_user_add") + f"../1/{page}/" for page in ("change", "delete", "password")}
    wrong = []
    for role in ("visitor", "chief", "appointments"):
        for path in sorted(paths):
            for method in ("GET", "POST"):
                with undone():
                    answer = answer_to(role, method, Sent(path))
                if not refused(role, answer):
                    wrong.append(f"{role} {method} {path}: {answer.status_code}")
    assert not wrong, "\n".join(wrong)
