"""A plan that nobody here has seen, loaded into the running system and lived from the call to the closing."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Visit
from tests.browser.people import act, done, greyed, press
from tests.plans.small_plan import tree
from tests.server import ROOT, Server, environment

pytestmark = pytest.mark.browser


def _flood() -> dict[str, Any]:
    """The small plan with two commanders, no group before level 2, two grades of its own, a colourless warning."""
    third, fourth = tree()["levels"]
    commanders = ["vice_mayor_emergency", "vice_mayor_natural_resources"]
    heavy = {"cite": "附件3", "text": "雨量100毫米以上", "when": {"fact": "rain_mm", "at_least": 100}}
    grades = [
        {"grade": 2, "name": "大洪水", "cite": "附件3", "conditions": [heavy]},
        {**tree()["grades"][0], "grade": 3, "name": "普通洪水"},
    ]
    step = {**tree()["warnings"][0]["steps"][0], "name": "注意防汛", "colour": None}
    return tree(
        headquarters={**tree()["headquarters"], "commanders": commanders, "decides": "any"},
        groups=[{**tree()["groups"][0], "from_level": 2}],
        duties=[{"unit": "市防汛办", "text": "会商水情", "cite": "附件3", "phase": "response"}],
        levels=[{**third, "tells": "all"}, fourth],
        grades=grades,
        warnings=[{**tree()["warnings"][0], "steps": [step]}],
    )


@pytest.fixture
def flood(server: Server, tmp_path: Path) -> None:
    """The plan in force, put there by the command while the system runs."""
    file = tmp_path / "flood.json"
    file.write_text(json.dumps(_flood(), ensure_ascii=False), encoding="utf-8")
    command = [sys.executable, "manage.py", "plans", "load", str(file)]
    loaded = subprocess.run(
        command, cwd=ROOT, env=environment(server.folder), capture_output=True, text=True, check=True
    )
    assert loaded.stdout.strip() == "v1"


def _log(desk: Page, *, javascript: bool) -> str:
    """Log a flood at the intake; the address of its incident."""
    desk.click('.desk-head a:has-text("记录事件")')
    desk.check("[name=plan][value=flood]")
    if not javascript:
        press(desk.locator('button.btn:has-text("只研判")'))
    expect(desk.locator('[name="fact-dam_broken"]')).to_be_visible()
    names = [field.get_attribute("name") for field in desk.locator('[name^="fact-"]').all()]
    assert names == [f"fact-{fact['name']}" for fact in tree()["facts"]]
    desk.fill("[name=place]", "应县桑干河")
    desk.check("[name=counties][value=yingxian]")
    desk.check("[name=source][value=call]")
    desk.fill('[name="fact-rain_mm"]', "120")
    desk.select_option('[name="fact-dam_broken"]', "true")
    press(desk.locator("[data-save]"))
    done(desk, "已记录")
    return desk.url


@pytest.mark.parametrize(("javascript", "width"), [(True, 1440), (False, 390)], ids=["with JavaScript", "without"])
@pytest.mark.usefixtures("flood")
def test_from_the_call_to_the_closing(visit: Visit, server: Server, javascript: bool, width: int) -> None:
    people: dict[str, Page] = {}

    def at(who: str, address: str = "/") -> Page:
        page = people.get(who) or people.setdefault(who, visit(who, javascript=javascript, width=width))
        page.goto(address)
        return page

    # Its scales are its own: level 3 by the broken dam, the second grade by the rain.
    desk = at("desk")
    url = _log(desk, javascript=javascript)
    expect(desk.locator("main")).to_contain_text("大洪水")
    number = (desk.locator("article.decision--suggested").get_attribute("id") or "").rpartition("-")[2]
    greyed(desk, "决定启动三级响应", "三级响应由指挥长决定")

    # The office reports; either of the two commanders decides, and the other finds it decided.
    act(at("water", url), f"propose-{number}", note="溃坝，请批示")
    for commander in ("jin", "hao"):
        expect(at(commander).locator("#wants")).to_contain_text("启动三级响应")
    hao = at("hao", url)
    act(hao, f"approve-{number}")
    done(hao, "已启动三级响应")
    jin = at("jin")
    expect(jin.locator("#wants")).not_to_contain_text("启动三级响应")
    expect(at("jin", url).locator("#top")).to_contain_text("三级响应")

    # No group stands at level 3: what the text gives to one is done by the unit that leads it.
    stands = server.rows("SELECT DISTINCT kind FROM response_deployment ORDER BY kind")
    assert stands == [("headquarters",), ("team",)]
    heads = [head.partition("\n")[0] for head in jin.locator("#deployments > details > summary").all_inner_texts()]
    assert heads[:2] == ["市防汛指挥部", "联合组"]
    assert "综合组" not in " ".join(heads)
    expect(jin.locator("#deployments")).to_contain_text("派工作组")
    office = at("water")
    task = office.locator(".want--task").first.get_attribute("id") or ""
    press(office.locator(f'#{task} button:has-text("签收")').last)
    assert server.rows("SELECT count(*) FROM response_task WHERE status = 'accepted'") == [(1,)]

    # The end: its one condition, then either commander.
    water = at("water", url)
    act(water, "confirm-end-0", basis="水位已回落")
    done(water, "确认结束条件")
    greyed(water, "宣布结束三级响应", "由")
    jin = at("jin", url)
    jin.check("#act-declare-end [name=rest][value=dropped]")
    act(jin, "declare-end")
    done(jin, "宣布结束三级响应")
    water = at("water", url)
    act(water, "open-review")
    done(water, "开展评估总结")
    act(water, "close")
    done(water, "办结")
    auditor = at("auditor", url)
    expect(auditor.locator("#timeline")).to_contain_text("办结")
    assert server.rows("SELECT status, level, grade FROM response_incident") == [("closed", None, 2)]


@pytest.mark.parametrize("width", [390, 1440])
@pytest.mark.usefixtures("flood")
def test_its_page_reads_whatever_its_scales_and_warnings_are(visit: Visit, width: int) -> None:
    page = visit("desk", width=width)
    page.goto("/plans/")
    page.locator('main a:has-text("洪涝")').first.click()
    text = page.locator("main")
    for words in ("大洪水", "普通洪水", "三级响应", "四级响应", "注意防汛", "市气象局", "分管应急管理工作的副市长"):
        expect(text).to_contain_text(words)
    assert "None" not in text.inner_text()
    warning = page.locator('article:has(h4:has-text("注意防汛"))')
    assert warning.locator("[class*=yellow], [class*=level-]").count() == 0
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
