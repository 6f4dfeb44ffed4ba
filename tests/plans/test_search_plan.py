"""Finding words in a plan and in the official text beside it."""

import html
import re
from datetime import UTC, datetime
from urllib.parse import unquote

import pytest

from plans import registry, searching
from plans.actions import texts, versions
from plans.passages import Passages
from plans.searching import Hit, search
from shuozhou_ops.accounts.models import User
from shuozhou_ops.journal.actors import SYSTEM

from .small_plan import tree
from .small_text import TEXT, plan

NOON = datetime(2026, 11, 24, 4, tzinfo=UTC)


def hits(wanted: str, *, text: str = "", **changes) -> list[Hit]:
    document = plan(**changes)
    return search(document, wanted, Passages(text, document) if text else None)[0]


@pytest.mark.parametrize(
    ("wanted", "cite", "anchor"),
    [
        ("巡查堤坝", "附件3", "c-附件3"),  # a duty
        ("溃坝 = 是", "附件3", "c-附件3"),  # a condition as it is evaluated
        ("派工作组", "5.1(1)", "c-5.1-1"),  # a measure
        ("联合组", "5.1(1)", "c-5.1-1"),
        ("含本数", "附件3", "c-解读-1"),  # a reading: where it stands itself
        ("表格看不清", "5.2", "u-2"),  # what is not modelled
        ("驻军", "2.2.1", "c-2.2.1"),  # a member of a group
        ("毫米", "", "facts"),
        ("洪水退去", "5.6", "c-5.6"),
        ("可能有汛情", "1", "c-1"),
    ],
)
def test_everything_is_found_where_it_stands(wanted, cite, anchor):
    aside = [{"cite": "1", "why": "只是目的"}, {"cite": "5.2", "why": "表格看不清"}]
    assert (cite, anchor) in [(hit.cite, hit.anchor) for hit in hits(wanted, unmodelled=aside)]


def test_the_official_text_is_found_once_in_the_innermost_clause():
    assert [hit.cite for hit in hits("转移群众", text=TEXT)] == ["5.1(2)"]
    assert [hit.cite for hit in hits("指挥长启动三级响应", text=TEXT)] == ["5.1"]
    assert hits("转移群众") == []


def test_all_the_words_are_wanted_whatever_their_width_and_case():
    assert [hit.found for hit in hits("ＲＡＩＮ 气象 50毫米")] == []
    assert hits("城区 ５０") != []
    assert hits("城区 51") == []


def test_spaces_of_a_narrow_column_do_not_hide_a_word():
    text = TEXT.replace("1.雨量50毫", "1. 雨 量50毫")
    (hit,) = [hit for hit in hits("雨量50毫米以上", text=text) if hit.cite == "附件4 四级 1"]
    assert (hit.before, hit.found, hit.after) == ("1. ", "雨量50毫米以上", "；")


def test_a_clause_is_found_by_its_number():
    assert {hit.cite for hit in hits("5.1(1)")} == {"5.1(1)"}


def test_the_words_around_are_shown_and_no_more():
    duties = [{"unit": "市水利局", "text": "前" * 99 + "针" + "后" * 99, "cite": "附件3"}]
    (hit,) = hits("针", duties=duties)
    assert hit.before == "…" + "前" * searching.AROUND
    assert hit.after == "后" * searching.AROUND + "…"


def test_nothing_wanted_finds_nothing():
    assert search(plan(), "  ", None) == ([], False)


def test_no_more_than_the_most_are_shown():
    duties = [{"unit": "市水利局", "text": f"巡查{number}", "cite": "附件3"} for number in range(searching.MOST)]
    found, more = search(plan(duties=duties), "巡查", None)
    assert (len(found), more) == (searching.MOST, True)


@pytest.fixture
def reader(client, db):
    """A client that is logged in, with the small plan and its text."""
    versions.load(plan(), actor=SYSTEM, at=NOON)
    texts.attach("flood", TEXT.encode(), file_name="flood.txt", actor=SYSTEM, at=NOON)
    client.force_login(User.objects.create_user("reader"))
    return client


def test_every_hit_on_the_page_leads_to_a_place_of_the_page(reader):
    for key, wanted in (("flood", "水"), ("flood", "雨"), ("earthquake", "救援")):
        page = reader.get(f"/plans/{key}/", {"q": wanted}).content.decode()
        ids = set(re.findall(r'\bid="([^"]+)"', page))
        found = page[page.index('id="hits"') : page.index('class="with-toc"')]
        links = re.findall(r'href="([^"]+)"', found)
        assert len(links) > 3
        for link in links:
            assert unquote(html.unescape(link).partition("#")[2]) in ids, link


def test_nothing_found_is_said_and_what_was_typed_is_kept(reader):
    page = reader.get("/plans/flood/", {"q": "<b>航天"}).content.decode()
    assert "预案里没有这些字" in page
    assert 'value="&lt;b&gt;航天"' in page
    assert "<b>航天" not in page
    assert 'id="hits"' not in reader.get("/plans/flood/", {"q": " "}).content.decode()
    assert reader.get("/plans/flood/", {"q": "水" * 5000 + "\x00"}).status_code == 200


def test_every_reading_and_every_place_that_is_not_modelled_can_be_reached(reader):
    aside = [*tree().get("unmodelled", []), {"cite": "5.2", "why": "表格看不清"}]
    versions.load(plan(version="v2", unmodelled=aside), actor=SYSTEM, at=NOON)
    for key in ("flood", *registry.library_keys()):
        page = reader.get(f"/plans/{key}/").content.decode()
        document = registry.in_force(key)
        for number, place in enumerate(document.unmodelled, start=1):
            assert f'id="u-{number}">{html.escape(place.why, quote=False)}' in page.replace("&quot;", '"')
        for reading in document.readings:
            assert f'id="c-解读-{reading.number}"' in page
        assert ('href="#unmodelled"' in page) == bool(document.unmodelled)
