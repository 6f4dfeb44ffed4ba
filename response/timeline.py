"""The journal of an incident in sentences: the row stores data, this owns the words."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from plans import words
from plans.documents import PlanDocument
from plans.labels import level_name
from plans.organisations import ROLES
from response.models import DecisionStep, DeploymentSeat
from response.models.facts import Quality
from shuozhou_ops.journal.models import Entry

Payload = Mapping[str, Any]
Said = tuple[str, str]  # the sentence, the clause behind it ('' where none)

KINDS: dict[str, Any] = {
    "all": gettext_lazy("全部"),
    "decisions": gettext_lazy("决定"),
    "facts": gettext_lazy("情况"),
    "tasks": gettext_lazy("任务"),
}
OF_KIND: dict[str, tuple[str, ...]] = {
    "decisions": ("level.", "response.", "end.", "review.", "incident."),
    "facts": ("fact.", "report.", "incident.logged", "incident.verified", "incident.marked"),
    "tasks": ("task.", "deployment.", "notice.", "receipt.", "paper."),
}


@dataclass(frozen=True)
class Line:
    """One entry as it is read: who with which post, what, by which clause. `by` is '' for the system's own."""

    entry: Entry
    by: str
    post: str
    recorded_by: str
    sentence: str
    cite: str


def line(entry: Entry, document: PlanDocument) -> Line:
    """An entry in words. A verb without a sentence of its own shows as itself: nothing is ever hidden."""
    payload = entry.payload
    by = payload.get("by", {})
    said = SENTENCES.get(entry.verb, lambda _payload, _document: (entry.verb, ""))(payload, document)
    writer = payload.get("recorded_by", {}).get("name", "")
    return Line(entry, by.get("name", ""), by.get("post", ""), writer, *said)


def quoted(text: str | None) -> str:
    """A reason or the like behind a sentence, or nothing."""
    return _("，%s") % text if text else ""


def counted(kinds: Mapping[str, int], *, tasks: int = 0, told: int = 0, informed: int = 0) -> str:
    """What is set going or released, in words: `1 个指挥部、10 个工作组、81 项任务，通知 41 个单位`."""
    named = {
        "headquarters": _("%d 个指挥部"),
        "field_headquarters": _("%d 个现场指挥部"),
        "group": _("%d 个工作组"),
        "team": _("%d 个工作队"),
    }
    found = [text % kinds[kind] for kind, text in named.items() if kinds.get(kind)]
    found += [_("%d 项任务") % tasks] if tasks else []
    said = [_("通知 %d 个单位") % told] if told else []
    said += [_("告知 %d 个单位") % informed] if informed else []
    return "，".join((["、".join(found)] if found else []) + said)


def going(*, released: str = "", called: str = "", aftercare: int = 0, told: int = 0) -> str:
    """What an act releases and sets going, in one half of a sentence."""
    parts = [_("解除 %s") % released if released else "", called]
    parts += [_("交办善后任务 %d 项") % aftercare if aftercare else "", _("通知 %d 个单位") % told if told else ""]
    return "；".join(part for part in parts if part)


def kinds_of(names: Iterable[str], document: PlanDocument) -> Counter[str]:
    """How many of each kind these deployments are, by the names that the plan gives them."""
    kinds = {measure.team: "team" for level in document.levels for measure in level.measures if measure.team}
    kinds |= {group.name: "group" for group in document.groups}
    kinds |= {ROLES["field_headquarters"]: "field_headquarters", document.headquarters.name: "headquarters"}
    return Counter(kinds[name] for name in names if name in kinds)


def set_going(payload: Payload, document: PlanDocument) -> str:
    """What a decision set going and released."""
    deployed = payload.get("deployed", {})
    ending = "to" not in payload
    tasks, told = deployed.get("tasks", 0), deployed.get("told", 0)
    called = counted(
        kinds_of(deployed.get("called", ()), document),
        tasks=0 if ending else tasks,
        told=0 if ending else told,
        informed=deployed.get("informed", 0),
    )
    released = counted(kinds_of(deployed.get("released", ()), document), tasks=deployed.get("tasks_released", 0))
    return going(released=released, called=called, aftercare=tasks if ending else 0, told=told if ending else 0)


def _logged(payload: Payload, document: PlanDocument) -> Said:
    facts = _facts(payload.get("facts", {}), document)
    text = _("接报：%(place)s（%(source)s）") % {"place": payload.get("place"), "source": payload.get("source")}
    marks = "、".join(words.flags(document).get(flag, flag) for flag in payload.get("flags", ()))
    out = payload.get("out_of_scope") or [{}]
    said = [facts, _("标记为“%s”") % marks if marks else "", _("记录时不在预案适用范围") if out[0] else ""]
    more = "；".join(part for part in said if part)
    return text + (_("。%s") % more if more else "") + _whose(payload), str(out[0].get("cite", ""))


def _located(payload: Payload, _document: PlanDocument) -> Said:
    return _("确定事发县（市、区）：%s") % "、".join(payload.get("counties", ())), ""


def _verified(payload: Payload, _document: PlanDocument) -> Said:
    return _("核实事件属实") + quoted(payload.get("basis")), ""


def _facts(facts: Mapping[str, Any], document: PlanDocument, before: Mapping[str, Any] | None = None) -> str:
    specs = {spec.name: spec for spec in document.facts}
    told = []
    for name, value in facts.items():
        spec = specs.get(name)
        label = words.label(spec.label, name) if spec else name
        now = _("撤回") if value is None else words.value(spec, value)
        was = (before or {}).get(name)
        text = f"{label} {words.value(spec, was)} → {now}" if was is not None and was != value else f"{label} {now}"
        told.append(text)
    return "、".join(told)


def _reported(payload: Payload, document: PlanDocument) -> Said:
    quality = str(Quality(payload["quality"]).label) if payload.get("quality") in Quality.values else ""
    text = _("报告情况（%(quality)s）：%(facts)s；来源：%(source)s")
    told = [_facts(payload.get("facts", {}), document, payload.get("before")), _moments(payload, document)]
    facts = "、".join(part for part in told if part)
    return text % {"quality": quality, "facts": facts, "source": payload.get("source")} + _whose(payload), ""


def _moments(payload: Payload, document: PlanDocument) -> str:
    labels = words.milestones(document)
    before = payload.get("moments_before", {})
    told = []
    for name, moment in payload.get("moments", {}).items():
        now, was = _clock(moment), before.get(name)
        told.append(f"{labels.get(name, name)} {_clock(was)} → {now}" if was else f"{labels.get(name, name)} {now}")
    return "、".join(told)


def _clock(moment: str | None) -> str:
    """A moment of the journal by the city's clock."""
    if moment is None:
        return _("撤回")
    told = datetime.fromisoformat(moment)
    return timezone.localtime(told, timezone.get_default_timezone()).strftime("%m-%d %H:%M")


def _whose(payload: Payload) -> str:
    """Whose judgement was reported; '' where none was."""
    judged = payload.get("judged")
    return _("；%(post)s%(by)s研判，理由：%(reason)s") % judged if judged else ""


def _elapsed(payload: Payload, document: PlanDocument) -> Said:
    text = _("时间到：%(facts)s，%(level)s")
    return text % {"facts": _facts(payload.get("facts", {}), document), "level": _by_conditions(payload)}, ""


def _counted(payload: Payload, document: PlanDocument) -> Said:
    told = {"facts": _facts(payload.get("facts", {}), document), "because": payload.get("because")}
    return _("因%(because)s：%(facts)s，%(level)s") % {**told, "level": _by_conditions(payload)}, ""


def _by_conditions(payload: Payload) -> str:
    level = payload.get("level")
    return _("预案条件：%s") % (level_name(level) if level else _("未达到任何级别"))


def _marked(payload: Payload, document: PlanDocument) -> Said:
    label = words.flags(document).get(str(payload.get("flag")), str(payload.get("flag")))
    text = _("标记为“%s”") if payload.get("bears") else _("取消标记“%s”")
    return text % label + quoted(payload.get("reason")), ""


def _figures_verified(payload: Payload, document: PlanDocument) -> Said:
    text = _("核实：%(facts)s；来源：%(source)s")
    return text % {"facts": _facts(payload.get("facts", {}), document), "source": payload.get("source")}, ""


def _suggested(payload: Payload, _document: PlanDocument) -> Said:
    return _("建议%(act)s") % {"act": _change(payload)} + quoted(payload.get("reason")), _cite(payload)


def _proposed(payload: Payload, _document: PlanDocument) -> Said:
    text = _("向%(to)s报请%(act)s") % {"to": payload.get("to_post"), "act": _change(payload)}
    return text, _cite(payload)


def _step_added(payload: Payload, _document: PlanDocument) -> Said:
    means = payload.get("means")
    told = {
        "to": payload.get("to_post"),
        "act": _change(payload),
        "said": DecisionStep.Act(payload["act"]).label if payload.get("act") in DecisionStep.Act.values else "",
        "means": DecisionStep.Means(means).label if means in DecisionStep.Means.values else means,
        "at": _clock(payload.get("said_at")),
    }
    text = _("记录向%(to)s%(said)s%(act)s（%(means)s，%(at)s）") % told
    return text + quoted(payload.get("note")), _cite(payload)


def _refused(payload: Payload, _document: PlanDocument) -> Said:
    return _("不批准%(act)s") % {"act": _change(payload)} + quoted(payload.get("refusal")), _cite(payload)


def _took_effect(payload: Payload, document: PlanDocument) -> Said:
    text = _("%(act)s：%(going)s") % {"act": _change(payload, done=True), "going": set_going(payload, document)}
    if payload.get("to") != payload.get("table"):
        text += _("；预案条件为%(table)s") % {"table": level_name(payload.get("table"))}
    if payload.get("verified_event"):
        text += _("；同时核实事件属实")
    return text + quoted(payload.get("reason")), _cite(payload)


def _ended(payload: Payload, document: PlanDocument) -> Said:
    text = _("宣布结束%(level)s") % {"level": level_name(payload.get("from"))}
    going = set_going(payload, document)
    return text + (_("：%s") % going if going else "") + quoted(payload.get("reason")), _cite(payload)


def _change(payload: Payload, *, done: bool = False) -> str:
    """The change that a decision is about: `启动三级响应`."""
    said = {"start": _("启动%s"), "raise": _("提高至%s"), "lower": _("降低至%s")}
    if done:
        said = {"start": _("已启动%s"), "raise": _("已提高至%s"), "lower": _("已降低至%s")}
    return said.get(str(payload.get("kind")), "%s") % level_name(payload.get("to"))


def _cite(payload: Payload) -> str:
    clauses = payload.get("clauses") or [{}]
    return str(payload.get("cite") or clauses[0].get("cite", ""))


def _of_task(verb: Any) -> Callable[[Payload, PlanDocument], Said]:
    """The sentence of an act on a task: `抢险救援组 签收任务“…”`."""

    def said(payload: Payload, _document: PlanDocument) -> Said:
        told = {"bearer": payload.get("bearer"), "verb": verb, "what": payload.get("what")}
        text = _("%(bearer)s %(verb)s“%(what)s”") % told
        return text + (_("：%s") % payload["text"] if payload.get("text") else ""), _cite(payload)

    return said


def _seated(payload: Payload, _document: PlanDocument) -> Said:
    role = payload.get("role")
    told = {
        "deployment": payload.get("deployment"),
        "role": DeploymentSeat.Role(role).label if role in DeploymentSeat.Role.values else role,
        "who": " ".join(part for part in (payload.get("post"), payload.get("who")) if part),
    }
    return _("%(deployment)s：指定%(who)s为%(role)s") % told, ""


def _received(payload: Payload, _document: PlanDocument) -> Said:
    return _("%(who)s 签收通知：%(title)s") % {"who": payload.get("recipient"), "title": payload.get("title")}, ""


def _overdue(payload: Payload, _document: PlanDocument) -> Said:
    silent = payload.get("silent", [])
    return _("%(count)d 个单位到时未签收：%(names)s") % {"count": len(silent), "names": "、".join(silent)}, ""


def _complete(payload: Payload, _document: PlanDocument) -> Said:
    if silent := payload.get("silent"):
        return _("签收期限已到，响应已结束，不再催办；%d 个单位未签收") % len(silent), ""
    return _("签收期限已到，没有需要催办的单位"), ""


def _confirmed(payload: Payload, _document: PlanDocument) -> Said:
    told = {"condition": payload.get("condition"), "basis": payload.get("basis")}
    return _("确认结束条件“%(condition)s”，依据：%(basis)s") % told, _cite(payload)


def _review(payload: Payload, _document: PlanDocument) -> Said:
    return _("开展评估总结，应交材料 %d 份") % len(payload.get("papers", [])), ""


def _unit_reported(payload: Payload, _document: PlanDocument) -> Said:
    told = {"who": payload.get("bearer"), "what": payload.get("what"), "text": payload.get("text")}
    return _("%(who)s报告（%(what)s）：%(text)s") % told, _cite(payload)


def _paper(payload: Payload, _document: PlanDocument) -> Said:
    return _("收到%(author)s提交的《%(paper)s》") % {
        "author": payload.get("author"),
        "paper": payload.get("paper"),
    }, _cite(payload)


def _closed(payload: Payload, _document: PlanDocument) -> Said:
    return _("办结") + quoted(payload.get("reason")), ""


SENTENCES: dict[str, Callable[[Payload, PlanDocument], Said]] = {
    "incident.logged": _logged,
    "incident.verified": _verified,
    "incident.located": _located,
    "incident.marked": _marked,
    "incident.closed": _closed,
    "fact.reported": _reported,
    "fact.verified": _figures_verified,
    "fact.elapsed": _elapsed,
    "fact.counted": _counted,
    "report.received": _unit_reported,
    "level.suggested": _suggested,
    "level.proposed": _proposed,
    "level.step_added": _step_added,
    "level.refused": _refused,
    "level.started": _took_effect,
    "level.raised": _took_effect,
    "level.lowered": _took_effect,
    "response.ended": _ended,
    "end.confirmed": _confirmed,
    "task.accepted": _of_task(gettext_lazy("签收任务")),
    "task.reported": _of_task(gettext_lazy("报告任务进展")),
    "task.done": _of_task(gettext_lazy("完成任务")),
    "task.cannot": _of_task(gettext_lazy("无法完成任务")),
    "deployment.seated": _seated,
    "notice.received": _received,
    "receipt.overdue": _overdue,
    "receipt.complete": _complete,
    "review.opened": _review,
    "paper.received": _paper,
}
