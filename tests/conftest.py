"""What every test stands on: a migrated database with the plans loaded, and a word for each test that cannot run here.

On SQLite the test database is a file, as in use (WAL, IMMEDIATE). After a TransactionTestCase it is put back from a
copy: the usual flush is DELETE, which the journal's triggers refuse. On PostgreSQL the flush is TRUNCATE.
"""

import io
import os
import sqlite3
from collections.abc import Callable, Iterator

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.test import TransactionTestCase

from tests import chromium

pytest_plugins = ["tests.folded"]
_not_run: dict[str, list[str]] = {}


def pytest_configure(config: pytest.Config) -> None:
    """Passwords of tests guard nothing: hash them quickly. A client of a test does not list every static file first."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.WHITENOISE_AUTOREFRESH = True


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Take out what cannot run here, loudly; never run it on something else instead."""
    if config.option.collectonly:
        return
    kept = []
    for item in items:
        reason = _cannot_run(item)
        if reason:
            _not_run.setdefault(reason, []).append(item.nodeid)
        else:
            kept.append(item)
    config.hook.pytest_deselected(items=[item for item in items if item not in kept])
    items[:] = kept


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say what was taken out, and why."""
    for reason, names in _not_run.items():
        terminalreporter.write_line(f"NOT RUN, {reason}: {len(names)} tests, the first {names[0]}", yellow=True)


def pytest_runtest_setup(item: pytest.Item) -> None:
    """A second look, for whoever gets past the first."""
    reason = _cannot_run(item)
    if reason:
        pytest.fail(f"this test cannot run here: {reason}", pytrace=False)


def _cannot_run(item: pytest.Item) -> str:
    postgres = settings.DATABASES["default"]["ENGINE"].endswith("postgresql")
    if item.get_closest_marker("postgres") and not postgres:
        return "DATABASE_URL does not name a PostgreSQL database"
    if item.get_closest_marker("redis") and not settings.REDIS_URL:
        return "REDIS_URL is not set"
    if item.get_closest_marker("texts") and not os.environ.get("PLAN_TEXTS"):
        return "PLAN_TEXTS does not name a folder with the official texts"
    if item.get_closest_marker("browser") and not chromium.found():
        return f"there is no Chromium ({chromium.INSTALL})"
    return ""


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    tmp_path_factory: pytest.TempPathFactory, django_db_modify_db_settings_parallel_suffix: None
) -> None:
    """A file for SQLite's test database; a name of its own for each worker's on PostgreSQL."""
    if connection.vendor == "sqlite":
        connection.settings_dict["TEST"]["NAME"] = str(tmp_path_factory.mktemp("database") / "test.sqlite3")


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: pytest.FixtureRequest) -> Iterator[None]:
    """The plans in the database, and a way back to exactly this state."""
    with django_db_blocker.unblock(), pytest.MonkeyPatch.context() as patch:  # type: ignore[attr-defined]
        _load_plans()
        if connection.vendor == "sqlite":
            copy = sqlite3.connect(":memory:", check_same_thread=False)
            connection.ensure_connection()
            connection.connection.backup(copy)
            patch.setattr(TransactionTestCase, "_fixture_teardown", lambda _case: _put_back(copy))
        else:
            flush = TransactionTestCase._fixture_teardown  # type: ignore[attr-defined]
            patch.setattr(TransactionTestCase, "_fixture_teardown", lambda case: _flush(flush, case))
        yield


def _flush(flush: Callable[[TransactionTestCase], None], case: TransactionTestCase) -> None:
    flush(case)
    _load_plans()


def _load_plans() -> None:
    for command in (["plans", "load-library"], ["seed_demo"]):
        call_command(*command, verbosity=0, stdout=io.StringIO())


def _put_back(copy: sqlite3.Connection) -> None:
    connection.ensure_connection()
    copy.backup(connection.connection)
