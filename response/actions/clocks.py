"""The sweep's part: a clock has reached what a clause asks for."""

from datetime import datetime

from django.db import transaction

from response import locks
from shuozhou_ops.deadlines.models import Deadline
from shuozhou_ops.journal import record
from shuozhou_ops.journal.actors import SYSTEM

from .suggestions import reassess_locked


@transaction.atomic(durable=True)
def come_due(deadline_id: int, at: datetime) -> None:
    """Judge the incident anew at the moment its clocks change a clause. Dealt with twice, it changes nothing.

    Source: interpretation 7 (a level may be reached with no new report).
    """
    subject = Deadline.objects.values_list("subject", flat=True).get(pk=deadline_id)
    incident = locks.incident(int(subject.partition("/")[2]))
    deadline = Deadline.objects.select_for_update().get(pk=deadline_id)
    if deadline.state != Deadline.State.OPEN or deadline.due_at > at:
        return
    deadline.state, deadline.settled_at = Deadline.State.FIRED, at
    changes = record.Changes()
    changes.update(deadline, "state", "settled_at")
    standing, answer = reassess_locked(incident, changes, at)
    hours = {name: round(standing.values[name], 2) for name, clock in standing.clocks.items() if clock.since}
    payload = {"facts": hours, "level": answer.level, "grade": answer.grade}
    record.append(incident, "fact.elapsed", changes, actor=SYSTEM, at=at, payload=payload)
