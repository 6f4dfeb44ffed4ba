"""Facts as they come in, held against what the plan declares: every fault at once, or clean values. No Django here."""

import json
import math
from collections.abc import Mapping
from typing import Any

from shuozhou_ops.errors import BadFacts, FieldError

from .documents import FactSpec

LOWEST, HIGHEST = 0, 10**12  # where a plan sets no bounds of its own
LARGEST = 10**15  # beyond it no figure of a plan is meant
LONGEST = 400  # digits; a longer number is infinite
SHOWN = 40  # characters of a refused value that a message repeats


def validate(specs: Mapping[str, FactSpec], facts: Any) -> dict[str, Any]:
    """The known facts, normalised (8.0 is the integer 8), null ones left out.

    Raises BadFacts with one FieldError a faulty fact, in the order they came in; where `facts` is no mapping
    the field is ''.
    """
    if not isinstance(facts, Mapping):
        raise BadFacts([FieldError("", "wrong_type", f"facts 应是“名称: 值”的对象，收到的是{_kind_of(facts)}。")])
    clean: dict[str, Any] = {}
    errors: list[FieldError] = []
    for name, value in facts.items():
        spec = specs.get(name)
        if spec is None:
            known = "、".join(specs)
            errors.append(
                FieldError(printable(name), "unknown_fact", f"本预案没有{shown(name)}这项事实；可用的有：{known}。")
            )
        elif value is not None:
            taken = take(spec, value)
            if isinstance(taken, FieldError):
                errors.append(taken)
            else:
                clean[name] = taken
    if errors:
        raise BadFacts(errors)
    return clean


def read_json(text: str) -> Any:
    """JSON in which NaN and numbers of any length are read, so that a refusal can name the fact that has them.

    Raises ValueError, RecursionError.
    """
    return json.loads(text, parse_int=lambda digits: int(digits) if len(digits) <= LONGEST else float(digits))


def take(spec: FactSpec, value: Any) -> Any:
    """One value as its fact holds it, or the FieldError that says why it cannot be."""
    if spec.type == "boolean":
        return (
            value if isinstance(value, bool) else _fault(spec, "wrong_type", f"应是“是”或“否”，收到的是{shown(value)}")
        )
    if spec.type == "choice":
        return _choice(spec, value)
    return _number(spec, value)


def _choice(spec: FactSpec, value: Any) -> Any:
    values = spec.values or ()
    for allowed in values:
        if value == allowed and isinstance(value, bool) == isinstance(allowed, bool):
            return allowed
    if any(type(value) is type(allowed) for allowed in values):
        return _fault(spec, "not_a_choice", f"应是{choices(spec)}之一，收到的是{shown(value)}")
    return _fault(spec, "wrong_type", f"应是{choices(spec)}之一，收到的是{_kind_of(value)}")


def _number(spec: FactSpec, value: Any) -> Any:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return _fault(spec, "wrong_type", f"应是数，收到的是{_kind_of(value)}{shown(value)}")
    if isinstance(value, float):
        if not math.isfinite(value):
            return _fault(spec, "not_finite", "应是有限的数")
        if spec.type == "integer":
            if not value.is_integer():
                return _fault(spec, "wrong_type", f"应是整数，收到的是{shown(value)}")
            value = int(value)
    if spec.min is not None and value < spec.min:
        return _fault(spec, "too_small", f"不能小于{_plain(spec.min)}{spec.unit or ''}")
    if spec.max is not None and value > spec.max:
        return _fault(spec, "too_large", f"不能大于{_plain(spec.max)}{spec.unit or ''}")
    return value


def countable(value: Any) -> bool:
    """Whether this is a number that a plan may set as a bound: finite, and not beyond all measure."""
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) <= LARGEST


def choices(spec: FactSpec) -> str:
    """The values a choice may have, with their words: `dense（人口密集地区）、…`."""
    labels = spec.value_labels or {}
    return "、".join(
        f"{value}（{labels[str(value)]['zh']}）" if "zh" in labels.get(str(value), {}) else str(value)
        for value in spec.values or ()
    )


def label(spec: FactSpec) -> str:
    """The fact's Chinese label, or its name where it has none."""
    return (spec.label or {}).get("zh") or spec.name


def printable(value: object) -> str:
    """Text that any file or socket takes: lone surrogates become question marks."""
    return str(value).encode("utf-8", "replace").decode()


def shown(value: Any) -> str:
    """A refused value as a message repeats it, cut short."""
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) >= 10**SHOWN:
        return "（过大的数）"
    text = str(value).lower() if isinstance(value, bool) else printable(value)
    return f"“{text[:SHOWN]}{'…' if len(text) > SHOWN else ''}”"


def _fault(spec: FactSpec, code: str, what: str) -> FieldError:
    return FieldError(spec.name, code, f"{label(spec)}（{spec.name}）：{what}。")


def _kind_of(value: Any) -> str:
    if isinstance(value, bool):
        return "布尔值"
    kinds = {str: "文字", int: "数", float: "数", list: "列表", dict: "对象", type(None): "空值"}
    return kinds.get(type(value), "别的东西")


def _plain(bound: float) -> str:
    return str(int(bound)) if float(bound).is_integer() else str(bound)
