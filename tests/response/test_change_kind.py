"""Changing the kind of an event keeps the facts that the new kind has too, and everything that is no fact."""

import re
from typing import Any

from django.urls import reverse

from response.models import Incident
from tests.response.web import WebCase, logged_in, text_of

FOREST, FIRE = "forest_grassland_fire", "fire_incident"
TYPED: dict[str, Any] = {
    "plan": FOREST,
    "facts_of": FOREST,
    "place": "应县南河种镇",
    "source": "call",
    "counties": ["yingxian", "shanyin"],
    "occurred_at": "2026-11-24T11:55",
    "quality": "verified",
    "caller_name": "王小明",
    "caller_phone": "13812345678",
    "words": "街边浓烟",
    "latitude": "39.55",
    "longitude": "113.19",
    "scope_judgement": "应县震感强烈",
    "fact-fire_kind": "forest",
    "fact-deaths": "2",
    "fact-serious_injuries": "3",
    "fact-direct_loss_yuan": "500000",
}
KEPT = ("deaths", "serious_injuries", "direct_loss_yuan")


def shown(page: str, name: str) -> str:
    """What stands in a field of the page."""
    text = re.search(rf'<input[^>]*name="{name}"[^>]*>', page)
    if text and 'type="radio"' not in text[0]:
        value = re.search(r'value="([^"]*)"', text[0])
        return value[1] if value else ""
    area = re.search(rf'<textarea[^>]*name="{name}"[^>]*>\s*([^<]*)', page)
    if area:
        return area[1]
    select = re.search(rf'<select[^>]*name="{name}".*?</select>', page, re.DOTALL)
    chosen = re.search(r'value="([^"]*)"[^>]*selected', select[0]) if select else None
    return chosen[1] if chosen else ""


def checked(page: str, name: str) -> list[str]:
    """The boxes and keys of this name that are pressed."""
    inputs = re.findall(rf'<input[^>]*name="{name}"[^>]*>', page)
    return [found[1] for item in inputs if "checked" in item and (found := re.search(r'value="([^"]*)"', item))]


class ChangeKindTests(WebCase):
    """From a forest fire to a fire in the town: by a key of the kinds, or by the press that suggests it."""

    def changed(self, target: str = "", **typed: Any) -> str:
        headers = {"HTTP_HX_REQUEST": "true", "HTTP_HX_TARGET": target} if target else {}
        answer = logged_in("desk").post(reverse("intake_assess"), TYPED | typed, **headers)
        self.assertEqual(answer.status_code, 200)
        return answer.content.decode()

    def require_kept(self, page: str) -> None:
        for name in KEPT:
            self.assertEqual(shown(page, f"fact-{name}"), TYPED[f"fact-{name}"], name)
        for name in ("place", "caller_name", "caller_phone", "words", "latitude", "longitude", "scope_judgement"):
            self.assertEqual(shown(page, name), TYPED[name], name)
        self.assertEqual(shown(page, "occurred_at")[:16], TYPED["occurred_at"])
        self.assertEqual(shown(page, "quality"), "verified")
        self.assertEqual(sorted(checked(page, "counties")), ["shanyin", "yingxian"])
        self.assertEqual((checked(page, "plan"), checked(page, "source")), ([FIRE], ["call"]))
        self.assertEqual(shown(page, "facts_of"), FIRE)
        self.assertNotIn('name="fact-fire_kind"', page)
        self.assertNotIn("没有这项情况", page)

    def test_with_a_script_by_the_key_and_by_the_press(self) -> None:
        self.require_kept(self.changed("intake", plan=FIRE))
        self.require_kept(self.changed("intake", switch=FIRE))

    def test_without_one_by_the_key_and_by_the_press(self) -> None:
        for page in (self.changed(plan=FIRE), self.changed(switch=FIRE)):
            self.assertIn("<html", page)
            self.require_kept(page)

    def test_what_it_shows_is_judged_too(self) -> None:
        self.assertIn("三级响应", text_of(self.changed("assessment", **{"plan": FIRE, "fact-deaths": "5"})))

    def test_a_press_finds_no_fault_yet(self) -> None:
        for target in ("", "intake"):
            self.assertNotIn("field-error", self.changed(target, switch=FIRE, place="", source="", counties=[]))

    def test_saved_at_once_it_asks_for_the_new_facts_with_the_shared_ones_there(self) -> None:
        answer = logged_in("desk").post(reverse("intake"), TYPED | {"plan": FIRE})
        self.assertEqual(answer.status_code, 409)
        self.require_kept(answer.content.decode())
        self.assertEqual(Incident.objects.count(), 0)

    def test_an_unknown_kind_changes_nothing_but_says_so(self) -> None:
        page = self.changed(switch="volcano")
        self.assertEqual(checked(page, "plan"), [])
        self.assertEqual(shown(page, "caller_name"), "王小明")
