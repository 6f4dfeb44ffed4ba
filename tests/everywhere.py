"""Every test, everywhere it can run: `make test`. Each place is a pytest run of its own; then it says what ran where.

Unmarked tests run on SQLite; `postgres` on PostgreSQL; `both` on either; `redis` with Redis; `browser` with Chromium.
A place that is not there is said, with what it left unrun; with CI set, a missing Chromium fails.
"""

import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from xml.etree import ElementTree

import psycopg2
import redis

from tests import chromium

ROOT = Path(__file__).resolve().parent.parent
POSTGRES = "postgres://postgres@127.0.0.1:5432/"
REDIS = "redis://127.0.0.1:6379/15"
CORES = min(os.cpu_count() or 1, 4)  # each worker has a database of its own
# The shape of each run is chosen here and nowhere else: whatever the settings, Celery or pytest would read is left out.
OURS = re.compile(
    r"(OPS|CELERY|DJANGO|PYTEST|PLANS|FORWARDED)_.*|DATABASE_URL|REDIS_URL|SECRET_KEY|DEBUG|HOST|PORT|HTTPS|LOG_LEVEL"
    r"|ALLOWED_HOSTS|CSRF_TRUSTED_ORIGINS"
)


@dataclass
class Place:
    """Somewhere tests run: which of them, in what environment, or why not."""

    name: str
    marks: str
    environment: Mapping[str, str] = field(default_factory=dict)
    absent: str = ""
    needed: bool = False
    passed: int = 0
    failed: int = 0
    skipped: int = 0
    seconds: float = 0.0
    broken: bool = False
    workers: int = 1

    def __str__(self) -> str:
        if self.absent:
            return f"{self.name}: NOT RUN, {self.absent}"
        if not (self.passed or self.failed or self.skipped or self.broken):
            return f"{self.name}: there, and no test asks for it"
        counts = f"{self.passed} passed, {self.failed} failed" + (f", {self.skipped} skipped" if self.skipped else "")
        return f"{self.name}: {counts} in {self.seconds:.0f} s" + (" (the run itself broke)" if self.broken else "")


def places() -> list[Place]:
    """The places of this machine."""
    postgres, no_postgres = _postgres()
    redis_version, no_redis = _redis()
    database = {"DATABASE_URL": f"{POSTGRES}shuozhou_ops_{os.getpid()}"}
    ci = bool(os.environ.get("CI"))
    if ci:
        chromium.install()
    no_chromium = "" if chromium.found() else f"there is no Chromium here; {chromium.INSTALL}"
    return [
        Place("SQLite", "not postgres and not redis and not browser", workers=CORES),
        Place(postgres, "(postgres or both) and not redis and not browser", database, no_postgres, workers=CORES),
        Place(redis_version, "redis and not postgres and not browser", {"REDIS_URL": REDIS}, no_redis),
        Place(
            f"{postgres} with {redis_version}",
            "redis and postgres and not browser",
            database | {"REDIS_URL": REDIS},
            no_postgres or no_redis,
        ),
        Place(chromium.version() or "Chromium", "browser", {}, no_chromium, needed=ci, workers=CORES),
    ]


def run(place: Place, folder: Path, arguments: list[str]) -> None:
    """Run the tests of a place and count them; where it is absent, count what is left unrun."""
    environment = {name: value for name, value in os.environ.items() if not OURS.fullmatch(name)}
    environment |= {"OPS_VAR": str(folder), **place.environment}
    pytest = [sys.executable, "-m", "pytest", "-m", place.marks, *arguments]
    if place.workers > 1:
        pytest += ["-n", str(place.workers), "--dist", "worksteal"]
    if place.absent:
        listed = subprocess.run(
            [*pytest, "--collect-only"], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
        )
        count = re.search(r"(\d+)(?:/\d+)? tests? collected", listed.stdout)
        place.absent += f": {count[1] if count else 'no'} tests"
        return
    print(f"\n== {place.name}", flush=True)
    report = folder / "report.xml"
    started = time.monotonic()
    status = subprocess.run(
        [*pytest, "--durations=5", f"--junitxml={report}"], cwd=ROOT, env=environment, check=False
    ).returncode
    place.seconds = time.monotonic() - started
    if report.exists():
        _count(place, ElementTree.parse(report).getroot())
    place.broken = status not in (0, 1, 5) or (status == 1 and not place.failed) or not report.exists()


def _count(place: Place, report: ElementTree.Element) -> None:
    """Count each test once, whatever it has of subtests and of errors in setting up and tearing down."""
    worst: dict[tuple[str, str], int] = {}
    for case in report.iter("testcase"):
        key = (case.get("classname", ""), case.get("name", ""))
        bad = 2 if case.find("failure") is not None or case.find("error") is not None else 0
        worst[key] = max(worst.get(key, 0), bad, 1 if case.find("skipped") is not None else 0)
    outcomes = list(worst.values())
    place.passed, place.skipped, place.failed = (outcomes.count(outcome) for outcome in range(3))


def main(arguments: list[str]) -> int:
    """Run everything, say what ran where; 0 where nothing failed."""
    everywhere = places()
    for place in everywhere:
        with tempfile.TemporaryDirectory(prefix="shuozhou_ops_") as folder:
            run(place, Path(folder), arguments)
    missing = [place for place in everywhere if place.absent and place.needed]
    print("\n== what ran where")
    for place in everywhere:
        print(place)
    for place in missing:
        print(f"CI is set, and without this place nothing is proved: {place.name}")
    failed = sum(place.failed + place.broken for place in everywhere) + len(missing)
    print(f"{sum(place.passed for place in everywhere)} passed, {failed} failed")
    return 1 if failed else 0


def _postgres() -> tuple[str, str]:
    """Its name and version, and why it is absent."""
    try:
        connection = psycopg2.connect(POSTGRES + "postgres", connect_timeout=3)
    except psycopg2.OperationalError as fault:
        return "PostgreSQL", f"127.0.0.1:5432 does not let us in ({str(fault).strip().splitlines()[-1]})"
    with connection:
        version = connection.server_version
    connection.close()
    return f"PostgreSQL {version // 10000}.{version % 10000}", ""


def _redis() -> tuple[str, str]:
    """Its name and version, and why it is absent."""
    try:
        with redis.Redis.from_url(REDIS, socket_connect_timeout=3) as client:
            return f"Redis {client.info('server')['redis_version']}", ""
    except redis.RedisError as fault:
        return "Redis", f"127.0.0.1:6379 does not answer ({fault})"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
