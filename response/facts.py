"""The facts of an incident as they stand, and what the plan makes of them."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from plans import assessment, registry
from plans.assessment import Assessment
from plans.documents import PlanDocument
from response.models import FactReport, Incident


def document_of(incident: Incident) -> PlanDocument:
    """The plan version this incident runs under."""
    return registry.document_of(incident.plan_version)


def in_force(reports: Iterable[FactReport]) -> dict[str, FactReport]:
    """The report in force of each fact: the one an officer chose last, else the latest observed."""
    best: dict[str, FactReport] = {}
    for report in reports:
        held = best.get(report.name)
        if held is None or _rank(report) >= _rank(held):
            best[report.name] = report
    return best


def _rank(report: FactReport) -> tuple[bool, datetime, datetime, int]:
    chosen = report.chosen_at
    return (chosen is not None, chosen or report.observed_at, report.observed_at, report.pk)


def reports_of(incident: Incident) -> list[FactReport]:
    """Every report of facts (milestones apart) of this incident, one query."""
    return list(
        FactReport.objects.filter(incident=incident, kind=FactReport.Kind.FACT)
        .select_related("reported_by")
        .order_by("observed_at", "pk")
    )


def values(reports: dict[str, FactReport]) -> dict[str, Any]:
    """The known values: a withdrawn fact is unknown."""
    return {name: report.value for name, report in reports.items() if report.value is not None}


def assess(incident: Incident) -> tuple[dict[str, FactReport], Assessment]:
    """The reports in force and the plan's answer to them."""
    reports = in_force(reports_of(incident))
    return reports, assessment.assess(document_of(incident), values(reports))


def figures(reports: dict[str, FactReport]) -> dict[str, dict[str, Any]]:
    """The facts a decision rests on, frozen: value and quality."""
    return {
        name: {"value": report.value, "quality": report.quality}
        for name, report in reports.items()
        if report.value is not None
    }


def proposed_values(document: PlanDocument, counties: Iterable[str]) -> dict[str, Any]:
    """What the plan's data proposes for a fact by the counties; a person confirms it. Source: `derive.place_in`."""
    places = set(counties)
    found = {}
    for spec in document.facts:
        rule = spec.derive or {}
        if "place_in" in rule and places:
            found[spec.name] = rule["then"] if places & set(rule["place_in"]) else rule["else"]
    return found
