"""What the pages of the plans show."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from . import differences, registry, searching, texts, trials
from .checking import cited, reading_cite
from .documents import DUTY_LISTS, Duty, OutlineItem, PlanDocument, Reading
from .forms import TrialForm
from .models import OfficialText, PlanVersion
from .passages import Passage, Passages
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
    quoted: set[str] = field(default_factory=set)
    passages: Passages | None = None
    opened: str = ""  # the clause whose official words are unfolded

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

    def unquoted(self, cite: str) -> Passage | None:
        """The official words of a clause where the page has not shown them yet; from now on it has."""
        if self.passages is None or cite in self.quoted:
            return None
        self.quoted.add(cite)
        return self.passages.of(cite)


def plan_list() -> list[PlanDocument]:
    """Every plan as it is in force; one query."""
    return registry.all_in_force()


def plan_page(key: str, *, wanted: str = "", clause: str = "") -> dict[str, Any]:
    """One plan as a person reads it, the official text beside it where one is attached; two queries.

    Raises UnknownPlan.
    wanted: words to look for. clause: the one whose official words are unfolded.
    """
    document = registry.in_force(key)
    text = texts.attached(key, document)
    passages = texts.passages(text, document) if text else None
    hits, more = searching.search(document, wanted, passages)
    found = {"wanted": wanted[: searching.LONGEST].strip(), "hits": hits, "more": more, "text": text}
    return page_of(document, passages, clause) | found


def versions_page(key: str, old: str, new: str) -> dict[str, Any]:
    """The versions of a plan, its texts, and what two versions differ in; four queries where both are at hand.

    old, new: names of versions; with one of them empty nothing is compared. Raises UnknownPlan, UnknownVersion.
    """
    document = registry.in_force(key)
    rows = list(PlanVersion.objects.filter(plan__key=key).defer("document").order_by("-pk"))
    loaded, attached = registry.who_put_in(key)
    page: dict[str, Any] = {
        "plan": document,
        "versions": [(row, loaded.get(row.version, "")) for row in rows],
        "texts": [
            (row, attached.get(row.sha256, ""))
            for row in OfficialText.objects.filter(plan__key=key).defer("text").order_by("-pk")
        ],
        "old": old or (rows[1].version if len(rows) > 1 else ""),
        "new": new or (rows[0].version if rows else ""),
    }
    if old and new:
        by_name = {row.version: row for row in rows}
        for name in (old, new):
            if name not in by_name:
                raise registry.UnknownVersion(name)
        page["sections"] = differences.between(*(registry.document_of(by_name[name]) for name in (old, new)))
    return page


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


def page_of(document: PlanDocument, passages: Passages | None = None, opened: str = "") -> dict[str, Any]:
    """The parts of a plan's page, with the official words of each clause where there are any."""
    readings: dict[str, list[Reading]] = {}
    for reading in document.readings:
        readings.setdefault(reading.cite, []).append(reading)
    anchored = {*cited(document), *(reading_cite(reading) for reading in document.readings)}
    marks = Marks(readings, _headings(document), {reading_cite(reading) for reading in document.readings})
    marks.passages, marks.opened = passages, opened
    return {
        "plan": document,
        "specs": table_of(document).specs,
        "marks": marks,
        "group_names": {group.key: group.name for one in document.groups for group in (one, *one.subgroups)},
        "levels": sorted(document.levels, key=lambda level: -level.level),
        "grades": sorted(document.grades, key=lambda grade: -grade.grade),
        "units": _by_unit(document),
        "lists": {name: getattr(document, name) for name in DUTY_LISTS},
        "contents": [(item, depth(item)) for item in document.outline],
        "others": [item for item in document.outline if item.cite not in anchored],
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
