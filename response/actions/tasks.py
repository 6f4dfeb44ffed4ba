"""A unit's work on a task: take it, report, finish, or say why it cannot be done."""

from collections.abc import Callable, Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from plans import rhythms
from response import authority, chain, locks
from response.facts import document_of
from response.models import DeploymentSeat, Incident, Task, TaskReport
from response.models.deployments import DeploymentStatus
from response.models.incidents import Status
from response.models.tasks import TaskStatus
from shuozhou_ops import words
from shuozhou_ops.accounts.models import Position, User
from shuozhou_ops.deadlines.models import Deadline
from shuozhou_ops.errors import BadInput, Conflict, FieldError
from shuozhou_ops.journal import record
from shuozhou_ops.journal.actors import SYSTEM, Actor
from shuozhou_ops.notices.models import Notice

from . import deployments
from .people import user_of
from .settling import AFTERCARE


def _act(
    task_id: int,
    verb: str,
    step: Callable[[Task], None] | None,
    text: str,
    *,
    actor: Actor,
    at: datetime,
    needs_words: bool,
) -> Task:
    incident = locks.incident(Task.objects.values_list("incident_id", flat=True).get(pk=task_id))
    task = Task.objects.select_for_update(of=("self",)).select_related("unit", "position", "deployment").get(pk=task_id)
    task.incident = incident
    authority.require(authority.work_on(task, actor))
    if not task.is_open:
        raise Conflict(
            "task_settled", _("这项任务已经是“%(now)s”。") % {"now": TaskStatus(task.status).label}, task.cite
        )
    if needs_words and not text.strip():
        raise BadInput([FieldError("text", "empty", _("请填写“情况”，再报告进展或无法完成。"))])
    text = words.take("text", text, most=500, needed=needs_words)
    changes = record.Changes()
    fields = []
    if step is not None:
        if task.status == TaskStatus.ASSIGNED:
            _tell_who_shares_it(incident, task, actor, changes, at)
        step(task)
        fields.append("status")
        task.accepted_at = task.accepted_at or at
        fields.append("accepted_at")
        if not task.is_open or task.status == TaskStatus.CANNOT:
            task.settled_at = at
            fields.append("settled_at")
    if text:
        task.progress = text
        fields.append("progress")
    changes.update(task, *fields)
    by = user_of(actor)
    if text and isinstance(by, User):
        changes.create(TaskReport(task=task, at=at, by=by, text=text))
    payload = {"task": task.pk, "what": task.text, "bearer": task.bearer, "cite": task.cite, "text": text}
    record.append(incident, verb, changes, actor=actor, at=at, payload=payload)
    return task


def _tell_who_shares_it(incident: Incident, task: Task, actor: Actor, changes: record.Changes, at: datetime) -> None:
    """What falls to one post that several hold, one of them takes; the others are told. Source: interpretation 12."""
    if task.unit or task.position:
        return
    leads = DeploymentSeat.objects.filter(deployment=task.deployment, role=DeploymentSeat.Role.LEAD, left_at=None)
    held = leads.filter(deployment__isnull=False, position__isnull=False).values_list("position__key", flat=True)
    others = (frozenset(held) or chain.office_posts(document_of(incident))) - actor.posts
    changes.create_all(
        Notice,
        [
            Notice(
                stream=incident.stream,
                subject=record.thing(task),
                kind=Notice.Kind.INFORMATION,
                position=position,
                title=incident.headline(f"{actor.name_of_post()}{actor.name}承办“{task.text[:100]}”"),
                cite=task.cite,
                sent_at=at,
                needs_receipt=False,
            )
            for position in Position.objects.filter(key__in=others)
        ],
    )


@transaction.atomic(durable=True)
def assign(incident_id: int, places: Sequence[int], *, actor: Actor, at: datetime) -> Incident:
    """Give lines of the plan's checklist, by their places in it, as tasks to those whom they name.

    What was given already is not given twice. Raises NotAuthorised, Conflict, BadInput. Source: the line's own clause.
    """
    incident = locks.incident(incident_id)
    authority.require(authority.name_seats(incident, actor))
    lines = document_of(incident).emergency_measures
    if not places or any(not 0 <= place < len(lines) for place in places):
        raise BadInput([FieldError("lines", "empty", _("请勾选要交办的措施。"))])
    changes = record.Changes()
    tasks, orders = deployments.assign_checklist(incident, sorted(set(places)), changes, at)
    if not tasks:
        raise Conflict("given_before", _("所选的措施都已经交办过。"))
    given = [{"text": lines[place].text, "cite": lines[place].cite} for place in sorted(set(places))]
    payload = {"lines": given, "tasks": tasks, "bearers": list(dict.fromkeys(order.bearer.name for order in orders))}
    record.append(incident, "task.assigned", changes, actor=actor, at=at, payload=payload)
    return incident


@transaction.atomic(durable=True)
def come_again(deadline_id: int, at: datetime) -> None:
    """Give a task with a rhythm again, as long as the response runs. Dealt with twice, it changes nothing.

    What was not done stays open; of the times missed while nothing ran, one is given. Source: the duty's `every`.
    """
    subject = Deadline.objects.values_list("subject", flat=True).get(pk=deadline_id)
    task = Task.objects.select_related("deployment").get(pk=int(subject.partition("/")[2]))
    incident = locks.incident(task.incident_id)
    deadline = Deadline.objects.select_for_update().get(pk=deadline_id)
    task = Task.objects.select_related("deployment", "unit").get(pk=task.pk)
    if deadline.state != Deadline.State.OPEN:
        return
    now = incident.status == Status.RESPONDING and task.response_no == incident.response_no
    runs = now or task.phase == AFTERCARE and incident.is_open
    out = task.phase != "response" or task.deployment is None or task.deployment.status != DeploymentStatus.RELEASED
    settled = task.status in (TaskStatus.RELEASED, TaskStatus.HANDED)
    left = incident.places.filter(county=task.unit_id, left_at__isnull=False).exists()
    gone = left and task.unit is not None and task.bearer == task.unit.name  # a group goes on under another lead
    again = runs and out and not settled and not gone and task.due_at is not None
    deadline.state, deadline.settled_at = (Deadline.State.FIRED if again else Deadline.State.MET), at
    changes = record.Changes()
    changes.update(deadline, "state", "settled_at")
    payload = {"task": task.pk, "what": task.text, "bearer": task.bearer, "cite": task.cite, "again": bool(again)}
    if again and task.due_at is not None:
        due, steps = rhythms.next_after(task.due_at, task.every, at)
        fresh = Task(
            incident=incident,
            **{name: getattr(task, name) for name in SAME},
            occurrence=task.occurrence + steps,
            due_at=due,
            assigned_at=at,
        )
        deployments.begin_rhythms([changes.create(fresh)], changes)
        if left:
            deployments.pass_on_locked([fresh], changes)
        payload |= {"occurrence": fresh.occurrence, "due_at": record.spell(due)}
    record.append(incident, "task.recurred", changes, actor=SYSTEM, at=at, payload=payload)


SAME = (
    "deployment",
    "item",
    "response_no",
    "unit",
    "position",
    "bearer",
    "text",
    "cite",
    "phase",
    "mood",
    "every",
)


@transaction.atomic(durable=True)
def accept(task_id: int, *, actor: Actor, at: datetime) -> Task:
    """Take a task. Raises NotAuthorised, Conflict, TransitionNotAllowed. Source: the task's own clause."""
    return _act(task_id, "task.accepted", Task.accept, "", actor=actor, at=at, needs_words=False)


@transaction.atomic(durable=True)
def report(task_id: int, text: str, *, actor: Actor, at: datetime) -> Task:
    """Say how a task stands. Raises NotAuthorised, Conflict, BadInput."""
    return _act(task_id, "task.reported", None, text, actor=actor, at=at, needs_words=True)


@transaction.atomic(durable=True)
def finish(task_id: int, text: str, *, actor: Actor, at: datetime) -> Task:
    """Finish a task, with or without words. Raises NotAuthorised, Conflict."""
    return _act(task_id, "task.done", Task.finish, text, actor=actor, at=at, needs_words=False)


@transaction.atomic(durable=True)
def decline(task_id: int, text: str, *, actor: Actor, at: datetime) -> Task:
    """Say that a task cannot be done, and why. Raises NotAuthorised, Conflict, BadInput."""
    return _act(task_id, "task.cannot", Task.decline, text, actor=actor, at=at, needs_words=True)
