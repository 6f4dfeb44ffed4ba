"""A copy of everything that cannot be made again, while the system runs; and putting it back."""

import os
import shutil
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection, connections

SQLITE, POSTGRES, KEY = "ops.sqlite3", "ops.dump", "secret_key"


class BackupError(Exception):
    """Why a backup was not made or not put back; nothing was changed."""


def make(folder: Path) -> Path:
    """Copy database and secret key into a new folder, readable by its owner only. Returns the database's copy.

    Raises BackupError, OSError. On SQLite a consistent copy of the running database; on PostgreSQL a pg_dump archive.
    """
    folder.mkdir(parents=True, mode=0o700)
    if connection.vendor == "sqlite":
        copy = folder / SQLITE
        _copy_sqlite(Path(str(connection.settings_dict["NAME"])), copy)
    else:
        copy = folder / POSTGRES
        _run("pg_dump", "--format=custom", "--no-owner", "--no-privileges", f"--file={copy}")
    copy.chmod(0o600)
    key = settings.VAR_DIR / KEY
    if key.exists():
        shutil.copy(key, folder / KEY)
        (folder / KEY).chmod(0o600)
    return copy


def put_back(folder: Path) -> None:
    """Put a backup in the place of the present database, whole. Raises BackupError, OSError; then nothing changed.

    The secret key comes back too, unless the environment gives one. Stop the system first.
    """
    if connection.vendor == "sqlite":
        copy = folder / SQLITE
        _require(copy)
        connections.close_all()
        _copy_sqlite(copy, Path(str(connection.settings_dict["NAME"])))
    else:
        copy = folder / POSTGRES
        _require(copy)
        connections.close_all()
        name = connection.settings_dict["NAME"]
        options = ["--clean", "--if-exists", "--no-owner", "--no-privileges", "--single-transaction", "--exit-on-error"]
        _run("pg_restore", *options, f"--dbname={name}", str(copy))
    if (folder / KEY).exists():
        shutil.copy(folder / KEY, settings.VAR_DIR / KEY)
        (settings.VAR_DIR / KEY).chmod(0o600)


def _require(copy: Path) -> None:
    if not copy.is_file():
        raise BackupError(f"没有 {copy} / there is no {copy}")


def _copy_sqlite(source: Path, target: Path) -> None:
    """Copy page by page: readers and writers of the source go on; the target changes whole or not at all."""
    with closing(sqlite3.connect(f"file:{source}?mode=ro", uri=True)) as old, closing(sqlite3.connect(target)) as new:
        try:
            fault = old.execute("PRAGMA quick_check(1)").fetchone()[0]
        except sqlite3.DatabaseError as error:
            fault = str(error)
        if fault != "ok":
            raise BackupError(f"{source} 已损坏：{fault} / is damaged")
        old.backup(new)


def _run(program: str, *arguments: str) -> None:
    found: dict[str, Any] = connection.settings_dict
    names = {"PGHOST": "HOST", "PGPORT": "PORT", "PGUSER": "USER", "PGPASSWORD": "PASSWORD", "PGDATABASE": "NAME"}
    environment = os.environ | {name: str(found[key]) for name, key in names.items() if found.get(key)}
    try:
        done = subprocess.run([program, *arguments], env=environment, capture_output=True, text=True, check=False)
    except FileNotFoundError as missing:
        raise BackupError(f"没有 {program}，请安装 postgresql-client / install postgresql-client") from missing
    if done.returncode:
        raise BackupError(done.stderr.strip())
