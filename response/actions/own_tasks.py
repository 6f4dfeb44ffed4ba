"""Tasks of the commander's own, and taking a task back."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from response import authority, locks
from response.activation import OWN
from response.facts import document_of
from response.models import Deployment, DeploymentSeat, Incident, Task
from response.models.deployments import DeploymentStatus
from response.models.tasks import TaskStatus
from shuozhou_ops import words
from shuozhou_ops.accounts.models import Organisation, Position
from shuozhou_ops.errors import BadInput, Conflict, FieldError
from shuozhou_ops.journal import record
from shuozhou_ops.journal.actors import Actor
from shuozhou_ops.notices.models import Notice

from .teams import tell_drawn_in


@dataclass(frozen=True)
class Given:
    """A task of his own: the words; to a unit (its key), to what is out (its number), or to a bearer named in words."""

    text: str
    unit: str = ""
    deployment: int | None = None
    bearer: str = ""
    due_at: datetime | None = None


@dataclass(frozen=True)
class _Bearer:
    """Who bears it."""

    name: str
    unit: Organisation | None = None
    position: Position | None = None
    deployment: Deployment | None = None


@transaction.atomic(durable=True)
def give(incident_id: int, given: Given, *, actor: Actor, at: datetime) -> Task:
    """Give a task that stands in no place of the plan. Raises NotAuthorised, Conflict, BadInput.

    Source: ours; who commands gives tasks (the headquarters' clause).
    """
    incident = locks.incident(incident_id)
    authority.require(authority.name_seats(incident, actor))
    bearer = _bearer(incident, given)
    faults = [words.fault("text", given.text, most=1000, needed=True)]
    if given.due_at is not None and given.due_at <= at:
        faults.append(FieldError("due_at", "in_past", _("完成时限应在现在之后。")))
    if found := [item for item in faults if item]:
        raise BadInput(found)
    number = incident.tasks.filter(item__startswith=OWN).count() + 1
    changes = record.Changes()
    task = changes.create(
        Task(
            incident=incident,
            deployment=bearer.deployment,
            item=f"{OWN}{number}",
            response_no=incident.response_no,
            unit=bearer.unit,
            position=bearer.position,
            bearer=bearer.name[:120],
            text=given.text.strip(),
            cite=document_of(incident).headquarters.cite,
            due_at=given.due_at,
            assigned_at=at,
        )
    )
    if bearer.deployment is None:
        tell_drawn_in(incident, task, bearer.unit, changes, at)
    payload = {"task": task.pk, "what": task.text, "bearer": task.bearer, "cite": task.cite}
    payload |= {"due_at": record.spell(task.due_at)} if task.due_at else {}
    record.append(incident, "task.given", changes, actor=actor, at=at, payload=payload)
    return task


def _bearer(incident: Incident, given: Given) -> _Bearer:
    """Whoever is meant, exactly one. Raises BadInput."""
    if sum(map(bool, (given.unit, given.deployment, given.bearer.strip()))) != 1:
        raise BadInput([FieldError("to", "one_bearer", _("请选择一个承办单位或工作组，或写明承办人。"))])
    if given.bearer:
        return _Bearer(words.take("bearer", given.bearer, most=120, needed=True))
    if given.unit:
        unit = Organisation.objects.filter(key=given.unit).first()
        if unit is None:
            raise BadInput([FieldError("to", "unknown_unit", _("没有这个单位。"))])
        return _Bearer(unit.name, unit)
    rows = incident.deployments.exclude(status=DeploymentStatus.RELEASED)
    deployment = rows.filter(pk=given.deployment or 0).first()
    if deployment is None:
        raise BadInput([FieldError("to", "not_out", _("没有这个工作组，或已经解除。"))])
    seats = deployment.seats.filter(role=DeploymentSeat.Role.LEAD, left_at=None).select_related("unit", "position")
    lead = seats.first()
    return _Bearer(deployment.name, lead.unit if lead else None, lead.position if lead else None, deployment)


@transaction.atomic(durable=True)
def release(task_id: int, *, actor: Actor, at: datetime, reason: str) -> Task:
    """Take an open task back, with a reason; its bearer is told. Raises NotAuthorised, Conflict, BadInput."""
    incident = locks.incident(Task.objects.values_list("incident_id", flat=True).get(pk=task_id))
    task = Task.objects.select_for_update(of=("self",)).select_related("unit").get(pk=task_id)
    authority.require(authority.name_seats(incident, actor))
    if not task.is_open:
        told = _("这项任务已经是“%(now)s”。") % {"now": TaskStatus(task.status).label}
        raise Conflict("task_settled", told, task.cite)
    reason = words.take("reason", reason, most=500, needed=True)
    task.release()
    task.settled_at = at
    changes = record.Changes()
    changes.update(task, "status", "settled_at")
    _tell(incident, task, reason, changes, at)
    payload = {"task": task.pk, "what": task.text, "bearer": task.bearer, "cite": task.cite, "text": reason}
    record.append(incident, "task.released", changes, actor=actor, at=at, payload=payload)
    return task


def _tell(incident: Incident, task: Task, reason: str, changes: record.Changes, at: datetime) -> None:
    if task.unit is None:
        return
    notice = Notice(
        stream=incident.stream,
        subject=record.thing(task),
        kind=Notice.Kind.INFORMATION,
        unit=task.unit,
        title=incident.headline(f"任务解除“{task.text[:100]}”"),
        body=reason,
        cite=task.cite,
        sent_at=at,
        needs_receipt=False,
    )
    changes.create(notice)
