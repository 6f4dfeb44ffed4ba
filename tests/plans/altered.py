"""A plan with one leaf altered, for every leaf there is."""

import copy
from collections.abc import Iterator
from typing import Any

from plans import loading
from plans.documents import PlanDocument
from plans.yaml_files import BadPlan

Path = tuple[Any, ...]


def leaves(tree: Any, path: Path = ()) -> Iterator[tuple[Path, Any]]:
    """Every leaf of a plain tree with the keys that lead to it; an empty list is none."""
    if isinstance(tree, dict):
        for key, value in tree.items():
            yield from leaves(value, (*path, key))
    elif isinstance(tree, list):
        for place, value in enumerate(tree):
            yield from leaves(value, (*path, place))
    else:
        yield path, tree


def altered(tree: dict[str, Any], path: Path, other: Any) -> PlanDocument | None:
    """The plan with another value at this place; None where no plan can say that."""
    changed = copy.deepcopy(tree)
    at: Any = changed
    for key in path[:-1]:
        at = at[key]
    at[path[-1]] = other
    try:
        return loading.from_tree(changed)
    except BadPlan:
        return None


def others(value: Any) -> Iterator[Any]:
    """What might stand there instead."""
    if isinstance(value, bool):
        yield not value
    elif isinstance(value, int | float):
        yield from (value + 1, value - 1)
    elif value is None:
        yield from ("改", "as_needed", 1, True, 3, "P2D", "requisition")
    else:
        yield from (
            value + "改",
            value + "2",
            *("as_needed", "at_once", "standing", "response", "report", "propose", "recorded", "proposal"),
            *("all", "main", "by_commander", "listed", "on_arrival", "always", "headquarters", "field_headquarters"),
            *("free", "unit", "post", "role", "commander", "office", "P2D", "2", "number", "integer"),
        )
