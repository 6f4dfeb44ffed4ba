"""Decisions on the level in sentences."""

from django.utils.translation import gettext as _

from plans.documents import PlanDocument
from plans.labels import level_name
from response.models import DecisionStep

from .common import Payload, Said, Sentences, change_of, cite_of, clock_of, facts_of, quoted, set_going, spoken_of


def _suggested(payload: Payload, _document: PlanDocument) -> Said:
    return _("建议%(act)s") % {"act": change_of(payload)} + quoted(payload.get("reason")), cite_of(payload)


def _proposed(payload: Payload, _document: PlanDocument) -> Said:
    text = _("向%(to)s报请%(act)s") % {"to": payload.get("to_post"), "act": change_of(payload)}
    return text, cite_of(payload)


def _step_added(payload: Payload, _document: PlanDocument) -> Said:
    means = payload.get("means")
    told = {
        "to": payload.get("to_post"),
        "act": change_of(payload),
        "said": DecisionStep.Act(payload["act"]).label if payload.get("act") in DecisionStep.Act.values else "",
        "means": DecisionStep.Means(means).label if means in DecisionStep.Means.values else means,
        "at": clock_of(payload.get("said_at")),
    }
    text = _("记录向%(to)s%(said)s%(act)s（%(means)s，%(at)s）") % told
    return text + quoted(payload.get("note")), cite_of(payload)


def _refused(payload: Payload, _document: PlanDocument) -> Said:
    return _("不批准%(act)s") % {"act": change_of(payload)} + quoted(payload.get("refusal")), cite_of(payload)


def _by_table(payload: Payload, document: PlanDocument) -> str:
    """How it differs from what the facts in force give, and whose figures it follows; '' where it does not."""
    if payload.get("to") == payload.get("table"):
        return ""
    contested = payload.get("contested") or ()
    table = level_name(payload.get("table"))
    if not contested:
        return _("；预案条件为%(table)s") % {"table": table}
    told = {
        "sources": "、".join(dict.fromkeys(str(item["source"]) for item in contested)),
        "figures": facts_of({item["name"]: item["value"] for item in contested}, document),
        "table": table,
    }
    return _("；按%(sources)s的数字（%(figures)s，尚有分歧），按现用的数字预案条件为%(table)s") % told


def _took_effect(payload: Payload, document: PlanDocument) -> Said:
    text = _("%(act)s：%(going)s") % {"act": change_of(payload, done=True), "going": set_going(payload, document)}
    text += _by_table(payload, document)
    if payload.get("response_no"):
        text = _("再次响应（第 %(number)d 次）：%(text)s") % {"number": payload["response_no"], "text": text}
    if payload.get("verified_event"):
        text += _("；同时核实事件属实")
    return spoken_of(payload) + text + quoted(payload.get("reason")), cite_of(payload)


SENTENCES: Sentences = {
    "level.suggested": _suggested,
    "level.proposed": _proposed,
    "level.step_added": _step_added,
    "level.refused": _refused,
    "level.started": _took_effect,
    "level.raised": _took_effect,
    "level.lowered": _took_effect,
}
