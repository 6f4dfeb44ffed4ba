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


@pytest.mark.parametrize("key", PLANS)
@given(data=st.data())
def test_more_harm_is_never_judged_milder(key: str, data: st.DataObject) -> None:
    facts = data.draw(_facts(key))
    measured = [spec for spec in PLANS[key].facts if spec.type != "choice"]
    spec = data.draw(st.sampled_from(measured))
    less = facts.get(spec.name, False if spec.type == "boolean" else 0)
    more = True if spec.type == "boolean" else max(less, data.draw(_values(spec, _bounds(key))))
    milder, worse = _severity(key, {**facts, spec.name: less}), _severity(key, {**facts, spec.name: more})
    assert worse[0] <= milder[0], (spec.name, less, more)
    assert worse[1] <= milder[1], (spec.name, less, more)


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
