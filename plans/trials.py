"""Trying facts on a plan without an incident: what every clause says to them. No Django here."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from . import assessment, conditions
from .assessment import Assessment
from .documents import PlanDocument
from .tables import Clause, Kind, Table, table_of

State = Literal["holds", "fails", "open"]


@dataclass(frozen=True)
class Tried:
    """One clause under the facts tried: whether it holds, and the facts that would decide it where it is open."""

    clause: Clause
    state: State
    needs: tuple[str, ...] = ()


@dataclass(frozen=True)
class Scale:
    """One scale of a plan, levels or grades: its answer, and its clauses by value, the most severe first."""

    kind: Kind
    answer: int | None
    values: tuple[tuple[int, tuple[Tried, ...]], ...]


@dataclass(frozen=True)
class Trial:
    """Facts tried on a plan: the assessment, and both scales clause by clause (a plan may have no grades)."""

    assessment: Assessment
    scales: tuple[Scale, ...]


def try_out(document: PlanDocument, facts: Mapping[str, Any]) -> Trial:
    """Try facts that the plan accepts. Pure. Raises BadFacts.

    Source: interpretation 14 (clause by clause, three-valued).
    """
    answer = assessment.assess(document, facts)
    known = assessment.validate(document, facts)
    table = table_of(document)
    tried = [_tried(clause, known, table) for clause in table.clauses]
    answers: dict[Kind, int | None] = {"level": answer.level, "grade": answer.grade}
    kinds = [kind for kind in answers if any(item.clause.kind == kind for item in tried)]
    return Trial(answer, tuple(Scale(kind, answers[kind], _by_value(tried, kind)) for kind in kinds))


def _tried(clause: Clause, known: Mapping[str, Any], table: Table) -> Tried:
    holds = conditions.holds(clause.when, known)
    if holds is None:
        return Tried(clause, "open", table.in_order(conditions.needs(clause.when, known)))
    return Tried(clause, "holds" if holds else "fails")


def _by_value(tried: list[Tried], kind: Kind) -> tuple[tuple[int, tuple[Tried, ...]], ...]:
    values = dict.fromkeys(item.clause.value for item in tried if item.clause.kind == kind)
    return tuple(
        (value, tuple(item for item in tried if (item.clause.kind, item.clause.value) == (kind, value)))
        for value in values
    )
