"""What a county that answers an incident by itself has said last. Pure: no queries."""

from collections.abc import Collection, Iterable
from datetime import datetime

from response.models import UnitReport

LAST_WORD = "county/last-word"  # the item of such a report


def last_words(reports: Iterable[UnitReport], since: datetime | None, here: Collection[int]) -> dict[int, UnitReport]:
    """The last word of each county since it was left to them, by the county's primary key. reports: in order.

    here: the counties that it touches now; what one said that turned out not to be touched is no last word.
    """
    return {
        report.unit_id: report
        for report in reports
        if report.item == LAST_WORD
        and report.unit_id is not None
        and report.unit_id in here
        and (since is None or report.told_at >= since)
    }


def all_told(words: Collection[int], here: Collection[int]) -> bool:
    """Whether every county it touches has said its last word: none leads the others, so none speaks for them."""
    return bool(words) and set(here) <= set(words)
