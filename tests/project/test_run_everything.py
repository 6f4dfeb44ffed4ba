"""`make run` as a person at a terminal meets it."""

import json
import signal
import socket
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

from tests.server import ROOT, Server, environment


def runall(folder: Path, **more: str) -> subprocess.CompletedProcess[str]:
    """Start it where it must refuse; it comes back by itself."""
    return subprocess.run(
        [sys.executable, "manage.py", "runall"],
        cwd=ROOT,
        env=environment(folder) | more,
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )


KEPT = b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
UNFINISHED = b"POST /login/ HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 1000\r\n\r\n"


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_stops_at_once_whatever_a_browser_keeps_open(tmp_path: Path, number: signal.Signals) -> None:
    server = Server(tmp_path)
    server.start()
    port = int(server.url.rsplit(":", 1)[1])
    with (
        socket.create_connection(("127.0.0.1", port)) as kept,
        socket.create_connection(("127.0.0.1", port)) as unfinished,
    ):
        unfinished.sendall(UNFINISHED)
        kept.sendall(KEPT)
        assert kept.recv(4096).startswith(b"HTTP/1.1 200")
        server.stop(number)


def test_a_body_that_comes_in_chunks_is_read(tmp_path: Path) -> None:
    server = Server(tmp_path)
    server.start()
    try:
        ask = urllib.request.Request(
            f"{server.url}/api/v1/plans/earthquake/assess",
            data=iter([b'{"facts": {"magn', b'itude": 5.2}}']),
            headers={"Content-Type": "application/json"},
        )
        with urllib.request.urlopen(ask, timeout=10) as answer:
            assert json.load(answer)["level"] == 3
    finally:
        server.stop()


def test_a_second_run_keeps_the_data_and_the_first_run_made_them(tmp_path: Path) -> None:
    server = Server(tmp_path)
    server.start()
    accounts = server.rows("SELECT id, username, password FROM accounts_user ORDER BY id")
    server.stop()
    again = Server(tmp_path)
    again.start()
    try:
        assert accounts
        assert again.rows("SELECT id, username, password FROM accounts_user ORDER BY id") == accounts
        with urllib.request.urlopen(f"{again.url}/readyz", timeout=10) as answer:
            assert answer.status == 200
    finally:
        again.stop()


def test_a_taken_port_is_said_before_anything_is_touched(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        refused = runall(tmp_path, PORT=str(taken.getsockname()[1]))
    assert refused.returncode == 1
    assert "PORT=" in refused.stderr
    assert not (tmp_path / "ops.sqlite3").exists()


def test_demo_accounts_are_refused_where_others_can_reach_them(tmp_path: Path) -> None:
    refused = runall(tmp_path, HOST="0.0.0.0", PORT="0")
    assert refused.returncode == 1
    assert "OPS_DEMO" in refused.stderr


@pytest.mark.parametrize("port", ["eighty", "70000", "-1"])
def test_a_port_that_cannot_be_is_refused(tmp_path: Path, port: str) -> None:
    assert runall(tmp_path, PORT=port).returncode == 1


def test_the_sweep_runs_in_the_same_process(tmp_path: Path) -> None:
    """A deadline of a kind that nobody answers for: the sweep says so in the log, and goes on."""
    server = Server(tmp_path)
    server.start()
    server.plant_overdue("nobodys")
    try:
        assert "nobodys" in server.expect(r".*shuozhou_ops\.deadlines\.sweeping.*")
    finally:
        server.stop()
