"""A plan read in a browser: from a chip to the official words, by keyboard, and on paper."""

import subprocess
import sys
from pathlib import Path

import pytest
from playwright.sync_api import expect

from plans import registry
from plans.documents import OutlineItem
from tests.browser.conftest import Visit
from tests.server import ROOT, Server, environment

pytestmark = pytest.mark.browser


def _words(item: OutlineItem) -> str:
    """A clause as a text of its own might have it."""
    if "(" in item.cite:
        return f"({item.cite.partition('(')[2][:-1]}) {item.heading}的原文。"
    return f"{item.cite} {item.heading}\n{item.heading}的原文。" if item.cite[0].isdigit() else ""


@pytest.mark.parametrize("width", [1440, 390])
def test_a_plan_is_searched_unfolded_and_printed(visit: Visit, server: Server, tmp_path: Path, width: int) -> None:
    key = registry.library_keys()[0]
    document = registry.from_library(key)
    first = document.outline[1]
    text = tmp_path / "text.txt"
    text.write_text("\n".join([document.document, *map(_words, document.outline)]), encoding="utf-8")
    attach = [sys.executable, "manage.py", "plans", "attach-text", key, str(text)]
    subprocess.run(attach, cwd=ROOT, env=environment(server.folder), check=True)
    page = visit("li", javascript=False, width=width)
    page.goto(f"/plans/{key}/")
    page.fill("#q", first.heading)
    page.press("#q", "Enter")
    page.locator("#hits li", has_text="原文").locator("a").first.click()
    opened = page.locator("details.official[open]")
    expect(opened).to_have_count(1)
    expect(opened).to_contain_text(f"{first.heading}的原文。")
    expect(opened).to_be_in_viewport()
    folded = page.locator("details.official:not([open])").first
    folded.locator("summary").focus()
    page.keyboard.press("Enter")
    expect(page.locator("details.official[open]")).to_have_count(2)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.emulate_media(media="print")
    expect(page.locator("nav.toc")).to_be_hidden()
    expect(page.locator("#q")).to_be_hidden()
    assert all(body.is_visible() for body in page.locator(".official__text").all())
