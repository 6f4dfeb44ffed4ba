"""The one sweep: it hands each deadline that has come due to the action that answers for its kind."""

import logging
from collections.abc import Callable
from datetime import datetime

from .models import Deadline

logger = logging.getLogger(__name__)
_answers: dict[str, Callable[[int, datetime], None]] = {}


def answered_by(kind: str, action: Callable[[int, datetime], None]) -> None:
    """Name the action for a kind. It takes the deadline's id and the time, locks what it changes, and must find a
    deadline that is no longer open already dealt with."""
    _answers[kind] = action


def sweep(at: datetime, *, most: int = 200) -> int:
    """Deal with what is due at a moment; how many. One query where nothing is due; safe to run twice at once."""
    due = list(
        Deadline.objects.filter(state=Deadline.State.OPEN, due_at__lte=at)
        .order_by("due_at")
        .values_list("pk", "kind")[:most]
    )
    for pk, kind in due:
        try:
            _answers[kind](pk, at)
        except Exception:  # one bad deadline must not keep the others waiting
            logger.exception("deadline %s of kind %s could not be dealt with", pk, kind)
    return len(due)
