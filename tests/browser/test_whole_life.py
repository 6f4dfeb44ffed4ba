"""One earthquake by a real browser, each of the cast in turn, with JavaScript and without."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Visit
from tests.browser.people import act, done, greyed, press, unfold
from tests.server import Server

pytestmark = pytest.mark.browser


def _log(page: Page, magnitude: str, *, javascript: bool = True) -> str:
    """Log a call at the desk; the address of its incident."""
    page.click('.desk-head a:has-text("记录事件")')
    page.check("[name=plan][value=earthquake]")
    if not javascript:
        press(page.locator('button.btn:has-text("只研判")'))
    expect(page.locator('[name="fact-magnitude"]')).to_be_visible()
    page.fill("[name=place]", "应县南河种镇")
    page.check("[name=counties][value=yingxian]")
    page.check("[name=source][value=call]")
    page.fill('[name="fact-magnitude"]', magnitude)
    press(page.locator("[data-save]"))
    done(page, "已记录")
    return page.url


def _decision(page: Page) -> str:
    """The number of the decision that waits."""
    found = page.locator("article.decision--suggested, article.decision--proposed").first
    return (found.get_attribute("id") or "").rpartition("-")[2]


@pytest.mark.parametrize("javascript", [True, False], ids=["with JavaScript", "without"])
def test_from_the_call_to_the_closing(visit: Visit, server: Server, javascript: bool) -> None:
    people: dict[str, Page] = {}

    def at(who: str, address: str = "/") -> Page:
        page = people.get(who) or people.setdefault(who, visit(who, javascript=javascript))
        page.goto(address)
        return page

    desk = at("desk")
    url = _log(desk, "5.2", javascript=javascript)
    number = _decision(desk)
    greyed(desk, "报请启动三级响应", "应由市指挥部办公室主任向指挥长报请")
    greyed(desk, "决定启动三级响应", "三级响应由指挥长决定")

    # The director reports, the commander decides; someone else sees neither.
    zhang = at("zhang")
    expect(zhang.locator("#wants")).to_contain_text("启动三级响应")
    press(zhang.locator("#wants a.btn").first)
    act(zhang, f"propose-{number}", note="震感强烈，请批示")
    done(zhang, "报请启动三级响应")
    assert at("transport", url).locator("h1").inner_text() == "没有这一页"
    li = at("li")
    expect(li.locator("#wants")).to_contain_text("启动三级响应")
    press(li.locator("#wants a.btn").first)
    said = li.locator(f"#decision-{number} .offer__says").first.inner_text()
    act(li, f"approve-{number}")
    done(li, said.partition("：")[2])
    expect(li.locator("#top")).to_contain_text("三级响应")

    # A bureau acknowledges, accepts, reports, cannot, finishes.
    bureau = at("transport")
    press(bureau.locator('#wants button:has-text("签收")').first)
    tasks = [item.get_attribute("id") or "" for item in bureau.locator(".want--task").all()][:2]
    for task in tasks:
        press(bureau.locator(f'#{task} button:has-text("签收")').last)
    for task, text, label in (
        (tasks[0], "已出动 3 台抢险车", "报告进展"),
        (tasks[0], "道路已抢通", "完成"),
        (tasks[1], "缺大型吊车", "无法完成"),
    ):
        item = bureau.locator(f"#{task}")
        unfold(item.locator("textarea")).fill(text)
        press(item.locator(f'button:text-is("{label}")'))
    expect(at("li", url).locator("#timeline")).to_contain_text("缺大型吊车")

    # Worse figures propose level 2 to the commander; only the commander-in-chief approves.
    desk = at("desk", url)
    form = unfold(desk.locator("#act-report-facts"))
    form.locator('[name="fact-deaths"]').fill("52")
    form.locator("[name=source]").fill("应县指挥部")
    press(form.locator("button"))
    done(desk, "死亡人数 52人")
    li = at("li", url)
    number = _decision(li)
    greyed(li, "提高至二级响应", "二级响应由")
    act(li, f"propose-{number}")
    wang = at("wang", url)
    act(wang, f"approve-{number}")
    done(wang, "已提高至二级响应")

    # The end: each condition by name, declared by the commander; then the papers, then closed.
    zhang = at("zhang", url)
    for place in range(5):
        act(zhang, f"confirm-end-{place}", basis="各组报告")
        done(zhang, "确认结束条件")
    greyed(zhang, "宣布结束二级响应", "由")
    li = at("li", url)
    li.check("#act-declare-end [name=rest][value=dropped]")
    act(li, "declare-end")
    done(li, "宣布结束二级响应")
    zhang = at("zhang", url)
    act(zhang, "open-review")
    done(zhang, "开展评估总结")
    bureau = at("transport", url)
    _hand_in(bureau, bureau.locator("details.paper").first.get_attribute("id") or "")
    zhang = at("zhang", url)
    papers = [item.get_attribute("id") or "" for item in zhang.locator("details.paper:has(form)").all()]
    for paper in papers:
        _hand_in(zhang, paper)
    act(zhang, "close")
    done(zhang, "办结")

    auditor = at("auditor", url)
    expect(auditor.locator("#timeline")).to_contain_text("办结")
    assert auditor.locator("main form").count() == 0
    assert server.rows("SELECT status, level, grade FROM response_incident") == [("closed", None, 2)]
    assert server.rows("SELECT count(*) FROM response_paper WHERE status = 'owed'") == [(0,)]
    assert server.rows("SELECT kind, to_level, status FROM response_leveldecision ORDER BY id") == [
        ("start", 3, "approved"),
        ("raise", 2, "approved"),
        ("end", None, "approved"),
    ]


def _hand_in(page: Page, paper: str) -> None:
    form = unfold(page.locator(f"#{paper} form"))
    for field in form.locator("textarea, input[type=text]").all():
        field.fill("如实填写")
    press(form.locator("button"))
    done(page, "收到")


@pytest.mark.parametrize("javascript", [True, False], ids=["with JavaScript", "without"])
def test_a_quake_without_a_level_is_closed_with_a_reason(visit: Visit, server: Server, javascript: bool) -> None:
    desk = visit("desk", javascript=javascript, width=390)
    url = _log(desk, "3.1", javascript=javascript)
    act(desk, "verify", basis="市防震减灾中心")
    done(desk, "核实事件属实")
    zhang = visit("zhang", javascript=javascript, width=390)
    zhang.goto(url)
    act(zhang, "close", reason="有感无灾")
    done(zhang, "办结，有感无灾")
    assert server.rows("SELECT status, level FROM response_incident") == [("closed", None)]


def test_a_call_is_logged_by_keyboard_alone(visit: Visit, server: Server) -> None:
    page = visit("desk")
    page.keyboard.press("n")
    page.wait_for_url("**/incidents/new/")
    expect(page.locator("[name=plan]").first).to_be_focused()
    page.keyboard.press("Space")
    expect(page.locator('[name="fact-magnitude"]')).to_be_visible()
    _tab_to(page, "[name=place]")
    page.keyboard.type("怀仁市云中镇")
    expect(page.locator("[name=counties][value=huairen]")).to_be_checked()
    _tab_to(page, "[name=source]")
    page.keyboard.press("Space")
    page.keyboard.press("ArrowRight")
    _tab_to(page, '[name="fact-magnitude"]')
    page.keyboard.type("4.5")
    expect(page.locator("#assessment")).to_contain_text("四级响应")
    expect(page.locator("#judged")).to_contain_text("四级响应")
    page.keyboard.press("Control+Enter")
    page.wait_for_url(re.compile(r"/incidents/[0-9a-f]{12}/"))
    assert server.rows("SELECT place, source FROM response_incident") == [("怀仁市云中镇", "county")]


def _tab_to(page: Page, wanted: str) -> None:
    for _ in range(20):
        page.keyboard.press("Tab")
        if page.locator(f"{wanted}:focus").count():
            return
    raise AssertionError(f"the keyboard does not reach {wanted}")


def test_what_stands_beside_the_form_follows_what_is_typed(visit: Visit, server: Server) -> None:
    _log(visit("desk"), "4.5")
    page = visit("zhang")
    page.goto("/incidents/new/?plan=earthquake")
    page.fill("[name=place]", "应县")
    expect(page.locator("#duplicates")).to_contain_text("应县南河种镇")
    page.fill('[name="fact-magnitude"]', "5.2")
    expect(page.locator("#judgement")).to_contain_text("三级响应")
    expect(page.locator("#judgement")).to_contain_text("接着问")
    page.click('[data-adopt="id_fact-density"]')
    assert page.input_value('[name="fact-density"]') == "populated"
    page.fill('[name="fact-deaths"]', "许多")
    expect(page.locator("#assessment")).to_contain_text("还不能保存")
    page.keyboard.press("Enter")  # judges, never saves
    page.wait_for_load_state("networkidle")
    assert "/new/" in page.url
    assert server.rows("SELECT count(*) FROM response_incident") == [(1,)]


@pytest.mark.parametrize("javascript", [True, False], ids=["with JavaScript", "without"])
def test_a_refusal_keeps_what_was_typed_and_names_the_field(visit: Visit, server: Server, javascript: bool) -> None:
    page = visit("desk", javascript=javascript, width=390)
    page.goto("/incidents/new/?plan=earthquake")
    page.fill("[name=place]", "<b>应县</b>")
    page.fill('[name="fact-magnitude"]', "NaN")
    page.fill("[name=caller_name]", "王小明")
    press(page.locator("[data-save]"))
    summary = page.locator(".errors-summary")
    expect(summary).to_contain_text("震级")
    expect(summary).to_contain_text("请选择“来源”")
    assert page.input_value("[name=place]") == "<b>应县</b>"
    assert page.input_value("[name=caller_name]") == "王小明"
    assert page.input_value('[name="fact-magnitude"]') == "NaN"
    assert server.rows("SELECT count(*) FROM response_incident") == [(0,)]
