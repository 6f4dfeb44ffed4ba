"""Calling and releasing what a level sets going: private steps of a decision, on a locked incident."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Q, QuerySet

from plans import rhythms
from plans.labels import level_name
from response.activation import (
    Activation,
    Called,
    Order,
    aftercare_orders,
    checklist_orders,
    commanded,
    members_of,
    own,
    still_asked,
    what_starts,
)
from response.bearers import Ground
from response.chain import ladder
from response.facts import document_of
from response.models import Deployment, DeploymentSeat, Incident, LevelDecision, Task
from response.models.decisions import DecisionKind
from response.models.deployments import DeploymentStatus
from response.models.tasks import OPEN_TASKS, TaskStatus
from response.telling import still_told, told_since
from shuozhou_ops import words
from shuozhou_ops.accounts.models import Organisation
from shuozhou_ops.deadlines.models import Deadline
from shuozhou_ops.journal import record
from shuozhou_ops.notices.models import Notice

from .roster import Roster
from .settling import AFTERCARE, Settle, settle_locked

RECEIPT = "receipt"
AGAIN = "again"


@dataclass
class Deployed:
    """What a decision set going or released, for the entry and the page."""

    called: list[str] = field(default_factory=list)
    released: list[str] = field(default_factory=list)
    tasks: int = 0
    tasks_released: int = 0
    told: int = 0
    informed: int = 0
    fates: dict[str, Any] = field(default_factory=dict)  # what became of the open tasks, at an end


def apply_locked(
    incident: Incident, decision: LevelDecision, level: int, changes: record.Changes, at: datetime
) -> Deployed:
    """Bring what is deployed to what this level asks: add what is missing, release what only a higher level asked.

    A raise only adds, and whoever was told stays told; a lowering releases (the issue of the plan's 5.3 and 5.5).
    Where the plan leaves it to ticks, the decision keeps which members it told.
    """
    roster = Roster()
    document, ground = document_of(incident), roster.ground_of(incident)
    lowering = incident.level is not None and level > incident.level
    before = still_told(_notices(incident))
    wanted = what_starts(document, level, ground, ticked=decision.ticked, stay=() if lowering else before)
    done = Deployed()
    open_now = {(item.kind, item.key): item for item in _open_deployments(incident)}
    if lowering:
        called, keep = still_asked(document, level, ground, ticked=decision.ticked)
        stays = commanded(document, level)
        gone = [item for key, item in open_now.items() if key not in called and not (stays and own(item.key))]
        open_tasks = incident.tasks.filter(status__in=OPEN_TASKS, phase="response")
        dropped = [task for task in open_tasks if task.deployment in gone or not (own(task.item) or task.item in keep)]
        _release(gone, dropped, changes, at, done)
    fresh = [item for item in wanted.called if (item.kind, item.key) not in open_now]
    open_now |= _call(incident, fresh, roster, changes, at)
    done.called = [item.name for item in fresh]
    done.tasks = _give(incident, wanted.orders, open_now, roster, changes, at)
    if document.level(level).tells == "ticked":
        decision.ticked = [unit for unit in members_of(document) if unit in wanted.told]
        changes.update(decision, "ticked")
    _tell(incident, decision, level, wanted, before, roster, changes, at, done)
    return done


def release_all(incident: Incident, settle: Settle, changes: record.Changes, at: datetime) -> Deployed:
    """Release everything that is deployed, at an end, and settle the open tasks as is said. Raises BadInput."""
    done = Deployed()
    came = settle_locked(incident, settle, changes, at)
    _release(list(_open_deployments(incident)), [], changes, at, done)
    done.tasks_released, done.fates = len(came.dropped), came.told()
    return done


def grow_locked(
    incident: Incident, was: Ground, decision: LevelDecision, what: str, changes: record.Changes, at: datetime
) -> Deployed:
    """Bring what new ground asks at the level in force, and nothing that the old ground asked already.

    was: the ground before. decision: the one that put the incident on its level. what: the title of the notices.
    What the commander took away stays away; whatever was nobody's while no county was known falls to the county.
    """
    roster, document, level = Roster(), document_of(incident), decision.target_level
    before = still_told(_notices(incident))
    old, new = (
        what_starts(document, level, ground, ticked=decision.ticked, stay=before)
        for ground in (was, roster.ground_of(incident))
    )
    open_now = {(item.kind, item.key): item for item in _open_deployments(incident)}
    there = {seat for item in old.called for seat in ((item.kind, item.key, seat) for seat in item.seats)}
    fresh = [
        replace(item, seats=tuple(seat for seat in item.seats if (item.kind, item.key, seat) not in there))
        for item in new.called
        if (item.kind, item.key) in open_now
    ]
    _seat(fresh, open_now, roster, changes)
    known = {(order.item, order.bearer.name) for order in old.orders}
    wanted = {(order.item, order.bearer.name) for order in new.orders}
    nobodys = incident.tasks.filter(status__in=OPEN_TASKS, unit=None, position=None)
    done = Deployed()
    _release([], [task for task in nobodys if (task.item, task.bearer) in known - wanted], changes, at, done)
    orders = [order for order in new.orders if (order.item, order.bearer.name) not in known]
    done.tasks = _give(incident, [o for o in orders if not o.to or o.to in open_now], open_now, roster, changes, at)
    led = [item for (kind, _key), item in open_now.items() if kind == Deployment.Kind.GROUP]
    pass_on_locked(list(nobodys.filter(deployment__in=led)), changes)
    done.told = tell_units(incident, [unit for unit in new.told if unit not in before], what, decision, changes, at)
    return done


def pass_on_locked(tasks: list[Task], changes: record.Changes) -> None:
    """Give the open tasks of groups to those who lead them now: the first lead's unit and post, or nobody's."""
    leads: dict[int | None, DeploymentSeat] = {}
    rows = DeploymentSeat.objects.filter(
        deployment__in={task.deployment_id for task in tasks}, role=DeploymentSeat.Role.LEAD, left_at=None
    )
    for seat in rows.select_related("unit", "position"):
        leads.setdefault(seat.deployment_id, seat)
    for task in tasks:
        lead = leads.get(task.deployment_id)
        task.unit, task.position = (lead.unit, lead.position) if lead else (None, None)
    changes.update_all(tasks, "unit", "position")


def tell_units(
    incident: Incident,
    units: Iterable[str],
    what: str,
    decision: LevelDecision | None,
    changes: record.Changes,
    at: datetime,
    *,
    kind: str = Notice.Kind.ACTIVATION,
) -> int:
    """One notice with a receipt to each of these units, by key, under the decision in force; how many.

    Where the receipts of that decision wait no longer, they wait again.
    """
    subject = record.thing(decision) if decision else ""
    rows = [
        Notice(
            stream=incident.stream,
            subject=subject,
            kind=kind,
            unit=unit,
            title=incident.headline(what),
            cite=document_of(incident).level(decision.target_level).cite if decision else "",
            sent_at=at,
        )
        for unit in Organisation.objects.filter(key__in=list(units))
    ]
    changes.create_all(Notice, rows)
    waits = Deadline.objects.filter(kind=RECEIPT, subject=subject, state=Deadline.State.OPEN)
    if rows and decision and not incident.replay_of and not waits.exists():
        due = at + timedelta(minutes=settings.RECEIPT_WITHIN_MINUTES)
        changes.create(Deadline(kind=RECEIPT, subject=subject, due_at=due))
    return len(rows)


def call_locked(
    incident: Incident, called: Called, orders: Iterable[Order], changes: record.Changes, at: datetime
) -> tuple[Deployment, int]:
    """Call one group with its tasks; the group and how many tasks."""
    roster = Roster()
    made = _call(incident, [called], roster, changes, at)
    return made[called.kind, called.key], _give(incident, orders, made, roster, changes, at)


def release_locked(deployments: list[Deployment], tasks: list[Task], changes: record.Changes, at: datetime) -> Deployed:
    """Release these deployments and open tasks."""
    done = Deployed()
    _release(deployments, tasks, changes, at, done)
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
    _seat(wanted, made, roster, changes)
    return made


def _seat(
    wanted: list[Called], there: dict[tuple[str, str], Deployment], roster: Roster, changes: record.Changes
) -> None:
    changes.create_all(
        DeploymentSeat,
        [
            DeploymentSeat(
                deployment=there[item.kind, item.key],
                role=seat.role,
                name=seat.bearer.name,
                unit=roster.unit(seat.bearer),
                position=roster.post(seat.bearer),
            )
            for item in wanted
            for seat in item.seats
        ],
    )


def _give(
    incident: Incident,
    orders: Iterable[Order],
    deployments: dict[tuple[str, str], Deployment],
    roster: Roster,
    changes: record.Changes,
    at: datetime,
) -> int:
    """Give the tasks that were not given yet in this response; how many. Open after-care of another one goes on."""
    going_on = Q(phase=AFTERCARE, status__in=OPEN_TASKS)
    standing = incident.tasks.filter(Q(response_no=incident.response_no) | going_on).exclude(status=TaskStatus.RELEASED)
    standing = standing.exclude(~Q(every=""), due_at__lte=at, status=TaskStatus.DONE)  # a past time of a rhythm
    given = set(standing.values_list("item", "bearer"))
    orders = list(orders)
    times = _times(incident) if any(order.every for order in orders) else {}
    rows: dict[tuple[str, str], Task] = {}
    for order in orders:
        key = (order.item, order.bearer.name)
        if key in given or key in rows:
            continue
        rows[key] = Task(
            incident=incident,
            deployment=deployments.get(order.to) if order.to else None,
            item=order.item,
            response_no=incident.response_no,
            unit=roster.unit(order.bearer),
            position=roster.post(order.bearer),
            bearer=order.bearer.name,
            text=order.text,
            cite=order.cite,
            phase=order.phase,
            mood=order.mood,
            every=order.every,
            occurrence=times.get(key, 0) + 1,
            due_at=rhythms.next_after(at, order.every, at)[0] if order.every else None,
            assigned_at=at,
        )
    begin_rhythms(changes.create_all(Task, rows.values()), changes)
    return len(rows)


def _times(incident: Incident) -> dict[tuple[str, str], int]:
    """How often each task with a rhythm was given so far in this response, by item and bearer."""
    rows = incident.tasks.filter(response_no=incident.response_no).exclude(every="").order_by("occurrence")
    return {(item, bearer): occurrence for item, bearer, occurrence in rows.values_list("item", "bearer", "occurrence")}


def begin_rhythms(tasks: Iterable[Task], changes: record.Changes) -> None:
    """Keep for each task with a rhythm the deadline at which it is given again."""
    again = [
        Deadline(kind=AGAIN, subject=record.thing(task), due_at=task.due_at)
        for task in tasks
        if task.every and task.due_at
    ]
    changes.create_all(Deadline, again)


def assign_checklist(
    incident: Incident, places: Iterable[int], changes: record.Changes, at: datetime
) -> tuple[int, list[Order]]:
    """Give the lines of the plan's checklist to those it names, once each; how many tasks, and all that was asked."""
    roster, document = Roster(), document_of(incident)
    ground = roster.ground_of(incident)
    orders = [order for place in places for order in checklist_orders(document, place, ground)]
    standing = {(item.kind, item.key): item for item in _open_deployments(incident)}
    return _give(incident, orders, standing, roster, changes, at), orders


def _notices(incident: Incident) -> QuerySet[Notice]:
    return Notice.objects.filter(stream=incident.stream).select_related("unit").order_by("pk")


def _tell(
    incident: Incident,
    decision: LevelDecision,
    level: int,
    wanted: Activation,
    before: frozenset[str],
    roster: Roster,
    changes: record.Changes,
    at: datetime,
    done: Deployed,
) -> None:
    """One notice a unit: those who act acknowledge it, the other members get an information copy.

    Posts that no unit stands behind acknowledge too, but those that the chain itself tells.
    """
    document = document_of(incident)
    released = sorted(before - set(wanted.told)) if decision.kind == DecisionKind.LOWER else []
    kinds = {unit: Notice.Kind.CHANGE if unit in before else Notice.Kind.ACTIVATION for unit in wanted.told}
    kinds |= dict.fromkeys(wanted.informed, Notice.Kind.INFORMATION) | dict.fromkeys(released, Notice.Kind.RELEASE)
    posts = sorted(wanted.posts.difference(*ladder(document)))
    recipients = [
        *({"kind": kind, "unit": roster.units[unit]} for unit, kind in kinds.items() if unit in roster.units),
        *({"kind": Notice.Kind.ACTIVATION, "position": roster.posts[post]} for post in posts if post in roster.posts),
    ]
    what = f"{words.official(DecisionKind(decision.kind).label)}{level_name(level)}"
    rows = [
        Notice(
            stream=incident.stream,
            subject=record.thing(decision),
            title=incident.headline(what),
            cite=document.level(level).cite,
            sent_at=at,
            needs_receipt=whom["kind"] != Notice.Kind.INFORMATION,
            **whom,
        )
        for whom in recipients
    ]
    changes.create_all(Notice, rows)
    units = [row for row in rows if row.unit_id]
    done.told = sum(row.needs_receipt for row in units)
    done.informed = len(units) - done.told
    if done.told and not incident.replay_of:
        due = at + timedelta(minutes=settings.RECEIPT_WITHIN_MINUTES)
        changes.create(Deadline(kind=RECEIPT, subject=record.thing(decision), due_at=due))


def give_aftercare(incident: Incident, changes: record.Changes, at: datetime) -> int:
    """Give what there is to do after the end to who took part in this response; how many tasks.

    Source: after-care (`duties`), and the duties of that phase of groups and members.
    """
    assert incident.started_at is not None  # a response runs until this very act
    roster = Roster()
    groups = {(item.kind, item.key): item for item in incident.deployments.filter(called_at__gte=incident.started_at)}
    orders = aftercare_orders(
        document_of(incident),
        roster.ground_of(incident),
        groups={key for kind, key in groups if kind == Deployment.Kind.GROUP},
        told=told_since(_notices(incident), incident.started_at),
    )
    return _give(incident, orders, groups, roster, changes, at)
