"""A forest fire that is a fire in a village: changed before a start; after a start a successor goes on."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Visit
from tests.browser.people import act, done, greyed, press, unfold
from tests.server import Server

pytestmark = pytest.mark.browser
FIRE = "fire_incident"


def log_wrongly(page: Page) -> str:
    """Log it as a forest fire; the address of its incident."""
    page.goto("/incidents/new/?plan=forest_grassland_fire")
    page.fill("[name=place]", "应县城南")
    page.check("[name=counties][value=yingxian]")
    page.check("[name=source][value=call]")
    page.select_option('[name="fact-fire_kind"]', "forest")
    page.fill('[name="fact-forest_area_ha"]', "2")
    page.fill('[name="fact-deaths"]', "3")
    page.fill("[name=words]", "村边浓烟")
    press(page.locator("[data-save]"))
    done(page, "已记录")
    return page.url


@pytest.mark.parametrize("javascript", [True, False], ids=["with JavaScript", "without"])
def test_after_a_start_a_successor_goes_on_under_the_right_plan(visit: Visit, server: Server, javascript: bool) -> None:
    url = log_wrongly(visit("desk", javascript=javascript))
    number = server.rows("SELECT id FROM response_leveldecision WHERE status = 'suggested'")[0][0]
    wang = visit("wang", javascript=javascript)
    wang.goto(url)
    act(wang, f"approve-{number}")
    done(wang, "响应")

    # Whoever may not do both is told what is missing; whoever may, does it in one act.
    desk = visit("desk", javascript=javascript)
    desk.goto(url)
    greyed(desk, "转入并启动", "宣布结束")
    wang.goto(url)
    form = unfold(wang.locator("#act-take-on"))
    form.locator("[name=right]").select_option(f"{FIRE}/3")
    form.locator("[name=reason]").fill("起火的是民房")
    press(form.locator("button.btn").last)
    expect(wang.locator("#act-take-on")).to_contain_text("请选择“其余任务”怎么办")
    expect(wang.locator("#act-take-on [name=reason]")).to_have_value("起火的是民房")
    form = unfold(wang.locator("#act-take-on"))
    form.locator("[name=rest][value=dropped]").check()
    press(form.locator("button.btn").last)
    done(wang, "转入")

    # Each page links the other; everything known went along.
    press(wang.locator('p[role=note] a:has-text("已转入")'))
    expect(wang.locator("#top")).to_contain_text("三级响应")
    expect(wang.locator("#facts")).to_contain_text("死亡人数")
    expect(wang.locator("#facts")).to_contain_text("以文字保留的情况")
    expect(wang.locator('p[role=note] a:has-text("接续")')).to_be_visible()
    rows = server.rows("SELECT status, level, words FROM response_incident ORDER BY id")
    assert rows == [("closed", None, "村边浓烟"), ("responding", 3, "村边浓烟")]
    assert server.rows("SELECT manner FROM response_leveldecision WHERE kind = 'end'") == [("continued",)]
    assert server.rows("SELECT count(*) FROM response_confirmation") == [(0,)]


def test_before_a_start_the_plan_is_changed_and_what_was_told_stays(visit: Visit, server: Server) -> None:
    page = visit("desk", width=390)
    url = log_wrongly(page)
    page.goto(url)
    form = unfold(page.locator("#act-change-plan"))
    form.locator(f'[name=plan][value="{FIRE}"]').check()
    form.locator("[name=reason]").fill("起火的是民房")
    press(form.locator("button.btn").last)
    done(page, "改按")
    expect(page.locator("#top")).to_contain_text("火灾")
    expect(page.locator("#facts")).to_contain_text("死亡人数")
    assert server.rows("SELECT kind, to_level, status FROM response_leveldecision ORDER BY id")[-1] == (
        "start",
        3,
        "suggested",
    )
