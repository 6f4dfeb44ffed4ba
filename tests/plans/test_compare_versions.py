"""What two versions of a plan differ in, in a person's words."""

import copy
import re
from dataclasses import fields, is_dataclass
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from plans import details, documents, loading, registry, showing
from plans.actions import versions
from plans.differences import between
from shuozhou_ops.accounts.models import User
from shuozhou_ops.journal.actors import SYSTEM, Actor

from .altered import altered, leaves, others
from .small_plan import plan, tree

NOON = datetime(2026, 11, 24, 4, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _in_chinese():
    with translation.override("zh-hans"):
        yield


def told(old: documents.PlanDocument, new: documents.PlanDocument) -> list[tuple[Any, ...]]:
    """The changes as (section, where, clause, was, now)."""
    return [(s.heading, c.where, c.cite, c.was, c.now) for s in between(old, new) for c in s.changes]


def changed(**parts: Any) -> list[tuple[Any, ...]]:
    return told(plan(), plan(**parts))


def test_a_plan_does_not_differ_from_itself():
    for document in (plan(), *map(registry.from_library, registry.library_keys())):
        assert between(document, loading.from_tree(showing.show(document))) == []


def test_a_bound_that_moved():
    levels = tree()["levels"]
    levels[0]["conditions"][1]["when"]["at_least"] = 2
    assert changed(levels=levels) == [
        (
            *("响应级别", "三级响应 · 条件 · 死亡失踪3人以上 · 判断", "附件3"),
            *("死亡人数 + 失踪人数 ≥ 3", "死亡人数 + 失踪人数 ≥ 2"),
        )
    ]


def test_of_a_list_only_what_came_and_went():
    headquarters = tree()["headquarters"]
    headquarters["members"] = ["市应急管理局", "市水利局", "市审计局"]
    assert changed(headquarters=headquarters) == [("指挥部", "市防汛指挥部 · 成员单位", "2.1", "市防汛办", "市审计局")]
    headquarters["members"] = ["市应急管理局", "市水利局", "市防汛办"]
    assert changed(headquarters=headquarters)[0][3:] == (
        "市水利局、市应急管理局、市防汛办",
        "市应急管理局、市水利局、市防汛办",
    )


def test_a_measure_that_came_one_that_went_and_one_that_is_worded_anew():
    levels = tree()["levels"]
    levels[0]["measures"] = [
        {**levels[0]["measures"][0], "text": "派出工作组"},
        {"text": "开会", "cite": "5.1", "mood": "at_once", "falls_to": ["general"]},
    ]
    assert changed(levels=levels) == [
        ("响应级别", "三级响应 · 措施 · 派出工作组 · 文字", "5.1(1)", "派工作组", "派出工作组"),
        ("响应级别", "三级响应 · 措施", "5.1", None, "开会（由谁承担：综合组；缓急：立即）"),
        (
            "响应级别",
            "三级响应 · 措施",
            "5.1(1)",
            "测绘（序号：1；由谁承担：测绘小组、市指挥部办公室；缓急：立即）",
            None,
        ),
    ]


def test_a_whole_part_that_came():
    field = {"set_up": "on_arrival", "composition": "listed", "cite": "2.1", "deputies": ["water.head"]}
    heading, where, cite, was, now = changed(field_headquarters=field)[0]
    assert (heading, where, cite, was) == ("现场指挥部", "现场指挥部", "2.1", None)
    assert "副指挥长：市水利局局长" in now


def test_one_inserted_in_front_is_one_change():
    facts = [{"name": "wind", "type": "number", "label": {"zh": "风"}}, *tree()["facts"]]
    assert [(where, was) for _, where, _, was, _ in changed(facts=facts)] == [("判断依据", None)]


def test_another_order_is_a_difference():
    conditions = copy.deepcopy(tree()["levels"])
    conditions[0]["conditions"].reverse()
    (only,) = changed(levels=conditions)
    assert only[1] == "三级响应 · 条件 · 顺序"


def test_two_that_read_alike_are_told_apart():
    headquarters = tree()["headquarters"]
    headquarters["commanders"] = [{"name": "分管副市长", "key": None, "kind": "free"}]
    old = plan(
        headquarters={**headquarters, "commanders": [{"name": "分管副市长", "key": "vice_mayor", "kind": "post"}]}
    )
    (only,) = told(old, plan(headquarters=headquarters))
    assert only[3:] == ("分管副市长（post vice_mayor）", "分管副市长（free —）")


def check_every_leaf(document: documents.PlanDocument, step: int = 1) -> int:
    """Alter each leaf by itself; each time the difference shows it, with other words before than after."""
    whole = showing.show(document)
    tried = 0
    for path, value in list(leaves(whole))[::step]:
        other = next((new for one in others(value) if one != value and (new := altered(whole, path, one))), None)
        if other is None or other == document:
            continue
        tried += 1
        found = told(document, other)
        assert found, path
        assert all(was != now for *_, was, now in found), path
        assert told(other, document), path
    return tried


def test_every_leaf_of_a_plan_shows_when_it_is_altered():
    field = {"set_up": "on_arrival", "composition": "listed", "cite": "2.1", "deputies": ["water.head"]}
    assert check_every_leaf(plan(field_headquarters=field)) > 200


def test_leaves_of_every_plan_show_when_they_are_altered():
    for key in registry.library_keys():
        assert check_every_leaf(registry.from_library(key), step=199) > 8


def test_every_field_of_a_plan_is_called_something():
    parts = [cls for cls in vars(documents).values() if is_dataclass(cls) and cls is not documents.Ref]
    names = {field.name for cls in parts for field in fields(cls)}
    assert names == set(details.CALLED)


@pytest.fixture
def reader(client, db):
    """A client that is logged in, with two versions of the small plan."""
    levels = tree()["levels"]
    levels[0]["conditions"][1]["when"]["at_least"] = 2
    versions.load(plan(), actor=SYSTEM, at=NOON)
    versions.load(plan(version="v2 <b>", levels=levels), actor=Actor(ref="user/9", name="赵工"), at=NOON)
    client.force_login(User.objects.create_user("reader"))
    return client


def text_of(page: Any) -> str:
    assert page.status_code == 200
    return " ".join(re.sub(r"<[^>]+>", " ", page.content.decode()).split())


def test_the_page_lists_who_loaded_what_and_which_is_in_force(reader):
    text = text_of(reader.get("/plans/flood/versions/"))
    assert "v2 &lt;b&gt; 试政办发〔2026〕1号 2026-11-24 12:00 赵工 现行" in text
    assert re.search(r"v1 试政办发〔2026〕1号 2026-11-24 12:00 \S+ ", text)
    assert text.count("现行") == 1


def test_the_page_compares_two(reader):
    text = text_of(reader.get("/plans/flood/versions/", {"from": "v1", "to": "v2 <b>"}))
    assert "死亡人数 + 失踪人数 ≥ 3 → 死亡人数 + 失踪人数 ≥ 2" in text
    assert "两个版本说的完全一样" in text_of(reader.get("/plans/flood/versions/", {"from": "v1", "to": "v1"}))


def test_nothing_is_compared_until_it_is_asked_for(reader):
    for asked in ({}, {"from": "v1"}, {"to": "v1"}):
        assert 'id="difference"' not in reader.get("/plans/flood/versions/", asked).content.decode()


def test_what_is_not_there_is_not_found(reader):
    assert reader.get("/plans/flood/versions/", {"from": "v1", "to": "v9"}).status_code == 404
    assert reader.get("/plans/nowhere/versions/").status_code == 404
    reader.logout()
    assert reader.get("/plans/flood/versions/").status_code == 302


def test_the_page_asks_as_much_however_many_versions(reader):
    def asked() -> int:
        reader.get("/plans/flood/versions/", {"from": "v1", "to": "v2 <b>"})
        with CaptureQueriesContext(connection) as queries:
            reader.get("/plans/flood/versions/", {"from": "v1", "to": "v2 <b>"})
        return len(queries)

    before = asked()
    for number in range(3, 8):
        versions.load(plan(version=f"v{number}"), actor=SYSTEM, at=NOON)
    assert asked() == before
