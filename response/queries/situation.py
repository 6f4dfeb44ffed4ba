"""Situation reports as the page shows them: the draft, those sent, and what has changed since the last one."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from plans.documents import PlanDocument
from response import authority, situation
from response.facts import document_of
from response.forms.acts import EmptyForm
from response.forms.situation import DraftForm, EditForm, SeenForm
from response.models import Incident, SituationReport
from response.models.facts import Quality
from response.sentences.situation import change_of
from shuozhou_ops.journal.actors import Actor

from .case import Case
from .offers import Attempt, Offer, of_incident, offer
from .visibility import incident_visible_to


@dataclass(frozen=True)
class FrozenLine:
    """One figure as a report froze it. change: what it was in the report before, in words; '' where it is the same."""

    label: str
    words: str
    quality: str
    verified: bool
    source: str
    as_of: datetime
    change: str
    withdrawn: bool


@dataclass(frozen=True)
class Sheet:
    """One report, sent or drafted. over: which steps were left out, with the clause that lets it go over heads."""

    report: SituationReport
    title: str
    lines: list[FrozenLine]
    over: str
    over_cite: str

    @property
    def changed(self) -> list[FrozenLine]:
        """What differs from the report before."""
        return [line for line in self.lines if line.change]

    @property
    def paragraphs(self) -> list[str]:
        """Its words, line by line."""
        return self.report.text.splitlines()


@dataclass
class Situation:
    """The section of the page. since: what has changed since the last one. moved: since the draft was frozen."""

    sent: list[Sheet]
    draft: Sheet | None = None
    since: list[str] = field(default_factory=list)
    moved: bool = False
    begin: Offer | None = None
    edit: Offer | None = None
    refresh: Offer | None = None
    send: Offer | None = None
    drop: Offer | None = None

    @property
    def last(self) -> Sheet | None:
        """The one that was sent last."""
        return self.sent[0] if self.sent else None


def of_case(case: Case, attempt: Attempt | None) -> Situation | None:
    """The section, for those who see the whole incident and where there is anything in it. No query."""
    if not case.whole:
        return None
    sheets = [sheet_of(report, case.document) for report in case.situation]
    sent = [sheet for sheet in sheets if sheet.report.status == SituationReport.Status.SENT][::-1]
    section = Situation(sent, next((sheet for sheet in sheets if sheet.report.status == "draft"), None))
    last = section.last.report.figures if section.last else None
    now = situation.freeze(case.document, case.reports, last)
    section.since = [change_of(line) for line in situation.changed(now)]
    if section.draft is not None:
        section.moved = not situation.same(section.draft.report.figures, now)
    if case.acts:
        _offers(case, section, attempt)
    return section if section.sent or section.draft or section.begin else None


def _offers(case: Case, section: Situation, attempt: Attempt | None) -> None:
    incident, actor = case.incident, case.actor
    may_be_final = authority.may_be_final(incident, case.situation)
    if section.draft is None:
        begin = offer(
            attempt,
            "draft-situation",
            of_incident(incident, "draft-situation"),
            _("起草续报") if section.sent else _("起草初报"),
            DraftForm(may_be_final=may_be_final),
            authority.draft_situation(incident, actor, case.situation),
            cite=case.reporting_cite,
        )
        section.begin = begin
        return
    report = section.draft.report
    changing, form = (
        authority.change_situation(report, incident, actor),
        EditForm(report=report, may_be_final=may_be_final),
    )
    section.edit = offer(attempt, f"edit/{report.pk}", _of(report, "edit"), _("保存修改"), form, changing)
    section.refresh = offer(
        attempt, f"refresh/{report.pk}", _of(report, "refresh"), _("更新数字"), EmptyForm(), changing
    )
    section.drop = offer(attempt, f"drop/{report.pk}", _of(report, "drop"), _("废弃草稿"), EmptyForm(), changing)
    says = _("报%s") % "、".join(report.sent_to) if report.sent_to else ""
    section.send = offer(
        attempt,
        f"send/{report.pk}",
        _of(report, "send"),
        _("签发并报送"),
        SeenForm(report=report),
        authority.sign_situation(report, incident, actor),
        cite=case.reporting_cite,
        says=says,
        primary=True,
    )
    for made in (section.edit, section.send):
        made.form.hidden = {"seen": report.fingerprint}  # anew, also where the form was refused


def _of(report: SituationReport, act: str) -> str:
    return reverse("situation_act", args=[report.pk, act])


def sheet_of(report: SituationReport, document: PlanDocument) -> Sheet:
    """One report in words."""
    kind = str(SituationReport.Kind(report.kind).label)
    title = _("%(kind)s（第 %(number)d 号）") % {"kind": kind, "number": report.number} if report.number else kind
    over = "、".join(report.over_heads)
    return Sheet(report, title, [_line(line) for line in report.figures], over, situation.over_heads_cite(document))


def _line(line: dict[str, Any]) -> FrozenLine:
    gone = line["change"] == situation.WITHDRAWN
    return FrozenLine(
        label=line["label"],
        words=line["words"],
        quality=str(Quality(line["quality"]).label),
        verified=line["quality"] == Quality.VERIFIED,
        source=line["source"],
        as_of=datetime.fromisoformat(line["as_of"]),
        change=_change(line),
        withdrawn=gone,
    )


def _change(line: dict[str, Any]) -> str:
    said = {
        situation.NEW: _("新"),
        situation.CHANGED: _("原 %s"),
        situation.WITHDRAWN: _("已撤回，原 %s"),
    }.get(line["change"], "")
    return said % line["was"] if "%s" in said else said


def page_of(pk: int, actor: Actor) -> dict[str, Any]:
    """One report that was sent, for those who see the whole incident.

    Raises SituationReport.DoesNotExist, Incident.DoesNotExist where there is none or it is out of sight.
    """
    report = SituationReport.objects.select_related("incident", "signed_by", "drafted_by").get(pk=pk, status="sent")
    incident, whole = incident_visible_to(actor, report.incident.public_id)
    if not whole:
        raise Incident.DoesNotExist
    document = document_of(incident)
    return {"sheet": sheet_of(report, document), "incident": incident, "plan": document, "plan_key": document.plan}
