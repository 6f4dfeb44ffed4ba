"""Taking reports over from one incident into another, or from one plan to another: private steps.

What the other plan knows stays a report of it; what it does not know is kept in words.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime

from django.conf import settings
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from plans import assessment, clocks
from plans import words as plan_words
from plans.documents import PlanDocument
from response import figures
from response.bearers import Ground
from response.facts import in_force, moments_in_force
from response.handling import LAST_WORD
from response.models import EarlyStep, FactReport, Incident, Instruction, SupportRequest, UnitReport
from response.slots import slots_of
from shuozhou_ops.errors import BadFacts
from shuozhou_ops.journal import record

Kind = FactReport.Kind


@dataclass
class Carried:
    """What came over: the facts and moments that the other plan knows by their names, and what is kept in words."""

    kept: list[str] = field(default_factory=list)
    noted: list[str] = field(default_factory=list)

    def told(self) -> dict[str, list[str]]:
        """For the entry."""
        return {"kept": list(dict.fromkeys(self.kept)), "noted": list(dict.fromkeys(self.noted))}


def fits(document: PlanDocument, report: FactReport) -> bool:
    """Whether a plan has this fact, and takes this value for it."""
    if report.value is None or all(spec.name != report.name for spec in document.facts):
        return False
    try:
        assessment.validate(document, {report.name: report.value})
    except BadFacts:
        return False
    return True


def taken_as(document: PlanDocument, report: FactReport) -> Kind | None:
    """As what a plan takes a report of a fact or a figure, by its name: what one plan judges another only counts."""
    if report.kind not in (Kind.FACT, Kind.FIGURE):
        return None
    if fits(document, report):
        return Kind.FACT
    if report.value is None or all(item.name != report.name for item in document.figures):
        return None
    try:
        figures.validate(document, {report.name: report.value})
    except BadFacts:
        return None
    return Kind.FIGURE


def in_words(document: PlanDocument, report: FactReport) -> str:
    """A report as its own plan says it: `过火面积 12公顷`. In the language of the papers."""
    with translation.override(settings.LANGUAGE_CODE):
        if report.kind == Kind.NOTE:
            return str(report.value or "")
        specs = {spec.name: spec for spec in document.facts}
        labels = {name: plan_words.label(spec.label, name) for name, spec in specs.items()}
        labels |= {item.name: plan_words.label(item.label, item.name) for item in document.figures}
        labels |= plan_words.milestones(document)
        label = labels.get(report.name, report.name)
        if report.value is None:
            return f"{label} {_('撤回')}"
        if report.kind == Kind.MILESTONE:
            moment = timezone.localtime(report.observed_at, timezone.get_default_timezone())
            return f"{label} {moment.strftime('%m-%d %H:%M')}"
        return f"{label} {plan_words.value(specs.get(report.name), report.value)}"


def note_of(document: PlanDocument, report: FactReport, incident: Incident) -> FactReport:
    """An unsaved note that keeps a report in words, with everything that is known of it."""
    return FactReport(
        incident=incident,
        kind=Kind.NOTE,
        name=report.name,
        value=in_words(document, report),
        quality=report.quality,
        source=report.source,
        observed_at=report.observed_at,
        told_at=report.told_at,
        reported_by=report.reported_by,
        judged_by=report.judged_by,
        judged_post=report.judged_post,
        judged_reason=report.judged_reason,
    )


def carry_over(
    reports: Iterable[FactReport],
    old: PlanDocument,
    new: PlanDocument,
    incident: Incident,
    changes: record.Changes,
    *,
    known: Iterable[FactReport] = (),
    said_in: str = "",
) -> Carried:
    """Make every report of one incident a report of another, in the order in which they were told.

    known: what the other has been told already: its moments stand, and one that contradicts them is kept in words.
    said_in: the number of the incident they come from, where the other goes on with sources of its own; without it the
    choice of an officer comes along. A figure whose last word is a withdrawal is kept in words alone.
    """
    reports = sorted(reports, key=lambda item: (item.told_at, item.pk))
    alive = {
        (kind, name)
        for kind in (Kind.FACT, Kind.FIGURE)
        for name, report in in_force(reports, kind).items()
        if report.value is not None
    }
    moments = {name: report.observed_at for name, report in moments_in_force(known).items()}
    theirs = {name: report.pk for name, report in moments_in_force(reports).items()}
    counted = {item.name for item in new.figures}

    def kept_as(report: FactReport) -> Kind | None:
        if report.kind == Kind.MILESTONE:
            stays = theirs.get(report.name) == report.pk and _agrees(new, report, moments)
            return Kind.MILESTONE if stays else None
        if report.kind == Kind.FIGURE and report.name in counted:
            return Kind.FIGURE
        return taken_as(new, report) if (report.kind, report.name) in alive else None

    return _copy(reports, kept_as, old, incident, changes, said_in)


def _agrees(document: PlanDocument, report: FactReport, moments: dict[str, datetime]) -> bool:
    """Whether a moment is known to the plan, new to the incident, and possible beside the others; then it counts."""
    if report.name not in plan_words.milestones(document) or report.name in moments:
        return False
    if clocks.disorder(document, {**moments, report.name: report.observed_at}):
        return False
    moments[report.name] = report.observed_at
    return True


def _copy(
    reports: Iterable[FactReport],
    kept_as: Callable[[FactReport], Kind | None],
    old: PlanDocument,
    incident: Incident,
    changes: record.Changes,
    said_in: str,
) -> Carried:
    carried, made = Carried(), dict[int, FactReport]()
    for report in reports:
        row = note_of(old, report, incident)
        kind = kept_as(report)
        if kind is not None:
            row.kind, row.value = kind, report.value
            row.corrects = made.get(report.corrects_id or 0)
            if not said_in:
                row.chosen_at, row.chosen_by = report.chosen_at, report.chosen_by
            made[report.pk] = row
            carried.kept.append(report.name)
        else:
            carried.noted.append(str(row.value))
        if said_in:
            row.source = f"{report.source[: 198 - len(said_in)]}（{said_in}）"
        changes.create(row)
    return carried


def carry_unit_reports(
    reports: Iterable[UnitReport],
    old: PlanDocument,
    new: PlanDocument,
    ground: Ground,
    incident: Incident,
    changes: record.Changes,
) -> list[str]:
    """Make what units told reports of another incident: in its own slots where it has them, else in words; those."""
    slots = {(slot.item, slot.bearer.name) for slot in slots_of(new, ground)} if old.plan == new.plan else set()
    noted = []
    for report in reports:
        if (report.item, report.bearer) in slots or report.item == LAST_WORD:
            changes.create(
                UnitReport(
                    incident=incident,
                    **{name: getattr(report, name) for name in SAME},
                )
            )
        else:
            noted.append(changes.create(note_of_unit(report, incident)))
    return [str(row.value) for row in noted]


SAME = ("item", "unit", "bearer", "text", "observed_at", "told_at", "recorded_by")


def note_of_unit(report: UnitReport, incident: Incident) -> FactReport:
    """An unsaved note of what a unit told, where the plan has no slot for it."""
    return FactReport(
        incident=incident,
        kind=Kind.NOTE,
        name="unit_report",
        value=f"{report.bearer}：{report.text}",
        source=report.bearer[:200],
        observed_at=report.observed_at,
        told_at=report.told_at,
        reported_by=report.recorded_by,
    )


def note_of_step(step: EarlyStep, incident: Incident) -> FactReport:
    """An unsaved note of what a county had done early, where the plan has no such line. step: with its county."""
    county = step.place.county.name
    said = f"{county}已办：{step.text}（{step.cite}）"
    return FactReport(
        incident=incident,
        kind=Kind.NOTE,
        name="early_step",
        value=f"{said} {step.note}".rstrip(),
        source=county,
        observed_at=step.done_at,
        told_at=step.done_at,
        reported_by=step.done_by,
    )


def carry_ground(old: Incident, other: Incident, changes: record.Changes, *, same_plan: bool) -> list[str]:
    """What the counties did by themselves counts in the other incident too, where it touches them; what is only words.

    Their own level where it was told later there; lines that they ticked, under another plan in words.
    """
    there = {place.county_id: place for place in other.places.all()}
    ticked = {(step.place_id, step.item) for step in EarlyStep.objects.filter(place__incident=other)}
    steps: dict[int, list[EarlyStep]] = {}
    for step in EarlyStep.objects.filter(place__incident=old).select_related("place__county", "done_by"):
        steps.setdefault(step.place.county_id, []).append(step)
    noted = []
    for place in old.places.filter(left_at=None):
        target = there.get(place.county_id)
        if target is None:
            continue
        if place.own_level_at and (target.own_level_at is None or target.own_level_at < place.own_level_at):
            for name in OWN_LEVEL:
                setattr(target, name, getattr(place, name))
            changes.update(target, *OWN_LEVEL)
        for step in steps.get(place.county_id, ()):
            if not same_plan:
                noted.append(str(changes.create(note_of_step(step, other)).value))
            elif (target.pk, step.item) not in ticked:
                changes.create(EarlyStep(place=target, **{name: getattr(step, name) for name in OF_STEP}))
    return noted


OWN_LEVEL = ("own_level", "own_level_by", "own_level_at")
OF_STEP = ("item", "text", "cite", "done_at", "done_by", "note")


def carry_followed(old: Incident, other: Incident, changes: record.Changes) -> dict[str, list[str]]:
    """What still waits goes on waiting in the other incident: requests without an answer, instructions not done.

    Here they stay as they were. The words of each, for the entry; nothing where nothing waits.
    """
    places = {place.county_id: place for place in other.places.all()}
    requests = [
        changes.create(
            SupportRequest(
                incident=other,
                place=places[row.place.county_id] if row.place else None,
                **{name: getattr(row, name) for name in OF_REQUEST},
            )
        )
        for row in old.requests.filter(status=SupportRequest.Status.OPEN).select_related("place", "asked_by")
        if row.place is None or row.place.county_id in places
    ]
    instructions = [
        changes.create(Instruction(incident=other, **{name: getattr(row, name) for name in OF_INSTRUCTION}))
        for row in old.instructions.exclude(status=Instruction.Status.DONE).select_related("unit", "received_by")
    ]
    found = {"requests": [row.text for row in requests], "instructions": [row.text for row in instructions]}
    return {name: texts for name, texts in found.items() if texts}


OF_REQUEST = ("to_name", "text", "cite", "asked_at", "asked_by")
OF_INSTRUCTION = (
    "kind",
    "giver_name",
    "giver_post",
    "text",
    "cite",
    "status",
    "received_at",
    "received_by",
    "unit",
    "passed_at",
)
