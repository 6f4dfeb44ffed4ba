"""Naming who leads and who sits in a deployment: a team the plan leaves open, a group without a lead."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from response import authority, locks
from response.models import Deployment, DeploymentSeat, Incident
from response.models.deployments import DeploymentStatus
from shuozhou_ops import words
from shuozhou_ops.accounts.models import Organisation
from shuozhou_ops.errors import BadInput, Conflict, FieldError
from shuozhou_ops.journal import record
from shuozhou_ops.journal.actors import Actor
from shuozhou_ops.notices.models import Notice

LIMITS = {"person_name": 60, "person_post": 100, "person_phone": 30}


@dataclass(frozen=True)
class Named:
    """One who is named: a unit (its key), or a person with or without an account (name, post, phone)."""

    role: str
    unit: str = ""
    person_name: str = ""
    person_post: str = ""
    person_phone: str = ""


@transaction.atomic(durable=True)
def seat(deployment_id: int, named: Named, *, actor: Actor, at: datetime) -> DeploymentSeat:
    """Give someone a seat as lead, deputy or member. Raises NotAuthorised, Conflict, BadInput; then nothing is written.

    Source: the measure that sends the team; the groups' clause that lets the commander change them.
    """
    incident = locks.incident(Deployment.objects.values_list("incident_id", flat=True).get(pk=deployment_id))
    deployment = Deployment.objects.select_for_update().get(pk=deployment_id)
    authority.require(authority.name_seats(incident, actor))
    if deployment.status == DeploymentStatus.RELEASED:
        raise Conflict("deployment_released", _("“%(name)s”已经解除。") % {"name": deployment.name}, deployment.cite)
    if not takes_seats(deployment, deployment.seats.filter(role=DeploymentSeat.Role.LEAD).exists()):
        told = _("“%(name)s”已有组长，由预案写明。") % {"name": deployment.name}
        raise Conflict("has_lead", told, deployment.cite)
    unit = Organisation.objects.filter(key=named.unit).first() if named.unit else None
    _require_whole(named, unit)
    changes = record.Changes()
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
    _tell(incident, deployment, unit, changes, at)
    payload = {"deployment": deployment.name, "role": named.role, "who": made.name, "post": made.person_post}
    record.append(incident, "deployment.seated", changes, actor=actor, at=at, payload=payload)
    return made


def takes_seats(deployment: Deployment, led: bool) -> bool:
    """Whether people are named here: in a team, and in whatever the plan left without a lead."""
    return deployment.kind == Deployment.Kind.TEAM or not led


def _tell(
    incident: Incident, deployment: Deployment, unit: Organisation | None, changes: record.Changes, at: datetime
) -> None:
    """A unit that is drawn in without having been told of the response is told now."""
    if unit is None or Notice.objects.filter(stream=incident.stream, unit=unit, needs_receipt=True).exists():
        return
    notice = Notice(
        stream=incident.stream,
        subject=record.thing(deployment),
        kind=Notice.Kind.ACTIVATION,
        unit=unit,
        title=incident.headline(deployment.name),
        cite=deployment.cite,
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
