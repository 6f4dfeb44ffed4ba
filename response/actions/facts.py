"""Reporting facts and when things happened: never overwritten, only corrected."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from plans import assessment, clocks
from plans import words as plan_words
from plans.assessment import Assessment
from plans.documents import MILESTONES, PlanDocument
from response import authority, locks, sources
from response import figures as counting
from response.facts import document_of, moments_in_force, reports_of
from response.models import FactReport, Incident
from response.models.facts import Quality
from response.sources import in_force
from shuozhou_ops import words
from shuozhou_ops.errors import BadFacts, BadInput, Conflict, FieldError
from shuozhou_ops.journal import record
from shuozhou_ops.journal.actors import Actor

from .people import user_of
from .suggestions import reassess_locked

EARLIEST = datetime(1900, 1, 1, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
Moments = Mapping[str, datetime | None]


@dataclass(frozen=True)
class Judged:
    """Who made a judgement that a fact states, at which post, and why; when is the moment it was observed."""

    by: str = ""
    post: str = ""
    reason: str = ""

    def stripped(self) -> "Judged":
        """The same without spaces around."""
        return Judged(self.by.strip(), self.post.strip(), self.reason.strip())


@dataclass(frozen=True)
class Told:
    """How something became known: from where, how sure, when it was so (None: now), and whose judgement it is."""

    source: str
    quality: str = Quality.ESTIMATED
    observed_at: datetime | None = None
    judged: Judged = Judged()


JUDGED_WORDS = {"by": ("judged_by", 100), "post": ("judged_post", 100), "reason": ("judged_reason", 500)}


def new_reports(
    incident: Incident,
    values: Mapping[str, Any],
    told: Told,
    before: Sequence[FactReport] = (),
    *,
    kind: FactReport.Kind = FactReport.Kind.FACT,
    corrects_present: bool = False,
    actor: Actor,
    at: datetime,
) -> list[FactReport]:
    """Unsaved reports of facts, each naming the one it corrects; judgements bear whose they are.

    before: every report there is. It corrects the one of its own source that stands, unless that tells of a later
    moment; where the officer says so (corrects_present), and where it withdraws what its source never told, the one in
    force. One of another source it stands beside. Raises BadInput. Source: ours (a correction names what it corrects).
    """
    now = in_force(before, kind)
    document = document_of(incident)
    judgements = _judgements(document, values)
    own = {name: sources.to_correct(before, name, told.source, kind) for name in values}
    observed = {name: _observed((now.get(name), own[name]), told.observed_at, at) for name in values}
    if corrects_present:
        _require_not_before(now, observed)
    corrected = {
        name: _corrected(value, observed[name], own[name], now.get(name), corrects_present)
        for name, value in values.items()
    }
    return [
        FactReport(
            incident=incident,
            kind=kind,
            name=name,
            value=value,
            quality=told.quality,
            source=told.source,
            observed_at=observed[name],
            told_at=at,
            reported_by=user_of(actor),
            corrects=corrected[name],
            judged_by=told.judged.by if name in judgements else "",
            judged_post=told.judged.post if name in judgements else "",
            judged_reason=told.judged.reason if name in judgements else "",
        )
        for name, value in values.items()
    ]


def new_figures(
    incident: Incident,
    figures: Mapping[str, Any],
    told: Told,
    before: Sequence[FactReport],
    *,
    corrects_present: bool = False,
    actor: Actor,
    at: datetime,
) -> list[FactReport]:
    """Unsaved reports of figures, as `new_reports` makes those of facts. They are nobody's judgement."""
    told = replace(told, judged=Judged())
    kind = FactReport.Kind.FIGURE
    return new_reports(
        incident, figures, told, before, kind=kind, corrects_present=corrects_present, actor=actor, at=at
    )


def _corrected(
    value: Any, observed_at: datetime, own: FactReport | None, now: FactReport | None, corrects_present: bool
) -> FactReport | None:
    """What a report of this value corrects. own: what its source told last; now: the report in force."""
    if corrects_present:
        return now
    if value is None:
        return own or now
    return own if own is not None and own.observed_at <= observed_at else None


def _require_not_before(now: Mapping[str, FactReport], observed: Mapping[str, datetime]) -> None:
    """Raise BadInput where a correction tells of an earlier moment than what it is to correct."""
    early = [name for name, moment in observed.items() if name in now and moment < now[name].observed_at]
    if early:
        told = _("现有数字是 %s 的情况，更正它的情况不能更早；如是另一来源，请不要勾选“更正”。")
        raise BadInput([FieldError("observed_at", "before_corrected", told % _clock(now[early[0]].observed_at))])


def new_moments(
    incident: Incident,
    moments: Moments,
    told: Told,
    before: Mapping[str, FactReport],
    *,
    actor: Actor,
    at: datetime,
) -> list[FactReport]:
    """Unsaved reports of milestones; the moment itself stands in `observed_at`, null withdraws it."""
    return [
        FactReport(
            incident=incident,
            kind=FactReport.Kind.MILESTONE,
            name=name,
            value=record.spell(moment) if moment else None,
            quality=told.quality,
            source=told.source,
            observed_at=moment or at,
            told_at=at,
            reported_by=user_of(actor),
            corrects=before.get(name),
        )
        for name, moment in moments.items()
    ]


def _judgements(document: PlanDocument, values: Mapping[str, Any]) -> list[str]:
    """Which of these are judgements that somebody makes; a withdrawn one is none."""
    judged = {spec.name for spec in document.facts if spec.judgement}
    return [name for name, value in values.items() if name in judged and value is not None]


def judged_faults(document: PlanDocument, values: Mapping[str, Any], judged: Judged) -> list[FieldError]:
    """What is missing of whose judgement it is. Source: a judgement is somebody's (9.1)."""
    names = _judgements(document, values)
    labels = "、".join(plan_words.label(document.fact(name).label, name) for name in names)
    missing = {"by": _("谁研判的"), "post": _("研判人的职务"), "reason": _("研判的理由")}
    faults = []
    for part, (field, most) in JUDGED_WORDS.items():
        fault = words.fault(field, getattr(judged, part), most=most)
        if fault is None and names and not getattr(judged, part):
            wanted = _("“%(facts)s”是研判，请写明%(what)s。") % {"facts": labels, "what": missing[part]}
            fault = FieldError(field, "empty", wanted)
        faults += [fault] if fault else []
    return faults


def require_moment(field: str, moment: datetime | None, at: datetime) -> None:
    """Raise BadInput where a given moment lies in the future, or before any event that is remembered here."""
    if fault := moment_fault(field, moment, at):
        raise BadInput([fault])


def moment_fault(field: str, moment: datetime | None, at: datetime) -> FieldError | None:
    """Why a given moment cannot be: in the future, or before any event that is remembered here."""
    tolerance = settings.FUTURE_TOLERANCE_SECONDS
    if moment is not None and moment < EARLIEST:
        return FieldError(field, "too_early", _("时间过早，请核对年份。"))
    if moment is not None and not authority.held_at(moment, not_after=at, tolerance_seconds=tolerance):
        return FieldError(field, "in_future", _("时间不能晚于现在。"))
    return None


def _moment_faults(
    document: PlanDocument, moments: Moments, before: Mapping[str, FactReport], at: datetime
) -> list[FieldError]:
    """Every fault of the milestones told: unknown, impossible, or in an order that cannot be."""
    labels = plan_words.milestones(document)
    unknown = [name for name in moments if name not in labels]
    faults = [FieldError(name, "unknown_milestone", _("没有这个时间点：%s") % name[:40]) for name in unknown]
    found = [moment_fault(name, moment, at) for name, moment in moments.items() if name in labels]
    faults += [fault for fault in found if fault]
    known = {name: report.observed_at for name, report in before.items() if name not in moments}
    known |= {name: moment for name, moment in moments.items() if moment is not None}
    for name, first in clocks.disorder(document, known):
        told = {"name": labels[name], "first": labels[first], "when": _clock(known[first])}
        field = name if name in moments else first
        if field in moments:
            faults.append(FieldError(field, "out_of_order", _("“%(name)s”不能早于“%(first)s”（%(when)s）。") % told))
    return faults


def _clock(moment: datetime) -> str:
    return timezone.localtime(moment, timezone.get_default_timezone()).strftime("%m-%d %H:%M")


@transaction.atomic(durable=True)
def report(
    incident_id: int,
    values: Mapping[str, Any],
    *,
    actor: Actor,
    at: datetime,
    source: str,
    observed_at: datetime | None = None,
    quality: str = Quality.ESTIMATED,
    moments: Moments | None = None,
    judged: Judged = Judged(),
    figures: Mapping[str, Any] | None = None,
    corrects_present: bool = False,
) -> Incident:
    """Report facts, milestones and figures by name; null withdraws. What was said before stays.

    It corrects what its own source told; what another source told stands beside it, unless the officer says that the
    figure in force is corrected (corrects_present). Of a milestone the last word corrects the others.
    observed_at: when it was so (default `at`, when we were told). moments: when things happened, aware. judged: whose
    judgement it is, where a fact is one. figures: what the plan counts beside its facts. Where the facts now ask for a
    more severe level, on the figures of any source, the table's suggestion is made in the same entry.
    Raises NotAuthorised, Conflict, BadFacts, BadInput. Source: 5.1 and the like.
    """
    moments, figures = moments or {}, figures or {}
    incident = locks.incident(incident_id)
    authority.require(authority.report_fact(incident, actor))
    document = document_of(incident)
    known = assessment.validate(document, {name: value for name, value in values.items() if value is not None})
    unknown = [name for name in values if name not in {spec.name for spec in document.facts}]
    if unknown:
        raise BadFacts([FieldError(name, "unknown_fact", _("没有这项情况：%s") % name) for name in unknown])
    counted = {**dict.fromkeys(figures), **counting.validate(document, figures)}
    if not values and not moments and not figures:
        raise BadInput([FieldError("facts", "empty", _("请至少填写一项情况。"))])
    require_moment("observed_at", observed_at, at)
    source = words.take("source", source, most=200, needed=True)
    reports = reports_of(incident)
    happened = moments_in_force(reports)
    judged = judged.stripped()
    faults = judged_faults(document, known, judged) + _moment_faults(document, moments, happened, at)
    if faults:
        raise BadInput(faults)
    told = Told(source, quality, observed_at, judged)
    changes = record.Changes()
    typed = {name: known.get(name) for name in values}
    rows = new_reports(incident, typed, told, reports, corrects_present=corrects_present, actor=actor, at=at)
    told_now = changes.create_all(FactReport, rows)
    figures_before = in_force(reports, FactReport.Kind.FIGURE)
    others = new_moments(incident, moments, told, happened, actor=actor, at=at)
    others += new_figures(incident, counted, told, reports, corrects_present=corrects_present, actor=actor, at=at)
    changes.create_all(FactReport, others)
    beside = [name for name in sources.differing(document, [*reports, *told_now]) if name in values]
    if OCCURRED in moments:
        incident.occurred_at = moments[OCCURRED]
        changes.update(incident, OCCURRED)
    _standing, answer = reassess_locked(incident, changes, at)
    payload = {
        "facts": typed,
        "before": {row.name: row.corrects.value for row in told_now if row.corrects is not None},
        "beside": beside,
        "quality": str(quality),
        "source": source,
        "observed_at": record.spell(observed_at or at),
        **_spelled(moments, happened),
        **_counted(counted, figures_before),
        **whose(document, known, judged),
        **_answered(answer),
    }
    record.append(incident, "fact.reported", changes, actor=actor, at=at, payload=payload)
    return incident


OCCURRED = MILESTONES[0]


def _spelled(moments: Moments, before: Mapping[str, FactReport]) -> dict[str, Any]:
    """The milestones for the entry, and what they were before; nothing where none was told."""
    if not moments:
        return {}
    return {
        "moments": {name: record.spell(moment) if moment else None for name, moment in moments.items()},
        "moments_before": {name: before[name].value for name in moments if name in before},
    }


def _counted(figures: Mapping[str, Any], before: Mapping[str, FactReport]) -> dict[str, Any]:
    """The figures for the entry, and what they were before; nothing where none was told."""
    if not figures:
        return {}
    return {
        "figures": dict(figures),
        "figures_before": {name: before[name].value for name in figures if name in before},
    }


def whose(document: PlanDocument, values: Mapping[str, Any], judged: Judged) -> dict[str, Any]:
    """Whose judgement it is, for the entry; nothing where no fact is one."""
    if not _judgements(document, values):
        return {}
    return {"judged": asdict(judged)}


def _answered(answer: Assessment) -> dict[str, int | None]:
    return {"level": answer.level, "grade": answer.grade}


def _observed(there: Iterable[FactReport | None], given: datetime | None, at: datetime) -> datetime:
    """When it was so. A moment given to the minute is not before what was told in that very minute."""
    if given is None:
        return at
    if given.second:
        return given
    same = [old.observed_at for old in there if old is not None and given < old.observed_at < given + MINUTE]
    return max(same, default=given)


@transaction.atomic(durable=True)
def verify(
    incident_id: int,
    names: Sequence[str],
    *,
    actor: Actor,
    at: datetime,
    source: str,
    seen: Collection[int] | None = None,
    figures: Sequence[str] = (),
) -> Incident:
    """Verify facts and figures in force: a new report each, of the same value, marked verified. Raises as `report`.

    It corrects the report that it verifies, and settles the fact: what other sources told of it before no longer stands
    against it; what is told afterwards does. Source: ours.
    seen: the reports in force that whoever verifies has seen; another one is refused, for nobody looked at it.
    """
    incident = locks.incident(incident_id)
    authority.require(authority.report_fact(incident, actor))
    source = words.take("source", source, most=200, needed=True)
    reports = reports_of(incident)
    facts_now, figures_now = in_force(reports), in_force(reports, FactReport.Kind.FIGURE)
    named = [facts_now[name] for name in names if name in facts_now]
    named += [figures_now[name] for name in figures if name in figures_now]
    if seen is not None and any(report.pk not in seen for report in named):
        raise Conflict("figure_moved", _("所选的数字刚刚有了新的报告，请核对后再核实。"))
    chosen = [report for report in named if report.value is not None and report.quality != Quality.VERIFIED]
    if not chosen:
        raise BadInput([FieldError("facts", "empty", _("没有待核实的情况。"))])
    changes = record.Changes()
    rows = [
        FactReport(
            incident=incident,
            kind=old.kind,
            name=old.name,
            value=old.value,
            quality=Quality.VERIFIED,
            source=source,
            observed_at=old.observed_at,
            told_at=at,
            reported_by=user_of(actor),
            corrects=old,
            judged_by=old.judged_by,
            judged_post=old.judged_post,
            judged_reason=old.judged_reason,
        )
        for old in chosen
    ]
    changes.create_all(FactReport, rows)
    reassess_locked(incident, changes, at)
    verified = {old.name: old.value for old in chosen if old.kind == FactReport.Kind.FACT}
    counted = {old.name: old.value for old in chosen if old.kind == FactReport.Kind.FIGURE}
    payload = {"facts": verified, "source": source, **_counted(counted, {})}
    record.append(incident, "fact.verified", changes, actor=actor, at=at, payload=payload)
    return incident


@transaction.atomic(durable=True)
def choose(report_id: int, *, actor: Actor, at: datetime, reason: str) -> FactReport:
    """Put one of the reports that stand in force, with a reason. Raises NotAuthorised, Conflict, BadInput.

    It stays in force, and after it what corrects it, until another is chosen; nobody's word is taken away, so the table
    still looks at what the other sources say. Source: ours (what is in force is what an officer chose).
    """
    incident = locks.incident(FactReport.objects.values_list("incident_id", flat=True).get(pk=report_id))
    reports = reports_of(incident)
    report = next(item for item in reports if item.pk == report_id)
    authority.require(authority.choose_fact(incident, actor, report, reports))
    reason = words.take("reason", reason, most=500, needed=True)
    others = {item.source: item.value for item in sources.standing(reports)[report.name] if item.pk != report_id}
    report.chosen_at, report.chosen_by = at, user_of(actor)
    changes = record.Changes()
    changes.update(report, "chosen_at", "chosen_by")
    _standing, answer = reassess_locked(incident, changes, at)
    payload = {
        "facts": {report.name: report.value},
        "source": report.source,
        "others": others,
        "reason": reason,
        **_answered(answer),
    }
    record.append(incident, "fact.chosen", changes, actor=actor, at=at, payload=payload)
    return report
