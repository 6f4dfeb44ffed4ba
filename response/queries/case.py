"""Everything the page of one incident stands on, read once: a constant number of queries, however many rows."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property, wraps
from typing import Any, Concatenate, ParamSpec, TypeVar

from django.conf import settings
from django.db.models import Prefetch, Q, QuerySet, prefetch_related_objects

from plans import assessment
from plans.assessment import Assessment
from plans.documents import FactSpec, PlanDocument, Ref
from plans.models import PlanVersion
from plans.organisations import HEAD, key_of
from plans.registry import document_of
from plans.tables import table_of
from response import authority, bearers, chain, sources
from response import facts as standing
from response.bearers import Ground, ground_among
from response.facts import Weighed
from response.models import (
    Confirmation,
    Deployment,
    DeploymentSeat,
    EarlyStep,
    FactReport,
    Incident,
    IncidentPlace,
    Instruction,
    LevelDecision,
    Paper,
    SituationReport,
    SupportRequest,
    Task,
    UnitReport,
)
from response.models.decisions import DecisionStatus
from response.models.deployments import DeploymentStatus
from response.models.incidents import AFTER_END, BEFORE_END, OVER, Status
from shuozhou_ops.accounts.actors import holders_between
from shuozhou_ops.accounts.models import Appointment, Organisation, Position
from shuozhou_ops.journal.actors import Actor
from shuozhou_ops.journal.record import spell
from shuozhou_ops.notices.models import Notice

from . import logging_rights
from .visibility import borne_by, incident_visible_to, seated

OTHERS = 50  # open incidents among which one is chosen


P = ParamSpec("P")
T = TypeVar("T")


@dataclass
class Case:
    """One incident as one person may see it at one moment. `whole`: everything; else only that person's own part."""

    incident: Incident
    document: PlanDocument
    actor: Actor
    at: datetime
    whole: bool
    reports: list[FactReport]
    decisions: list[LevelDecision]
    deployments: list[Deployment]
    tasks: list[Task]
    notices: list[Notice]
    confirmations: list[Confirmation]
    papers: list[Paper]
    units: list[Organisation]  # every one, for those who keep the incident until it is closed
    unit_reports: list[UnitReport] = field(default_factory=list)
    situation: list[SituationReport] = field(default_factory=list)
    kin: list[Incident] = field(default_factory=list)  # those it was merged, linked or carried over with
    others: list[Incident] = field(default_factory=list)  # the other open ones, for those who may merge or link
    former: list[tuple[dict[str, Any], PlanDocument]] = field(default_factory=list)  # plans it ran under before
    flagged: Mapping[str, int] = field(default_factory=dict)  # how many open incidents of this plan bear each mark
    steps: list[EarlyStep] = field(default_factory=list)  # what the counties did early: all, or this person's own
    requests: list[SupportRequest] = field(default_factory=list)
    instructions: list[Instruction] = field(default_factory=list)
    seats: dict[int, list[DeploymentSeat]] = field(default_factory=dict)
    held: dict[str, list[Appointment]] = field(default_factory=dict)
    lately: dict[str, list[Appointment]] = field(default_factory=dict)  # who held a post since the call, and lost it
    read_once: dict[Any, Any] = field(default_factory=dict)

    @cached_property
    def standing(self) -> standing.Standing:
        """What is known now."""
        runs = not self.incident.replay_of
        return standing.stand(self.document, self.reports, self.at, flagged=self.flagged, runs=runs)

    @cached_property
    def ways(self) -> list[Weighed]:
        """What is in force with the plan's answer, and then every other way to take what sources differ on."""
        runs = not self.incident.replay_of
        return standing.weigh(self.document, self.reports, self.at, flagged=self.flagged, runs=runs)

    @property
    def in_force(self) -> dict[str, FactReport]:
        """The report in force of each fact."""
        return self.standing.reports

    @cached_property
    def counted(self) -> dict[str, FactReport]:
        """The report in force of each figure that the plan counts beside its facts."""
        return sources.in_force(self.reports, FactReport.Kind.FIGURE)

    @property
    def values(self) -> dict[str, Any]:
        """The known facts."""
        return self.standing.values

    @cached_property
    def answer(self) -> Assessment:
        """What the plan makes of them."""
        return assessment.assess(self.document, self.values)

    @property
    def specs(self) -> dict[str, FactSpec]:
        """The plan's facts by name."""
        return table_of(self.document).specs

    @property
    def reporting_cite(self) -> str:
        """The clause by which what is told is collected and verified: by the office's seat, the office, or anybody."""
        seat, told = key_of(self.document.headquarters.office.seat), self.document.reporting
        by_unit = [duty for duty in told if any(ref.kind == "unit" and key_of(ref) == seat for ref in duty.who)]
        by_role = [duty for duty in told if any(ref.kind == "role" and ref.key == "office" for ref in duty.who)]
        return next((duty.cite for duty in [*by_unit, *by_role, *told]), "")

    @cached_property
    def of_response(self) -> list[LevelDecision]:
        """The decisions of the present response, or of the last where it is over: since the end before it."""
        ends = [place for place, item in enumerate(self.decisions) if item.is_end]
        before = self.incident.response_no - 2
        return self.decisions[ends[before] + 1 :] if 0 <= before < len(ends) else self.decisions

    @property
    def response_to_come(self) -> int:
        """The number of the response that a decision now would be of: after an end that of another one."""
        return self.incident.response_no + (self.incident.status in AFTER_END)

    @cached_property
    def plans(self) -> list[PlanDocument]:
        """What every loaded plan says now; one query."""
        return logging_rights.loaded()

    def plan_at(self, moment: datetime) -> PlanDocument:
        """The plan under which it ran at a moment."""
        return next((then for told, then in self.former if spell(moment) < told["until"]), self.document)

    def plan_of_entry(self, seq: int) -> PlanDocument:
        """The plan under which an entry of its journal was written."""
        return next((then for told, then in self.former if seq <= told["seq"]), self.document)

    @property
    def counties(self) -> list[str]:
        """The counties it touches, by name."""
        return [place.county.name for place in self.incident.ground]

    @cached_property
    def ground(self) -> Ground:
        """Where the incident is, without a query; those who decide nothing see its own counties alone."""
        here = [place.county for place in self.incident.ground]
        return ground_among(self.units or here, {county.key for county in here})

    @cached_property
    def acts(self) -> bool:
        """Whether this person may do anything beyond their own tasks: not an auditor, not a unit."""
        return self.whole and authority.keeps(self.actor, self.document)

    @cached_property
    def field(self) -> Deployment | None:
        """The field headquarters that stands; one query for a county, which need not sit in it."""
        if not self.whole:
            theirs = any(place.county.key in self.actor.units for place in self.incident.ground)
            return authority.field_of(self.incident) if theirs else None
        kind, standing = Deployment.Kind.FIELD_HEADQUARTERS, DeploymentStatus.STANDING
        return next((item for item in self.deployments if item.kind == kind and item.status == standing), None)

    @cached_property
    def in_command(self) -> bool:
        """Whether this person commands in the field."""
        mine = authority.account_of(self.actor)
        return self.field is not None and mine is not None and self.field.commander_id == mine

    @property
    def sees_caller(self) -> bool:
        """Whether names and numbers of callers show unmasked: at the desk only."""
        return authority.DESK in self.actor.functions

    def receipt_due(self, notice: Notice) -> datetime:
        """When a receipt was to be there. Source: a local setting (interpretation 20)."""
        return notice.sent_at + timedelta(minutes=settings.RECEIPT_WITHIN_MINUTES)

    def holders_of(self, posts: Iterable[str]) -> str:
        """The present holders of any of these posts by name, full holders first; '' where nobody holds one."""
        people = [person for post in sorted(posts) for person in self.held.get(post, [])]
        return "、".join(dict.fromkeys(str(person.user) for person in people))

    def holders_by(self, ref: Ref) -> str:
        """The present holders of the posts that a REF gives an authority to."""
        return self.holders_of(bearers.posts(ref, self.document))

    def posts_by(self, ref: Ref) -> str:
        """The names of those posts, where they say more than the REF does."""
        posts = sorted(bearers.posts(ref, self.document))
        names = dict.fromkeys(person.position.name for post in posts for person in self.held.get(post, [])[:1])
        return "、".join(name for name in names if name != ref.name)

    def decision_in_force(self) -> LevelDecision | None:
        """The one that put the incident on its level."""
        return next((item for item in reversed(self.decisions) if item.is_move), None)

    def highest_level(self) -> int | None:
        """The most severe level of the present response, or of the last; None where none ever ran."""
        return min((item.target_level for item in self.of_response if item.is_move), default=None)

    @property
    def round(self) -> int:
        """Which round of confirming the end this is."""
        return sum(item.is_move for item in self.decisions)


def once(reading: Callable[Concatenate[Case, P], T]) -> Callable[Concatenate[Case, P], T]:
    """Make a reading once a page, however many of its sections ask. What it is asked beside the case is hashable."""

    @wraps(reading)
    def read_once(case: Case, *args: P.args, **kwargs: P.kwargs) -> T:
        key = (reading, args, tuple(kwargs.items()))
        if key not in case.read_once:
            case.read_once[key] = reading(case, *args, **kwargs)
        return case.read_once[key]

    return read_once


def read(public_id: str, actor: Actor, at: datetime) -> Case:
    """The case of one incident. Raises Incident.DoesNotExist where it is out of this person's sight."""
    incident, whole = incident_visible_to(actor, public_id)
    document = standing.document_of(incident)
    prefetch_related_objects([incident], Prefetch("places", IncidentPlace.objects.select_related("county")))
    keeping = whole and incident.status != Status.MERGED and authority.keeps(actor, document)
    later = incident.status in (Status.REVIEWING, Status.CLOSED) or incident.response_no > 1
    case = Case(
        incident=incident,
        document=document,
        actor=actor,
        at=at,
        whole=whole,
        reports=list(incident.fact_reports.select_related("reported_by").order_by("observed_at", "pk")),
        decisions=list(_decisions(incident, whole)),
        deployments=list(_deployments(incident, actor, whole)),
        tasks=list(_tasks(incident, actor, whole)),
        notices=list(_notices(incident, actor, whole)),
        confirmations=list(_confirmations(incident, whole)),
        papers=list(_papers(incident, actor, whole)) if later else [],
        units=list(Organisation.objects.all()) if keeping else [],
        flagged=standing.flagged_like(incident),
        unit_reports=list(_unit_reports(incident, actor, whole)),
        steps=list(_steps(incident, actor, whole)),
        requests=list(_requests(incident, actor, whole)),
        instructions=list(incident.instructions.all()) if whole else [],
        situation=list(incident.situation_reports.select_related("signed_by", "drafted_by")) if whole else [],
        kin=_kin(incident),
        former=_former(incident),
    )
    if case.acts and incident.status in BEFORE_END:
        case.others = _others(case)
    _seat(case)
    return case


def _seat(case: Case) -> None:
    """Who sits where, and who holds the posts that the page names, or held one since the call."""
    there = [item.pk for item in case.deployments]
    rows = DeploymentSeat.objects.filter(deployment__in=there, left_at=None)
    for seat in rows.select_related("unit", "position", "person"):
        case.seats.setdefault(seat.deployment_id, []).append(seat)
    posts = set(chain.all_posts(case.document))
    posts |= {seat_post(seat) for seats in case.seats.values() for seat in seats if seat.role == "lead"}
    for person in holders_between(posts, case.incident.logged_at, case.at):
        lapsed = person.lapses_at is not None and person.lapses_at <= case.at
        (case.lately if lapsed else case.held).setdefault(person.position.key, []).append(person)


def seat_post(seat: DeploymentSeat) -> str:
    """The post that speaks for a seat: its own, or its unit's head."""
    if seat.position:
        return seat.position.key
    return seat.unit.key + HEAD if seat.unit else ""


def _decisions(incident: Incident, whole: bool) -> QuerySet[LevelDecision]:
    """All with their steps; to a unit what was decided, without how it came about."""
    rows = incident.decisions.select_related("spoken_order__giver", "spoken_order__recorded_by").order_by("pk")
    return rows.prefetch_related("steps") if whole else rows.filter(status=DecisionStatus.APPROVED)


def _confirmations(incident: Incident, whole: bool) -> Iterable[Confirmation]:
    """Those of the response that runs; afterwards the timeline has them."""
    if not whole or incident.status != Status.RESPONDING:
        return []
    return incident.confirmations.select_related("confirmed_by")


def _led_by(actor: Actor) -> QuerySet[DeploymentSeat, int]:
    return DeploymentSeat.objects.filter(seated(actor), role="lead").values_list("deployment", flat=True)


def _deployments(incident: Incident, actor: Actor, whole: bool) -> QuerySet[Deployment]:
    if whole:
        return incident.deployments.select_related("commander").order_by("pk")
    own = DeploymentSeat.objects.filter(seated(actor)).values("deployment")
    return incident.deployments.filter(pk__in=own).order_by("pk")


def _tasks(incident: Incident, actor: Actor, whole: bool) -> QuerySet[Task]:
    rows = incident.tasks.select_related("unit", "position", "handed_to").order_by("pk")
    theirs = borne_by(actor) | Q(deployment__in=_led_by(actor)) | Q(handed_to__key__in=actor.units)
    return rows if whole else rows.filter(theirs)


def _notices(incident: Incident, actor: Actor, whole: bool) -> QuerySet[Notice]:
    rows = Notice.objects.filter(stream=incident.stream).select_related("unit", "position", "received_by")
    return (rows if whole else rows.filter(borne_by(actor))).order_by("pk")


def _kin(incident: Incident) -> list[Incident]:
    """What it was merged into, what it follows and continues; what was merged into it, follows and continues it.

    What was merged into one that was merged into this one is here too: a query a step, and none without such a step.
    """
    above = [pk for pk in (incident.merged_into_id, incident.follows_id, incident.continues_id) if pk]
    wanted = Q(pk__in=above) | Q(merged_into=incident) | Q(follows=incident) | Q(continues=incident)
    rows = Incident.objects.select_related("plan_version__plan").defer("plan_version__document").order_by("pk")
    rows = rows.prefetch_related(Prefetch("situation_reports", SituationReport.objects.filter(number__isnull=False)))
    found = list(rows.filter(wanted))
    absorbed = [item.pk for item in found if item.merged_into_id == incident.pk]
    while absorbed:
        further = list(rows.filter(merged_into__in=absorbed).exclude(pk__in=[item.pk for item in found]))
        found += further
        absorbed = [item.pk for item in further]
    return found


def _others(case: Case) -> list[Incident]:
    """The other open incidents that this person keeps, the newest first, with their counties: two queries."""
    incident, counties = case.incident, {unit.pk: unit for unit in case.units}
    kept = [plan.plan for plan in case.plans if authority.keeps(case.actor, plan)]
    rows = Incident.objects.filter(plan_version__plan__key__in=kept).exclude(status__in=OVER).exclude(pk=incident.pk)
    rows = rows.filter(replay_of__isnull=not incident.replay_of).select_related("plan_version__plan")
    found = list(rows.defer("plan_version__document").prefetch_related("places").order_by("-logged_at")[:OTHERS])
    for place in [place for other in found for place in other.places.all()]:
        place.county = counties[place.county_id]
    return found


def _former(incident: Incident) -> list[tuple[dict[str, Any], PlanDocument]]:
    """The plan versions it ran under before, the first one first; a query only where there are any."""
    told = incident.former_plans
    versions = PlanVersion.objects.in_bulk([item["version"] for item in told]) if told else {}
    return [(item, document_of(versions[item["version"]])) for item in told]


def _unit_reports(incident: Incident, actor: Actor, whole: bool) -> QuerySet[UnitReport]:
    rows = incident.unit_reports.select_related("recorded_by")
    return rows if whole else rows.filter(unit__key__in=actor.units)


def _steps(incident: Incident, actor: Actor, whole: bool) -> Iterable[EarlyStep]:
    """What the counties did early; to a county its own."""
    places = [place for place in incident.ground if whole or place.county.key in actor.units]
    return EarlyStep.objects.filter(place__in=places).select_related("done_by") if places else []


def _requests(incident: Incident, actor: Actor, whole: bool) -> QuerySet[SupportRequest]:
    rows = incident.requests.select_related("place__county", "asked_by", "answered_by")
    return rows if whole else rows.filter(place__county__key__in=actor.units)


def _papers(incident: Incident, actor: Actor, whole: bool) -> QuerySet[Paper]:
    rows = incident.papers.select_related("author", "received_by").order_by("-response_no", "item", "pk")
    return rows if whole else rows.filter(author__key__in=actor.units)


def is_auditor(actor: Actor) -> bool:
    """Whether this person only reads."""
    return Position.Function.AUDIT.value in actor.functions


def mask(text: str, first: int, last: int) -> str:
    """A name or number of which only the ends show: 138******12."""
    if len(text) <= first + last:
        return "*" * len(text)
    return text[:first] + "*" * (len(text) - first - last) + (text[-last:] if last else "")
