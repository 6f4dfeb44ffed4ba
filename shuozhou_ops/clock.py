"""The one clock. Pages, commands and jobs ask it for the time and hand it on; nothing below them looks at a clock."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

_set_to: datetime | None = None


def now() -> datetime:
    """The time in UTC, aware: the real one, or the one it was set to."""
    return _set_to or datetime.now(UTC)


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """Hold the clock at an aware moment, for tests and rehearsals."""
    global _set_to
    before, _set_to = _set_to, moment.astimezone(UTC)
    try:
        yield
    finally:
        _set_to = before


def advance(by: timedelta) -> None:
    """Move a held clock on."""
    global _set_to
    if _set_to is None:
        raise RuntimeError("the clock is not held")
    _set_to += by
