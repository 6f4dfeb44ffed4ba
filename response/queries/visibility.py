"""Which incidents an actor may see. Out of sight is out of reach.

Source: ours (who sees what): the desk and the auditor see all, a plan's chain whatever runs under that plan,
a unit what it has a part in. Who appoints sees accounts and positions, and no incident.
"""

from django.db.models import BooleanField, Exists, ExpressionWrapper, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Concat

from plans import registry
from plans.documents import PlanDocument
from response import authority, chain
from response.facts import document_of
from response.models import Deployment, DeploymentSeat, Incident, IncidentPlace, Paper, SpokenOrder, Task
from response.models.deployments import DeploymentStatus
from shuozhou_ops.accounts.models import Position
from shuozhou_ops.journal.actors import Actor
from shuozhou_ops.notices.models import Notice

SEE_ALL = frozenset({Position.Function.DESK.value, Position.Function.AUDIT.value})


def sees_all(actor: Actor) -> bool:
    """Whether this person sees every incident, by function."""
    return bool(actor.functions & SEE_ALL)


def sees_whole(actor: Actor, document: PlanDocument) -> bool:
    """Whether this person sees the whole of an incident under this plan: by function, or by a post in its chain."""
    return sees_all(actor) or bool(actor.posts & chain.all_posts(document))


def incidents_visible_to(actor: Actor) -> QuerySet[Incident]:
    """The incidents this person may see, without their order of importance. One query for the plans in force."""
    if sees_all(actor):
        return Incident.objects.all()
    kept = [plan.plan for plan in registry.all_in_force() if sees_whole(actor, plan)] if actor.posts else []
    return Incident.objects.filter(_has_a_part(actor) | Q(plan_version__plan__key__in=kept))


def incident_visible_to(actor: Actor, public_id: str) -> tuple[Incident, bool]:
    """One incident with its plan version at hand, and whether the whole of it may be seen.

    Raises Incident.DoesNotExist where there is none or it is out of this person's sight.
    """
    if not public_id.isalnum():  # an address that names nothing; PostgreSQL takes not every sign into a question
        raise Incident.DoesNotExist
    rows = Incident.objects.select_related("plan_version__plan", "logged_by").defer("plan_version__document")
    commands = Deployment.objects.filter(in_command(actor), incident=OuterRef("pk"))
    part = ExpressionWrapper(_has_a_part(actor), BooleanField())
    incident = rows.annotate(has_a_part=part, in_command=Exists(commands)).get(public_id=public_id)
    if sees_whole(actor, document_of(incident)) or incident.in_command:
        return incident, True
    if not incident.has_a_part:
        raise Incident.DoesNotExist
    return incident, False


def borne_by(actor: Actor) -> Q:
    """Rows with `unit` and `position` that are this person's."""
    return Q(unit__key__in=actor.units) | Q(position__key__in=actor.posts)


def seated(actor: Actor) -> Q:
    """Seats that are this person's and that nobody has taken away."""
    return (borne_by(actor) | Q(person=authority.account_of(actor))) & Q(left_at=None)


def in_command(actor: Actor) -> Q:
    """Deployments that stand in the field under this person's command."""
    return Q(
        kind=Deployment.Kind.FIELD_HEADQUARTERS,
        status=DeploymentStatus.STANDING,
        commander=authority.account_of(actor),
    )


def _has_a_part(actor: Actor) -> Q:
    """Told, deployed, charged with a task or a paper, the place itself, or said to have ordered it by word of mouth."""
    mine = borne_by(actor)
    stream = Concat(Value(f"{Incident.stream_kind}/"), OuterRef("public_id"))
    return (
        Q(Exists(Notice.objects.filter(mine, stream=stream)))
        | Q(Exists(DeploymentSeat.objects.filter(seated(actor), deployment__incident=OuterRef("pk"))))
        | Q(Exists(Task.objects.filter(mine, incident=OuterRef("pk"))))
        | Q(Exists(Paper.objects.filter(author__key__in=actor.units, incident=OuterRef("pk"))))
        | Q(Exists(IncidentPlace.objects.filter(incident=OuterRef("pk"), left_at=None, county__key__in=actor.units)))
        | Q(Exists(SpokenOrder.objects.filter(decision__incident=OuterRef("pk"), giver=authority.account_of(actor))))
    )
