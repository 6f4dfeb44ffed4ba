"""Reading whom a plan file means: a REF in full, or one of its short forms. No Django here."""

import re
from collections.abc import Callable, Mapping
from typing import Any, get_args

from .documents import Ref, RefKind
from .organisations import COUNTY, ROLES, Directory

KEY = re.compile(r"[A-Za-z0-9_.\-]+")  # what can only be meant as a key
Fault = Callable[[str, str, str], None]  # (path, code, message)


class RefReader:
    """REFs of one plan; `groups` are its groups' names by key."""

    def __init__(self, directory: Directory, groups: Mapping[str, str], fault: Fault) -> None:
        self._directory, self._groups, self._fault = directory, groups, fault

    def ref(self, value: Any, path: str) -> Ref:
        """A REF from `{name, key, kind}` or a key, name or alias. An unknown name is a unit that loading creates."""
        found: Ref | None = None
        if isinstance(value, str) and value.strip():
            found = self._short(value.strip(), path)
        elif isinstance(value, dict):
            found = self._full(value, path)
        if found is not None:
            if len(found.name) > 100 or len(found.key or "") > 60:
                self._fault(path, "too_long", "名称最多 100 个字，键最多 60 个字")
            return found
        self._fault(path, "wrong_type", "应是单位、职务或角色：名称、键，或 {name, key, kind}")
        return Ref("", None, "free")

    def bearer(self, value: Any, path: str) -> Ref | str:
        """Whom a measure falls to: a group's key (also as `{group: key}` or by its name), else a REF."""
        if isinstance(value, dict) and "group" in value:
            if not isinstance(value["group"], str) or value["group"] not in self._groups or len(value) > 1:
                self._fault(path, "unknown_group", f"没有这个工作组；可用：{'、'.join(self._groups)}")
            return str(value["group"])
        if isinstance(value, str):
            if value in self._groups:
                return value
            for key, name in self._groups.items():
                if value == name:
                    return key
        return self.ref(value, path)

    def _short(self, text: str, path: str) -> Ref:
        found = self._directory.ref(text)
        if found is None and KEY.fullmatch(text):
            roles = "、".join(ROLES)
            self._fault(
                path, "unknown_ref", f"没有“{text}”这个键；可用：单位、职务的键或名称，工作组的键，{roles}，{COUNTY}"
            )
        return found or Ref(text, None, "unit")

    def _full(self, value: dict[Any, Any], path: str) -> Ref:
        name, key, kind = value.get("name"), value.get("key"), value.get("kind")
        if extra := set(value) - {"name", "key", "kind"}:
            self._fault(path, "unknown_key", f"不认识的键 {_listed(extra)}；可用：name、key、kind")
        if not isinstance(name, str) or not name.strip():
            self._fault(f"{path}.name", "not_given", "要写正文里的名称")
            name = ""
        if key is not None and not isinstance(key, str):
            self._fault(f"{path}.key", "wrong_type", "应是文字或 null")
            key = None
        if kind is None:
            guess = self._directory.ref(key or name)
            key, kind = (key or guess.key, guess.kind) if guess else (key, "unit")
        elif kind not in get_args(RefKind):
            self._fault(f"{path}.kind", "not_allowed", f"应是 {'、'.join(get_args(RefKind))} 之一")
        key = key or self._directory.key_of(name, str(kind))
        if kind == "role" and key not in ROLES:
            self._fault(f"{path}.key", "not_allowed", f"角色应是 {'、'.join(ROLES)} 之一")
        return Ref(name, key, kind)


def _listed(keys: set[Any]) -> str:
    return "、".join(f"“{key}”" for key in sorted(map(str, keys)))
