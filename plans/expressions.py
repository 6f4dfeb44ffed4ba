"""Checking that a condition can be evaluated: its form, its facts, values of the facts' types. No Django here."""

from collections.abc import Callable, Mapping
from typing import Any

from shuozhou_ops.errors import FieldError

from .conditions import COMPARISONS
from .documents import FactSpec
from .facts import countable, shown, take

FORMS = (
    "{all: […]}、{any: […]}、{at_least_of: n, of: […]}、{fact: …, at_least|more_than|at_most|less_than|is|in: …}、"
    "{sum: [事实…], at_least: …}、{any_known: [事实…]}"
)
Fault = Callable[[str, str, str], None]  # (path, code, message)
ORDER = ("all", "any", "at_least_of", "of", "fact", "sum", *COMPARISONS, "unknown_as", "any_known")  # as shown


def in_order(expr: Any) -> Any:
    """The condition with its keys in their one order, so that it is shown the same however it was written."""
    if isinstance(expr, dict):
        return {key: in_order(expr[key]) for key in ORDER if expr.get(key) is not None}
    return [in_order(item) for item in expr] if isinstance(expr, list) else expr


def check(expr: Any, specs: Mapping[str, FactSpec], path: str, fault: Fault) -> Any:
    """The condition as a plain tree, every fault in it told to `fault`."""
    if not isinstance(expr, dict):
        fault(path, "not_a_condition", f"应是条件，可用的写法：{FORMS}")
        return None
    keys = frozenset(expr)
    if keys == {"all"} or keys == {"any"}:
        _children(expr, next(iter(keys)), specs, path, fault)
    elif keys == {"at_least_of", "of"}:
        most = len(expr["of"]) if isinstance(expr["of"], list) and expr["of"] else 1
        if not _whole(expr["at_least_of"]) or not 1 <= expr["at_least_of"] <= most:
            fault(f"{path}.at_least_of", "wrong_type", f"应是 1 到 {most} 的整数，写的是{shown(expr['at_least_of'])}")
        _children(expr, "of", specs, path, fault)
    elif keys == {"sum", "at_least"}:
        _facts(expr["sum"], specs, f"{path}.sum", fault, numbers=True)
        _bound(expr["at_least"], f"{path}.at_least", fault)
    elif keys == {"any_known"}:
        _facts(expr["any_known"], specs, f"{path}.any_known", fault)
    elif "fact" in keys and len(keys & COMPARISONS.keys()) == 1 and keys <= {"fact", "unknown_as", *COMPARISONS}:
        _leaf(expr, specs, path, fault)
    else:
        fault(path, "not_a_condition", f"{sorted(map(str, keys))} 不成一个条件，可用的写法：{FORMS}")
    return expr


def _children(expr: dict[str, Any], key: str, specs: Mapping[str, FactSpec], path: str, fault: Fault) -> None:
    if not isinstance(expr[key], list):
        fault(f"{path}.{key}", "wrong_type", "应是条件的列表")
        return
    for place, child in enumerate(expr[key]):
        check(child, specs, f"{path}.{key}[{place}]", fault)


def _leaf(expr: dict[str, Any], specs: Mapping[str, FactSpec], path: str, fault: Fault) -> None:
    if not _known(expr["fact"], specs, f"{path}.fact", fault):
        return
    spec = specs[expr["fact"]]
    comparison = next(iter(expr.keys() & COMPARISONS.keys()))
    bound, where = expr[comparison], f"{path}.{comparison}"
    if comparison == "in":
        if not isinstance(bound, list):
            fault(where, "wrong_type", "应是值的列表")
            return
        for place, value in enumerate(bound):
            _value(spec, value, f"{where}[{place}]", fault)
    elif comparison == "is":
        _value(spec, bound, where, fault)
    elif not _counts(spec):
        fault(where, "not_allowed", f"“{spec.name}”不是数，只能用 is 或 in")
    else:
        _bound(bound, where, fault)
    if expr.get("unknown_as") is not None:
        _value(spec, expr["unknown_as"], f"{path}.unknown_as", fault)


def _facts(names: Any, specs: Mapping[str, FactSpec], path: str, fault: Fault, numbers: bool = False) -> None:
    if not isinstance(names, list) or not names:
        fault(path, "wrong_type", "应是事实名称的列表")
        return
    for place, name in enumerate(names):
        where = f"{path}[{place}]"
        if _known(name, specs, where, fault) and numbers and specs[name].type not in ("number", "integer"):
            fault(where, "not_allowed", f"“{name}”不是数，不能相加")


def _known(name: Any, specs: Mapping[str, FactSpec], path: str, fault: Fault) -> bool:
    if isinstance(name, str) and name in specs:
        return True
    fault(path, "unknown_fact", f"本预案没有申报事实“{name}”；已申报：{'、'.join(specs)}")
    return False


def _value(spec: FactSpec, value: Any, path: str, fault: Fault) -> None:
    taken = take(spec, value)
    if isinstance(taken, FieldError):
        fault(path, taken.code, taken.message)


def _bound(value: Any, path: str, fault: Fault) -> None:
    if not countable(value):
        fault(path, "wrong_type", f"应是数（按十进制写明），写的是{shown(value)}")


def _counts(spec: FactSpec) -> bool:
    return spec.type in ("number", "integer") or (spec.type == "choice" and all(map(countable, spec.values or ())))


def _whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)
