"""Which rows a stream tells of, declared by the app whose rows carry it, and their state as the tables have it."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any

from django.db import models, transaction

from . import folding, readers, record
from .folding import State
from .streams import Streamed


@dataclass(frozen=True)
class Table:
    """One model whose rows a stream tells of, and the lookup that leads from a row to its stream.

    carrier: to the primary key of the row that carries the stream (`pk` for that row itself); or
    stream: to the stream's name; or thing: to the name of another row (`task/12`), told of in the same stream.
    """

    model: type[models.Model]
    carrier: str = ""
    stream: str = ""
    thing: str = ""


@dataclass(frozen=True)
class Difference:
    """One value, or one row, on which a stream and the tables disagree."""

    stream: str
    words: str


_declared: dict[type[Streamed], tuple[Table, ...]] = {}


def declare(carrier: type[Streamed], tables: tuple[Table, ...]) -> None:
    """Name every table whose rows the streams of this model tell of. Those that follow a `thing` stand last."""
    _declared[carrier] = tables


def declared(carrier: type[Streamed]) -> tuple[Table, ...]:
    """The tables declared for the streams of a model."""
    return _declared[carrier]


def states(rows: Collection[Streamed]) -> dict[str, State]:
    """What the tables hold of these rows' streams, each by thing and field: one query a table, however many rows."""
    if not rows:
        return {}
    carrier = type(next(iter(rows)))
    names = {row.pk: row.stream for row in rows}
    found: dict[str, State] = {name: {} for name in names.values()}
    homes: dict[str, str] = {}  # thing -> stream
    for table in declared(carrier):
        for row, stream in _rows(table, names, homes):
            name = record.thing(row)
            homes[name] = stream
            found[stream][name] = record.values_of(row)
    return found


def _rows(table: Table, names: dict[int, str], homes: dict[str, str]) -> Iterator[tuple[models.Model, str]]:
    """The rows of one table that belong to these streams, each with its stream's name."""
    lookup = table.carrier or table.stream or table.thing
    known: dict[Any, str] = (
        names if table.carrier else homes if table.thing else {name: name for name in names.values()}
    )
    owned = table.model._default_manager.filter(**{f"{lookup}__in": list(known)}).order_by("pk")
    for row in owned.annotate(told_in=models.F(lookup)):
        yield row, known[vars(row)["told_in"]]


def differences(*, but: Collection[str] = ()) -> list[Difference]:
    """Every difference between the declared tables and what the journal says they hold; empty where there is none.

    but: streams that are broken in themselves, and so say nothing. A stream that grows while it is read looks
    different for that moment, so it is looked at once more, locked.
    """
    found: list[Difference] = []
    for carrier in _declared:
        for row in carrier._default_manager.order_by("pk").iterator(chunk_size=500):
            if row.stream not in but and _differing(row):
                found += _second_look(row)
    return found


def _differing(row: Streamed) -> list[Difference]:
    folded = readers.fold(readers.stream(row.stream))
    return [Difference(row.stream, words) for words in folding.differences(folded, states([row])[row.stream])]


def _second_look(row: Streamed) -> list[Difference]:
    with transaction.atomic():
        locked = type(row)._default_manager.select_for_update(of=("self",)).get(pk=row.pk)
        return _differing(locked)
