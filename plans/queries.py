"""What the pages of the plans show."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from . import registry, trials
from .checking import cited, reading_cite
from .documents import DUTY_LISTS, Duty, OutlineItem, PlanDocument, Reading
from .forms import TrialForm
from .tables import table_of


@dataclass
class Marks:
    """What a page has shown so far: a cite's heading, else its first place, is its anchor; its readings are shown once.

    The readings' own cites count as marked: their place is the list of readings.
    """

    readings: dict[str, list[Reading]]
    headings: frozenset[str]
    seen: set[str] = field(default_factory=set)
    told: set[str] = field(default_factory=set)

    def first(self, cite: str, *, heading: bool = False) -> bool:
        """Whether the cite stands here for the first time, or for the first time as a heading where it has one."""
        if cite in self.headings and not heading:
            return False
        new = cite not in self.seen
        self.seen.add(cite)
        return new

    def untold(self, cite: str) -> list[Reading]:
        """The readings of a clause that the page has not shown yet; from now on it has."""
        found = [] if cite in self.told else self.readings.get(cite, [])
        self.told.add(cite)
        return found


def plan_list() -> list[PlanDocument]:
    """Every plan as it is in force; one query."""
    return registry.all_in_force()


def plan_page(key: str) -> dict[str, Any]:
    """One plan as a person reads it; one query. Raises UnknownPlan."""
    return page_of(registry.in_force(key))


def trial_page(key: str, form_of: Callable[[PlanDocument], TrialForm]) -> dict[str, Any]:
    """Facts tried on the plan in force: what every clause says to them; one query. Raises UnknownPlan.

    A fact that cannot be is left out, and said beside its field.
    """
    document = registry.in_force(key)
    form = form_of(document)
    form.full_clean()
    tried = trials.try_out(document, form.cleaned_data["values"])
    return {
        "plan": document,
        "form": form,
        "trial": tried,
        "specs": table_of(document).specs,
        "grade_names": {grade.grade: grade.name for grade in document.grades},
    }


def page_of(document: PlanDocument) -> dict[str, Any]:
    """The parts of a plan's page."""
    readings: dict[str, list[Reading]] = {}
    for reading in document.readings:
        readings.setdefault(reading.cite, []).append(reading)
    anchored = {*cited(document), *(reading_cite(reading) for reading in document.readings)}
    return {
        "plan": document,
        "specs": table_of(document).specs,
        "marks": Marks(readings, _headings(document), {reading_cite(reading) for reading in document.readings}),
        "group_names": {group.key: group.name for one in document.groups for group in (one, *one.subgroups)},
        "levels": sorted(document.levels, key=lambda level: -level.level),
        "grades": sorted(document.grades, key=lambda grade: -grade.grade),
        "units": _by_unit(document),
        "lists": {name: getattr(document, name) for name in DUTY_LISTS},
        "contents": [(item, depth(item)) for item in document.outline],
        "elsewhere": {item.cite for item in document.outline if item.cite not in anchored},
    }


def _headings(document: PlanDocument) -> frozenset[str]:
    """The cites that stand as the heading of a part of the page."""
    groups = [one for group in document.groups for one in (group, *group.subgroups)]
    parts = [
        document.headquarters,
        document.field_headquarters,
        *groups,
        *document.levels,
        *document.grades,
        *document.warnings,
        *document.aftercare.papers,
    ]
    return frozenset(part.cite for part in parts if part is not None)


def depth(item: OutlineItem) -> int:
    """How deep an item stands in the contents: 1 for a chapter or an annex, one more a point, bracket or part."""
    return 1 + item.cite.count(".") + item.cite.count("(") + item.cite.count(" ")


def _by_unit(document: PlanDocument) -> dict[str, list[Duty]]:
    """The duties of the members by unit, in the order in which the plan names them."""
    found: dict[str, list[Duty]] = {}
    for duty in document.duties:
        found.setdefault(duty.unit or "", []).append(duty)
    return found
