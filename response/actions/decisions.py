"""Deciding the level: suggest, send up the chain, approve, refuse, or decide at once."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from plans.documents import PlanDocument
from plans.labels import level_name
from response import authority, chain, locks
from response.activation import members_of
from response.bearers import posts
from response.facts import document_of, weigh_incident
from response.models import DecisionStep, Incident, LevelDecision
from response.models.decisions import DecisionKind, Manner
from response.models.incidents import AFTER_END, Status
from shuozhou_ops import words
from shuozhou_ops.accounts.actors import holders
from shuozhou_ops.accounts.models import Position
from shuozhou_ops.errors import BadInput, Conflict, FieldError
from shuozhou_ops.journal import record
from shuozhou_ops.journal.actors import Actor
from shuozhou_ops.notices.models import Notice

from . import deployments
from .marks import recount
from .people import user_of
from .suggestions import RESTS_ON, expire_open, rest_on, set_alarm_locked, suggest_above_locked


@dataclass(frozen=True)
class Spoken:
    """How a decision was given by word of mouth: when, by what means, who wrote it down, who else heard it.

    tells: the posts that are told of it as a spoken order, and so not once more as a decision.
    """

    said_at: datetime
    means: str
    by: Actor
    witness: str = ""
    tells: frozenset[str] = frozenset()

    def payload(self) -> dict[str, object]:
        """For the entry."""
        told = {"said_at": record.spell(self.said_at), "means": str(self.means), "witness": self.witness}
        return {"spoken": told}


def _new(incident: Incident, to_level: int, reason: str, at: datetime) -> LevelDecision:
    """An unsaved decision from the level in force, with what the plan's table gives now."""
    kind = DecisionKind.START
    if incident.level is not None:
        kind = DecisionKind.RAISE if to_level < incident.level else DecisionKind.LOWER
    decision = LevelDecision(
        incident=incident,
        kind=kind,
        from_level=incident.level,
        to_level=to_level,
        reason=reason,
        made_at=at,
    )
    rest_on(decision, weigh_incident(incident, at))
    return decision


def step_of(
    decision: LevelDecision, act: str, actor: Actor, at: datetime, *, to: str = "", cite: str = "", note: str = ""
) -> DecisionStep:
    """One unsaved step of a decision, by this actor."""
    return DecisionStep(
        decision=decision,
        act=act,
        by=user_of(actor),
        by_name=actor.name,
        by_post=actor.name_of_post(),
        to_post=to,
        at=at,
        recorded_by=user_of(actor),
        cite=cite,
        note=note,
    )


def deciding_step(
    decision: LevelDecision, actor: Actor, at: datetime, *, cite: str, note: str = "", spoken: Spoken | None = None
) -> DecisionStep:
    """The unsaved step that decides, by this actor; of a spoken order when it was said, and by whose hand."""
    step = step_of(decision, DecisionStep.Act.DECIDE, actor, at, cite=cite, note=note)
    if spoken is not None:
        step.at, step.means, step.witness = spoken.said_at, spoken.means, spoken.witness
        step.recorded_by = user_of(spoken.by)
    return step


def payload_of(decision: LevelDecision, **more: object) -> dict[str, object]:
    return {
        "decision": decision.pk,
        "kind": str(decision.kind),
        "from": decision.from_level,
        "to": decision.to_level,
        "table": decision.table_level,
        "clauses": decision.basis,
        "contested": decision.contested,
        "reason": decision.reason,
        **more,
    }


def _require_reason(incident: Incident, decision: LevelDecision) -> None:
    """Milder or more severe than the plan's table is lawful for the right authority, with a reason.

    So is another start after an end, which says what happened (interpretation 22).
    """
    if incident.status in AFTER_END and not decision.reason.strip():
        raise BadInput([FieldError("reason", "reason_needed", _("响应已经结束，再次启动须写明又发生了什么。"))])
    if decision.differs_from_table and not decision.reason.strip():
        told = _("%(to)s与预案条件给出的%(table)s不同，请写明理由。") % {
            "to": level_name(decision.to_level),
            "table": level_name(decision.table_level),
        }
        raise BadInput([FieldError("reason", "reason_needed", told)])


def _tick(decision: LevelDecision, document: PlanDocument, ticked: Collection[str] | None) -> None:
    """Keep which members are to be told; None leaves the decision as it is. Raises BadInput for anybody else.

    Source: interpretation 18; only where the level leaves it to ticks.
    """
    if ticked is None:
        return
    open_to = members_of(document) if document.level(decision.target_level).tells == "ticked" else ()
    if strangers := sorted(set(ticked).difference(open_to)):
        told = _("不能勾选：%s。只能勾选本级由办公室勾选的成员单位。") % "、".join(strangers)
        raise BadInput([FieldError("ticked", "not_a_member", told)])
    decision.ticked = [unit for unit in open_to if unit in ticked]


@transaction.atomic(durable=True)
def suggest(
    incident_id: int,
    to_level: int,
    *,
    actor: Actor,
    at: datetime,
    reason: str = "",
    ticked: Collection[str] | None = None,
) -> LevelDecision:
    """Suggest a level to the one who must report or decide. Raises NotAuthorised, Conflict, BadInput. Source: 4.2.

    ticked: the members to tell, by key, where the plan leaves that to ticks; so in every act of this file.
    """
    incident = locks.incident(incident_id)
    authority.require(authority.suggest(incident, actor) + authority.goes_on(continued_by(incident)))
    document = document_of(incident)
    if to_level not in {item.level for item in document.levels} or to_level == incident.level:
        raise BadInput([FieldError("to_level", "no_such_level", _("请选择与现行级别不同的级别。"))])
    decision = _new(incident, to_level, words.take("reason", reason, most=500), at)
    _require_reason(incident, decision)
    _tick(decision, document, ticked)
    changes = record.Changes()
    changes.create(decision)
    changes.create(step_of(decision, DecisionStep.Act.SUGGEST, actor, at, note=decision.reason))
    record.append(incident, "level.suggested", changes, actor=actor, at=at, payload=payload_of(decision))
    return decision


@transaction.atomic(durable=True)
def propose(
    decision_id: int, *, actor: Actor, at: datetime, note: str = "", ticked: Collection[str] | None = None
) -> LevelDecision:
    """Send a suggestion up the chain: it becomes a proposal. Raises NotAuthorised, Conflict.

    Source: the chain of the more severe of the two levels.
    """
    incident = locks.incident(_incident_of(decision_id))
    decision = LevelDecision.objects.select_for_update().get(pk=decision_id)
    authority.require(authority.propose(incident, actor, decision))
    document = document_of(incident)
    level = decision.authority_level
    step = chain.proposal_step(document, level)
    actor = actor.as_holder_of(posts(step.by, document)) if step else actor
    note = words.take("note", note, most=500)
    _tick(decision, document, ticked)
    decision.propose()
    changes = record.Changes()
    changes.update(decision, "status", "ticked")
    cite = document.level(level).cite
    if step is not None:
        changes.create(step_of(decision, step.act, actor, at, to=step.to.name, cite=cite, note=note))
    to = step.to.name if step else ""
    record.append(
        incident, "level.proposed", changes, actor=actor, at=at, payload=payload_of(decision, to_post=to, cite=cite)
    )
    return decision


@transaction.atomic(durable=True)
def approve(
    decision_id: int,
    *,
    actor: Actor,
    at: datetime,
    reason: str = "",
    scope_judgement: str = "",
    ticked: Collection[str] | None = None,
) -> LevelDecision:
    """Approve a suggested or proposed level and put the incident on it, with everything the level sets going.

    A start of a reported incident verifies the event in the same act; its figures stay as they are.
    Raises NotAuthorised, Conflict, BadInput; then nothing is written.
    Source: who decides, from the incident's own plan version; interpretation 11 (the more severe level's authority).
    """
    incident, likes = locked_to_start(_incident_of(decision_id))
    decision = LevelDecision.objects.select_for_update().get(pk=decision_id)
    changes = record.Changes()
    judge_scope_locked(incident, scope_judgement, changes)
    authority.require(authority.settle(incident, actor, decision))
    if decision.to_level is None:
        raise Conflict("is_an_end", _("这是撤回响应的提请，请按“撤回”。"))
    actor = authority.as_decider(incident, actor, to_level=decision.target_level)
    weigh_anew_locked(incident, decision, changes, at, reason=reason, ticked=ticked)
    return take_effect_locked(incident, decision, changes, actor=actor, at=at, likes=likes)


@transaction.atomic(durable=True)
def decide(
    incident_id: int,
    to_level: int,
    *,
    actor: Actor,
    at: datetime,
    reason: str = "",
    scope_judgement: str = "",
    ticked: Collection[str] | None = None,
    again: bool = False,
) -> LevelDecision:
    """Decide a level at once, without the step below; the missing step stays visible. Raises as `approve`.

    again: whoever decides knows that a response has ended, and starts another one (interpretation 22): a change of a
    level that ends at the same moment never starts one by accident.
    """
    incident, likes = locked_to_start(incident_id)
    changes = record.Changes()
    judge_scope_locked(incident, scope_judgement, changes)
    found = authority.decide(incident, actor, to_level=to_level, again=again)
    authority.require(found + authority.goes_on(continued_by(incident)))
    actor = authority.as_decider(incident, actor, to_level=to_level)
    decision = decision_locked(incident, to_level, changes, at, reason=reason, ticked=ticked)
    return take_effect_locked(incident, decision, changes, actor=actor, at=at, likes=likes)


def decision_locked(
    incident: Incident,
    to_level: int,
    changes: record.Changes,
    at: datetime,
    *,
    reason: str,
    ticked: Collection[str] | None = None,
) -> LevelDecision:
    """A decision that somebody takes by himself, kept; a private step after the guard. Raises BadInput."""
    decision = _new(incident, to_level, words.take("reason", reason, most=500), at)
    _require_reason(incident, decision)
    _tick(decision, document_of(incident), ticked)
    return changes.create(decision)


def weigh_anew_locked(
    incident: Incident,
    decision: LevelDecision,
    changes: record.Changes,
    at: datetime,
    *,
    reason: str = "",
    ticked: Collection[str] | None = None,
) -> None:
    """An open decision before it takes effect: its reason, whom it tells, and what it rests on now. Raises BadInput."""
    decision.reason = words.take("reason", reason, most=500) or decision.reason
    _tick(decision, document_of(incident), ticked)
    _weigh_anew(incident, decision, changes, at)


def locked_to_start(incident_id: int) -> tuple[Incident, list[Incident]]:
    """The incident's row, locked; after an end with those that its marks are counted for, as a start counts it again.

    An incident never comes to its end and back while this waits but by a decision that makes the one at hand stale.
    """
    if Incident.objects.filter(pk=incident_id, status__in=AFTER_END).exists():
        return locks.incident_and_likes(incident_id)
    return locks.incident(incident_id), []


def continued_by(incident: Incident) -> Incident | None:
    """The incident in which this one goes on under another plan; a query only where it may be."""
    return Incident.objects.filter(continues=incident).first() if incident.status in AFTER_END else None


def _weigh_anew(incident: Incident, decision: LevelDecision, changes: record.Changes, at: datetime) -> None:
    """What the table gives and the figures are now, not when it was suggested: on these it is decided.

    Source: interpretation 23 (the decision shows whether the figures were estimated or verified).
    """
    rest_on(decision, weigh_incident(incident, at))
    changes.update(decision, *RESTS_ON)


def judge_scope_locked(incident: Incident, judgement: str, changes: record.Changes) -> None:
    """Keep the judgement that an event outside the city asks for, where one was given. Raises BadInput."""
    if judgement.strip():
        incident.scope_judgement = words.take("scope_judgement", judgement, most=500)
        changes.update(incident, "scope_judgement")


def take_effect_locked(
    incident: Incident,
    decision: LevelDecision,
    changes: record.Changes,
    *,
    actor: Actor,
    at: datetime,
    likes: Collection[Incident] = (),
    spoken: Spoken | None = None,
    beside: bool = False,
) -> LevelDecision:
    """The decision stands: the level, what it sets going, who is told; one entry. A private step on a locked incident.

    actor: who decides. spoken: how, where he did by word of mouth and another writes it down.
    After an end it begins another response: the first one's end, papers and after-care stay.
    """
    _require_reason(incident, decision)
    document = document_of(incident)
    level = decision.target_level
    decision.approve()
    decision.settled_at = at
    changes.update(decision, "status", "settled_at", "reason")
    cite = document.level(decision.authority_level).cite
    changes.create(deciding_step(decision, actor, at, cite=cite, note=decision.reason, spoken=spoken))
    expire_open(incident, "级别已变动", changes, at, but=decision.pk)
    was_reported, again = incident.status == Status.REPORTED, incident.status in AFTER_END
    if again:
        incident.response_no += 1
        incident.ended_at, incident.closed_at, incident.closing_reason = None, None, ""
        changes.update(incident, "response_no", "ended_at", "closed_at", "closing_reason")
    deployed = deployments.apply_locked(incident, decision, level, changes, at)
    incident.level = level
    if incident.status != Status.RESPONDING:
        incident.respond()
        incident.started_at = at
    changes.update(incident, "status", "level", "started_at")
    if again:
        set_alarm_locked(incident, changes, at)
    suggest_above_locked(incident, actor, changes, at)
    tell_chain(incident, decision, document, actor, changes, at, but=spoken.tells if spoken else frozenset())
    payload = payload_of(decision, cite=cite, deployed=vars(deployed), verified_event=was_reported)
    payload |= spoken.payload() if spoken else {}
    if again:
        payload["response_no"] = incident.response_no
    verb = {
        DecisionKind.START: "level.started",
        DecisionKind.RAISE: "level.raised",
        DecisionKind.LOWER: "level.lowered",
    }[DecisionKind(decision.kind)]
    by = spoken.by if spoken else None
    record.append(incident, verb, changes, actor=actor, at=at, recorded_by=by, payload=payload, beside=beside)
    if again:
        recount(incident, likes, incident.flags, at)
    return decision


def tell_chain(
    incident: Incident,
    decision: LevelDecision,
    document: PlanDocument,
    actor: Actor,
    changes: record.Changes,
    at: datetime,
    *,
    but: frozenset[str] = frozenset(),
) -> None:
    """The others who decide in this plan are told at once (interpretations 11 and 12). but: posts told otherwise.

    A post of the actor's that another holds too, whom he acts for or shares it with, is told as well.
    """
    named = frozenset().union(*chain.ladder(document))
    shared = {item.position.key for item in holders(named & actor.posts, at) if item.user.ref != actor.ref}
    others = (named - actor.posts | shared) - but
    what = level_name(decision.to_level) if decision.to_level is not None else "响应"
    kind = words.official(DecisionKind(decision.kind).label)
    if decision.manner:
        kind, what = words.official(Manner(decision.manner).label), "响应"
    title = incident.headline(f"{actor.name_of_post()}{actor.name}决定{kind}{what}")
    changes.create_all(
        Notice,
        [
            Notice(
                stream=incident.stream,
                subject=record.thing(decision),
                kind=Notice.Kind.INFORMATION,
                position=position,
                title=title,
                sent_at=at,
                needs_receipt=False,
            )
            for position in Position.objects.filter(key__in=others)
        ],
    )


@transaction.atomic(durable=True)
def refuse(decision_id: int, *, actor: Actor, at: datetime, reason: str) -> LevelDecision:
    """Refuse a suggested or proposed level, with a reason. Raises NotAuthorised, Conflict, BadInput.

    Source: who would have decided for it may decide against it.
    """
    incident = locks.incident(_incident_of(decision_id))
    decision = LevelDecision.objects.select_for_update().get(pk=decision_id)
    found = [item for item in authority.settle(incident, actor, decision) if item.code != "needs_judgement"]
    authority.require(found)
    actor = authority.as_decider(incident, actor, to_level=decision.authority_level)
    if not reason.strip():
        raise BadInput([FieldError("reason", "reason_needed", _("不批准须写明理由。"))])
    reason = words.take("reason", reason, most=500)
    changes = record.Changes()
    if decision.to_level is not None:
        _weigh_anew(incident, decision, changes, at)  # it comes back when other clauses hold than do now
    decision.refuse()
    decision.settled_at, decision.settled_reason = at, reason
    changes.update(decision, "status", "settled_at", "settled_reason")
    changes.create(step_of(decision, DecisionStep.Act.DECIDE, actor, at, note=reason))
    record.append(incident, "level.refused", changes, actor=actor, at=at, payload=payload_of(decision, refusal=reason))
    return decision


def _incident_of(decision_id: int) -> int:
    """The incident a decision is about: a decision never moves to another. Raises LevelDecision.DoesNotExist."""
    return LevelDecision.objects.values_list("incident_id", flat=True).get(pk=decision_id)
