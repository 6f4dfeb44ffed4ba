"""What the sentences share: figures, moments, levels and counts in words."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from plans import words
from plans.documents import PlanDocument
from plans.labels import level_name
from plans.organisations import ROLES
from response.figures import as_facts
from response.models import DecisionStep

Payload = Mapping[str, Any]


Said = tuple[str, str]  # the sentence, the clause behind it ('' where none)


Sentences = Mapping[str, Callable[[Payload, PlanDocument], Said]]  # by verb


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


def facts_of(facts: Mapping[str, Any], document: PlanDocument, before: Mapping[str, Any] | None = None) -> str:
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


def figures_of(payload: Payload, document: PlanDocument) -> str:
    """The figures that were told beside the facts."""
    return facts_of(payload.get("figures", {}), as_facts(document), payload.get("figures_before"))


def labels_of(facts: Iterable[str], document: PlanDocument) -> str:
    """Facts by their labels."""
    specs = {spec.name: spec for spec in document.facts}
    return "、".join(words.label(specs[name].label, name) if name in specs else name for name in facts)


def moments_of(payload: Payload, document: PlanDocument) -> str:
    labels = words.milestones(document)
    before = payload.get("moments_before", {})
    told = []
    for name, moment in payload.get("moments", {}).items():
        now, was = clock_of(moment), before.get(name)
        told.append(f"{labels.get(name, name)} {clock_of(was)} → {now}" if was else f"{labels.get(name, name)} {now}")
    return "、".join(told)


def clock_of(moment: str | None) -> str:
    """A moment of the journal by the city's clock."""
    if moment is None:
        return _("撤回")
    told = datetime.fromisoformat(moment)
    return timezone.localtime(told, timezone.get_default_timezone()).strftime("%m-%d %H:%M")


def whose_of(payload: Payload) -> str:
    """Whose judgement was reported; '' where none was."""
    judged = payload.get("judged")
    return _("；%(post)s%(by)s研判，理由：%(reason)s") % judged if judged else ""


def by_conditions(payload: Payload) -> str:
    level = payload.get("level")
    return _("预案条件：%s") % (level_name(level) if level else _("未达到任何级别"))


def change_of(payload: Payload, *, done: bool = False) -> str:
    """The change that a decision is about: `启动三级响应`."""
    said = {"start": _("启动%s"), "raise": _("提高至%s"), "lower": _("降低至%s")}
    if done:
        said = {"start": _("已启动%s"), "raise": _("已提高至%s"), "lower": _("已降低至%s")}
    return said.get(str(payload.get("kind")), "%s") % level_name(payload.get("to"))


def spoken_of(payload: Payload) -> str:
    """How a decision was given by word of mouth: `口头令（电话，11-24 12:00，见证人 X）：`; '' where it was not."""
    spoken = payload.get("spoken")
    if not spoken:
        return ""
    means = spoken.get("means")
    parts = [
        str(DecisionStep.Means(means).label) if means in DecisionStep.Means.values else str(means),
        clock_of(spoken.get("said_at")),
        _("见证人 %s") % spoken["witness"] if spoken.get("witness") else "",
    ]
    return _("口头令（%s）：") % "，".join(part for part in parts if part)


def cite_of(payload: Payload) -> str:
    clauses = payload.get("clauses") or [{}]
    return str(payload.get("cite") or clauses[0].get("cite", ""))
