"""At the intake: what was typed stays when the kind changes, and Enter only judges."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Visit
from tests.browser.people import unfold

pytestmark = pytest.mark.browser
FOREST, FIRE = "forest_grassland_fire", "fire_incident"


def _begun(visit: Visit, javascript: bool) -> Page:
    """A forest fire half written down."""
    page = visit("desk", javascript=javascript)
    page.goto(f"/incidents/new?plan={FOREST}")
    page.fill("[name=place]", "应县南河种镇")
    page.check("[name=source][value=call]")
    page.fill('[name="fact-deaths"]', "2")
    page.fill("[name=words]", "街边浓烟")
    return page


@pytest.mark.parametrize("javascript", [True, False], ids=["with JavaScript", "without"])
def test_one_press_changes_the_kind_and_keeps_what_was_typed(visit: Visit, javascript: bool) -> None:
    page = _begun(visit, javascript)
    unfold(page.locator(f'[name=switch][value="{FIRE}"]')).click()
    expect(page.locator(f'[name=plan][value="{FIRE}"]')).to_be_checked()
    expect(page.locator('[name="fact-burned_area_m2"]')).to_be_visible()
    for field, value in (("place", "应县南河种镇"), ("fact-deaths", "2"), ("words", "街边浓烟")):
        expect(page.locator(f'[name="{field}"]')).to_have_value(value)
    expect(page.locator("[name=source][value=call]")).to_be_checked()
    expect(page.locator(".field-error")).to_have_count(0)


def test_a_key_of_the_kinds_keeps_it_too(visit: Visit) -> None:
    page = _begun(visit, True)
    page.check(f'[name=plan][value="{FIRE}"]')
    expect(page.locator('[name="fact-burned_area_m2"]')).to_be_visible()
    expect(page.locator('[name="fact-deaths"]')).to_have_value("2")
    expect(page.locator("[name=words]")).to_have_value("街边浓烟")


@pytest.mark.parametrize("javascript", [True, False], ids=["with JavaScript", "without"])
def test_enter_judges_it_neither_saves_nor_changes_the_kind(visit: Visit, javascript: bool) -> None:
    page = _begun(visit, javascript)
    page.press("[name=place]", "Enter")
    page.wait_for_load_state()
    expect(page.locator("#judged")).to_contain_text("响应")
    expect(page.locator(f'[name=plan][value="{FOREST}"]')).to_be_checked()
    expect(page.locator("h1")).to_have_text("记录事件")


def test_what_is_typed_is_held_against_the_scope_at_once(visit: Visit) -> None:
    page = _begun(visit, True)
    expect(page.locator("#scope")).to_contain_text("缺 火灾种类")
    page.select_option('[name="fact-fire_kind"]', "forest")
    expect(page.locator("#scope")).to_contain_text("请核对适用范围")
    page.check("[name=outside_city]")
    expect(page.locator("#scope")).to_contain_text("不在本预案适用范围")
    expect(page.locator("#judged")).to_contain_text("不在适用范围 1.4")
