"""Who may draft a situation report, and who may sign it."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from plans.documents import PlanDocument
from response import chain
from response.bearers import posts_of
from response.facts import document_of
from response.models import Incident, SituationReport
from response.models.incidents import AFTER_END, Status
from shuozhou_ops.journal.actors import Actor

from .obstacles import Obstacle, in_state, not_named, of_office

FINAL_IN = (*AFTER_END, Status.DISMISSED)
REPORTED_IN = tuple(status for status in Status if status != Status.MERGED)


def signers(document: PlanDocument) -> frozenset[str]:
    """The directors of the office, the commanders, and their superiors. Source: ours, no clause says who signs."""
    commanders = posts_of(document.headquarters.commanders, document)
    return (chain.office_posts(document) | commanders).union(*chain.ladder(document))


def draft_situation(incident: Incident, actor: Actor, reports: Sequence[SituationReport]) -> list[Obstacle]:
    """May this person begin a report? One draft at a time; after the final one only when a response runs again."""
    found = in_state(incident, *REPORTED_IN) + of_office(incident, actor)
    if any(report.status == SituationReport.Status.DRAFT for report in reports):
        found.append(Obstacle("draft_open", _("已经有一份没有签发的草稿，请接着改、签发或废弃它。")))
    if _is_final(incident, reports):
        found.append(Obstacle("final_sent", _("终报已经报送；再次启动响应后才能续报。")))
    return found


def may_be_final(incident: Incident, reports: Sequence[SituationReport]) -> bool:
    """Whether the next report may be the final one: after an end, and not the first."""
    sent = any(report.status == SituationReport.Status.SENT for report in reports)
    return sent and incident.status in FINAL_IN


def _is_final(incident: Incident, reports: Sequence[SituationReport]) -> bool:
    """Whether the last report sent was the final one of the present response."""
    sent = [report for report in reports if report.status == SituationReport.Status.SENT]
    if not sent or sent[-1].kind != SituationReport.Kind.FINAL or sent[-1].signed_at is None:
        return False
    return incident.started_at is None or incident.started_at <= sent[-1].signed_at


def change_situation(report: SituationReport, incident: Incident, actor: Actor) -> list[Obstacle]:
    """May this person edit, bring up to date or drop this draft?"""
    return _unsent(report) + of_office(incident, actor)


def sign_situation(report: SituationReport, incident: Incident, actor: Actor) -> list[Obstacle]:
    """May this person sign and send this draft? A final one only after an end."""
    document = document_of(incident)
    words = _("由指挥部办公室主任、指挥长或其上级签发。")
    found = _unsent(report) + not_named(actor, signers(document), words, document.headquarters.cite)
    found += in_state(incident, *REPORTED_IN)
    if report.kind == SituationReport.Kind.FINAL and incident.status not in FINAL_IN:
        found.append(Obstacle("not_ended", _("响应结束以后才能报送终报。")))
    if not report.sent_to:
        found.append(Obstacle("nobody_chosen", _("请先选定报送给谁。")))
    if not report.text.strip():
        found.append(Obstacle("nothing_written", _("请先写明情况。")))
    return found


def _unsent(report: SituationReport) -> list[Obstacle]:
    if report.status == SituationReport.Status.DRAFT:
        return []
    label = SituationReport.Status(report.status).label
    return [Obstacle("draft_settled", _("这份报告%s，不能再改。") % label)]
