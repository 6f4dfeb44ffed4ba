"""What a condition means while some facts are unknown."""

from unittest import TestCase

from plans.conditions import holds, named, needs

YES, NO, OPEN = {"fact": "yes", "is": True}, {"fact": "yes", "is": False}, {"fact": "unheard", "is": True}
FACTS = {"yes": True, "seven": 7}


class LeafTests(TestCase):
    def test_a_fact_that_is_absent_or_null_leaves_its_leaf_open(self):
        self.assertIsNone(holds(OPEN, {}))
        self.assertIsNone(holds(OPEN, {"unheard": None}))

    def test_false_and_zero_are_known(self):
        self.assertIs(holds(OPEN, {"unheard": False}), False)
        self.assertIs(holds({"fact": "dead", "at_least": 1}, {"dead": 0}), False)

    def test_the_bound_itself_belongs_to_at_least_and_at_most_only(self):
        for comparison, expected in {"at_least": True, "at_most": True, "more_than": False, "less_than": False}.items():
            with self.subTest(comparison):
                self.assertIs(holds({"fact": "seven", comparison: 7}, FACTS), expected)

    def test_in_asks_for_one_of_a_list(self):
        self.assertTrue(holds({"fact": "border", "in": ["city", "province"]}, {"border": "city"}))
        self.assertIs(holds({"fact": "border", "in": ["city", "province"]}, {"border": "none"}), False)

    def test_unknown_as_decides_the_leaf_and_never_needs_its_fact(self):
        leaf = {"fact": "place", "is": "country", "unknown_as": "country"}
        self.assertTrue(holds(leaf, {}))
        self.assertIs(holds(leaf, {"place": "city"}), False)
        self.assertEqual(needs(leaf, {}), frozenset())


class JointTests(TestCase):
    def test_all_any_and_at_least_of_are_kleene(self):
        cases = [
            ({"all": [YES, OPEN]}, None),
            ({"all": [NO, OPEN]}, False),
            ({"all": [YES, YES]}, True),
            ({"any": [YES, OPEN]}, True),
            ({"any": [NO, OPEN]}, None),
            ({"any": [NO, NO]}, False),
            ({"at_least_of": 2, "of": [YES, OPEN, NO]}, None),
            ({"at_least_of": 2, "of": [YES, YES, OPEN]}, True),
            ({"at_least_of": 2, "of": [OPEN, NO, NO]}, False),
        ]
        for expr, expected in cases:
            with self.subTest(expr=expr):
                self.assertIs(holds(expr, FACTS), expected)

    def test_any_known_is_unknown_until_one_is_known(self):
        self.assertIsNone(holds({"any_known": ["a", "b"]}, {}))
        self.assertTrue(holds({"any_known": ["a", "b"]}, {"b": 0}))


class SumTests(TestCase):
    """Reading 6: an unknown part counts as nothing towards holding, and keeps the clause open."""

    def test_a_known_part_may_be_enough(self):
        self.assertTrue(holds({"sum": ["dead", "lost"], "at_least": 10}, {"dead": 10}))

    def test_below_the_bound_an_unknown_part_keeps_it_open(self):
        self.assertIsNone(holds({"sum": ["dead", "lost"], "at_least": 10}, {"dead": 9}))
        self.assertEqual(needs({"sum": ["dead", "lost"], "at_least": 10}, {"dead": 9}), {"lost"})

    def test_it_is_false_only_where_every_part_is_known(self):
        self.assertIs(holds({"sum": ["dead", "lost"], "at_least": 10}, {"dead": 9, "lost": 0}), False)

    def test_decimal_parts_are_added_as_written(self):
        self.assertTrue(holds({"sum": ["a", "b"], "at_least": 0.8}, {"a": 0.7, "b": 0.1}))


class NeedsTests(TestCase):
    def test_parts_already_decided_are_struck_out(self):
        expr = {
            "any": [{"all": [NO, {"fact": "a", "at_least": 1}]}, {"all": [YES, {"fact": "b", "at_least": 1}]}, OPEN]
        }
        self.assertEqual(needs(expr, FACTS), {"b", "unheard"})

    def test_each_kind_of_condition_needs_what_would_decide_it(self):
        self.assertEqual(needs({"at_least_of": 2, "of": [YES, NO, OPEN]}, FACTS), {"unheard"})
        self.assertEqual(needs({"any_known": ["a", "b"]}, {}), {"a", "b"})
        nested = {"all": [{"any": [{"fact": "a", "is": 1}, {"sum": ["b", "c"], "at_least": 1}]}, {"any_known": ["d"]}]}
        self.assertEqual(needs(nested, {"b": 0}), {"a", "c", "d"})
        self.assertEqual(list(named(nested)), ["a", "b", "c", "d"])

    def test_a_decided_condition_needs_nothing(self):
        self.assertEqual(needs({"any": [YES, OPEN]}, FACTS), frozenset())
