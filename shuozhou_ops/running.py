"""The whole system in one process: the ASGI server in front, a Celery worker and beat in threads behind it."""

import logging
import os
import signal
import socket
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

import uvicorn
from celery import Celery
from celery.beat import Scheduler, Service

GRACE_SECONDS = 1  # for open streams; every stream can catch up, so nobody waits for them
LAST_MOMENT_SECONDS = 1.7  # after a signal the process is gone by then: what is unfinished is a transaction undone


class Server(uvicorn.Server):
    """uvicorn, and certain to stop: a request that hangs cannot hold the process."""

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Begin to stop on SIGINT or SIGTERM."""
        if not self.should_exit:
            logging.getLogger("uvicorn").setLevel(logging.CRITICAL)
            last_moment = threading.Timer(LAST_MOMENT_SECONDS, _leave)
            last_moment.daemon = True
            last_moment.start()
        super().handle_exit(sig, frame)


@contextmanager
def stoppable() -> Iterator[None]:
    """SIGINT and SIGTERM raise KeyboardInterrupt at once, or at the end of the block where that one was lost: an
    exception in a finaliser or in a callback of SQLite's goes no further. They stay until `serve` sets its own."""
    heard: list[int] = []

    def hear(number: int, _frame: FrameType | None) -> None:
        heard.append(number)
        raise KeyboardInterrupt

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, hear)
    yield
    if heard:
        raise KeyboardInterrupt


def listen(host: str, port: int) -> socket.socket:
    """A listening socket, so that a taken port is known before any other work. Raises OSError."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    sock = socket.socket(family, socket.SOCK_STREAM)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        sock.bind((host, port))
        sock.listen(128)
    except OSError:
        sock.close()
        raise
    return sock


def start_worker(app: Celery) -> None:
    """A worker in a thread of its own. It may lose its queue: what is due is in the database."""
    worker = app.WorkController(
        app=app,
        pool="threads",
        concurrency=2,
        use_eventloop=False,
        without_gossip=True,
        without_mingle=True,
        without_heartbeat=True,
        loglevel="WARNING",
    )
    threading.Thread(target=worker.start, name="worker", daemon=True).start()


def start_beat(app: Celery) -> None:
    """Beat in a thread; its schedule is in memory, for a sweep looks at the clock and not at the last run."""
    beat = Service(app, scheduler_cls=Scheduler)
    threading.Thread(target=beat.start, name="beat", daemon=True).start()


def serve(app: Celery, sock: socket.socket) -> None:
    """Serve until SIGINT or SIGTERM, then return, or leave within two seconds at the latest."""
    server = Server(
        uvicorn.Config(
            "shuozhou_ops.asgi:application",
            lifespan="off",
            log_config=None,
            access_log=False,
            server_header=False,
            # Nobody else is believed about the address of a client: the lockout goes by it.
            forwarded_allow_ips=os.environ.get("FORWARDED_ALLOW_IPS", ""),
            timeout_graceful_shutdown=GRACE_SECONDS,
        )
    )
    # Heard before uvicorn listens for them too. When it has stopped it raises the signal again: no harm.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, server.handle_exit)
    start_worker(app)
    start_beat(app)
    server.run(sockets=[sock])


def _leave() -> None:
    sys.stdout.flush()
    os._exit(0)
