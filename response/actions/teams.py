"""Naming who leads and sits in a deployment, beside those the plan names or instead of its leads; letting one go."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from response import authority, locks
from response.authority import Obstacle
from response.models import Deployment, DeploymentSeat, Incident, Task
from response.models.deployments import DeploymentStatus
from response.models.tasks import OPEN_TASKS
from shuozhou_ops import words
from shuozhou_ops.accounts.models import Organisation
from shuozhou_ops.errors import BadInput, Conflict, FieldError
from shuozhou_ops.journal import record
from shuozhou_ops.journal.actors import Actor
from shuozhou_ops.notices.models import Notice

from . import deployments

LIMITS = {"person_name": 60, "person_post": 100, "person_phone": 30}


@dataclass(frozen=True)
class Named:
    """One who is named: a unit (its key), or a person with or without an account (name, post, phone)."""

    role: str
    unit: str = ""
    person_name: str = ""
    person_post: str = ""
    person_phone: str = ""
    instead: bool = False  # as a lead: of those who lead now, who lead no longer


@transaction.atomic(durable=True)
def seat(deployment_id: int, named: Named, *, actor: Actor, at: datetime) -> DeploymentSeat:
    """Give someone a seat as lead, deputy or member. Raises NotAuthorised, Conflict, BadInput; then nothing is written.

    Source: the measure that sends the team; the groups' clause that lets the commander change them.
    """
    incident = locks.incident(Deployment.objects.values_list("incident_id", flat=True).get(pk=deployment_id))
    deployment = Deployment.objects.select_for_update().get(pk=deployment_id)
    led = deployment.seats.filter(role=DeploymentSeat.Role.LEAD, left_at=None).exists()
    authority.require(_may_change(incident, actor, left_open=takes_seats(deployment, led)))
    if deployment.status == DeploymentStatus.RELEASED:
        raise Conflict("deployment_released", _("“%(name)s”已经解除。") % {"name": deployment.name}, deployment.cite)
    _require_no_commander(deployment, named.role)
    unit = Organisation.objects.filter(key=named.unit).first() if named.unit else None
    _require_whole(named, unit)
    changes = record.Changes()
    gone = _step_down(deployment, changes, at) if named.instead and named.role == DeploymentSeat.Role.LEAD else []
    made = changes.create(
        DeploymentSeat(
            deployment=deployment,
            role=named.role,
            name=named.person_name.strip() or (unit.name if unit else ""),
            unit=unit,
            person_name=named.person_name.strip(),
            person_post=named.person_post.strip(),
            person_phone=named.person_phone.strip(),
        )
    )
    if named.role == DeploymentSeat.Role.LEAD:
        _pass_tasks_on(incident, deployment, changes)
    tell_drawn_in(incident, deployment, unit, changes, at)
    payload: dict[str, object] = {
        "deployment": deployment.name,
        "role": named.role,
        "who": made.name,
        "post": made.person_post,
    }
    payload |= {"instead_of": [seat.name for seat in gone]} if gone else {}
    record.append(incident, "deployment.seated", changes, actor=actor, at=at, payload=payload)
    return made


@transaction.atomic(durable=True)
def unseat(seat_id: int, *, actor: Actor, at: datetime, reason: str) -> DeploymentSeat:
    """Let a lead, deputy or member go. What a group does goes on under its other leads, or waits for one.

    Raises NotAuthorised, Conflict, BadInput; then nothing is written. Source: the groups' clause.
    """
    incident = locks.incident(DeploymentSeat.objects.values_list("deployment__incident_id", flat=True).get(pk=seat_id))
    rows = DeploymentSeat.objects.select_for_update(of=("self",)).select_related("deployment")
    seat = rows.get(pk=seat_id)
    authority.require(_may_change(incident, actor, left_open=seat.deployment.kind == Deployment.Kind.TEAM))
    if seat.left_at is not None or seat.deployment.status == DeploymentStatus.RELEASED:
        raise Conflict("seat_left", _("%s已经不在编组中。") % seat.name, seat.deployment.cite)
    _require_no_commander(seat.deployment, seat.role)
    reason = words.take("reason", reason, most=500, needed=True)
    seat.left_at = at
    changes = record.Changes()
    changes.update(seat, "left_at")
    if seat.role == DeploymentSeat.Role.LEAD:
        _pass_tasks_on(incident, seat.deployment, changes)
    payload = {"deployment": seat.deployment.name, "role": seat.role, "who": seat.name, "reason": reason}
    record.append(incident, "deployment.unseated", changes, actor=actor, at=at, payload=payload)
    return seat


def _may_change(incident: Incident, actor: Actor, *, left_open: bool) -> list[Obstacle]:
    """Where the plan leaves open who sits, the headquarters names them; where it says who, the commander changes it."""
    if left_open and not (found := authority.name_seats(incident, actor)):
        return found
    return authority.change_groups(incident, actor, field=authority.field_of(incident))


def _require_no_commander(deployment: Deployment, role: str) -> None:
    """Who commands in the field may declare the end: from its standing on, another is put there by name, never a seat.

    Raises Conflict. Source: the ending clause (whoever commands in the field); `standing.appoint` changes him.
    """
    in_field = deployment.kind == Deployment.Kind.FIELD_HEADQUARTERS and deployment.status == DeploymentStatus.STANDING
    if in_field and role == DeploymentSeat.Role.LEAD:
        raise Conflict("commands_in_field", _("现场指挥部已经成立，请用“更换现场指挥部指挥长”。"), deployment.cite)


def _step_down(deployment: Deployment, changes: record.Changes, at: datetime) -> list[DeploymentSeat]:
    gone = list(deployment.seats.filter(role=DeploymentSeat.Role.LEAD, left_at=None))
    for seat in gone:
        seat.left_at = at
    changes.update_all(gone, "left_at")
    return gone


def _pass_tasks_on(incident: Incident, deployment: Deployment, changes: record.Changes) -> None:
    """What a group does under its own name falls to its lead; a task that names its unit stays with that unit."""
    if deployment.kind == Deployment.Kind.GROUP:
        rows = incident.tasks.filter(deployment=deployment, status__in=OPEN_TASKS, phase="response")
        tasks = [task for task in rows.select_related("unit") if task.unit is None or task.bearer != task.unit.name]
        deployments.pass_on_locked(tasks, changes)


def takes_seats(deployment: Deployment, led: bool) -> bool:
    """Whether people must be named here: in a team, and in whatever the plan left without a lead."""
    return deployment.kind == Deployment.Kind.TEAM or not led


def tell_drawn_in(
    incident: Incident, by: Deployment | Task, unit: Organisation | None, changes: record.Changes, at: datetime
) -> None:
    """A unit that is drawn in without having been told of the response is told now."""
    if unit is None or Notice.objects.filter(stream=incident.stream, unit=unit, needs_receipt=True).exists():
        return
    notice = Notice(
        stream=incident.stream,
        subject=record.thing(by),
        kind=Notice.Kind.ACTIVATION,
        unit=unit,
        title=incident.headline(str(by)),
        cite=by.cite,
        sent_at=at,
    )
    changes.create(notice)


def _require_whole(named: Named, unit: Organisation | None) -> None:
    checked = [words.fault(name, getattr(named, name), most=most) for name, most in LIMITS.items()]
    faults = [item for item in checked if item]
    if named.role not in DeploymentSeat.Role.values:
        faults.append(FieldError("role", "not_a_choice", _("请选择组长、副职或成员。")))
    if named.unit and unit is None:
        faults.append(FieldError("unit", "unknown_unit", _("没有这个单位。")))
    if not named.unit and not named.person_name.strip():
        faults.append(FieldError("person_name", "empty", _("请写姓名，或选择单位。")))
    if faults:
        raise BadInput(faults)
