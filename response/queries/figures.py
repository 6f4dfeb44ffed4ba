"""The facts as they stand, with their history, and the forms to report and verify them."""

from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from plans import words
from plans.forms import FACT
from response import authority
from response import facts as standing
from response.forms.acts import EmptyForm, VerifyFactsForm
from response.forms.reporting import ReportForm
from response.models import FactReport
from response.models.facts import Quality

from .case import Case
from .judgements import label_of, would_become
from .offers import Attempt, Offer, of_incident, offer


@dataclass(frozen=True)
class Told:
    """One report of a fact in words."""

    report: FactReport
    value: str
    by: str

    @property
    def verified(self) -> bool:
        """Whether the figure has been verified."""
        return self.report.quality == Quality.VERIFIED


@dataclass
class FactLine:
    """One fact: the report in force (None: never reported) and what was said before it, newest first."""

    label: str
    now: Told | None
    before: list[Told] = field(default_factory=list)


@dataclass(frozen=True)
class Proposed:
    """A fact that the plan's data proposes by the counties; a person confirms it."""

    label: str
    value: str
    offer: Offer | None
    becomes: str  # the level by the table once it is confirmed, where that changes it


@dataclass
class Figures:
    """The left column of the page."""

    lines: list[FactLine]
    unknown: list[str]
    milestones: list[FactLine]
    proposed: list[Proposed]
    report: Offer | None = None
    verify: Offer | None = None


def of_case(case: Case, attempt: Attempt | None) -> Figures:
    """The facts of the page. No query."""
    lines = _lines(case)
    figures = Figures(
        lines=[line for line in lines if line.now],
        unknown=[line.label for line in lines if not line.now],
        milestones=_milestones(case),
        proposed=_proposed(case),
    )
    if case.acts:
        in_the_way = authority.report_fact(case.incident, case.actor)
        form = ReportForm(document=case.document, known=case.values)
        figures.report = offer(
            attempt,
            "report-facts",
            of_incident(case.incident, "report-facts"),
            _("报告情况"),
            form,
            in_the_way,
            cite=case.reporting_cite,
        )
        figures.verify = _verifying(case, attempt)
    return figures


def _told(case: Case, report: FactReport) -> Told:
    spec = case.specs.get(report.name)
    value = _("已撤回") if report.value is None else words.value(spec, report.value)
    return Told(report, value, str(report.reported_by or "") if case.whole else "")


def _lines(case: Case) -> list[FactLine]:
    found = []
    for spec in case.document.facts:
        now = case.in_force.get(spec.name)
        said = [item for item in case.reports if item.name == spec.name and item.kind == FactReport.Kind.FACT]
        before = [_told(case, item) for item in reversed(said) if now is None or item.pk != now.pk]
        found.append(FactLine(label_of(spec), _told(case, now) if now else None, before))
    return found


def _milestones(case: Case) -> list[FactLine]:
    """When things happened, as last told; the moment itself stands in `observed_at`."""
    labels = {named.name: words.label(named.label, named.name) for named in case.document.milestones}
    labels = {"occurred_at": _("发生时间"), **labels}
    last = {item.name: item for item in case.reports if item.kind == FactReport.Kind.MILESTONE}
    return [FactLine(labels.get(name, name), _told(case, item)) for name, item in last.items()]


def _proposed(case: Case) -> list[Proposed]:
    """Facts nobody has told that the counties suggest. Confirming one is an ordinary report."""
    counties = [place.county.key for place in case.incident.places.all()]
    found = []
    for name, value in standing.proposed_values(case.document, counties).items():
        if name in case.values:
            continue
        spec = case.specs[name]
        confirm = None
        if case.acts:
            form = EmptyForm()
            form.hidden = {
                FACT + name: value,
                "source": _("按事发县（市、区）确认"),
                "quality": Quality.ESTIMATED.value,
            }
            obstacles = authority.report_fact(case.incident, case.actor)
            confirm = offer(
                None, f"confirm-{name}", of_incident(case.incident, "report-facts"), _("确认"), form, obstacles
            )
        becomes = would_become(case.document, case.values, name, value)
        found.append(Proposed(label_of(spec), words.value(spec, value), confirm, becomes))
    return found


def unverified(case: Case) -> list[tuple[str, str]]:
    """The figures that nobody has verified yet, as choices: name, words."""
    rows: list[tuple[str, Any]] = [
        (spec.name, case.in_force[spec.name]) for spec in case.document.facts if spec.name in case.values
    ]
    return [
        (name, f"{label_of(case.specs[name])} {words.value(case.specs[name], report.value)}")
        for name, report in rows
        if report.quality != Quality.VERIFIED
    ]


def _verifying(case: Case, attempt: Attempt | None) -> Offer | None:
    names = unverified(case)
    if not names:
        return None
    made = offer(
        attempt,
        "verify-facts",
        of_incident(case.incident, "verify-facts"),
        _("核实所选数字"),
        VerifyFactsForm(names=names),
        authority.report_fact(case.incident, case.actor),
        cite=case.reporting_cite,
    )
    made.form.hidden = {"seen": max(report.pk for report in case.reports)}  # anew, also where the form was refused
    return made
