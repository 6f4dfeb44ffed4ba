"""Appointing people to positions, and ending it. Never through the admin: each is an entry in the position's stream."""

from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from shuozhou_ops.accounts.models import Appointment, Position, User
from shuozhou_ops.errors import Conflict, NotAuthorised
from shuozhou_ops.journal import record
from shuozhou_ops.journal.actors import SYSTEM, Actor


def require_officer(actor: Actor) -> None:
    """Raise NotAuthorised unless this is the appointments officer, or the system itself."""
    if actor is not SYSTEM and Position.Function.APPOINT not in actor.functions:
        raise NotAuthorised("not_appointments_officer", _("只有任免管理员可以任免职务。"))


@transaction.atomic(durable=True)
def appoint(
    position_id: int,
    user_id: int,
    *,
    actor: Actor,
    at: datetime,
    kind: str = Appointment.Kind.FULL,
    until: datetime | None = None,
    delegated_by_id: int | None = None,
    reason: str = "",
) -> Appointment:
    """Appoint a person from `at`, until `until` (open where None). Raises NotAuthorised, Conflict.

    Source: ours; the plans name positions, not people.
    """
    require_officer(actor)
    position = Position.objects.select_for_update(of=("self",)).get(pk=position_id)
    user = User.objects.get(pk=user_id)
    exclusive = kind == Appointment.Kind.FULL and not position.shared
    later = position.appointments.filter(Q(valid_to__isnull=True) | Q(valid_to__gt=at), exclusive=True)
    if exclusive and later.filter(**({"valid_from__lt": until} if until else {})).exists():
        raise Conflict(
            "position_held", _("“%(position)s”已有人任职，请先结束原任职或改为代理。") % {"position": position.name}
        )
    if until is not None and until <= at:
        raise Conflict("ends_before_start", _("结束时间必须晚于开始时间。"))
    source = _delegating(position, delegated_by_id, at) if kind == Appointment.Kind.DELEGATED else None
    if source is None and kind == Appointment.Kind.DELEGATED:
        raise Conflict("nobody_to_delegate", _("授权须来自“%(position)s”的现任。") % {"position": position.name})
    if position.appointments.filter(user=user, valid_from=at).exists():
        raise Conflict("already_appointed", _("这项任职已经登记。"))
    changes = record.Changes()
    appointment = changes.create(
        Appointment(
            position=position,
            user=user,
            kind=kind,
            exclusive=exclusive,
            valid_from=at,
            valid_to=until,
            delegated_by=source,
            reason=reason,
        )
    )
    payload = {"who": user.ref, "name": str(user), "kind": str(kind)}
    record.append(position, "appointment.made", changes, actor=actor, at=at, payload=payload)
    return appointment


def _delegating(position: Position, appointment_id: int | None, at: datetime) -> Appointment | None:
    """What hands the position on: in force, itself no delegation; the holder's where none is named."""
    held = position.appointments.at(at).exclude(kind=Appointment.Kind.DELEGATED)
    return held.first() if appointment_id is None else held.filter(pk=appointment_id).first()


@transaction.atomic(durable=True)
def end(appointment_id: int, *, actor: Actor, at: datetime, reason: str = "") -> Appointment:
    """End an appointment at `at`. Raises NotAuthorised, Conflict where it has already ended. Source: ours."""
    require_officer(actor)
    position = Position.objects.select_for_update(of=("self",)).get(appointments=appointment_id)
    appointment = Appointment.objects.select_for_update(of=("self",)).get(pk=appointment_id)
    if appointment.valid_to is not None and appointment.valid_to <= at:
        raise Conflict("already_ended", _("这项任职已经结束。"))
    appointment.valid_to, appointment.reason = at, reason
    changes = record.Changes()
    changes.update(appointment, "valid_to", "reason")
    record.append(position, "appointment.ended", changes, actor=actor, at=at, payload={"reason": reason})
    return appointment
