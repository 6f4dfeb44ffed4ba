"""The commander changes what works: calls a group of the plan or one of his own, releases one."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from response import authority, locks
from response.activation import OWN, Called, Order, group_of, what_starts
from response.facts import document_of
from response.models import Deployment, Incident
from response.models.deployments import DeploymentStatus
from response.models.tasks import OPEN_TASKS
from response.telling import still_told
from shuozhou_ops import words
from shuozhou_ops.errors import BadInput, Conflict, FieldError
from shuozhou_ops.journal import record
from shuozhou_ops.journal.actors import Actor
from shuozhou_ops.notices.models import Notice

from . import deployments
from .roster import Roster


@transaction.atomic(durable=True)
def call(
    incident_id: int, *, actor: Actor, at: datetime, group: str = "", name: str = "", reason: str = ""
) -> Deployment:
    """Call a group of the plan, by key, that is not out, or one of his own, by name; its units are told.

    Raises NotAuthorised, Conflict, BadInput; then nothing is written. Source: the clause that lets the commander change
    the groups (2.3 and the like).
    """
    incident = locks.incident(incident_id)
    authority.require(authority.change_groups(incident, actor, field=authority.field_of(incident)))
    reason = words.take("reason", reason, most=500)
    called, orders = _plans(incident, group) if group else (_own(incident, name), [])
    open_now = incident.deployments.filter(kind=Deployment.Kind.GROUP).exclude(status=DeploymentStatus.RELEASED)
    if open_now.filter(key=called.key).exists() or (not group and open_now.filter(name=called.name).exists()):
        raise Conflict("group_out", _("“%s”已经在列。") % called.name, called.cite)
    changes = record.Changes()
    deployment, tasks = deployments.call_locked(incident, called, orders, changes, at)
    notices = Notice.objects.filter(stream=incident.stream).select_related("unit").order_by("pk")
    fresh = _units(called).difference(still_told(notices))
    told = deployments.tell_units(incident, fresh, called.name, incident.decisions.moves().last(), changes, at)
    payload = {"deployment": called.name, "cite": called.cite, "reason": reason, "tasks": tasks, "told": told}
    record.append(incident, "deployment.called", changes, actor=actor, at=at, payload=payload)
    return deployment


def _plans(incident: Incident, key: str) -> tuple[Called, Sequence[Order]]:
    document = document_of(incident)
    if key not in {item.key for item in document.groups}:
        raise BadInput([FieldError("group", "no_such_group", _("预案没有这个工作组。"))])
    ground = Roster().ground_of(incident)
    called, duties = group_of(document, key, ground)
    assert incident.level is not None  # a response runs: the guard has seen to it
    asked = what_starts(document, incident.level, ground).orders
    measures = [order for order in asked if order.to == (called.kind, called.key) and order not in duties]
    return called, [*measures, *duties]


def _own(incident: Incident, name: str) -> Called:
    name = words.take("name", name, most=100, needed=True)
    document = document_of(incident)
    number = incident.deployments.filter(kind=Deployment.Kind.GROUP, key__startswith=OWN).count() + 1
    field = document.field_headquarters
    cite = field.cite if field else document.headquarters.cite
    return Called(Deployment.Kind.GROUP.value, f"{OWN}{number}", name, cite, ())


def _units(called: Called) -> set[str]:
    return {seat.bearer.unit for seat in called.seats if seat.bearer.unit}


@transaction.atomic(durable=True)
def release(deployment_id: int, *, actor: Actor, at: datetime, reason: str) -> Deployment:
    """Release a group, a team or the headquarters in the field, with every open task it has; its leads are told.

    Raises NotAuthorised, Conflict, BadInput; then nothing is written. Source: as for calling.
    """
    incident = locks.incident(Deployment.objects.values_list("incident_id", flat=True).get(pk=deployment_id))
    deployment = Deployment.objects.select_for_update().get(pk=deployment_id)
    authority.require(authority.change_groups(incident, actor, field=authority.field_of(incident)))
    if deployment.kind == Deployment.Kind.HEADQUARTERS or deployment.status == DeploymentStatus.RELEASED:
        raise Conflict("not_out", _("“%s”不能解除，或已经解除。") % deployment.name, deployment.cite)
    reason = words.take("reason", reason, most=500, needed=True)
    tasks = list(deployment.tasks.filter(status__in=OPEN_TASKS, phase="response"))
    changes = record.Changes()
    released = deployments.release_locked([deployment], tasks, changes, at)
    _tell(incident, deployment, reason, changes, at)
    payload = {
        "deployment": deployment.name,
        "cite": deployment.cite,
        "reason": reason,
        "tasks": released.tasks_released,
    }
    record.append(incident, "deployment.released", changes, actor=actor, at=at, payload=payload)
    return deployment


def _tell(incident: Incident, deployment: Deployment, reason: str, changes: record.Changes, at: datetime) -> None:
    """The units that sat there are told; they stay told of the response."""
    seats = deployment.seats.filter(left_at=None, unit__isnull=False).select_related("unit")
    units = {seat.unit_id: seat.unit for seat in seats}
    changes.create_all(
        Notice,
        [
            Notice(
                stream=incident.stream,
                subject=record.thing(deployment),
                kind=Notice.Kind.INFORMATION,
                unit=unit,
                title=incident.headline(f"{deployment.name}解除"),
                body=reason,
                cite=deployment.cite,
                sent_at=at,
                needs_receipt=False,
            )
            for unit in units.values()
        ],
    )
