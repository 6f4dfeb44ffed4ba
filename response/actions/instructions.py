"""What leaders instruct and higher working groups advise: taken down, passed on, followed until it is done."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from plans.organisations import key_of
from response import authority, locks
from response.facts import document_of
from response.models import DeploymentSeat, Incident, Instruction
from shuozhou_ops import words
from shuozhou_ops.accounts.actors import actor_for
from shuozhou_ops.accounts.models import Organisation, Position
from shuozhou_ops.errors import BadInput, Conflict, FieldError
from shuozhou_ops.journal import record
from shuozhou_ops.journal.actors import Actor
from shuozhou_ops.notices.models import Notice

from .facts import moment_fault
from .people import user_of

FIELD = "field"  # stands for whoever commands in the field, among the units it is passed on to


@dataclass(frozen=True)
class Received:
    """What came in: which kind, from whom (name, post), the words, when, by which clause it is dealt with."""

    kind: str
    giver_name: str
    text: str
    giver_post: str = ""
    received_at: datetime | None = None
    cite: str = ""


@transaction.atomic(durable=True)
def receive(incident_id: int, told: Received, *, actor: Actor, at: datetime) -> Instruction:
    """Take down an instruction or opinion. Raises NotAuthorised, Conflict, BadInput. Source: the level's measures."""
    incident = locks.incident(incident_id)
    authority.require(authority.follow_instruction(incident, actor, received=False))
    faults = [
        words.fault("giver_name", told.giver_name, most=100, needed=True),
        words.fault("giver_post", told.giver_post, most=100),
        words.fault("text", told.text, most=2000, needed=True),
        words.fault("cite", told.cite, most=60),
        moment_fault("received_at", told.received_at, at),
    ]
    if told.kind not in Instruction.Kind.values:
        faults.append(FieldError("kind", "not_a_choice", _("请选择批示或意见。")))
    if found := [item for item in faults if item]:
        raise BadInput(found)
    changes = record.Changes()
    row = changes.create(
        Instruction(
            incident=incident,
            kind=told.kind,
            giver_name=told.giver_name.strip(),
            giver_post=told.giver_post.strip(),
            text=told.text.strip(),
            cite=told.cite.strip(),
            received_at=told.received_at or at,
            received_by=user_of(actor),
        )
    )
    payload = _payload(row) | {"received_at": record.spell(row.received_at)}
    record.append(incident, "instruction.received", changes, actor=actor, at=at, payload=payload)
    return row


@transaction.atomic(durable=True)
def pass_on(incident_id: int, instruction_id: int, units: Sequence[str], *, actor: Actor, at: datetime) -> Instruction:
    """Pass it on with a receipt: to units by key, and to whoever commands in the field under `FIELD`.

    A further time reaches those who were not told before. Raises NotAuthorised, Conflict, BadInput.
    Source: the measures that have it passed on to the scene.
    """
    incident = locks.incident(incident_id)
    row = _locked(incident, instruction_id)
    authority.require(authority.follow_instruction(incident, actor, received=True))
    if row.status == Instruction.Status.DONE:
        raise Conflict("instruction_done", _("这项%s已经办结。") % row.get_kind_display(), row.cite or None)
    wanted = [key for key in dict.fromkeys(units) if key != FIELD]
    found = list(Organisation.objects.filter(key__in=wanted))
    if len(found) < len(wanted) or not units:
        raise BadInput([FieldError("units", "unknown_unit", _("请选择传达到哪些单位。"))])
    posts = _field_posts(incident, at) if FIELD in units else []
    if FIELD in units and not posts:
        raise Conflict("no_field", _("现场指挥部没有可以签收的负责人，请选择单位。"))
    before = Notice.objects.filter(stream=incident.stream, subject=record.thing(row))
    told = set(before.values_list("unit_id", "position_id"))
    notices = [
        Notice(
            stream=incident.stream,
            subject=record.thing(row),
            kind=Notice.Kind.INFORMATION,
            title=incident.headline(f"{row.giver_post}{row.giver_name}{words.official(row.get_kind_display())}"),
            body=row.text,
            cite=row.cite,
            sent_at=at,
            unit=unit,
            position=post,
        )
        for unit, post in [*((unit, None) for unit in found), *((None, post) for post in posts)]
        if (unit.pk if unit else None, post.pk if post else None) not in told
    ]
    if not notices:
        raise Conflict("told_before", _("所选的单位都已经传达过。"))
    changes = record.Changes()
    changes.create_all(Notice, notices)
    row.pass_on()
    row.unit, row.passed_at = row.unit or next(iter(found), None), row.passed_at or at
    changes.update(row, "status", "unit", "passed_at")
    payload = _payload(row) | {"to": [str(notice.unit or notice.position) for notice in notices]}
    record.append(incident, "instruction.passed", changes, actor=actor, at=at, payload=payload)
    return row


@transaction.atomic(durable=True)
def finish(incident_id: int, instruction_id: int, result: str, *, actor: Actor, at: datetime) -> Instruction:
    """Say what came of it: it is done. Raises NotAuthorised, Conflict, BadInput."""
    incident = locks.incident(incident_id)
    row = _locked(incident, instruction_id)
    authority.require(authority.follow_instruction(incident, actor, received=True))
    if row.status != Instruction.Status.PASSED:
        told = {"what": row.get_kind_display(), "now": row.get_status_display()}
        raise Conflict("not_passed", _("这项%(what)s现为“%(now)s”，传达之后才能办结。") % told, row.cite or None)
    result = words.take("result", result, most=1000, needed=True)
    row.finish()
    row.result, row.done_at = result, at
    changes = record.Changes()
    changes.update(row, "status", "result", "done_at")
    payload = _payload(row) | {"result": result}
    record.append(incident, "instruction.done", changes, actor=actor, at=at, payload=payload)
    return row


def default_target(incident: Incident, *, field: bool) -> str:
    """Whom it is passed on to where nobody chooses: whoever commands in the field, else the office's seat."""
    return FIELD if field else key_of(document_of(incident).headquarters.office.seat)


def _locked(incident: Incident, instruction_id: int) -> Instruction:
    row = Instruction.objects.select_for_update(of=("self",)).filter(incident=incident, pk=instruction_id).first()
    if row is None:
        raise BadInput([FieldError("instruction", "no_such_instruction", _("没有这项批示或意见。"))])
    return row


def _field_posts(incident: Incident, at: datetime) -> list[Position]:
    """The posts of those who lead the field headquarters that stands; of a person put there, the first one held."""
    field = authority.field_of(incident)
    if field is None:
        return []
    seats = field.seats.filter(role=DeploymentSeat.Role.LEAD, left_at=None).select_related("position", "person")
    keys = {seat.position.key for seat in seats if seat.position}
    keys |= {key for seat in seats if seat.person for key, _name in actor_for(seat.person, at).post_names[:1]}
    return list(Position.objects.filter(key__in=keys))


def _payload(row: Instruction) -> dict[str, object]:
    return {
        "kind": row.kind,
        "giver": " ".join(part for part in (row.giver_post, row.giver_name) if part),
        "text": row.text,
        "cite": row.cite,
    }
