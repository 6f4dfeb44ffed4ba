"""Merging an incident into another that it was another report of, and linking a secondary one to its first."""

from datetime import datetime
from typing import Any

from django.db import transaction

from response import authority, locks
from response.facts import document_of, reports_of
from response.models import Incident, SituationReport
from response.models.incidents import BEFORE_END
from shuozhou_ops import words
from shuozhou_ops.journal import record
from shuozhou_ops.journal.actors import Actor

from . import places
from .carrying import Carried, carry_followed, carry_ground, carry_over, carry_unit_reports
from .facts import OCCURRED
from .marks import recount
from .roster import Roster
from .suggestions import expire_open, reassess_locked


@transaction.atomic(durable=True)
def merge(away_id: int, into_id: int, *, actor: Actor, at: datetime, reason: str = "") -> Incident:
    """Merge an incident without a level into another; the other keeps all its reports, and its page leads there.

    An entry each. Raises NotAuthorised, Conflict, BadInput, Incident.DoesNotExist; then nothing is written.
    Source: ours.
    """
    ids = [away_id] if away_id == into_id else [away_id, into_id]
    rows, likes = locks.several(ids)
    away, into = rows[0], rows[-1]
    authority.require(authority.merge(away, into, actor))
    reason = words.take("reason", reason, most=500)
    flags, circle = list(away.flags), above(into)
    taken = record.Changes()
    carried, more = _take_over(away, into, taken, at)
    changes = record.Changes()
    expire_open(away, f"并入{into.code}", changes, at)
    _drop_draft(away, changes)
    away.merge()
    away.merged_into, away.closed_at = into, at
    changes.update(away, "status", "merged_into", "closed_at")
    reassess_locked(away, changes, at)
    payload: dict[str, Any] = {"code": away.code, "into": into.code, "into_id": into.public_id, "reason": reason}
    record.append(away, "incident.merged", changes, actor=actor, at=at, payload=payload)
    _keep_first(away, into, circle, taken)
    _standing, answer = reassess_locked(into, taken, at)
    payload = {
        "code": away.code,
        "from_id": away.public_id,
        "reason": reason,
        "level": answer.level,
        "grade": answer.grade,
        **carried.told(),
        **more,
    }
    record.append(into, "incident.absorbed", taken, actor=actor, at=at, payload=payload, beside=True)
    recount(away, likes, flags, at)
    return into


def _drop_draft(away: Incident, changes: record.Changes) -> None:
    """A situation report that nobody has signed: the other incident has its own, with everything that came over."""
    for draft in away.situation_reports.filter(status=SituationReport.Status.DRAFT):
        draft.drop()
        changes.update(draft, "status")


def _keep_first(away: Incident, into: Incident, circle: set[int], changes: record.Changes) -> None:
    """Of which incident the other is a secondary one: never of itself, as which the one merged away now counts.

    circle: what the other followed before, directly or not.
    """
    first = into.follows_id
    if away.pk in circle:
        first = away.follows_id if first == away.pk else None
    elif first is None and into.pk not in {away.follows_id, *above(away)}:
        first = away.follows_id
    if first != into.follows_id:
        into.follows_id = first
        changes.update(into, "follows")


def _take_over(away: Incident, into: Incident, changes: record.Changes, at: datetime) -> tuple[Carried, dict[str, Any]]:
    """Everything that was told of the one becomes told of the other; what else came over, for the entry.

    Its counties come along with all that follows from them; its marks where both run under one plan and the other is
    open; what it still waits for is waited for here.
    """
    old, new = document_of(away), document_of(into)
    more: dict[str, Any] = {}
    known = reports_of(into)
    carried = carry_over(reports_of(away), old, new, into, changes, known=known, said_in=away.code)
    if OCCURRED in carried.kept and into.occurred_at is None:
        into.occurred_at = away.occurred_at
        changes.update(into, "occurred_at")
    here = set(into.places.values_list("county", flat=True))
    touched = away.places.filter(left_at=None).select_related("county")
    lacking = [place.county for place in touched if place.county_id not in here]
    if lacking:
        more |= places.join_locked(into, lacking, changes, at, why=f"{away.code}并入")
    more["counties"] = [county.name for county in lacking]
    new_flags = [flag for flag in away.flags if old.plan == new.plan and flag not in into.flags]
    if new_flags and into.status in BEFORE_END:
        into.flags = [*into.flags, *new_flags]
        changes.update(into, "flags")
        more["flags"] = new_flags
    ground = Roster().ground_of(into)
    unit_reports = away.unit_reports.select_related("unit", "recorded_by").order_by("pk")
    carried.noted += carry_unit_reports(unit_reports, old, new, ground, into, changes)
    carried.noted += carry_ground(away, into, changes, same_plan=old.plan == new.plan)
    more |= carry_followed(away, into, changes)
    return carried, more


@transaction.atomic(durable=True)
def follow(incident_id: int, first_id: int, *, actor: Actor, at: datetime) -> Incident:
    """Link a secondary incident to the first that brought it about; a later link takes the place of an earlier one.

    Raises NotAuthorised, Conflict, Incident.DoesNotExist. Source: ours.
    """
    ids = [incident_id] if incident_id == first_id else [incident_id, first_id]
    rows, _likes = locks.several(ids)
    incident, first = rows[0], rows[-1]
    authority.require(authority.follow(incident, first, actor, above(first)))
    incident.follows = first
    changes = record.Changes()
    changes.update(incident, "follows")
    payload = {"first": first.code, "first_id": first.public_id, "place": first.place}
    record.append(incident, "incident.followed", changes, actor=actor, at=at, payload=payload)
    return incident


def above(incident: Incident) -> set[int]:
    """The primary keys of what an incident follows, and of what that follows."""
    found: set[int] = set()
    while incident.follows_id is not None and incident.follows_id not in found:
        found.add(incident.follows_id)
        incident = Incident.objects.only("pk", "follows_id").get(pk=incident.follows_id)
    return found
