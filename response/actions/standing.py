"""Confirming that what was called stands, and who commands in the field."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from response import authority, chain, locks
from response.bearers import posts_of
from response.facts import document_of
from response.models import Deployment, DeploymentSeat, Incident
from shuozhou_ops import words
from shuozhou_ops.accounts.actors import LOOKS_ON, actor_for
from shuozhou_ops.accounts.models import Position, User
from shuozhou_ops.errors import BadInput, FieldError
from shuozhou_ops.journal import record
from shuozhou_ops.journal.actors import Actor
from shuozhou_ops.notices.models import Notice

from .facts import moment_fault

LIMITS = {"name": 60, "post": 100, "phone": 30}


@dataclass(frozen=True)
class Commander:
    """Who commands in the field: an account (its login), or a person without one (name, post, phone)."""

    account: str = ""
    name: str = ""
    post: str = ""
    phone: str = ""


NOBODY = Commander()


@transaction.atomic(durable=True)
def stand(
    deployment_id: int,
    place: str,
    *,
    actor: Actor,
    at: datetime,
    stood_at: datetime | None = None,
    commander: Commander = NOBODY,
) -> Deployment:
    """Confirm that a called headquarters in the field, group or team stands, and where.

    stood_at: since when, not before it was called (default `at`). commander: of a field headquarters.
    Raises NotAuthorised, Conflict, BadInput; then nothing is written. Source: the clause that sets it up.
    """
    incident, deployment = _locked(deployment_id)
    rows = deployment.seats.filter(left_at=None, role=DeploymentSeat.Role.LEAD).select_related("unit", "position")
    leads = any(authority.speaks_for(actor, seat) for seat in rows)
    field = authority.field_of(incident)
    authority.require(authority.stand(deployment, actor, leads=leads, field=field))
    in_field = deployment.kind == Deployment.Kind.FIELD_HEADQUARTERS
    faults = [words.fault("place", place, most=200, needed=True), _moment_fault(deployment, stood_at, at)]
    user, more = _known(commander, at) if in_field else (None, [])
    if found := [*(item for item in faults if item), *more]:
        raise BadInput(found)
    changes = record.Changes()
    deployment.stand()
    deployment.standing_at, deployment.standing_place = stood_at or at, place.strip()
    changes.update(deployment, "status", "standing_at", "standing_place")
    payload = {"deployment": deployment.name, "place": deployment.standing_place, "cite": deployment.cite}
    payload["stood_at"] = record.spell(deployment.standing_at)
    if in_field:
        _put_in_command(incident, deployment, user, commander, changes, actor, at)
        payload |= {"commander": deployment.commander_name, "post": deployment.commander_post}
    actor = actor.as_holder_of(chain.commanding(document_of(incident)))
    record.append(incident, "deployment.stood", changes, actor=actor, at=at, payload=payload)
    return deployment


@transaction.atomic(durable=True)
def appoint(deployment_id: int, commander: Commander, *, actor: Actor, at: datetime, reason: str = "") -> Deployment:
    """Put another in command of a field headquarters that stands. Raises NotAuthorised, Conflict, BadInput.

    Source: the clause of the field headquarters.
    """
    incident, deployment = _locked(deployment_id)
    authority.require(authority.appoint(deployment, actor))
    user, faults = _known(commander, at)
    reason_fault = words.fault("reason", reason, most=500)
    if found := [*faults, *([reason_fault] if reason_fault else [])]:
        raise BadInput(found)
    before = " ".join(part for part in (deployment.commander_post, deployment.commander_name) if part)
    changes = record.Changes()
    _put_in_command(incident, deployment, user, commander, changes, actor, at)
    payload = {"deployment": deployment.name, "cite": deployment.cite, "before": before, "reason": reason.strip()}
    payload |= {"commander": deployment.commander_name, "post": deployment.commander_post}
    actor = actor.as_holder_of(chain.commanding(document_of(incident)))
    record.append(incident, "deployment.commanded", changes, actor=actor, at=at, payload=payload)
    return deployment


def _locked(deployment_id: int) -> tuple[Incident, Deployment]:
    incident = locks.incident(Deployment.objects.values_list("incident_id", flat=True).get(pk=deployment_id))
    deployment = Deployment.objects.select_for_update().get(pk=deployment_id)
    deployment.incident = incident
    return incident, deployment


def _moment_fault(deployment: Deployment, stood_at: datetime | None, at: datetime) -> FieldError | None:
    if stood_at is not None and stood_at < deployment.called_at.replace(second=0, microsecond=0):
        return FieldError("stood_at", "before_call", _("成立时间不能早于通知时间。"))
    return moment_fault("stood_at", stood_at, at)


def _known(commander: Commander, at: datetime) -> tuple[User | None, list[FieldError]]:
    """The account behind the one who is named, and what is wrong with the naming."""
    if commander.account:
        user = User.objects.filter(username=commander.account, is_active=True).first()
        held = actor_for(user, at) if user else None
        if held is None or not held.posts or held.functions & LOOKS_ON:
            return None, [FieldError("account", "unknown_account", _("没有这个账号，或这个账号没有任职。"))]
        return user, []
    checked = [words.fault(name, getattr(commander, name), most=most) for name, most in LIMITS.items()]
    faults = [item for item in checked if item]
    if not commander.name.strip():
        faults.append(FieldError("name", "empty", _("请选择指挥长，或写明姓名。")))
    return None, faults


def _put_in_command(
    incident: Incident,
    deployment: Deployment,
    user: User | None,
    commander: Commander,
    changes: record.Changes,
    actor: Actor,
    at: datetime,
) -> None:
    """The one named leads; whoever led before, by the plan or by naming, leads no longer."""
    held = _speaking(incident, user, at) if user else None
    deployment.commander = user
    deployment.commander_name = held.name if held else commander.name.strip()
    deployment.commander_post = held.name_of_post()[:100] if held else commander.post.strip()
    changes.update(deployment, "commander", "commander_name", "commander_post")
    rows = deployment.seats.filter(left_at=None, role=DeploymentSeat.Role.LEAD).select_related("position")
    seats = list(rows)
    stays = [
        seat
        for seat in seats
        if held and (seat.person == user or (seat.position is not None and seat.position.key in held.posts))
    ]
    gone = [seat for seat in seats if seat not in stays]
    for seat in gone:
        seat.left_at = at
    changes.update_all(gone, "left_at")
    if not stays:
        changes.create(
            DeploymentSeat(
                deployment=deployment,
                role=DeploymentSeat.Role.LEAD,
                name=(deployment.commander_post or deployment.commander_name)[:120],
                person=user,
                person_name="" if user else deployment.commander_name,
                person_post="" if user else deployment.commander_post,
                person_phone="" if user else commander.phone.strip(),
            )
        )
    if held and user and user.pk != authority.account_of(actor):
        _tell(incident, deployment, held, changes, at)


def _speaking(incident: Incident, user: User, at: datetime) -> Actor:
    """The account as it speaks here: first in a post that the plan names for the field, then in one of its chain."""
    document = document_of(incident)
    field = document.field_headquarters
    named = posts_of(field.commanders, document) if field else frozenset[str]()
    return actor_for(user, at).as_holder_of(named, chain.all_posts(document))


def _tell(incident: Incident, deployment: Deployment, held: Actor, changes: record.Changes, at: datetime) -> None:
    """Whoever is put in command is told, in the post spoken in."""
    post = Position.objects.filter(key=next(key for key, _name in held.post_names)).first()
    notice = Notice(
        stream=incident.stream,
        subject=record.thing(deployment),
        kind=Notice.Kind.CHANGE,
        position=post,
        title=incident.headline(f"任{deployment.name}指挥长"),
        cite=deployment.cite,
        sent_at=at,
    )
    changes.create(notice)
