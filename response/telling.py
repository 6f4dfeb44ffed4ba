"""Who is told as things stand, from the notices that were sent. Pure: no queries."""

from collections.abc import Iterable
from datetime import datetime

from shuozhou_ops.notices.models import Notice

TOLD = (Notice.Kind.ACTIVATION, Notice.Kind.CHANGE)


def still_told(notices: Iterable[Notice]) -> frozenset[str]:
    """The units that have been told and not released since, by key. notices: in the order in which they were sent."""
    last = {item.unit.key: item.kind for item in notices if item.unit and item.kind in (*TOLD, Notice.Kind.RELEASE)}
    return frozenset(unit for unit, kind in last.items() if kind in TOLD)


def told_since(notices: Iterable[Notice], start: datetime) -> frozenset[str]:
    """The units told since a response began, by key, those released in its course included."""
    return frozenset(item.unit.key for item in notices if item.unit and item.kind in TOLD and item.sent_at >= start)
