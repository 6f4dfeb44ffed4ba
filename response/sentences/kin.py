"""Incidents and their like in sentences: merged, linked, put under another plan."""

from django.utils.translation import gettext as _

from plans.documents import PlanDocument

from .command import came_with
from .common import Payload, Said, Sentences, by_conditions, quoted


def _merged(payload: Payload, _document: PlanDocument) -> Said:
    return _("并入%s") % payload.get("into") + quoted(payload.get("reason")), ""


def _absorbed(payload: Payload, _document: PlanDocument) -> Said:
    told = {"code": payload.get("code"), "kept": len(payload.get("kept", ()))}
    text = _("%(code)s并入本事件：%(kept)d 项情况一并计入") % told
    if counties := payload.get("counties"):
        text += _("；增加事发地%s") % "、".join(counties) + came_with(payload)
    text += goes_on_waiting(payload) + _noted(payload) + _("；%s") % by_conditions(payload)
    return text + quoted(payload.get("reason")), ""


def _followed(payload: Payload, _document: PlanDocument) -> Said:
    return _("关联为%(first)s（%(place)s）引发的次生事件") % {
        "first": payload.get("first"),
        "place": payload.get("place"),
    }, ""


def _replanned(payload: Payload, _document: PlanDocument) -> Said:
    text = _("预案选错，由“%(old)s”改按“%(new)s”") % {"old": payload.get("from"), "new": payload.get("to")}
    if marks := payload.get("marks"):
        text += _("；取消原预案的标记“%s”") % "、".join(marks)
    return text + _noted(payload) + _("；%s") % by_conditions(payload) + quoted(payload.get("reason")), ""


def goes_on_waiting(payload: Payload) -> str:
    """What waited in the one goes on waiting in the other."""
    found = [*payload.get("requests", ()), *payload.get("instructions", ())]
    return _("；待答复的请求、未办结的批示和意见接着办：%s") % "、".join(found) if found else ""


def _noted(payload: Payload) -> str:
    """What is kept in words because no fact of the plan takes it."""
    noted = payload.get("noted")
    return _("；预案没有的情况以文字保留：%s") % "、".join(noted) if noted else ""


SENTENCES: Sentences = {
    "incident.merged": _merged,
    "incident.absorbed": _absorbed,
    "incident.followed": _followed,
    "incident.replanned": _replanned,
}
