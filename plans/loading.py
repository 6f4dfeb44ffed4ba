"""From files to a plan document: every fault at once, with file, place and what is allowed there. No Django here."""

import dataclasses
import json
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from types import UnionType
from typing import Any, Literal, Union, get_args, get_origin

from shuozhou_ops.errors import FieldError

from . import consistency, derivations, expressions, rhythms, yaml_files
from .documents import Adjusting, Condition, Duty, FactSpec, Measure, Named, PlanDocument, Ref, Scope, WarningStep
from .facts import HIGHEST, LOWEST, countable, shown
from .freezing import freeze
from .organisations import Directory, directory
from .refs import RefReader
from .shapes import LANGUAGES, LONGEST, default_of, fields_of
from .yaml_files import BadPlan, Tree

PLAIN: Mapping[type, str] = {str: "文字（数字、日期要加引号）", int: "整数", float: "数", bool: "true 或 false"}


def load(path: Path) -> PlanDocument:
    """The plan in a folder of YAML files, or in one YAML or JSON file. Raises BadPlan, OSError."""
    return _Loader(yaml_files.read(path), directory()).load()


def from_text(text: str, name: str) -> PlanDocument:
    """The plan in a YAML or JSON text; `name` is what faults call it. Raises BadPlan."""
    return from_tree(yaml_files.parse(text, name), name)


def from_tree(content: Any, name: str = "") -> PlanDocument:
    """The plan in a plain tree. Raises BadPlan."""
    tree = Tree()
    tree.add(content, name)
    return _Loader(tree, directory()).load()


class _Loader:
    """One plan on its way in."""

    def __init__(self, tree: Tree, known: Directory) -> None:
        self.tree, self.errors = tree, list[FieldError]()
        self.refs = RefReader(known, consistency.group_names(tree.content), self.fault)
        self.known = known
        self.specs: dict[str, FactSpec] = {}
        self.special: Mapping[tuple[type, str], Callable[[Any, str], Any]] = {
            (Condition, "when"): self._when,
            (Scope, "when"): self._when,
            (FactSpec, "values"): self._values,
            (FactSpec, "label"): self._label,
            (Named, "label"): self._label,
            (FactSpec, "value_labels"): self._value_labels,
            (FactSpec, "derive"): self._derive,
            (Duty, "every"): self._every,
            (Measure, "falls_to"): lambda value, path: self._list(value, path, self.refs.bearer),
            (Adjusting, "decided_by"): self._adjusted_by,
            (WarningStep, "measures"): lambda value, path: self._list(value, path, self._warning_measure),
        }

    def load(self) -> PlanDocument:
        """The document, or BadPlan with every fault."""
        document: PlanDocument = self.part(PlanDocument, self.tree.content, "")
        if not self.errors:
            consistency.check(document, self.fault)
        if self.errors:
            raise BadPlan(self.errors)
        return document

    def fault(self, path: str, code: str, message: str) -> None:
        """Note a fault at a place such as `levels[0].cite`."""
        top = re.match(r"(\w+)(?:\[(\d+)\])?", path)
        file = self.tree.file_of(top[1], int(top[2] or 0)) if top else ""
        self.errors.append(FieldError(path, code, f"{file}：{path}：{message}" if file else f"{path}：{message}"))

    def part(self, cls: Any, value: Any, path: str, owner: type | None = None, name: str = "") -> Any:
        """One part of the plan from a mapping."""
        fields = fields_of(cls, owner, name)
        if not isinstance(value, dict):
            self.fault(path, "wrong_type", f"应是映射，键为 {'、'.join(key for _, key, _ in fields)}")
            return None
        allowed = [key for _, key, _ in fields]
        for key in value:
            if key not in allowed:
                self.fault(_at(path, key), "unknown_key", f"不认识的键“{key}”；可用：{'、'.join(allowed)}")
        made = {}
        for field, key, hint in fields:
            made[field.name] = default = default_of(field, cls, owner, name)
            if value.get(key) is not None:
                made[field.name] = self.value(hint, value[key], _at(path, key), cls, field.name)
            elif default is dataclasses.MISSING:
                self.fault(_at(path, key), "not_given", "没有写")
                made[field.name] = None
        return self._finished(cls(**made), path)

    def value(self, hint: Any, value: Any, path: str, owner: type, name: str) -> Any:
        """One value by the type its field declares."""
        if special := self.special.get((owner, name)):
            return special(value, path)
        origin, args = get_origin(hint), get_args(hint)
        if origin in (Union, UnionType):
            return self.value(next(arg for arg in args if arg is not type(None)), value, path, owner, name)
        if origin is tuple:
            return self._list(value, path, lambda item, where: self.value(args[0], item, where, owner, name))
        if origin is Literal:
            if value not in args:
                self.fault(path, "not_allowed", f"“{value}”不行，应是 {'、'.join(map(str, args))} 之一")
            return value
        if hint is Ref:
            return self.refs.ref(value, path)
        if dataclasses.is_dataclass(hint):
            return self.part(hint, value, path, owner, name)
        if not _fits(hint, value):
            self.fault(path, "wrong_type", f"应是{PLAIN[hint]}，写的是{shown(value)}")
            return None
        if isinstance(value, str) and len(value) > LONGEST.get(name, len(value)):
            self.fault(path, "too_long", f"最多 {LONGEST[name]} 个字")
        return value

    def _list(self, value: Any, path: str, item: Callable[[Any, str], Any]) -> tuple[Any, ...]:
        if not isinstance(value, list):
            self.fault(path, "wrong_type", "应是列表")
            return ()
        return tuple(item(each, f"{path}[{place}]") for place, each in enumerate(value))

    def _finished(self, part: Any, path: str) -> Any:
        """What a part is once its short forms are filled in."""
        if isinstance(part, FactSpec):
            part = _filled(part)
            if (part.type == "choice") != bool(part.values):
                self.fault(f"{path}.values", "not_allowed", "choice 要列出 values，别的类型没有")
            if part.name is not None:
                self.specs[part.name] = part
        if isinstance(part, Duty) and part.unit and not part.unit_key:
            part = dataclasses.replace(part, unit_key=self.known.key_of(part.unit, "unit"))
        return part

    def _when(self, value: Any, path: str) -> Any:
        return freeze(expressions.in_order(expressions.check(value, self.specs, path, self.fault)))

    def _values(self, value: Any, path: str) -> tuple[Any, ...]:
        def one(item: Any, where: str) -> Any:
            if isinstance(item, bool) or not isinstance(item, str | int | float):
                self.fault(where, "wrong_type", f"应是文字或数，写的是“{item}”（no、on 之类要加引号）")
            return item

        values = self._list(value, path, one)
        if len({str(item) for item in values}) < len(values):
            self.fault(path, "duplicate", "有重复的值")
        return values

    def _label(self, value: Any, path: str) -> Any:
        if not isinstance(value, dict) or not all(isinstance(text, str) for pair in value.items() for text in pair):
            self.fault(path, "wrong_type", "应是 {zh: 文字, en: 文字}")
            return freeze({})
        return freeze(_sorted(value, LANGUAGES))

    def _value_labels(self, value: Any, path: str) -> Any:
        if not isinstance(value, dict):
            self.fault(path, "wrong_type", "应是 {值: {zh: 文字, en: 文字}}")
            return None
        keys = {key: key if isinstance(key, str) else json.dumps(key) for key in value}
        return freeze({keys[key]: self._label(label, f"{path}.{keys[key]}") for key, label in value.items()})

    def _derive(self, value: Any, path: str) -> Any:
        return freeze(derivations.read(value, self.known, path, self.fault))

    def _every(self, value: Any, path: str) -> Any:
        if not isinstance(value, str) or rhythms.parts_of(value) is None:
            self.fault(path, "wrong_type", f"应是 ISO 8601 时长，如 P1D、PT12H，写的是“{value}”")
        return value

    def _adjusted_by(self, value: Any, path: str) -> Any:
        return value if value == "more_severe_level" else self._list(value, path, self.refs.ref)

    def _warning_measure(self, value: Any, path: str) -> Any:
        duty_like = isinstance(value, dict) and not value.keys().isdisjoint({"who", "phase", "every"})
        return self.part(Duty if duty_like else Measure, value, path, WarningStep, "measures")


def _at(path: str, key: Any) -> str:
    return f"{path}.{key}" if path else str(key)


def _fits(hint: Any, value: Any) -> bool:
    """Whether a plain value is of its field's type: a boolean is no number, and blank is no text."""
    if hint in (int, float):
        return countable(value) and isinstance(value, int | hint)
    return isinstance(value, hint) and not (isinstance(value, str) and not value.strip())


def _filled(spec: FactSpec) -> FactSpec:
    """The fact with its bounds where a plan sets none of its own, and its values' labels in the order of the values."""
    if spec.value_labels is not None:
        labels = freeze(_sorted(spec.value_labels, tuple(map(str, spec.values or ()))))
        spec = dataclasses.replace(spec, value_labels=labels)
    if spec.type not in ("number", "integer"):
        return spec
    bounds = (LOWEST if spec.min is None else spec.min, HIGHEST if spec.max is None else spec.max)
    return dataclasses.replace(spec, min=_whole(bounds[0]), max=_whole(bounds[1]))


def _sorted(mapping: Mapping[str, Any], order: tuple[str, ...]) -> dict[str, Any]:
    """The mapping with the keys of `order` first, then the others by name: one order, however it was written."""
    return {key: mapping[key] for key in (*order, *sorted(mapping)) if key in mapping}


def _whole(bound: float) -> float:
    return int(bound) if float(bound).is_integer() else bound
