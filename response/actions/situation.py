"""Situation reports: drafted from what is known, edited, signed; never changed after."""

from collections.abc import Sequence
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from response import authority, drafting, locks, situation
from response.facts import document_of, reports_of
from response.models import DecisionStep, Incident, SituationReport
from response.models.decisions import DecisionKind, DecisionStatus
from shuozhou_ops import words
from shuozhou_ops.errors import BadInput, Conflict, FieldError
from shuozhou_ops.journal import record
from shuozhou_ops.journal.actors import Actor

from .people import user_of

MOST_WORDS, MOST_NAMES, LONGEST_NAME = 10_000, 20, 60


@transaction.atomic(durable=True)
def draft(incident_id: int, *, actor: Actor, at: datetime, final: bool = False) -> SituationReport:
    """Begin a report: its figures frozen as they stand, its words drafted, to the same as the last one.

    final: meant as the last one, after an end. Raises NotAuthorised, Conflict, BadInput.
    Source: the reporting clauses (及时, 续报); no plan sets a deadline in figures (interpretation 20).
    """
    incident = locks.incident(incident_id)
    reports = list(incident.situation_reports.all())
    authority.require(authority.draft_situation(incident, actor, reports))
    last = last_sent(incident)
    changes = record.Changes()
    with translation.override(settings.LANGUAGE_CODE):
        written = drafting.text(document_of(incident), incident, _ground(incident), at)
    report = changes.create(
        SituationReport(
            incident=incident,
            kind=_kind(incident, last, final=final),
            figures=_frozen(incident, last),
            text=written,
            as_of=at,
            drafted_at=at,
            drafted_by=user_of(actor),
            sent_to=list(last.sent_to) if last else [],
            over_heads=list(last.over_heads) if last else [],
        )
    )
    record.append(incident, "situation.drafted", changes, actor=actor, at=at, payload=_named(report))
    return report


def last_sent(incident: Incident) -> SituationReport | None:
    """The report that was sent last; None where none was."""
    return incident.situation_reports.filter(status=SituationReport.Status.SENT).order_by("number").last()


def _kind(incident: Incident, last: SituationReport | None, *, final: bool) -> SituationReport.Kind:
    if not final:
        return SituationReport.Kind.FURTHER if last else SituationReport.Kind.FIRST
    if not authority.may_be_final(incident, [last] if last else []):
        raise BadInput([FieldError("final", "not_ended", _("报过初报、响应结束以后，才能报送终报。"))])
    return SituationReport.Kind.FINAL


def _frozen(incident: Incident, last: SituationReport | None) -> list[situation.Line]:
    with translation.override(settings.LANGUAGE_CODE):
        return situation.freeze(document_of(incident), reports_of(incident), last.figures if last else None)


def _ground(incident: Incident) -> drafting.Ground:
    moves = DecisionStep.objects.filter(decision__incident=incident, decision__status=DecisionStatus.APPROVED)
    moves = moves.exclude(decision__kind=DecisionKind.END).filter(act=DecisionStep.Act.DECIDE)
    moves = moves.select_related("decision__spoken_order")
    return drafting.Ground(
        places=list(incident.places.select_related("county")),
        decided=moves.order_by("decision_id", "pk").last(),
        deployments=list(incident.deployments.all()),
        tasks=list(incident.tasks.all()),
    )


@transaction.atomic(durable=True)
def edit(
    report_id: int,
    *,
    text: str,
    sent_to: Sequence[str],
    actor: Actor,
    at: datetime,
    final: bool = False,
    seen: str | None = None,
) -> SituationReport:
    """Change a draft's words, to whom it goes, and whether it is the final one.

    seen: the print of the draft as whoever edits has seen it; edited since by another, it is refused.
    Raises NotAuthorised, Conflict, BadInput.
    """
    incident, report = _locked(report_id)
    authority.require(authority.change_situation(report, incident, actor))
    _require_seen(report, seen)
    report.kind = _kind(incident, last_sent(incident), final=final)
    report.text = words.take("text", text, most=MOST_WORDS, needed=True)
    report.sent_to = _names(sent_to)
    report.over_heads = situation.over_heads(report.sent_to)
    changes = record.Changes()
    changes.update(report, "kind", "text", "sent_to", "over_heads")
    record.append(incident, "situation.edited", changes, actor=actor, at=at, payload=_named(report))
    return report


def _names(sent_to: Sequence[str]) -> list[str]:
    """To whom it goes, each once. Raises BadInput."""
    names = list(dict.fromkeys(words.take("sent_to", name, most=LONGEST_NAME) for name in sent_to))
    names = [name for name in names if name]
    if len(names) > MOST_NAMES:
        raise BadInput([FieldError("sent_to", "too_many", _("最多报送 %d 处。") % MOST_NAMES)])
    return names


@transaction.atomic(durable=True)
def refresh(report_id: int, *, actor: Actor, at: datetime) -> SituationReport:
    """Freeze a draft's figures anew, as they stand now; its words stay. Raises NotAuthorised, Conflict."""
    incident, report = _locked(report_id)
    authority.require(authority.change_situation(report, incident, actor))
    report.figures, report.as_of = _frozen(incident, last_sent(incident)), at
    changes = record.Changes()
    changes.update(report, "figures", "as_of")
    record.append(incident, "situation.refreshed", changes, actor=actor, at=at, payload=_named(report))
    return report


@transaction.atomic(durable=True)
def send(report_id: int, *, actor: Actor, at: datetime, seen: str | None = None) -> SituationReport:
    """Sign a draft and send it: it gets the next number, and is never changed after.

    seen: the print of the draft as the signer has seen it; changed since, it is refused.
    Raises NotAuthorised, Conflict. Source: the reporting clauses; who signs is ours.
    """
    incident, report = _locked(report_id)
    authority.require(authority.sign_situation(report, incident, actor))
    _require_seen(report, seen)
    actor = actor.as_holder_of(authority.signers(document_of(incident)))
    last = last_sent(incident)
    report.send()
    report.number = (last.number or 0) + 1 if last else 1
    report.kind = _kind(incident, last, final=report.kind == SituationReport.Kind.FINAL)
    report.over_heads = situation.over_heads(report.sent_to)
    report.signed_at, report.signed_by, report.signed_post = at, user_of(actor), actor.name_of_post()
    changes = record.Changes()
    signed = ("signed_at", "signed_by", "signed_post")
    changes.update(report, "status", "number", "kind", "over_heads", *signed)
    parts = ("label", "change", "was", "words")
    moved = [{part: line[part] for part in parts} for line in situation.changed(report.figures)]
    payload = {**_named(report), "number": report.number, "to": report.sent_to, "over": report.over_heads}
    payload |= {"changed": moved, "cite": situation.over_heads_cite(document_of(incident)) if report.over_heads else ""}
    record.append(incident, "situation.sent", changes, actor=actor, at=at, payload=payload)
    return report


@transaction.atomic(durable=True)
def drop(report_id: int, *, actor: Actor, at: datetime) -> SituationReport:
    """Throw a draft away. Raises NotAuthorised, Conflict."""
    incident, report = _locked(report_id)
    authority.require(authority.change_situation(report, incident, actor))
    report.drop()
    changes = record.Changes()
    changes.update(report, "status")
    record.append(incident, "situation.dropped", changes, actor=actor, at=at, payload=_named(report))
    return report


def _locked(report_id: int) -> tuple[Incident, SituationReport]:
    """The incident, then the report, both locked. Raises SituationReport.DoesNotExist."""
    incident = locks.incident(SituationReport.objects.values_list("incident_id", flat=True).get(pk=report_id))
    return incident, SituationReport.objects.select_for_update(of=("self",)).get(pk=report_id)


def _require_seen(report: SituationReport, seen: str | None) -> None:
    if seen is not None and seen != report.fingerprint:
        raise Conflict("draft_moved", _("草稿刚刚被改过或更新过数字，请看过现在的内容再办。"))


def _named(report: SituationReport) -> dict[str, str]:
    return {"report": record.thing(report), "kind": str(report.kind)}
