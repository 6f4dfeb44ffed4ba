"""Ctrl-C during the start is never lost, wherever Python happens to be."""

import logging
import signal
import socket
import threading
from collections.abc import Iterator
from contextlib import nullcontext, suppress

import pytest
import uvicorn

from shuozhou_ops import celery_app, running


@pytest.fixture(autouse=True)
def _handlers_as_before() -> Iterator[None]:
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    level = logging.getLogger("uvicorn").level
    yield
    for thread in threading.enumerate():
        if isinstance(thread, threading.Timer):
            thread.cancel()
    logging.getLogger("uvicorn").setLevel(level)
    for number, handler in before.items():
        signal.signal(number, handler)


def press(number: signal.Signals = signal.SIGINT, *, lost: bool = False) -> None:
    """The start, and a signal in the middle of it; lost, as the interpreter loses what is raised in a finaliser."""
    with running.stoppable():
        with suppress(KeyboardInterrupt) if lost else nullcontext():
            signal.raise_signal(number)
        assert lost, "it went on"


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_stops_where_it_is(number: signal.Signals) -> None:
    with pytest.raises(KeyboardInterrupt):
        press(number)


def test_lost_in_a_finaliser_it_stops_before_it_serves() -> None:
    with pytest.raises(KeyboardInterrupt):
        press(lost=True)


def test_pressed_while_the_server_loads_it_stops(monkeypatch: pytest.MonkeyPatch) -> None:
    """Between our handlers and uvicorn's own: the server begins, sees it and returns."""
    monkeypatch.setattr(running, "start_worker", lambda app: None)
    monkeypatch.setattr(running, "start_beat", lambda app: signal.raise_signal(signal.SIGINT))
    monkeypatch.setattr(running, "LAST_MOMENT_SECONDS", 3600)
    started = []
    monkeypatch.setattr(uvicorn.Server, "main_loop", lambda server: started.append(server))
    with socket.create_server(("127.0.0.1", 0)) as sock:
        running.serve(celery_app, sock)
    assert not started
