"""Ending a response: each condition confirmed by name, then declared by the one whom the plan names."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from plans.documents import Ending
from plans.labels import level_name
from response import authority, chain, locks
from response.facts import assess, document_of
from response.models import Confirmation, Incident, LevelDecision
from response.models.decisions import DecisionKind, Manner
from response.models.tasks import TaskStatus
from shuozhou_ops import words
from shuozhou_ops.accounts.models import Organisation
from shuozhou_ops.errors import BadInput, Conflict, FieldError
from shuozhou_ops.journal import record
from shuozhou_ops.journal.actors import Actor
from shuozhou_ops.notices.models import Notice

from . import deployments
from .decisions import Spoken, deciding_step, tell_chain
from .marks import recount
from .people import user_of
from .settling import DROP_ALL, Settle
from .suggestions import expire_open, reassess_locked


def round_of(incident: Incident) -> int:
    """Which round of confirming this is: every start and change of level begins one, for the ground has moved."""
    return incident.decisions.moves().count()


def ending_of(incident: Incident) -> Ending | None:
    """How the response at the level in force ends, by the plan; None where the plan does not say, or none runs."""
    return document_of(incident).ending_of(incident.level) if incident.level is not None else None


def unconfirmed(incident: Incident) -> list[str]:
    """The end conditions nobody has confirmed yet."""
    ending = ending_of(incident)
    done = set(incident.confirmations.filter(round=round_of(incident)).values_list("condition", flat=True))
    conditions = ending.conditions if ending else ()
    return [item.text for place, item in enumerate(conditions) if place not in done]


@transaction.atomic(durable=True)
def confirm(incident_id: int, condition: int, *, actor: Actor, at: datetime, basis: str) -> Confirmation:
    """Confirm one end condition by name. Raises NotAuthorised, Conflict, BadInput. Source: the ending clause."""
    incident = locks.incident(incident_id)
    authority.require(authority.confirm_end(incident, actor, field=authority.field_of(incident)))
    actor = actor.as_holder_of(chain.all_posts(document_of(incident)))
    ending = ending_of(incident)
    if ending is None or not 0 <= condition < len(ending.conditions):
        raise BadInput([FieldError("condition", "no_such_condition", _("没有这项结束条件。"))])
    if not basis.strip():
        raise BadInput([FieldError("basis", "empty", _("请写明确认的依据。"))])
    basis = words.take("basis", basis, most=500)
    this_round = round_of(incident)
    if incident.confirmations.filter(round=this_round, condition=condition).exists():
        raise Conflict("already_confirmed", _("这项条件已经确认。"), ending.conditions[condition].cite)
    changes = record.Changes()
    confirmation = changes.create(
        Confirmation(
            incident=incident,
            round=this_round,
            condition=condition,
            text=ending.conditions[condition].text,
            cite=ending.conditions[condition].cite,
            confirmed_by=user_of(actor),
            confirmed_post=actor.name_of_post(),
            confirmed_at=at,
            basis=basis,
        )
    )
    payload = {"condition": confirmation.text, "cite": confirmation.cite, "basis": confirmation.basis}
    record.append(incident, "end.confirmed", changes, actor=actor, at=at, payload=payload)
    return confirmation


@transaction.atomic(durable=True)
def declare(
    incident_id: int, *, actor: Actor, at: datetime, reason: str = "", settle: Settle = DROP_ALL
) -> LevelDecision:
    """Declare the end: level and everything deployed released, after-care given, everyone told.

    settle: what becomes of each open task. Raises NotAuthorised, Conflict, BadInput; then nothing is written.
    Source: the ending clause (`declared_by`), interpretation 11; interpretation 15 where another clause says otherwise.
    """
    incident, likes = locks.incident_and_likes(incident_id)
    field = authority.field_of(incident)
    authority.require(authority.declare_end(incident, actor, unconfirmed(incident), field=field))
    reason = words.take("reason", reason, most=500)
    changes = record.Changes()
    end = end_locked(incident, Manner.ORDINARY, changes, actor=actor, at=at, reason=reason, settle=settle)
    record.append(incident, "response.ended", changes, actor=end.actor, at=at, payload=end.payload)
    recount(incident, likes, incident.flags, at)
    return end.decision


@transaction.atomic(durable=True)
def dismiss(incident_id: int, *, actor: Actor, at: datetime, reason: str) -> LevelDecision:
    """End a response because there was no event: no condition is asked, every open task is recalled, everyone told.

    Nothing comes after it. Raises NotAuthorised, Conflict, BadInput. Source: ours; who may is who may declare the end.
    """
    incident, likes = locks.incident_and_likes(incident_id)
    authority.require(authority.dismiss(incident, actor, field=authority.field_of(incident)))
    reason = words.take("reason", reason, most=500, needed=True)
    changes = record.Changes()
    end = end_locked(incident, Manner.NO_EVENT, changes, actor=actor, at=at, reason=reason, settle=DROP_ALL)
    incident.closed_at, incident.closing_reason = at, reason
    changes.update(incident, "closed_at", "closing_reason")
    reassess_locked(incident, changes, at)
    record.append(incident, "response.dismissed", changes, actor=end.actor, at=at, payload=end.payload)
    recount(incident, likes, incident.flags, at)
    return end.decision


@dataclass(frozen=True)
class End:
    """An end that has taken place: the decision, who declared it in which post, and the payload of its entry."""

    decision: LevelDecision
    actor: Actor
    payload: dict[str, Any]


def end_locked(
    incident: Incident,
    manner: Manner,
    changes: record.Changes,
    *,
    actor: Actor,
    at: datetime,
    reason: str,
    settle: Settle = DROP_ALL,
    into: str = "",
    decision: LevelDecision | None = None,
    spoken: Spoken | None = None,
) -> End:
    """The response is over: the decision, what is released, the open tasks settled, the units and the chain told.

    After-care is given where the response ended in the ordinary way. into: in which incident it goes on. decision: the
    open one that is settled by it, where there is one. spoken: see `take_effect_locked`.
    A private step on a locked incident, after the guard; the caller writes the entry. Raises BadInput.
    """
    document, level, ending = document_of(incident), incident.level, ending_of(incident)
    assert level is not None  # a response runs: the guard has seen to it, and the database holds it
    actor = authority.as_ender(document, actor, level=level, field=authority.field_of(incident))
    standing, answer = assess(incident, at)
    decided = decision or LevelDecision(incident=incident, kind=DecisionKind.END, manner=manner, made_at=at)
    decided.from_level, decided.table_level, decided.figures = level, answer.level, standing.figures
    decided.reason, decided.settled_at = reason or decided.reason, at
    decided.approve()
    if decision is None:
        changes.create(decided)
    else:
        changes.update(decided, "status", "table_level", "figures", "reason", "settled_at")
    cite = document.level(level).cite if manner == Manner.REVOKED else chain.ending_cite(document, level)
    changes.create(deciding_step(decided, actor, at, cite=cite, note=decided.reason, spoken=spoken))
    expire_open(incident, "响应已结束", changes, at, but=decided.pk)
    released = deployments.release_all(incident, settle, changes, at)
    if manner == Manner.ORDINARY:
        released.tasks = deployments.give_aftercare(incident, changes, at)
    if manner == Manner.NO_EVENT:
        incident.dismiss()
    else:
        incident.end()
    incident.level, incident.ended_at = None, at
    changes.update(incident, "status", "level", "ended_at")
    told = {
        Manner.NO_EVENT: f"经核没有发生事件，{level_name(level)}撤销",
        Manner.CONTINUED: f"{level_name(level)}结束，转入{into}",
        Manner.REVOKED: f"{level_name(level)}撤回",
    }.get(manner, f"{level_name(level)}结束")
    released.told = _tell_units(incident, decided, told, cite, released.fates["handed"], changes, at)
    tell_chain(incident, decided, document, actor, changes, at, but=spoken.tells if spoken else frozenset())
    payload = {
        "decision": decided.pk,
        "from": level,
        "cite": cite,
        "reason": decided.reason,
        "deployed": vars(released),
        "manner": str(manner),
        **({"then": _then(ending)} if manner == Manner.ORDINARY else {}),
        **(spoken.payload() if spoken else {}),
    }
    return End(decided, actor, payload)


def _then(ending: Ending | None) -> list[dict[str, str]]:
    """What the plan asks for once a response has ended, by clause."""
    return [{"text": item.text, "cite": item.cite} for item in ending.then] if ending else []


def _tell_units(
    incident: Incident,
    decision: LevelDecision,
    what: str,
    cite: str,
    handed: Mapping[str, Sequence[int]],
    changes: record.Changes,
    at: datetime,
) -> int:
    """Every unit that was told of this response is told of the end; how many.

    handed: the tasks that went to each county, by its name: it is told which, and acknowledges it.
    """
    told = Notice.objects.filter(stream=incident.stream, unit__isnull=False, sent_at__gte=incident.started_at)
    units = set(told.values_list("unit_id", flat=True))
    texts = dict(incident.tasks.filter(status=TaskStatus.HANDED).values_list("pk", "text")) if handed else {}
    theirs = {name: "；".join(texts[pk] for pk in tasks) for name, tasks in handed.items()}
    changes.create_all(
        Notice,
        [
            Notice(
                stream=incident.stream,
                subject=record.thing(decision),
                kind=Notice.Kind.RELEASE,
                unit=unit,
                title=incident.headline(
                    what + (f"，移交{len(handed[unit.name])}项任务" if unit.name in handed else "")
                ),
                body=theirs.get(unit.name, ""),
                cite=cite,
                sent_at=at,
                needs_receipt=unit.name in handed,
            )
            for unit in Organisation.objects.filter(pk__in=units)
        ],
    )
    return len(units)
