"""The page on which facts are tried without an incident: every clause as true, false or open; an address to share."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from plans import loading, registry
from plans.trials import try_out
from response.models import Incident
from shuozhou_ops.accounts.models import User
from shuozhou_ops.journal.models import Entry
from tests.response.web import text_of

PATH = "/plans/earthquake/try/"


@pytest.fixture
def reader(client, db):
    """A client that is logged in."""
    client.force_login(User.objects.create_user("reader"))
    return client


def test_each_clause_holds_fails_or_is_open_and_says_what_it_lacks():
    document = loading.load(registry.LIBRARY / "earthquake")
    trial = try_out(document, {"magnitude": 5.2, "deaths": 3})
    level = next(scale for scale in trial.scales if scale.kind == "level")
    assert (level.answer, [value for value, _ in level.values]) == (3, [1, 2, 3, 4])
    states = {(value, place): item.state for value, items in level.values for place, item in enumerate(items)}
    assert states[3, 0] == "holds"  # populated, by default
    assert states[1, 0] == "fails"
    needs = {item.needs for _, items in level.values for item in items if item.state == "open"}
    assert needs == {("density",), ("missing",)}


def test_every_clause_of_the_plan_is_there_in_order():
    for key in registry.library_keys():
        document = registry.from_library(key)
        trial = try_out(document, {})
        shown = [item.clause.text for scale in trial.scales for _, items in scale.values for item in items]
        said = [
            condition.text
            for part in (
                *sorted(document.levels, key=lambda level: level.level),
                *sorted(document.grades, key=lambda g: g.grade),
            )
            for condition in part.conditions
        ]
        assert shown == said


def test_the_address_carries_the_facts(reader):
    page = reader.get(PATH, {"magnitude": "5.2", "density": "dense"}).content.decode()
    assert "二级响应" in text_of(page)
    assert 'value="5.2"' in page
    assert 'value="dense" selected' in page
    assert "接着问" in text_of(page)


def test_the_part_alone_for_the_script(reader):
    part = reader.get(PATH, {"magnitude": "4.2"}, headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in part
    assert "四级响应" in text_of(part)


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        ({"magnitude": "NaN"}, "震级"),
        ({"magnitude": "<b>"}, "震级"),
        ({"deaths": "-1"}, "死亡人数"),
        ({"wind": "7"}, "没有这项情况：wind"),
        ({"magnitude": "9" * 5000}, "震级"),
    ],
)
def test_what_cannot_be_is_said_and_the_rest_is_judged(reader, facts, said):
    answer = reader.get(PATH, {"missing": "12", **facts})
    page = answer.content.decode()
    assert answer.status_code == 200
    assert said in text_of(page)
    assert "三级响应" in text_of(page)
    assert "<b>" not in page


def test_it_stores_nothing_and_asks_as_much_for_any_facts(reader):
    reader.get(PATH)
    before = Entry.objects.count()
    with CaptureQueriesContext(connection) as queries:
        reader.get(PATH, {"magnitude": "5.2"})
    assert not [query for query in queries if query["sql"].startswith(("INSERT", "UPDATE"))]
    assert (Incident.objects.count(), Entry.objects.count()) == (0, before)


def test_a_stranger_and_an_unknown_plan(client, reader):
    assert reader.get("/plans/nowhere/try/").status_code == 404
    client.logout()
    assert client.get(PATH).status_code == 302
