"""Logging an incident, and saying that it is real."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from plans import assessment, registry, scope
from response import authority, locks
from response.models import FactReport, Incident, IncidentNumber, IncidentPlace
from response.models.facts import Quality
from response.models.incidents import OVER, Source
from shuozhou_ops import words
from shuozhou_ops.accounts.models import Organisation
from shuozhou_ops.errors import BadInput, FieldError
from shuozhou_ops.journal import record
from shuozhou_ops.journal.actors import Actor

from . import facts, marks, places
from .facts import Judged
from .people import user_of
from .suggestions import reassess_locked


@dataclass(frozen=True)
class Call:
    """What the desk writes down of a call. Only plan, place and source are required.

    counties: organisation keys; none where it is outside the city, or not known yet.
    latitude, longitude: WGS-84 degrees. judged: whose judgement it is, where a fact is one. flags: the plan's marks.
    """

    plan: str
    place: str
    source: str
    counties: Sequence[str] = ()
    outside_city: bool = False
    occurred_at: datetime | None = None
    latitude: Decimal | None = None
    longitude: Decimal | None = None
    caller_name: str = ""
    caller_phone: str = ""
    words: str = ""
    scope_judgement: str = ""
    facts: dict[str, Any] = field(default_factory=dict)
    quality: str = Quality.ESTIMATED
    judged: Judged = Judged()
    flags: Sequence[str] = ()
    follows: str = ""  # the public id of the open incident that brought it about
    replay_of: str | None = None


@transaction.atomic(durable=True)
def log(call: Call, *, actor: Actor, at: datetime) -> Incident:
    """Log a call as an incident with its first facts, and let the plan's table suggest a level.

    at: when the desk was told, aware. Raises NotAuthorised, BadInput (BadFacts), UnknownPlan; then nothing is written.
    Source: the plan's reporting clause; who may log is ours (the desk and the plan's own posts).
    """
    version = registry.version_in_force(call.plan)
    document = registry.document_of(version)
    authority.require(authority.log(document, actor))
    counties = _counties(call.counties)
    _require_whole(call)
    typed = {name: words.take(name, getattr(call, name), most=most) for name, most in WORDS.items()}
    known = assessment.validate(document, call.facts)
    facts.require_moment("occurred_at", call.occurred_at, at)
    judged = call.judged.stripped()
    if faults := facts.judged_faults(document, known, judged) + marks.unknown(document, call.flags):
        raise BadInput(faults)
    first = _first(call.follows)
    changes = record.Changes()
    year = timezone.localtime(at, timezone.get_default_timezone()).year  # of the city
    incident = changes.create(
        Incident(
            year=year,
            number=next_number(year),
            plan_version=version,
            outside_city=call.outside_city,
            latitude=call.latitude,
            longitude=call.longitude,
            occurred_at=call.occurred_at,
            logged_at=at,
            logged_by=user_of(actor),
            source=call.source,
            replay_of=call.replay_of,
            flags=list(dict.fromkeys(call.flags)),
            follows=first,
            **typed,
        )
    )
    changes.create_all(IncidentPlace, [IncidentPlace(incident=incident, county=county) for county in counties])
    source = words.official(Source(call.source).label)
    told = facts.Told(source, call.quality, judged=judged)
    reports = facts.new_reports(incident, known, told, actor=actor, at=at)
    if call.occurred_at:
        reports += facts.new_moments(incident, {facts.OCCURRED: call.occurred_at}, told, {}, actor=actor, at=at)
    changes.create_all(FactReport, reports)
    likes = locks.likes(incident) if incident.flags else []
    _standing, answer = reassess_locked(incident, changes, at)
    payload: dict[str, Any] = {
        "code": incident.code,
        "plan": document.name,
        "place": incident.place,
        "source": source,
        "facts": known,
        "level": answer.level,
        "grade": answer.grade,
        **facts.whose(document, known, judged),
        **({"flags": incident.flags} if incident.flags else {}),
        **({"follows": first.code, "follows_id": first.public_id} if first else {}),
    }
    within = scope.judge(document, known, outside=call.outside_city, judged=bool(incident.scope_judgement))
    if within.out:  # kept, never refused: someone at the telephone must be able to log
        payload["out_of_scope"] = [{"cite": line.scope.cite, "text": line.scope.text} for line in within.out]
    record.append(incident, "incident.logged", changes, actor=actor, at=at, payload=payload)
    marks.recount(incident, likes, incident.flags, at)
    return incident


WORDS = {"place": 200, "caller_name": 60, "caller_phone": 30, "words": 5000, "scope_judgement": 500}


def _require_whole(call: Call) -> None:
    """Raise BadInput with every fault of the words and the point at once."""
    faults = [words.fault(name, getattr(call, name), most=most, needed=name == "place") for name, most in WORDS.items()]
    if call.counties and call.outside_city:
        faults.append(FieldError("outside_city", "both", _("“事发县（市、区）”与“市境外”只能选一样。")))
    if call.source not in Source.values:
        faults.append(FieldError("source", "not_a_choice", _("请选择信息来源。")))
    for name, most in (("latitude", 90), ("longitude", 180)):
        value = getattr(call, name)
        if value is not None and not (value.is_finite() and abs(value) <= most):
            faults.append(FieldError(name, "out_of_range", _("应在 -%(most)s 到 %(most)s 度之间。") % {"most": most}))
    if found := [item for item in faults if item]:
        raise BadInput(found)


def _first(public_id: str) -> Incident | None:
    """The open incident of this public id; None where none is named. Raises BadInput."""
    if not public_id:
        return None
    found = Incident.objects.filter(public_id=public_id).exclude(status__in=OVER).first()
    if found is None:
        raise BadInput([FieldError("follows", "not_open", _("请选择在办的事件。"))])
    return found


def _counties(keys: Sequence[str]) -> list[Organisation]:
    """The counties under these keys. Raises BadInput naming the first that is none."""
    found = {unit.key: unit for unit in Organisation.objects.filter(key__in=keys, is_county=True)}
    if strangers := [key for key in keys if key not in found]:
        raise BadInput([FieldError("counties", "unknown_county", _("没有这个县（市、区）：%s") % strangers[0][:40])])
    return [found[key] for key in dict.fromkeys(keys)]


def next_number(year: int) -> int:
    """The next number of a year, under the year's lock."""
    IncidentNumber.objects.get_or_create(year=year)
    row = IncidentNumber.objects.select_for_update().get(year=year)
    row.last += 1
    row.save(update_fields=["last"])
    return row.last


@transaction.atomic(durable=True)
def verify(incident_id: int, *, actor: Actor, at: datetime, basis: str = "") -> Incident:
    """Say that the event is real; its figures stay unverified. Raises NotAuthorised, Conflict. Source: reporting."""
    incident = locks.incident(incident_id)
    authority.require(authority.verify(incident, actor))
    basis = words.take("basis", basis, most=500)
    incident.verify()
    changes = record.Changes()
    changes.update(incident, "status")
    record.append(incident, "incident.verified", changes, actor=actor, at=at, payload={"basis": basis})
    return incident


@transaction.atomic(durable=True)
def locate(incident_id: int, counties: Sequence[str], *, actor: Actor, at: datetime) -> Incident:
    """Say in which counties it happened, where none is known yet and no response runs.

    Raises NotAuthorised, Conflict, BadInput. Source: the county leads, and its leads and tasks follow from it.
    """
    incident = locks.incident(incident_id)
    authority.require(authority.locate(incident, actor))
    found = _counties(counties)
    if not found:
        raise BadInput([FieldError("counties", "empty", _("请选择事发县（市、区）。"))])
    changes = record.Changes()
    places.enter_locked(incident, found, changes, at)
    payload = {"counties": [county.name for county in found]}
    record.append(incident, "incident.located", changes, actor=actor, at=at, payload=payload)
    return incident
