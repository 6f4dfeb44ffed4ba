"""`make test` says what did not run, and with CI set a missing Chromium fails."""

import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest

from tests import chromium, everywhere
from tests.everywhere import Place
from tests.server import ROOT, environment


def test_a_missing_chromium_is_said_and_fails_only_in_ci(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(chromium, "found", lambda: None)
    monkeypatch.setattr(chromium, "install", lambda: None)
    monkeypatch.setattr(everywhere, "run", lambda place, folder, arguments: None)
    for ci, status in (("", 0), ("true", 1)):
        monkeypatch.setenv("CI", ci)
        assert everywhere.main([]) == status
        said = capsys.readouterr().out
        assert "Chromium: NOT RUN" in said
        assert "apt-get install chromium fonts-noto-cjk" in said
        assert said.splitlines()[-1] == f"0 passed, {status} failed"


def test_a_place_that_does_not_answer_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(everywhere, "POSTGRES", "postgres://postgres@127.0.0.1:9/")
    monkeypatch.setattr(everywhere, "REDIS", "redis://127.0.0.1:9/0")
    absent = {place.name: place.absent for place in everywhere.places()}
    assert "127.0.0.1:5432" in absent["PostgreSQL"]
    assert "127.0.0.1:6379" in absent["Redis"]
    assert absent["SQLite"] == ""


def test_a_test_counts_once_with_its_worst_outcome() -> None:
    place = Place("SQLite", "")
    report = """<testsuites><testsuite>
        <testcase classname="a" name="good"/><testcase classname="a" name="good"/>
        <testcase classname="a" name="late"/><testcase classname="a" name="late"><error/></testcase>
        <testcase classname="b" name="bad"><failure/></testcase><testcase classname="b" name="off"><skipped/></testcase>
    </testsuite></testsuites>"""
    everywhere._count(place, ElementTree.fromstring(report))
    assert (place.passed, place.failed, place.skipped) == (1, 2, 1)


def test_a_test_for_postgresql_is_not_run_on_sqlite(tmp_path: Path) -> None:
    ran = subprocess.run(
        [sys.executable, "-m", "pytest", "-m", "postgres", "tests/project/test_probe_health.py"],
        cwd=ROOT,
        env=environment(tmp_path),
        capture_output=True,
        text=True,
        check=False,
    )
    assert "NOT RUN, DATABASE_URL does not name a PostgreSQL database: 1 tests" in ran.stdout
    assert "passed" not in ran.stdout


def test_the_shape_of_a_run_does_not_come_from_the_environment(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    for name, value in {"OPS_RECEIPT_WITHIN_MINUTES": "x", "ALLOWED_HOSTS": "y", "PYTEST_ADDOPTS": "--co"}.items():
        monkeypatch.setenv(name, value)
    place = Place("SQLite", "not postgres")
    everywhere.run(place, tmp_path, ["tests/project/test_probe_health.py"])
    assert (place.passed, place.failed, place.broken) == (4, 0, False)


def test_a_run_that_broke_before_its_first_test_is_no_success(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    place = Place("SQLite", "", {"DJANGO_SETTINGS_MODULE": "nowhere.settings"})
    everywhere.run(place, tmp_path, ["tests/project/test_probe_health.py"])
    assert place.broken
