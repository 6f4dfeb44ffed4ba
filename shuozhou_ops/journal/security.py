"""The log of what belongs to no stream: refused acts, and what an administrator did to an account."""

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


def kept(actor_ref: str, act: str, subject: str, *, at: datetime) -> None:
    """Write down what was done to an account. Whoever may set a password may act as somebody else: it must be seen."""
    SecurityEvent.objects.create(
        at=at, actor=actor_ref, act=act, subject=subject[:200], code="done", request_id=current_request_id()
    )
