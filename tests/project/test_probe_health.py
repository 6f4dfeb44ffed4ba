"""The probes say what is so, and no more than a stranger may know."""

from datetime import timedelta

import pytest
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.test import TestCase

from shuozhou_ops import clock
from shuozhou_ops.deadlines.models import Deadline


class HealthTests(TestCase):
    """/healthz and /readyz."""

    def test_alive_asks_the_database_nothing(self) -> None:
        with self.assertNumQueries(0):
            page = self.client.get("/healthz")
        assert page.json() == {"status": "ok"}
        assert "no-store" in page["Cache-Control"]

    def test_ready_tells_how_late_the_sweep_is(self) -> None:
        late = clock.now() - timedelta(minutes=3)
        Deadline.objects.create(kind="nobodys", subject="x/1", due_at=late)
        page = self.client.get("/readyz")
        assert page.status_code == 200
        assert 180 <= page.json()["sweep_lag_seconds"] < 240

    def test_unmigrated_is_not_ready(self) -> None:
        MigrationRecorder.Migration.objects.filter(app="journal").delete()
        page = self.client.get("/readyz")
        assert (page.status_code, page.json()["lacks"]) == (503, "migrations")

    def test_only_reading_is_allowed(self) -> None:
        assert self.client.post("/healthz").status_code == 405


@pytest.mark.postgres
@pytest.mark.django_db
def test_the_driver_is_psycopg2() -> None:
    """With psycopg 3 beside it Django would silently take that one."""
    from django.db.backends.postgresql.psycopg_any import is_psycopg3

    assert not is_psycopg3
    connection.ensure_connection()
    assert type(connection.connection).__module__.startswith("psycopg2")
