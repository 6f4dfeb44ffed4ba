"""Two laws of every plan of the library: more harm is never judged milder; what becomes known undoes no clause."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plans import conditions, registry
from plans.assessment import assess
from plans.documents import Expr, FactSpec

PLANS = {key: registry.from_library(key) for key in registry.library_keys()}
MILDEST = 9  # beside no level

# Choices by growing harm. The numbers of a choice may run the other way: class 1 is the gravest, level 1 the highest.
WORSE: dict[str, tuple[Any, ...]] = {
    "density": ("populated", "dense"),
    "border": ("none", "county", "city", "province"),
    "threat": ("none", "threatened", "severe"),
    "heritage_risk_class": (0, 3, 2, 1),
    "uncontrolled_at_level": (0, 4, 3, 2),
    "social_impact": ("none", "possible", "caused"),
    "judged_level": (0, 4, 3, 2, 1),
}
NO_DEGREE = {"fire_kind"}  # two tables of annex 5 side by side, see docs/decisions/more-harm.md


def _leaves(key: str) -> list[Expr]:
    """Every leaf of every clause of a plan."""
    waiting = [item.when for scale in (*PLANS[key].levels, *PLANS[key].grades) for item in scale.conditions]
    found: list[Expr] = []
    while waiting:
        expr = waiting.pop()
        children = list(conditions.children_of(expr))
        waiting += children
        found += [] if children else [expr]
    return found


def _bounds(key: str) -> list[float]:
    """Every number that a clause of the plan names: the places where an answer may turn."""
    return [leaf[name] for leaf in _leaves(key) for name in ("at_least", "more_than") if name in leaf]


def _values(spec: FactSpec, bounds: list[float]) -> st.SearchStrategy[Any]:
    if spec.type == "boolean":
        return st.booleans()
    if spec.type == "choice":
        return st.sampled_from(spec.values or ())
    near = sorted({number for bound in bounds for number in (bound - 1, bound, bound + 1)})
    return st.sampled_from([number for number in near if 0 <= number <= (spec.max or 10**12)]).map(
        lambda number: int(number) if spec.type == "integer" else number
    )


def _facts(key: str) -> st.SearchStrategy[dict[str, Any]]:
    bounds = _bounds(key)
    return st.fixed_dictionaries({}, optional={spec.name: _values(spec, bounds) for spec in PLANS[key].facts})


def _severity(key: str, facts: dict[str, Any]) -> tuple[int, int]:
    answer = assess(PLANS[key], facts)
    return answer.level or MILDEST, answer.grade or MILDEST


def _worse(spec: FactSpec, key: str, data: st.DataObject, less: Any) -> Any:
    """A value of the fact that means at least as much harm as `less`."""
    if spec.type == "boolean":
        return True
    if spec.type == "choice":
        order = WORSE[spec.name]
        return data.draw(st.sampled_from(order[order.index(less) :]))
    return max(less, data.draw(_values(spec, _bounds(key))))


def _least(spec: FactSpec) -> Any:
    return {"boolean": False, "choice": WORSE.get(spec.name, (None,))[0]}.get(spec.type, 0)


@pytest.mark.parametrize("key", PLANS)
@given(data=st.data())
def test_more_harm_is_never_judged_milder(key: str, data: st.DataObject) -> None:
    facts = data.draw(_facts(key))
    spec = data.draw(st.sampled_from([spec for spec in PLANS[key].facts if spec.name not in NO_DEGREE]))
    less = facts.get(spec.name, _least(spec))
    more = _worse(spec, key, data, less)
    milder, worse = _severity(key, {**facts, spec.name: less}), _severity(key, {**facts, spec.name: more})
    assert worse[0] <= milder[0], (spec.name, less, more)
    assert worse[1] <= milder[1], (spec.name, less, more)


def test_every_choice_has_its_order_of_harm_or_is_named_as_having_none() -> None:
    choices = {spec.name: spec.values for plan in PLANS.values() for spec in plan.facts if spec.type == "choice"}
    assert choices.keys() == WORSE.keys() | NO_DEGREE
    for name, order in WORSE.items():
        assert sorted(map(str, order)) == sorted(map(str, choices[name] or ()))


@pytest.mark.parametrize(
    ("facts", "forest", "grassland"),
    [({"deaths": 3}, 3, 2), ({"serious_injuries": 3}, 4, 3), ({"forest_area_ha": 100}, 2, None)],
)
def test_the_kind_of_fire_is_no_degree_of_harm_and_both_kinds_take_the_graver(
    facts: dict[str, Any], forest: int, grassland: int | None
) -> None:
    """Annex 5 of that plan: what is grave in one of its tables may be light in the other, either way (reading 13)."""
    grades = [
        assess(PLANS["forest_grassland_fire"], {**facts, "fire_kind": kind}).grade
        for kind in ("forest", "grassland", "both")
    ]
    assert grades == [forest, grassland, min(forest, grassland or MILDEST)]


@pytest.mark.parametrize(
    ("name", "areas"), [("forest_area_ha", (499, 500, 1000)), ("grassland_area_ha", (4999, 5000, 8000))]
)
def test_where_the_bands_of_the_text_leave_a_hole_the_lower_one_goes_on(name: str, areas: tuple[int, ...]) -> None:
    """Annex 4, level 3 line 2 ends where level 2 asks that the fire spreads: read by lower bounds alone (reading 3)."""
    plan = PLANS["forest_grassland_fire"]
    assert [assess(plan, {name: area, "spreading": False}).level for area in areas] == [3, 3, 3]
    assert [assess(plan, {name: area, "spreading": True}).level for area in areas] == [3, 2, 1]


@pytest.mark.parametrize("key", PLANS)
@given(data=st.data())
def test_what_a_plan_took_for_granted_may_prove_graver_and_never_milder(key: str, data: st.DataObject) -> None:
    """Where a leaf has `unknown_as`: a clause may fall with the value it took, the answer does not (reading 10)."""
    assumed = {leaf["fact"] for leaf in _leaves(key) if leaf.get("unknown_as") is not None}
    facts = {name: value for name, value in data.draw(_facts(key)).items() if name not in assumed}
    for spec in (spec for spec in PLANS[key].facts if spec.name in assumed):
        learnt = _severity(key, {**facts, spec.name: data.draw(_values(spec, []))})
        before = _severity(key, facts)
        assert learnt[0] <= before[0]
        assert learnt[1] <= before[1]


@pytest.mark.parametrize("key", PLANS)
@given(data=st.data())
def test_a_fact_that_becomes_known_only_decides_what_was_open(key: str, data: st.DataObject) -> None:
    """But where a leaf takes an unknown fact to have a value (`unknown_as`): that value may prove wrong."""
    facts = data.draw(_facts(key))
    assumed = {leaf["fact"] for leaf in _leaves(key) if leaf.get("unknown_as") is not None}
    free = [spec for spec in PLANS[key].facts if spec.name not in facts and spec.name not in assumed]
    if not free:
        return
    spec = data.draw(st.sampled_from(free))
    before = {(clause.kind, clause.value, clause.text) for clause in assess(PLANS[key], facts).reasons}
    learnt = {**facts, spec.name: data.draw(_values(spec, _bounds(key)))}
    after = {(clause.kind, clause.value, clause.text) for clause in assess(PLANS[key], learnt).reasons}
    assert before <= after
