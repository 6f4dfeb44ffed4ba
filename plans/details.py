"""What the parts of a plan and their fields are called, and their values in words: for searching and comparing."""

import dataclasses
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from . import labels, words
from .checking import reading_cite
from .documents import Ending, FactSpec, Level, Named, PlanDocument, Reading, Ref
from .freezing import thaw

CALLED = {  # fields, by name
    "act": gettext_lazy("做法"),
    "adjusting": gettext_lazy("响应调整"),
    "aftercare": gettext_lazy("后期处置"),
    "also": gettext_lazy("另有说法"),
    "asked_of": gettext_lazy("向谁了解"),
    "before_closing": gettext_lazy("办结前提交"),
    "by": gettext_lazy("由谁"),
    "chain": gettext_lazy("启动程序"),
    "cite": gettext_lazy("条款"),
    "colour": gettext_lazy("颜色"),
    "commanders": gettext_lazy("指挥长"),
    "composition": gettext_lazy("怎样组成"),
    "conditions": gettext_lazy("条件"),
    "consent_by": gettext_lazy("经谁同意"),
    "cross_border": gettext_lazy("跨区域"),
    "decided_by": gettext_lazy("由谁决定"),
    "decides": gettext_lazy("谁能决定"),
    "declared_by": gettext_lazy("由谁宣布"),
    "deputies": gettext_lazy("副指挥长"),
    "derive": gettext_lazy("怎样得出"),
    "directors": gettext_lazy("办公室主任"),
    "document": gettext_lazy("文号"),
    "duties": gettext_lazy("职责"),
    "each_unit": gettext_lazy("各单位一份"),
    "early_handling": gettext_lazy("先期处置"),
    "emergency_measures": gettext_lazy("应急措施"),
    "ending": gettext_lazy("响应结束"),
    "every": gettext_lazy("多久一次"),
    "facts": gettext_lazy("判断依据"),
    "falls_to": gettext_lazy("由谁承担"),
    "field_headquarters": gettext_lazy("现场指挥部"),
    "figures": gettext_lazy("统计数字"),
    "first": gettext_lazy("首先"),
    "flags": gettext_lazy("标记"),
    "forces": gettext_lazy("队伍与力量"),
    "from_level": gettext_lazy("从哪一级起"),
    "grade": gettext_lazy("等级"),
    "grades": gettext_lazy("灾害分级"),
    "groups": gettext_lazy("工作组"),
    "heading": gettext_lazy("标题"),
    "headings": gettext_lazy("内容"),
    "headquarters": gettext_lazy("指挥部"),
    "includes": gettext_lazy("包括哪级措施"),
    "is_": gettext_lazy("效力"),
    "issued_by": gettext_lazy("由谁发布"),
    "judgement": gettext_lazy("须人工研判"),
    "key": gettext_lazy("键"),
    "label": gettext_lazy("名称"),
    "leaders": gettext_lazy("组长"),
    "level": gettext_lazy("级别"),
    "levels": gettext_lazy("响应级别"),
    "lifting": gettext_lazy("解除"),
    "max": gettext_lazy("上限"),
    "meaning": gettext_lazy("含义"),
    "measures": gettext_lazy("措施"),
    "members": gettext_lazy("成员单位"),
    "milestones": gettext_lazy("时间点"),
    "min": gettext_lazy("下限"),
    "money": gettext_lazy("经费"),
    "mood": gettext_lazy("缓急"),
    "name": gettext_lazy("名称"),
    "needs_judgement": gettext_lazy("须人工研判"),
    "number": gettext_lazy("序号"),
    "of": gettext_lazy("属于"),
    "office": gettext_lazy("办公室"),
    "opens": gettext_lazy("引出"),
    "otherwise": gettext_lazy("没有时"),
    "outline": gettext_lazy("目录"),
    "papers": gettext_lazy("应交材料"),
    "phase": gettext_lazy("阶段"),
    "plan": gettext_lazy("键"),
    "prevention": gettext_lazy("风险防控与监测"),
    "published": gettext_lazy("对外发布"),
    "readings": gettext_lazy("解读"),
    "report_headings": gettext_lazy("评估报告内容"),
    "reporting": gettext_lazy("信息报告"),
    "scope": gettext_lazy("适用范围"),
    "seat": gettext_lazy("设在"),
    "set_up": gettext_lazy("何时设立"),
    "steps": gettext_lazy("预警级别"),
    "subgroups": gettext_lazy("下设小组"),
    "takeover": gettext_lazy("指挥权移交"),
    "takes_over_command": gettext_lazy("接管指挥权"),
    "team": gettext_lazy("派出队伍"),
    "tells": gettext_lazy("通知谁"),
    "text": gettext_lazy("文字"),
    "then": gettext_lazy("然后"),
    "to": gettext_lazy("向谁"),
    "type": gettext_lazy("类型"),
    "unit": gettext_lazy("单位"),
    "unit_key": gettext_lazy("单位的键"),
    "unmodelled": gettext_lazy("未建模的条文"),
    "upkeep": gettext_lazy("保障与管理"),
    "value_labels": gettext_lazy("各值的名称"),
    "values": gettext_lazy("取值"),
    "version": gettext_lazy("版本"),
    "warnings": gettext_lazy("公众预警"),
    "when": gettext_lazy("判断"),
    "who": gettext_lazy("谁"),
    "why": gettext_lazy("为什么"),
}
VALUES = {  # what a file writes as a word of its own, by field and value
    "act": {"report": gettext_lazy("报告"), "propose": gettext_lazy("提出建议")},
    "composition": {"listed": gettext_lazy("预案列明"), "by_commander": gettext_lazy("由指挥长确定")},
    "decided_by": {"more_severe_level": gettext_lazy("两级中较重一级的决定人")},
    "decides": {"any": gettext_lazy("任何一位指挥长")},
    "is_": {"recorded": gettext_lazy("记录在案，不等批准"), "proposal": gettext_lazy("等下一位决定")},
    "mood": {"at_once": gettext_lazy("立即"), "as_needed": gettext_lazy("视情")},
    "of": {"headquarters": gettext_lazy("指挥部"), "field_headquarters": gettext_lazy("现场指挥部")},
    "phase": {
        "standing": gettext_lazy("日常"),
        "warning": gettext_lazy("预警"),
        "early": gettext_lazy("先期"),
        "response": gettext_lazy("响应"),
        "aftercare": gettext_lazy("善后"),
    },
    "set_up": {
        "always": gettext_lazy("必设"),
        "as_needed": gettext_lazy("视情设立"),
        "on_arrival": gettext_lazy("到达现场后设立"),
        "at_meeting": gettext_lazy("由指挥部会议决定设立"),
    },
    "tells": {
        "all": gettext_lazy("全部成员单位"),
        "main": gettext_lazy("主要成员单位"),
        "ticked": gettext_lazy("办公室勾选的成员单位"),
    },
    "type": {
        "number": gettext_lazy("数"),
        "integer": gettext_lazy("整数"),
        "boolean": gettext_lazy("是或否"),
        "choice": gettext_lazy("选一项"),
    },
}
LEVELS = ("level", "levels", "from_level", "includes")  # fields whose numbers are response levels
NOTHING = "—"
SHORT = 24  # characters of a text that stands for its part


@dataclass(frozen=True)
class Field:
    """One field of one part that holds no part of its own."""

    name: str
    value: Any

    @property
    def called(self) -> str:
        """What the field is called."""
        return str(CALLED[self.name])


def is_part(value: Any) -> bool:
    """Whether a value is a part with fields of its own. Whom a plan names is a value."""
    return dataclasses.is_dataclass(value) and not isinstance(value, Ref)


def split(part: Any) -> tuple[list[Field], list[tuple[str, Any]]]:
    """The fields of a part: those with plain values, and those that hold parts (one, none yet, or a tuple of them)."""
    plain, holding = [], []
    for field in dataclasses.fields(part):
        value = getattr(part, field.name)
        if is_part(value) or (isinstance(value, tuple) and value and all(map(is_part, value))):
            holding.append((field.name, value))
        else:
            plain.append(Field(field.name, value))
    return plain, holding


def walk(part: Any, where: tuple[str, ...] = (), cite: str = "") -> Iterator[tuple[Any, tuple[str, ...], str]]:
    """Every part below the whole, with the names that lead to it and its clause, or that of the part around it."""
    for name, value in split(part)[1]:
        for inner in value if isinstance(value, tuple) else (value,):
            path, own = (*where, *steps(name, inner)), getattr(inner, "cite", None) or cite
            yield inner, path, own
            yield from walk(inner, path, own)


def steps(field: str, part: Any) -> tuple[str, ...]:
    """The names that lead to a part: of its field, and its own where it has one."""
    own = title(part)
    return (str(CALLED[field]), own) if own else (str(CALLED[field]),)


def title(part: Any) -> str:
    """What a part is called among its like: its name, and how its text begins; nothing where it has neither."""
    told = text(part)
    begins = told if len(told) <= SHORT else f"{told[:SHORT]}…"
    name = _name(part)
    return begins if not name or name == told else f"{name}：{begins}"


def text(part: Any) -> str:
    """The words that a part stands for: its text, else its name."""
    for name in ("text", "why", "heading"):
        if held := getattr(part, name, None):
            return str(held)
    return _name(part)


def _name(part: Any) -> str:
    if isinstance(part, Level):
        return labels.level_name(part.level)
    if isinstance(part, Ending):
        return words.listed(map(labels.level_name, part.levels))
    if isinstance(part, Reading):
        return reading_cite(part)
    if isinstance(part, FactSpec | Named):
        return words.label(part.label, part.name)
    return str(getattr(part, "name", None) or getattr(part, "unit", None) or "")


class Saying:
    """The values of one plan in words."""

    def __init__(self, document: PlanDocument) -> None:
        self._specs = {spec.name: spec for spec in document.facts}
        self._groups = {group.key: group.name for one in document.groups for group in (one, *one.subgroups)}

    def said(self, name: str, value: Any) -> str:
        """The value of a field in words."""
        if value is None or value == ():
            return NOTHING
        if isinstance(value, tuple):
            return words.listed(self.said(name, one) for one in value)
        if isinstance(value, Ref):
            return value.name
        if name == "when":
            return words.condition(value, self._specs)
        if name == "label":
            return " / ".join(value.values())
        if isinstance(value, Mapping):
            return "；".join(
                f"{key}（{self.said('label' if name == 'value_labels' else '', held)}）" for key, held in value.items()
            )
        if isinstance(value, bool):
            return _("是") if value else _("否")
        if name == "every":
            return words.every(value)
        if name in LEVELS:
            return labels.level_name(value)
        if name == "falls_to":
            return self._groups.get(value, value)
        return str(VALUES.get(name, {}).get(value, value))

    def whole(self, part: Any) -> str:
        """A part with everything in it, in one line: what was added or removed."""
        plain, holding = split(part)
        told = [
            f"{field.called}：{self.said(field.name, field.value)}"
            for field in plain
            if field.value not in (None, (), False) and field.name != "cite" and str(field.value) != text(part)
        ]
        for name, value in holding:
            inner = [self.whole(one) for one in (value if isinstance(value, tuple) else (value,))]
            told.append(f"{CALLED[name]}：{'；'.join(inner)}")
        return f"{text(part)}（{'；'.join(told)}）" if told else text(part)


def exactly(value: Any) -> str:
    """A value to the letter, for two that read alike and are not."""
    if isinstance(value, Ref):
        return f"{value.name}（{value.kind} {value.key or NOTHING}）"
    if isinstance(value, tuple):
        return words.listed(map(exactly, value))
    return json.dumps(thaw(value), ensure_ascii=False)
