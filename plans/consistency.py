"""What must agree within a plan before it can run: numbers, names and what refers to them. No Django here."""

import re
from collections import Counter
from collections.abc import Callable, Iterable
from typing import Any

from . import derivations
from .documents import PlanDocument

SEVERITIES = (1, 2, 3, 4)
KEY = re.compile(r"[A-Za-z0-9_-]{1,80}")
LONGEST = 100  # characters
Fault = Callable[[str, str, str], None]  # (path, code, message)


def group_names(content: dict[str, Any]) -> dict[str, str]:
    """The groups of a plain tree, subgroups too: name by key. What has no such shape is left to the loader."""
    found: dict[str, str] = {}
    waiting = [content.get("groups")]
    while waiting:
        groups = waiting.pop()
        for group in groups if isinstance(groups, list) else ():
            if isinstance(group, dict) and isinstance(group.get("key"), str):
                found[group["key"]] = str(group.get("name", ""))
                waiting.append(group.get("subgroups"))
    return found


def check(document: PlanDocument, fault: Fault) -> None:
    """Tell `fault` of everything that contradicts itself."""
    if not KEY.fullmatch(document.plan):
        fault("plan", "not_allowed", "预案的键只用英文字母、数字、_ 和 -，最多 80 个字")
    for part in ("name", "document", "version"):
        if len(getattr(document, part)) > LONGEST:
            fault(part, "too_long", f"最多 {LONGEST} 个字")
    _once("facts", (spec.name for spec in document.facts), fault)
    groups = [group for one in document.groups for group in (one, *one.subgroups)]
    _once("groups", (group.key for group in groups), fault)
    _once("levels", (level.level for level in document.levels), fault)
    _once("grades", (grade.grade for grade in document.grades), fault)
    _once("outline", (item.cite for item in document.outline), fault)
    _once("readings", (reading.number for reading in document.readings), fault)
    for part in ("flags", "milestones", "figures"):
        _once(part, (named.name for named in getattr(document, part)), fault)
    _once("ending", (level for ending in document.ending for level in ending.levels), fault)
    levels = {level.level for level in document.levels}
    for place, level in enumerate(document.levels):
        _severity(level.level, f"levels[{place}].level", fault)
        for other in set(level.includes) - (levels - {level.level}):
            fault(f"levels[{place}].includes", "not_allowed", f"本预案没有可以包含的 {other} 级")
        if level.level in _built_on(level.level, document):
            fault(f"levels[{place}].includes", "circular", "绕了一圈又包含自己")
    for place, ending in enumerate(document.ending):
        for number in ending.levels:
            _severity(number, f"ending[{place}].levels", fault)
    for place, paper in enumerate(document.aftercare.papers):
        for number in paper.levels:
            _severity(number, f"aftercare.papers[{place}].levels", fault)
    for place, grade in enumerate(document.grades):
        _severity(grade.grade, f"grades[{place}].grade", fault)
    for place, group in enumerate(document.groups):
        if group.from_level is not None:
            _severity(group.from_level, f"groups[{place}].from_level", fault)
    for place, spec in enumerate(document.facts):
        if spec.derive:
            derivations.check(document, spec, f"facts[{place}].derive", fault)
        if spec.min is not None and spec.max is not None and spec.min > spec.max:
            fault(f"facts[{place}].min", "not_allowed", "下限大于上限")


def _once(where: str, names: Iterable[Any], fault: Fault) -> None:
    for name, times in Counter(names).items():
        if times > 1:
            fault(where, "duplicate", f"“{name}”写了 {times} 次")


def _built_on(number: int, document: PlanDocument) -> set[int]:
    """Every level that this one includes, those that they include among them."""
    includes = {level.level: level.includes for level in document.levels}
    found: set[int] = set()
    waiting = list(includes[number])
    while waiting:
        if (current := waiting.pop()) not in found:
            found.add(current)
            waiting.extend(includes.get(current, ()))
    return found


def _severity(number: int, path: str, fault: Fault) -> None:
    if number not in SEVERITIES:
        fault(path, "not_allowed", f"应是 1（最重）到 4 之一，写的是“{number}”")
