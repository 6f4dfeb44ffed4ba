"""The desk of one person: what needs them, their tasks, what is under way; a constant number of queries."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef, Q

from plans.documents import PlanDocument, Ref
from response import chain
from response.bearers import posts
from response.facts import document_of
from response.models import Incident, IncidentPlace, LevelDecision
from response.models.decisions import OPEN_STATUSES, DecisionStatus
from response.models.incidents import OVER
from shuozhou_ops.accounts.actors import LOOKS_ON, holders
from shuozhou_ops.journal.actors import Actor

from . import tallies, wants, work
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
    waiting: tuple[tuple[LevelDecision, str], ...]  # with whom it waits for
    whole: bool  # the one who looks sees the whole of it

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
    recent: list[Incident]
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
    whole = {item.pk for item in incidents if sees_whole(actor, document_of(item))}
    told = tallies.of([item for item in incidents if item.pk in whole], actor, whole=True)
    told |= tallies.of([item for item in incidents if item.pk not in whole], actor, whole=False)
    places = _places(incidents)
    whom = _named([decision for several in waiting.values() for decision in several], at)
    rows = [
        Row(
            incident=item,
            document=document_of(item),
            counties=places.get(item.pk, ""),
            tally=told[item.pk],
            waiting=tuple((decision, whom[decision.pk].strip()) for decision in waiting.get(item.pk, ())),
            whole=item.pk in whole,
        )
        for item in incidents
    ]
    return Desk(
        wants=wants.of(incidents, waiting, told, places, actor) if acts else [],
        piles=work.piles(incidents, actor) if acts else [],
        rows=rows[:SHOWN],
        more=max(0, len(rows) - SHOWN),
        recent=list(
            visible.filter(status__in=OVER)
            .exclude(pk__in=[item.pk for item in incidents])
            .order_by("-closed_at")[:RECENT]
        ),
        whole=sees_all(actor) or bool(whole),
        acts=acts,
    )


def _waiting(incidents: list[Incident]) -> dict[int, list[LevelDecision]]:
    """The open decisions by incident, stale ones left out."""
    by_pk = {item.pk: item for item in incidents}
    found: dict[int, list[LevelDecision]] = {}
    for decision in LevelDecision.objects.filter(incident__in=by_pk, status__in=OPEN_STATUSES).order_by("pk"):
        decision.incident = by_pk[decision.incident_id]
        if decision.from_level == decision.incident.level:
            found.setdefault(decision.incident_id, []).append(decision)
    return found


def _places(incidents: list[Incident]) -> dict[int, str]:
    """The counties of each incident, by name."""
    found: dict[int, list[str]] = {}
    for place in IncidentPlace.objects.filter(incident__in=incidents).select_related("county"):
        found.setdefault(place.incident_id, []).append(place.county.name)
    return {pk: "、".join(names) for pk, names in found.items()}


def waits_for(decision: LevelDecision) -> Ref:
    """Whom an open decision waits for, as the plan names them."""
    document = document_of(decision.incident)
    level = decision.authority_level
    step = chain.proposal_step(document, level)
    if decision.status == DecisionStatus.SUGGESTED and step is not None:
        return step.by
    return document.level(level).decided_by


def _named(decisions: list[LevelDecision], at: datetime) -> dict[int, str]:
    """Whom each waits for by post and name: the one to ring. One query where anything waits."""
    wanted = {item.pk: (waits_for(item), posts(waits_for(item), document_of(item.incident))) for item in decisions}
    held: dict[str, list[str]] = {}
    every = frozenset().union(*(keys for _ref, keys in wanted.values()))
    for person in holders(every, at) if every else []:
        held.setdefault(person.position.key, []).append(str(person.user))
    return {
        pk: " ".join([ref.name, "、".join(dict.fromkeys(name for key in sorted(keys) for name in held.get(key, [])))])
        for pk, (ref, keys) in wanted.items()
    }
