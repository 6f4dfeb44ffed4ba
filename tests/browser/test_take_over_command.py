"""A landslide across two counties: one is added while it runs, the field takes the command over, and hands it back."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Visit
from tests.browser.people import act, done, greyed, press, unfold

pytestmark = pytest.mark.browser
PASSING = {"handed_by": "郭县长", "taken_by": "李副市长", "where": "村委会"}


def _log(page: Page) -> str:
    """Log a landslide that takes four lives in one county; the address of its incident."""
    page.goto("/incidents/new/?plan=geological_hazard")
    page.fill("[name=place]", "桑干河边")
    page.check("[name=counties][value=yingxian]")
    page.check("[name=source][value=call]")
    page.fill('[name="fact-deaths"]', "4")
    press(page.locator("[data-save]"))
    done(page, "已记录")
    return page.url


def _hand_over(page: Page, county: str, to: str) -> None:
    """Fill in who hands the command of a county to whom."""
    form = unfold(page.locator(f"#act-hand-over-{county}"))
    form.locator("[name=to]").select_option(to)
    act(page, f"hand-over-{county}", **PASSING)


@pytest.mark.parametrize(("javascript", "width"), [(True, 1440), (False, 390)], ids=["at a desk", "on a phone"])
def test_two_counties_and_a_take_over_of_command(visit: Visit, javascript: bool, width: int) -> None:
    people: dict[str, Page] = {}

    def at(who: str, address: str = "/") -> Page:
        page = people.get(who) or people.setdefault(who, visit(who, javascript=javascript, width=width))
        page.goto(address)
        return page

    url = _log(at("desk"))
    li = at("li", url)
    number = (li.locator("article.decision--suggested").first.get_attribute("id") or "").rpartition("-")[2]
    act(li, f"approve-{number}")
    expect(li.locator("#top")).to_contain_text("指挥权：县级")

    # A second county is touched: its head is told, and its tasks are there.
    desk = at("desk", url)
    greyed(desk, "确认现场指挥部成立", "现场指挥部由指挥长确认成立")
    form = unfold(desk.locator("#act-add-place"))
    form.locator("[name=county]").select_option("shanyin")
    act(desk, "add-place", reason="对岸也塌了")
    done(desk, "增加事发地山阴县：新增任务")
    shanyin = at("shanyin")
    expect(shanyin.locator("#wants")).to_contain_text("增加事发地山阴县")
    press(shanyin.locator('#wants button:has-text("签收")').first)
    assert shanyin.locator(".want--task").count()

    # The county says what it does by itself, and asks.
    shanyin = at("shanyin", url)
    form = unfold(shanyin.locator("#act-own-response-shanyin"))
    form.locator("[name=level]").select_option("3")
    act(shanyin, "own-response-shanyin", by="山阴县指挥部")
    done(shanyin, "山阴县本级三级响应")
    unfold(shanyin.locator("#act-tick-shanyin [name=items]").first).check()
    act(shanyin, "tick-shanyin")
    done(shanyin, "山阴县先期处置")
    act(shanyin, "ask-shanyin", text="请增派两台挖掘机")
    assert shanyin.locator("#act-tick-yingxian").count() == 0

    # The commander arrives: the field headquarters stands, and takes the command over in both.
    li = at("li")
    expect(li.locator("#wants")).to_contain_text("山阴县请求支援")
    li.goto(url)
    form = unfold(li.locator('[id^="act-stand-"]').first)
    form.locator("[name=account]").select_option("li")
    form.locator("[name=place]").fill("村委会")
    press(form.locator("button.btn"))
    done(li, "现场指挥部成立（村委会")
    expect(li.locator("#end")).to_contain_text("由现场指挥部指挥长李副市长宣布结束")
    _hand_over(at("yingxian", url), "yingxian", "field")
    done(people["yingxian"], "应县指挥权：县级 → 市现场指挥部")
    expect(people["yingxian"].locator("#top")).to_contain_text("应县 市现场指挥部、山阴县 县级")
    _hand_over(at("desk", url), "shanyin", "field")
    expect(people["desk"].locator("#top")).to_contain_text("指挥权：市现场指挥部")

    # Lowered to 4, and then ended: the command is asked back, county by county.
    li = at("li", url)
    unfold(li.locator("#act-decide [name=to_level][value='4']")).check()
    act(li, "decide", reason="险情缓解")
    expect(at("zhang").locator("#wants")).to_contain_text("把指挥权交还应县、山阴县")
    _hand_over(at("shanyin", url), "shanyin", "county")
    zhang = at("zhang", url)
    for place in range(2):
        act(zhang, f"confirm-end-{place}", basis="各组报告")
    zhang.check("#act-declare-end [name=rest][value=dropped]")
    act(zhang, "declare-end")
    done(zhang, "宣布结束四级响应")
    expect(zhang.locator("#ground")).to_contain_text("应把指挥权交还：应县")
    _hand_over(zhang, "yingxian", "county")
    done(zhang, "应县指挥权：市现场指挥部 → 县级")
    expect(zhang.locator("#ground")).not_to_contain_text("应把指挥权交还")
    expect(at("zhang").locator("#wants")).not_to_contain_text("把指挥权交还")
