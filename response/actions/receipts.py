"""Receipts of notices, and what happens when they do not come."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from response import authority, chain, locks
from response.facts import document_of
from response.models import Incident, LevelDecision
from response.models.incidents import Status
from shuozhou_ops.accounts.models import Position
from shuozhou_ops.deadlines.models import Deadline
from shuozhou_ops.errors import Conflict
from shuozhou_ops.journal import record
from shuozhou_ops.journal.actors import SYSTEM, Actor
from shuozhou_ops.notices.models import Notice

from .people import user_of


@transaction.atomic(durable=True)
def acknowledge(notice_id: int, *, actor: Actor, at: datetime) -> Notice:
    """Acknowledge a notice for one's unit or post; a second time changes nothing. Raises NotAuthorised."""
    stream = Notice.objects.values_list("stream", flat=True).get(pk=notice_id)
    public_id = stream.partition("/")[2]
    incident = locks.incident(Incident.objects.values_list("pk", flat=True).get(public_id=public_id))
    notice = Notice.objects.select_for_update(of=("self",)).select_related("unit", "position").get(pk=notice_id)
    authority.require(authority.acknowledge(notice, actor))
    if notice.received_at is not None:
        raise Conflict("already_received", _("这份通知已经签收。"))
    notice.received_at, notice.received_by = at, user_of(actor)
    changes = record.Changes()
    changes.update(notice, "received_at", "received_by")
    payload = {"recipient": str(notice.unit or notice.position), "title": notice.title}
    record.append(incident, "notice.received", changes, actor=actor, at=at, payload=payload)
    return notice


@transaction.atomic(durable=True)
def fall_due(deadline_id: int, at: datetime) -> None:
    """Receipts have come due: tell the office who has not answered. Dealt with twice, it changes nothing.

    Source: ours; no plan gives a figure for receipts (interpretation 20).
    """
    subject = Deadline.objects.values_list("subject", flat=True).get(pk=deadline_id)
    decision_id = int(subject.partition("/")[2])
    incident = locks.incident(LevelDecision.objects.values_list("incident_id", flat=True).get(pk=decision_id))
    deadline = Deadline.objects.select_for_update().get(pk=deadline_id)
    if deadline.state != Deadline.State.OPEN:
        return
    silent = Notice.objects.filter(
        stream=incident.stream, subject=subject, needs_receipt=True, received_at__isnull=True
    ).select_related("unit", "position")
    names = [str(notice.unit or notice.position) for notice in silent]
    changes = record.Changes()
    told = LevelDecision.objects.values_list("settled_at", flat=True).get(pk=decision_id)
    now = incident.started_at is None or told is None or told >= incident.started_at  # of the present response
    late = bool(names) and incident.status == Status.RESPONDING and now
    deadline.state = Deadline.State.FIRED if late else Deadline.State.MET
    deadline.settled_at = at
    changes.update(deadline, "state", "settled_at")
    if late:
        _remind(incident, subject, names, changes, at)
    verb = "receipt.overdue" if late else "receipt.complete"
    record.append(incident, verb, changes, actor=SYSTEM, at=at, payload={"silent": names})


def _remind(incident: Incident, subject: str, names: list[str], changes: record.Changes, at: datetime) -> None:
    office = chain.office_posts(document_of(incident))
    changes.create_all(
        Notice,
        [
            Notice(
                stream=incident.stream,
                subject=subject,
                kind=Notice.Kind.REMINDER,
                position=position,
                title=incident.headline(f"{len(names)} 个单位尚未签收"),
                body="、".join(names),
                sent_at=at,
                needs_receipt=True,
            )
            for position in Position.objects.filter(key__in=office)
        ],
    )
