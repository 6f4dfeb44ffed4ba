"""The counties on the page: who commands in each, what it does and asks, and what stands in the field. No query."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from plans.documents import Duty
from plans.labels import level_name
from response import authority, chain
from response.actions.places import LEVELS, early_lines
from response.authority.command import back_asked, open_steps
from response.forms.command import (
    AddPlaceForm,
    AnswerForm,
    AppointForm,
    AskAboveForm,
    AskForm,
    DropPlaceForm,
    FieldForm,
    HandOverForm,
    OwnResponseForm,
    TickForm,
)
from response.models import Deployment, EarlyStep, IncidentPlace, SupportRequest
from response.models.deployments import DeploymentStatus
from response.models.incidents import OVER, Command, Status

from .case import Case
from .offers import Attempt, Offer, of_deployment, of_incident, offer

SET_UP = {
    "on_arrival": gettext_lazy("预案：指挥长到达现场后成立"),
    "at_meeting": gettext_lazy("预案：由会商会议确定成立"),
    "as_needed": gettext_lazy("预案：视情成立"),
}
BEFORE_FIELD = (Command.COUNTY, Command.CITY)
COMPOSITION = {"listed": gettext_lazy("组成人员由预案列明"), "by_commander": gettext_lazy("组成人员由指挥长确定")}


@dataclass(frozen=True)
class StepLine:
    """One line of early handling that a county is charged with, and when it was done."""

    text: str
    cite: str
    done: EarlyStep | None


@dataclass
class County:
    """One county: who commands there now, its own response, its checklist, and what may be done about it."""

    place: IncidentPlace
    command: str
    back: bool  # the command is asked back
    own: str
    steps: list[StepLine]
    offers: list[Offer] = field(default_factory=list)

    @property
    def done(self) -> int:
        """How many lines are done."""
        return sum(line.done is not None for line in self.steps)

    @property
    def open(self) -> bool:
        """Whether it shows unfolded."""
        return any(item.refusal for item in self.offers)


@dataclass(frozen=True)
class RequestLine:
    """One request, and the form that answers it."""

    request: SupportRequest
    who: str
    answer: Offer | None


@dataclass(frozen=True)
class InField:
    """The headquarters in the field: how the plan has it, whether it stands, and the form that confirms it."""

    deployment: Deployment
    set_up: str
    composition: str
    stand: Offer | None
    appoint: Offer | None


@dataclass
class GroundSection:
    """The section."""

    counties: list[County]
    several: list[Duty]  # what the plan says where there are several
    field: InField | None
    taking: list[County]  # where the headquarters in the field is to take over and has not yet, by the plan
    takeover: tuple[Duty, ...]
    requests: list[RequestLine]
    add: Offer | None
    ask_above: Offer | None

    @property
    def open_requests(self) -> int:
        """How many wait for an answer."""
        return sum(line.request.status == SupportRequest.Status.OPEN for line in self.requests)

    @property
    def back(self) -> list[str]:
        """The counties whose command is asked back."""
        return [item.place.county.name for item in self.counties if item.back]


def of_case(case: Case, attempt: Attempt | None) -> GroundSection | None:
    """The section for those who see the whole incident, and for a county its own; None for the others."""
    places = case.incident.ground
    theirs = [place for place in places if place.county.key in case.actor.units]
    if not (case.whole or theirs):
        return None
    section = GroundSection(
        counties=[_county(case, place, attempt) for place in places],
        several=list(case.document.cross_border) if len(places) > 1 else [],
        field=_in_field(case, attempt) if case.whole else None,
        taking=[],
        takeover=case.document.takeover,
        requests=[_request(case, item, attempt) for item in case.requests],
        add=_shown(case, attempt, "add-place", _("增加事发地"), AddPlaceForm(counties=further_counties(case))),
        ask_above=_shown(case, attempt, "ask-above", _("向上级请求支援"), AskAboveForm()),
    )
    spec = case.document.field_headquarters
    if case.field is not None and spec is not None and spec.takes_over_command:
        section.taking = [item for item in section.counties if item.place.commanded_by in BEFORE_FIELD]
    empty = not (section.counties or section.field or section.add or section.requests)
    return None if empty else section


def bar_of(case: Case) -> str:
    """Who commands, for the bar: one for all counties where it is the same, else by county; '' before it matters."""
    places = case.incident.ground
    away = any(place.commanded_by != Command.COUNTY for place in places)
    if not places or not (away or case.incident.status == Status.RESPONDING):
        return ""
    names = [str(Command(place.commanded_by).label) for place in places]
    if len(set(names)) == 1:
        return names[0]
    return "、".join(f"{place.county.name} {name}" for place, name in zip(places, names, strict=True))


def _shown(case: Case, attempt: Attempt | None, name: str, label: str, form: Any) -> Offer | None:
    """An act of those who keep the incident, until it is closed."""
    if not case.acts or case.incident.status in OVER:
        return None
    obstacles = authority.add_place(case.incident, case.actor)
    return offer(attempt, name, of_incident(case.incident, name), label, form, obstacles)


def further_counties(case: Case) -> list[tuple[str, str]]:
    """The counties it does not touch, as choices."""
    here = {place.county_id for place in case.incident.ground}
    return [(unit.key, unit.name) for unit in case.units if unit.is_county and unit.pk not in here]


def _county(case: Case, place: IncidentPlace, attempt: Attempt | None) -> County:
    steps = {step.item: step for step in case.steps if step.place_id == place.pk}
    own = case.whole or place.county.key in case.actor.units
    lines = [StepLine(text, cite, steps.get(item)) for item, text, cite in early_lines(case.incident)] if own else []
    found = County(
        place=place,
        command=str(Command(place.commanded_by).label),
        back=back_asked(case.incident, place, case.field),
        own=level_name(place.own_level) if place.own_level else "",
        steps=lines,
    )
    if own and (case.incident.status not in OVER or place.commanded_by != Command.COUNTY):
        found.offers = [item for item in _offers(case, place, attempt) if item.allowed or item.refusal]
    return found


def _offers(case: Case, place: IncidentPlace, attempt: Attempt | None) -> list[Offer]:
    incident, actor, key = case.incident, case.actor, place.county.key
    data: Mapping[str, Any] | None = None
    return [
        offer(
            attempt,
            f"hand-over/{key}",
            of_incident(incident, "hand-over"),
            _("移交指挥权"),
            hand_over_form(case, data, place),
            authority.hand_over(incident, place, actor, field=case.field),
            cite=next((duty.cite for duty in case.document.takeover), ""),
        ),
        offer(
            attempt,
            f"own-response/{key}",
            of_incident(incident, "own-response"),
            _("填报县级响应"),
            own_response_form(case, data, place),
            authority.own_response(incident, place, actor),
        ),
        offer(
            attempt,
            f"tick/{key}",
            of_incident(incident, "tick"),
            _("填报先期处置"),
            tick_form(case, data, place),
            authority.tick_step(incident, place, actor),
        ),
        offer(
            attempt,
            f"ask/{key}",
            of_incident(incident, "ask"),
            _("向市级请求支援"),
            AskForm(initial={"county": key}),
            authority.ask_support(incident, place, actor),
        ),
        offer(
            attempt,
            f"drop-place/{key}",
            of_incident(incident, "drop-place"),
            _("不再是事发地"),
            DropPlaceForm(initial={"county": key}),
            authority.drop_place(incident, actor),
        ),
    ]


def _place(case: Case, data: Mapping[str, Any] | None, place: IncidentPlace | None) -> IncidentPlace | None:
    """The county that a form is about: the one at hand, or the one that was posted."""
    key = data.get("county") if data is not None else None
    return place or next((item for item in case.incident.ground if item.county.key == key), None)


def hand_over_form(case: Case, data: Any, place: IncidentPlace | None = None) -> HandOverForm:
    """Passing the command of a county on to any of those to whom it may pass now."""
    place = _place(case, data, place)
    steps = open_steps(case.incident, place, case.field) if place else []
    mine = [
        step
        for step in steps
        if place and not authority.hand_over(case.incident, place, case.actor, to=step, field=case.field)
    ]
    choices = [(step.value, str(step.label)) for step in (mine or (Command if data is not None else steps))]
    initial = {"county": place.county.key if place else "", "handed_by": place.commander_name if place else ""}
    if case.field is not None and any(value == Command.FIELD for value, _label in choices):
        taken_by = " ".join(part for part in (case.field.commander_post, case.field.commander_name) if part)
        initial |= {"to": Command.FIELD.value, "taken_by": taken_by, "where": case.field.standing_place}
    return HandOverForm(data, steps=choices, initial=initial)


def own_response_form(_case: Case, data: Any, place: IncidentPlace | None = None) -> OwnResponseForm:
    """A county's own level."""
    levels = [(level, level_name(level)) for level in reversed(LEVELS)]
    initial = {"county": place.county.key, "level": place.own_level} if place else {}
    return OwnResponseForm(data, levels=levels, initial=initial)


def tick_form(case: Case, data: Any, place: IncidentPlace | None = None) -> TickForm:
    """The lines that were not ticked yet; posted ones may name any line, so that the act says what was ticked."""
    place = _place(case, data, place)
    done = {step.item for step in case.steps if place and step.place_id == place.pk} if data is None else set[int]()
    lines = [(item, f"{text}（{cite}）") for item, text, cite in early_lines(case.incident) if item not in done]
    return TickForm(data, lines=lines, initial={"county": place.county.key if place else ""})


def _request(case: Case, item: SupportRequest, attempt: Attempt | None) -> RequestLine:
    answer = None
    if case.acts and item.status == SupportRequest.Status.OPEN:
        obstacles = authority.answer_request(case.incident, item, case.actor)
        form = AnswerForm(initial={"request": item.pk})
        made = offer(attempt, f"answer/{item.pk}", of_incident(case.incident, "answer"), _("答复"), form, obstacles)
        answer = made if made.allowed or made.refusal else None
    return RequestLine(item, item.place.county.name if item.place else _("市级"), answer)


def commanders(case: Case) -> list[tuple[str, str]]:
    """Those who may be put in command in the field, as choices: the holders of the chain's posts, each once."""
    named = chain.all_posts(case.document)
    people = [person for post, several in sorted(case.held.items()) if post in named for person in several]
    found: dict[str, str] = {}
    for person in people:
        found.setdefault(person.user.username, f"{person.user}（{person.position.name}）")
    return list(found.items())


def _in_field(case: Case, attempt: Attempt | None) -> InField | None:
    """The headquarters in the field that is out."""
    spec = case.document.field_headquarters
    kind, released = Deployment.Kind.FIELD_HEADQUARTERS, DeploymentStatus.RELEASED
    deployment = next((item for item in case.deployments if item.kind == kind and item.status != released), None)
    if deployment is None or spec is None:
        return None
    deployment.incident = case.incident
    stand = appoint = None
    if case.acts and deployment.status == DeploymentStatus.CALLED:
        obstacles = authority.stand(deployment, case.actor, leads=False, field=case.field)
        form = FieldForm(accounts=commanders(case))
        url = of_deployment(deployment, "stand")
        stand = offer(attempt, f"stand/{deployment.pk}", url, _("确认现场指挥部成立"), form, obstacles, cite=spec.cite)
    if case.acts and deployment.status == DeploymentStatus.STANDING:
        obstacles = authority.appoint(deployment, case.actor)
        other = AppointForm(accounts=commanders(case))
        made = offer(
            attempt,
            f"appoint/{deployment.pk}",
            of_deployment(deployment, "appoint"),
            _("更换现场指挥部指挥长"),
            other,
            obstacles,
            cite=spec.cite,
        )
        appoint = made if made.allowed or made.refusal else None
    return InField(deployment, str(SET_UP[spec.set_up]), str(COMPOSITION[spec.composition]), stand, appoint)
