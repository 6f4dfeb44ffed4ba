"""Spoken orders: written down by another hand, in effect at once, then countersigned or disputed by who gave them."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from plans.labels import level_name
from response import authority, chain, locks
from response.facts import assess, document_of, weigh_incident
from response.models import DecisionStep, Incident, LevelDecision, SpokenOrder
from response.models.decisions import OPEN_STATUSES, DecisionKind, DecisionStatus, Manner
from shuozhou_ops import words
from shuozhou_ops.accounts.actors import actor_for
from shuozhou_ops.accounts.models import Position, User
from shuozhou_ops.errors import BadInput, Conflict, FieldError
from shuozhou_ops.journal import record
from shuozhou_ops.journal.actors import Actor
from shuozhou_ops.notices.models import Notice
from shuozhou_ops.words import official

from .decisions import (
    Spoken,
    continued_by,
    decision_locked,
    judge_scope_locked,
    locked_to_start,
    payload_of,
    step_of,
    take_effect_locked,
    weigh_anew_locked,
)
from .endings import end_locked, unconfirmed
from .facts import moment_fault
from .marks import recount
from .people import user_of
from .settling import DROP_ALL, Settle
from .suggestions import rest_on

WITNESSED = (2, 1)  # levels whose spoken orders another person must have heard
BY_MOUTH = tuple(means for means in DecisionStep.Means.values if means != DecisionStep.Means.SYSTEM)


@dataclass(frozen=True)
class Said:
    """What was said: by whom (an account), when, by what means, in what words, and who else heard it.

    witness: an account; else witness_name, of somebody without one.
    """

    giver: int
    said_at: datetime
    means: str
    words: str = ""
    witness: int | None = None
    witness_name: str = ""


@dataclass(frozen=True)
class _People:
    giver: User
    witness: User | None
    witness_name: str  # '' where there is none


@transaction.atomic(durable=True)
def take_down(
    incident_id: int,
    to_level: int | None,
    said: Said,
    *,
    actor: Actor,
    at: datetime,
    reason: str = "",
    scope_judgement: str = "",
    ticked: Collection[str] | None = None,
    again: bool = False,
    settle: Settle = DROP_ALL,
) -> SpokenOrder:
    """Write down that somebody ordered a level by word of mouth, or the end (to_level None). It is in effect at once.

    The entry is the giver's, written by the actor; an open proposal to that level is settled by it. The giver and the
    directors of the office are told in the same act; it stays with the giver until he countersigns or disputes it.
    again, settle: as with `decisions.decide` and `endings.declare`. What was said before the last decision is refused
    where that has overtaken it: see `_overtaken`.
    Raises NotAuthorised, Conflict, BadInput; then nothing is written.
    Source: ours (D4); who may decide and who may end is the plan's, of the moment at which it was said; a witness for
    levels 2 and 1, the more severe of the two.
    """
    ending = to_level is None  # then the marks it bears are counted anew elsewhere
    incident, likes = locks.incident_and_likes(incident_id) if ending else locked_to_start(incident_id)
    authority.require(authority.take_down(incident, actor) + authority.goes_on(continued_by(incident)))
    people = _people(incident, to_level, said, actor, at)
    giver = actor_for(people.giver, said.said_at)
    changes = record.Changes()
    judge_scope_locked(incident, scope_judgement, changes)
    left = unconfirmed(incident) if to_level is None else []
    authority.require(
        authority.give_order(
            incident, giver, actor, to_level=to_level, said_at=said.said_at, unconfirmed=left, again=again
        )
    )
    document = document_of(incident)
    speaks = _speaking(incident, giver, to_level)
    told = _posts_of(speaks, actor_for(people.giver, at)) | (chain.office_posts(document) - actor.posts)
    spoken = Spoken(said.said_at, said.means, actor, people.witness_name, told)
    if to_level is None:
        reason = words.take("reason", reason, most=500)
        end = end_locked(
            incident, Manner.ORDINARY, changes, actor=giver, at=at, reason=reason, settle=settle, spoken=spoken
        )
        order = _keep(end.decision, said, people, end.actor, actor, changes, at)
        _tell(incident, order, end.actor, spoken, changes, at)
        record.append(
            incident, "response.ended", changes, actor=end.actor, at=at, recorded_by=actor, payload=end.payload
        )
        recount(incident, likes, incident.flags, at)
        return order
    giver, decision = speaks, _waiting_for(incident, to_level)
    if decision is None:
        decision = decision_locked(incident, to_level, changes, at, reason=reason, ticked=ticked)
    else:
        weigh_anew_locked(incident, decision, changes, at, reason=reason, ticked=ticked)
    order = _keep(decision, said, people, giver, actor, changes, at)
    _tell(incident, order, giver, spoken, changes, at)
    take_effect_locked(incident, decision, changes, actor=giver, at=at, likes=likes, spoken=spoken)
    return order


def _waiting_for(incident: Incident, to_level: int) -> LevelDecision | None:
    """The open decision that such an order settles: a proposal before a suggestion, the table's before a person's."""
    rows = incident.decisions.select_for_update().filter(
        status__in=OPEN_STATUSES, from_level=incident.level, to_level=to_level
    )
    found = sorted(rows, key=lambda row: (row.status != DecisionStatus.PROPOSED, not row.automatic, row.pk))
    return next(iter(found), None)


def _people(incident: Incident, to_level: int | None, said: Said, actor: Actor, at: datetime) -> _People:
    """Who gave it and who heard it. Raises BadInput with every fault of what was typed at once."""
    giver = User.objects.filter(pk=said.giver).first()
    witness = User.objects.filter(pk=said.witness).first() if said.witness is not None else None
    name = str(witness) if witness else said.witness_name.strip()
    faults = [
        None if giver else FieldError("giver", "unknown_person", _("请选择下达口头令的人。")),
        _means_fault(said.means),
        _moment_fault(incident, to_level, giver, said.said_at, at),
        words.fault("words", said.words, most=500),
        words.fault("witness_name", said.witness_name, most=100),
        _witness_fault(incident, to_level, giver, witness, name, actor),
    ]
    if found := [item for item in faults if item]:
        raise BadInput(found)
    assert giver is not None
    return _People(giver, witness, name)


def _means_fault(means: str) -> FieldError | None:
    if means in BY_MOUTH:
        return None
    return FieldError("means", "not_a_choice", _("请选择“方式”中列出的一项。"))


def _moment_fault(
    incident: Incident, to_level: int | None, giver: User | None, said_at: datetime, at: datetime
) -> FieldError | None:
    if said_at < _minute(incident.logged_at):
        return FieldError("said_at", "before_logged", _("下达时间不能早于本事件的接报时间。"))
    return _overtaken(incident, to_level, giver, said_at) or moment_fault("said_at", said_at, at)


def _overtaken(incident: Incident, to_level: int | None, giver: User | None, said_at: datetime) -> FieldError | None:
    """Why an order that was said before the last decision and is written down after it counts no more.

    An end overtakes every order, the giver's own later word his earlier one, a refusal of that level an order of it;
    any decision overtakes what would undo it: a milder level, or the end. A more severe level that another ordered
    before stands: it is written down late, and nobody has taken it back.
    Source: ours (what was said before the level moved is stale like a proposal).
    """
    decided = _decided(incident)
    later = [step for step in _refusals(incident, to_level) + decided if said_at < _minute(step.at)]
    if any(step.decision.is_end for step in later):
        return FieldError("said_at", "before_end", _("下达时间早于上一次响应结束的时间，不能作为再次启动的命令。"))
    milder = to_level is None or (incident.level is not None and to_level > incident.level)
    against = [
        step
        for step in later
        if step.decision.status == DecisionStatus.REFUSED
        or (milder and step == decided[0])
        or (giver is not None and step.by_id == giver.pk and to_level != incident.level)
    ]
    if not against:
        return None
    step = against[0]
    told = {
        "at": timezone.localtime(step.at).strftime("%m-%d %H:%M"),
        "who": step.by_name,
        "what": _what(step.decision),
    }
    words = _("这道令下达以后，%(who)s已于 %(at)s 决定%(what)s：请向下达人核实现在的意思，按核实的时间记录。")
    if step.decision.status == DecisionStatus.REFUSED:
        words = _("这道令下达以后，%(who)s已于 %(at)s 不批准%(what)s：请向下达人核实现在的意思，按核实的时间记录。")
    return FieldError("said_at", "overtaken", words % told)


def _refusals(incident: Incident, to_level: int | None) -> list[DecisionStep]:
    """The steps by which this level was refused, the last first; one query."""
    if to_level is None:
        return []
    steps = DecisionStep.objects.filter(
        act=DecisionStep.Act.DECIDE,
        decision__incident=incident,
        decision__status=DecisionStatus.REFUSED,
        decision__to_level=to_level,
    )
    return list(steps.select_related("decision").order_by("-pk"))


def _decided(incident: Incident) -> list[DecisionStep]:
    """The step that took each decision in effect, the end's too, the last first; one query."""
    steps = DecisionStep.objects.filter(
        act=DecisionStep.Act.DECIDE, decision__incident=incident, decision__status=DecisionStatus.APPROVED
    )
    return list(steps.select_related("decision").order_by("-decision__settled_at", "-pk"))


def _minute(moment: datetime) -> datetime:
    """A form gives the minute."""
    return moment.replace(second=0, microsecond=0)


def _witness_fault(
    incident: Incident, to_level: int | None, giver: User | None, witness: User | None, name: str, actor: Actor
) -> FieldError | None:
    """A witness is another person than who gave the order and who writes it down, by account and by name."""
    severe = min(level for level in (to_level, incident.level, 5) if level is not None)
    if not name:
        told = _("%s的口头令须有见证人：另一位听到的人。") % level_name(severe)
        return FieldError("witness_name", "witness_needed", told) if severe in WITNESSED else None
    refs = {actor.ref} | ({giver.ref} if giver else set())
    names = {_plain(actor.name)} | ({_plain(giver.name), _plain(giver.username)} if giver else set())
    if (witness and witness.ref in refs) or _plain(name) in names:
        told = _("见证人不能是下达口头令的人，也不能是代记的人。")
        return FieldError("witness" if witness else "witness_name", "own_witness", told)
    return None


def _plain(name: str) -> str:
    """A name as it is compared: without spaces."""
    return "".join(name.split()).casefold()


def _keep(
    decision: LevelDecision,
    said: Said,
    people: _People,
    giver: Actor,
    writer: Actor,
    changes: record.Changes,
    at: datetime,
) -> SpokenOrder:
    by = user_of(writer)
    assert by is not None  # an account: the guard has asked for a post or the desk
    return changes.create(
        SpokenOrder(
            decision=decision,
            giver=people.giver,
            giver_post=giver.name_of_post(),
            said_at=said.said_at,
            means=said.means,
            words=said.words.strip(),
            witness=people.witness,
            witness_name=people.witness_name,
            recorded_by=by,
            recorded_at=at,
        )
    )


def _speaking(incident: Incident, giver: Actor, to_level: int | None) -> Actor:
    """The giver in the post in which he decides that level, or the end."""
    if to_level is not None:
        return authority.as_decider(incident, giver, to_level=to_level)
    assert incident.level is not None  # the guard has seen to it
    field = authority.field_of(incident)
    return authority.as_ender(document_of(incident), giver, level=incident.level, field=field)


def _posts_of(then: Actor, now: Actor) -> frozenset[str]:
    """The post in which the giver spoke, and where he has lost that since, one of those that he holds."""
    spoken = [key for key, _name in then.post_names if key][:1]
    held = [key for key, _name in now.post_names if key]
    return frozenset(spoken + (held[:1] if not set(spoken) & set(held) else []))


def _tell(
    incident: Incident, order: SpokenOrder, giver: Actor, spoken: Spoken, changes: record.Changes, at: datetime
) -> None:
    """The giver, in the post he spoke in, and the directors of the office are told the moment it is written down."""
    what = _what(order.decision)
    title = incident.headline(f"{spoken.by.name}代记{giver.name_of_post()}{giver.name}口头令：{what}")
    _inform(incident, order.decision, title, spoken.tells, changes, at, body=order.words)


def _inform(
    incident: Incident,
    decision: LevelDecision,
    title: str,
    whom: Collection[str],
    changes: record.Changes,
    at: datetime,
    *,
    body: str = "",
) -> None:
    """An information copy for each of these posts."""
    changes.create_all(
        Notice,
        [
            Notice(
                stream=incident.stream,
                subject=record.thing(decision),
                kind=Notice.Kind.INFORMATION,
                position=position,
                title=title,
                body=body,
                sent_at=at,
                needs_receipt=False,
            )
            for position in Position.objects.filter(key__in=whom)
        ],
    )


def _what(decision: LevelDecision) -> str:
    """What was ordered, as the papers say it: `启动三级响应`."""
    kind = official(DecisionKind(decision.kind).label)
    return f"{kind}{level_name(decision.to_level if decision.to_level is not None else decision.from_level)}"


@transaction.atomic(durable=True)
def countersign(decision_id: int, *, actor: Actor, at: datetime) -> SpokenOrder:
    """Who gave the order confirms it. Raises NotAuthorised, Conflict. Source: ours (D4: the confirmation)."""
    incident, order = _locked(decision_id)
    authority.require(authority.answer_order(order, actor))
    order.countersign()
    order.settled_at = at
    changes = record.Changes()
    changes.update(order, "status", "settled_at")
    record.append(incident, "spoken_order.countersigned", changes, actor=actor, at=at, payload=_payload(order))
    return order


@transaction.atomic(durable=True)
def dispute(decision_id: int, *, actor: Actor, at: datetime, reason: str) -> SpokenOrder:
    """Who is said to have given the order says that it was not so. Raises NotAuthorised, Conflict, BadInput.

    Nothing is undone: the order and its incident bear the mark from now on, and a proposal back to the level before
    waits. Where the level has moved meanwhile, that is stale like any other. Source: ours.
    """
    incident, order = _locked(decision_id)
    authority.require(authority.answer_order(order, actor))
    reason = words.take("reason", reason, most=500, needed=True)
    order.dispute()
    order.settled_at, order.settled_reason = at, reason
    changes = record.Changes()
    changes.update(order, "status", "settled_at", "settled_reason")
    back = _propose_back(incident, order, actor, changes, at)
    document = document_of(incident)
    title = incident.headline(f"{actor.name}对口头令“{_what(order.decision)}”有异议")
    whom = chain.office_posts(document).union(*chain.ladder(document)) - actor.posts
    _inform(incident, order.decision, title, whom, changes, at, body=reason)
    payload = {**_payload(order), "reason": reason, "back": back.pk, "stale": not back.is_open}
    record.append(incident, "spoken_order.disputed", changes, actor=actor, at=at, payload=payload)
    return order


def _propose_back(
    incident: Incident, order: SpokenOrder, actor: Actor, changes: record.Changes, at: datetime
) -> LevelDecision:
    """The proposal back to the level before; of a start, to revoke the response. Stale where another decision has taken
    effect since, though the level should be the same again: that one was properly given."""
    disputed = order.decision
    back = LevelDecision(
        incident=incident,
        kind=BACK[DecisionKind(disputed.kind)],
        manner=Manner.REVOKED if disputed.kind == DecisionKind.START else Manner.ORDINARY,
        from_level=disputed.to_level,
        to_level=disputed.from_level,
        reverses=disputed,
        reason=f"{order.giver}对口头令有异议：{order.settled_reason}"[:500],
        made_at=at,
    )
    if disputed.kind == DecisionKind.START:
        standing, answer = assess(incident, at)
        back.from_level, back.to_level = disputed.to_level, None
        back.table_level, back.figures = answer.level, standing.figures
    else:
        rest_on(back, weigh_incident(incident, at))
    back.propose()
    changes.create(back)
    changes.create(step_of(back, DecisionStep.Act.SUGGEST, actor, at, note=order.settled_reason))
    if incident.level != back.from_level or _decided(incident)[0].decision_id != disputed.pk:
        back.expire()
        back.settled_at, back.settled_reason = at, "级别已变动"
        changes.update(back, "status", "settled_at", "settled_reason")
    return back


BACK = {
    DecisionKind.START: DecisionKind.END,
    DecisionKind.RAISE: DecisionKind.LOWER,
    DecisionKind.LOWER: DecisionKind.RAISE,
    DecisionKind.END: DecisionKind.START,
}


@transaction.atomic(durable=True)
def revoke(decision_id: int, *, actor: Actor, at: datetime, reason: str = "") -> LevelDecision:
    """End the response that a disputed order began, as its giver proposed. Raises NotAuthorised, Conflict, BadInput.

    No end condition is asked and no after-care given: it stood on an order that was never given. What was deployed is
    released, and everyone who was told is told. Source: ours; the clause of the level, by whose word alone it runs.
    """
    incident_id = LevelDecision.objects.values_list("incident_id", flat=True).get(pk=decision_id)
    incident, likes = locks.incident_and_likes(incident_id)
    decision = LevelDecision.objects.select_for_update().get(pk=decision_id)
    if decision.to_level is not None:
        raise BadInput([FieldError("", "not_an_end", _("这不是撤回响应的提请。"))])
    authority.require(authority.settle(incident, actor, decision))
    reason = words.take("reason", reason, most=500)
    actor = authority.as_decider(incident, actor, to_level=decision.authority_level)
    changes = record.Changes()
    end = end_locked(incident, Manner.REVOKED, changes, actor=actor, at=at, reason=reason, decision=decision)
    record.append(incident, "response.revoked", changes, actor=end.actor, at=at, payload=end.payload)
    recount(incident, likes, incident.flags, at)
    return end.decision


def _locked(decision_id: int) -> tuple[Incident, SpokenOrder]:
    """The incident and the order, locked. Raises LevelDecision.DoesNotExist; Conflict where it was no spoken order."""
    incident = locks.incident(LevelDecision.objects.values_list("incident_id", flat=True).get(pk=decision_id))
    orders = SpokenOrder.objects.select_for_update(of=("self",)).select_related("decision", "giver")
    order = orders.filter(decision=decision_id).first()
    if order is None:
        raise Conflict("no_order", _("这项决定不是口头令。"))
    order.decision.incident = incident
    return incident, order


def _payload(order: SpokenOrder) -> dict[str, object]:
    """What is said of an order: whose it is, of what, and by what clause it needed his word."""
    decision = order.decision
    return payload_of(decision, giver=str(order.giver), said_at=record.spell(order.said_at), cite="")
