"""`manage.py journal verify [--tables] [--json]`, `journal export STREAM`, `journal fold FILE [--at SEQ]`."""

import json
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from shuozhou_ops.journal import folding, readers, tables, verification


class Command(BaseCommand):
    """The journal by hand: look whether it is whole, take a stream out of it, fold what was taken out."""

    help = "Verify the journal, export a stream, fold an exported stream."

    def add_arguments(self, parser: CommandParser) -> None:
        acts = parser.add_subparsers(dest="act", required=True)
        verify = acts.add_parser("verify", help="exit 0, or 1 with a line a fault (stream, seq, what)")
        verify.add_argument("--json", action="store_true")
        verify.add_argument("--tables", action="store_true", help="compare what the entries say with the tables, too")
        export = acts.add_parser("export", help="one stream as lines of JSON, an entry a line, as stored")
        export.add_argument("stream", help="`incident/7f3a…`")
        fold = acts.add_parser("fold", help="verify an exported stream by its text alone and print its state")
        fold.add_argument("file")
        fold.add_argument("--at", type=int, metavar="SEQ", help="the state after this entry (default: the last)")

    def handle(self, *args: Any, **options: Any) -> None:
        {"verify": self._verify, "export": self._export, "fold": self._fold}[options["act"]](options)

    def _verify(self, options: dict[str, Any]) -> None:
        found = verification.faults()
        for fault in found:
            self._line(json.dumps(asdict(fault)) if options["json"] else f"{fault.stream}\t{fault.seq}\t{fault.kind}")
        differing = tables.differences(but={fault.stream for fault in found}) if options["tables"] else []
        for item in differing:
            self._line(json.dumps(asdict(item)) if options["json"] else f"{item.stream}\t{item.words}")
        if found or differing:
            raise SystemExit(1)
        if not options["json"]:
            self._line("日志完整 / the journal is whole")
            if options["tables"]:
                self._line("与数据表一致 / the tables agree with it")

    def _export(self, options: dict[str, Any]) -> None:
        lines = readers.exported(options["stream"])
        if not lines:
            raise CommandError(f"没有这个日志流 / no such stream: {options['stream']}")
        for line in lines:
            self._line(line)

    def _fold(self, options: dict[str, Any]) -> None:
        asked = [options["file"]] + ([f"--at={options['at']}"] if options["at"] is not None else [])
        if status := folding.main(asked):
            raise SystemExit(status)

    def _line(self, text: str) -> None:
        """Print a line; a damaged name has no other spelling than its escapes."""
        self.stdout.write(text.encode(errors="backslashreplace").decode())
