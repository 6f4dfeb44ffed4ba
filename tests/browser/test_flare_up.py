"""A forest fire: put out and ended, it flares up in the night and is started again; the first end stands."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Visit
from tests.browser.people import act, done, press, unfold
from tests.server import Server

pytestmark = pytest.mark.browser


def log_fire(page: Page) -> str:
    """Log a forest fire at the desk; the address of its incident."""
    page.goto("/incidents/new/?plan=forest_grassland_fire")
    page.fill("[name=place]", "右玉县杀虎口林场")
    page.check("[name=counties][value=youyu]")
    page.check("[name=source][value=county]")
    page.select_option('[name="fact-fire_kind"]', "forest")
    page.fill('[name="fact-forest_area_ha"]', "12")
    page.fill('[name="fact-deaths"]', "1")
    press(page.locator("[data-save]"))
    done(page, "已记录")
    return page.url


@pytest.mark.parametrize("javascript", [True, False], ids=["with JavaScript", "without"])
def test_ended_it_flares_up_and_starts_again(visit: Visit, server: Server, javascript: bool) -> None:
    people: dict[str, Page] = {}

    def at(who: str, address: str = "/") -> Page:
        page = people.get(who) or people.setdefault(who, visit(who, javascript=javascript))
        page.goto(address)
        return page

    url = log_fire(at("desk"))
    zhang = at("zhang", url)
    number = (zhang.locator("article.decision--suggested").first.get_attribute("id") or "").rpartition("-")[2]
    level = server.rows("SELECT to_level FROM response_leveldecision")[0][0]
    starter = "zhang" if level == 4 else "hao"
    act(at(starter, url), f"approve-{number}")

    # The fire is out: its conditions, and what becomes of each task. Nothing is chosen by itself.
    hao = at("hao", url)
    for form in [item.get_attribute("id") or "" for item in hao.locator("form[id^=act-confirm-end-]").all()]:
        act(at("hao", url), form.removeprefix("act-"), basis="明火扑灭，已清理")
    hao = at("hao", url)
    act(hao, "declare-end")
    expect(hao.locator("#act-declare-end")).to_contain_text("请选择“其余任务”怎么办")
    hao.check("#act-declare-end [name=rest][value='handed/youyu']")
    act(hao, "declare-end")
    done(hao, "移交右玉县")
    assert server.rows("SELECT status, level FROM response_incident") == [("ended", None)]

    # In the night it flares up. The desk suggests with a reason, whoever may start it starts it again.
    desk = at("desk", url)
    form = unfold(desk.locator("#act-suggest"))
    form.locator(f'[name=to_level][value="{level}"]').check()
    expect(form.locator("[name=reason]")).to_have_attribute("required", "")
    form.locator("[name=reason]").fill("林场西坡复燃，风力五级")
    press(form.locator("button.btn").last)
    done(desk, "林场西坡复燃")
    number = (desk.locator("article.decision--suggested").first.get_attribute("id") or "").rpartition("-")[2]
    expect(at("zhang").locator("#wants")).to_contain_text("林场")  # he reports it, or decides where it is his
    again = at(starter, url)
    act(again, f"approve-{number}")
    done(again, "再次响应（第 2 次）")
    expect(again.locator("#top")).to_contain_text("响应中")
    expect(again.locator("#timeline")).to_contain_text("移交右玉县")
    assert server.rows("SELECT status, level, response_no FROM response_incident") == [("responding", level, 2)]
    assert server.rows("SELECT kind, status FROM response_leveldecision ORDER BY id") == [
        ("start", "approved"),
        ("end", "approved"),
        ("start", "approved"),
    ]
    first, second = (
        server.rows(f"SELECT count(*) FROM response_task WHERE response_no = {no} AND phase = 'response'")
        for no in (1, 2)
    )
    assert first == second
    assert server.rows("SELECT count(*) FROM response_task WHERE status = 'handed' AND response_no = 2") == [(0,)]

    # The flare-up starts the clock again.
    desk = at("desk", url)
    form = unfold(desk.locator("#act-report-facts"))
    form.locator("[name=source]").fill("前方指挥部")
    form.locator('[name="moment-flared_up_at"]').fill(_now())
    press(form.locator("button").last)
    done(desk, "复燃")


def _now() -> str:
    """This minute by the clock of the city, as a field of moments takes it."""
    return datetime.now(ZoneInfo("Asia/Shanghai")).strftime("%Y-%m-%dT%H:%M")
