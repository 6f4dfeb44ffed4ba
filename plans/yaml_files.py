"""Reading plan files: YAML or JSON, one file or a folder of them, with duplicate keys refused. No Django here."""

import json
from collections.abc import Hashable
from pathlib import Path
from typing import Any

import yaml

from shuozhou_ops.errors import BadInput, FieldError

_Base: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class BadPlan(BadInput):
    """A plan file that cannot be taken: every fault with its file and place."""


class _Strict(_Base):
    """The safe loader, but a key that stands twice in one mapping is an error: PyYAML silently keeps the last."""

    def construct_mapping(self, node: Any, deep: bool = False) -> dict[Hashable, Any]:
        if isinstance(node, yaml.MappingNode):
            self.flatten_mapping(node)
            seen: set[Hashable] = set()
            for key_node, _ in node.value:
                key = self.construct_object(key_node, deep=True)
                if not isinstance(key, Hashable) or key in seen:
                    raise yaml.constructor.ConstructorError(
                        "while reading a mapping", node.start_mark, f"“{key}”这个键写了两次", key_node.start_mark
                    )
                seen.add(key)
        made: dict[Hashable, Any] = super().construct_mapping(node, deep=deep)
        return made


def parse(text: str, name: str) -> Any:
    """The plain tree a YAML or JSON text holds. Raises BadPlan naming file, line and fault."""
    try:
        if text.lstrip().startswith("{"):  # JSON first: YAML reads its 1e12 as text
            return json.loads(text, object_pairs_hook=_once, parse_constant=_no_constant)
    except json.JSONDecodeError:
        pass  # a YAML flow mapping, perhaps
    except (RecursionError, ValueError) as error:
        raise BadPlan([FieldError(name, "not_readable", f"{name}：{error}")]) from error
    try:
        return yaml.load(text, Loader=_Strict)  # noqa: S506  a safe loader underneath
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        where = f"{name}:{mark.line + 1}" if mark else name
        raise BadPlan([FieldError(where, "not_readable", f"{where}：{error.problem}")]) from error
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        raise BadPlan([FieldError(name, "not_readable", f"{name}：不是可读的 YAML 或 JSON（{error}）")]) from error


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) < len(pairs):
        keys = [key for key, _ in pairs]
        raise ValueError(f"“{next(key for key in keys if keys.count(key) > 1)}”这个键写了两次")
    return made


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} 不是数")


class Tree:
    """A plan as plain mappings and lists, and the file that each top-level part came from."""

    def __init__(self) -> None:
        self.content: dict[str, Any] = {}
        self._from: dict[str, list[tuple[int, str]]] = {}

    def add(self, part: Any, name: str) -> None:
        """Add a file's content; lists that several files hold are joined. Raises BadPlan."""
        if not isinstance(part, dict):
            raise BadPlan([FieldError(name, "wrong_type", f"{name}：应是“键: 值”的映射")])
        for key, value in part.items():
            if key in self.content:
                held = self.content[key]
                if not isinstance(held, list) or not isinstance(value, list):
                    raise BadPlan([FieldError(name, "duplicate", f"{name}：“{key}”在另一个文件里已经写过")])
                self._from[key].append((len(held), name))
                self.content[key] = held + value
            else:
                self.content[key] = value
                self._from[key] = [(0, name)]

    def file_of(self, key: str, index: int = 0) -> str:
        """The file in which this part (or this item of a list) stands."""
        return next((name for start, name in reversed(self._from.get(key, [])) if index >= start), "")


def read(path: Path) -> Tree:
    """A plan's folder (every .yaml in it) or its one YAML or JSON file. Raises BadPlan, OSError."""
    tree = Tree()
    for file in sorted(path.glob("*.yaml")) if path.is_dir() else [path]:
        try:
            tree.add(parse(file.read_text(encoding="utf-8-sig"), file.name), file.name)
        except UnicodeDecodeError as error:
            raise BadPlan([FieldError(file.name, "not_readable", f"{file.name}：不是 UTF-8 文字")]) from error
    return tree
