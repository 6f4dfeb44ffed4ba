"""A backup of the running system, and the way back: what was there is there again, and the chain holds."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import psycopg2
import pytest
from django.db import connection

from tests.server import ROOT, environment, prepare


def _manage(folder: Path, *words: str, **more: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "manage.py", *words]
    return subprocess.run(
        command, cwd=ROOT, env=environment(folder) | more, capture_output=True, text=True, check=False
    )


EVENT = '{"id": "x", "name": "应县", "plan": "earthquake", "date": "2020-01-01", "facts": {"magnitude": 4.2}}'


def _there_and_back(folder: Path, **more: str) -> None:
    events = folder / "events.jsonl"
    events.write_text(EVENT, encoding="utf-8")
    assert _manage(folder, "prepare", **more).returncode == 0
    made = _manage(folder, "backup", str(folder / "empty"), **more)
    assert made.returncode == 0, made.stderr
    assert _manage(folder, "replay", str(events), **more).returncode == 1  # it ran; nothing was expected of it
    full = _manage(folder, "backup", **more)
    assert full.returncode == 0, full.stderr
    back = _manage(folder, "backup", "--restore", str(folder / "empty"), **more)
    assert back.returncode == 0, back.stderr
    assert "the journal is whole" in back.stdout
    assert "refused" not in _manage(folder, "replay", str(events), **more).stdout  # nothing of it is left
    again = _manage(folder, "backup", "--restore", full.stdout.strip(), **more)
    assert again.returncode == 0, again.stderr
    assert "refused" in _manage(folder, "replay", str(events), **more).stdout


def test_there_and_back_on_sqlite(tmp_path: Path) -> None:
    _there_and_back(tmp_path)
    for path in [tmp_path / "empty", *(tmp_path / "empty").iterdir()]:
        assert path.stat().st_mode & 0o077 == 0


def test_what_is_no_backup_changes_nothing(tmp_path: Path) -> None:
    prepare(tmp_path)
    for folder in ("nowhere", "broken"):
        (tmp_path / "broken").mkdir(exist_ok=True)
        (tmp_path / "broken" / "ops.sqlite3").write_bytes(b"SQLite format 3\0" + b"x" * 5000)
        done = _manage(tmp_path, "backup", "--restore", str(tmp_path / folder))
        assert done.returncode == 1
        assert "Traceback" not in done.stderr
    assert "the journal is whole" in _manage(tmp_path, "journal", "verify").stdout
    assert _manage(tmp_path, "backup", str(tmp_path / "broken")).returncode == 1


@pytest.mark.postgres
@pytest.mark.django_db
def test_there_and_back_on_postgresql(tmp_path: Path) -> None:
    settings: dict[str, Any] = connection.settings_dict
    name = f"ops_backup_{os.getpid()}"
    admin = psycopg2.connect(host=settings["HOST"], port=settings["PORT"], user=settings["USER"], dbname="postgres")
    admin.autocommit = True
    try:
        admin.cursor().execute(f"CREATE DATABASE {name}")
        address = f"postgres://{settings['USER']}@{settings['HOST']}:{settings['PORT'] or 5432}/{name}"
        _there_and_back(tmp_path, DATABASE_URL=address)
    finally:
        admin.cursor().execute(f"DROP DATABASE IF EXISTS {name}")
        admin.close()
