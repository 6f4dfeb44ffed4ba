"""The official words beside each clause on a plan's page."""

import re
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from plans.actions import texts, versions
from shuozhou_ops.accounts.models import User
from shuozhou_ops.journal.actors import SYSTEM

from .small_text import CITES, TEXT, plan

NOON = datetime(2026, 11, 24, 4, tzinfo=UTC)
FOLDED = re.compile(
    r'<details class="official"( open)?><summary>原文 <span[^>]*>([^<]+)</span>.*?</details>', re.DOTALL
)


@pytest.fixture
def reader(client, db):
    """A client that is logged in, with the small plan and no text."""
    versions.load(plan(), actor=SYSTEM, at=NOON)
    client.force_login(User.objects.create_user("reader"))
    return client


def attach(text: str = TEXT) -> None:
    texts.attach("flood", text.encode(), file_name="洪涝.txt", actor=SYSTEM, at=NOON)


def page(reader: Any, **query: str) -> str:
    answer = reader.get("/plans/flood/", query)
    assert answer.status_code == 200
    return answer.content.decode()


def test_without_a_text_the_page_says_how_to_attach_one(reader):
    without = page(reader)
    assert "manage.py plans attach-text flood FILE" in without
    assert "<details" not in without
    attach()
    assert "attach-text" not in page(reader)


def test_every_clause_has_its_words_folded_once(reader):
    attach()
    found = FOLDED.findall(page(reader))
    assert [cite for opened, cite in found if opened] == []
    own = [cite for cite in CITES if cite not in ("5.7", "解读 1")]
    assert sorted(cite for _, cite in found) == sorted([*own, "5"])  # 5.7 has those of the clause around it


def test_the_words_stand_right_behind_the_anchor_that_the_chip_leads_to(reader):
    attach()
    whole = page(reader, clause="5.1(1)")
    behind = whole[whole.index(' id="c-5.1-1"') :]
    opened = FOLDED.search(behind)
    assert opened is not None
    assert opened.start() < behind.index("</li>")
    assert opened.groups() == (" open", "5.1(1)")
    assert [cite for opened, cite in FOLDED.findall(whole) if opened] == ["5.1(1)"]


def test_a_heading_and_a_clause_that_only_the_outline_has_open_too(reader):
    attach()
    for asked, cite in (("5.1", "5.1"), ("2.2", "2.2"), ("附件4 四级 2", "附件4 四级 2"), ("5.7", "5")):
        assert [found for opened, found in FOLDED.findall(page(reader, clause=asked)) if opened] == [cite]
    assert "open" not in [opened for opened, _ in FOLDED.findall(page(reader, clause="9.9<b>"))]


def test_the_text_is_escaped(reader):
    attach(TEXT.replace("转移群众", "<script>alert(1)</script>&amp;"))
    whole = page(reader)
    assert "&lt;script&gt;alert(1)&lt;/script&gt;&amp;amp;" in whole
    assert "alert(1)</script>" not in whole


def test_a_table_is_a_table(reader):
    attach(TEXT.replace("市防汛办 值班。", "\n| 市防汛办 | 值班<i> |\n|---|---|\n"))
    assert "<tr><td>市防汛办</td><td>值班&lt;i&gt;</td></tr>" in page(reader)


def test_the_page_asks_as_much_with_a_text_as_without(reader):
    def asked(**query: str) -> int:
        page(reader, **query)
        with CaptureQueriesContext(connection) as queries:
            page(reader, **query)
        return len(queries)

    before = asked()
    attach()
    assert asked() == before
    assert asked(q="水", clause="5.1") == before


def test_only_who_is_logged_in_reads_it(reader):
    attach()
    reader.logout()
    assert reader.get("/plans/flood/?clause=5.1").status_code == 302
