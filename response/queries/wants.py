"""What waits for one person: each with the one act that answers it, its clause and since when."""

from collections.abc import Iterable, Iterator, Mapping

from django.utils import timezone
from django.utils.translation import gettext as _

from response import authority, chain
from response.bearers import posts
from response.facts import document_of
from response.models import Deployment, Incident, IncidentPlace, LevelDecision, Paper, SituationReport, SpokenOrder
from response.models.decisions import DecisionStatus
from response.models.incidents import NO_LEVEL, Status
from shuozhou_ops.journal.actors import Actor
from shuozhou_ops.notices.models import Notice

from . import ground_wants, handling, leaderless
from .decisions import title
from .ground_wants import leads
from .handling import Waiting
from .leaderless import Leaderless
from .tallies import Tally
from .visibility import borne_by
from .want import Want


def of(
    incidents: list[Incident],
    waiting: Mapping[int, Iterable[LevelDecision]],
    tallies: Mapping[int, Tally],
    places: Mapping[int, list[IncidentPlace]],
    field: Mapping[int, Deployment],
    pending: Iterable[SpokenOrder],
    actor: Actor,
) -> list[Want]:
    """Everything that waits for this person, the most severe and oldest first; six queries of its own.

    places: the counties each touches now; field: the field headquarters that stands; pending: the spoken orders in
    question. Groups that nobody leads stand before everything.
    """
    unled = leaderless.of(incidents, waiting, places)
    found = [want for item in incidents for decision in waiting.get(item.pk, ()) for want in _decision(decision, actor)]
    found += [
        _order(item) for item in pending if item.status == SpokenOrder.Status.OPEN and item.giver.ref == actor.ref
    ]
    found += [_unled(item, unled[item.pk]) for item in incidents if item.pk in unled and leads(item, actor)]
    for item in incidents:
        found += _step(item, bool(waiting.get(item.pk)), tallies[item.pk], field.get(item.pk), actor)
    found += [want for item, told in handling.waiting(incidents, actor.units) for want in _of_county(item, told, actor)]
    found += _notices(incidents, actor)
    found += _papers(actor)
    found += ground_wants.of(incidents, places, field, actor)
    found += _drafts(incidents, actor)
    return sorted(found, key=lambda want: (want.rank == 3, want.rank >= 0, want.severity, want.rank, want.since))


def _unled(incident: Incident, unled: Leaderless) -> Want:
    """Groups that nobody leads: a lead is named where they are out, else the county is said whose head leads them."""
    names, since = "、".join(unled.names), incident.started_at or incident.logged_at
    if unled.deployment is None:
        what = _("启动后%(groups)s没有组长：请确定事发县（市、区）") % {"groups": names}
        return Want(incident, -1, incident.severity, since, _("去确定"), what, "act-locate", unled.cite)
    what, anchor = _("%(groups)s没有组长：请指定") % {"groups": names}, f"act-seat-{unled.deployment.pk}"
    note = "" if unled.located or incident.outside_city else _("事发县（市、区）未定")
    return Want(incident, -1, incident.severity, since, _("去指定"), what, anchor, unled.cite, note)


def _order(order: SpokenOrder) -> Want:
    """A spoken order that somebody wrote down in this person's name, to be countersigned or disputed."""
    decision, incident = order.decision, order.decision.incident
    level = decision.authority_level
    said = timezone.localtime(order.said_at).strftime("%m-%d %H:%M")
    told = {"who": order.recorded_by, "at": said, "means": order.get_means_display()}
    note = _("%(who)s代记，%(at)s %(means)s") % told
    what = _("您的口头令：%s") % title(decision)
    cite = document_of(incident).level(level).cite
    act = _("补签或提出异议")
    anchor = f"decision-{decision.pk}"
    return Want(incident, 0, level, order.recorded_at, act, what, anchor, cite, note, level=decision.to_level)


def _disputed_by(decision: LevelDecision, actor: Actor) -> bool:
    """Whether it is the proposal back from an order that this person says was not given."""
    order = decision.reverses.order if decision.reverses else None
    return order is not None and order.giver.ref == actor.ref


def _decision(decision: LevelDecision, actor: Actor) -> Iterator[Want]:
    """A suggestion to send, or a level to decide."""
    incident = decision.incident
    document = document_of(incident)
    needed = decision.authority_level
    level = document.level(needed)
    step = chain.proposal_step(document, needed)
    what = title(decision)
    rank, act, note = 0, _("查看并决定"), ""
    if decision.status == DecisionStatus.SUGGESTED and step is not None:
        if not actor.posts & posts(step.by, document):
            return
        act, note = _("查看并报请"), _("报%(who)s决定") % {"who": step.to.name}
    elif not actor.posts & authority.changers(document, incident, needed):
        return
    elif _disputed_by(decision, actor):
        note = _("您对口头令有异议")
    elif not actor.posts & posts(level.decided_by, document):
        rank, note = 3, _("应由%(who)s决定，您也可以决定") % {"who": level.decided_by.name}
    cite = _cite(decision, level.cite)
    shown = decision.to_level if decision.to_level is not None else decision.from_level
    yield Want(incident, rank, needed, decision.made_at, act, what, "decisions", cite, note, level=shown)


def _cite(decision: LevelDecision, otherwise: str) -> str:
    return next((str(clause["cite"]) for clause in decision.basis), otherwise)


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


def _step(incident: Incident, undecided: bool, tally: Tally, field: Deployment | None, actor: Actor) -> Iterator[Want]:
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
        yield from _ending(incident, incident.level, tally, field, actor)
    if incident.status == Status.ENDED and (office or desk):
        since = incident.ended_at or incident.logged_at
        yield Want(incident, 2, NO_LEVEL, since, _("启动评估总结"), _("响应已结束，应组织评估和总结"), "review")
    if incident.status == Status.REVIEWING and office and not tally.papers_owed:
        since = incident.ended_at or incident.logged_at
        yield Want(incident, 2, NO_LEVEL, since, _("去办结"), _("材料已齐，可以办结"), "review", headquarters)


def _ending(incident: Incident, level: int, tally: Tally, field: Deployment | None, actor: Actor) -> Iterator[Want]:
    document = document_of(incident)
    ending = document.ending_of(level)
    complete = ending is not None and tally.confirmed >= len(ending.conditions)
    who = authority.declaring(document, level, field)
    if not complete or not who.includes(actor):
        return
    named = frozenset[str]() if who.person else posts(who.named, document)
    mine = who.person is not None and who.person.pk == authority.account_of(actor)
    rank = 2 if mine or actor.posts & named or not (named or who.person) else 3
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


def _papers(actor: Actor) -> list[Want]:
    """The papers this person's units owe, of incidents that were closed without them too."""
    rows = Paper.objects.filter(status=Paper.Status.OWED, author__key__in=actor.units)
    return [
        Want(
            incident=paper.incident,
            rank=2,
            severity=NO_LEVEL,
            since=paper.owed_since,
            act=_("去提交"),
            what=_("提交%(paper)s") % {"paper": paper.name},
            anchor="review",
            cite=paper.cite,
            note=paper.author_name
            + (_("，第 %d 次响应") % paper.response_no if paper.incident.response_no > 1 else "")
            + (_("，事件已办结") if paper.incident.status == Status.CLOSED else ""),
        )
        for paper in rows.select_related("incident__plan_version__plan").defer("incident__plan_version__document")
    ]


def _drafts(incidents: list[Incident], actor: Actor) -> list[Want]:
    """The drafts of situation reports that wait for the director of the office."""
    own = {item.pk: item for item in incidents if actor.posts & chain.office_posts(document_of(item))}
    return [
        Want(
            incident=own[report.incident_id],
            rank=2,
            severity=own[report.incident_id].severity,
            since=report.drafted_at,
            act=_("去签发"),
            what=_("签发%s") % report.get_kind_display(),
            anchor="situation",
        )
        for report in SituationReport.objects.filter(incident__in=own, status=SituationReport.Status.DRAFT)
    ]
