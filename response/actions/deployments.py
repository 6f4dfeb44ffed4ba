"""Calling and releasing what a level sets going: private steps of a decision, on a locked incident."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Q

from plans.labels import level_name
from response.activation import Activation, Called, Order, still_asked, what_starts
from response.bearers import Bearer, County, Ground, bearers
from response.facts import document_of
from response.models import Deployment, DeploymentSeat, Incident, LevelDecision, Task
from response.models.decisions import DecisionKind
from response.models.deployments import DeploymentStatus
from response.models.tasks import OPEN_TASKS, TaskStatus
from shuozhou_ops import words
from shuozhou_ops.accounts.models import Organisation, Position
from shuozhou_ops.deadlines.models import Deadline
from shuozhou_ops.journal import record
from shuozhou_ops.notices.models import Notice

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


class Directory:
    """Every unit and post by key: two queries, whatever the plan."""

    def __init__(self) -> None:
        self.units = {unit.key: unit for unit in Organisation.objects.all()}
        self.posts = {post.key: post for post in Position.objects.select_related("organisation")}

    def unit(self, bearer: Bearer) -> Organisation | None:
        """The unit behind a bearer, by its key or its post's."""
        post = self.posts.get(bearer.post or "")
        return self.units.get(bearer.unit or "") or (post.organisation if post else None)

    def post(self, bearer: Bearer) -> Position | None:
        """The post behind a bearer."""
        return self.posts.get(bearer.post or "")


def ground_of(incident: Incident, units: Iterable[Organisation]) -> Ground:
    """Where the incident is, one query."""
    every = tuple(County(unit.key, unit.name) for unit in units if unit.is_county)
    affected = set(incident.places.values_list("county__key", flat=True))
    return Ground(tuple(county for county in every if county.key in affected), every)


def apply_locked(
    incident: Incident, decision: LevelDecision, level: int, changes: record.Changes, at: datetime
) -> Deployed:
    """Bring what is deployed to what this level asks: add what is missing, release what only a higher level asked.

    A raise only adds; a lowering releases (the issue of the plan's 5.3 and 5.5).
    """
    directory = Directory()
    document, ground = document_of(incident), ground_of(incident, directory.units.values())
    wanted = what_starts(document, level, ground)
    done = Deployed()
    open_now = {
        (item.kind, item.key): item
        for item in incident.deployments.exclude(status=DeploymentStatus.RELEASED).order_by("pk")
    }
    if incident.level is not None and level > incident.level:
        called, keep = still_asked(document, level, ground)
        _release(incident, [item for key, item in open_now.items() if key not in called], keep, changes, at, done)
    fresh = [item for item in wanted.called if (item.kind, item.key) not in open_now]
    open_now |= _call(incident, fresh, directory, changes, at)
    done.called = [item.name for item in fresh]
    _give(incident, wanted.orders, open_now, directory, changes, at, done)
    _tell(incident, decision, level, wanted, directory, changes, at, done)
    return done


def _release(
    incident: Incident,
    deployments: list[Deployment],
    keep: set[str],
    changes: record.Changes,
    at: datetime,
    done: Deployed,
) -> None:
    for deployment in deployments:
        deployment.release()
        deployment.released_at = at
    changes.update_all(deployments, "status", "released_at")
    done.released = [deployment.name for deployment in deployments]
    tasks = incident.tasks.filter(status__in=OPEN_TASKS, phase="response")
    done.tasks_released = release_tasks(
        [task for task in tasks if task.item not in keep or task.deployment in deployments], changes, at
    )


def release_tasks(tasks: list[Task], changes: record.Changes, at: datetime) -> int:
    """Release these open tasks; how many."""
    for task in tasks:
        task.release()
        task.settled_at = at
    changes.update_all(tasks, "status", "settled_at")
    return len(tasks)


def release_all(incident: Incident, changes: record.Changes, at: datetime) -> Deployed:
    """Release everything that is deployed, at an end. Open tasks are released with it."""
    done = Deployed()
    deployments = list(incident.deployments.exclude(status=DeploymentStatus.RELEASED))
    for deployment in deployments:
        deployment.release()
        deployment.released_at = at
    changes.update_all(deployments, "status", "released_at")
    done.released = [deployment.name for deployment in deployments]
    done.tasks_released = release_tasks(list(incident.tasks.filter(status__in=OPEN_TASKS)), changes, at)
    return done


def _call(
    incident: Incident, wanted: list[Called], directory: Directory, changes: record.Changes, at: datetime
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
                unit=directory.unit(seat.bearer),
                position=directory.post(seat.bearer),
            )
            for item in wanted
            for seat in item.seats
        ],
    )
    return made


def _give(
    incident: Incident,
    orders: tuple[Order, ...],
    deployments: dict[tuple[str, str], Deployment],
    directory: Directory,
    changes: record.Changes,
    at: datetime,
    done: Deployed,
) -> None:
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
            unit=directory.unit(order.bearer),
            position=directory.post(order.bearer),
            bearer=order.bearer.name,
            text=order.text,
            cite=order.cite,
            phase=order.phase,
            mood=order.mood,
            assigned_at=at,
        )
    changes.create_all(Task, rows.values())
    done.tasks = len(rows)


def _tell(
    incident: Incident,
    decision: LevelDecision,
    level: int,
    wanted: Activation,
    directory: Directory,
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
        if unit in directory.units:
            rows.append(
                Notice(
                    stream=incident.stream,
                    subject=record.thing(decision),
                    kind=kind,
                    unit=directory.units[unit],
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
    document = document_of(incident)
    directory = Directory()
    ground = ground_of(incident, directory.units.values())
    rows: dict[tuple[str, str], Task] = {}
    for place, duty in enumerate(document.aftercare.duties):
        for bearer in bearers(duty.who, document, ground) or (Bearer(duty.who.name),):
            rows.setdefault(
                (f"aftercare/{place}", bearer.name),
                Task(
                    incident=incident,
                    item=f"aftercare/{place}",
                    unit=directory.unit(bearer),
                    position=directory.post(bearer),
                    bearer=bearer.name,
                    text=duty.text,
                    cite=duty.cite,
                    phase="aftercare",
                    assigned_at=at,
                ),
            )
    changes.create_all(Task, rows.values())
    return len(rows)
