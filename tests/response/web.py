"""A person of the cast at a browser without JavaScript: reads pages, fills in forms."""

import html
import re
from datetime import datetime
from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.test import Client, TestCase, override_settings
from django.urls import reverse

from response.models import Incident
from shuozhou_ops import clock
from tests.cast import minutes, user


def logged_in(username: str) -> Client:
    """The browser of one person."""
    client = Client()
    client.force_login(user(username), backend=settings.AUTHENTICATION_BACKENDS[-1])
    return client


def text_of(page: str) -> str:
    """What a reader reads: tags gone, white space single."""
    body = re.sub(r"<(script|style).*?</\1>", " ", page, flags=re.DOTALL)
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", body)))


def reported(**typed: str) -> dict[str, str]:
    """What is posted to report facts; `deaths` stands for the field of that fact."""
    fields = {
        f"fact-{name}": value for name, value in typed.items() if name not in ("source", "quality", "observed_at")
    }
    return {
        "source": typed.get("source", "县应急局"),
        "quality": typed.get("quality", "estimated"),
        "observed_at": typed.get("observed_at", ""),
        **fields,
    }


@override_settings(DEMO=True)
class WebCase(TestCase):
    """Tests of pages, two minutes after NOON unless moved."""

    def setUp(self) -> None:
        self.clock_at(minutes(2))

    def clock_at(self, moment: datetime) -> None:
        """Hold the clock from here to the end of the test."""
        held = clock.at(moment)
        held.__enter__()
        self.addCleanup(held.__exit__, None, None, None)

    def get(self, incident: Incident, who: str, query: str = "") -> HttpResponse:
        """The page as an answer."""
        return logged_in(who).get(reverse("incident", args=[incident.public_id]) + query)

    def page(self, incident: Incident, who: str, query: str = "") -> str:
        """The page as markup."""
        answer = self.get(incident, who, query)
        self.assertEqual(answer.status_code, 200)
        return answer.content.decode()

    def text(self, incident: Incident, who: str, query: str = "") -> str:
        """The page as a reader reads it."""
        return text_of(self.page(incident, who, query))

    def post(self, who: str, incident: Incident, act: str, **typed: Any) -> HttpResponse:
        """An act on an incident by form."""
        return logged_in(who).post(reverse("incident_act", args=[incident.public_id, act]), typed)

    def settle(self, who: str, decision: int, act: str, **typed: Any) -> HttpResponse:
        """An act on a decision by form."""
        return logged_in(who).post(reverse("decision_act", args=[decision, act]), typed)

    def done(self, answer: HttpResponse) -> str:
        """The page after an act that was done, as a reader reads it."""
        self.assertEqual(answer.status_code, 303, text_of(answer.content.decode()))
        after = answer.client.get(answer["Location"].partition("#")[0])  # type: ignore[attr-defined]
        self.assertEqual(after.status_code, 200)
        return text_of(after.content.decode())
