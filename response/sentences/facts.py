"""Facts and reports in sentences."""

from django.utils.translation import gettext as _

from plans.documents import PlanDocument
from response.models.facts import Quality

from .common import (
    Payload,
    Said,
    Sentences,
    by_conditions,
    cite_of,
    facts_of,
    figures_of,
    labels_of,
    moments_of,
    quoted,
    whose_of,
)


def _reported(payload: Payload, document: PlanDocument) -> Said:
    quality = str(Quality(payload["quality"]).label) if payload.get("quality") in Quality.values else ""
    text = _("报告情况（%(quality)s）：%(facts)s；来源：%(source)s")
    told = [facts_of(payload.get("facts", {}), document, payload.get("before")), figures_of(payload, document)]
    facts = "、".join(part for part in (*told, moments_of(payload, document)) if part)
    said = text % {"quality": quality, "facts": facts, "source": payload.get("source")} + whose_of(payload)
    beside = labels_of(payload.get("beside", ()), document)
    return said + (_("；与其他来源不一致：%s") % beside if beside else ""), ""


def _chosen(payload: Payload, document: PlanDocument) -> Said:
    ((name, value),) = payload.get("facts", {"": None}).items()
    others = [f"{source} {facts_of({name: said}, document)}" for source, said in payload.get("others", {}).items()]
    told = {"source": payload.get("source"), "fact": facts_of({name: value}, document), "others": "、".join(others)}
    text = _("采用%(source)s的数字：%(fact)s（另有 %(others)s）") if others else _("采用%(source)s的数字：%(fact)s")
    return text % told + quoted(payload.get("reason")) + f"；{by_conditions(payload)}", ""


def _figures_verified(payload: Payload, document: PlanDocument) -> Said:
    text = _("核实：%(facts)s；来源：%(source)s")
    told = [facts_of(payload.get("facts", {}), document), figures_of(payload, document)]
    return text % {"facts": "、".join(part for part in told if part), "source": payload.get("source")}, ""


def _elapsed(payload: Payload, document: PlanDocument) -> Said:
    text = _("时间到：%(facts)s，%(level)s")
    return text % {"facts": facts_of(payload.get("facts", {}), document), "level": by_conditions(payload)}, ""


def _counted(payload: Payload, document: PlanDocument) -> Said:
    told = {"facts": facts_of(payload.get("facts", {}), document), "because": payload.get("because")}
    return _("因%(because)s：%(facts)s，%(level)s") % {**told, "level": by_conditions(payload)}, ""


def _unit_reported(payload: Payload, _document: PlanDocument) -> Said:
    told = {"who": payload.get("bearer"), "what": payload.get("what"), "text": payload.get("text")}
    return _("%(who)s报告（%(what)s）：%(text)s") % told, cite_of(payload)


SENTENCES: Sentences = {
    "fact.reported": _reported,
    "fact.verified": _figures_verified,
    "fact.chosen": _chosen,
    "fact.elapsed": _elapsed,
    "fact.counted": _counted,
    "report.received": _unit_reported,
}
