"""Which keys a part of a plan file has, part by part: what loading takes and what `show` prints. No Django here."""

import dataclasses
from collections.abc import Mapping
from functools import cache
from typing import Any, get_type_hints

from . import documents
from .documents import Duty, FactSpec, Group, Headquarters, PlanDocument, WarningStep

PRINTED = {"is_": "is", "otherwise": "else"}  # fields whose key is a word that Python keeps for itself

_PLAIN_DUTY = frozenset({"unit", "unit_key", "opens"})
_LEFT_OUT: Mapping[tuple[type, str], frozenset[str]] = {
    (PlanDocument, "duties"): frozenset({"who", "opens"}),
    (Group, "duties"): frozenset({"unit", "unit_key", "who"}),
    (Group, "subgroups"): frozenset({"of", "set_up", "from_level", "subgroups"}),
}
_PHASES: Mapping[tuple[type, str], str] = {
    (PlanDocument, "prevention"): "standing",
    (PlanDocument, "forces"): "standing",
    (PlanDocument, "upkeep"): "standing",
    (PlanDocument, "early_handling"): "early",
    (WarningStep, "measures"): "warning",
    (documents.PublicWarning, "lifting"): "warning",
}
LONGEST: Mapping[str, int] = {  # characters, by the field's name: what there is room for when the plan runs
    "cite": 60,
    "key": 50,
    "name": 80,
    "team": 80,
    "unit": 100,
    "unit_key": 60,
}
LANGUAGES = ("zh", "en")  # the order of a label


@cache
def fields_of(
    cls: type, owner: type | None = None, name: str = ""
) -> tuple[tuple[dataclasses.Field[Any], str, Any], ...]:
    """The fields of a part as (field, printed key, type) where it stands as `name` of `owner`."""
    left_out = _LEFT_OUT.get((owner, name), _PLAIN_DUTY if cls is Duty else frozenset()) if owner else frozenset()
    hints = get_type_hints(cls, vars(documents))
    return tuple(
        (field, PRINTED.get(field.name, field.name), hints[field.name])
        for field in dataclasses.fields(cls)
        if field.name not in left_out
    )


def default_of(field: dataclasses.Field[Any], cls: type, owner: type | None, name: str) -> Any:
    """What a field is where a file leaves it out; dataclasses.MISSING where it may not."""
    if cls is Duty and field.name == "phase" and owner:
        return _PHASES.get((owner, name), "response")
    if cls is Duty and field.name == "unit" and (owner, name) == (PlanDocument, "duties"):
        return dataclasses.MISSING
    if cls is FactSpec and field.name == "values":
        return None
    if cls is Headquarters and field.name in ("deputies", "members"):
        return ()
    return field.default if field.default_factory is dataclasses.MISSING else field.default_factory()
