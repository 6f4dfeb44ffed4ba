"""Reading a plan's data as the tests that hold it to its official text do."""

from collections.abc import Iterable

from plans import walking
from plans.documents import Duty, Measure, PlanDocument, Ref
from plans.organisations import key_of


def keys(refs: Iterable[Ref | str]) -> list[str]:
    """The units among these bearers, in their order."""
    return [key_of(ref) for ref in refs if isinstance(ref, Ref) and ref.kind == "unit"]


def charged(measure: Measure) -> list[str | None]:
    """Whom a measure falls to, by key: a unit's, a role's or a group's."""
    return [ref.key if isinstance(ref, Ref) else ref for ref in measure.falls_to]


def lines_of(plan: PlanDocument) -> list[Duty | Measure]:
    """Every duty and measure of the plan, wherever it stands."""
    return [part for _, part in walking.parts(plan) if isinstance(part, Duty | Measure)]
