"""Opening a position that no plan names."""

from datetime import datetime

from django.db import transaction

from shuozhou_ops.accounts.models import Organisation, Position
from shuozhou_ops.journal import record
from shuozhou_ops.journal.actors import Actor

from .appointments import require_officer


@transaction.atomic(durable=True)
def open_position(
    key: str, name: str, *, unit: str | None, shared: bool, function: str, actor: Actor, at: datetime
) -> Position:
    """Open a position; where it exists it is returned as it is. Raises NotAuthorised. Source: ours."""
    require_officer(actor)
    there = Position.objects.filter(key=key).first()
    if there is not None:
        return there
    organisation = Organisation.objects.filter(key=unit).first() if unit else None
    changes = record.Changes()
    position = changes.create(Position(key=key, name=name, organisation=organisation, shared=shared, function=function))
    record.append(position, "position.opened", changes, actor=actor, at=at, payload={"name": name})
    return position
