"""How often something is done again: the parts of an ISO 8601 duration, and the next moments of a rhythm. No Django."""

import re
from datetime import datetime

from dateutil.relativedelta import relativedelta

DURATION = re.compile(
    r"P(?=.)(?:(\d{1,4})Y)?(?:(\d{1,4})M)?(?:(\d{1,4})W)?(?:(\d{1,4})D)?"
    r"(?:T(?=\d)(?:(\d{1,4})H)?(?:(\d{1,4})M)?(?:(\d{1,4})S)?)?"
)
PARTS = ("years", "months", "weeks", "days", "hours", "minutes", "seconds")
MOST_YEARS = 100


def parts_of(every: str) -> tuple[int, ...] | None:
    """Years, months, weeks, days, hours, minutes, seconds of a duration; None where it is none, or of no length."""
    found = DURATION.fullmatch(every)
    parts = tuple(int(number or 0) for number in found.groups()) if found else ()
    return parts if any(parts) and parts[0] <= MOST_YEARS else None


def next_after(due: datetime, every: str, at: datetime) -> tuple[datetime, int]:
    """The first moment of the rhythm later than `at`, counted from one of its moments, and how many steps it is on.

    Raises ValueError where `every` is no rhythm.
    """
    parts = parts_of(every)
    if parts is None:
        raise ValueError(f"not a rhythm: {every!r}")
    step, steps = relativedelta(**dict(zip(PARTS, parts, strict=True))), 1
    while due + step * steps <= at:
        steps += 1
    return due + step * steps, steps
