"""A stream to prove things on, and a hand that reaches past the triggers."""

from typing import Any

from django.db import connection, transaction

from shuozhou_ops.accounts.models import Position
from shuozhou_ops.journal import record
from shuozhou_ops.journal.actors import Actor
from shuozhou_ops.journal.models import Entry
from tests.cast import minutes

WRITER = Actor(ref="user/1", name="周值班")
SQLITE_TRIGGERS = ("no_update", "no_delete", "no_replace")


def a_position() -> Position:
    """A position that carries a stream of its own."""
    with transaction.atomic():
        position = Position.objects.create(key="watch", name="值班长")
    return position


def a_stream(length: int = 5) -> str:
    """A stream of so many entries; its name."""
    position = a_position()
    for place in range(length):
        write(position, place)
    return position.stream


def write(position: Position, place: int) -> Entry:
    """One more entry in a position's stream."""
    changes = record.Changes()
    with transaction.atomic():
        position = Position.objects.select_for_update().get(pk=position.pk)
        position.name = f"值班长{place}"
        changes.update(position, "name")
        return record.append(
            position, "position.renamed", changes, actor=WRITER, at=minutes(place), payload={"name": position.name}
        )


def entry(stream: str, seq: int) -> Entry:
    """One entry."""
    return Entry.objects.get(stream=stream, seq=seq)


def rows(stream: str) -> list[tuple[Any, ...]]:
    """Every column of a stream's entries, in order."""
    return list(Entry.objects.filter(stream=stream).order_by("seq").values_list())


def drop_triggers() -> None:
    """Take the guard away, as somebody with the database's own password could; the test's end puts it back."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            for name in SQLITE_TRIGGERS:
                cursor.execute(f"DROP TRIGGER journal_entry_{name}")
        else:
            cursor.execute("DROP TRIGGER journal_entry_append_only ON journal_entry")


def tamper(found: Entry, **values: Any) -> None:
    """Write columns of one row past everything."""
    assigned = ", ".join(f"{name} = %s" for name in values)
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE journal_entry SET {assigned} WHERE id = %s", [*values.values(), found.pk])


def exchange(one: Entry, other: Entry, *columns: str) -> None:
    """Exchange columns of two rows."""
    tamper(one, seq=10_000)  # out of the way of the unique constraint
    tamper(other, **{name: getattr(one, name) for name in columns})
    kept = {"seq": one.seq} | {name: getattr(other, name) for name in columns}
    tamper(one, **kept)


def tear_out(*found: Entry) -> None:
    """Delete rows past everything."""
    with connection.cursor() as cursor:
        for row in found:
            cursor.execute("DELETE FROM journal_entry WHERE id = %s", [row.pk])
