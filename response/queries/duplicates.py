"""Incidents that a call may be about already. Only shown: a person says whether it is the same."""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from django.db.models import Q

from response.models import Incident
from response.models.incidents import OVER
from shuozhou_ops.journal.actors import Actor

from .visibility import incidents_visible_to

CLOSED_FOR = timedelta(hours=24)  # a closed one is likely still talked about
LOOKED_AT, SHOWN = 50, 5
NEAR_KM = 30.0
KM_A_DEGREE = 111.2
Point = tuple[Decimal, Decimal]  # latitude, longitude


@dataclass(frozen=True)
class Told:
    """What is known of a call so far.

    plan: '' while the kind is open. moment: when it happened, else when it was told.
    """

    plan: str
    moment: datetime
    counties: frozenset[str] = frozenset()
    outside: bool = False
    point: Point | None = None


@dataclass(frozen=True)
class Duplicate:
    """One incident that may be the same, its counties, and how far apart in time the two are told."""

    incident: Incident
    counties: str
    apart: timedelta


def likely(told: Told, actor: Actor, at: datetime) -> list[Duplicate]:
    """Open incidents of the same kind (and those closed within a day) at the same place, the nearest in time first.

    Two queries. Replays are left out. Source: ours.
    """
    rows = (
        incidents_visible_to(actor)
        .filter(~Q(status__in=OVER) | Q(closed_at__gte=at - CLOSED_FOR))
        .filter(Q(plan_version__plan__key=told.plan) if told.plan else Q())
        .filter(replay_of__isnull=True)
        .select_related("plan_version__plan")
        .defer("plan_version__document")
        .prefetch_related("places__county")
        .order_by("-logged_at")[:LOOKED_AT]
    )
    return alike(rows, told)


def alike(rows: Iterable[Incident], told: Told) -> list[Duplicate]:
    """Those of some incidents, their counties at hand, that a call may be about. No query."""
    same_kind = [row for row in rows if not told.plan or row.plan_version.plan.key == told.plan]
    found = [_duplicate(incident, told) for incident in same_kind if _same_place(incident, told)]
    return sorted(found, key=lambda item: item.apart)[:SHOWN]


def _duplicate(incident: Incident, told: Told) -> Duplicate:
    names = "、".join(place.county.name for place in incident.ground)
    return Duplicate(incident, names, abs((incident.occurred_at or incident.logged_at) - told.moment))


def _same_place(incident: Incident, told: Told) -> bool:
    """A county in common, both outside, or points close by; a place that nobody knows may be any."""
    if told.point and incident.latitude is not None and incident.longitude is not None:
        return _km(told.point, (incident.latitude, incident.longitude)) <= NEAR_KM
    theirs = {place.county.key for place in incident.ground}
    if not (theirs or incident.outside_city) or not (told.counties or told.outside):
        return True
    return bool(theirs & told.counties) or (incident.outside_city and told.outside)


def _km(one: Point, other: Point) -> float:
    """The distance of two points some tens of kilometres apart (equirectangular)."""
    mean = math.radians(float(one[0] + other[0]) / 2)
    north, east = float(one[0] - other[0]), float(one[1] - other[1]) * math.cos(mean)
    return KM_A_DEGREE * math.hypot(north, east)


def shown_before(duplicates: Iterable[Duplicate], seen: Iterable[str]) -> bool:
    """Whether whoever sends the form has seen all of these."""
    return {item.incident.public_id for item in duplicates} <= set(seen)
