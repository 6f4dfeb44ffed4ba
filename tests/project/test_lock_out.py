"""The lockout goes by account and address; a client that may name its own address would never be locked out."""

import re
import urllib.error
import urllib.parse
import urllib.request
from http.cookiejar import CookieJar
from pathlib import Path

from django.conf import settings

from tests.server import Server


class Browser:
    """Somebody at the door with wrong passwords, who says to come from elsewhere each time."""

    def __init__(self, url: str) -> None:
        self.url = f"{url}/login/"
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))
        page = self.opener.open(self.url, timeout=30).read().decode()
        found = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)
        assert found
        self.token = found[1]

    def try_a_password(self, address: str) -> int:
        """The status of the answer."""
        form = {"username": "wang", "password": "wrong", "csrfmiddlewaretoken": self.token}
        data = urllib.parse.urlencode(form).encode()
        ask = urllib.request.Request(self.url, data, {"X-Forwarded-For": address})
        try:
            status: int = self.opener.open(ask, timeout=30).status
        except urllib.error.HTTPError as answer:
            return answer.code
        return status


def test_an_address_made_up_by_the_client_counts_for_nothing(tmp_path: Path) -> None:
    server = Server(tmp_path)
    server.start()
    try:
        browser = Browser(server.url)
        answers = [browser.try_a_password(f"192.0.2.{place}") for place in range(settings.AXES_FAILURE_LIMIT)]
    finally:
        server.stop()
    assert answers == [200] * (settings.AXES_FAILURE_LIMIT - 1) + [429]
