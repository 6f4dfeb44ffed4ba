"""What the commander changes in sentences: groups, members, tasks of his own."""

from django.utils.translation import gettext as _

from plans.documents import PlanDocument
from response.models import DeploymentSeat

from .common import Payload, Said, Sentences, cite_of, clock_of, counted, quoted


def _called(payload: Payload, _document: PlanDocument) -> Said:
    going = counted({}, tasks=payload.get("tasks", 0), told=payload.get("told", 0))
    text = _("增设%s") % payload.get("deployment") + (_("：%s") % going if going else "")
    return text + quoted(payload.get("reason")), cite_of(payload)


def _released(payload: Payload, _document: PlanDocument) -> Said:
    going = counted({}, tasks=payload.get("tasks", 0))
    text = _("解除%s") % payload.get("deployment") + (_("（%s）") % going if going else "")
    return text + quoted(payload.get("reason")), cite_of(payload)


def _unseated(payload: Payload, _document: PlanDocument) -> Said:
    role = payload.get("role")
    told = {
        "deployment": payload.get("deployment"),
        "role": DeploymentSeat.Role(role).label if role in DeploymentSeat.Role.values else role,
        "who": payload.get("who"),
    }
    return _("%(deployment)s：%(who)s不再任%(role)s") % told + quoted(payload.get("reason")), ""


def _given(payload: Payload, _document: PlanDocument) -> Said:
    text = _("交办给%(whom)s：%(what)s") % {"whom": payload.get("bearer"), "what": payload.get("what")}
    return text + (_("，限 %s") % clock_of(payload["due_at"]) if payload.get("due_at") else ""), cite_of(payload)


def _taken_back(payload: Payload, _document: PlanDocument) -> Said:
    text = _("解除%(whom)s的任务“%(what)s”") % {"whom": payload.get("bearer"), "what": payload.get("what")}
    return text + quoted(payload.get("text")), cite_of(payload)


SENTENCES: Sentences = {
    "deployment.called": _called,
    "deployment.released": _released,
    "deployment.unseated": _unseated,
    "task.given": _given,
    "task.released": _taken_back,
}
