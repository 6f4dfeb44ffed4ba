"""A few cases a plan, in the words of the page, that a duty officer can check against the official text."""

from typing import Any

import pytest

from plans import registry
from plans.assessment import assess
from plans.documents import FactSpec, PlanDocument

from . import reviewed

LEVELS = {"无": None, "四级": 4, "三级": 3, "二级": 2, "一级": 1}
YES_NO = {"是": True, "否": False}


def examples() -> list[Any]:
    """Every example, with its plan."""
    return [
        pytest.param(key, example, id=f"{key}: {example['例']}")
        for key in reviewed.keys(reviewed.EXAMPLES)
        for example in reviewed.of(reviewed.EXAMPLES, key)
    ]


@pytest.mark.parametrize(("key", "example"), examples())
def test_an_example_is_judged_as_the_text_has_it(key: str, example: dict[str, Any]) -> None:
    plan = registry.from_library(key)
    found = assess(plan, _facts(plan, example["情况"]))
    grades = {"无": None} | {grade.name: grade.grade for grade in plan.grades}
    why = example["因为"]
    assert found.level == LEVELS[example["响应级别"]], why
    assert found.grade == grades[example["灾害等级"]], why
    held = [clause.cite for clause in found.reasons if (clause.kind, clause.value) == ("level", found.level)]
    assert list(dict.fromkeys(held)) == example["依据"], why
    if "先问" in example:
        asked = [_labels(plan)[name] for name in found.ask_next]
        assert asked[: len(example["先问"]) or None] == example["先问"], why


@pytest.mark.parametrize("key", registry.library_keys())
def test_a_plan_has_few_enough_examples_to_be_read(key: str) -> None:
    found = reviewed.of(reviewed.EXAMPLES, key)
    assert 10 <= len(found) <= 15
    assert {LEVELS[example["响应级别"]] for example in found} == {None, 4, 3, 2, 1}


def _labels(plan: PlanDocument) -> dict[str, str]:
    return {spec.name: spec.label["zh"] for spec in plan.facts}


def _facts(plan: PlanDocument, said: dict[str, Any]) -> dict[str, Any]:
    """What is said in the words of the page, as facts."""
    specs = {spec.label["zh"]: spec for spec in plan.facts}
    return {specs[label].name: _value(specs[label], value) for label, value in said.items()}


def _value(spec: FactSpec, said: Any) -> Any:
    if spec.type == "boolean":
        return YES_NO[said]
    if spec.type == "choice":
        words = {label["zh"]: key for key, label in (spec.value_labels or {}).items()}
        return next(value for value in spec.values or () if str(value) == words[said])
    return said
