"""Who may do what, and what stands in the way of an act, in words with its clause."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from plans.documents import PlanDocument
from plans.labels import level_name
from response import chain
from response.bearers import posts, posts_of
from response.models import DeploymentSeat, Incident, LevelDecision, Paper, Task
from response.models.decisions import OPEN_STATUSES, DecisionKind, DecisionStatus
from response.models.incidents import BEFORE_END, Status
from shuozhou_ops.accounts.models import Position
from shuozhou_ops.errors import Conflict, NotAuthorised
from shuozhou_ops.journal.actors import Actor
from shuozhou_ops.notices.models import Notice

from .facts import document_of
from .slots import Slot

DESK = Position.Function.DESK.value


@dataclass(frozen=True)
class Obstacle:
    """One thing in the way of an act: a code, words, the clause; `authority` where the person is the obstacle."""

    code: str
    words: str
    cite: str | None = None
    authority: bool = False


def _not_named(actor: Actor, allowed: frozenset[str], words: str, cite: str) -> list[Obstacle]:
    if actor.posts & allowed:
        return []
    return [Obstacle("not_named", words, cite, authority=True)]


def _state(incident: Incident, *allowed: Status) -> list[Obstacle]:
    if incident.status in allowed:
        return []
    words = _("事件现为“%(now)s”，只有在“%(allowed)s”时才能这样做。")
    names = "、".join(str(status.label) for status in allowed)
    return [Obstacle("wrong_state", words % {"now": Status(incident.status).label, "allowed": names})]


def keeps(actor: Actor, document: PlanDocument) -> bool:
    """Whether this person keeps the incidents of this plan: the desk, or a post of its chain. Source: ours."""
    return DESK in actor.functions or bool(actor.posts & chain.all_posts(document))


def speaks_for(actor: Actor, row: Task | Notice | DeploymentSeat) -> bool:
    """Whether this person's word is that of the row's unit or post; `visibility.borne_by` asks it of a query."""
    unit, position = row.unit, row.position
    return (unit is not None and unit.key in actor.units) or (position is not None and position.key in actor.posts)


def log(document: PlanDocument, actor: Actor) -> list[Obstacle]:
    """May this person log a call under this plan?"""
    if keeps(actor, document):
        return []
    return [Obstacle("not_of_office", _("只有值班台和指挥部负责人可以记录事件。"), authority=True)]


def _office(incident: Incident, actor: Actor) -> list[Obstacle]:
    """The desk, or anyone in the plan's chain."""
    document = document_of(incident)
    if keeps(actor, document):
        return []
    words = _("只有值班台和指挥部负责人可以这样做。")
    return [Obstacle("not_of_office", words, document.headquarters.cite, authority=True)]


def verify(incident: Incident, actor: Actor) -> list[Obstacle]:
    """May this person say the event is real?"""
    return _state(incident, Status.REPORTED) + _office(incident, actor)


def locate(incident: Incident, actor: Actor) -> list[Obstacle]:
    """May this person say in which county it happened? Only while none is known and no response runs."""
    found = _state(incident, Status.REPORTED, Status.VERIFIED) + _office(incident, actor)
    if incident.places.all():
        found.append(Obstacle("place_known", _("事发县（市、区）已经确定。")))
    return found


def report_fact(incident: Incident, actor: Actor) -> list[Obstacle]:
    """May this person report a fact?"""
    open_states = [status for status in Status if status != Status.CLOSED]
    return _state(incident, *open_states) + _office(incident, actor)


def hand_in(incident: Incident, actor: Actor, slot: Slot) -> list[Obstacle]:
    """May this person hand in what a unit is charged to tell? The unit does, or the desk and the office for it."""
    open_states = [status for status in Status if status != Status.CLOSED]
    found = _state(incident, *open_states)
    if slot.bearer.unit in actor.units or slot.bearer.post in actor.posts or keeps(actor, document_of(incident)):
        return found
    words = _("这份报告由%(who)s提交，或由值班台代记。") % {"who": slot.bearer.name}
    return [*found, Obstacle("not_author", words, slot.cite, authority=True)]


def mark(incident: Incident, actor: Actor) -> list[Obstacle]:
    """May this person set or take away a mark of the plan's? Source: ours, as with facts."""
    return _state(incident, *BEFORE_END) + _office(incident, actor)


def suggest(incident: Incident, actor: Actor) -> list[Obstacle]:
    """May this person suggest a level?"""
    return _state(incident, *BEFORE_END) + _office(incident, actor)


def decide(incident: Incident, actor: Actor, *, to_level: int) -> list[Obstacle]:
    """May this person put the incident on this level? Needs the authority of the more severe of the two levels."""
    document = document_of(incident)
    if to_level not in {item.level for item in document.levels}:
        return [Obstacle("no_such_level", _("预案没有这个级别。"))]
    needed = to_level if incident.level is None else min(to_level, incident.level)
    level = document.level(needed)
    words = _("%(level)s由%(who)s决定；您没有担任这一职务。") % {
        "level": level_name(needed),
        "who": level.decided_by.name,
    }
    found = _state(incident, *BEFORE_END)
    found += _not_named(actor, changers(document, incident, needed), words, level.cite)
    if incident.level == to_level:
        found.append(Obstacle("same_level", _("已经在这一级别。")))
    return found + _scope(incident, document)


def as_decider(incident: Incident, actor: Actor, *, to_level: int) -> Actor:
    """The same person, speaking in the post that the plan names for this level, else in the superior one held."""
    document = document_of(incident)
    needed = to_level if incident.level is None else min(to_level, incident.level)
    named = posts(document.level(needed).decided_by, document)
    return actor.as_holder_of(named, changers(document, incident, needed))


def as_ender(document: PlanDocument, actor: Actor, *, level: int) -> Actor:
    """The same person, speaking in the post that the plan names for the end, else in the superior one held."""
    return actor.as_holder_of(posts(chain.declarer(document, level), document), chain.enders(document, level))


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
    return _stale(incident, decision) + _not_named(actor, posts(step.by, document), words, document.level(level).cite)


def settle(incident: Incident, actor: Actor, decision: LevelDecision) -> list[Obstacle]:
    """May this person approve or refuse this decision?"""
    if not decision.is_open:
        return [_settled(decision)]
    return _stale(incident, decision) + decide(incident, actor, to_level=decision.target_level)


def add_step(incident: Incident, actor: Actor, decision: LevelDecision, act: str) -> list[Obstacle]:
    """May this person write down a step of the chain that was done without the system? It never moves the decision.

    A report that nobody waits for: as long as the decision stands or waits. A step on which the next one decides: after
    the decision, where it was left out; before, it is sent up. Source: interpretations 11 and 16.
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
    open_states = [status for status in Status if status != Status.CLOSED]
    return _state(incident, *open_states) + _not_named(actor, posts(step.by, document), words, cite)


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


def confirm_end(incident: Incident, actor: Actor) -> list[Obstacle]:
    """May this person confirm an end condition?"""
    document = document_of(incident)
    words = _("结束条件由指挥部负责人逐条确认。")
    return _state(incident, Status.RESPONDING) + _not_named(
        actor, chain.all_posts(document), words, document.headquarters.cite
    )


def declare_end(incident: Incident, actor: Actor, unconfirmed: Iterable[str]) -> list[Obstacle]:
    """May this person declare the end? Every condition must have been confirmed by name."""
    found = _state(incident, Status.RESPONDING)
    if incident.level is None:
        return found
    document = document_of(incident)
    cite = chain.ending_cite(document, incident.level)
    words = _("%(level)s由%(who)s宣布结束；您没有担任这一职务。") % {
        "level": level_name(incident.level),
        "who": chain.declarer(document, incident.level).name,
    }
    found += _not_named(actor, chain.enders(document, incident.level), words, cite)
    for condition in unconfirmed:
        found.append(Obstacle("not_confirmed", _("结束条件尚未确认：%(text)s") % {"text": condition}, cite))
    return found


def name_seats(incident: Incident, actor: Actor) -> list[Obstacle]:
    """May this person name who leads and sits in a deployment?"""
    document = document_of(incident)
    words = _("组长和成员由指挥部负责人指定。")
    allowed = chain.all_posts(document)
    return _state(incident, Status.RESPONDING) + _not_named(actor, allowed, words, document.headquarters.cite)


def review(incident: Incident, actor: Actor) -> list[Obstacle]:
    """May this person open evaluation and summaries?"""
    return _state(incident, Status.ENDED) + _office(incident, actor)


def close(incident: Incident, actor: Actor, *, owed: Iterable[str] = (), level: int | None = None) -> list[Obstacle]:
    """May this person close? After a response: every paper is there. Without one: no level holds, or it was refused."""
    document = document_of(incident)
    allowed = chain.office_posts(document).union(*chain.ladder(document))
    words = _("由指挥部办公室负责人或其上级办结。")
    found = _state(incident, Status.VERIFIED, Status.REVIEWING)
    found += _not_named(actor, allowed, words, document.headquarters.cite)
    if incident.status == Status.VERIFIED and level is not None and not _start_refused(incident, level):
        words = _("按现有情况达到%(level)s条件，应先由有权的人决定启动或不启动。")
        found.append(Obstacle("level_holds", words % {"level": level_name(level)}, document.level(level).cite))
    for paper in owed:
        found.append(Obstacle("paper_owed", _("还缺：%(paper)s") % {"paper": paper}))
    return found


def _start_refused(incident: Incident, level: int) -> bool:
    """Whether a start was refused by one who may decide this level, and none has been asked for since."""
    starts = incident.decisions.filter(kind=DecisionKind.START).exclude(status=DecisionStatus.STALE)
    last = starts.filter(to_level__lte=level).last()
    waiting = starts.filter(status__in=OPEN_STATUSES).exists()
    return last is not None and last.status == DecisionStatus.REFUSED and not waiting


def work_on(task: Task, actor: Actor, *, seats: Iterable[DeploymentSeat] | None = None) -> list[Obstacle]:
    """May this person speak for this task's bearer? The unit, the post, or a lead of the group.

    Where nobody stands behind it (a county's task outside the city, words alone, a group without a lead): the office.
    seats: those of the task's deployment, where they are at hand; else they are read.
    Source: the task's clause; who stands in for nobody is ours (annex 2, the office coordinates).
    """
    mine = speaks_for(actor, task)
    if seats is None and not mine:
        seats = list(task.deployment.seats.select_related("unit", "position")) if task.deployment else []
    if mine or _leads(seats or [], actor):
        return []
    led = any(seat.role == DeploymentSeat.Role.LEAD for seat in seats or [])
    nobodys = task.unit is None and task.position is None and not led
    if nobodys and actor.posts & chain.office_posts(document_of(task.incident)):
        return []
    words = _("这项任务属于%(bearer)s。") % {"bearer": task.bearer}
    return [Obstacle("not_bearer", words, task.cite, authority=True)]


def _leads(seats: Iterable[DeploymentSeat], actor: Actor) -> bool:
    return any(speaks_for(actor, seat) for seat in seats if seat.role == DeploymentSeat.Role.LEAD)


def acknowledge(notice: Notice, actor: Actor) -> list[Obstacle]:
    """May this person acknowledge this notice?"""
    if speaks_for(actor, notice):
        return []
    words = _("这份通知是发给%(unit)s的。") % {"unit": notice.unit or notice.position}
    return [Obstacle("not_recipient", words, notice.cite or None, authority=True)]


def submit_paper(paper: Paper, actor: Actor, document: PlanDocument) -> list[Obstacle]:
    """May this person hand in this paper? Its author does, or the office for it."""
    if (paper.author is not None and paper.author.key in actor.units) or keeps(actor, document):
        return []
    words = _("这份材料由%(author)s提交。") % {"author": paper.author_name}
    return [Obstacle("not_author", words, paper.cite, authority=True)]


def require(found: list[Obstacle]) -> None:
    """Raise the first obstacle: NotAuthorised where the person is the obstacle, else Conflict."""
    person = next((item for item in found if item.authority), None)
    if person:
        raise NotAuthorised(person.code, person.words, person.cite)
    if found:
        raise Conflict(found[0].code, found[0].words, found[0].cite)


def held_at(moment: datetime, *, not_after: datetime, tolerance_seconds: int) -> bool:
    """Whether a moment given by a person can be: not in the future, but for a small difference of clocks."""
    return (moment - not_after).total_seconds() <= tolerance_seconds
