"""The plan as a person reads it."""

import re
from datetime import UTC, datetime

import pytest
from django.db import connection
from django.template import Context, Template
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from plans.actions import versions
from plans.templatetags import plan_tags
from plans.words import condition
from shuozhou_ops.accounts.models import User
from shuozhou_ops.journal.actors import SYSTEM

from .small_plan import plan


@pytest.fixture
def reader(client, db):
    """A client that is logged in."""
    client.force_login(User.objects.create_user("reader"))
    return client


def test_a_stranger_is_sent_to_the_login(client, db):
    assert client.get("/plans/").status_code == 302
    assert client.get("/plans/earthquake/").status_code == 302


def test_the_list_names_every_plan(reader):
    page = reader.get("/plans/").content.decode()
    assert 'href="/plans/earthquake/"' in page


def test_an_unknown_plan_is_not_found(reader):
    assert reader.get("/plans/nowhere/").status_code == 404


def test_every_line_of_the_contents_leads_to_one_place(reader):
    for key in ("earthquake", "flood"):
        versions.load(plan(), actor=SYSTEM, at=datetime.now(UTC))
        page = reader.get(f"/plans/{key}/").content.decode()
        ids = re.findall(r' id="(c-[^"]+)"', page)
        assert len(ids) == len(set(ids))
        assert set(re.findall(r'href="#(c-[^"]+)"', page)) <= set(ids)


def test_a_clause_leads_to_its_heading_where_it_has_one(reader):
    page = reader.get("/plans/earthquake/").content.decode()
    for cite in ("5.3.1", "5.3.2", "2.2.6", "2.1"):
        before = page[: page.index(f' id="c-{cite}"')]
        assert before.rindex("<h") > before.rindex("<li"), cite


def test_the_page_says_who_decides_on_which_conditions_and_what_then(reader):
    versions.load(plan(), actor=SYSTEM, at=datetime.now(UTC))
    page = " ".join(reader.get("/plans/flood/").content.decode().split())
    for words in (
        "市水利局局长、事发地县（市、区）长",
        "市指挥部办公室主任向指挥长报告",
        "指挥长决定启动",
        "地点 = 城区 且 雨量 ≥ 50毫米",
        "地点 = 乡村（未知时按乡村）",
        "<strong>综合组、事发地县（市、区）</strong>",
        "没有时由指挥长宣布",
        "每12小时一次",
        "以上含本数",
    ):
        assert words in page


def test_the_page_asks_as_much_however_long_the_plan(reader):
    versions.load(plan(), actor=SYSTEM, at=datetime.now(UTC))
    counts = []
    for key in ("earthquake", "flood"):
        reader.get(f"/plans/{key}/")
        with CaptureQueriesContext(connection) as queries:
            reader.get(f"/plans/{key}/")
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_the_chip_leads_to_the_clause():
    template = Template('{% load plan_tags %}{% cite clause "earthquake" %}')
    address = "/plans/earthquake/?clause=%E9%99%84%E4%BB%B63+%3Cb%3E#c-%E9%99%84%E4%BB%B63-b"
    chip = f'<a class="cite" href="{address}">附件3 &lt;b&gt;</a>'
    assert template.render(Context({"clause": "附件3 <b>"})) == chip
    assert plan_tags.cite_anchor("5.3.2(7)") == "c-5.3.2-7"


def test_conditions_in_words():
    specs = {spec.name: spec for spec in plan().facts}
    expr = {
        "any": [
            {"all": [{"fact": "dam_broken", "is": True}, {"fact": "dead", "more_than": 2}]},
            {"any_known": ["lost"]},
        ]
    }
    with translation.override("zh-hans"):
        assert condition(expr, specs) == "（溃坝 = 是 且 死亡人数 > 2） 或 已知其中任一项：失踪人数"
        two = {
            "at_least_of": 2,
            "of": [{"fact": "place", "in": ["city", "country"]}, {"sum": ["dead", "lost"], "at_least": 3}],
        }
        assert condition(two, specs) == "以下至少 2 项：地点 ∈ 城区、乡村；死亡人数 + 失踪人数 ≥ 3"
