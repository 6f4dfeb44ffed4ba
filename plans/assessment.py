"""The one judgement: the grade and level a plan gives to the known facts, by which clauses, what is open. No Django."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from . import conditions
from . import facts as incoming
from .documents import Expr, PlanDocument
from .tables import Clause, Kind, Table, table_of


@dataclass(frozen=True)
class Open:
    """A clause more severe than the answer that is neither true nor false, and the facts that would decide it."""

    clause: Clause
    needs: tuple[str, ...]


@dataclass(frozen=True)
class Assessment:
    """The answer for one set of facts: grade and level 1 (most severe) to 4, None where no clause holds."""

    plan: str
    version: str
    grade: int | None
    level: int | None
    reasons: tuple[Clause, ...]
    undecided: tuple[Open, ...]
    ask_next: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        """The answer in the shape that API and command line share."""
        return {
            "plan": self.plan,
            "version": self.version,
            "grade": self.grade,
            "level": self.level,
            "reasons": [_as_json(clause) for clause in self.reasons],
            "undecided": [{**_as_json(item.clause), "needs": list(item.needs)} for item in self.undecided],
            "ask_next": list(self.ask_next),
        }


@dataclass(frozen=True)
class Distance:
    """How far off a threshold of a more severe clause is. `facts` are counted together; `current` None is unknown."""

    facts: tuple[str, ...]
    current: float | None
    bound: float
    kind: Kind
    value: int
    cite: str


def validate(document: PlanDocument, facts: Any) -> dict[str, Any]:
    """The known facts, normalised. Raises BadFacts with every fault at once."""
    return incoming.validate(table_of(document).specs, facts)


def assess(document: PlanDocument, facts: Any) -> Assessment:
    """Judge the facts by the plan. Pure. Raises BadFacts.

    The smallest number that holds is the answer of its kind (interpretation 2); clauses are three-valued
    (interpretation 14).
    """
    table = table_of(document)
    known = incoming.validate(table.specs, facts)
    judged = [(clause, conditions.holds(clause.when, known)) for clause in table.clauses]
    reasons = tuple(clause for clause, value in judged if value)
    answers: dict[Kind, int | None] = {"level": None, "grade": None}
    for clause in reversed(reasons):
        answers[clause.kind] = clause.value
    undecided = tuple(
        Open(clause, table.in_order(conditions.needs(clause.when, known)))
        for clause, value in judged
        if value is None and _more_severe(clause, answers)
    )
    asked = _ask_next(undecided, table)
    return Assessment(document.plan, document.version, answers["grade"], answers["level"], reasons, undecided, asked)


def distances(document: PlanDocument, facts: Any) -> list[Distance]:
    """The thresholds that still lie between the known facts and a more severe answer, the nearest level first.

    A threshold beside a part that is already false is left out: reaching it would change nothing. Raises BadFacts.
    """
    table = table_of(document)
    known = incoming.validate(table.specs, facts)
    judged = [(clause, conditions.holds(clause.when, known)) for clause in table.clauses]
    answers: dict[Kind, int | None] = {"level": None, "grade": None}
    for clause, value in reversed(judged):
        if value:
            answers[clause.kind] = clause.value
    found: dict[Distance, None] = {}
    for clause, value in judged:
        if not value and _more_severe(clause, answers):
            for names, bound in _thresholds(clause.when, known):
                current = float(conditions.total(names, known)) if any(name in known for name in names) else None
                found.setdefault(Distance(names, current, bound, clause.kind, clause.value, clause.cite))
    return sorted(
        found, key=lambda distance: (table.order[distance.facts[0]], -distance.value, distance.kind != "level")
    )


def _thresholds(expr: Expr, facts: Mapping[str, Any]) -> list[tuple[tuple[str, ...], float]]:
    """The lower bounds in an expression that are not reached yet: (facts counted together, bound)."""
    if conditions.holds(expr, facts):
        return []
    if "sum" in expr:
        return [(tuple(expr["sum"]), expr["at_least"])]
    if "fact" in expr:
        bound = expr.get("at_least", expr.get("more_than"))
        return [] if bound is None else [((expr["fact"],), bound)]
    below = [(child, _thresholds(child, facts)) for child in conditions.children_of(expr)]
    if "all" in expr and any(not found and conditions.holds(child, facts) is False for child, found in below):
        return []
    return [threshold for _, found in below for threshold in found]


def _more_severe(clause: Clause, answers: Mapping[Kind, int | None]) -> bool:
    answer = answers[clause.kind]
    return answer is None or clause.value < answer


def _ask_next(undecided: tuple[Open, ...], table: Table) -> tuple[str, ...]:
    """Every needed fact, by (most severe value it could decide, fewest others needed with it there, declaration)."""
    best: dict[str, tuple[int, int, int]] = {}
    for item in undecided:
        for name in item.needs:
            rank = (item.clause.value, len(item.needs) - 1, table.order[name])
            best[name] = min(rank, best.get(name, rank))
    return tuple(sorted(best, key=best.__getitem__))


def _as_json(clause: Clause) -> dict[str, Any]:
    return {"kind": clause.kind, "value": clause.value, "cite": clause.cite, "text": clause.text}
