"""`manage.py runall`: the whole system in one process, for one desk, a try or a test."""

import ipaddress
import os
import signal
from typing import Any

from django.conf import settings
from django.core.management import CommandError, call_command
from django.core.management.base import BaseCommand, CommandParser
from django.db import connections

from shuozhou_ops import celery_app, running


class Command(BaseCommand):
    """Bind the port, prepare the database, say where it is, serve."""

    help = "Serve web, worker and beat in one process. HOST and PORT say where (127.0.0.1, 8000)."

    def add_arguments(self, parser: CommandParser) -> None:
        """Where to listen; by default as the environment says."""
        parser.add_argument("--host", default=os.environ.get("HOST", "127.0.0.1"))
        parser.add_argument("--port", default=os.environ.get("PORT", "8000"))

    def handle(self, *_args: Any, **options: Any) -> None:
        """Serve until stopped."""
        host, port = options["host"], _port(options["port"])
        if settings.DEMO and not _is_loopback(host):
            raise CommandError(
                f"演示账号只许在本机使用，不能绑定 {host}；请去掉 OPS_DEMO。\n"
                f"The demo accounts have known passwords: with OPS_DEMO the server binds loopback only, not {host}."
            )
        try:
            sock = running.listen(host, port)
        except OSError as fault:
            raise CommandError(
                f"端口 {port} 用不了（{fault.strerror}）。换一个：PORT={port + 1} make run\n"
                f"Port {port} cannot be used ({fault.strerror}). Choose another: PORT={port + 1} make run"
            ) from fault
        signal.signal(signal.SIGTERM, signal.default_int_handler)
        try:
            call_command("prepare", stdout=self.stdout, stderr=self.stderr)
            connections.close_all()
            self.stdout.write(
                f"\n  朔州应急指挥  http://{_for_url(host)}:{sock.getsockname()[1]}/\n"
                "  按 Ctrl-C 停止；数据留在 var/。Ctrl-C stops it; the data stay in var/.\n"
            )
            self.stdout.flush()
            running.serve(celery_app, sock)
        except KeyboardInterrupt:
            self.stdout.write("")


def _port(text: str) -> int:
    if not text.isdecimal() or int(text) > 65535:
        raise CommandError(
            f"PORT 应为 0 到 65535 的整数，不是 {text!r} / PORT is a number from 0 to 65535, not {text!r}"
        )
    return int(text)


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _for_url(host: str) -> str:
    return f"[{host}]" if ":" in host else host
