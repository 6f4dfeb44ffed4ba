"""Entries and refusals are never changed and never deleted: the database itself refuses.

On SQLite `INSERT OR REPLACE` deletes without asking a delete trigger (unless recursive_triggers is on in that very
connection), so an insert that would replace a row is refused too. TRUNCATE on PostgreSQL is a matter of rights.
"""

from django.db import migrations

TABLES = ("journal_entry", "journal_securityevent")
REPLACES = {
    "journal_entry": (
        "id = NEW.id OR (stream = NEW.stream AND seq = NEW.seq) "
        "OR (recorded_by = NEW.recorded_by AND idempotency_key = NEW.idempotency_key)"
    ),
    "journal_securityevent": "id = NEW.id",
}


def _sqlite(table):
    for act in ("UPDATE", "DELETE"):
        yield (
            f"CREATE TRIGGER {table}_no_{act.lower()} BEFORE {act} ON {table} "
            "BEGIN SELECT RAISE(ABORT, 'append only'); END"
        )
    yield (
        f"CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table} "
        f"WHEN EXISTS (SELECT 1 FROM {table} WHERE {REPLACES[table]}) "
        "BEGIN SELECT RAISE(ABORT, 'UNIQUE constraint failed: append only'); END"
    )


def _postgresql(table):
    yield (
        "CREATE OR REPLACE FUNCTION append_only() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'append only: % on %', TG_OP, TG_TABLE_NAME; END $$"
    )
    yield (
        f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table} "
        "FOR EACH ROW EXECUTE FUNCTION append_only()"
    )


def install(apps, schema_editor):
    make = _sqlite if schema_editor.connection.vendor == "sqlite" else _postgresql
    for table in TABLES:
        for statement in make(table):
            schema_editor.execute(statement, params=None)


def remove(apps, schema_editor):
    for table in TABLES:
        if schema_editor.connection.vendor == "sqlite":
            for name in ("update", "delete", "replace"):
                schema_editor.execute(f"DROP TRIGGER IF EXISTS {table}_no_{name}")
        else:
            schema_editor.execute(f"DROP TRIGGER IF EXISTS {table}_append_only ON {table}")


class Migration(migrations.Migration):
    dependencies = [("journal", "0001_initial")]
    operations = [migrations.RunPython(install, remove)]
