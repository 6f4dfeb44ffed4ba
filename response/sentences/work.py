"""Tasks, seats and notices in sentences."""

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from plans.documents import PlanDocument
from response.models import DeploymentSeat

from .common import Payload, Said, Sentences, cite_of


def _of_task(verb: Any) -> Callable[[Payload, PlanDocument], Said]:
    """The sentence of an act on a task: `抢险救援组 签收任务“…”`."""

    def said(payload: Payload, _document: PlanDocument) -> Said:
        told = {"bearer": payload.get("bearer"), "verb": verb, "what": payload.get("what")}
        text = _("%(bearer)s %(verb)s“%(what)s”") % told
        return text + (_("：%s") % payload["text"] if payload.get("text") else ""), cite_of(payload)

    return said


def _assigned(payload: Payload, _document: PlanDocument) -> Said:
    lines = payload.get("lines") or [{}]
    told = {"what": "；".join(str(line.get("text")) for line in lines), "whom": "、".join(payload.get("bearers", ()))}
    return _("交办给%(whom)s：%(what)s") % told, str(lines[0].get("cite", ""))


def _recurred(payload: Payload, _document: PlanDocument) -> Said:
    told = {"bearer": payload.get("bearer"), "what": payload.get("what"), "time": payload.get("occurrence")}
    if payload.get("again"):
        return _("按期再次交办：%(bearer)s“%(what)s”，第 %(time)s 次") % told, cite_of(payload)
    return _("不再按期交办：%(bearer)s“%(what)s”") % told, cite_of(payload)


def _seated(payload: Payload, _document: PlanDocument) -> Said:
    role = payload.get("role")
    told = {
        "deployment": payload.get("deployment"),
        "role": DeploymentSeat.Role(role).label if role in DeploymentSeat.Role.values else role,
        "who": " ".join(part for part in (payload.get("post"), payload.get("who")) if part),
    }
    text = _("%(deployment)s：指定%(who)s为%(role)s") % told
    if before := payload.get("instead_of"):
        text += _("，接替%s") % "、".join(before)
    return text, ""


def _received(payload: Payload, _document: PlanDocument) -> Said:
    return _("%(who)s 签收通知：%(title)s") % {"who": payload.get("recipient"), "title": payload.get("title")}, ""


def _overdue(payload: Payload, _document: PlanDocument) -> Said:
    silent = payload.get("silent", [])
    return _("%(count)d 个单位到时未签收：%(names)s") % {"count": len(silent), "names": "、".join(silent)}, ""


def _complete(payload: Payload, _document: PlanDocument) -> Said:
    if silent := payload.get("silent"):
        return _("签收期限已到，响应已结束，不再催办；%d 个单位未签收") % len(silent), ""
    return _("签收期限已到，没有需要催办的单位"), ""


SENTENCES: Sentences = {
    "task.assigned": _assigned,
    "task.recurred": _recurred,
    "task.accepted": _of_task(gettext_lazy("签收任务")),
    "task.reported": _of_task(gettext_lazy("报告任务进展")),
    "task.done": _of_task(gettext_lazy("完成任务")),
    "task.cannot": _of_task(gettext_lazy("无法完成任务")),
    "deployment.seated": _seated,
    "notice.received": _received,
    "receipt.overdue": _overdue,
    "receipt.complete": _complete,
}
