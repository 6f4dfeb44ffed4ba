"""`manage.py replay FILE`: past events through the whole life, a line a step."""

import json
import sys
from pathlib import Path
from typing import Any

from django.core.management import CommandError, call_command
from django.core.management.base import BaseCommand, CommandParser
from django.utils.timezone import localtime

from response import replaying
from shuozhou_ops.errors import DomainError


class Command(BaseCommand):
    """A line a step: id, time, grade, level, clauses, `ok` or `differs`; exit 1 on any difference or refusal."""

    help = "Replay past events (one JSON object a line) through the system."

    def add_arguments(self, parser: CommandParser) -> None:
        """The file, `-` for standard input."""
        parser.add_argument("file")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Bring in what a replay needs, then go through the events in order."""
        lines = _lines(options["file"])
        call_command("migrate", verbosity=0, interactive=False)
        call_command("plans", "load-library", verbosity=0, stdout=self.stderr)
        call_command("seed_demo", verbosity=0)
        good = [self._event(number, line) for number, line in enumerate(lines, start=1) if line.strip()]
        if not all(good):
            raise SystemExit(1)

    def _event(self, number: int, line: bytes) -> bool:
        try:
            event = json.loads(line.decode("utf-8-sig"))
            name = str(event["id"])
        except (ValueError, KeyError, TypeError, RecursionError):
            self.stdout.write(f"{number}\t-\t-\t-\t-\t不是一个事件 / not an event")
            return False
        good = True
        try:
            for outcome in replaying.replay(event):
                good = good and outcome.ok
                self.stdout.write(_line(name, outcome))
        except DomainError as error:
            self.stdout.write(f"{name}\t-\t-\t-\t-\trefused: {error.message}")
            return False
        except (ValueError, KeyError, TypeError) as error:
            self.stdout.write(f"{name}\t-\t-\t-\t-\tnot an event: {error!r}")
            return False
        return good


def _line(name: str, outcome: replaying.Outcome) -> str:
    step = outcome.step
    verdict = "ok" if outcome.ok else f"differs (expected {_number(step.grade)} / {_number(step.level)})"
    clauses = "; ".join(outcome.clauses) or "-"
    at = localtime(step.at).strftime("%Y-%m-%dT%H:%M%z")
    return "\t".join([name, at, _number(outcome.grade), _number(outcome.level), clauses, verdict])


def _number(value: int | None) -> str:
    return "-" if value is None else str(value)


def _lines(name: str) -> list[bytes]:
    if name == "-":
        return sys.stdin.buffer.read().split(b"\n")
    try:
        return Path(name).read_bytes().split(b"\n")
    except OSError as fault:
        raise CommandError(f"读不了 {name}：{fault.strerror} / cannot read it") from fault
