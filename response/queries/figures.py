"""The facts as they stand, with their history, and the forms to report and verify them."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from plans import assessment, clocks, words
from plans.assessment import Assessment
from plans.documents import FactSpec
from plans.forms import FACT
from plans.labels import level_name
from response import authority, sources
from response import facts as standing
from response.figures import FIGURE, as_facts
from response.forms.acts import ChooseFactForm, EmptyForm, MarkForm, VerifyFactsForm
from response.forms.reporting import ReportForm
from response.models import FactReport
from response.models.facts import Quality
from response.models.incidents import BEFORE_END, NO_LEVEL

from .case import Case
from .judgements import grade_words, label_of, level_words, shown, would_become
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


@dataclass(frozen=True)
class Side:
    """What one source says of a fact on which sources differ.

    becomes: the level (after an end the grade) by the table if it were in force, the other facts as they are.
    """

    told: Told
    in_force: bool
    becomes: str
    offer: Offer | None


@dataclass
class FactLine:
    """One fact or moment: what it is now ('' where nothing is known), the report in force, what was said before it.

    note: what a figure follows from that nobody reported, or that runs by the clock. before: newest first. sides: where
    sources differ, what each of them says.
    """

    label: str
    value: str
    now: Told | None
    before: list[Told] = field(default_factory=list)
    note: str = ""
    sides: list[Side] = field(default_factory=list)


@dataclass(frozen=True)
class Coming:
    """When the clocks alone will make the table's answer more severe, and what it will be.

    sources: by whose figures, where they are not those in force; '' where they are.
    """

    at: datetime
    level: str
    sources: str = ""


@dataclass(frozen=True)
class Mark:
    """One mark of the plan's: whether the incident bears it, and the level by the table once that is turned over."""

    label: str
    bears: bool
    offer: Offer | None
    becomes: str


@dataclass(frozen=True)
class Proposed:
    """A fact that the plan's data proposes by the counties; a person confirms it."""

    label: str
    value: str
    offer: Offer | None
    becomes: str  # the level by the table once it is confirmed, where that changes it


@dataclass
class Figures:
    """The left column of the page. counted: the figures that were told beside the facts."""

    lines: list[FactLine]
    unknown: list[str]
    milestones: list[FactLine]
    counted: list[FactLine]
    notes: list[Told]  # what is kept in words because no fact of the plan takes it
    proposed: list[Proposed]
    coming: Coming | None
    marks: list[Mark]
    report: Offer | None = None
    verify: Offer | None = None


def of_case(case: Case, attempt: Attempt | None) -> Figures:
    """The facts of the page. No query."""
    lines = _lines(case, attempt)
    figures = Figures(
        lines=[line for line in lines if line.now or line.value],
        unknown=[line.label for line in lines if not (line.now or line.value)],
        milestones=_milestones(case),
        counted=_counted(case),
        notes=[_told(case, report) for report in case.reports if report.kind == FactReport.Kind.NOTE],
        proposed=_proposed(case),
        coming=_coming(case),
        marks=_marks(case, attempt),
    )
    if case.acts:
        in_the_way = authority.report_fact(case.incident, case.actor)
        form = report_form(case)
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


def report_form(case: Case, data: Any = None) -> ReportForm:
    """The form to report with; a judgement is taken to be that of whoever fills it in, until they say otherwise."""
    whose = {"judged_by": case.actor.name, "judged_post": case.actor.name_of_post()}
    said = [name for name, report in case.in_force.items() if report.value is not None]
    counted = [name for name, report in case.counted.items() if report.value is not None]
    moments = case.standing.moments
    return ReportForm(data, document=case.document, known=said, told=moments, counted=counted, initial=whose)


def _told(case: Case, report: FactReport) -> Told:
    spec = case.specs.get(report.name) if report.kind == FactReport.Kind.FACT else None
    if report.value is None:
        value = _("已撤回")
    elif report.kind == FactReport.Kind.MILESTONE:
        value = _time(report.observed_at)
    else:
        value = words.value(spec, report.value)
    return Told(report, value, str(report.reported_by or "") if case.whole else "")


def _lines(case: Case, attempt: Attempt | None) -> list[FactLine]:
    found = []
    differing = sources.differing(case.document, case.reports)
    for spec in case.document.facts:
        now = case.in_force.get(spec.name)
        beside = differing.get(spec.name, [])
        before = [told for told in _before(case, FactReport.Kind.FACT, spec.name, now) if told.report not in beside]
        sides = [_side(case, report, now, attempt) for report in beside]
        value = words.value(spec, shown(case.values[spec.name], spec)) if spec.name in case.values else ""
        told = _told(case, now) if now else None
        words_now = value or (told.value if told else "")
        found.append(FactLine(label_of(spec), words_now, told, before, _note(case, spec), sides))
    return found


def _counted(case: Case) -> list[FactLine]:
    """The figures that were told, in the plan's order."""
    found = []
    for spec in as_facts(case.document).facts:
        if now := case.counted.get(spec.name):
            told = _told(case, now)
            before = _before(case, FactReport.Kind.FIGURE, spec.name, now)
            found.append(FactLine(label_of(spec), told.value, told, before))
    return found


def _side(case: Case, report: FactReport, now: FactReport | None, attempt: Attempt | None) -> Side:
    """One source's word where sources differ, and the press that puts it in force."""
    alone = next((way for way in case.ways if way.follows == (report,)), case.ways[0])
    act = None
    if case.acts:
        act = offer(
            attempt,
            f"choose-fact/{report.pk}",
            of_incident(case.incident, "choose-fact"),
            _("采用"),
            ChooseFactForm(initial={"report": report.pk}),
            authority.choose_fact(case.incident, case.actor, report, case.reports),
        )
    return Side(_told(case, report), report == now, _answer(case, alone.answer), act)


def _answer(case: Case, answer: Assessment) -> str:
    """The table's answer in words: the level, and after an end the grade, which alone still moves."""
    return level_words(answer.level) if case.incident.status in BEFORE_END else grade_words(case.document, answer)


def _before(case: Case, kind: FactReport.Kind, name: str, now: FactReport | None) -> list[Told]:
    said = [item for item in case.reports if item.name == name and item.kind == kind]
    return [_told(case, item) for item in reversed(said) if now is None or item.pk != now.pk]


def _note(case: Case, spec: FactSpec) -> str:
    """What a derived fact follows from; '' for one that was reported as it stands."""
    clock = case.standing.clocks.get(spec.name)
    if clock is not None:
        moment = _time(clock.moment)
        if clock.source == clocks.STATED:
            return _("自动计时：从 %s 所报的数起算") % moment
        told = {"label": words.milestones(case.document).get(clock.source, clock.source), "at": moment}
        return (_("自动计时：从%(label)s %(at)s 起算") if clock.since else _("%(label)s %(at)s，不再计时")) % told
    if spec.name in case.standing.counted:
        return _("本系统中这样标记的未结束事件，本起在内；报过总数的取大者")
    return ""


def _time(moment: datetime) -> str:
    return timezone.localtime(moment).strftime("%m-%d %H:%M")


def _coming(case: Case) -> Coming | None:
    """The next moment at which the clocks alone give a more severe level, by the figures of any source, as the sweep
    looks at them; None where they never do. Of the same moment the figures in force come first."""
    if case.incident.status not in BEFORE_END:
        return None
    now = standing.most_severe(case.ways).answer.level or NO_LEVEL
    found = [coming for way in case.ways if (coming := _coming_by(case, way, now)) is not None]
    return min(found, key=lambda coming: coming.at, default=None)


def _coming_by(case: Case, way: standing.Weighed, now: int) -> Coming | None:
    """The same on one way to take what the sources say. now: the level that is asked for already."""
    running, values, at = way.standing.clocks, way.standing.values, case.at
    while (moment := clocks.next_change(case.document, values, running, at)) is not None:
        values, at = (
            {**values, **{name: clock.hours(case.specs[name], moment) for name, clock in running.items()}},
            moment,
        )
        level = assessment.assess(case.document, values).level
        if level is not None and level < now:
            sources = "、".join(dict.fromkeys(report.source for report in way.follows))
            return Coming(moment, level_name(level), sources)
    return None


def _marks(case: Case, attempt: Attempt | None) -> list[Mark]:
    """The plan's marks. Setting one is an act of the desk or the plan's posts."""
    found = []
    for name, label in words.flags(case.document).items():
        bears = name in case.incident.flags
        act = None
        if case.acts and case.incident.status in BEFORE_END:
            form = MarkForm(initial={"flag": name, "bears": not bears})
            press = _("取消标记“%s”") if bears else _("标记为“%s”")
            url, obstacles = of_incident(case.incident, "mark"), authority.mark(case.incident, case.actor)
            act = offer(attempt, f"mark/{name}", url, press % label, form, obstacles)
        found.append(Mark(label, bears, act, _turned(case, name, bears)))
    return found


def _turned(case: Case, flag: str, bears: bool) -> str:
    """The level by the table if the mark were turned over; '' where it would stay."""
    flagged = {**case.flagged, flag: case.flagged.get(flag, 0) + (-1 if bears else 1)}
    then = standing.stand(case.document, case.reports, case.at, flagged=flagged, runs=not case.incident.replay_of)
    level = assessment.assess(case.document, then.values).level
    return "" if level == case.answer.level else level_words(level)


def _milestones(case: Case) -> list[FactLine]:
    """When things happened, as last told; the moment itself stands in `observed_at`."""
    last = standing.moments_told(case.reports)
    found = []
    for name, label in words.milestones(case.document).items():
        if name in last:
            told = _told(case, last[name])
            found.append(FactLine(label, told.value, told, _before(case, FactReport.Kind.MILESTONE, name, told.report)))
    return found


def _proposed(case: Case) -> list[Proposed]:
    """Facts nobody has told that the counties suggest. Confirming one is an ordinary report."""
    counties = [place.county.key for place in case.incident.ground]
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
    facts, figures = case.document.facts, as_facts(case.document).facts
    rows = [(spec.name, spec, case.in_force[spec.name]) for spec in facts if spec.name in case.in_force]
    rows += [(FIGURE + spec.name, spec, case.counted[spec.name]) for spec in figures if spec.name in case.counted]
    return [
        (name, f"{label_of(spec)} {words.value(spec, report.value)}")
        for name, spec, report in rows
        if report.quality != Quality.VERIFIED and report.value is not None
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
    seen = sorted(report.pk for now in (case.in_force, case.counted) for report in now.values())
    made.form.hidden = {"seen": ",".join(map(str, seen))}  # anew, also where the form was refused
    return made
