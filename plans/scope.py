"""Whether an event is one that a plan is for: its lines of scope under what is known. No Django here."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

from shuozhou_ops.errors import FieldError

from . import conditions
from .documents import FactSpec, PlanDocument, Scope
from .facts import take
from .tables import table_of

State = Literal["holds", "fails", "outside", "open", "judge", "look", "idle"]
Verdict = Literal["in", "out", "open", "look"]


@dataclass(frozen=True)
class Line:
    """One line of a plan's scope under what is known.

    state: holds, fails, open (by its condition; `needs` would decide it), outside (it is for what happens in the city),
    judge (a person has to judge it and has not), look (it has no condition, only eyes tell), idle (it is for what
    happens outside the city, and this does not). by: the known facts of its condition with their values, where it is
    decided.
    """

    scope: Scope
    state: State
    needs: tuple[str, ...] = ()
    by: tuple[tuple[str, Any], ...] = ()


@dataclass(frozen=True)
class Judged:
    """A plan's scope under what is known, line by line."""

    document: PlanDocument
    lines: tuple[Line, ...]

    @cached_property
    def out(self) -> tuple[Line, ...]:
        """The lines by which the event is none of this plan's; empty where it is, or may be.

        Lines with a condition are the cases a plan is for: one that holds is enough, and all have to fail.
        """
        failing = tuple(line for line in self.lines if line.state in ("fails", "outside"))
        possible = any(line.state in ("holds", "open", "judge") for line in self.lines)
        return () if possible else failing

    @property
    def verdict(self) -> Verdict:
        """out; open, while a fact or a judgement is missing; look, where a line is left to the eyes; else in."""
        states = {line.state for line in self.lines}
        if self.out:
            return "out"
        if "holds" not in states and states & {"open", "judge"}:
            return "open"
        return "look" if "look" in states else "in"

    @property
    def unjudged(self) -> Scope | None:
        """The line that waits for a person's judgement."""
        return next((line.scope for line in self.lines if line.state == "judge"), None)

    @property
    def specs(self) -> dict[str, FactSpec]:
        """The plan's facts by name."""
        return table_of(self.document).specs


def judge(document: PlanDocument, facts: Mapping[str, Any], *, outside: bool = False, judged: bool = False) -> Judged:
    """Hold valid facts against the plan's scope. Pure.

    outside: it happened outside the city; judged: a person has judged that it is ours all the same.
    Source: clauses 1.3, 1.4; a line that needs a judgement is for events outside the city, the others for events in it
    (interpretation 10).
    """
    return Judged(document, tuple(_line(document, scope, facts, outside, judged) for scope in document.scope))


def others(
    document: PlanDocument, documents: Iterable[PlanDocument], facts: Mapping[str, Any], *, outside: bool = False
) -> list[PlanDocument]:
    """The other plans that this event may be of, by the facts they share with this one.

    Those first of which a condition holds, then those that share the most facts: these are kept in a change of plan.
    """
    ranked = []
    for other in documents:
        if other.plan == document.plan:
            continue
        specs = table_of(other).specs
        found = judge(other, _known_to(specs, facts), outside=outside)
        states = {line.state for line in found.lines}
        if not found.lines or states & {"holds", "open", "look"}:
            shared = specs.keys() & table_of(document).specs.keys()
            ranked.append(("holds" not in states, -len(shared), other))
    return [other for _, _, other in sorted(ranked, key=lambda item: item[:2])]


def _line(document: PlanDocument, scope: Scope, facts: Mapping[str, Any], outside: bool, judged: bool) -> Line:
    if scope.needs_judgement != outside:
        return Line(scope, "outside" if outside else "idle")
    if scope.when is None:
        return Line(scope, "look" if not scope.needs_judgement else "holds" if judged else "judge")
    holds = conditions.holds(scope.when, facts)
    by = tuple(
        (name, facts[name]) for name in dict.fromkeys(conditions.named(scope.when)) if facts.get(name) is not None
    )
    if holds is None:
        return Line(scope, "open", table_of(document).in_order(conditions.needs(scope.when, facts)))
    if holds and scope.needs_judgement and not judged:
        return Line(scope, "judge")
    return Line(scope, "holds" if holds else "fails", by=by)


def _known_to(specs: Mapping[str, FactSpec], facts: Mapping[str, Any]) -> dict[str, Any]:
    """The facts that another plan has under the same name, where it takes the value too."""
    taken = {name: take(specs[name], value) for name, value in facts.items() if name in specs}
    return {name: value for name, value in taken.items() if not isinstance(value, FieldError)}
