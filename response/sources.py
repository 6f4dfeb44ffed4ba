"""What each source says of a fact, which report is in force, and where the sources differ. Pure: no queries.

A report stands until another corrects it: one of the same source does, and one that an officer says does. A report of
another source stands beside it. Who verifies a figure settles it: his report corrects the one he verified, speaks for
its source from then on, and what was told of that fact before no longer stands.
"""

import unicodedata
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from plans import clocks
from plans.documents import PlanDocument
from response.models import FactReport
from response.models.facts import Quality

MINUTE = timedelta(minutes=1)
ByPk = Mapping[int, FactReport]


def key_of(source: str) -> str:
    """A source as it is compared: without spaces, in one width and case."""
    return "".join(unicodedata.normalize("NFKC", source).casefold().split())


def standing(
    reports: Iterable[FactReport], kind: FactReport.Kind = FactReport.Kind.FACT
) -> dict[str, list[FactReport]]:
    """The reports of each fact (or figure) that stand, one a source, in the order in which they were told.

    A withdrawal counts only where nothing else stands.
    """
    by_name: dict[str, list[FactReport]] = {}
    for report in sorted(reports, key=lambda item: item.pk):
        if report.kind == kind:
            by_name.setdefault(report.name, []).append(report)
    return {name: _standing(rows) for name, rows in by_name.items()}


def _standing(rows: list[FactReport]) -> list[FactReport]:
    """Of one fact. rows: every report of it, in the order in which they were told."""
    by_pk = {row.pk: row for row in rows}
    corrected = {row.corrects_id for row in rows}
    settled = max((row.pk for row in rows if _verifies(row, by_pk)), default=0)
    found: list[FactReport] = []
    heard: set[str] = set()
    for row in reversed(rows):
        speaks_for = _sources(row, by_pk)
        if row.pk not in corrected and row.pk >= settled and not speaks_for & heard and not _late(row, rows):
            found.append(row)
            heard |= speaks_for
    told = [row for row in found if row.value is not None]
    return list(reversed(told or found))


def _verifies(row: FactReport, by_pk: ByPk) -> bool:
    """Whether it says that what another report told is so."""
    of = by_pk.get(row.corrects_id or 0)
    return row.quality == Quality.VERIFIED and of is not None and of.quality != row.quality and of.value == row.value


def _sources(row: FactReport, by_pk: ByPk) -> set[str]:
    """Whose word it is: its source's, and that of whom it verified."""
    found = {key_of(row.source)}
    while _verifies(row, by_pk) and row.corrects_id is not None:
        row = by_pk[row.corrects_id]
        found.add(key_of(row.source))
    return found


def _late(row: FactReport, rows: list[FactReport]) -> bool:
    """Whether its source had already told of a later moment when it came: it adds to what was, not to what is."""
    own = key_of(row.source)
    earlier = (other for other in rows if other.pk < row.pk and key_of(other.source) == own)
    return row.corrects_id is None and any(other.observed_at > row.observed_at for other in earlier)


def in_force(reports: Iterable[FactReport], kind: FactReport.Kind = FactReport.Kind.FACT) -> dict[str, FactReport]:
    """The report in force of each fact (or figure): the one an officer chose last, else the latest observed.

    What corrects a chosen report is chosen in its place.
    """
    reports = list(reports)
    by_pk = {report.pk: report for report in reports}
    stand = standing(reports, kind)
    return {name: max(several, key=lambda report: _rank(report, by_pk)) for name, several in stand.items()}


def _rank(report: FactReport, by_pk: ByPk) -> tuple[bool, datetime, datetime, int]:
    chosen = chosen_at(report, by_pk)
    return (chosen is not None, chosen or report.observed_at, report.observed_at, report.pk)


def chosen_at(report: FactReport, by_pk: ByPk) -> datetime | None:
    """When an officer last put it, or what it corrects, in force; None where nobody did."""
    moments = []
    row: FactReport | None = report
    while row is not None:
        moments += [row.chosen_at] if row.chosen_at else []
        row = by_pk.get(row.corrects_id) if row.corrects_id else None
    return max(moments, default=None)


def differing(document: PlanDocument, reports: Iterable[FactReport]) -> dict[str, list[FactReport]]:
    """The facts on which sources differ, with every report of them that stands; in the order of declaration."""
    found = standing(reports)
    return {
        spec.name: found[spec.name]
        for spec in document.facts
        if len({_said(clocks.rule_of(spec) is not None, report) for report in found.get(spec.name, ())}) > 1
    }


def _said(runs: bool, report: FactReport) -> Any:
    """What a report says, to be compared: of hours that run by the clock since when, to the minute."""
    if not runs or report.value is None:
        return report.value
    return round((report.observed_at - report.value * clocks.HOUR).timestamp() / 60)


def alternatives(document: PlanDocument, reports: Iterable[FactReport]) -> list[list[FactReport]]:
    """Of each fact on which sources differ the reports that are not in force, each thing said once."""
    reports = list(reports)
    now = in_force(reports)
    found = []
    for name, several in differing(document, reports).items():
        runs = clocks.rule_of(document.fact(name)) is not None
        said = {_said(runs, report): report for report in reversed(several)}
        said.pop(_said(runs, now[name]), None)
        found.append(sorted(said.values(), key=lambda report: report.pk))
    return found


def to_correct(
    reports: Iterable[FactReport], name: str, source: str, kind: FactReport.Kind = FactReport.Kind.FACT
) -> FactReport | None:
    """The report of a fact that stands and is this source's word; None where it has none."""
    reports = list(reports)
    by_pk = {report.pk: report for report in reports}
    own = [row for row in standing(reports, kind).get(name, ()) if key_of(source) in _sources(row, by_pk)]
    return own[-1] if own else None
