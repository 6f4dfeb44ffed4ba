"""Reporting facts: never overwritten, only corrected."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from plans import assessment
from response import authority, locks
from response.facts import document_of, in_force, reports_of
from response.models import FactReport, Incident
from response.models.facts import Quality
from shuozhou_ops import words
from shuozhou_ops.errors import BadFacts, BadInput, Conflict, FieldError
from shuozhou_ops.journal import record
from shuozhou_ops.journal.actors import Actor

from .people import user_of
from .suggestions import reassess_locked

EARLIEST = datetime(1900, 1, 1, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def new_report(
    incident: Incident,
    name: str,
    value: Any,
    quality: str,
    source: str,
    observed_at: datetime,
    told_at: datetime,
    actor: Actor,
    corrects: FactReport | None = None,
) -> FactReport:
    """An unsaved report of one fact."""
    return FactReport(
        incident=incident,
        name=name,
        value=value,
        quality=quality,
        source=source,
        observed_at=observed_at,
        told_at=told_at,
        reported_by=user_of(actor),
        corrects=corrects,
    )


def require_moment(field: str, moment: datetime | None, at: datetime) -> None:
    """Raise BadInput where a given moment lies in the future, or before any event that is remembered here."""
    tolerance = settings.FUTURE_TOLERANCE_SECONDS
    if moment is not None and moment < EARLIEST:
        raise BadInput([FieldError(field, "too_early", _("时间过早，请核对年份。"))])
    if moment is not None and not authority.held_at(moment, not_after=at, tolerance_seconds=tolerance):
        raise BadInput([FieldError(field, "in_future", _("时间不能晚于现在。"))])


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
) -> Incident:
    """Report facts: value by name, null withdraws. What was said before stays, named as corrected.

    observed_at: when it was so (default `at`, when we were told). Where the facts now ask for a more severe level, the
    table's suggestion is made in the same entry. Raises NotAuthorised, Conflict, BadFacts. Source: 5.1 and the like.
    """
    incident = locks.incident(incident_id)
    authority.require(authority.report_fact(incident, actor))
    document = document_of(incident)
    known = assessment.validate(document, {name: value for name, value in values.items() if value is not None})
    unknown = [name for name in values if name not in {spec.name for spec in document.facts}]
    if unknown:
        raise BadFacts([FieldError(name, "unknown_fact", _("没有这项情况：%s") % name) for name in unknown])
    if not values:
        raise BadInput([FieldError("facts", "empty", _("请至少填写一项情况。"))])
    require_moment("observed_at", observed_at, at)
    source = words.take("source", source, most=200, needed=True)
    before = in_force(reports_of(incident))
    changes = record.Changes()
    rows = [
        new_report(incident, name, known.get(name), quality, source, observed, at, actor, old)
        for name, old, observed in (
            (name, before.get(name), _observed(before.get(name), observed_at, at)) for name in values
        )
    ]
    changes.create_all(FactReport, rows)
    answer = reassess_locked(incident, changes, at)
    payload = {
        "facts": {name: known.get(name) for name in values},
        "before": {name: before[name].value for name in values if name in before},
        "quality": str(quality),
        "source": source,
        "observed_at": record.spell(observed_at or at),
        "level": answer.level,
        "grade": answer.grade,
    }
    record.append(incident, "fact.reported", changes, actor=actor, at=at, payload=payload)
    return incident


def _observed(old: FactReport | None, given: datetime | None, at: datetime) -> datetime:
    """When it was so. A moment given to the minute is not before what was told in that very minute."""
    if given is None:
        return at
    if old is not None and given.second == 0 and given < old.observed_at < given + MINUTE:
        return old.observed_at
    return given


@transaction.atomic(durable=True)
def verify(
    incident_id: int, names: list[str], *, actor: Actor, at: datetime, source: str, seen: int | None = None
) -> Incident:
    """Verify figures as they stand: a new report each, of the same value, marked verified. Raises as `report`.

    seen: the last report that whoever verifies has seen; a figure told since is refused, for nobody looked at it.
    """
    incident = locks.incident(incident_id)
    authority.require(authority.report_fact(incident, actor))
    source = words.take("source", source, most=200, needed=True)
    before = in_force(reports_of(incident))
    if seen is not None and any(before[name].pk > seen for name in names if name in before):
        raise Conflict("figure_moved", _("所选的数字刚刚有了新的报告，请核对后再核实。"))
    chosen = [
        before[name]
        for name in names
        if name in before and before[name].value is not None and before[name].quality != Quality.VERIFIED
    ]
    if not chosen:
        raise BadInput([FieldError("facts", "empty", _("没有待核实的情况。"))])
    changes = record.Changes()
    rows = [
        new_report(incident, old.name, old.value, Quality.VERIFIED, source, old.observed_at, at, actor, old)
        for old in chosen
    ]
    changes.create_all(FactReport, rows)
    reassess_locked(incident, changes, at)
    payload = {"facts": {old.name: old.value for old in chosen}, "source": source}
    record.append(incident, "fact.verified", changes, actor=actor, at=at, payload=payload)
    return incident
