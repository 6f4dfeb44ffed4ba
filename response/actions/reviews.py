"""After the end: the papers the plan demands, and closing."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from plans.documents import Paper as PaperSpec
from plans.documents import PlanDocument
from response import authority, chain, locks
from response.bearers import Bearer, Ground, bearers_or_words, means_county
from response.facts import assess, document_of
from response.models import DecisionStep, DeploymentSeat, Incident, Paper
from response.models.decisions import DecisionKind, DecisionStatus
from response.models.incidents import BEFORE_END, Status
from response.papers import is_handed_over
from shuozhou_ops import words
from shuozhou_ops.errors import BadInput, Conflict, FieldError
from shuozhou_ops.journal import record
from shuozhou_ops.journal.actors import Actor

from .handling import NOTHING, spoken, told_last
from .marks import recount
from .people import user_of
from .roster import Roster
from .suggestions import expire_open, reassess_locked


@transaction.atomic(durable=True)
def open_review(incident_id: int, *, actor: Actor, at: datetime) -> Incident:
    """Open evaluation and summaries: the papers the plan demands after the end become owed.

    Where it was started again before anybody reviewed the response before, one review is of both.
    Raises NotAuthorised, Conflict. Source: the plan's after-care (`papers`).
    """
    incident = locks.incident(incident_id)
    authority.require(authority.review(incident, actor))
    document = document_of(incident)
    roster = Roster()
    ground = roster.ground_of(incident)
    since = _not_reviewed(incident)
    level = _highest_level(incident, since)
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
        for author in _authors(spec, document, incident, ground, since)
    ]
    changes.create_all(Paper, papers)
    incident.review()
    changes.update(incident, "status")
    payload = {"papers": [{"name": paper.name, "author": paper.author_name, "cite": paper.cite} for paper in papers]}
    record.append(incident, "review.opened", changes, actor=actor, at=at, payload=payload)
    return incident


def _not_reviewed(incident: Incident) -> int:
    """The first of the incident's responses of which no papers were asked yet; mostly the last."""
    asked = incident.papers.order_by("-response_no").values_list("response_no", flat=True).first()
    return min((asked or 0) + 1, incident.response_no)


def _highest_level(incident: Incident, since: int) -> int:
    """The most severe level since this response began. Whoever comes to a review has had one."""
    return min(decision.target_level for decision in incident.decisions.of_response(since).moves())


def _authors(spec: PaperSpec, document: PlanDocument, incident: Incident, ground: Ground, since: int) -> list[Bearer]:
    """Who owes a paper: the one named, each county where it is theirs, or each unit that took part since a response.

    Taking part is bearing a task of the response, leading what was deployed, or being the county where it happened.
    """
    if not spec.each_unit:
        found = bearers_or_words(spec.by, document, ground)
        return list(found) if means_county(spec.by) else [Bearer(spec.by.name, found[0].unit, found[0].post)]
    tasks = incident.tasks.filter(unit__isnull=False, phase="response", response_no__gte=since)
    began = incident.decisions.of_response(since).moves().order_by("pk").values_list("settled_at", flat=True).first()
    seats = DeploymentSeat.objects.filter(deployment__incident=incident, left_at=None)
    leads = seats.filter(role="lead", unit__isnull=False, deployment__called_at__gte=began)
    units = dict(tasks.values_list("unit__key", "unit__name")) | dict(leads.values_list("unit__key", "unit__name"))
    gone = incident.places.filter(left_at__isnull=False).values_list("county__key", flat=True)
    units = {key: name for key, name in units.items() if key not in set(gone)}
    units |= {county.key: county.name for county in ground.affected}
    return [Bearer(name, unit=key) for key, name in units.items()]


@dataclass(frozen=True)
class Signed:
    """Who answers for a paper, at which post; and who took it over, where it is handed over."""

    name: str = ""
    post: str = ""
    taken_over_by: str = ""


@transaction.atomic(durable=True)
def submit_paper(
    paper_id: int, content: Mapping[str, str], *, actor: Actor, at: datetime, signed: Signed = Signed()
) -> Paper:
    """Hand in a paper, by heading: its author does, or the office for it; after the closing too, as long as it is owed.

    signed: whoever hands it in, where nobody is named. Raises NotAuthorised, Conflict, BadInput.
    Source: the paper's own clause.
    """
    incident = locks.incident(Paper.objects.values_list("incident_id", flat=True).get(pk=paper_id))
    paper = Paper.objects.select_for_update(of=("self",)).select_related("author").get(pk=paper_id)
    document = document_of(incident)
    authority.require(authority.submit_paper(paper, actor, document))
    if paper.status != Paper.Status.OWED:
        raise Conflict("paper_settled", _("这份材料已经收到，不能再交。"), paper.cite)
    if not signed.name.strip() and not signed.post.strip():
        signed = replace(signed, name=actor.name, post=actor.name_of_post())
    faults = _unwritten(paper, content) or [*_unsigned(paper, signed, document), *_unreadable(paper, content)]
    if faults:
        raise BadInput(faults)
    paper.receive()
    paper.content = {heading: content[heading].strip() for heading in paper.sections}
    paper.signed_name, paper.signed_post = signed.name.strip(), signed.post.strip()
    paper.taken_over_by = signed.taken_over_by.strip() if is_handed_over(paper, document) else ""
    paper.received_at, paper.received_by = at, user_of(actor)
    changes = record.Changes()
    changes.update(paper, "status", "content", *SIGNATURE, "received_at", "received_by")
    payload = {"paper": paper.name, "author": paper.author_name, "cite": paper.cite}
    payload |= {name: getattr(paper, name) for name in SIGNATURE if getattr(paper, name)}
    record.append(incident, "paper.received", changes, actor=actor, at=at, payload=payload)
    return paper


SIGNATURE = ("signed_name", "signed_post", "taken_over_by")


def _unwritten(paper: Paper, content: Mapping[str, str]) -> list[FieldError]:
    missing = [heading for heading in paper.sections if not content.get(heading, "").strip()]
    return [FieldError(heading, "empty", _("请填写“%s”。") % heading) for heading in missing]


def _unreadable(paper: Paper, content: Mapping[str, str]) -> list[FieldError]:
    found = [words.fault(heading, content[heading], most=10_000) for heading in paper.sections]
    return [fault for fault in found if fault]


def _unsigned(paper: Paper, signed: Signed, document: PlanDocument) -> list[FieldError]:
    """What is wrong with the signature: every paper has one, and one that is handed over says who took it."""
    faults = [
        words.fault("signed_name", signed.name, most=60, needed=True),
        words.fault("signed_post", signed.post, most=100, needed=True),
    ]
    if is_handed_over(paper, document):
        faults.append(words.fault("taken_over_by", signed.taken_over_by, most=100))
        if not signed.taken_over_by.strip():
            wanted = _("请写明由谁接收（%(to)s）。") % {"to": paper.recipient_name}
            faults.append(FieldError("taken_over_by", "empty", wanted))
    return [fault for fault in faults if fault]


def owed(incident: Incident) -> list[Paper]:
    """The papers closing waits for."""
    return list(incident.papers.filter(status=Paper.Status.OWED, before_closing=True))


def _ended_by(incident: Incident) -> DecisionStep | None:
    """The step by which the last response ended."""
    ends = DecisionStep.objects.filter(decision__incident=incident, decision__kind=DecisionKind.END)
    decided = ends.filter(decision__status=DecisionStatus.APPROVED, act=DecisionStep.Act.DECIDE)
    return decided.order_by("decision_id", "pk").last()


@transaction.atomic(durable=True)
def close(incident_id: int, *, actor: Actor, at: datetime, reason: str = "") -> Incident:
    """Close an incident: after a response when its papers are there; without one, with a reason, where no level holds.

    With papers still owed the one who ended the response, or a superior, closes it with a reason; they stay owed.
    Raises NotAuthorised, Conflict, BadInput. Source: the plan's after-care; interpretation 4 (no harm, no level).
    """
    incident, likes = locks.incident_and_likes(incident_id)
    answer, missing = assess(incident, at)[1], owed(incident)
    demands = [paper.demand for paper in missing]
    ended = _ended_by(incident) if missing else None
    told = told_last(incident) if incident.status == Status.COUNTY_HANDLING else NOTHING
    authority.require(
        authority.close(incident, actor, owed=demands, level=answer.level, ended=ended, county_told=told.all)
    )
    actor = actor.as_holder_of(*chain.ladder(document_of(incident)))
    if incident.status in authority.WITHOUT_RESPONSE and not reason.strip():
        raise BadInput([FieldError("reason", "reason_needed", _("未启动响应就办结，须写明理由。"))])
    if missing and not reason.strip():
        wanted = _("还有 %d 份材料未交，先行办结须写明理由。") % len(missing)
        raise BadInput([FieldError("reason", "reason_needed", wanted)])
    reason = words.take("reason", reason, most=500)
    was_open = incident.status in BEFORE_END
    incident.close()
    incident.closed_at, incident.closing_reason = at, reason
    changes = record.Changes()
    changes.update(incident, "status", "closed_at", "closing_reason")
    expire_open(incident, "事件已办结", changes, at)
    reassess_locked(incident, changes, at)
    still = [{"paper": paper.name, "author": paper.author_name, "cite": paper.cite} for paper in missing]
    payload = {"reason": reason, "counties": spoken(told.words), **({"owed": still} if still else {})}
    record.append(incident, "incident.closed", changes, actor=actor, at=at, payload=payload)
    if was_open:
        recount(incident, likes, incident.flags, at)
    return incident
