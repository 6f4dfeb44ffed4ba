"""How a plan's data says that a fact is derived: its form, and what it may speak of. No Django here."""

from collections.abc import Callable, Mapping
from typing import Any

from shuozhou_ops.errors import FieldError

from .documents import MILESTONES, FactSpec, PlanDocument
from .facts import take
from .organisations import Directory

KINDS: Mapping[str, Mapping[str, Any]] = {  # kind: its other keys with what they are where absent
    "hours_since": {"until": [], "again": []},
    "place_in": {"then": None, "else": None, "confirm": False},
    "open_incidents_like": {},
}
NAMES = ("until", "again")
Fault = Callable[[str, str, str], None]  # (path, code, message)


def read(value: Any, known: Directory, path: str, fault: Fault) -> dict[str, Any] | None:
    """The derivation with every key of its kind, in order; every fault in its form told to `fault`."""
    kinds = [kind for kind in KINDS if isinstance(value, dict) and kind in value]
    if len(kinds) != 1 or not set(value) <= {kinds[0], *KINDS[kinds[0]]}:
        forms = "、".join(f"{kind}（另可有 {'、'.join(keys)}）" if keys else kind for kind, keys in KINDS.items())
        fault(path, "not_allowed", f"应以 {forms} 之一写明怎样得出")
        return None
    kind = kinds[0]
    found = {kind: value[kind]}
    for key, absent in KINDS[kind].items():
        found[key] = absent if value.get(key) is None else value[key]
    if kind == "place_in":
        found[kind] = _counties(value[kind], known, f"{path}.{kind}", fault)
        if not isinstance(found["confirm"], bool):
            fault(f"{path}.confirm", "wrong_type", "应是 true 或 false")
        return found
    if not isinstance(value[kind], str):
        fault(f"{path}.{kind}", "wrong_type", "应是一个名称")
    for key in NAMES:
        if not _names(found.get(key, [])):
            fault(f"{path}.{key}", "wrong_type", "应是名称的列表")
    return found


def check(document: PlanDocument, spec: FactSpec, path: str, fault: Fault) -> None:
    """Tell `fault` what a derivation of the plan speaks of that the plan has not."""
    derive = spec.derive or {}
    if "place_in" in derive:
        for key in ("then", "else"):
            if derive[key] is not None and isinstance(fallen := take(spec, derive[key]), FieldError):
                fault(f"{path}.{key}", fallen.code, fallen.message)
    elif spec.type not in ("number", "integer"):
        fault(path, "not_allowed", f"只有数才能这样得出，“{spec.name}”是 {spec.type}")
    if "hours_since" in derive:
        known = tuple(dict.fromkeys((*MILESTONES, *(milestone.name for milestone in document.milestones))))
        for name in (derive["hours_since"], *derive["until"], *derive["again"]):
            if name not in known:
                fault(path, "not_allowed", f"没有“{name}”这个时间点；可用：{'、'.join(known)}")
    if "open_incidents_like" in derive:
        flags = [flag.name for flag in document.flags]
        if derive["open_incidents_like"] not in flags:
            fault(path, "not_allowed", f"没有“{derive['open_incidents_like']}”这个标记；可用：{'、'.join(flags)}")


def _counties(value: Any, known: Directory, path: str, fault: Fault) -> list[str]:
    """The counties by key; a name or an alias stands for it."""
    if not _names(value):
        fault(path, "wrong_type", "应是县（市、区）的列表")
        return []
    counties = {key: unit for key, unit in known.units.items() if unit.county}
    keys = [name if name in counties else known.key_of(name, "unit") for name in value]
    for name, key in zip(value, keys, strict=True):
        if key not in counties:
            fault(path, "not_allowed", f"没有“{name}”这个县（市、区）；可用：{'、'.join(counties)}")
    return [key for key in keys if key is not None]


def _names(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(name, str) for name in value)
