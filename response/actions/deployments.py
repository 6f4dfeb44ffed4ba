"""Calling and releasing what a level sets going: private steps of a decision, on a locked incident."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Q, QuerySet

from plans.labels import level_name
from response.activation import Activation, Called, Order, aftercare_orders, still_asked, what_starts
from response.facts import document_of
from response.models import Deployment, DeploymentSeat, Incident, LevelDecision, Task
from response.models.decisions import DecisionKind
from response.models.deployments import DeploymentStatus
from response.models.tasks import OPEN_TASKS, TaskStatus
from shuozhou_ops import words
from shuozhou_ops.deadlines.models import Deadline
from shuozhou_ops.journal import record
from shuozhou_ops.notices.models import Notice

from .roster import Roster

RECEIPT = "receipt"


@dataclass
class Deployed:
    """What a decision set going or released, for the entry and the page."""

    called: list[str] = field(default_factory=list)
    released: list[str] = field(default_factory=list)
    tasks: int = 0
    tasks_released: int = 0
    told: int = 0
    informed: int = 0


def apply_locked(
    incident: Incident, decision: LevelDecision, level: int, changes: record.Changes, at: datetime
) -> Deployed:
    """Bring what is deployed to what this level asks: add what is missing, release what only a higher level asked.

    A raise only adds; a lowering releases (the issue of the plan's 5.3 and 5.5).
    """
    roster = Roster()
    document, ground = document_of(incident), roster.ground_of(incident)
    wanted = what_starts(document, level, ground)
    done = Deployed()
    open_now = {(item.kind, item.key): item for item in _open_deployments(incident)}
    if incident.level is not None and level > incident.level:
        called, keep = still_asked(document, level, ground)
        gone = [item for key, item in open_now.items() if key not in called]
        open_tasks = incident.tasks.filter(status__in=OPEN_TASKS, phase="response")
        dropped = [task for task in open_tasks if task.item not in keep or task.deployment in gone]
        _release(gone, dropped, changes, at, done)
    fresh = [item for item in wanted.called if (item.kind, item.key) not in open_now]
    open_now |= _call(incident, fresh, roster, changes, at)
    done.called = [item.name for item in fresh]
    done.tasks = _give(incident, wanted.orders, open_now, roster, changes, at)
    _tell(incident, decision, level, wanted, roster, changes, at, done)
    return done


def release_all(incident: Incident, changes: record.Changes, at: datetime) -> Deployed:
    """Release everything that is deployed, at an end. Open tasks are released with it."""
    done = Deployed()
    _release(list(_open_deployments(incident)), list(incident.tasks.filter(status__in=OPEN_TASKS)), changes, at, done)
    return done


def _open_deployments(incident: Incident) -> QuerySet[Deployment]:
    return incident.deployments.exclude(status=DeploymentStatus.RELEASED).order_by("pk")


def _release(
    deployments: list[Deployment], tasks: list[Task], changes: record.Changes, at: datetime, done: Deployed
) -> None:
    """Release these deployments and open tasks."""
    for deployment in deployments:
        deployment.release()
        deployment.released_at = at
    changes.update_all(deployments, "status", "released_at")
    for task in tasks:
        task.release()
        task.settled_at = at
    changes.update_all(tasks, "status", "settled_at")
    done.released = [deployment.name for deployment in deployments]
    done.tasks_released = len(tasks)


def _call(
    incident: Incident, wanted: list[Called], roster: Roster, changes: record.Changes, at: datetime
) -> dict[tuple[str, str], Deployment]:
    rows = changes.create_all(
        Deployment,
        [
            Deployment(incident=incident, kind=item.kind, key=item.key, name=item.name, cite=item.cite, called_at=at)
            for item in wanted
        ],
    )
    made = {(row.kind, row.key): row for row in rows}
    changes.create_all(
        DeploymentSeat,
        [
            DeploymentSeat(
                deployment=made[item.kind, item.key],
                role=seat.role,
                name=seat.bearer.name,
                unit=roster.unit(seat.bearer),
                position=roster.post(seat.bearer),
            )
            for item in wanted
            for seat in item.seats
        ],
    )
    return made


def _give(
    incident: Incident,
    orders: Iterable[Order],
    deployments: dict[tuple[str, str], Deployment],
    roster: Roster,
    changes: record.Changes,
    at: datetime,
) -> int:
    """Give the tasks that were not given yet; how many."""
    given = set(incident.tasks.filter(~Q(status=TaskStatus.RELEASED)).values_list("item", "bearer"))
    rows: dict[tuple[str, str], Task] = {}
    for order in orders:
        key = (order.item, order.bearer.name)
        if key in given or key in rows:
            continue
        rows[key] = Task(
            incident=incident,
            deployment=deployments.get(order.to) if order.to else None,
            item=order.item,
            unit=roster.unit(order.bearer),
            position=roster.post(order.bearer),
            bearer=order.bearer.name,
            text=order.text,
            cite=order.cite,
            phase=order.phase,
            mood=order.mood,
            assigned_at=at,
        )
    changes.create_all(Task, rows.values())
    return len(rows)


def _tell(
    incident: Incident,
    decision: LevelDecision,
    level: int,
    wanted: Activation,
    roster: Roster,
    changes: record.Changes,
    at: datetime,
    done: Deployed,
) -> None:
    """One notice a unit: those who act acknowledge it, the other members get an information copy."""
    cite = document_of(incident).level(level).cite
    before = set(
        Notice.objects.filter(stream=incident.stream, unit__isnull=False, needs_receipt=True).values_list(
            "unit__key", flat=True
        )
    )
    released = sorted(before - set(wanted.told)) if decision.kind == "lower" else []
    rows = []
    for unit, needs_receipt in [
        *((unit, True) for unit in wanted.told),
        *((unit, False) for unit in wanted.informed if unit not in released),
        *((unit, True) for unit in released),
    ]:
        kind = Notice.Kind.INFORMATION
        if needs_receipt:
            kind = Notice.Kind.CHANGE if unit in before else Notice.Kind.ACTIVATION
            kind = Notice.Kind.RELEASE if unit in released else kind
        if unit in roster.units:
            rows.append(
                Notice(
                    stream=incident.stream,
                    subject=record.thing(decision),
                    kind=kind,
                    unit=roster.units[unit],
                    title=incident.headline(f"{words.official(DecisionKind(decision.kind).label)}{level_name(level)}"),
                    cite=cite,
                    sent_at=at,
                    needs_receipt=needs_receipt,
                )
            )
    changes.create_all(Notice, rows)
    done.told = sum(row.needs_receipt for row in rows)
    done.informed = len(rows) - done.told
    if done.told and not incident.replay_of:
        due = at + timedelta(minutes=settings.RECEIPT_WITHIN_MINUTES)
        changes.create(Deadline(kind=RECEIPT, subject=record.thing(decision), due_at=due))


def give_aftercare(incident: Incident, changes: record.Changes, at: datetime) -> int:
    """Give the duties the plan sets for after the end, each to its bearer; how many. Source: after-care (`duties`)."""
    roster = Roster()
    orders = aftercare_orders(document_of(incident), roster.ground_of(incident))
    return _give(incident, orders, {}, roster, changes, at)
