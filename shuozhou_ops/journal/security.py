"""The log of refused acts."""

from datetime import datetime

from shuozhou_ops.errors import DomainError
from shuozhou_ops.middleware import current_request_id

from .actors import Actor
from .models import SecurityEvent


def refused(actor: Actor, act: str, subject: str, error: DomainError, *, at: datetime) -> None:
    """Write down that an act was refused, outside the transaction that was rolled back."""
    SecurityEvent.objects.create(
        at=at, actor=actor.ref, act=act, subject=subject[:200], code=error.code, request_id=current_request_id()
    )
