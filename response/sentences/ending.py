"""The end and what follows in sentences."""

from django.utils.translation import gettext as _

from plans.documents import PlanDocument
from plans.labels import level_name

from .common import Payload, Said, Sentences, cite_of, quoted, set_going, spoken_of


def _ended(payload: Payload, document: PlanDocument) -> Said:
    text = _("宣布结束%(level)s") % {"level": level_name(payload.get("from"))}
    going = set_going(payload, document)
    text += _("：%s") % going if going else ""
    return spoken_of(payload) + text + quoted(payload.get("reason")), cite_of(payload)


def _confirmed(payload: Payload, _document: PlanDocument) -> Said:
    told = {"condition": payload.get("condition"), "basis": payload.get("basis")}
    return _("确认结束条件“%(condition)s”，依据：%(basis)s") % told, cite_of(payload)


def _review(payload: Payload, _document: PlanDocument) -> Said:
    return _("开展评估总结，应交材料 %d 份") % len(payload.get("papers", [])), ""


def _paper(payload: Payload, _document: PlanDocument) -> Said:
    text = _("收到%(author)s提交的《%(paper)s》") % {"author": payload.get("author"), "paper": payload.get("paper")}
    if payload.get("signed_name"):
        text += _("，%(post)s%(name)s签名") % {"post": payload.get("signed_post"), "name": payload["signed_name"]}
    if payload.get("taken_over_by"):
        text += _("，%s接收") % payload["taken_over_by"]
    return text, cite_of(payload)


SENTENCES: Sentences = {
    "response.ended": _ended,
    "end.confirmed": _confirmed,
    "review.opened": _review,
    "paper.received": _paper,
}
