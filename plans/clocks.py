"""Facts that run by the clock: the hours that follow from when things happened, and when they next change a clause.

A clock runs from its milestone, stands still once one of those that stop it has happened, and runs again from a
flare-up. What a person states of it (so many hours, at a moment) sets it, too. No Django here.
Source: interpretation 7; `derive.hours_since` of the plan data.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from . import conditions
from .documents import MILESTONES, Expr, FactSpec, PlanDocument
from .tables import table_of

STATED = ""  # the source of a clock that a person's own figure set
HOUR = timedelta(hours=1)
INSTANT = timedelta(microseconds=1)  # the least a clock moves: just past a bound
LONGEST = 24 * 366 * 10  # hours; further ahead no clock is looked at


@dataclass(frozen=True)
class Clock:
    """One clock as it stands. since: from when it runs; None where it stands still, at nought.

    source: the milestone that set it going or stopped it; STATED where a person's figure did. moment: when that was.
    """

    name: str
    since: datetime | None
    source: str
    moment: datetime

    def hours(self, spec: FactSpec, at: datetime) -> float | int:
        """The value of its fact at a moment, within the fact's bounds; whole hours where the fact counts whole ones."""
        passed = max((at - self.since) / HOUR, 0.0) if self.since else 0.0
        bounded = min(max(passed, spec.min or 0), passed if spec.max is None else spec.max)
        return int(bounded) if spec.type == "integer" else float(bounded)


def clocks(
    document: PlanDocument, moments: Mapping[str, datetime], stated: Mapping[str, tuple[float, datetime]]
) -> dict[str, Clock]:
    """The clocks that have been set, by fact, in the order of declaration.

    moments: when each milestone happened, where known. stated: the figure a person gave for a fact, and when it was so.
    """
    found = {}
    for spec in document.facts:
        if rule := rule_of(spec):
            clock = _set(spec.name, rule, moments, stated.get(spec.name))
            if clock is not None:
                found[spec.name] = clock
    return found


def rule_of(spec: FactSpec) -> Mapping[str, Any] | None:
    """How a fact runs by the clock; None where it does not."""
    return spec.derive if spec.derive and "hours_since" in spec.derive else None


def _set(
    name: str, rule: Mapping[str, Any], moments: Mapping[str, datetime], stated: tuple[float, datetime] | None
) -> Clock | None:
    """One clock, set by what happened in the order of time; None while nothing is known of it."""
    begins, stops, again = (rule["hours_since"],), rule["until"], rule["again"]
    events = [
        (moments[milestone], place, milestone)
        for place, milestones in enumerate((begins, stops, again))
        for milestone in milestones
        if milestone in moments
    ]
    if stated is not None:
        events.append((stated[1], len(events) + 3, STATED))
    clock: Clock | None = None
    for moment, _, source in sorted(events):
        running = clock is not None and clock.since is not None
        if source == STATED and stated is not None:
            clock = Clock(name, moment - stated[0] * HOUR, STATED, moment)
        elif source in stops:
            clock = Clock(name, None, source, moment)
        elif not running:  # a flare-up while it runs makes nothing milder
            clock = Clock(name, moment, source, moment)
    return clock


def disorder(document: PlanDocument, moments: Mapping[str, datetime]) -> list[tuple[str, str]]:
    """The milestones told to be earlier than one they can only follow: (milestone, the one it follows).

    What follows: everything the event itself; what stops a clock or sets it going again, what first set it going.
    """
    first, *others = MILESTONES
    pairs = [(name, first) for name in others]
    for rule in filter(None, map(rule_of, document.facts)):
        pairs += [(name, rule["hours_since"]) for name in (*rule["until"], *rule["again"])]
    return [
        (name, before)
        for name, before in dict.fromkeys(pairs)
        if before in moments and name in moments and moments[name] < moments[before]
    ]


def next_change(
    document: PlanDocument, values: Mapping[str, Any], running: Mapping[str, Clock], at: datetime
) -> datetime | None:
    """The next moment after `at` at which the clocks alone change whether a clause holds; None where they never do.

    values: every known fact at `at`. A clause is a threshold, so only the moments at which a clock passes one count.
    """
    specs = table_of(document).specs
    going = {name: clock for name, clock in running.items() if clock.since is not None}
    now = _truth(document, values)
    for moment in sorted(set(_crossings(document, values, going, at))):
        later = {name: clock.hours(specs[name], moment) for name, clock in going.items()}
        if moment > at and _truth(document, {**values, **later}) != now:
            return moment
    return None


def _truth(document: PlanDocument, values: Mapping[str, Any]) -> list[bool | None]:
    return [conditions.holds(clause.when, values) for clause in table_of(document).clauses]


def _crossings(
    document: PlanDocument, values: Mapping[str, Any], going: Mapping[str, Clock], at: datetime
) -> Iterator[datetime]:
    """Every moment at which a clock reaches a number that a clause speaks of, and the instant after."""
    for clause in table_of(document).clauses:
        for names, bound in _bounds(clause.when):
            ticking = [name for name in names if name in going]
            if not ticking or bound > LONGEST:
                continue
            since = going[ticking[0]].since
            if len(names) == 1 and since is not None:
                moment = since + bound * HOUR
            else:  # counted together: what is missing, by as many clocks as run in it
                moment = at + (bound - float(conditions.total(names, values))) / len(ticking) * HOUR
            yield moment
            yield moment + INSTANT


def _bounds(expr: Expr) -> Iterator[tuple[tuple[str, ...], float]]:
    """Each number in a condition, with the facts it bounds."""
    if "sum" in expr:
        yield tuple(expr["sum"]), float(expr["at_least"])
    elif "fact" in expr:
        bound = expr[conditions.comparison_of(expr)]
        several: Iterable[Any] = bound if isinstance(bound, list | tuple) else (bound,)
        yield from (((expr["fact"],), float(number)) for number in several if _is_number(number))
    for child in conditions.children_of(expr):
        yield from _bounds(child)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
