"""The facts of an incident as they stand, and what the plan makes of them."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from itertools import product
from math import prod
from typing import Any

from django.db.models import QuerySet

from plans import assessment, clocks, registry
from plans.assessment import Assessment
from plans.clocks import Clock
from plans.documents import MILESTONES, FactSpec, PlanDocument
from response.models import FactReport, Incident
from response.models.facts import Quality
from response.models.incidents import BEFORE_END, NO_LEVEL
from response.sources import alternatives, in_force

Flagged = Mapping[str, int]  # a mark: how many open incidents of this plan bear it


@dataclass(frozen=True)
class Standing:
    """What is known of an incident at one moment. values: what the plan judges, derived facts among them.

    reports, moments: the report in force of each fact and of each milestone. clocks, counted: the facts that follow
    from milestones, and from the marks of other incidents.
    """

    reports: dict[str, FactReport]
    moments: dict[str, FactReport]
    values: dict[str, Any]
    clocks: dict[str, Clock] = field(default_factory=dict)
    counted: dict[str, int] = field(default_factory=dict)

    @property
    def figures(self) -> dict[str, dict[str, Any]]:
        """The facts a decision rests on, frozen: value and quality; a clock's is that of what set it going."""
        return {name: {"value": value, "quality": self._quality(name)} for name, value in self.values.items()}

    def _quality(self, name: str) -> str:
        clock = self.clocks.get(name)
        told = self.moments.get(clock.source) if clock else None
        report = told or self.reports.get(name)
        return str(report.quality) if report else Quality.VERIFIED.value


def document_of(incident: Incident) -> PlanDocument:
    """The plan version this incident runs under."""
    return registry.document_of(incident.plan_version)


def moments_in_force(reports: Iterable[FactReport]) -> dict[str, FactReport]:
    """The report in force of each milestone that is known."""
    return {name: report for name, report in moments_told(reports).items() if report.value is not None}


def moments_told(reports: Iterable[FactReport]) -> dict[str, FactReport]:
    """The last word on each milestone, a withdrawal too: the one told last corrects the others."""
    told = [report for report in reports if report.kind == FactReport.Kind.MILESTONE]
    return {report.name: report for report in sorted(told, key=lambda item: (item.told_at, item.pk))}


def reports_of(incident: Incident) -> list[FactReport]:
    """Every report of facts and milestones of this incident, one query."""
    return list(
        FactReport.objects.filter(incident=incident).select_related("reported_by").order_by("observed_at", "pk")
    )


def stand(
    document: PlanDocument, reports: Iterable[FactReport], at: datetime, *, flagged: Flagged, runs: bool = True
) -> Standing:
    """What these reports come to at a moment. No query.

    flagged: see `flagged_like`. runs: whether its clocks run; those of a past event tried again do not.
    """
    reports = list(reports)
    return _stand(document, _known(document, reports), moments_in_force(reports), at, flagged, runs)


def _known(document: PlanDocument, reports: Iterable[FactReport]) -> dict[str, FactReport]:
    """The report in force of each fact of this plan; an incident may have been told of others under another plan."""
    names = {spec.name for spec in document.facts}
    return {name: report for name, report in in_force(reports).items() if name in names}


def _stand(
    document: PlanDocument,
    told: dict[str, FactReport],
    moments: dict[str, FactReport],
    at: datetime,
    flagged: Flagged,
    runs: bool,
) -> Standing:
    stated = {name: (report.value, report.observed_at) for name, report in told.items() if report.value is not None}
    values = {name: value for name, (value, _observed) in stated.items()}
    if not runs:
        return Standing(told, moments, values)
    running = clocks.clocks(document, {name: report.observed_at for name, report in moments.items()}, stated)
    counted = count(document, values, flagged)
    return Standing(told, moments, values | _by_clock(document, running, at) | counted, running, counted)


@dataclass(frozen=True)
class Weighed:
    """One way to take the reports that stand, and the plan's answer to it.

    follows: the reports that it takes instead of those in force; none where it takes those in force.
    """

    follows: tuple[FactReport, ...]
    standing: Standing
    answer: Assessment


MOST_WAYS = 64


def weigh(
    document: PlanDocument, reports: Iterable[FactReport], at: datetime, *, flagged: Flagged, runs: bool = True
) -> list[Weighed]:
    """The facts in force with the plan's answer, and then every other way to take what sources differ on. No query.

    Those that depart least from what is in force come first. Where there are more than MOST_WAYS: each report that is
    not in force alone, and last those of each fact together that are the most severe alone, of several the greatest; so
    the work stays bounded, and what each source says still counts, also in a sum.
    """
    reports = list(reports)
    told, moments = _known(document, reports), moments_in_force(reports)

    def taking(*follows: FactReport) -> Weighed:
        instead = told | {report.name: report for report in follows}
        then = _stand(document, instead, moments, at, flagged, runs)
        return Weighed(follows, then, assessment.assess(document, then.values))

    others = alternatives(document, reports)
    if prod(len(several) + 1 for several in others) <= MOST_WAYS:
        ways = [
            tuple(report for report in way if report is not None)
            for way in product(*([None, *several] for several in others))
        ]
        return [taking(*way) for way in sorted(ways, key=len)]
    alone = [[taking(report) for report in several] for several in others]
    together = [report for several in alone for report in min(several, key=_gravest_first).follows]
    return [taking(), *(way for several in alone for way in several), taking(*together)]


def _gravest_first(way: Weighed) -> tuple[int, int, float]:
    """Of ways that take one report each: by the level, the clauses of levels that hold, and how much it says."""
    said = way.standing.values.get(way.follows[0].name)
    holding = sum(clause.kind == "level" for clause in way.answer.reasons)
    return (way.answer.level or NO_LEVEL, -holding, -float(said) if isinstance(said, int | float) else 0.0)


def most_severe(ways: Iterable[Weighed]) -> Weighed:
    """The way on which the plan gives the most severe level; of several the one that departs least."""
    return min(ways, key=lambda way: (way.answer.level or NO_LEVEL, len(way.follows)))


def giving(ways: Iterable[Weighed], level: int | None) -> Weighed | None:
    """The first way on which the plan gives this level, or None."""
    return next((way for way in ways if way.answer.level == level), None)


def foreseen(
    document: PlanDocument, typed: Mapping[str, Any], occurred_at: datetime | None, at: datetime, *, flagged: Flagged
) -> dict[str, Any]:
    """What figures that are only typed yet come to with what follows from them, as if they were told now. No query."""
    moments = {MILESTONES[0]: occurred_at} if occurred_at else {}
    running = clocks.clocks(document, moments, {name: (value, at) for name, value in typed.items()})
    return {**typed, **_by_clock(document, running, at), **count(document, typed, flagged)}


def _by_clock(document: PlanDocument, running: Mapping[str, Clock], at: datetime) -> dict[str, Any]:
    return {name: clock.hours(document.fact(name), at) for name, clock in running.items()}


def count(document: PlanDocument, values: Mapping[str, Any], flagged: Flagged) -> dict[str, int]:
    """The facts that count marked incidents: as many as bear the mark, or as a person told where that is more."""
    return {
        spec.name: max(flagged.get(mark, 0), values.get(spec.name) or 0)
        for spec, mark in counts(document)
        if flagged.get(mark) or spec.name in values
    }


def counts(document: PlanDocument) -> list[tuple[FactSpec, str]]:
    """The facts that count the open incidents of this plan with a mark: (fact, mark)."""
    found = []
    for spec in document.facts:
        mark = (spec.derive or {}).get("open_incidents_like")
        if mark is not None:
            found.append((spec, mark))
    return found


def flagged_like(incident: Incident) -> Flagged:
    """How many open incidents of this plan bear each mark, itself included; one query where the plan counts them.

    Open: until the end of the response. A past event tried again counts none, and none counts it.
    """
    document = document_of(incident)
    if incident.replay_of or not counts(document):
        return {}
    others = flagged_under(document, but=incident.pk)
    return Counter(others) + Counter(incident.flags if incident.status in BEFORE_END else [])


def flagged_under(document: PlanDocument, *, but: int = 0) -> Flagged:
    """How many open incidents of a plan bear each mark; one query where the plan counts them. but: one left out."""
    if not counts(document):
        return {}
    rows = open_under(document.plan).exclude(pk=but).exclude(flags=[]).values_list("flags", flat=True)
    return Counter(mark for flags in rows for mark in flags)


def open_under(plan: str) -> QuerySet[Incident]:
    """The open incidents of a plan, by its key; past events tried again left out."""
    return Incident.objects.filter(plan_version__plan__key=plan, status__in=BEFORE_END, replay_of__isnull=True)


def standing_of(incident: Incident, at: datetime) -> Standing:
    """What is known of an incident at a moment; two queries."""
    reports, flagged = reports_of(incident), flagged_like(incident)
    return stand(document_of(incident), reports, at, flagged=flagged, runs=not incident.replay_of)


def weigh_incident(incident: Incident, at: datetime) -> list[Weighed]:
    """`weigh` of what is known of an incident at a moment; two queries."""
    reports, flagged = reports_of(incident), flagged_like(incident)
    return weigh(document_of(incident), reports, at, flagged=flagged, runs=not incident.replay_of)


def assess(incident: Incident, at: datetime) -> tuple[Standing, Assessment]:
    """What is known at a moment, and the plan's answer to it."""
    standing = standing_of(incident, at)
    return standing, assessment.assess(document_of(incident), standing.values)


def proposed_values(document: PlanDocument, counties: Iterable[str]) -> dict[str, Any]:
    """What the plan's data proposes for a fact by the counties; a person confirms it. Source: `derive.place_in`."""
    places = set(counties)
    found = {}
    for spec in document.facts:
        rule = spec.derive or {}
        if "place_in" in rule and places:
            found[spec.name] = rule["then"] if places & set(rule["place_in"]) else rule["else"]
    return found
