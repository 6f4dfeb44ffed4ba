"""The desk of one person: what needs them, their tasks, what is under way; a constant number of queries."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef, Q

from plans.documents import PlanDocument, Ref
from response import authority, chain
from response.bearers import posts
from response.facts import document_of
from response.models import Deployment, Incident, IncidentPlace, LevelDecision
from response.models.decisions import OPEN_STATUSES, DecisionStatus
from response.models.deployments import DeploymentStatus
from response.models.incidents import OVER
from shuozhou_ops.accounts.actors import LOOKS_ON, holders
from shuozhou_ops.journal.actors import Actor

from . import orders, tallies, wants, work
from .decisions import title
from .tallies import Tally
from .visibility import incidents_visible_to, sees_all, sees_whole
from .wants import Want
from .work import TaskPile

SHOWN, RECENT = 100, 5


@dataclass(frozen=True)
class Row:
    """One open incident on the board."""

    incident: Incident
    document: PlanDocument
    counties: str
    tally: Tally
    waiting: tuple[tuple[LevelDecision, str, str], ...]  # with what it is, and whom it waits for
    whole: bool  # the one who looks sees the whole of it
    orders: tuple[str, ...] = ()  # the marks of its spoken orders, while they are in question

    @property
    def since(self) -> datetime:
        """Since when its clock runs: the start of the response, else the call."""
        return self.incident.started_at or self.incident.logged_at


@dataclass(frozen=True)
class Desk:
    """Everything the desk shows.

    whole: the one who looks sees every incident, or the whole of one here. acts: and is not only looking on.
    """

    wants: list[Want]
    piles: list[TaskPile]
    rows: list[Row]
    more: int
    recent: list[tuple[Incident, tuple[str, ...]]]  # with the marks of their spoken orders
    whole: bool
    acts: bool


def desk(actor: Actor, at: datetime) -> Desk:
    """What this person's desk shows: open incidents the most severe first, then the oldest."""
    visible = incidents_visible_to(actor).select_related("plan_version__plan").defer("plan_version__document")
    asked_again = LevelDecision.objects.filter(incident=OuterRef("pk"), status__in=OPEN_STATUSES)
    here = visible.filter(~Q(status__in=OVER) | Q(Exists(asked_again)))
    incidents = sorted(here, key=lambda item: (item.severity, item.logged_at, item.pk))
    waiting = _waiting(incidents)
    acts = not actor.functions & LOOKS_ON
    field = _field(incidents)
    mine = authority.account_of(actor)
    commanded = {pk for pk, item in field.items() if item.commander_id is not None and item.commander_id == mine}
    whole = {item.pk for item in incidents if sees_whole(actor, document_of(item))} | commanded
    told = tallies.of([item for item in incidents if item.pk in whole], actor, whole=True)
    told |= tallies.of([item for item in incidents if item.pk not in whole], actor, whole=False)
    places = _places(incidents)
    counties = {pk: "、".join(place.county.name for place in several) for pk, several in places.items()}
    recent = list(
        visible.filter(status__in=OVER).exclude(pk__in=[item.pk for item in incidents]).order_by("-closed_at")[:RECENT]
    )
    pending = orders.pending([*incidents, *recent], actor)
    marks: dict[int, list[str]] = {}
    for order in pending:
        marks.setdefault(order.decision.incident_id, []).append(orders.mark(order))
    whom = _named([decision for several in waiting.values() for decision in several], at)
    rows = [
        Row(
            incident=item,
            document=document_of(item),
            counties=counties.get(item.pk, ""),
            tally=told[item.pk],
            waiting=tuple(
                (decision, title(decision), whom[decision.pk].strip()) for decision in waiting.get(item.pk, ())
            ),
            whole=item.pk in whole,
            orders=tuple(dict.fromkeys(marks.get(item.pk, ()))),
        )
        for item in incidents
    ]
    return Desk(
        wants=wants.of(incidents, waiting, told, places, field, pending, actor) if acts else [],
        piles=work.piles(incidents, actor) if acts else [],
        rows=rows[:SHOWN],
        more=max(0, len(rows) - SHOWN),
        recent=[(item, tuple(dict.fromkeys(marks.get(item.pk, ())))) for item in recent],
        whole=sees_all(actor) or bool(whole),
        acts=acts,
    )


def _waiting(incidents: list[Incident]) -> dict[int, list[LevelDecision]]:
    """The open decisions by incident, stale ones left out."""
    by_pk = {item.pk: item for item in incidents}
    found: dict[int, list[LevelDecision]] = {}
    rows = LevelDecision.objects.filter(incident__in=by_pk, status__in=OPEN_STATUSES).order_by("pk")
    for decision in rows.select_related("reverses__spoken_order__giver"):
        decision.incident = by_pk[decision.incident_id]
        if decision.from_level == decision.incident.level:
            found.setdefault(decision.incident_id, []).append(decision)
    return found


def _places(incidents: list[Incident]) -> dict[int, list[IncidentPlace]]:
    """The counties each incident touches now."""
    found: dict[int, list[IncidentPlace]] = {}
    for place in IncidentPlace.objects.filter(incident__in=incidents, left_at=None).select_related("county"):
        found.setdefault(place.incident_id, []).append(place)
    return found


def _field(incidents: list[Incident]) -> dict[int, Deployment]:
    """The field headquarters that stands, by incident."""
    rows = Deployment.objects.filter(
        incident__in=incidents, kind=Deployment.Kind.FIELD_HEADQUARTERS, status=DeploymentStatus.STANDING
    )
    return {item.incident_id: item for item in rows.select_related("commander")}


def waits_for(decision: LevelDecision) -> Ref:
    """Whom an open decision waits for, as the plan names them."""
    document = document_of(decision.incident)
    level = decision.authority_level
    step = chain.proposal_step(document, level)
    if decision.status == DecisionStatus.SUGGESTED and step is not None:
        return step.by
    return document.level(level).decided_by


def _giver(decision: LevelDecision) -> str:
    """Who disputes the order that a proposal takes back; '' for any other."""
    order = decision.reverses.order if decision.reverses else None
    return f"{order.giver_post} {order.giver}" if order else ""


def _named(decisions: list[LevelDecision], at: datetime) -> dict[int, str]:
    """Whom each waits for by post and name: the one to ring. One query where anything waits."""
    wanted = {item.pk: (waits_for(item), posts(waits_for(item), document_of(item.incident))) for item in decisions}
    disputed = {item.pk: _giver(item) for item in decisions}
    held: dict[str, list[str]] = {}
    every = frozenset().union(*(keys for _ref, keys in wanted.values()))
    for person in holders(every, at) if every else []:
        held.setdefault(person.position.key, []).append(str(person.user))
    return {
        pk: disputed.get(pk)
        or " ".join([ref.name, "、".join(dict.fromkeys(name for key in sorted(keys) for name in held.get(key, [])))])
        for pk, (ref, keys) in wanted.items()
    }
