"""Which incidents an actor may see. Out of sight is out of reach.

Source: ours (who sees what): the office, the plan's chain and the auditor see all; a unit what it has a part in.
"""

from django.db.models import BooleanField, Exists, ExpressionWrapper, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Concat

from plans import registry
from plans.documents import PlanDocument
from response import chain
from response.facts import document_of
from response.models import DeploymentSeat, Incident, IncidentPlace, Task
from shuozhou_ops.accounts.models import Position
from shuozhou_ops.journal.actors import Actor
from shuozhou_ops.notices.models import Notice

SEE_ALL = frozenset({Position.Function.DESK.value, Position.Function.AUDIT.value, Position.Function.APPOINT.value})


def sees_all(actor: Actor, document: PlanDocument | None = None) -> bool:
    """Whether this person sees every incident: by function, or by a post in any plan's chain.

    document: one plan at hand, asked first; else one query for the plans in force.
    """
    if actor.functions & SEE_ALL or (document is not None and actor.posts & chain.all_posts(document)):
        return True
    return bool(actor.posts) and any(actor.posts & chain.all_posts(plan) for plan in registry.all_in_force())


def incidents_visible_to(actor: Actor) -> QuerySet[Incident]:
    """The incidents this person may see, without their order of importance."""
    if sees_all(actor):
        return Incident.objects.all()
    return Incident.objects.filter(_has_a_part(actor))


def incident_visible_to(actor: Actor, public_id: str) -> tuple[Incident, bool]:
    """One incident with its plan version at hand, and whether the whole of it may be seen.

    Raises Incident.DoesNotExist where there is none or it is out of this person's sight.
    """
    if not public_id.isalnum():  # an address that names nothing; PostgreSQL takes not every sign into a question
        raise Incident.DoesNotExist
    rows = Incident.objects.select_related("plan_version__plan", "logged_by").defer("plan_version__document")
    incident = rows.annotate(has_a_part=ExpressionWrapper(_has_a_part(actor), BooleanField())).get(public_id=public_id)
    if sees_all(actor, document_of(incident)):
        return incident, True
    if not incident.has_a_part:
        raise Incident.DoesNotExist
    return incident, False


def borne_by(actor: Actor) -> Q:
    """Rows with `unit` and `position` that are this person's."""
    return Q(unit__key__in=actor.units) | Q(position__key__in=actor.posts)


def _has_a_part(actor: Actor) -> Q:
    """Told, deployed, charged with a task, or the place itself."""
    mine = borne_by(actor)
    stream = Concat(Value(f"{Incident.stream_kind}/"), OuterRef("public_id"))
    return (
        Q(Exists(Notice.objects.filter(mine, stream=stream)))
        | Q(Exists(DeploymentSeat.objects.filter(mine, deployment__incident=OuterRef("pk"))))
        | Q(Exists(Task.objects.filter(mine, incident=OuterRef("pk"))))
        | Q(Exists(IncidentPlace.objects.filter(incident=OuterRef("pk"), county__key__in=actor.units)))
    )
