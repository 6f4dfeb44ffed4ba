"""The real system as a process of its own, as `make run` starts it."""

import os
import queue
import re
import signal
import sqlite3
import subprocess
import sys
import threading
import time
import urllib.request
from contextlib import closing
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
STOPS_WITHIN_SECONDS = 4  # one for open streams, the rest for a machine that does other things too


class Server:
    """One running system on a database of its own, under a folder of its own."""

    def __init__(self, folder: Path, **environment: str) -> None:
        self.environment = environment
        self.folder = folder
        self.database = folder / "ops.sqlite3"
        self.url = ""
        self.said: list[str] = []
        self._lines: queue.Queue[str] = queue.Queue()

    def start(self) -> None:
        """Start it and wait until it answers."""
        self.process = subprocess.Popen(
            [sys.executable, "manage.py", "runall"],
            cwd=ROOT,
            env=environment(self.folder) | {"PORT": "0"} | self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        threading.Thread(target=self._listen, daemon=True).start()
        self.url = self.expect(r"http://127\.0\.0\.1:\d+")
        with urllib.request.urlopen(f"{self.url}/healthz", timeout=30) as answer:  # the socket listens already
            assert answer.status == 200

    def expect(self, pattern: str, within_seconds: float = 30) -> str:
        """What matches in the first line from here on that does; AssertionError where none comes."""
        while True:
            try:
                line = self._lines.get(timeout=within_seconds)
            except queue.Empty:
                line = ""
            if not line:
                raise AssertionError(f"the server never said {pattern}:\n" + "".join(self.said))
            if found := re.search(pattern, line):
                return found[0]

    def _listen(self) -> None:
        assert self.process.stdout
        for line in self.process.stdout:
            self.said.append(line)
            self._lines.put(line)
        self._lines.put("")

    def stop(self, number: signal.Signals = signal.SIGINT) -> None:
        """Stop it as Ctrl-C does; at once, and well."""
        began = time.monotonic()
        self.process.send_signal(number)
        try:
            self.process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        took = time.monotonic() - began
        assert self.process.returncode == 0, "".join(self.said)
        assert took < STOPS_WITHIN_SECONDS, f"it took {took:.1f} s to stop"

    def fold(self) -> None:
        """See that its journal gives what its tables hold, where it has an incident (see tests/folded.py)."""
        if not self.rows("SELECT 1 FROM response_incident LIMIT 1"):
            return
        command = [sys.executable, "manage.py", "journal", "verify", "--tables"]
        told = subprocess.run(
            command, cwd=ROOT, env=environment(self.folder), capture_output=True, text=True, check=False
        )
        assert told.returncode == 0, told.stdout + told.stderr

    def rows(self, sql: str, *values: Any) -> list[tuple[Any, ...]]:
        """What a query finds in its database."""
        with closing(sqlite3.connect(f"file:{self.database}?mode=ro", uri=True)) as connection:
            return connection.execute(sql, values).fetchall()

    def plant_overdue(self, kind: str) -> None:
        """A deadline that came due long ago, of a kind that nobody answers for: the sweep will say so in the log."""
        with closing(sqlite3.connect(self.database, timeout=20)) as connection, connection:
            connection.execute(
                "INSERT INTO deadlines_deadline (kind, subject, due_at, state) VALUES (?, ?, ?, ?)",
                (kind, "x/1", "2026-01-01 00:00:00", "open"),
            )


def environment(folder: Path) -> dict[str, str]:
    """The environment of a demo system whose data are under a folder; nothing of ours leaks into it."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "TMPDIR", "TZ") if name in os.environ}
    return kept | {"OPS_VAR": str(folder), "OPS_DEMO": "1", "PYTHONUNBUFFERED": "1", "PYTHONUTF8": "1"}


def prepare(folder: Path) -> Path:
    """Make a database that is migrated, has the plan and the demo cast, and that nobody has used yet."""
    subprocess.run([sys.executable, "manage.py", "prepare"], cwd=ROOT, env=environment(folder), check=True)
    return folder / "ops.sqlite3"
