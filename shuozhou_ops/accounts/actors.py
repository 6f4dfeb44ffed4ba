"""From an account to the actor that acts."""

from collections.abc import Collection, Iterable
from datetime import datetime

from shuozhou_ops.journal.actors import Actor

from .models import Appointment, Position, User

LOOKS_ON = frozenset({Position.Function.AUDIT.value, Position.Function.APPOINT.value})  # read, and do nothing else


def actor_for(user: User, at: datetime) -> Actor:
    """The actor this person is at an aware moment: with every position held, acted for or delegated then.

    A position with a function (the desk, the auditor) serves the whole city and speaks for no unit.
    """
    held = list(
        Appointment.objects.at(at).filter(user=user).select_related("position__organisation").order_by("position_id")
    )
    positions = [appointment.position for appointment in held]
    return Actor(
        ref=user.ref,
        name=user.name or user.username,
        posts=frozenset(position.key for position in positions),
        units=frozenset(
            position.organisation.key for position in positions if position.organisation and not position.function
        ),
        functions=frozenset(position.function for position in positions if position.function),
        post_names=tuple((position.key, position.name) for position in positions),
    )


def holders(post_keys: set[str] | frozenset[str], at: datetime) -> list[Appointment]:
    """Who holds any of these positions at a moment, full holders first."""
    found = Appointment.objects.at(at).filter(position__key__in=post_keys).select_related("user", "position")
    return _full_first(found)


def holders_between(post_keys: Collection[str], since: datetime, until: datetime) -> list[Appointment]:
    """Who held any of these positions at some moment from `since` to `until`, full holders first; one query."""
    found = Appointment.objects.between(since, until).filter(position__key__in=post_keys)
    return _full_first(found.select_related("user", "position", "delegated_by"))


def _full_first(found: Iterable[Appointment]) -> list[Appointment]:
    return sorted(found, key=lambda appointment: (appointment.kind != Appointment.Kind.FULL, appointment.pk))
