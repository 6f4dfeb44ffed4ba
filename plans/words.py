"""Saying in words what a plan holds as data: conditions, REFs, intervals."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from .conditions import COMPARISONS, comparison_of
from .documents import MILESTONES, Expr, FactSpec, PlanDocument, Ref

SIGNS = {"at_least": "≥", "more_than": ">", "at_most": "≤", "less_than": "<", "is": "=", "in": "∈"}
assert SIGNS.keys() == COMPARISONS.keys()
MOMENTS = {
    "occurred_at": gettext_lazy("发生时间"),
    "controlled_at": gettext_lazy("得到控制时间"),
    "extinguished_at": gettext_lazy("扑灭时间"),
    "flared_up_at": gettext_lazy("复燃时间"),
    "rescue_ended_at": gettext_lazy("救援结束时间"),
}
assert tuple(MOMENTS) == MILESTONES


def label(labels: Mapping[str, str] | None, otherwise: Any = "") -> str:
    """The label in the reader's language, or whatever there is."""
    labels = labels or {}
    wanted = "zh" if (get_language() or "zh").startswith("zh") else "en"
    return str(labels.get(wanted) or next(iter(labels.values()), None) or otherwise)


def value(spec: FactSpec | None, held: Any) -> str:
    """A value in words: a choice by its label, yes or no, a number with its unit."""
    if isinstance(held, bool):
        return _("是") if held else _("否")
    if spec is not None and spec.type == "choice":
        return label((spec.value_labels or {}).get(str(held)), held)
    number = int(held) if isinstance(held, float) and held.is_integer() else held
    return f"{number}{spec.unit if spec and spec.unit else ''}"


def milestones(document: PlanDocument) -> dict[str, str]:
    """Every milestone of this plan with its label: the five of every plan, then its own."""
    own = {item.name: label(item.label, item.name) for item in document.milestones}
    return {name: str(words) for name, words in MOMENTS.items()} | own


def flags(document: PlanDocument) -> dict[str, str]:
    """Every mark an officer may set on an incident of this plan, with its label."""
    return {item.name: label(item.label, item.name) for item in document.flags}


def condition(expr: Expr, specs: Mapping[str, FactSpec]) -> str:
    """What the assessment evaluates, in words: `震级 ≥ 5 且 …`."""
    if "fact" in expr:
        return _leaf(expr, specs)
    if "sum" in expr:
        return f"{' + '.join(_name(name, specs) for name in expr['sum'])} ≥ {expr['at_least']}"
    if "any_known" in expr:
        names = listed(_name(name, specs) for name in expr["any_known"])
        return _("已知其中任一项：%(facts)s") % {"facts": names}
    if "at_least_of" in expr:
        parts = "；".join(condition(child, specs) for child in expr["of"])
        return _("以下至少 %(number)s 项：%(parts)s") % {"number": expr["at_least_of"], "parts": parts}
    joint = _(" 且 ") if "all" in expr else _(" 或 ")
    children = expr.get("all") or expr.get("any") or ()
    return joint.join(
        f"（{condition(child, specs)}）" if child.keys() & {"all", "any"} else condition(child, specs)
        for child in children
    )


def names(refs: Iterable[Ref]) -> str:
    """Several REFs by the names the text gives them."""
    return listed(ref.name for ref in refs)


def _leaf(expr: Expr, specs: Mapping[str, FactSpec]) -> str:
    spec, comparison = specs.get(expr["fact"]), comparison_of(expr)
    bound = expr[comparison]
    shown = listed(value(spec, one) for one in bound) if comparison == "in" else value(spec, bound)
    words = f"{_name(expr['fact'], specs)} {SIGNS[comparison]} {shown}"
    if expr.get("unknown_as") is None:
        return words
    return words + _("（未知时按%(value)s）") % {"value": value(spec, expr["unknown_as"])}


def _name(fact: str, specs: Mapping[str, FactSpec]) -> str:
    return label(specs[fact].label, fact) if fact in specs else fact


def listed(words: Iterable[str]) -> str:
    """Words in a row."""
    return "、".join(words)
