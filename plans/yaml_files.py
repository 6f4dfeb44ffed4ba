"""Reading plan files: YAML or JSON, one file or a folder of them, with duplicate keys refused. No Django here."""

import json
import re
from collections.abc import Hashable, Iterator
from pathlib import Path
from typing import Any

import yaml

from shuozhou_ops.errors import BadInput, FieldError

_Base: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
PLAINLY = {  # how a plan writes what YAML would read in ways that nobody means: 010 as 8, 1:30 as 90, no as false
    "int": (re.compile(r"[-+]?(0|[1-9][0-9]*)"), "这样的整数按十进制写，前面不加 0；若是文字，加引号"),
    "float": (re.compile(r"[-+]?[0-9]+\.[0-9]*([eE][-+]?[0-9]+)?"), "这样的数按十进制写；若是文字，加引号"),
    "bool": (re.compile(r"true|false", re.IGNORECASE), "只写 true 或 false；若是文字，加引号"),
}
SUFFIXES = (".yaml", ".yml", ".json")
DEEPEST = 60  # mappings and lists in one another
UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")  # what no database and no page takes


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


def _plainly(kind: str) -> Any:
    pattern, advice = PLAINLY[kind]

    def construct(loader: Any, node: Any) -> Any:
        if isinstance(node, yaml.ScalarNode) and not pattern.fullmatch(node.value):
            raise yaml.constructor.ConstructorError(None, None, f"“{node.value}”：{advice}", node.start_mark)
        return getattr(loader, f"construct_yaml_{kind}")(node)

    return construct


for _kind in PLAINLY:
    _Strict.add_constructor(f"tag:yaml.org,2002:{_kind}", _plainly(_kind))


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
        return yaml.load(text, Loader=_Strict)  # a safe loader underneath
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
        self._names: list[str] = []

    def add(self, part: Any, name: str) -> None:
        """Add a file's content; lists that several files hold are joined. Raises BadPlan."""
        if not isinstance(part, dict):
            raise BadPlan([FieldError(name, "wrong_type", f"{name}：应是“键: 值”的映射")])
        if unfit := [FieldError(path, code, f"{name}：{path}：{words}") for path, code, words in _unfit(part)]:
            raise BadPlan(unfit)
        self._names.append(name)
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
        """The file in which this part (or this item of a list) stands, or should stand where there is but one."""
        otherwise = self._names[0] if len(self._names) == 1 else ""
        return next((name for start, name in reversed(self._from.get(key, [])) if index >= start), otherwise)


def read(path: Path) -> Tree:
    """A plan's folder (every YAML or JSON file in it) or its one file. Raises BadPlan, OSError."""
    tree = Tree()
    files = sorted(file for file in path.iterdir() if file.suffix in SUFFIXES) if path.is_dir() else [path]
    if not files:
        raise BadPlan([FieldError(path.name, "not_readable", f"{path}：里面没有 {'、'.join(SUFFIXES)} 文件")])
    for file in files:
        try:
            tree.add(parse(file.read_text(encoding="utf-8-sig"), file.name), file.name)
        except UnicodeDecodeError as error:
            raise BadPlan([FieldError(file.name, "not_readable", f"{file.name}：不是 UTF-8 文字")]) from error
    return tree


def _unfit(node: Any, path: str = "", above: tuple[int, ...] = (), seen: set[int] | None = None) -> Iterator[Any]:
    """What no plan can hold, as (path, code, words): characters that cannot be printed, and endless nesting."""
    seen = set() if seen is None else seen
    if isinstance(node, str) and UNPRINTABLE.search(node):
        yield path, "not_printable", "有不能显示的字符"
    if not isinstance(node, dict | list):
        return
    if id(node) in above or len(above) > DEEPEST:
        yield path, "too_deep", f"嵌套超过 {DEEPEST} 层"
        return
    if id(node) in seen:
        return
    seen.add(id(node))
    for key, child in node.items() if isinstance(node, dict) else enumerate(node):
        if isinstance(key, str) and UNPRINTABLE.search(key):
            yield path, "not_printable", "有不能显示的键"
            continue
        where = f"{path}[{key}]" if isinstance(node, list) else f"{path}.{key}" if path else str(key)
        yield from _unfit(child, where, (*above, id(node)), seen)
