"""Incidents in sentences."""

from django.utils.translation import gettext as _

from plans import words
from plans.documents import PlanDocument

from .common import Payload, Said, Sentences, facts_of, quoted, whose_of
from .handling import last_words_of
from .kin import goes_on_waiting


def _logged(payload: Payload, document: PlanDocument) -> Said:
    facts = facts_of(payload.get("facts", {}), document)
    text = _("接报：%(place)s（%(source)s）") % {"place": payload.get("place"), "source": payload.get("source")}
    if payload.get("continues"):
        text = _("接续%(old)s：%(place)s，改按“%(plan)s”") % {
            "old": payload["continues"],
            "place": payload.get("place"),
            "plan": payload.get("plan"),
        } + goes_on_waiting(payload)
    if payload.get("follows"):
        text += _("，由%s引发") % payload["follows"]
    marks = "、".join(words.flags(document).get(flag, flag) for flag in payload.get("flags", ()))
    out = payload.get("out_of_scope") or [{}]
    said = [facts, _("标记为“%s”") % marks if marks else "", _("记录时不在预案适用范围") if out[0] else ""]
    more = "；".join(part for part in said if part)
    return text + (_("。%s") % more if more else "") + whose_of(payload), str(out[0].get("cite", ""))


def _located(payload: Payload, _document: PlanDocument) -> Said:
    return _("确定事发县（市、区）：%s") % "、".join(payload.get("counties", ())), ""


def _verified(payload: Payload, _document: PlanDocument) -> Said:
    return _("核实事件属实") + quoted(payload.get("basis")), ""


def _marked(payload: Payload, document: PlanDocument) -> Said:
    label = words.flags(document).get(str(payload.get("flag")), str(payload.get("flag")))
    text = _("标记为“%s”") if payload.get("bears") else _("取消标记“%s”")
    return text % label + quoted(payload.get("reason")), ""


def _closed(payload: Payload, _document: PlanDocument) -> Said:
    owed = [f"{paper.get('author')}《{paper.get('paper')}》" for paper in payload.get("owed", ())]
    still = _("；办结时仍欠：%s") % "、".join(owed) if owed else ""
    return _("办结") + last_words_of(payload.get("counties", ())) + quoted(payload.get("reason")) + still, ""


SENTENCES: Sentences = {
    "incident.logged": _logged,
    "incident.verified": _verified,
    "incident.located": _located,
    "incident.marked": _marked,
    "incident.closed": _closed,
}
