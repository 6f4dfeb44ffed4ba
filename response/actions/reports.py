"""What a unit tells that the plan charges with a report: by itself, or written down at the desk."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from response import authority, locks
from response.facts import document_of
from response.models import UnitReport
from response.slots import slots_of
from shuozhou_ops import words
from shuozhou_ops.errors import BadInput, FieldError
from shuozhou_ops.journal import record
from shuozhou_ops.journal.actors import Actor

from .facts import require_moment
from .people import user_of
from .roster import Roster


@transaction.atomic(durable=True)
def hand_in(
    incident_id: int, slot: str, text: str, *, actor: Actor, at: datetime, observed_at: datetime | None = None
) -> UnitReport:
    """Keep what a unit tells in its slot; a further one continues it.

    slot: `Slot.key`. observed_at: when it was so (default `at`). Raises NotAuthorised, Conflict, BadInput.
    Source: the slot's own clause.
    """
    incident = locks.incident(incident_id)
    roster = Roster()
    open_slots = {item.key: item for item in slots_of(document_of(incident), roster.ground_of(incident))}
    found = open_slots.get(slot)
    if found is None:
        raise BadInput([FieldError("slot", "unknown_slot", _("请选择由谁报告什么。"))])
    authority.require(authority.hand_in(incident, actor, found))
    text = words.take("text", text, most=2000, needed=True)
    require_moment("observed_at", observed_at, at)
    changes = record.Changes()
    row = changes.create(
        UnitReport(
            incident=incident,
            item=found.item,
            unit=roster.unit(found.bearer),
            bearer=found.bearer.name,
            text=text,
            observed_at=observed_at or at,
            told_at=at,
            recorded_by=user_of(actor),
        )
    )
    payload = {"bearer": row.bearer, "what": found.text, "cite": found.cite, "text": text}
    record.append(incident, "report.received", changes, actor=actor, at=at, payload=payload)
    return row
