"""What is left to a county: whether it may be, what the county has said, and what the office may do then."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from response import authority
from response.forms.acts import ReasonForm
from response.forms.handling import LastWordForm
from response.handling import LAST_WORD, all_told, last_words
from response.models import Incident, IncidentPlace, UnitReport
from response.models.incidents import Status

from .case import Case
from .offers import Attempt, Offer, of_incident, offer


@dataclass(frozen=True)
class CountyLine:
    """One county with its last word, if it has said one."""

    name: str
    word: UnitReport | None


@dataclass
class Handling:
    """The section of the page."""

    counties: list[CountyLine] = field(default_factory=list)
    leave: Offer | None = None
    tell: Offer | None = None
    take_back: Offer | None = None

    @property
    def told(self) -> int:
        """How many counties have said what came of it."""
        return sum(line.word is not None for line in self.counties)


def of_case(case: Case, attempt: Attempt | None) -> Handling | None:
    """The section, or None where it has nothing to say. No query."""
    incident = case.incident
    if incident.status in (Status.REPORTED, Status.VERIFIED) and case.acts:
        in_the_way = authority.leave_to_county(incident, case.actor, [key for key, _name in _counties(case)])
        names = "、".join(name for _key, name in _counties(case))
        url, label = of_incident(incident, "leave-to-county"), _("交由%s处置") % (names or _("县级"))
        return Handling(leave=offer(attempt, "leave-to-county", url, label, leave_form(), in_the_way))
    if incident.status != Status.COUNTY_HANDLING:
        return None
    words = words_of(case)
    places = [place for place in incident.places.all() if not place.left_at]
    places = [place for place in places if case.whole or place.county.key in case.actor.units]
    section = Handling([CountyLine(place.county.name, words.get(place.county_id)) for place in places])
    if may_speak_for(case):
        section.tell = offer(
            attempt, "last-word", of_incident(incident, "last-word"), _("报告处置结果"), word_form(case), []
        )
    if case.acts:
        in_the_way = authority.take_back(incident, case.actor, told=bool(words))
        url = of_incident(incident, "take-back")
        section.take_back = offer(attempt, "take-back", url, _("收回，转为已核实"), ReasonForm(), in_the_way)
    return section


def leave_form(data: Any = None) -> ReasonForm:
    """Why the county can answer it by itself."""
    return ReasonForm(data, must=True, label=_("交由县级处置的理由和要求"))


def word_form(case: Case, data: Any = None) -> LastWordForm:
    """The form of a last word, for the counties that this person may speak for."""
    return LastWordForm(data, counties=may_speak_for(case), own=not case.acts)


def words_of(case: Case) -> dict[int, UnitReport]:
    """The counties' last words that this person may see, by the county's primary key."""
    return last_words(case.unit_reports, case.incident.county_since, _here(case))


def all_have_told(case: Case) -> bool:
    """Whether every county has said its last word."""
    return all_told(words_of(case), _here(case))


def _here(case: Case) -> list[int]:
    return [place.county_id for place in case.incident.ground]


def may_speak_for(case: Case) -> list[tuple[str, str]]:
    """The counties, by key and name, whose last word this person may tell."""
    return [
        (key, name)
        for key, name in _counties(case)
        if not authority.tell_last_word(case.incident, case.actor, key, name)
    ]


def _counties(case: Case) -> list[tuple[str, str]]:
    return [(place.county.key, place.county.name) for place in case.incident.places.all() if not place.left_at]


@dataclass(frozen=True)
class Waiting:
    """What the counties of one incident have said, and which of them a person speaks for that have not."""

    told: tuple[UnitReport, ...]
    mine: tuple[str, ...]


def waiting(incidents: Iterable[Incident], units: Iterable[str]) -> Iterator[tuple[Incident, Waiting]]:
    """Of each incident that is left to its counties; two queries where there is one. units: a person's, by key."""
    handled = {item.pk: item for item in incidents if item.status == Status.COUNTY_HANDLING}
    if not handled:
        return
    reports: dict[int, list[UnitReport]] = {}
    for report in UnitReport.objects.filter(incident__in=handled, item=LAST_WORD).order_by("pk"):
        reports.setdefault(report.incident_id, []).append(report)
    units, here = frozenset(units), dict[int, list[IncidentPlace]]()
    places = IncidentPlace.objects.filter(incident__in=handled, left_at=None)
    for place in places.select_related("county"):
        here.setdefault(place.incident_id, []).append(place)
    for pk, incident in handled.items():
        there = here.get(pk, [])
        words = last_words(reports.get(pk, ()), incident.county_since, [place.county_id for place in there])
        mine = [place for place in there if place.county.key in units]
        open_ones = tuple(place.county.name for place in mine if place.county_id not in words)
        yield incident, Waiting(tuple(words.values()), open_ones)
