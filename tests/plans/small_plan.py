"""A small plan of the tests' own, as a plain tree: no plan of the library need exist for these tests."""

import copy
from typing import Any

from plans import loading
from plans.documents import PlanDocument

TREE: dict[str, Any] = {
    "plan": "flood",
    "name": "洪涝",
    "document": "试政办发〔2026〕1号",
    "version": "v1",
    "outline": [
        {"cite": "1", "heading": "总则"},
        {"cite": "2.1", "heading": "指挥部"},
        {"cite": "2.2.1", "heading": "综合组"},
        {"cite": "5.1", "heading": "三级"},
        {"cite": "5.1(1)", "heading": "派人"},
        {"cite": "5.2", "heading": "四级"},
        {"cite": "5.6", "heading": "结束"},
        {"cite": "附件3", "heading": "条件"},
    ],
    "facts": [
        {"name": "rain_mm", "type": "number", "unit": "毫米", "label": {"zh": "雨量", "en": "rain"}},
        {"name": "dead", "type": "integer", "label": {"zh": "死亡人数", "en": "dead"}},
        {"name": "lost", "type": "integer", "max": 500, "label": {"zh": "失踪人数", "en": "lost"}},
        {"name": "dam_broken", "type": "boolean", "label": {"zh": "溃坝", "en": "dam broken"}},
        {
            "name": "place",
            "type": "choice",
            "values": ["city", "country"],
            "label": {"zh": "地点", "en": "place"},
            "value_labels": {"city": {"zh": "城区", "en": "city"}, "country": {"zh": "乡村", "en": "country"}},
        },
    ],
    "headquarters": {
        "name": "市防汛指挥部",
        "cite": "2.1",
        "commanders": ["vice_mayor"],
        "deputies": ["water.head"],
        "members": ["市水利局", "市应急管理局", "市防汛办"],
        "office": {"seat": "市水利局", "directors": ["water.head"]},
        "duties": [{"text": "统一指挥防汛", "cite": "2.1", "who": ["headquarters"]}],
    },
    "groups": [
        {
            "key": "general",
            "name": "综合组",
            "of": "headquarters",
            "set_up": "always",
            "from_level": 3,
            "cite": "2.2.1",
            "leaders": ["water.head", "county.head"],
            "members": ["市水利局", {"name": "驻军", "kind": "free"}],
            "duties": [{"text": "汇总情况", "cite": "2.2.1", "every": "P1D", "opens": "requisition"}],
            "subgroups": [
                {"key": "maps", "name": "测绘小组", "cite": "2.2.1", "duties": [{"text": "绘图", "cite": "2.2.1"}]}
            ],
        }
    ],
    "duties": [{"unit": "市水利局", "text": "巡查堤坝", "cite": "附件3", "phase": "standing"}],
    "levels": [
        {
            "level": 3,
            "cite": "5.1",
            "decided_by": "commander",
            "chain": [{"act": "report", "by": "office_director", "to": "commander", "is": "proposal"}],
            "conditions": [
                {
                    "cite": "附件3",
                    "text": "城区雨量50毫米以上",
                    "when": {"all": [{"fact": "place", "is": "city"}, {"fact": "rain_mm", "at_least": 50}]},
                },
                {"cite": "附件3", "text": "死亡失踪3人以上", "when": {"sum": ["dead", "lost"], "at_least": 3}},
                {"cite": "附件3", "text": "溃坝", "when": {"fact": "dam_broken", "is": True}},
            ],
            "measures": [
                {
                    "number": 1,
                    "text": "派工作组",
                    "cite": "5.1(1)",
                    "falls_to": ["general", "county"],
                    "team": "联合组",
                },
                {
                    "number": 1,
                    "text": "测绘",
                    "cite": "5.1(1)",
                    "falls_to": [{"group": "maps"}, "office"],
                    "mood": "at_once",
                },
            ],
            "includes": [4],
        },
        {
            "level": 4,
            "cite": "5.2",
            "decided_by": "office_director",
            "conditions": [
                {
                    "cite": "附件3",
                    "text": "乡村雨量50毫米以上",
                    "when": {
                        "all": [
                            {"fact": "place", "is": "country", "unknown_as": "country"},
                            {"fact": "rain_mm", "at_least": 50},
                        ]
                    },
                }
            ],
        },
    ],
    "grades": [
        {
            "grade": 4,
            "name": "一般",
            "cite": "附件3",
            "conditions": [{"cite": "附件3", "text": "有任何情况", "when": {"any_known": ["rain_mm", "dead"]}}],
        }
    ],
    "ending": [
        {
            "levels": [3, 4],
            "declared_by": {"first": "field_commander", "else": "commander"},
            "conditions": [{"text": "洪水退去", "cite": "5.6"}],
        }
    ],
    "warnings": [
        {
            "name": "汛情预警",
            "issued_by": ["市气象局"],
            "cite": "1",
            "steps": [
                {
                    "name": "三级（黄色）",
                    "colour": "yellow",
                    "meaning": "可能有汛情",
                    "measures": [
                        {"text": "加强巡查", "cite": "1", "who": ["市水利局"], "every": "PT12H"},
                        {"text": "备好队伍", "cite": "1", "falls_to": ["general"]},
                    ],
                }
            ],
        }
    ],
    "readings": [{"number": 1, "cite": "附件3", "text": "以上含本数"}],
}


def tree(**changes: Any) -> dict[str, Any]:
    """The plan's tree, a copy, with some of its top-level parts replaced."""
    return {**copy.deepcopy(TREE), **changes}


def plan(**changes: Any) -> PlanDocument:
    """The plan itself."""
    return loading.from_tree(tree(**changes))
