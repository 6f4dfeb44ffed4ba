"""What waits for one person: each with the one act that answers it, its clause and since when."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from plans.labels import level_name
from response import authority, chain
from response.bearers import posts, posts_of
from response.facts import document_of
from response.models import Incident, LevelDecision, Paper
from response.models.decisions import DecisionStatus
from response.models.incidents import NO_LEVEL, Status
from shuozhou_ops.journal.actors import Actor
from shuozhou_ops.notices.models import Notice

from . import handling, leaderless
from .handling import Waiting
from .leaderless import Leaderless
from .tallies import Tally
from .visibility import borne_by


@dataclass(frozen=True)
class Want:
    """One thing that waits. `anchor`: where on the incident's page it is done; `notice`: done by one press here.

    rank: -1 what stands first of all, 0 a decision, 1 a notice, 2 the rest; 3 what a superior may do but another is to.
    """

    incident: Incident
    rank: int
    severity: int
    since: datetime
    act: str
    what: str
    anchor: str = ""
    cite: str = ""
    note: str = ""
    level: int | None = None
    notice: Notice | None = None


def of(
    incidents: list[Incident],
    waiting: Mapping[int, Iterable[LevelDecision]],
    tallies: Mapping[int, Tally],
    located: Iterable[int],
    actor: Actor,
) -> list[Want]:
    """Everything that waits for this person, the most severe and oldest first; three queries of its own.

    located: the incidents of which a county is known. Groups that nobody leads stand before everything.
    """
    unled = leaderless.of(incidents, waiting, located)
    found = [want for item in incidents for decision in waiting.get(item.pk, ()) for want in _decision(decision, actor)]
    found += [_unled(item, unled[item.pk]) for item in incidents if item.pk in unled and _leads(item, actor)]
    found += [want for item in incidents for want in _step(item, bool(waiting.get(item.pk)), tallies[item.pk], actor)]
    found += [want for item, told in handling.waiting(incidents, actor.units) for want in _of_county(item, told, actor)]
    found += _notices(incidents, actor)
    found += _papers(incidents, actor)
    return sorted(found, key=lambda want: (want.rank == 3, want.rank >= 0, want.severity, want.rank, want.since))


def _leads(incident: Incident, actor: Actor) -> bool:
    """Whether this person commands its headquarters or directs its office."""
    own = document_of(incident).headquarters
    return bool(actor.posts & posts_of((*own.commanders, *own.office.directors), document_of(incident)))


def _unled(incident: Incident, unled: Leaderless) -> Want:
    """Groups that nobody leads: a lead is named where they are out, else the county is said whose head leads them."""
    names, since = "、".join(unled.names), incident.started_at or incident.logged_at
    if unled.deployment is None:
        what = _("启动后%(groups)s没有组长：请确定事发县（市、区）") % {"groups": names}
        return Want(incident, -1, incident.severity, since, _("去确定"), what, "act-locate", unled.cite)
    what, anchor = _("%(groups)s没有组长：请指定") % {"groups": names}, f"act-seat-{unled.deployment.pk}"
    note = "" if unled.located or incident.outside_city else _("事发县（市、区）未定")
    return Want(incident, -1, incident.severity, since, _("去指定"), what, anchor, unled.cite, note)


def _decision(decision: LevelDecision, actor: Actor) -> Iterator[Want]:
    """A suggestion to send, or a level to decide."""
    incident = decision.incident
    document = document_of(incident)
    needed = decision.authority_level
    level = document.level(needed)
    step = chain.proposal_step(document, needed)
    what = f"{decision.get_kind_display()}{level_name(decision.to_level)}"
    rank, act, note = 0, _("查看并决定"), ""
    if decision.status == DecisionStatus.SUGGESTED and step is not None:
        if not actor.posts & posts(step.by, document):
            return
        act, note = _("查看并报请"), _("报%(who)s决定") % {"who": step.to.name}
    elif not actor.posts & authority.changers(document, incident, needed):
        return
    elif not actor.posts & posts(level.decided_by, document):
        rank, note = 3, _("应由%(who)s决定，您也可以决定") % {"who": level.decided_by.name}
    cite = _cite(decision, level.cite)
    yield Want(incident, rank, needed, decision.made_at, act, what, "decisions", cite, note, level=decision.to_level)


def _cite(decision: LevelDecision, otherwise: str) -> str:
    return next((str(clause["cite"]) for clause in decision.clauses), otherwise)


def _of_county(incident: Incident, waiting: Waiting, actor: Actor) -> Iterator[Want]:
    """A county's last word, of the county that has not said it; and what follows from it, of the office."""
    if waiting.mine:
        since = incident.county_since or incident.logged_at
        what = _("由%s处置：处置结束后报告结果") % "、".join(waiting.mine)
        yield Want(incident, 2, incident.severity, since, _("去报告"), what, "handling")
    office = actor.posts & chain.office_posts(document_of(incident))
    if waiting.told and office:
        last = waiting.told[-1]
        what = _("%s报告了处置结果：收回、启动或办结") % last.bearer
        cite = document_of(incident).headquarters.cite
        yield Want(incident, 2, incident.severity, last.told_at, _("查看"), what, "handling", cite)


def _step(incident: Incident, undecided: bool, tally: Tally, actor: Actor) -> Iterator[Want]:
    """The next step in the life of an incident, where it is this person's."""
    document = document_of(incident)
    severity = incident.severity
    office = bool(actor.posts & chain.office_posts(document))
    desk = authority.DESK in actor.functions
    headquarters = document.headquarters.cite
    if incident.status == Status.REPORTED and desk:
        yield Want(incident, 2, severity, incident.logged_at, _("去核实"), _("核实事件是否属实"), "top")
    if incident.status == Status.VERIFIED and office and not undecided:
        what = _("没有待决定的级别：可以办结，或继续跟踪")
        yield Want(incident, 2, NO_LEVEL, incident.logged_at, _("查看"), what, "review", headquarters)
    if incident.status == Status.RESPONDING and incident.level is not None:
        yield from _ending(incident, incident.level, tally, actor)
    if incident.status == Status.ENDED and (office or desk):
        since = incident.ended_at or incident.logged_at
        yield Want(incident, 2, NO_LEVEL, since, _("启动评估总结"), _("响应已结束，应组织评估和总结"), "review")
    if incident.status == Status.REVIEWING and office and not tally.papers_owed:
        since = incident.ended_at or incident.logged_at
        yield Want(incident, 2, NO_LEVEL, since, _("去办结"), _("材料已齐，可以办结"), "review", headquarters)


def _ending(incident: Incident, level: int, tally: Tally, actor: Actor) -> Iterator[Want]:
    document = document_of(incident)
    ending = document.ending_of(level)
    complete = ending is not None and tally.confirmed >= len(ending.conditions)
    if not complete or not actor.posts & chain.enders(document, level):
        return
    named = posts(chain.declarer(document, level), document)
    rank = 2 if actor.posts & named or not named else 3
    cite = chain.ending_cite(document, level)
    since = incident.started_at or incident.logged_at
    yield Want(incident, rank, level, since, _("宣布结束"), _("结束条件已全部确认"), "end", cite)


def _notices(incidents: list[Incident], actor: Actor) -> list[Want]:
    """The notices this person's units and posts have to acknowledge."""
    by_stream = {item.stream: item for item in incidents}
    rows = Notice.objects.filter(borne_by(actor), needs_receipt=True, received_at__isnull=True, stream__in=by_stream)
    return [
        Want(
            incident=by_stream[notice.stream],
            rank=1,
            severity=by_stream[notice.stream].severity,
            since=notice.sent_at,
            act=_("签收"),
            what=notice.title,
            cite=notice.cite,
            note=_("%(kind)s通知，发给%(whom)s")
            % {"kind": notice.get_kind_display(), "whom": notice.unit or notice.position},
            notice=notice,
        )
        for notice in rows.select_related("unit", "position")
    ]


def _papers(incidents: list[Incident], actor: Actor) -> list[Want]:
    """The papers this person's units owe."""
    reviewing = {item.pk: item for item in incidents if item.status == Status.REVIEWING}
    rows = Paper.objects.filter(incident__in=reviewing, status=Paper.Status.OWED, author__key__in=actor.units)
    return [
        Want(
            incident=reviewing[paper.incident_id],
            rank=2,
            severity=NO_LEVEL,
            since=paper.owed_since,
            act=_("去提交"),
            what=_("提交%(paper)s") % {"paper": paper.name},
            anchor="review",
            cite=paper.cite,
            note=paper.author_name,
        )
        for paper in rows
    ]
