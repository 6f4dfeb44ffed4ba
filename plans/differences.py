"""Two versions of a plan side by side, in a person's words: what was added, removed and changed, clause by clause."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, fields
from typing import Any

from django.utils.translation import gettext as _

from .details import CALLED, Saying, exactly, is_part, steps, text
from .documents import PlanDocument

Pair = tuple[Any, Any]  # (old, new), None where there is none
IDENTITY = ("key", "level", "grade", "number", "name", "levels")  # the first of them that a part has names it
ALIKE = 0.5  # of the fields: so much in common makes one part of two, changed


@dataclass(frozen=True)
class Change:
    """One thing that differs: where it stands, its clause, and its words before and after (None: not there)."""

    where: str
    cite: str
    was: str | None
    now: str | None


@dataclass(frozen=True)
class Section:
    """The changes of one part of the plan."""

    heading: str
    changes: tuple[Change, ...]


def between(old: PlanDocument, new: PlanDocument) -> list[Section]:
    """What differs, section by section in the plan's order; empty where the documents say the same."""
    comparing = _Comparing(old, new)
    found: dict[str, list[Change]] = {}
    for field in fields(PlanDocument):
        pair = getattr(old, field.name), getattr(new, field.name)
        heading = str(CALLED[field.name]) if _holds_parts(pair) else _("预案")
        found.setdefault(heading, []).extend(comparing.field(field.name, pair, (), ""))
    return [Section(heading, tuple(changes)) for heading, changes in found.items() if changes]


def _holds_parts(pair: Pair) -> bool:
    return any(is_part(side) or (isinstance(side, tuple) and any(map(is_part, side))) for side in pair)


class _Comparing:
    """Two documents being compared."""

    def __init__(self, old: PlanDocument, new: PlanDocument) -> None:
        self._old, self._new = Saying(old), Saying(new)

    def field(self, name: str, pair: Pair, where: tuple[str, ...], cite: str) -> Iterator[Change]:
        """What differs in one field."""
        old, new = pair
        if old == new:
            return
        if not _holds_parts(pair):
            yield from self._values(name, pair, where, cite)
        elif isinstance(old, tuple) or isinstance(new, tuple):
            yield from self._lists(name, (_parts(old), _parts(new)), where, cite)
        else:
            yield from self._part(name, pair, where, cite)

    def _part(self, name: str, pair: Pair, where: tuple[str, ...], cite: str) -> Iterator[Change]:
        old, new = pair
        there = new if new is not None else old
        clause = getattr(there, "cite", None) or cite
        if old is None or new is None:
            was = None if old is None else self._old.whole(old)
            now = None if new is None else self._new.whole(new)
            yield Change(_path((*where, str(CALLED[name]))), clause, was, now)
            return
        own = steps(name, there)
        path = (*where, *own) if where or len(own) == 1 else own[1:]  # the section's heading says it already
        for field in fields(there):
            yield from self.field(field.name, (getattr(old, field.name), getattr(new, field.name)), path, clause)

    def _lists(self, name: str, pair: Pair, where: tuple[str, ...], cite: str) -> Iterator[Change]:
        pairs = _paired(*pair)
        for one in pairs:
            if one[0] != one[1]:
                yield from self._part(name, one, where, cite)
        places = [pair[0].index(old) for old, new in pairs if old is not None and new is not None]
        if places != sorted(places):
            was, now = ("、".join(text(part) for part in side) for side in pair)
            yield Change(_path((*where, str(CALLED[name]), _("顺序"))), cite, was, now)

    def _values(self, name: str, pair: Pair, where: tuple[str, ...], cite: str) -> Iterator[Change]:
        """A plain value; of a list only what came and went, unless nothing but its order did."""
        old, new = pair
        if isinstance(old, tuple) and isinstance(new, tuple):
            gone, come = ([one for one in side if one not in other] for side, other in ((old, new), (new, old)))
            if gone or come:
                old, new = tuple(gone) or None, tuple(come) or None
        was, now = self._old.said(name, old), self._new.said(name, new)
        if was == now:
            was, now = exactly(old), exactly(new)
        path = _path((*where, str(CALLED[name])))
        yield Change(path, cite, None if old is None else was, None if new is None else now)


def _path(where: tuple[str, ...]) -> str:
    return " · ".join(where)


def _parts(value: Any) -> list[Any]:
    return list(value) if isinstance(value, tuple) else [] if value is None else [value]


def _paired(old: Sequence[Any], new: Sequence[Any]) -> list[Pair]:
    """Each part of the new list with the one of the old list that it was, in the new order; then those that went.

    In turn: the same in everything; of the same name; of the same clause and unit; alike.
    """
    left, found = list(old), dict[int, Any]()
    stages: list[Callable[[Any, Any], bool]] = [
        lambda one, other: one == other,
        lambda one, other: _identity(one) == _identity(other),
        lambda one, other: _clause(one) == _clause(other),
        lambda one, other: _alike(one, other) >= ALIKE,
    ]
    for same in stages:
        for place, part in enumerate(new):
            if place in found:
                continue
            candidates = [was for was in left if type(was) is type(part) and same(was, part)]
            if candidates:
                found[place] = max(candidates, key=lambda was: _alike(was, part))
                left.remove(found[place])
    return [(found.get(place), part) for place, part in enumerate(new)] + [(was, None) for was in left]


def _identity(part: Any) -> object:
    for name in IDENTITY:
        if (value := getattr(part, name, None)) is not None and not hasattr(part, "text"):
            return (name, value)
    return ("text", text(part)) if text(part) else part


def _clause(part: Any) -> object:
    return (part.cite, getattr(part, "unit", None)) if hasattr(part, "cite") else part


def _alike(one: Any, other: Any) -> float:
    """How many of their fields are the same, 0 to 1."""
    names = [field.name for field in fields(one)]
    return sum(getattr(one, name) == getattr(other, name) for name in names) / len(names)
