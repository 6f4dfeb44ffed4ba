"""The organisations and posts that every plan speaks of, and finding one by what a text calls it. No Django here."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from . import yaml_files
from .documents import Duty, Ref

LIST = Path(__file__).parent / "library" / "organisations.yaml"
HEAD, DEPUTY = ".head", ".deputy"
ROLES: Mapping[str, str] = {
    "commander": "指挥长",
    "deputy": "副指挥长",
    "office_director": "市指挥部办公室主任",
    "office": "市指挥部办公室",
    "headquarters": "市指挥部",
    "field_commander": "现场指挥部指挥长",
    "field_headquarters": "现场指挥部",
    "members": "成员单位",
    "other_counties": "非灾区县（市、区）",
}
ROLE_NAMES = {name: key for key, name in ROLES.items()}
COUNTY, COUNTY_NAME = "county", "事发地县（市、区）"


@dataclass(frozen=True)
class Unit:
    """One body, under its fixed key."""

    key: str
    name: str
    aliases: tuple[str, ...] = ()
    county: bool = False
    division_code: str | None = None
    note: str | None = None
    head_title: str = "主要负责人"
    deputy_title: str = "分管负责人"


@dataclass(frozen=True)
class Post:
    """One post, under its fixed key; `unit` is the key of the body it belongs to, or None."""

    key: str
    name: str
    unit: str | None = None


class Directory:
    """Units and posts by key and by what the texts call them."""

    def __init__(self, units: list[Unit], posts: list[Post]) -> None:
        self.units = {unit.key: unit for unit in units}
        self.posts = {post.key: post for post in posts}
        self._unit_names: dict[str, str] = {}
        self._post_names = {post.name: post.key for post in posts}
        for unit in units:
            for title, ending in ((unit.head_title, HEAD), (unit.deputy_title, DEPUTY)):
                self.posts.setdefault(unit.key + ending, Post(unit.key + ending, unit.name + title, unit.key))
            for name in (unit.name, *unit.aliases):
                self._unit_names.setdefault(name, unit.key)
                for title in ("主要负责人", unit.head_title, "负责人"):
                    self._post_names.setdefault(name + title, unit.key + HEAD)
                for title in (unit.deputy_title, "分管负责人"):
                    self._post_names.setdefault(name + title, unit.key + DEPUTY)

    def key_of(self, name: str, kind: str) -> str | None:
        """The key of the unit, post or role that a text calls by this name or alias, or None."""
        return {"unit": self._unit_names, "post": self._post_names, "role": ROLE_NAMES}.get(kind, {}).get(name)

    def ref(self, text: str) -> Ref | None:
        """What a short form stands for: a key, a name or an alias of a unit, post or role; None where unknown."""
        if text == COUNTY:
            return Ref(COUNTY_NAME, None, "incident_county")
        if text in ROLES:
            return Ref(ROLES[text], text, "role")
        if text in self.units:
            return Ref(self.units[text].name, text, "unit")
        if text in self.posts:
            return Ref(self.posts[text].name, text, "post")
        if key := self.key_of(text, "unit"):
            return Ref(text, key, "unit")
        if key := self.key_of(text, "post"):
            return Ref(text, key, "post")
        if key := self.key_of(text, "role"):
            return Ref(text, key, "role")
        return None

    def knows(self, ref: Ref) -> bool:
        """Whether a REF means a unit or post of the list, or no organisation at all."""
        known = self.has(ref.key or "", ref.kind) or self.key_of(ref.name, ref.kind) is not None
        return known or ref.kind not in ("unit", "post")

    def has(self, key: str, kind: str) -> bool:
        """Whether there is a unit or post of this key."""
        kinds: Mapping[str, Mapping[str, Any]] = {"unit": self.units, "post": self.posts}
        return key in kinds.get(kind, {})

    def names(self) -> set[str]:
        """Every name and alias there is."""
        return {*self._unit_names, *self._post_names}


@lru_cache(maxsize=1)
def directory() -> Directory:
    """The list that comes with the system."""
    tree = yaml_files.parse(LIST.read_text(encoding="utf-8"), LIST.name)
    units = [
        Unit(**{key: value for key, value in {**item, "aliases": tuple(item["aliases"])}.items() if value is not None})
        for item in tree["units"]
    ]
    return Directory(units, [Post(**item) for item in tree["posts"]])


def key_of(ref: Ref) -> str:
    """The key under which a unit or post stands in the database.

    Its own where the list has it or the name says nothing; else that of the name or alias; else one made from the name.
    """
    known = directory()
    if ref.key and known.has(ref.key, ref.kind):
        return ref.key
    return known.key_of(ref.name, ref.kind) or ref.key or made_key(ref.name, ref.kind)


def unit_of_post(post: str) -> str | None:
    """The unit a post belongs to by the list or by its key (`UNIT.head`), or None for a post of its own."""
    known = directory().posts.get(post)
    return (known.unit if known else None) or post.rpartition(".")[0] or None


def unit_of(duty: Duty) -> Ref:
    """Whose a duty of the members' list is."""
    return Ref(duty.unit or "", duty.unit_key, "unit")


def made_key(name: str, kind: str = "unit") -> str:
    """The key of a unit or post that has none: made from its name, so every plan that names it means the same one."""
    return f"{kind}_{hashlib.sha256(name.encode()).hexdigest()[:10]}"
