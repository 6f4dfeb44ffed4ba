"""Spoken orders in sentences."""

from django.utils.translation import gettext as _

from plans.documents import PlanDocument
from plans.labels import level_name

from .common import Payload, Said, Sentences, change_of, cite_of, clock_of, quoted, set_going


def _what(payload: Payload) -> str:
    """What was ordered: `启动三级响应`, `结束三级响应`."""
    if payload.get("kind") == "end":
        return _("结束%s") % level_name(payload.get("from"))
    return change_of(payload)


def _countersigned(payload: Payload, _document: PlanDocument) -> Said:
    told = {"what": _what(payload), "at": clock_of(payload.get("said_at"))}
    return _("补签 %(at)s 的口头令：%(what)s") % told, ""


def _disputed(payload: Payload, _document: PlanDocument) -> Said:
    told = {"what": _what(payload), "at": clock_of(payload.get("said_at"))}
    text = _("对 %(at)s 的口头令“%(what)s”提出异议") % told + quoted(payload.get("reason"))
    if payload.get("stale"):
        return text + _("；级别此后已变动，退回的提请不再有效"), ""
    return text + _("；已生效的不撤销，退回原级别的提请待决定"), ""


def _revoked(payload: Payload, document: PlanDocument) -> Said:
    text = _("撤回%(level)s（口头令有异议，不逐条确认结束条件）") % {"level": level_name(payload.get("from"))}
    going = set_going(payload, document)
    return text + (_("：%s") % going if going else "") + quoted(payload.get("reason")), cite_of(payload)


SENTENCES: Sentences = {
    "spoken_order.countersigned": _countersigned,
    "spoken_order.disputed": _disputed,
    "response.revoked": _revoked,
}
