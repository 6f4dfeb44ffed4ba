"""`manage.py journal verify [--json]`."""

import json
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from shuozhou_ops.journal import verification


class Command(BaseCommand):
    """Look whether the journal is whole: exit 0, or 1 with a line a fault (stream, seq, what)."""

    help = "Verify the journal's hash chains."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("what", choices=["verify"])
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        found = verification.faults()
        for fault in found:
            line = json.dumps(asdict(fault)) if options["json"] else f"{fault.stream}\t{fault.seq}\t{fault.kind}"
            self.stdout.write(line.encode(errors="backslashreplace").decode())  # a damaged name has no other spelling
        if found:
            raise SystemExit(1)
        if not options["json"]:
            self.stdout.write("日志完整 / the journal is whole")
