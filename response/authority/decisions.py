"""Who may suggest, propose and decide a level."""

from django.utils import timezone
from django.utils.translation import gettext as _

from plans.documents import PlanDocument
from plans.labels import level_name
from response import chain
from response.bearers import posts, posts_of
from response.facts import document_of
from response.models import Incident, LevelDecision
from response.models.decisions import DecisionStatus
from response.models.incidents import AFTER_END, BEFORE_END, Status
from shuozhou_ops.journal.actors import Actor

from .obstacles import Obstacle, in_state, not_named, of_office


def suggest(incident: Incident, actor: Actor) -> list[Obstacle]:
    """May this person suggest a level? After an end too: that of another start."""
    return in_state(incident, *BEFORE_END, *AFTER_END) + of_office(incident, actor)


def goes_on(continued_by: Incident | None) -> list[Obstacle]:
    """What goes on in another incident is not started again here."""
    if continued_by is None:
        return []
    words = _("本事件已经转入%(code)s，请到那里启动。") % {"code": continued_by.code}
    return [Obstacle("continued", words)]


def decide(incident: Incident, actor: Actor, *, to_level: int, again: bool = False) -> list[Obstacle]:
    """May this person put the incident on this level? Needs the authority of the more severe of the two levels.

    again: another start after an end is meant. Source: interpretation 22 (the one whom the plan names decides it).
    """
    document = document_of(incident)
    if to_level not in {item.level for item in document.levels}:
        return [Obstacle("no_such_level", _("预案没有这个级别。"))]
    needed = to_level if incident.level is None else min(to_level, incident.level)
    level = document.level(needed)
    words = _("%(level)s由%(who)s决定；您没有担任这一职务。") % {
        "level": level_name(needed),
        "who": level.decided_by.name,
    }
    found = in_state(incident, *(AFTER_END if again else BEFORE_END))
    found += not_named(actor, changers(document, incident, needed), words, level.cite)
    if incident.level == to_level:
        found.append(Obstacle("same_level", _("已经在这一级别。")))
    return found + _scope(incident, document)


def as_decider(incident: Incident, actor: Actor, *, to_level: int) -> Actor:
    """The same person, speaking in the post that the plan names for this level, else in the superior one held."""
    document = document_of(incident)
    needed = to_level if incident.level is None else min(to_level, incident.level)
    named = posts(document.level(needed).decided_by, document)
    return actor.as_holder_of(named, changers(document, incident, needed))


def changers(document: PlanDocument, incident: Incident, needed: int) -> frozenset[str]:
    """The posts that may decide this level for this incident now: of a change, those the plan names for it too."""
    allowed = chain.deciders(document, needed)
    if incident.level is not None and document.adjusting and isinstance(document.adjusting.decided_by, tuple):
        allowed |= posts_of(document.adjusting.decided_by, document)
    return allowed


def _scope(incident: Incident, document: PlanDocument) -> list[Obstacle]:
    """A start for an event outside the city needs the recorded judgement of serious impact (interpretation 10)."""
    judged = next((scope for scope in document.scope if scope.needs_judgement), None)
    if judged is None or incident.scope_judgement or incident.level is not None or not incident.outside_city:
        return []
    words = _("事发地不在本市县（市、区），启动前须写明对我市产生严重影响的判断。")
    return [Obstacle("needs_judgement", words, judged.cite)]


def propose(incident: Incident, actor: Actor, decision: LevelDecision) -> list[Obstacle]:
    """May this person send this suggestion up the chain?"""
    document = document_of(incident)
    if decision.status != DecisionStatus.SUGGESTED:
        return [_settled(decision)]
    level = decision.authority_level
    step = chain.proposal_step(document, level)
    if step is None:
        words = _("%(level)s不需要报请，由%(who)s直接决定。")
        named = document.level(level)
        return [Obstacle("no_proposal", words % {"level": level_name(level), "who": named.decided_by.name}, named.cite)]
    words = _("应由%(by)s向%(to)s报请；您没有担任这一职务。") % {"by": step.by.name, "to": step.to.name}
    return _stale(incident, decision) + not_named(actor, posts(step.by, document), words, document.level(level).cite)


def settle(incident: Incident, actor: Actor, decision: LevelDecision) -> list[Obstacle]:
    """May this person approve or refuse this decision?"""
    if not decision.is_open:
        return [_settled(decision)]
    if decision.to_level is None:
        return _stale(incident, decision) + revoke(incident, actor)
    again = incident.status in AFTER_END
    return _stale(incident, decision) + decide(incident, actor, to_level=decision.target_level, again=again)


def revoke(incident: Incident, actor: Actor) -> list[Obstacle]:
    """May this person end a response that stood on an order which was never given?

    Whoever may decide its level may: as nothing was ordered, there is nothing whose end would have to be ripe, and no
    end condition is asked. Source: ours; the level's clause, which says by whose word alone it runs.
    """
    found = in_state(incident, Status.RESPONDING)
    if incident.level is None:
        return found
    document = document_of(incident)
    level = document.level(incident.level)
    told = {"level": level_name(incident.level), "who": level.decided_by.name}
    words = _("%(level)s由%(who)s决定，撤回也由他或其上级；您没有担任这一职务。") % told
    return found + not_named(actor, changers(document, incident, incident.level), words, level.cite)


def add_step(incident: Incident, actor: Actor, decision: LevelDecision, act: str) -> list[Obstacle]:
    """May this person write down a step of the chain that was done without the system? It never moves the decision.

    A report that nobody waits for: as long as the decision stands or waits. A step on which the next one decides: after
    the decision, where it was left out; before, it is sent up. Also after the closing. Source: interpretations 11, 16.
    """
    document = document_of(incident)
    left_out = chain.left_out(document, decision.authority_level, decision.acts_taken)
    step = next((step for step in left_out if step.act == act), None)
    if step is None:
        return [Obstacle("step_there", _("这项决定没有缺这一步。"))]
    stands = decision.is_move or (decision.is_open and step.is_ == "recorded")
    if not stands:
        return [_settled(decision) if not decision.is_open else Obstacle("not_decided", _("还没有决定，请直接报请。"))]
    words = _("由%(by)s记录；您没有担任这一职务。") % {"by": step.by.name}
    cite = document.level(decision.authority_level).cite
    not_merged = [status for status in Status if status != Status.MERGED]
    return in_state(incident, *not_merged) + not_named(actor, posts(step.by, document), words, cite)


def _settled(decision: LevelDecision) -> Obstacle:
    words = _("这项提请已经是“%(now)s”%(when)s，没有重复生效。")
    at = decision.settled_at
    when = _("（%s）") % timezone.localtime(at).strftime("%m-%d %H:%M") if at else ""
    return Obstacle("already_settled", words % {"now": DecisionStatus(decision.status).label, "when": when})


def _stale(incident: Incident, decision: LevelDecision) -> list[Obstacle]:
    if decision.from_level == incident.level:
        return []
    words = _("提请时的级别（%(then)s）已经变动，现为%(now)s，请重新提请。")
    then, now = level_name(decision.from_level), level_name(incident.level)
    return [Obstacle("level_moved", words % {"then": then, "now": now})]
