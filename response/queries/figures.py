"""The facts as they stand with their history, what the plan makes of them, and what to ask next."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from plans import assessment, words
from plans.assessment import Distance
from plans.documents import FactSpec, Reading
from plans.labels import NUMERALS, level_name
from plans.tables import Clause
from response import authority
from response import facts as standing
from response.forms.acts import EmptyForm, VerifyFactsForm
from response.forms.reporting import FACT, ReportForm
from response.models import FactReport
from response.models.facts import Quality
from response.models.incidents import Status

from .case import Case
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
class Stretch:
    """How far figures are from the next levels: `死亡人数+失踪人数`, `7`, [(10人, 三级响应), …]."""

    label: str
    current: str
    bounds: list[tuple[str, str]]  # the bounds of one level (several where a clause is open), what they mean


@dataclass(frozen=True)
class Holding:
    """One clause that holds, and what it means."""

    clause: Clause
    means: str


@dataclass(frozen=True)
class Question:
    """What to ask next, and whom."""

    label: str
    of: str


@dataclass(frozen=True)
class Proposed:
    """A fact that the plan's data proposes by the counties; a person confirms it."""

    label: str
    value: str
    offer: Offer | None


@dataclass
class Figures:
    """The left column of the page."""

    lines: list[FactLine]
    unknown: list[str]
    milestones: list[FactLine]
    stretches: list[Stretch]
    holding: list[Holding]  # the clauses that give the level
    also: list[Holding]  # the milder ones that hold too, and those of the grade
    readings: list[Reading]  # of the clauses shown
    open: list[tuple[assessment.Open, str]]
    ask: list[Question]
    proposed: list[Proposed]
    report: Offer | None = None
    verify: Offer | None = None


def of_case(case: Case, attempt: Attempt | None) -> Figures:
    """Facts and assessment of the page. No query."""
    lines = _lines(case)
    figures = Figures(
        lines=[line for line in lines if line.now],
        unknown=[line.label for line in lines if not line.now],
        milestones=_milestones(case),
        stretches=_stretches(case),
        holding=[_holding(case, clause) for clause in case.answer.reasons if _gives_level(case, clause)],
        also=[_holding(case, clause) for clause in case.answer.reasons if not _gives_level(case, clause)],
        readings=_readings(case),
        open=[(item, _names(case, item.needs)) for item in case.answer.undecided if item.clause.kind == "level"],
        ask=[_question(case, name) for name in case.answer.ask_next],
        proposed=_proposed(case),
    )
    if case.acts:
        in_the_way = authority.report_fact(case.incident, case.actor)
        form = ReportForm(document=case.document, known=case.values)
        figures.report = offer(
            attempt, "report-facts", of_incident(case.incident, "report-facts"), _("报告情况"), form, in_the_way
        )
        figures.verify = _verifying(case, attempt)
    return figures


def label_of(spec: FactSpec) -> str:
    """A fact by its label."""
    return words.label(spec.label, spec.name)


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


def _holding(case: Case, clause: Clause) -> Holding:
    """A clause that holds, of a level or of a grade: two scales, never one."""
    if clause.kind == "level":
        return Holding(clause, level_name(clause.value))
    return Holding(clause, _("灾害等级：%s") % case.document.grade(clause.value).name)


def _gives_level(case: Case, clause: Clause) -> bool:
    return clause.kind == "level" and clause.value == case.answer.level


def _readings(case: Case) -> list[Reading]:
    """How the clauses at hand are read: those that hold, and those still open."""
    cites = {clause.cite for clause in case.answer.reasons} | {item.clause.cite for item in case.answer.undecided}
    return [reading for reading in case.document.readings if reading.cite in cites]


def _names(case: Case, facts: Iterable[str]) -> str:
    return "、".join(label_of(case.specs[name]) for name in facts)


def _stretches(case: Case) -> list[Stretch]:
    """The thresholds of levels ahead, those of the same figures on one line; after an end none (interpretation 22)."""
    if case.incident.status not in (Status.REPORTED, Status.VERIFIED, Status.RESPONDING):
        return []
    together: dict[tuple[str, ...], list[Distance]] = {}
    for distance in assessment.distances(case.document, case.values):
        if distance.kind == "level":
            together.setdefault(distance.facts, []).append(distance)
    return [_stretch(case, facts, found) for facts, found in together.items()]


def _stretch(case: Case, facts: tuple[str, ...], found: list[Distance]) -> Stretch:
    unit = case.specs[facts[0]].unit or ""
    current = next((distance.current for distance in found), None)
    label = "+".join(label_of(case.specs[name]) for name in facts)
    by_level: dict[int, list[float]] = {}
    for item in found:
        by_level.setdefault(item.value, []).append(item.bound)
    bounds = [
        (_(" 或 ").join(_plain(bound) + unit for bound in sorted(set(several))), level_name(level))
        for level, several in sorted(by_level.items(), reverse=True)
    ]
    return Stretch(label, _("未报") if current is None else _plain(current), bounds)


def _plain(number: float) -> str:
    return str(int(number)) if float(number).is_integer() else str(number)


def _question(case: Case, name: str) -> Question:
    spec = case.specs[name]
    places = {place.county.name for place in case.incident.places.all()}
    asked = []
    for ref in spec.asked_of:
        here = ref.kind == "incident_county" and places
        asked.append("、".join(sorted(places)) if here else ref.name)
    return Question(label_of(spec), "、".join(dict.fromkeys(asked)))


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
        found.append(Proposed(label_of(spec), words.value(spec, value), confirm))
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
    return offer(
        attempt,
        "verify-facts",
        of_incident(case.incident, "verify-facts"),
        _("核实所选数字"),
        VerifyFactsForm(names=names),
        authority.report_fact(case.incident, case.actor),
    )


def grade_words(case: Case) -> str:
    """The disaster grade by the facts in force, where the plan has grades; never confused with a level."""
    if not case.document.grades:
        return ""
    grade = next((item for item in case.document.grades if item.grade == case.answer.grade), None)
    return grade.name if grade else _("未定级")


def level_by_table(case: Case) -> str:
    """The level that the plan's table gives now."""
    return level_name(case.answer.level) if case.answer.level in NUMERALS else _("未达到任何级别")
