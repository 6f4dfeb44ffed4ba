"""The phone order and its dispute: at night the desk writes down who ordered it, and he says that he did not."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Visit
from tests.browser.people import act, done, press, unfold
from tests.browser.test_whole_life import _log
from tests.server import Server

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("javascript", [True, False], ids=["with JavaScript", "without"])
def test_the_desk_records_a_level_two_order_and_the_commander_in_chief_disputes_it(
    visit: Visit, server: Server, javascript: bool
) -> None:
    people: dict[str, Page] = {}

    def at(who: str, address: str = "/") -> Page:
        page = people.get(who) or people.setdefault(who, visit(who, javascript=javascript))
        page.goto(address)
        return page

    desk = at("desk")
    url = _log(desk, "6.2", javascript=javascript)

    # Level 2 by phone: refused without a witness, with the words kept; with one it runs at once.
    form = unfold(desk.locator("#act-take-down"))
    form.locator("[name=giver]").select_option(label="王市长")
    form.locator('[name="to_level"][value="2"]').check()
    form.locator("[name=said_at]").fill(_this_minute())
    form.locator("[name=means]").select_option("phone")
    form.locator("[name=words]").fill("立即启动二级")
    press(form.locator("button.btn").last)
    expect(desk.locator("#act-take-down")).to_contain_text("二级响应的口头令须有见证人")
    form = desk.locator("#act-take-down")
    expect(form.locator("[name=words]")).to_have_value("立即启动二级")
    form.locator("[name=witness_name]").fill("夜班接线员")
    press(form.locator("button.btn").last)
    done(desk, "见证人 夜班接线员")
    done(desk, "已启动二级响应")
    expect(desk.locator("#top")).to_contain_text("口头令待补签")
    bureau = at("transport")
    expect(bureau.locator("#wants")).to_contain_text("启动二级响应")

    # It stands on the giver's desk; he disputes it, and nothing is undone.
    assert "口头令" not in at("li").locator("#wants").inner_text()
    wang = at("wang")
    want = wang.locator("#wants li", has_text="您的口头令：启动二级响应")
    expect(want).to_contain_text("周值班代记")
    press(want.locator("a.btn"))
    number = server.rows("SELECT decision_id FROM response_spokenorder")[0][0]
    act(wang, f"dispute-{number}", reason="我在开会，没有接过电话")
    done(wang, "提出异议")
    assert server.rows("SELECT status, level FROM response_incident") == [("responding", 2)]

    # Everybody sees the mark; the reason only those who see the whole.
    for who in ("li", "zhang", "desk", "auditor", "transport"):
        page = at(who, url)
        expect(page.locator("#top")).to_contain_text("口头令有异议")
        expect(page.locator("#timeline")).to_contain_text("口头令有异议")
    expect(at("li", url).locator(f"#decision-{number}")).to_contain_text("我在开会，没有接过电话")
    expect(at("desk").locator(".board__row")).to_contain_text("口头令有异议")

    # The way back is on his desk: the response is revoked without end conditions.
    wang = at("wang")
    want = wang.locator("#wants li", has_text="撤回二级响应")
    expect(want).to_contain_text("您对口头令有异议")
    press(want.locator("a.btn"))
    back = server.rows("SELECT id FROM response_leveldecision WHERE reverses_id IS NOT NULL")[0][0]
    act(wang, f"revoke-{back}")
    done(wang, "撤回二级响应")
    assert server.rows("SELECT status, level FROM response_incident") == [("ended", None)]
    assert server.rows("SELECT count(*) FROM response_deployment WHERE status != 'released'") == [(0,)]


def _this_minute() -> str:
    """The present minute of the city, as a field for moments takes it."""
    return datetime.now(ZoneInfo("Asia/Shanghai")).strftime("%Y-%m-%dT%H:%M")
