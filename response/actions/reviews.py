"""After the end: the papers the plan demands, and closing."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from plans.documents import Paper as PaperSpec
from plans.documents import PlanDocument
from response import authority, chain, locks
from response.bearers import Bearer, Ground, bearers_or_words, means_county
from response.facts import assess, document_of
from response.models import DeploymentSeat, Incident, Paper
from response.models.incidents import BEFORE_END, Status
from shuozhou_ops import words
from shuozhou_ops.errors import BadInput, Conflict, FieldError
from shuozhou_ops.journal import record
from shuozhou_ops.journal.actors import Actor

from .handling import spoken, told_last
from .marks import recount
from .people import user_of
from .roster import Roster
from .suggestions import expire_open, reassess_locked


@transaction.atomic(durable=True)
def open_review(incident_id: int, *, actor: Actor, at: datetime) -> Incident:
    """Open evaluation and summaries: the papers the plan demands after the end become owed.

    Raises NotAuthorised, Conflict. Source: the plan's after-care (`papers`).
    """
    incident = locks.incident(incident_id)
    authority.require(authority.review(incident, actor))
    document = document_of(incident)
    roster = Roster()
    ground = roster.ground_of(incident)
    level = _highest_level(incident)
    changes = record.Changes()
    papers = [
        Paper(
            incident=incident,
            response_no=incident.response_no,
            item=place,
            name=spec.name,
            cite=spec.cite,
            author=roster.unit(author),
            author_name=author.name,
            recipient_name=spec.to.name if spec.to else "",
            headings=list(spec.headings),
            before_closing=spec.before_closing,
            owed_since=at,
        )
        for place, spec in enumerate(document.aftercare.papers)
        if level in spec.levels
        for author in _authors(spec, document, incident, ground)
    ]
    changes.create_all(Paper, papers)
    incident.review()
    changes.update(incident, "status")
    payload = {"papers": [{"name": paper.name, "author": paper.author_name, "cite": paper.cite} for paper in papers]}
    record.append(incident, "review.opened", changes, actor=actor, at=at, payload=payload)
    return incident


def _highest_level(incident: Incident) -> int:
    """The most severe level of the response that has ended. Whoever comes to a review has had one."""
    return min(decision.target_level for decision in incident.decisions.of_response(incident.response_no).moves())


def _authors(spec: PaperSpec, document: PlanDocument, incident: Incident, ground: Ground) -> list[Bearer]:
    """Who owes a paper: the one named, each county where it is theirs, or each unit that took part.

    Taking part is bearing a task of the response, leading what was deployed, or being the county where it happened.
    """
    if not spec.each_unit:
        found = bearers_or_words(spec.by, document, ground)
        return list(found) if means_county(spec.by) else [Bearer(spec.by.name, found[0].unit, found[0].post)]
    tasks = incident.tasks.filter(unit__isnull=False, phase="response", response_no=incident.response_no)
    leads = DeploymentSeat.objects.filter(deployment__incident=incident, role="lead", unit__isnull=False)
    leads = leads.filter(deployment__called_at__gte=incident.started_at)
    units = dict(tasks.values_list("unit__key", "unit__name")) | dict(leads.values_list("unit__key", "unit__name"))
    units |= {county.key: county.name for county in ground.affected}
    return [Bearer(name, unit=key) for key, name in units.items()]


@transaction.atomic(durable=True)
def submit_paper(paper_id: int, content: Mapping[str, str], *, actor: Actor, at: datetime) -> Paper:
    """Hand in a paper, by heading: its author does, or the office for it.

    Raises NotAuthorised, Conflict, BadInput. Source: the paper's own clause.
    """
    incident = locks.incident(Paper.objects.values_list("incident_id", flat=True).get(pk=paper_id))
    paper = Paper.objects.select_for_update(of=("self",)).select_related("author").get(pk=paper_id)
    authority.require(authority.submit_paper(paper, actor, document_of(incident)))
    if incident.status != Status.REVIEWING or paper.status != Paper.Status.OWED:
        raise Conflict("paper_settled", _("这份材料现在不能提交。"), paper.cite)
    wanted = paper.sections
    missing = [heading for heading in wanted if not content.get(heading, "").strip()]
    if missing:
        raise BadInput([FieldError(heading, "empty", _("请填写“%s”。") % heading) for heading in missing])
    faults = [words.fault(heading, content[heading], most=10_000) for heading in wanted]
    if found := [item for item in faults if item]:
        raise BadInput(found)
    paper.receive()
    paper.content = {heading: content[heading].strip() for heading in wanted}
    paper.received_at, paper.received_by = at, user_of(actor)
    changes = record.Changes()
    changes.update(paper, "status", "content", "received_at", "received_by")
    payload = {"paper": paper.name, "author": paper.author_name, "cite": paper.cite}
    record.append(incident, "paper.received", changes, actor=actor, at=at, payload=payload)
    return paper


def owed(incident: Incident) -> list[str]:
    """The papers closing waits for."""
    rows = incident.papers.filter(status=Paper.Status.OWED, before_closing=True)
    return [paper.demand for paper in rows]


@transaction.atomic(durable=True)
def close(incident_id: int, *, actor: Actor, at: datetime, reason: str = "") -> Incident:
    """Close an incident: after a response when its papers are there; without one, with a reason, where no level holds.

    Raises NotAuthorised, Conflict, BadInput. Source: the plan's after-care; interpretation 4 (no harm, no level).
    """
    incident, likes = locks.incident_and_likes(incident_id)
    answer = assess(incident, at)[1]
    told = told_last(incident) if incident.status == Status.COUNTY_HANDLING else []
    authority.require(authority.close(incident, actor, owed=owed(incident), level=answer.level, county_told=bool(told)))
    actor = actor.as_holder_of(*chain.ladder(document_of(incident)))
    if incident.status in authority.WITHOUT_RESPONSE and not reason.strip():
        raise BadInput([FieldError("reason", "reason_needed", _("未启动响应就办结，须写明理由。"))])
    reason = words.take("reason", reason, most=500)
    was_open = incident.status in BEFORE_END
    incident.close()
    incident.closed_at, incident.closing_reason = at, reason
    changes = record.Changes()
    changes.update(incident, "status", "closed_at", "closing_reason")
    expire_open(incident, "事件已办结", changes, at)
    reassess_locked(incident, changes, at)
    record.append(
        incident, "incident.closed", changes, actor=actor, at=at, payload={"reason": reason, "counties": spoken(told)}
    )
    if was_open:
        recount(incident, likes, incident.flags, at)
    return incident
