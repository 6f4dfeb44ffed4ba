"""A plan document as the plain tree everybody exchanges, its one spelling, and its fingerprint. No Django here."""

import dataclasses
import hashlib
import json
from typing import Any

from .documents import PlanDocument
from .freezing import thaw
from .shapes import fields_of


def show(document: PlanDocument) -> dict[str, Any]:
    """The whole plan, normalised: JSON-able, every key present and in its order, 4.0 written as 4.

    `show(from_tree(show(p)))` is `show(p)`, byte for byte, whatever way the text went in between.
    """
    shown: dict[str, Any] = _whole(_shown(document, None, ""))
    return shown


def canonical(document: PlanDocument) -> str:
    """The plan as one JSON text, the same for the same content: keys sorted."""
    return json.dumps(show(document), ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)


def sha256(text: str) -> str:
    """The fingerprint of a canonical text, in hex."""
    return hashlib.sha256(text.encode()).hexdigest()


def _shown(value: Any, owner: type | None, name: str) -> Any:
    if dataclasses.is_dataclass(value):
        cls: type = type(value)
        fields = fields_of(cls, owner, name)
        return {key: _shown(getattr(value, field.name), cls, field.name) for field, key, _ in fields}
    if isinstance(value, tuple):
        return [_shown(item, owner, name) for item in value]
    return thaw(value)


def _whole(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _whole(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_whole(item) for item in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value
