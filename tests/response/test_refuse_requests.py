"""Addresses and values that nobody means: never a crash, never out of the house."""

import pytest
from django.urls import reverse

from response.models import FactReport, Task
from tests.cast import a_response, an_earthquake
from tests.response.web import WebCase, logged_in, text_of

HUGE = "9" * 30
AWAY = ("//evil.example", "https://evil.example/", "/\\evil.example", "javascript:x", "/incidents/\x00/x", "/#\r\nX: y")
NO_BUTTON = ("/login/", "/logout/", "/admin/", "/healthz", "/api/v1/plans/earthquake/assess", "/incidents/new/assess/")


@pytest.mark.both
class OddAddressTests(WebCase):
    """Not found, and nothing else."""

    def test_an_incident_of_no_such_name(self) -> None:
        client = logged_in("desk")
        for name in ("%00", "a" * 5000, "%ED%A0%80", "%F0%9F%98%80", "..%2f", "'--"):
            with self.subTest(name=name[:20]):
                self.assertEqual(client.get(f"/incidents/{name}/").status_code, 404)
                self.assertEqual(client.post(f"/incidents/{name}/verify/").status_code, 404)

    def test_numbers_that_no_row_can_have(self) -> None:
        client = logged_in("li")
        for path in ("decisions/{}/approve/", "deployments/{}/seat/", "papers/{}/submit/", "tasks/{}/accept/"):
            self.assertEqual(client.post("/" + path.format(HUGE)).status_code, 404)
        self.assertEqual(client.post(f"/notices/{HUGE}/acknowledge/").status_code, 404)

    def test_a_moment_before_all_time_is_refused_in_words(self) -> None:
        incident = an_earthquake()
        for moment in ("0001-01-01T00:00", "0999-05-01T00:00", "1899-12-31T23:59"):
            typed = {"fact-deaths": "1", "source": "县", "quality": "estimated", "observed_at": moment}
            answer = self.post("desk", incident, "report-facts", **typed)
            self.assertEqual(answer.status_code, 400)
            self.assertIn("时间过早", text_of(answer.content.decode()))
        self.assertFalse(FactReport.objects.filter(incident=incident, name="deaths").exists())


class WhereToTests(WebCase):
    """`next` leads back to a page with the button, or to the desk."""

    def test_refused_it_shows_the_desk_for_any_other_address(self) -> None:
        task = Task.objects.filter(incident=a_response(3), unit__key="transport").first()
        assert task
        for address in (*AWAY, *NO_BUTTON):
            with self.subTest(address=address):
                answer = logged_in("transport").post(f"/tasks/{task.pk}/decline/", {"next": address, "text": ""})
                self.assertEqual(answer.status_code, 400)
                self.assertIn("待我处理", text_of(answer.content.decode()))

    def test_done_it_goes_to_the_desk_for_any_other_address(self) -> None:
        for address in (*AWAY[:4], *NO_BUTTON):
            task = Task.objects.filter(unit__key="transport", incident=a_response(3)).first()
            assert task
            answer = logged_in("transport").post(f"/tasks/{task.pk}/accept/", {"next": address})
            self.assertEqual((answer.status_code, answer["Location"]), (303, reverse("desk")))
