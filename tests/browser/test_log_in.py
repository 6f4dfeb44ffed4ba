"""The door, by a real browser, with JavaScript and without."""

import pytest
from playwright.sync_api import expect

from demo import cast
from tests.browser.conftest import Visit
from tests.server import Server

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("javascript", [True, False])
def test_each_of_the_cast_comes_in_and_sees_who_they_are(visit: Visit, javascript: bool) -> None:
    for person in cast.LEADS[:3]:
        page = visit(person.username, javascript=javascript, width=390)
        expect(page.locator("body")).to_contain_text(person.name)
        assert "/login" not in page.url


def test_a_wrong_password_stays_outside_and_five_are_locked_out(visit: Visit, server: Server) -> None:
    page = visit()
    for password in ["wrong"] * 5 + [cast.PASSWORD]:
        page.goto("/login/")
        page.fill("[name=username]", "desk")
        page.fill("[name=password]", password)
        page.click("form:has([name=password]) [type=submit]")
    assert page.goto("/") is not None
    assert "/login" in page.url
    assert server.rows("SELECT count(*) FROM django_session WHERE length(session_data) > 0") == [(0,)]
