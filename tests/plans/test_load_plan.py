"""Plan files in, the one shape out; and every fault named with its place."""

import json
import tempfile
from pathlib import Path
from unittest import TestCase

import yaml

from plans import loading, organisations, registry, showing
from plans.yaml_files import BadPlan

from .small_plan import plan, tree


def faults(content) -> dict[str, str]:
    """Code by place of what a tree is refused for."""
    try:
        loading.from_tree(content)
    except BadPlan as error:
        return {fault.field: fault.code for fault in error.errors}
    return {}


def text_faults(text: str) -> str:
    """The message with which a text is refused."""
    try:
        loading.from_text(text, "plan.yaml")
    except BadPlan as error:
        return error.message
    return ""


class RoundTripTests(TestCase):
    def test_what_is_shown_loads_as_the_same(self):
        for document in (plan(), registry.from_library("earthquake")):
            with self.subTest(document.plan):
                shown = showing.show(document)
                again = loading.from_text(json.dumps(shown, ensure_ascii=False), "shown.json")
                self.assertEqual(showing.show(again), shown)
                self.assertEqual(again, document)
                self.assertEqual(showing.canonical(again), showing.canonical(document))

    def test_what_is_shown_is_the_same_byte_for_byte_whatever_order_it_was_written_in(self):
        for document in (plan(), registry.from_library("earthquake")):
            with self.subTest(document.plan):
                shown = json.dumps(showing.show(document))
                for text in (showing.canonical(document), yaml.safe_dump(showing.show(document), sort_keys=True)):
                    self.assertEqual(json.dumps(showing.show(loading.from_text(text, "again"))), shown)

    def test_a_whole_number_is_shown_as_one(self):
        content = tree()
        content["levels"][0]["conditions"][1]["when"]["at_least"] = 3.0
        self.assertEqual(json.dumps(showing.show(loading.from_tree(content))), json.dumps(showing.show(plan())))

    def test_numbers_get_their_default_bounds_and_others_none(self):
        facts = {fact["name"]: fact for fact in showing.show(plan())["facts"]}
        self.assertEqual((facts["rain_mm"]["min"], facts["rain_mm"]["max"]), (0, 10**12))
        self.assertEqual(facts["lost"]["max"], 500)
        self.assertEqual((facts["place"]["min"], facts["dam_broken"]["max"]), (None, None))

    def test_keys_that_python_keeps_are_printed_as_the_shape_has_them(self):
        shown = showing.show(plan())
        self.assertEqual(shown["levels"][0]["chain"][0]["is"], "proposal")
        self.assertEqual(shown["ending"][0]["declared_by"]["else"]["key"], "commander")

    def test_each_list_of_duties_has_its_own_shape(self):
        shown = showing.show(plan())
        group, headquarters = shown["groups"][0], shown["headquarters"]
        self.assertEqual(set(group["duties"][0]), {"text", "cite", "phase", "mood", "every", "opens"})
        self.assertEqual(set(headquarters["duties"][0]), {"who", "text", "cite", "phase", "mood", "every"})
        self.assertEqual(set(shown["duties"][0]), {"unit", "unit_key", "text", "cite", "phase", "mood", "every"})
        self.assertNotIn("from_level", group["subgroups"][0])

    def test_four_and_four_point_nought_are_the_same_content(self):
        one, other = tree(), tree()
        other["levels"][0]["conditions"][1]["when"]["at_least"] = 3.0
        texts = {showing.canonical(loading.from_tree(content)) for content in (one, other)}
        self.assertEqual(len(texts), 1)

    def test_a_document_cannot_be_changed(self):
        with self.assertRaises(TypeError):
            plan().levels[0].conditions[1].when["at_least"] = 1  # type: ignore[index]


class RefTests(TestCase):
    def member(self, value):
        headquarters = {**tree()["headquarters"], "members": [value]}
        return plan(headquarters=headquarters).headquarters.members[0]

    def test_a_unit_is_found_by_key_name_or_alias_and_keeps_the_name_it_was_given(self):
        self.assertEqual(self.member("water").name, "市水利局")
        for name in ("市应急局", "市应急管理局"):
            found = self.member(name)
            self.assertEqual((found.name, found.key, found.kind), (name, "emergency", "unit"))

    def test_a_null_key_is_filled_by_name_and_nothing_else_changes(self):
        found = self.member({"name": "市应急管理局", "key": None, "kind": "unit"})
        self.assertEqual((found.name, found.key), ("市应急管理局", "emergency"))
        found = self.member({"name": "应急部门", "key": "emergency", "kind": "unit"})
        self.assertEqual(found.name, "应急部门")
        self.assertIsNone(self.member({"name": "市水利局", "kind": "free"}).key)

    def test_posts_roles_and_the_county(self):
        found = {
            text: self.member(text) for text in ("water.head", "市卫健委主任", "commander", "county", "county.head")
        }
        self.assertEqual((found["water.head"].name, found["water.head"].kind), ("市水利局局长", "post"))
        self.assertEqual(found["市卫健委主任"].key, "health.head")
        self.assertEqual((found["commander"].kind, found["commander"].name), ("role", "指挥长"))
        self.assertEqual(found["county"].kind, "incident_county")
        self.assertEqual(found["county.head"].kind, "post")
        for value in ("指挥长", {"name": "指挥长", "key": None, "kind": "role"}):
            self.assertEqual((self.member(value).key, self.member(value).kind), ("commander", "role"))

    def test_a_name_that_nobody_knows_is_a_unit_without_a_key(self):
        found = self.member("市防汛办")
        self.assertEqual((found.key, found.kind), (None, "unit"))
        self.assertEqual(organisations.key_of(found), organisations.made_key("市防汛办"))

    def test_a_word_that_can_only_be_a_key_must_be_one(self):
        headquarters = {**tree()["headquarters"], "members": ["watr"]}
        self.assertEqual(faults(tree(headquarters=headquarters)), {"headquarters.members[0]": "unknown_ref"})

    def test_a_measure_falls_to_groups_by_key_name_or_mapping(self):
        first, second = plan().levels[0].measures
        self.assertEqual(first.falls_to[0], "general")
        self.assertEqual(second.falls_to[0], "maps")


class RefusedTests(TestCase):
    def test_unknown_keys_say_which_there_are(self):
        self.assertEqual(faults(tree(colour="red")), {"colour": "unknown_key"})

    def test_a_missing_cite_is_named_with_its_place(self):
        levels = tree()["levels"]
        del levels[0]["conditions"][1]["cite"]
        self.assertEqual(faults(tree(levels=levels)), {"levels[0].conditions[1].cite": "not_given"})

    def test_all_faults_come_back_at_once(self):
        levels = tree()["levels"]
        levels[0]["tells"] = "nobody"
        levels[1]["level"] = 5
        del levels[0]["cite"]
        self.assertEqual(set(faults(tree(levels=levels))), {"levels[0].tells", "levels[0].cite"})

    def test_a_cite_that_yaml_read_as_a_number(self):
        self.assertEqual(faults(tree(outline=[{"cite": 5.6, "heading": "结束"}])), {"outline[0].cite": "wrong_type"})

    def test_conditions_that_cannot_be_evaluated(self):
        cases = [
            ("unknown_fact", {"fact": "wind", "at_least": 1}),
            ("not_a_choice", {"fact": "place", "is": "sea"}),
            ("not_allowed", {"fact": "place", "at_least": 1}),
            ("not_a_condition", {"fact": "dead", "at_least": 1, "at_most": 3}),
            ("wrong_type", {"at_least_of": 0, "of": []}),
            ("wrong_type", {"at_least_of": 2, "of": [{"fact": "dead", "at_least": 1}]}),
            ("wrong_type", {"at_least_of": True, "of": [{"fact": "dead", "at_least": 1}]}),
            ("not_a_choice", {"fact": "place", "is": "city", "unknown_as": "sea"}),
            ("wrong_type", {"fact": "dead", "at_least": 1, "unknown_as": "1"}),
            ("wrong_type", {"fact": "place", "in": "city"}),
            ("not_a_choice", {"fact": "place", "in": ["city", "sea"]}),
            ("not_allowed", {"sum": ["dead", "place"], "at_least": 1}),
            ("unknown_fact", {"sum": ["dead", "wind"], "at_least": 1}),
            ("wrong_type", {"sum": "dead", "at_least": 1}),
            ("wrong_type", {"sum": ["dead"], "at_least": "1"}),
            ("wrong_type", {"any_known": []}),
        ]
        for code, when in cases:
            levels = tree()["levels"]
            levels[0]["conditions"][0]["when"] = when
            with self.subTest(when=when):
                self.assertEqual(set(faults(tree(levels=levels)).values()), {code})

    def test_bounds_that_are_no_numbers_of_a_plan(self):
        for bound in (10**400, float("inf"), float("nan"), "1e6", True):
            facts = tree()["facts"]
            facts[0]["max"] = bound
            with self.subTest(bound=str(bound)[:9]):
                self.assertEqual(faults(tree(facts=facts)), {"facts[0].max": "wrong_type"})

    def test_numbers_and_booleans_that_yaml_reads_as_something_else(self):
        for word in ("010", "1:30", "0x10", "1_000", ".inf", "no", "yes", "On"):
            with self.subTest(word):
                self.assertIn(f"plan.yaml:2：“{word}”", text_faults(f"plan: a\nname: {word}\n"))
        self.assertEqual(
            loading.yaml_files.parse("[-5, 0, 1.5, 1.0e+12, true, 1e6]", "x"), [-5, 0, 1.5, 1e12, True, "1e6"]
        )

    def test_a_fact_without_a_name(self):
        facts = tree()["facts"]
        del facts[0]["name"]
        self.assertEqual(faults(tree(facts=facts))["facts[0].name"], "not_given")

    def test_a_group_that_is_no_name(self):
        levels = tree()["levels"]
        levels[0]["measures"][0]["falls_to"] = [{"group": ["general"]}]
        self.assertEqual(set(faults(tree(levels=levels)).values()), {"unknown_group"})

    def test_words_of_a_closed_list(self):
        headquarters = {**tree()["headquarters"], "decides": "both"}
        self.assertEqual(faults(tree(headquarters=headquarters)), {"headquarters.decides": "not_allowed"})
        groups = tree()["groups"]
        groups[0]["duties"][0]["opens"] = "door"
        self.assertEqual(faults(tree(groups=groups)), {"groups[0].duties[0].opens": "not_allowed"})

    def test_text_that_cannot_be_kept(self):
        for text in ("a\x00", "\ud800", " "):
            with self.subTest(text.encode("unicode_escape")):
                self.assertEqual(set(faults(tree(name=text))), {"name"})

    def test_names_that_nothing_has_room_for(self):
        groups = tree()["groups"]
        groups[0] |= {
            "key": "g" * 51,
            "name": "组" * 81,
            "cite": "5" * 61,
            "members": [{"name": "军" * 101, "kind": "free"}],
        }
        found = faults(tree(groups=groups, levels=[], warnings=[]))
        places = {f"groups[0].{part}" for part in ("key", "name", "cite", "members[0]")}
        self.assertEqual(found, dict.fromkeys(places, "too_long"))

    def test_nesting_without_an_end(self):
        when: dict = {"fact": "dead", "at_least": 1}
        for _ in range(300):
            when = {"all": [when]}
        levels = tree()["levels"]
        levels[0]["conditions"][0]["when"] = when
        self.assertEqual(set(faults(tree(levels=levels)).values()), {"too_deep"})
        self.assertIn("嵌套", text_faults("plan: &x [*x]\n"))

    def test_levels_that_include_each_other(self):
        levels = tree()["levels"]
        levels[1]["includes"] = [3]
        expected = {"levels[0].includes": "circular", "levels[1].includes": "circular"}
        self.assertEqual(faults(tree(levels=levels)), expected)

    def test_endings_and_papers_speak_of_levels_there_can_be(self):
        ending = tree()["ending"]
        ending[0]["levels"] = [7]
        papers = [{"name": "报告", "by": "office", "cite": "5.6", "levels": [0]}]
        found = faults(tree(ending=ending, aftercare={"papers": papers}))
        self.assertEqual(set(found), {"ending[0].levels", "aftercare.papers[0].levels"})

    def test_what_stands_twice(self):
        facts = tree()["facts"]
        self.assertEqual(faults(tree(facts=[*facts, facts[0]])), {"facts": "duplicate"})
        self.assertIn("写了两次", text_faults("plan: a\nplan: b\n"))
        self.assertIn("写了两次", text_faults('{"plan": "a", "plan": "b"}'))

    def test_levels_run_from_one_to_four(self):
        levels = tree()["levels"]
        levels[1]["level"] = 0
        self.assertIn("levels[1].level", faults(tree(levels=levels)))

    def test_text_that_is_no_yaml_and_objects_that_yaml_could_build(self):
        self.assertIn("plan.yaml:", text_faults("plan: [a\n"))
        self.assertTrue(text_faults("plan: !!python/object/apply:os.getcwd []\n"))

    def test_a_folder_names_the_file_of_a_fault(self):
        content = tree()
        levels = content.pop("levels")
        levels[0]["decided_by"] = 3
        with tempfile.TemporaryDirectory() as folder:
            for name, part in {"plan.yaml": content, "levels.yaml": {"levels": levels}}.items():
                Path(folder, name).write_text(yaml.safe_dump(part, allow_unicode=True), encoding="utf-8")
            with self.assertRaises(BadPlan) as raised:
                loading.load(Path(folder))
        self.assertTrue(raised.exception.errors[0].message.startswith("levels.yaml：levels[0].decided_by"))

    def test_a_fault_of_the_one_file_names_it_even_where_the_part_is_missing(self):
        self.assertIn("plan.yaml：headquarters：没有写", text_faults("plan: x\n"))

    def test_a_folder_may_hold_any_kind_of_plan_file_and_must_hold_one(self):
        content = tree()
        levels = {"levels": content.pop("levels")}
        with tempfile.TemporaryDirectory() as folder:
            with self.assertRaises(BadPlan) as raised:
                loading.load(Path(folder))
            self.assertIn(folder, raised.exception.message)
            Path(folder, "plan.json").write_text(json.dumps(content), encoding="utf-8")
            Path(folder, "levels.yml").write_text(yaml.safe_dump(levels), encoding="utf-8")
            self.assertEqual(loading.load(Path(folder)), plan())


class FifthPlanTests(TestCase):
    """What a plan that nobody here has seen may leave out."""

    def test_the_least_a_plan_can_be(self):
        least = {
            "plan": "dust",
            "name": "沙尘",
            "document": "x",
            "version": "1",
            "headquarters": {"name": "指挥部", "cite": "2", "office": {"seat": "市气象局"}},
        }
        least["headquarters"] |= {"commanders": [], "deputies": [], "members": []}
        least["headquarters"]["office"]["directors"] = []
        document = loading.from_tree(least)
        self.assertEqual(showing.show(loading.from_tree(showing.show(document))), showing.show(document))

    def test_a_headquarters_without_deputies_and_members(self):
        headquarters = {
            key: value for key, value in tree()["headquarters"].items() if key not in ("deputies", "members")
        }
        shown = showing.show(plan(headquarters=headquarters))["headquarters"]
        self.assertEqual((shown["deputies"], shown["members"]), ([], []))

    def test_derivations_that_say_nothing(self):
        cases = {
            "wrong_type": [
                {"hours_since": "occurred_at", "until": "controlled_at"},
                {"hours_since": ["occurred_at"]},
                {"place_in": "yingxian", "then": 1},
                {"place_in": None},
                {"place_in": ["yingxian"], "confirm": "yes"},
                {"open_incidents_like": []},
            ],
            "not_allowed": [
                {"place_in": ["atlantis"]},
                {"place_in": ["water"]},
                {"hours_since": "never"},
                {"open_incidents_like": "wild"},
                {"since": "occurred_at"},
                {"hours_since": "occurred_at", "place_in": ["yingxian"]},
            ],
        }
        for code, derivations in cases.items():
            for derive in derivations:
                facts = tree()["facts"]
                facts[1]["derive"] = derive
                with self.subTest(derive=derive):
                    self.assertEqual(set(faults(tree(facts=facts)).values()), {code})
        facts = tree()["facts"]
        facts[3]["derive"] = {"hours_since": "occurred_at", "until": None}
        self.assertEqual(faults(tree(facts=facts)), {"facts[3].derive": "not_allowed"})

    def test_a_derived_fact_of_each_kind(self):
        facts = [
            {"name": "hours", "type": "number", "label": {"zh": "时数"}, "derive": {"hours_since": "occurred_at"}},
            {"name": "like", "type": "integer", "label": {"zh": "同类"}, "derive": {"open_incidents_like": "wild"}},
            {"name": "where", "type": "choice", "values": ["a", "b"], "label": {"zh": "地"},
             "derive": {"place_in": ["应县"], "then": "a", "else": "b"}},
        ]  # fmt: skip
        content = tree(facts=tree()["facts"] + facts, flags=[{"name": "wild", "label": {"zh": "危险"}}])
        shown = showing.show(loading.from_tree(content))["facts"][-3:]
        self.assertEqual(shown[0]["derive"], {"hours_since": "occurred_at", "until": [], "again": []})
        self.assertEqual(shown[2]["derive"], {"place_in": ["yingxian"], "then": "a", "else": "b", "confirm": False})
        self.assertEqual(faults({**content, "flags": []}), {"facts[6].derive": "not_allowed"})
