"""What has been sent out: headquarters, groups and teams with their people, tasks and receipts."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from plans.words import every
from response import authority
from response.actions.settling import AFTERCARE
from response.actions.teams import takes_seats
from response.activation import group_of
from response.forms.acts import ChecklistForm, SeatForm
from response.forms.command import StandForm
from response.models import Deployment, DeploymentSeat, Task
from response.models.deployments import DeploymentStatus
from response.models.incidents import Status
from response.models.tasks import TaskStatus
from shuozhou_ops.journal import record
from shuozhou_ops.notices.models import Notice

from .case import Case, mask, seat_post
from .offers import Attempt, Offer, of_deployment, of_incident, offer

EARLIER = gettext_lazy("此前响应的任务")
VERBS = {  # what its bearer may do with a task in each state
    TaskStatus.ASSIGNED: ("accept", "report", "finish", "decline"),
    TaskStatus.ACCEPTED: ("report", "finish", "decline"),
    TaskStatus.CANNOT: ("report", "finish"),
}


@dataclass(frozen=True)
class SeatLine:
    """One seat: the name the plan prints, and who is behind it now."""

    name: str
    holder: str


@dataclass(frozen=True)
class TaskLine:
    """One task. `silent_since`: its unit has not acknowledged since then; `late`: past what was asked."""

    task: Task
    verbs: tuple[str, ...] = ()
    silent_since: datetime | None = None
    late: bool = False

    @property
    def subject(self) -> str:
        """The name under which a refusal speaks of it."""
        return record.thing(self.task)


@dataclass
class Unit:
    """One deployment, or one list of tasks that no deployment does."""

    name: str
    cite: str = ""
    status: str = ""
    called_at: datetime | None = None
    standing_at: datetime | None = None
    leads: list[SeatLine] = field(default_factory=list)
    deputies: list[SeatLine] = field(default_factory=list)
    members: list[SeatLine] = field(default_factory=list)
    tasks: list[TaskLine] = field(default_factory=list)
    mine: bool = False
    deployment: Deployment | None = None
    naming: Offer | None = None  # naming who leads, where nobody does yet
    stand: Offer | None = None  # confirming that it stands
    instead_of: str = ""  # the leads that the plan names, where others lead
    parts: list["Unit"] = field(default_factory=list)  # the same tasks by bearer, where several bear them

    @property
    def done(self) -> int:
        """How many tasks are done."""
        return sum(line.task.status == TaskStatus.DONE for line in self.tasks)

    @property
    def counted(self) -> int:
        """How many tasks there are but for those released or handed over."""
        return sum(_counts(line.task) for line in self.tasks)

    @property
    def waiting(self) -> int:
        """How many tasks nobody has taken."""
        return sum(line.task.status == TaskStatus.ASSIGNED for line in self.tasks)

    @property
    def stuck(self) -> int:
        """How many tasks cannot be done."""
        return sum(line.task.status == TaskStatus.CANNOT for line in self.tasks)

    @property
    def late(self) -> int:
        """How many tasks are late."""
        return sum(line.late for line in self.tasks)

    @property
    def open(self) -> bool:
        """Whether it shows unfolded: where something cannot be done, or it is the reader's own."""
        refused = any(item.refusal for item in (self.naming, self.stand) if item)
        return self.mine or bool(self.stuck) or refused


@dataclass(frozen=True)
class Receipt:
    """One notice that must be acknowledged. `times`: how many of theirs wait, this the oldest."""

    notice: Notice
    to: str
    late: bool
    times: int = 1


@dataclass
class Deployed:
    """The middle column of the page."""

    standing: list[Unit]
    loose: list[Unit]
    released: list[Unit]
    mine: list[TaskLine]
    mine_at_once: int  # how many of them show without unfolding
    silent: list[Receipt]
    received: list[Receipt]
    copies: list[Notice]  # what was told without a receipt, newest first: to anyone, or to whoever looks
    checklist: Offer | None
    total: int
    done: int
    open: int


def of_case(case: Case, attempt: Attempt | None = None) -> Deployed:
    """Deployments, tasks and receipts of the page. No query."""
    silent = [_receipt(case, item) for item in case.notices if item.needs_receipt and item.received_at is None]
    waits: dict[int | None, Receipt] = {item.notice.unit_id: item for item in reversed(silent) if item.notice.unit_id}
    lines = [_line(case, task, waits) for task in case.tasks]
    by_deployment: dict[int | None, list[TaskLine]] = {}
    for line in sorted(lines, key=_urgency):
        task = line.task
        place = None if task.phase == "aftercare" else task.deployment_id  # after-care outlives what was deployed
        by_deployment.setdefault(place, []).append(line)
    units = [_unit(case, item, by_deployment.get(item.pk, [])) for item in case.deployments]
    for unit in units:
        unit.naming = _naming(case, unit, attempt)
        unit.stand = _stand(case, unit, attempt)
        unit.instead_of = _instead_of(case, unit)
    counted = [line for line in lines if _counts(line.task) and not _of_before(case, line.task)]
    return Deployed(
        standing=[unit for unit in units if _of(unit).status != DeploymentStatus.RELEASED],
        loose=_loose(case, by_deployment),
        released=[unit for unit in units if _of(unit).status == DeploymentStatus.RELEASED],
        mine=[line for line in sorted(lines, key=_urgency) if line.verbs],
        mine_at_once=3 if case.acts else 6,
        silent=_once_each(silent),
        received=[_receipt(case, item) for item in case.notices if item.received_at is not None],
        copies=[item for item in reversed(case.notices) if not item.needs_receipt],
        checklist=_checklist(case, attempt),
        total=len(counted),
        done=sum(line.task.status == TaskStatus.DONE for line in counted),
        open=sum(line.task.is_open for line in counted),
    )


def checklist_choices(case: Case) -> list[tuple[str, list[tuple[int, str]]]]:
    """The lines of the plan's checklist that were not given yet, by clause: place, words."""
    now = [task for task in case.tasks if task.response_no == case.incident.response_no]
    given = {task.item for task in now if task.status != TaskStatus.RELEASED}
    found: dict[str, list[tuple[int, str]]] = {}
    for place, duty in enumerate(case.document.emergency_measures):
        if f"checklist/{place}" not in given:
            rhythm = f"（{every(duty.every)}）" if duty.every else ""
            who = "、".join(ref.name for ref in duty.who)
            found.setdefault(duty.cite, []).append((place, f"{who}：{duty.text}{rhythm}"))
    return list(found.items())


def _checklist(case: Case, attempt: Attempt | None) -> Offer | None:
    """Giving lines of the checklist as tasks, while a response runs. Source: a task only once someone assigns it."""
    if not case.acts or case.incident.status != Status.RESPONDING or not case.document.emergency_measures:
        return None
    form = ChecklistForm(lines=checklist_choices(case))
    obstacles = authority.name_seats(case.incident, case.actor)
    return offer(attempt, "assign", of_incident(case.incident, "assign"), _("交办所选措施"), form, obstacles)


def _counts(task: Task) -> bool:
    """Whether it is still asked, or was done."""
    return task.status not in (TaskStatus.RELEASED, TaskStatus.HANDED)


def _of_before(case: Case, task: Task) -> bool:
    """Whether it is of a response that is over and over again; after-care outlives its own."""
    return task.response_no < case.incident.response_no and task.phase != AFTERCARE


def _of(unit: Unit) -> Deployment:
    assert unit.deployment is not None
    return unit.deployment


def _urgency(line: TaskLine) -> tuple[bool, bool, bool, int]:
    """What cannot be done first, then what is late, then what is open, in the plan's order."""
    task = line.task
    return task.status != TaskStatus.CANNOT, not line.late, not task.is_open, task.pk


def _receipt(case: Case, notice: Notice) -> Receipt:
    late = notice.received_at is None and case.receipt_due(notice) < case.at
    return Receipt(notice, str(notice.unit or notice.position), late)


def _once_each(silent: list[Receipt]) -> list[Receipt]:
    """Everyone who has not acknowledged, once, with the oldest of theirs; who has waited longest first."""
    by_name: dict[str, list[Receipt]] = {}
    for item in sorted(silent, key=lambda item: (item.notice.sent_at, item.notice.pk)):
        by_name.setdefault(item.to, []).append(item)
    return [replace(found[0], late=any(item.late for item in found), times=len(found)) for found in by_name.values()]


def _line(case: Case, task: Task, waits: dict[int | None, Receipt]) -> TaskLine:
    seats = case.seats.get(task.deployment_id or 0, [])
    mine = task.is_open and not authority.work_on(task, case.actor, seats=seats)
    asked = task.status == TaskStatus.ASSIGNED and task.phase == "response"  # after-care came with no notice to sign
    waiting = waits.get(task.unit_id) if asked else None
    past = task.is_open and task.due_at is not None and task.due_at < case.at
    return TaskLine(
        task,
        VERBS.get(TaskStatus(task.status), ()) if mine else (),
        waiting.notice.sent_at if waiting else None,
        past or bool(waiting and waiting.late),
    )


def _unit(case: Case, deployment: Deployment, tasks: list[TaskLine]) -> Unit:
    seats = case.seats.get(deployment.pk, [])
    lines: dict[str, list[SeatLine]] = {"lead": [], "deputy": [], "member": []}
    for seat in seats:
        lines[seat.role].append(_seat(case, seat))
    mine = [seat for seat in seats if authority.speaks_for(case.actor, seat)]
    leads = any(seat.role == "lead" for seat in mine)
    return Unit(
        name=deployment.name,
        cite=deployment.cite,
        status=str(deployment.get_status_display()),
        called_at=deployment.called_at,
        standing_at=deployment.standing_at,
        leads=lines["lead"],
        deputies=lines["deputy"],
        members=lines["member"] if case.whole or leads else [],
        tasks=tasks,
        mine=leads if case.whole else bool(mine),
        deployment=deployment,
    )


def _naming(case: Case, unit: Unit, attempt: Attempt | None) -> Offer | None:
    """Naming a lead or a member of a team, or of whatever has no lead; only for those who may."""
    deployment = _of(unit)
    open_seats = takes_seats(deployment, bool(unit.leads))
    if not case.acts or deployment.status == DeploymentStatus.RELEASED or not open_seats:
        return None
    obstacles = authority.name_seats(case.incident, case.actor)
    form = SeatForm(units=[(item.key, item.name) for item in case.units])
    made = offer(attempt, f"seat/{deployment.pk}", of_deployment(deployment, "seat"), _("指定"), form, obstacles)
    return made if made.allowed or made.refusal else None


def _stand(case: Case, unit: Unit, attempt: Attempt | None) -> Offer | None:
    """Confirming that a group or team stands, for those who may; the headquarters in the field has its own place."""
    deployment = _of(unit)
    theirs = Deployment.Kind.HEADQUARTERS, Deployment.Kind.FIELD_HEADQUARTERS
    if deployment.kind in theirs or deployment.status != DeploymentStatus.CALLED:
        return None
    deployment.incident = case.incident
    seats = case.seats.get(deployment.pk, [])
    leads = any(seat.role == "lead" and authority.speaks_for(case.actor, seat) for seat in seats)
    obstacles = authority.stand(deployment, case.actor, leads=leads, field=case.field)
    url = of_deployment(deployment, "stand")
    made = offer(attempt, f"stand/{deployment.pk}", url, _("确认成立"), StandForm(), obstacles, cite=deployment.cite)
    return made if made.allowed or made.refusal else None


def _instead_of(case: Case, unit: Unit) -> str:
    """The leads that the plan names for a group, where the commander has put others there; '' where they lead."""
    deployment = _of(unit)
    keys = {group.key for group in case.document.groups}
    if deployment.kind != Deployment.Kind.GROUP or deployment.key not in keys or not case.whole:
        return ""
    planned = [lead.name for lead in group_of(case.document, deployment.key, case.ground)[0].leads]
    now = {seat.name for seat in case.seats.get(deployment.pk, []) if seat.role == "lead"}
    return "、".join(planned) if planned and now != set(planned) else ""


def _seat(case: Case, seat: DeploymentSeat) -> SeatLine:
    if seat.person_name:
        phone = seat.person_phone if case.sees_caller else mask(seat.person_phone, 3, 2)
        return SeatLine(seat.person_post or seat.name, f"{seat.person_name} {phone}".strip())
    holder = str(seat.person) if seat.person else case.holders_of([seat_post(seat)])
    if seat.role == "lead" and not holder and (seat.position or seat.unit):
        holder = _("暂无人任职")
    return SeatLine(seat.name, holder)


def _loose(case: Case, by_deployment: dict[int | None, list[TaskLine]]) -> list[Unit]:
    """Tasks that no deployment does: measures of the level, members in no group, after-care, what was released."""
    there = {item.pk for item in case.deployments}
    rest = [line for key, lines in by_deployment.items() if key is None or key not in there for line in lines]
    if not rest:
        return []
    before = [line for line in rest if _of_before(case, line.task)]
    rest = [line for line in rest if line not in before]
    measures = [line for line in rest if line.task.item.startswith("level/")]
    aftercare = [line for line in rest if line.task.phase == "aftercare"]
    others = [line for line in rest if line not in measures and line not in aftercare]
    if not case.whole:
        mine = [(_("本单位的任务"), [*measures, *others]), (_("善后任务"), aftercare), (EARLIER, before)]
        return [Unit(str(name), tasks=_sorted(lines)) for name, lines in mine if lines]
    named = [
        Unit(_("由单位直接办理的响应措施"), tasks=_sorted(measures)),
        Unit(_("不在工作组的成员单位职责"), tasks=_sorted(others), parts=_by_bearer(others)),
        Unit(_("善后任务"), tasks=_sorted(aftercare), parts=_by_bearer(aftercare)),
        Unit(str(EARLIER), tasks=_sorted(before), parts=_by_bearer(before)),
    ]
    return [unit for unit in named if unit.tasks]


def _by_bearer(lines: list[TaskLine]) -> list[Unit]:
    """One fold a bearer, where several bear them: a level without groups may give every member its duties."""
    found: dict[str, list[TaskLine]] = {}
    for line in lines:
        found.setdefault(line.task.bearer, []).append(line)
    return [Unit(name, tasks=_sorted(theirs)) for name, theirs in found.items()] if len(found) > 1 else []


def _sorted(lines: Iterable[TaskLine]) -> list[TaskLine]:
    return sorted(lines, key=_urgency)
