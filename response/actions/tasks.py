"""A unit's work on a task: take it, report, finish, or say why it cannot be done."""

from collections.abc import Callable
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from response import authority, chain, locks
from response.facts import document_of
from response.models import DeploymentSeat, Incident, Task, TaskReport
from response.models.tasks import TaskStatus
from shuozhou_ops import words
from shuozhou_ops.accounts.models import Position, User
from shuozhou_ops.errors import BadInput, Conflict, FieldError
from shuozhou_ops.journal import record
from shuozhou_ops.journal.actors import Actor
from shuozhou_ops.notices.models import Notice

from .people import user_of


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
    leads = DeploymentSeat.objects.filter(deployment=task.deployment, role=DeploymentSeat.Role.LEAD)
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
