"""The wrong plan was picked: before a start it is changed, after a start a successor takes over under the right one."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from plans import registry
from plans import words as plan_words
from plans.documents import PlanDocument
from plans.models import PlanVersion
from response import authority, locks
from response.facts import document_of, in_force, reports_of
from response.handling import LAST_WORD
from response.models import EarlyStep, FactReport, Incident, IncidentPlace
from response.models.decisions import Manner
from response.models.incidents import Command
from response.sources import standing
from shuozhou_ops import words
from shuozhou_ops.errors import BadInput, FieldError
from shuozhou_ops.journal import record
from shuozhou_ops.journal.actors import Actor

from . import decisions, incidents
from .carrying import (
    Carried,
    carry_followed,
    carry_ground,
    carry_over,
    carry_unit_reports,
    fits,
    note_of,
    note_of_step,
    note_of_unit,
    taken_as,
)
from .endings import end_locked
from .marks import recount
from .people import user_of
from .roster import Roster
from .settling import DROP_ALL, Settle
from .suggestions import drop_alarm_locked, expire_open, reassess_locked


@transaction.atomic(durable=True)
def change(incident_id: int, plan: str, *, actor: Actor, at: datetime, reason: str) -> Incident:
    """Put an incident without a response under another plan, the version in force; it is judged anew.

    Facts of the same name that the new plan takes stay as they are, the others are kept in words; marks that it has not
    are dropped. Raises NotAuthorised, Conflict, BadInput, UnknownPlan; then nothing is written. Source: ours.
    """
    version = registry.version_in_force(plan)
    new = registry.document_of(version)
    (incident,), likes = locks.several([incident_id], [new])
    authority.require(authority.change_plan(incident, actor, new))
    reason = words.take("reason", reason, most=500, needed=True)
    old, flags = document_of(incident), list(incident.flags)
    changes = record.Changes()
    carried = _rename(incident, old, new, changes, actor=actor, at=at)
    expire_open(incident, f"改按{new.name}预案", changes, at)
    drop_alarm_locked(incident, changes, at)
    dropped = _move(incident, version, old, new, changes, at)
    _standing, answer = reassess_locked(incident, changes, at)
    payload = {
        "from": old.name,
        "from_plan": old.plan,
        "to": new.name,
        "to_plan": new.plan,
        "version": new.version,
        "marks": [plan_words.flags(old).get(flag, flag) for flag in dropped],
        "level": answer.level,
        "grade": answer.grade,
        "reason": reason,
        **carried.told(),
    }
    record.append(incident, "incident.replanned", changes, actor=actor, at=at, payload=payload)
    _recount(incident, likes, old, flags, at)
    return incident


def _move(
    incident: Incident,
    version: PlanVersion,
    old: PlanDocument,
    new: PlanDocument,
    changes: record.Changes,
    at: datetime,
) -> list[str]:
    """The incident under the new version; the marks that it lost. What was under the old one stays readable by it."""
    former = {"plan": old.plan, "version": incident.plan_version_id, "until": record.spell(at)}
    incident.former_plans = [*incident.former_plans, {**former, "seq": incident.head_seq}]
    incident.plan_version = version
    known = plan_words.flags(new)
    dropped = [flag for flag in incident.flags if flag not in known]
    incident.flags = [flag for flag in incident.flags if flag in known]
    changes.update(incident, "plan_version", "former_plans", "flags")
    return dropped


def _recount(
    incident: Incident, likes: Iterable[Incident], old: PlanDocument, flags: Iterable[str], at: datetime
) -> None:
    """Those that are counted together under the old plan, and under the new one, are judged anew."""
    likes = list(likes)
    before = [other for other in likes if other.plan_version.plan.key == old.plan]
    now = [other for other in likes if other.plan_version.plan.key == incident.plan_version.plan.key]
    if before:
        recount(incident, before, flags, at, document=old)
    recount(incident, now, incident.flags, at)


def _rename(
    incident: Incident,
    old: PlanDocument,
    new: PlanDocument,
    changes: record.Changes,
    *,
    actor: Actor,
    at: datetime,
) -> Carried:
    """What the new plan has no fact for is kept in words beside the reports, which stay as they were.

    What the one judges and the other only counts, or the other way round, is told anew as that, by source.
    A fact of the same name whose value the new plan does not take is withdrawn, so that nothing judges it.
    """
    reports, carried = reports_of(incident), Carried()
    facts = {spec.name for spec in new.facts}
    moments, figures = plan_words.milestones(new), {item.name for item in new.figures}
    known = {FactReport.Kind.FACT: facts, FactReport.Kind.MILESTONE: moments, FactReport.Kind.FIGURE: figures}
    kinds = (FactReport.Kind.FACT, FactReport.Kind.FIGURE)
    stand = {row.pk for kind in kinds for several in standing(reports, kind).values() for row in several}
    for report in sorted(reports, key=lambda item: (item.told_at, item.pk)):
        kind = FactReport.Kind(report.kind)
        if kind == FactReport.Kind.NOTE:
            continue
        taken = report.name in known[kind] and (kind != FactReport.Kind.FACT or fits(new, report))
        other_kind = None if taken or report.pk not in stand else taken_as(new, report)
        if taken:
            carried.kept.append(report.name)
        elif other_kind is not None:
            row = note_of(old, report, incident)
            row.kind, row.value = other_kind, report.value
            row.chosen_at, row.chosen_by = report.chosen_at, report.chosen_by
            changes.create(row)
            carried.kept.append(report.name)
        elif report.value is not None:
            carried.noted.append(str(changes.create(note_of(old, report, incident)).value))
    held = [report for name, report in in_force(reports).items() if name in facts and report.value is not None]
    changes.create_all(
        FactReport,
        [
            FactReport(
                incident=incident,
                name=report.name,
                value=None,
                source=_("改按%s预案") % new.name,
                observed_at=at,
                told_at=at,
                reported_by=user_of(actor),
                corrects=report,
                chosen_at=at if report.chosen_at else None,
                chosen_by=user_of(actor) if report.chosen_at else None,
            )
            for report in held
            if not fits(new, report)
        ],
    )
    carried.noted += _file_away(incident, changes)
    carried.noted += _file_away_steps(incident, changes)
    return carried


def _file_away(incident: Incident, changes: record.Changes) -> list[str]:
    """What units told in the old plan's slots is kept in words, and fills no slot of the new one."""
    rows = [row for row in incident.unit_reports.select_related("recorded_by") if row.item != LAST_WORD]
    rows = [row for row in rows if not row.item.startswith(FORMER)]
    notes = [note_of_unit(row, incident) for row in rows]
    changes.create_all(FactReport, notes)
    for row in rows:
        row.item = f"{FORMER}{row.item}"[:120]
    changes.update_all(rows, "item")
    return [str(note.value) for note in notes]


FORMER = "former/"


def _file_away_steps(incident: Incident, changes: record.Changes) -> list[str]:
    """What counties ticked of the old plan's early handling is kept in words, and ticks no line of the new one.

    The rows stay, numbered past every plan's list, so that the new lines with their numbers are free.
    """
    rows = list(EarlyStep.objects.filter(place__incident=incident).select_related("place__county", "done_by"))
    free = max([FORMER_LINES, *(row.item + 1 for row in rows)])
    present = [row for row in rows if row.item < FORMER_LINES]
    notes = [note_of_step(row, incident) for row in present]
    changes.create_all(FactReport, notes)
    for place, row in enumerate(present):
        row.item = free + place
    changes.update_all(present, "item")
    return [str(note.value) for note in notes]


FORMER_LINES = 1000  # from here on lines of a plan under which it ran before


@transaction.atomic(durable=True)
def take_on(
    incident_id: int,
    plan: str,
    to_level: int,
    *,
    actor: Actor,
    at: datetime,
    reason: str,
    settle: Settle = DROP_ALL,
    scope_judgement: str = "",
) -> Incident:
    """End a response that runs under the wrong plan, and start the right one in the same act, in an incident that goes
    on with everything known; no end condition is asked. Whoever does it may end the one and start the other.

    The old one is closed: it has no after-care and no papers, the other has. Returns the other. Raises NotAuthorised,
    Conflict, BadInput, UnknownPlan; then nothing is written.
    Source: ours; the ending clause of the one (who), the level's own clause of the other.
    """
    version = registry.version_in_force(plan)
    new = registry.document_of(version)
    (old,), likes = locks.several([incident_id], [new])
    authority.require(authority.take_on(old, actor, new, to_level, field=authority.field_of(old)))
    reason = words.take("reason", reason, most=500, needed=True)
    was, flags = document_of(old), list(old.flags)
    judgement = words.take("scope_judgement", scope_judgement, most=500) or old.scope_judgement
    made = record.Changes()
    other = made.create(_successor(old, version, judgement, actor, at))
    _require_judged(other, new)
    held = _close_old(old, other, actor=actor, at=at, reason=reason, settle=settle)
    payload = _begin(old, other, was, new, made, at, held)
    record.append(other, "incident.logged", made, actor=actor, at=at, payload=payload, beside=True)
    changes = record.Changes()
    started = decisions.decision_locked(other, to_level, changes, at, reason=reason)
    decider = authority.as_decider(other, actor, to_level=to_level)
    decisions.take_effect_locked(other, started, changes, actor=decider, at=at, beside=True)
    before = [like for like in likes if like.plan_version.plan.key == was.plan]
    recount(old, before, flags, at)
    recount(other, [like for like in likes if like not in before], other.flags, at)
    return other


def _require_judged(other: Incident, document: PlanDocument) -> None:
    judged = next((scope for scope in document.scope if scope.needs_judgement), None)
    if judged is not None and other.outside_city and not other.scope_judgement:
        words = _("事发地不在本市县（市、区），启动前须写明对我市产生严重影响的判断。")
        raise BadInput([FieldError("scope_judgement", "needs_judgement", words)])


def _close_old(
    old: Incident, other: Incident, *, actor: Actor, at: datetime, reason: str, settle: Settle
) -> list[IncidentPlace]:
    """The response that goes on elsewhere: ended, and nothing more is asked of it, nor the command back.

    Returns its counties as they were: who commands there commands on in the other incident.
    """
    changes = record.Changes()
    end = end_locked(old, Manner.CONTINUED, changes, actor=actor, at=at, reason=reason, settle=settle, into=other.code)
    old.review()
    old.close()
    old.closed_at, old.closing_reason = at, f"转入{other.code}"
    changes.update(old, "status", "closed_at", "closing_reason")
    held, places = (list(old.places.filter(left_at=None)) for _time in range(2))
    for place in places:
        place.commanded_by, place.commander_name, place.commanded_since = Command.COUNTY, "", None
    changes.update_all(places, "commanded_by", "commander_name", "commanded_since")
    reassess_locked(old, changes, at)
    payload = {**end.payload, "into": other.code, "into_id": other.public_id}
    record.append(old, "response.ended", changes, actor=end.actor, at=at, payload=payload)
    return held


def _successor(old: Incident, version: PlanVersion, judgement: str, actor: Actor, at: datetime) -> Incident:
    """The unsaved incident that goes on under the right plan, with place, caller and words of the old one."""
    year = timezone.localtime(at, timezone.get_default_timezone()).year
    flags = plan_words.flags(registry.document_of(version))
    return Incident(
        year=year,
        number=incidents.next_number(year),
        plan_version=version,
        logged_at=at,
        logged_by=user_of(actor),
        scope_judgement=judgement,
        flags=[flag for flag in old.flags if flag in flags],
        continues=old,
        **{name: getattr(old, name) for name in SAME},
    )


SAME = (
    "place",
    "outside_city",
    "latitude",
    "longitude",
    "occurred_at",
    "source",
    "caller_name",
    "caller_phone",
    "words",
    "follows",
)


def _begin(
    old: Incident,
    other: Incident,
    was: PlanDocument,
    new: PlanDocument,
    changes: record.Changes,
    at: datetime,
    held: Iterable[IncidentPlace],
) -> dict[str, Any]:
    """Counties, what is told and what waits go on in the other incident; the payload of its first entry."""
    places = [IncidentPlace(incident=other, **{name: getattr(place, name) for name in OF_PLACE}) for place in held]
    for place in places:
        if place.commanded_by == Command.FIELD:  # released with the wrong plan; the right one's is confirmed anew
            place.commanded_by = Command.CITY
    changes.create_all(IncidentPlace, places)
    carried = carry_over(reports_of(old), was, new, other, changes)
    ground = Roster().ground_of(other)
    reports = old.unit_reports.select_related("unit", "recorded_by").order_by("pk")
    carried.noted += carry_unit_reports(reports, was, new, ground, other, changes)
    carried.noted += carry_ground(old, other, changes, same_plan=False)
    waits = carry_followed(old, other, changes)
    _standing, answer = reassess_locked(other, changes, at)
    return {
        "code": other.code,
        "plan": new.name,
        "place": other.place,
        "source": words.official(other.get_source_display()),
        "facts": {name: report.value for name, report in in_force(reports_of(other)).items()},
        "level": answer.level,
        "grade": answer.grade,
        "continues": old.code,
        "continues_id": old.public_id,
        **waits,
        **carried.told(),
    }


OF_PLACE = (
    "county",
    "own_level",
    "own_level_by",
    "own_level_at",
    "commanded_by",
    "commander_name",
    "commanded_since",
)
