"""The real server, as `make run` starts it, and a real Chromium in front of it.

`visit` opens a browser of its own for a person; `server.rows` reads the tables behind the pages.
"""

import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from demo import cast
from tests import chromium
from tests.server import Server, prepare

os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")  # Playwright keeps a loop in this thread
FLAGS = [
    "--no-sandbox",
    "--disable-dev-shm-usage",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
Visit = Callable[..., Page]


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database that is migrated, has the plan and the demo cast, and that nobody has used yet."""
    folder = tmp_path_factory.mktemp("template")
    return prepare(folder)


@pytest.fixture
def server(template: Path, tmp_path: Path) -> Iterator[Server]:
    """A system of the test's own."""
    running = Server(tmp_path)
    with closing(sqlite3.connect(template)) as source, closing(sqlite3.connect(running.database)) as target:
        source.backup(target)
    running.start()
    try:
        yield running
    finally:
        running.stop()
    running.fold()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The Chromium of this machine."""
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=chromium.found(), args=FLAGS)
        yield launched
        launched.close()


@pytest.fixture
def visit(browser: Browser, server: Server) -> Iterator[Visit]:
    """`visit("account")` is a page of a browser in which that account is logged in; `visit()` of one where nobody is.

    `javascript=False` and `width=390` choose the browser. A script error or a breach of the content security policy
    fails the test.
    """
    opened: list[BrowserContext] = []
    wrong: list[str] = []

    def open_page(account: str = "", *, javascript: bool = True, width: int = 1440) -> Page:
        context = browser.new_context(
            base_url=server.url,
            java_script_enabled=javascript,
            viewport={"width": width, "height": 900 if width > 600 else 844},
            locale="zh-CN",
            timezone_id="Asia/Shanghai",
        )
        context.set_default_timeout(10_000)
        opened.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: wrong.append(f"{page.url}: {error}"))
        page.on("console", lambda said: wrong.append(said.text) if "Content Security Policy" in said.text else None)
        if account:
            login(page, account)
        return page

    yield open_page
    for context in opened:
        context.close()
    assert not wrong, wrong


@pytest.fixture
def page(visit: Visit) -> Page:
    """A page where nobody is logged in."""
    return visit()


@pytest.fixture
def page_without_js(visit: Visit) -> Page:
    """The same with JavaScript turned off."""
    return visit(javascript=False)


def login(page: Page, account: str) -> None:
    """Log a demo account in by the form, from wherever the page is."""
    page.goto("/login/")
    page.fill("[name=username]", account)
    page.fill("[name=password]", cast.PASSWORD)
    page.click("form:has([name=password]) [type=submit]")
    page.wait_for_url(lambda url: "/login" not in url)
