"""Which groups of an incident nobody leads: those that are out, and those that a waiting decision would send out."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db.models import Exists, OuterRef

from response.activation import what_starts
from response.bearers import Ground
from response.facts import document_of
from response.models import Deployment, DeploymentSeat, Incident, LevelDecision
from response.models.deployments import DeploymentStatus
from response.models.incidents import Status


@dataclass(frozen=True)
class Leaderless:
    """The groups of one incident without a lead, at least one. deployment: the first that is out; None before that.

    located: whether a county is known.
    """

    names: tuple[str, ...]
    cite: str
    located: bool = False
    deployment: Deployment | None = None


def of(
    incidents: Iterable[Incident], waiting: Mapping[int, Iterable[LevelDecision]], located: Iterable[int]
) -> dict[int, Leaderless]:
    """By primary key of the incident; one query.

    waiting: the open decisions by incident; located: the incidents of which a county is known.
    Source: the groups' clauses (a county leads, and while none is known nobody does).
    """
    known = set(located)
    found = _out([item for item in incidents if item.status == Status.RESPONDING], known)
    for incident in incidents:
        if incident.status in (Status.REPORTED, Status.VERIFIED) and incident.pk not in known:
            levels = [decision.to_level for decision in waiting.get(incident.pk, ()) if decision.to_level is not None]
            if levels and not incident.outside_city and (coming := _coming(incident, min(levels))):
                found[incident.pk] = coming
    return found


def _out(incidents: list[Incident], located: set[int]) -> dict[int, Leaderless]:
    leads = DeploymentSeat.objects.filter(deployment=OuterRef("pk"), role=DeploymentSeat.Role.LEAD, left_at=None)
    rows = Deployment.objects.filter(
        incident__in=incidents,
        kind=Deployment.Kind.GROUP,
        status__in=[DeploymentStatus.CALLED, DeploymentStatus.STANDING],
    ).exclude(Exists(leads))
    by_incident: dict[int, list[Deployment]] = {}
    for deployment in rows.order_by("pk"):
        by_incident.setdefault(deployment.incident_id, []).append(deployment)
    return {
        pk: Leaderless(tuple(item.name for item in several), several[0].cite, pk in located, several[0])
        for pk, several in by_incident.items()
    }


def _coming(incident: Incident, level: int) -> Leaderless | None:
    """Those of the level that is about to be decided, while no county is known."""
    called = what_starts(document_of(incident), level, Ground((), ())).called
    groups = [item for item in called if item.kind == Deployment.Kind.GROUP and not item.leads]
    return Leaderless(tuple(item.name for item in groups), groups[0].cite) if groups else None
