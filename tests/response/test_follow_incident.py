"""Secondary incidents link to the first: at intake, or later by an act; both pages show it."""

import pytest
from django.test import TestCase
from django.urls import reverse

from response.actions import endings, incidents, merging
from response.actions.incidents import Call
from response.models import Incident
from shuozhou_ops.errors import BadInput, Conflict, NotAuthorised
from tests.cast import a_response, an_earthquake, fresh, minutes, person, verbs
from tests.response.web import WebCase, logged_in

pytestmark = pytest.mark.both


def a_slide(follows: str = "") -> Incident:
    call = Call(plan="geological_hazard", place="应县南山", source="call", counties=("yingxian",), follows=follows)
    return incidents.log(call, actor=person("desk"), at=minutes(30))


class FollowTests(TestCase):
    """The action, and logging with a first."""

    def test_at_intake(self) -> None:
        first = a_response(3)
        self.assertEqual(a_slide(first.public_id).follows_id, first.pk)
        over = a_response(4)
        endings.dismiss(over.pk, actor=person("zhang"), at=minutes(2), reason="误报")
        for named in (over.public_id, "nothing"):
            with self.assertRaises(BadInput):
                a_slide(named)

    def test_later_by_an_act_and_never_in_a_circle(self) -> None:
        first, slide = an_earthquake(), a_slide()
        merging.follow(slide.pk, first.pk, actor=person("desk"), at=minutes(31))
        self.assertEqual(fresh(slide).follows_id, first.pk)
        self.assertEqual(verbs(slide)[-1], "incident.followed")
        for one, other in ((first, slide), (first, first)):
            with self.assertRaises(Conflict):
                merging.follow(one.pk, other.pk, actor=person("desk"), at=minutes(32))
        for who in ("yingxian", "transport", "auditor"):
            with self.assertRaises(NotAuthorised):
                merging.follow(slide.pk, first.pk, actor=person(who), at=minutes(32))


class FollowPageTests(WebCase):
    """Both pages, and the intake."""

    def test_from_the_first_s_page_to_the_intake_and_both_show_it(self) -> None:
        first = a_response(3)
        address = reverse("intake") + f"?follows={first.public_id}"
        self.assertIn(address, self.page(first, "desk"))
        page = logged_in("desk").get(address).content.decode()
        self.assertIn(f'<option value="{first.public_id}" selected>', page)
        typed = {
            "plan": "geological_hazard",
            "place": "应县南山",
            "source": "call",
            "counties": "yingxian",
            "follows": first.public_id,
            "facts_of": "geological_hazard",
        }
        answer = logged_in("desk").post(reverse("intake"), typed)
        self.assertEqual(answer.status_code, 303)
        slide = Incident.objects.get(follows=first)
        self.assertIn(f"由{first.code}引发", self.text(slide, "desk"))
        self.assertIn(f"次生事件{slide.code}", self.text(first, "desk"))

    def test_later_from_its_own_page(self) -> None:
        first, slide = an_earthquake(), a_slide()
        self.done(self.post("desk", slide, "follow", first=first.public_id))
        self.assertEqual(fresh(slide).follows_id, first.pk)
