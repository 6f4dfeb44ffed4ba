"""`manage.py runall`: the whole system in one process, for one desk, a try or a test."""

import ipaddress
import os
import unicodedata
from typing import Any

from django.conf import settings
from django.core.management import CommandError, call_command
from django.core.management.base import BaseCommand, CommandParser
from django.db import connections

from demo import cast
from shuozhou_ops import celery_app, clock, running
from shuozhou_ops.accounts.models import Appointment


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
        try:
            with running.stoppable():
                call_command("prepare", stdout=self.stdout, stderr=self.stderr)
                self._announce(f"http://{_for_url(host)}:{sock.getsockname()[1]}/")
                connections.close_all()
            running.serve(celery_app, sock)
        except KeyboardInterrupt:
            self.stdout.write("")

    def _announce(self, address: str) -> None:
        lines = ["", f"  朔州应急指挥 / Shuozhou emergency command: {address}", ""]
        if settings.DEMO:
            lines += _logins()
        lines += ["  按 Ctrl-C 停止，数据留在 var/ / Ctrl-C stops it; the data stay in var/.", ""]
        self.stdout.write("\n".join(lines))
        self.stdout.flush()


def _logins() -> list[str]:
    """The demo logins as lines of a table; of the many units only some are shown."""
    shown = [*(person.username for person in cast.LEADS), *cast.SHOWN_UNITS]
    held = Appointment.objects.at(clock.now()).filter(user__is_demo=True, user__username__in=shown)
    posts: dict[str, list[str]] = {}
    names: dict[str, str] = {}
    for appointment in held.select_related("user", "position"):
        posts.setdefault(appointment.user.username, []).append(appointment.position.name)
        names[appointment.user.username] = appointment.user.name
    rows = [("账号 account", "密码 password", "姓名 person", "职务 post")]
    rows += [(name, cast.PASSWORD, names[name], "、".join(posts[name])) for name in shown if name in posts]
    widths = [max(map(_columns, column)) for column in zip(*rows, strict=True)]
    return [
        "  演示账号 / demo logins",
        *("  " + "  ".join(map(_padded, row, widths)).rstrip() for row in rows),
        "  其他各单位：账号是单位的键 / every other unit: its key is the account",
        "",
    ]


def _columns(text: str) -> int:
    """How many columns of a terminal a text takes; a Chinese character takes two."""
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)


def _padded(text: str, width: int) -> str:
    return text + " " * (width - _columns(text))


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
