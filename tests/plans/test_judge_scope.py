"""Whether an event is of a plan: its lines of scope under what is known (1.3, 1.4; interpretation 10)."""

from typing import Any
from unittest import TestCase

from plans import registry, scope
from plans.documents import PlanDocument
from plans.scope import Judged
from tests.plans.small_plan import plan, tree

RAIN = {"text": "有雨", "cite": "1.3", "when": {"fact": "rain_mm", "more_than": 0}}
DAM = {"text": "溃坝", "cite": "1.4", "when": {"fact": "dam_broken", "is": True}}
EYES = {"text": "在堤内", "cite": "1.4"}
ABROAD = {"text": "外市洪水，经研判影响严重", "cite": "1.3", "needs_judgement": True}
LIBRARY = [registry.from_library(key) for key in registry.library_keys()]


def of_library(key: str) -> PlanDocument:
    return registry.from_library(key)


def judged(*lines: dict[str, Any], outside: bool = False, by_a_person: bool = False, **facts: Any) -> Judged:
    """The small plan with these lines of scope, under these facts."""
    return scope.judge(plan(scope=list(lines)), facts, outside=outside, judged=by_a_person)


def states(found: Judged) -> list[str]:
    return [line.state for line in found.lines]


class LineTests(TestCase):
    """One line: by its condition, by where it happened, by a person, or by the eyes."""

    def test_by_its_condition(self):
        for facts, state, needs in (
            ({"rain_mm": 5, "dead": 1}, "holds", ()),
            ({"rain_mm": 0}, "fails", ()),
            ({"dead": 1}, "open", ("rain_mm",)),
            ({"rain_mm": None}, "open", ("rain_mm",)),
        ):
            with self.subTest(facts):
                (line,) = judged(RAIN, **facts).lines
                by = () if state == "open" else (("rain_mm", facts["rain_mm"]),)
                self.assertEqual((line.state, line.needs, line.by), (state, needs, by))

    def test_without_a_condition_only_eyes_tell(self):
        self.assertEqual(states(judged(EYES)), ["look"])

    def test_what_needs_a_judgement_is_for_events_outside_the_city_and_the_rest_for_those_in_it(self):
        self.assertEqual(states(judged(EYES, RAIN, ABROAD, rain_mm=5)), ["look", "holds", "idle"])
        self.assertEqual(states(judged(EYES, RAIN, ABROAD, rain_mm=5, outside=True)), ["outside", "outside", "judge"])
        self.assertEqual(states(judged(ABROAD, outside=True, by_a_person=True)), ["holds"])

    def test_a_judgement_does_not_mend_a_condition(self):
        both = {**RAIN, "needs_judgement": True}
        self.assertEqual(states(judged(both, outside=True, by_a_person=True, rain_mm=0)), ["fails"])
        self.assertEqual(states(judged(both, outside=True, rain_mm=5)), ["judge"])


class VerdictTests(TestCase):
    """The whole: one case that holds is enough, and all have to fail."""

    def test_in_out_open_or_to_be_looked_at(self):
        for lines, facts, verdict in (
            ((RAIN,), {"rain_mm": 5}, "in"),
            ((RAIN,), {"rain_mm": 0}, "out"),
            ((RAIN,), {}, "open"),
            ((RAIN, DAM), {"rain_mm": 0, "dam_broken": True}, "in"),
            ((RAIN, DAM), {"rain_mm": 0}, "open"),
            ((RAIN, DAM), {"rain_mm": 0, "dam_broken": False}, "out"),
            ((RAIN, EYES), {"rain_mm": 5}, "look"),
            ((RAIN, EYES), {"rain_mm": 0}, "out"),
            ((EYES,), {}, "look"),
            ((EYES,), {"outside": True}, "out"),
            ((EYES, ABROAD), {"outside": True}, "open"),
            ((EYES, ABROAD), {"outside": True, "by_a_person": True}, "in"),
        ):
            with self.subTest(lines=lines, facts=facts):
                self.assertEqual(judged(*lines, **facts).verdict, verdict)

    def test_it_is_out_by_the_lines_that_fail_and_only_when_out(self):
        out = judged(RAIN, DAM, EYES, rain_mm=0, dam_broken=False).out
        self.assertEqual([line.scope.text for line in out], ["有雨", "溃坝"])
        self.assertEqual(judged(RAIN, DAM, rain_mm=0, dam_broken=True).out, ())

    def test_a_plan_that_says_nothing_of_its_scope_leaves_nothing_out(self):
        self.assertEqual((judged(outside=True).lines, judged(outside=True).out), ((), ()))

    def test_the_line_that_waits_for_a_judgement(self):
        waits = judged(EYES, ABROAD, outside=True).unjudged
        assert waits is not None
        self.assertEqual(waits.text, ABROAD["text"])
        self.assertIsNone(judged(EYES, ABROAD).unjudged)
        self.assertIsNone(judged(EYES, ABROAD, outside=True, by_a_person=True).unjudged)


class OtherTests(TestCase):
    """Which other plans it may be of."""

    def other(self, key: str, *lines: dict[str, Any], **changes: Any) -> PlanDocument:
        return plan(plan=key, scope=list(lines), **changes)

    def names(self, documents: list[PlanDocument], outside: bool = False, **facts: Any) -> list[str]:
        return [item.plan for item in scope.others(plan(), documents, facts, outside=outside)]

    def test_those_of_which_nothing_fails_the_one_that_holds_first(self):
        documents = [
            plan(),
            self.other("dry", {**RAIN, "when": {"fact": "rain_mm", "at_most": 0}}),
            self.other("eyes", EYES),
            self.other("silent"),
            self.other("wet", RAIN),
        ]
        self.assertEqual(self.names(documents, rain_mm=5), ["wet", "eyes", "silent"])
        self.assertEqual(self.names(documents, rain_mm=0), ["dry", "eyes", "silent"])
        self.assertEqual(self.names(documents), ["dry", "eyes", "silent", "wet"])

    def test_then_the_one_that_keeps_most_of_what_is_typed(self):
        few = {
            "facts": [tree()["facts"][0]],
            "levels": [],
            "grades": [],
            "ending": [],
        }
        self.assertEqual(self.names([self.other("few", EYES, **few), self.other("many", EYES)]), ["many", "few"])

    def test_a_fact_of_the_same_name_that_takes_other_values_is_not_known_there(self):
        spec = {"name": "rain_mm", "type": "choice", "values": ["some"], "label": {"zh": "雨", "en": "rain"}}
        when = {"fact": "rain_mm", "in": ["some"]}
        other = {"facts": [spec], "levels": [], "grades": [], "ending": [], "scope": [{**RAIN, "when": when}]}
        self.assertEqual(self.names([plan(plan="other", **other)], rain_mm=5), ["other"])

    def test_outside_the_city_no_plan_is_suggested_of_which_only_a_judgement_could_make_it(self):
        self.assertEqual(self.names([self.other("eyes", EYES), self.other("abroad", EYES, ABROAD)], outside=True), [])


class LibraryTests(TestCase):
    """What the four texts say of their scope."""

    def states(self, key: str, outside: bool = False, **facts: Any) -> list[tuple[str, str]]:
        return [(line.scope.cite, line.state) for line in scope.judge(of_library(key), facts, outside=outside).lines]

    def test_a_forest_fire_is_in_scope_only_as_far_as_the_eyes_find_it_outside_the_urban_area(self):
        found = self.states("forest_grassland_fire", fire_kind="forest")
        self.assertEqual(found, [("1.4", "holds"), ("1.4", "fails"), ("1.4", "look")])
        for kind in ("forest", "grassland", "both"):
            judged = scope.judge(of_library("forest_grassland_fire"), {"fire_kind": kind})
            self.assertEqual(judged.verdict, "look", kind)
        self.assertEqual(scope.judge(of_library("forest_grassland_fire"), {}).verdict, "open")

    def test_what_burns_in_the_urban_area_may_be_a_fire_incident_and_that_stands_first(self):
        found = scope.others(of_library("forest_grassland_fire"), LIBRARY, {"fire_kind": "forest"})
        self.assertEqual(found[0].plan, "fire_incident")

    def test_a_forest_fire_under_the_fire_plan_is_the_other_ones(self):
        found = scope.others(of_library("fire_incident"), LIBRARY, {})
        self.assertEqual(found[0].plan, "forest_grassland_fire")

    def test_only_an_earthquake_may_be_ours_that_happened_outside_the_city(self):
        verdicts = {item.plan: scope.judge(item, {}, outside=True).verdict for item in LIBRARY}
        self.assertEqual(
            verdicts,
            {"earthquake": "open", "fire_incident": "out", "forest_grassland_fire": "out", "geological_hazard": "out"},
        )
        self.assertEqual(scope.judge(of_library("earthquake"), {}, outside=True, judged=True).verdict, "in")
