"""Leaving an incident to its county, the county's last word, and taking it back."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from response import authority, locks
from response.handling import LAST_WORD, all_told, last_words
from response.models import Incident, UnitReport
from shuozhou_ops import words
from shuozhou_ops.accounts.models import Organisation
from shuozhou_ops.errors import BadInput, FieldError
from shuozhou_ops.journal import record
from shuozhou_ops.journal.actors import Actor
from shuozhou_ops.notices.models import Notice

from .facts import require_moment
from .people import user_of


def counties_of(incident: Incident) -> list[Organisation]:
    """The counties that an incident touches now; one query."""
    return [place.county for place in incident.places.filter(left_at=None).select_related("county")]


@dataclass(frozen=True)
class Told:
    """The last words of the counties to which an incident is left, and whether every one of them has said one."""

    words: list[UnitReport]
    all: bool


NOTHING = Told([], all=False)


def told_last(incident: Incident) -> Told:
    """The last word of each county that it touches and that has said one since it was left to them; two queries."""
    here = [county.pk for county in counties_of(incident)]
    reports = incident.unit_reports.filter(item=LAST_WORD).order_by("pk").select_related("unit")
    words = last_words(reports, incident.county_since, here)
    return Told(list(words.values()), all_told(words, here))


@transaction.atomic(durable=True)
def leave(incident_id: int, *, actor: Actor, at: datetime, reason: str) -> Incident:
    """Leave it to the counties where it happened; each is told. Its clocks and the table's suggestions go on.

    Raises NotAuthorised, Conflict, BadInput. Source: the county answers first (early handling); the act is ours.
    """
    incident = locks.incident(incident_id)
    counties = counties_of(incident)
    authority.require(authority.leave_to_county(incident, actor, [county.key for county in counties]))
    reason = words.take("reason", reason, most=500, needed=True)
    incident.leave_to_county()
    incident.county_since = at
    changes = record.Changes()
    changes.update(incident, "status", "county_since")
    tell_locked(incident, counties, reason, changes, at)
    payload = {"counties": [county.name for county in counties], "reason": reason}
    record.append(incident, "incident.left_to_county", changes, actor=actor, at=at, payload=payload)
    return incident


def tell_locked(
    incident: Incident, counties: Iterable[Organisation], why: str, changes: record.Changes, at: datetime
) -> None:
    """These counties are told, with a receipt, that they answer it by themselves. A private step."""
    changes.create_all(
        Notice,
        [
            Notice(
                stream=incident.stream,
                subject=record.thing(incident),
                kind=Notice.Kind.INFORMATION,
                unit=county,
                title=incident.headline("交由县级处置"),
                body=why,
                sent_at=at,
            )
            for county in counties
        ],
    )


@transaction.atomic(durable=True)
def tell(
    incident_id: int,
    county: str,
    text: str,
    *,
    actor: Actor,
    at: datetime,
    said_by: str = "",
    said_at: datetime | None = None,
) -> UnitReport:
    """Keep a county's last word: what came of it. The office decides what follows; a later word does not undo it.

    county: its key. said_by: who said it, with post; needed where another writes it down. said_at: default `at`.
    Raises NotAuthorised, Conflict, BadInput.
    """
    incident = locks.incident(incident_id)
    unit = next((item for item in counties_of(incident) if item.key == county), None)
    if unit is None:
        raise BadInput([FieldError("county", "unknown_county", _("请选择事发县（市、区）。"))])
    authority.require(authority.tell_last_word(incident, actor, unit.key, unit.name))
    own = unit.key in actor.units
    text = words.take("text", text, most=2000, needed=True)
    said_by = words.take("said_by", said_by, most=60, needed=not own) or f"{actor.name_of_post()}{actor.name}"
    require_moment("said_at", said_at, at)
    changes = record.Changes()
    row = changes.create(
        UnitReport(
            incident=incident,
            item=LAST_WORD,
            unit=unit,
            bearer=f"{unit.name} {said_by}"[:120],
            text=text,
            observed_at=said_at or at,
            told_at=at,
            recorded_by=user_of(actor),
        )
    )
    payload = {"county": unit.name, "said_by": said_by, "said_at": record.spell(row.observed_at), "text": text}
    record.append(incident, "report.county_told", changes, actor=actor, at=at, payload=payload)
    return row


@transaction.atomic(durable=True)
def take_back(incident_id: int, *, actor: Actor, at: datetime, reason: str = "") -> Incident:
    """Take it back on the county's last word: it is verified, and the city looks at it again.

    Raises NotAuthorised, Conflict, BadInput. Source: ours.
    """
    incident = locks.incident(incident_id)
    told = told_last(incident)
    authority.require(authority.take_back(incident, actor, told=bool(told.words)))
    reason = words.take("reason", reason, most=500)
    incident.take_back()
    changes = record.Changes()
    changes.update(incident, "status")
    payload = {"reason": reason, "counties": spoken(told.words)}
    record.append(incident, "incident.taken_back", changes, actor=actor, at=at, payload=payload)
    return incident


def spoken(told: list[UnitReport]) -> list[dict[str, str]]:
    """The last words for an entry: who said what, and when."""
    return [{"who": report.bearer, "said_at": record.spell(report.observed_at), "text": report.text} for report in told]
