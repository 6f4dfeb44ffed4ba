"""What was written stays: the database refuses to change, replace or delete an entry or a refusal."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import timedelta

import psycopg2
import pytest
from django.db import DatabaseError, connection, transaction
from django.db.models import Model

from shuozhou_ops.errors import Conflict
from shuozhou_ops.journal import requests, security, verification
from shuozhou_ops.journal.models import Entry, SecurityEvent
from tests.cast import NOON
from tests.journal.streams import WRITER, a_position, a_stream, rows, write

pytestmark = [pytest.mark.django_db, pytest.mark.both]
Attempt = Callable[[type[Model]], object]


def _save(model: type[Model]) -> None:
    row = model._default_manager.first()
    row.actor = "user/2"
    row.save()


def _bulk_update(model: type[Model]) -> None:
    found = list(model._default_manager.all())
    for row in found:
        row.actor = "user/2"
    model._default_manager.bulk_update(found, ["actor"])


def _upsert(model: type[Model]) -> None:
    row = model._default_manager.first()
    row.actor = "user/2"
    model._default_manager.bulk_create([row], update_conflicts=True, update_fields=["actor"], unique_fields=["id"])


def _cursor(statement: str) -> Attempt:
    def attempt(model: type[Model]) -> None:
        with connection.cursor() as cursor:
            cursor.execute(statement.format(table=model._meta.db_table))

    return attempt


BY_DJANGO: dict[str, Attempt] = {
    "update": lambda model: model._default_manager.update(actor="user/2"),
    "delete": lambda model: model._default_manager.all().delete(),
    "raw delete": lambda model: model._default_manager.all()._raw_delete("default"),
    "save": _save,
    "delete one": lambda model: model._default_manager.first().delete(),
    "bulk_update": _bulk_update,
    "bulk_create over conflicts": _upsert,
    "update_or_create": lambda model: model._default_manager.update_or_create(
        pk=model._default_manager.first().pk, defaults={"actor": "user/2"}
    ),
}
BY_SQL: dict[str, Attempt] = {
    "UPDATE": _cursor("UPDATE {table} SET actor = 'user/2'"),
    "UPDATE of nothing": _cursor("UPDATE {table} SET actor = actor"),
    "DELETE": _cursor("DELETE FROM {table}"),
    "ON CONFLICT DO UPDATE": _cursor(
        "INSERT INTO {table} SELECT * FROM {table} WHERE true ON CONFLICT (id) DO UPDATE SET actor = 'user/2'"
    ),
}
OF_ONE_KIND: dict[str, dict[str, Attempt]] = {
    "sqlite": {
        "INSERT OR REPLACE": _cursor("INSERT OR REPLACE INTO {table} SELECT * FROM {table}"),
        "REPLACE": _cursor("REPLACE INTO {table} SELECT * FROM {table}"),
        "UPDATE OR REPLACE": _cursor("UPDATE OR REPLACE {table} SET actor = 'user/2'"),
    },
    "postgresql": {
        "DELETE in a WITH": _cursor("WITH gone AS (DELETE FROM {table} RETURNING *) SELECT count(*) FROM gone"),
        "MERGE": _cursor(
            "MERGE INTO {table} AS old USING {table} AS same ON old.id = same.id WHEN MATCHED THEN DELETE"
        ),
    },
}


@pytest.mark.parametrize("model", [Entry, SecurityEvent])
@pytest.mark.parametrize("way", [*BY_DJANGO, *BY_SQL])
def test_no_way_of_both_databases_gets_through(model: type[Model], way: str) -> None:
    _refuses(model, way, (BY_DJANGO | BY_SQL)[way])


@pytest.mark.parametrize("model", [Entry, SecurityEvent])
def test_no_way_of_this_database_alone_gets_through(model: type[Model]) -> None:
    for way, attempt in OF_ONE_KIND[connection.vendor].items():
        _refuses(model, way, attempt)


def _refuses(model: type[Model], way: str, attempt: Attempt) -> None:
    with transaction.atomic():
        if model is SecurityEvent:
            security.refused(WRITER, "level.approve", "leveldecision/1", Conflict("stale", ""), at=NOON)
        before = list(model._default_manager.order_by("pk").values_list())
        assert before
        with pytest.raises(DatabaseError, match="append only"), transaction.atomic():
            attempt(model)
        assert list(model._default_manager.order_by("pk").values_list()) == before, way
        assert verification.faults() == []
        transaction.set_rollback(True)


UNIQUES = {
    "the place in its stream": {"stream": "position/watch", "seq": 2},
    "its key": {"recorded_by": WRITER.ref, "idempotency_key": "pressed"},
}


@pytest.mark.parametrize("unique", UNIQUES)
def test_a_new_row_cannot_take_the_place_of_an_old_one(unique: str) -> None:
    position = a_position()
    write(position, 0)
    requests.once(WRITER, requests.Key("pressed", "f"), lambda: write(position, 1))
    before = rows(position.stream)
    row = {"stream": "position/other", "seq": 9, "recorded_by": "user/9", "idempotency_key": "other"} | UNIQUES[unique]
    row |= dict.fromkeys(("at", "recorded_at", "actor", "verb", "request_id", "fingerprint", "prev_hash", "hash"), "x")
    row |= {"set_json": "{}", "payload_json": "{}", "v": 1}
    replace = "INSERT OR REPLACE" if connection.vendor == "sqlite" else "INSERT"
    statement = f"{replace} INTO journal_entry ({', '.join(row)}) VALUES ({', '.join(['%s'] * len(row))})"
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, list(row.values()))
    assert rows(position.stream) == before


@pytest.mark.django_db(transaction=True)
def test_another_connection_without_our_settings_is_refused_too() -> None:
    stream = a_stream()
    security.refused(WRITER, "level.approve", "leveldecision/1", Conflict("stale", ""), at=NOON + timedelta(hours=1))
    before = rows(stream)
    statements = [
        "UPDATE {table} SET actor = 'user/2'",
        "DELETE FROM {table}",
        "INSERT INTO {table} SELECT * FROM {table} WHERE true ON CONFLICT (id) DO UPDATE SET actor = 'user/2'",
    ]
    if connection.vendor == "sqlite":
        statements += [
            "INSERT OR REPLACE INTO {table} SELECT * FROM {table}",
            "REPLACE INTO {table} SELECT * FROM {table}",
        ]
    for statement in statements:
        for table in ("journal_entry", "journal_securityevent"):
            with pytest.raises((sqlite3.DatabaseError, psycopg2.Error), match="append only"):
                _elsewhere(statement.format(table=table))
    assert rows(stream) == before
    assert SecurityEvent.objects.filter(actor=WRITER.ref).count() == 1
    assert verification.faults() == []


def _elsewhere(statement: str) -> None:
    """Run a statement on a plain connection of its own, with none of our settings (so without recursive triggers)."""
    if connection.vendor == "sqlite":
        with closing(sqlite3.connect(connection.settings_dict["NAME"])) as raw, raw:
            assert raw.execute("PRAGMA recursive_triggers").fetchone() == (0,)
            raw.execute(statement)
        return
    with closing(psycopg2.connect(**_parameters())) as raw, raw, raw.cursor() as cursor:
        cursor.execute(statement)


def _parameters() -> dict[str, object]:
    wanted = connection.get_connection_params()
    return {name: wanted[name] for name in ("dbname", "user", "password", "host", "port") if name in wanted}
