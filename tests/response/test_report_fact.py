"""Figures: the last word of one minute counts, and nobody verifies a figure that they have not seen."""

import re
from datetime import timedelta

from response.actions import facts
from response.facts import in_force, reports_of
from response.models import FactReport, Incident
from tests.cast import NOON, an_earthquake, minutes, person
from tests.response.web import WebCase, text_of


def told(incident: Incident, deaths: int, second: float, **options: object) -> None:
    """The desk is told of so many dead, so many seconds after NOON."""
    at = NOON + timedelta(seconds=second)
    facts.report(incident.pk, {"deaths": deaths}, actor=person("desk"), at=at, source="县指挥部", **options)  # type: ignore[arg-type]


def deaths(incident: Incident) -> FactReport:
    """The report in force."""
    return in_force(reports_of(incident))["deaths"]


class MinuteTests(WebCase):
    """A form gives moments to the minute."""

    def test_a_correction_of_the_same_minute_counts(self) -> None:
        incident = an_earthquake()
        told(incident, 2, 90)
        told(incident, 5, 110, observed_at=minutes(1))
        self.assertEqual(deaths(incident).value, 5)

    def test_one_of_an_earlier_minute_does_not(self) -> None:
        incident = an_earthquake()
        told(incident, 5, 150)
        told(incident, 2, 160, observed_at=minutes(1))
        self.assertEqual(deaths(incident).value, 5)


class VerifyTests(WebCase):
    """Between the page and the press the figure changes."""

    def seen(self, page: str) -> str:
        form = re.search(r'id="act-verify-facts".*?</form>', page, re.DOTALL)
        assert form
        shown = re.search(r'name="seen" value="(\d+)"', form[0])
        assert shown
        return shown[1]

    def verify(self, incident: Incident, seen: str) -> tuple[int, str]:
        answer = self.post("zhang", incident, "verify-facts", facts=["deaths"], source="县医院", seen=seen)
        return answer.status_code, answer.content.decode()

    def test_a_figure_told_since_is_not_verified_unseen(self) -> None:
        incident = an_earthquake(deaths=8)
        seen = self.seen(self.page(incident, "zhang"))
        told(incident, 60, 30)
        status, page = self.verify(incident, seen)
        self.assertEqual(status, 409)
        self.assertIn("刚刚有了新的报告", text_of(page))
        self.assertIn("县医院", page)
        self.assertEqual(deaths(incident).quality, "estimated")
        self.assertEqual(self.verify(incident, self.seen(page))[0], 303)
        self.assertEqual((deaths(incident).value, deaths(incident).quality), (60, "verified"))

    def test_another_figure_told_since_is_no_obstacle(self) -> None:
        incident = an_earthquake(deaths=8)
        seen = self.seen(self.page(incident, "zhang"))
        facts.report(incident.pk, {"missing": 3}, actor=person("desk"), at=minutes(1), source="县指挥部")
        self.assertEqual(self.verify(incident, seen)[0], 303)
