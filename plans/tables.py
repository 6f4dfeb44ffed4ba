"""What a plan fixes about its assessment, made once a document. No Django here."""

from dataclasses import dataclass
from typing import Literal

from .documents import Expr, FactSpec, PlanDocument

Kind = Literal["level", "grade"]


@dataclass(frozen=True)
class Clause:
    """One clause: a condition of one level or grade."""

    kind: Kind
    value: int
    cite: str
    text: str
    when: Expr


class Table:
    """What a plan fixes about its assessment, made once a document."""

    def __init__(self, document: PlanDocument) -> None:
        self.specs: dict[str, FactSpec] = {spec.name: spec for spec in document.facts}
        self.order: dict[str, int] = {name: place for place, name in enumerate(self.specs)}
        of_levels = [
            Clause("level", level.level, item.cite, item.text, item.when)
            for level in document.levels
            for item in level.conditions
        ]
        of_grades = [
            Clause("grade", grade.grade, item.cite, item.text, item.when)
            for grade in document.grades
            for item in grade.conditions
        ]
        # By value, then level before grade, then the plan's own order: the sort is stable.
        self.clauses = tuple(sorted(of_levels + of_grades, key=lambda clause: clause.value))

    def in_order(self, names: frozenset[str]) -> tuple[str, ...]:
        """These facts in the order of declaration."""
        return tuple(sorted(names, key=self.order.__getitem__))


def table_of(document: PlanDocument) -> Table:
    """The document's table; it lives and dies with the document, which never changes."""
    table: Table | None = document.__dict__.get("_table")
    if table is None:
        table = Table(document)
        object.__setattr__(document, "_table", table)
    return table
