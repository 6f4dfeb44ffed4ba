"""Who commands in each county: one value, and a row for every time it passed."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from plans.documents import PlanDocument
from response import authority, locks
from response.bearers import means_county
from response.facts import document_of
from response.models import Handover, Incident, IncidentPlace
from response.models.incidents import Command
from shuozhou_ops import words
from shuozhou_ops.errors import BadInput, FieldError
from shuozhou_ops.journal import record
from shuozhou_ops.journal.actors import Actor

from .facts import moment_fault
from .people import user_of

LIMITS = {"handed_by": 100, "taken_by": 100, "where": 200, "note": 500}


@dataclass(frozen=True)
class Passing:
    """One passing of command: to whom (a `Command`), who handed it over, who took it (name and post), where, when."""

    to: str
    handed_by: str
    taken_by: str
    where: str
    handed_at: datetime | None = None
    note: str = ""


@transaction.atomic(durable=True)
def hand_over(incident_id: int, county: str, passing: Passing, *, actor: Actor, at: datetime) -> Handover:
    """Write down that the command in a county passed. county: its key.

    Raises NotAuthorised, Conflict, BadInput; then nothing is written. Source: the plan's takeover clauses.
    """
    incident = locks.incident(incident_id)
    place = place_of(incident, county)
    if passing.to not in Command.values:
        raise BadInput([FieldError("to", "not_a_choice", _("请选择由谁指挥。"))])
    field = authority.field_of(incident)
    authority.require(authority.hand_over(incident, place, actor, to=passing.to, field=field))
    _require_whole(place, passing, at)
    changes = record.Changes()
    row = changes.create(
        Handover(
            incident=incident,
            place=place,
            from_command=place.commanded_by,
            to_command=passing.to,
            handed_by=passing.handed_by.strip(),
            taken_by=passing.taken_by.strip(),
            where=passing.where.strip(),
            at=passing.handed_at or at,
            recorded_by=user_of(actor),
            note=passing.note.strip(),
            cite=takeover_cite(document_of(incident), passing.to),
        )
    )
    place.commanded_by, place.commander_name, place.commanded_since = row.to_command, row.taken_by, row.at
    changes.update(place, "commanded_by", "commander_name", "commanded_since")
    names = ("from_command", "to_command", "handed_by", "taken_by", "where", "note", "cite")
    payload = {"county": place.county.name, "handed_at": record.spell(row.at)}
    payload |= {name: getattr(row, name) for name in names}
    record.append(incident, "command.handed", changes, actor=actor, at=at, payload=payload)
    return row


def place_of(incident: Incident, county: str) -> IncidentPlace:
    """The row of a county that the incident touches now. Raises BadInput."""
    found = incident.places.select_related("county").filter(county__key=county, left_at=None).first()
    if found is None:
        raise BadInput([FieldError("county", "not_touched", _("这个县（市、区）不是事发地。"))])
    return found


def takeover_cite(document: PlanDocument, to: str) -> str:
    """The clause by which the command passes so: to the city or the field, or on to those above; '' where none says it.

    A line of the county's or the commander's speaks of the first, one of the headquarters' own of the second.
    """
    if to == Command.COUNTY:
        return ""
    above = to in (Command.PROVINCE, Command.NATION)
    for duty in document.takeover:
        ours = any(means_county(ref) or (ref.kind == "role" and ref.key == "commander") for ref in duty.who)
        if ours != above:
            return duty.cite
    return ""


def _require_whole(place: IncidentPlace, passing: Passing, at: datetime) -> None:
    """Raise BadInput with every fault at once."""
    needed = ("handed_by", "taken_by", "where")
    faults = [
        words.fault(name, getattr(passing, name), most=most, needed=name in needed) for name, most in LIMITS.items()
    ]
    faults.append(moment_fault("handed_at", passing.handed_at, at))
    since = place.commanded_since
    if passing.handed_at and since and passing.handed_at < since.replace(second=0, microsecond=0):
        faults.append(FieldError("handed_at", "before_last", _("移交时间不能早于上一次移交。")))
    if found := [item for item in faults if item]:
        raise BadInput(found)
