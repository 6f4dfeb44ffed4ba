"""What a county that answers an incident by itself has said last. Pure: no queries."""

from collections.abc import Iterable
from datetime import datetime

from response.models import UnitReport

LAST_WORD = "county/last-word"  # the item of such a report


def last_words(reports: Iterable[UnitReport], since: datetime | None) -> dict[int, UnitReport]:
    """The last word of each county since it was left to them, by the county's primary key. reports: in order."""
    return {
        report.unit_id: report
        for report in reports
        if report.item == LAST_WORD and report.unit_id and (since is None or report.told_at >= since)
    }
