"""The meaning of a condition: a walk over its tree with three values: true, false, unknown (None). No Django here."""

import operator
from collections.abc import Callable, Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any

from .documents import Expr

Facts = Mapping[str, Any]  # a fact that is absent or None is unknown

COMPARISONS: dict[str, Callable[[Any, Any], bool]] = {
    "at_least": operator.ge,
    "more_than": operator.gt,
    "at_most": operator.le,
    "less_than": operator.lt,
    "is": operator.eq,
    "in": lambda value, allowed: value in allowed,
}


def holds(expr: Expr, facts: Facts) -> bool | None:
    """Whether the condition holds: True, False, or None while the known facts leave it open (Kleene).

    Source: interpretation 14; a sum with an unknown part: interpretation 6.
    """
    if "fact" in expr:
        value = known_value(expr, facts)
        comparison = comparison_of(expr)
        return None if value is None else COMPARISONS[comparison](value, expr[comparison])
    if "all" in expr:
        return _at_least(len(expr["all"]), expr["all"], facts)
    if "any" in expr:
        return _at_least(1, expr["any"], facts)
    if "at_least_of" in expr:
        return _at_least(expr["at_least_of"], expr["of"], facts)
    if "sum" in expr:
        return _sum_holds(expr, facts)
    if "any_known" in expr:
        return True if any(facts.get(name) is not None for name in expr["any_known"]) else None
    raise ValueError(f"not a condition: {expr!r}")


def needs(expr: Expr, facts: Facts) -> frozenset[str]:
    """The unknown facts left once every part that is already true or false is struck out; none where it is decided."""
    if holds(expr, facts) is not None:
        return frozenset()
    if children := children_of(expr):
        return frozenset().union(*(needs(child, facts) for child in children))
    return frozenset(name for name in named(expr) if facts.get(name) is None)


def known_value(leaf: Expr, facts: Facts) -> Any:
    """The value of a leaf's fact, or what the leaf takes it to be while unknown, or None."""
    value = facts.get(leaf["fact"])
    return leaf.get("unknown_as") if value is None else value


def comparison_of(leaf: Expr) -> str:
    """The comparison a leaf makes: one of COMPARISONS."""
    return next(name for name in COMPARISONS if name in leaf)


def children_of(expr: Expr) -> Iterable[Expr]:
    """The conditions that a joint is made of; none for a leaf."""
    children: Iterable[Expr] = expr.get("all") or expr.get("any") or expr.get("of") or ()
    return children


def named(expr: Expr) -> Iterator[str]:
    """Every fact the condition speaks of, in its own order, repeats included."""
    if "fact" in expr:
        yield expr["fact"]
    yield from expr.get("sum", ())
    yield from expr.get("any_known", ())
    for child in children_of(expr):
        yield from named(child)


def total(names: Iterable[str], facts: Facts) -> int | float | Decimal:
    """The sum of what is known; decimal figures are added as written, so 0.7 + 0.1 is 0.8."""
    known = [facts[name] for name in names if facts.get(name) is not None]
    return sum(known) if all(isinstance(part, int) for part in known) else sum(Decimal(repr(part)) for part in known)


def _at_least(wanted: int, children: Iterable[Expr], facts: Facts) -> bool | None:
    values = [holds(child, facts) for child in children]
    if values.count(True) >= wanted:
        return True
    return None if values.count(True) + values.count(None) >= wanted else False


def _sum_holds(expr: Expr, facts: Facts) -> bool | None:
    bound = expr["at_least"]
    if total(expr["sum"], facts) >= (Decimal(repr(bound)) if isinstance(bound, float) else bound):
        return True
    return None if any(facts.get(name) is None for name in expr["sum"]) else False
