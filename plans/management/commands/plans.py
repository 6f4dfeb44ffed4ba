"""`manage.py plans show|check|load|load-library|attach-text`: the plans as files."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.template.loader import render_to_string

from plans import checking, loading, organisations, registry, showing, texts
from plans.actions import texts as text_actions
from plans.actions import versions
from plans.documents import PlanDocument
from plans.queries import page_of
from plans.sources import Source
from shuozhou_ops import clock
from shuozhou_ops.errors import BadInput, DomainError
from shuozhou_ops.journal.actors import Actor

OPERATOR = Actor(ref="system/command-line", name="命令行")


class Command(BaseCommand):
    """Show, check and load plans. PLAN is a plan's key, or a file or folder that holds one."""

    help = "Show, check and load plans. 显示、检查、载入预案。"

    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        """One subcommand each."""
        commands = parser.add_subparsers(dest="command", required=True)
        show = commands.add_parser("show", help="print a plan")
        show.add_argument("plan", metavar="PLAN")
        show.add_argument("--json", action="store_true", help="as one JSON document, normalised")
        check = commands.add_parser("check", help="say what does not hold together; exit status 1 where something")
        check.add_argument("plan", metavar="PLAN", nargs="?")
        check.add_argument("--against", metavar="SOURCE", type=Path, help="the official text")
        load = commands.add_parser("load", help="put a version in force")
        load.add_argument("file", metavar="FILE", type=Path)
        commands.add_parser("load-library", help="load every plan of the library")
        attach = commands.add_parser("attach-text", help="put your own copy of the official text beside a plan")
        attach.add_argument("plan", metavar="PLAN", help="its key")
        attach.add_argument("file", metavar="FILE", type=Path, help="UTF-8, plain text or Markdown")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Run the subcommand."""
        run = {
            "show": self._show,
            "check": self._check,
            "load": self._load,
            "load-library": self._load_library,
            "attach-text": self._attach_text,
        }
        try:
            run[options["command"]](options)
        except (DomainError, OSError, UnicodeDecodeError) as error:
            raise CommandError(_lines(error)) from error

    def _show(self, options: dict[str, Any]) -> None:
        """A plan, for a program or for a reader."""
        document = _named(options["plan"])
        if options["json"]:
            self.stdout.write(json.dumps(showing.show(document), ensure_ascii=False, indent=1))
        else:
            self.stdout.write(render_to_string("plans/plan.txt", page_of(document)))

    def _check(self, options: dict[str, Any]) -> None:
        """Findings, a line each; exit status 1 where one of them is an error."""
        source = Source(options["against"].read_text(encoding="utf-8-sig")) if options["against"] else None
        try:
            documents = _to_check(options["plan"], source)
        except BadInput as error:
            self.stdout.write(_lines(error))
            raise SystemExit(1) from error
        failed = False
        for document in documents:
            for finding in checking.check(document, organisations.directory(), source):
                failed |= finding.severity == "error"
                mark = "警告 " if finding.severity == "warning" else ""
                self.stdout.write(f"{document.plan}：{mark}{finding.path}：{finding.message}")
        if failed:
            raise SystemExit(1)

    def _load(self, options: dict[str, Any]) -> None:
        """Put the file's plan in force; prints its version."""
        version = versions.load(loading.load(options["file"]), actor=OPERATOR, at=clock.now())
        self.stdout.write(version.version)

    def _load_library(self, _options: dict[str, Any]) -> None:
        """Load the library's plans that are not loaded yet; one edited under its old version name is an error."""
        refused = []
        for key in registry.library_keys():
            try:
                versions.load(registry.from_library(key), actor=OPERATOR, at=clock.now())
            except DomainError as error:
                refused.append(_lines(error))
        if refused:
            raise CommandError("\n".join(refused))

    def _attach_text(self, options: dict[str, Any]) -> None:
        """Attach the file's text; prints how many clauses of the plan have words of their own in it, and which none."""
        path: Path = options["file"]
        with path.open("rb") as file:
            data = file.read(texts.MOST_BYTES + 1)
        text = text_actions.attach(options["plan"], data, file_name=path.name, actor=OPERATOR, at=clock.now())
        cut = texts.passages(text, registry.in_force(options["plan"]))
        self.stdout.write(f"{len(cut.found)} 处条款有原文")
        if cut.missing:
            self.stdout.write(f"{len(cut.missing)} 处只能看上一级：{'、'.join(cut.missing)}")


def _named(plan: str) -> PlanDocument:
    """The plan of this key as it is in force, or the one in this file or folder. Raises UnknownPlan, BadPlan."""
    path = Path(plan)
    if path.exists() and (path.suffix or path.is_absolute() or len(path.parts) > 1):
        return loading.load(path)
    return registry.in_force(plan)


def _to_check(plan: str | None, source: Source | None) -> list[PlanDocument]:
    """The named plan; else the one whose number the source bears; else every plan there is."""
    if plan:
        return [_named(plan)]
    everything = registry.all_in_force()
    if source is None:
        return everything
    borne = [document for document in everything if source.has(document.document)]
    if not borne:
        raise CommandError("这份正文里没有任何一个预案的文号；请写明 PLAN。")
    return [min(borne, key=lambda document: source.place_of(document.document))]


def _lines(error: Exception) -> str:
    if isinstance(error, BadInput):
        return "\n".join(fault.message for fault in error.errors)
    return error.message if isinstance(error, DomainError) else str(error)
