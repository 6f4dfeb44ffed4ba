"""`manage.py assess`: what a plan says of facts, for one event or a file of them."""

import json
import sys
from argparse import ArgumentParser
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from plans import assessment, registry
from plans.documents import PlanDocument
from plans.facts import read_json
from shuozhou_ops.errors import BadFacts, DomainError, FieldError


class Command(BaseCommand):
    """One answer a line, in UTF-8. Exit status 1 where a fact was bad, 2 for wrong usage."""

    help = "Assess facts by a plan: `assess PLAN name=value …`, or `assess --jsonl FILE` (- is standard input)."

    requires_system_checks = ()  # they would load every page's code for an answer that needs none

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Either a plan with facts, or a file."""
        parser.add_argument("plan", metavar="PLAN", nargs="?")
        parser.add_argument("facts", metavar="NAME=VALUE", nargs="*")
        parser.add_argument("--jsonl", metavar="FILE", help='one {"plan": …, "facts": {…}} a line')

    def handle(self, *_args: Any, **options: Any) -> None:
        """Answer, then leave with the exit status that fits."""
        if bool(options["plan"]) == (options["jsonl"] is not None):
            raise CommandError("用法：assess PLAN 名称=值 …，或 assess --jsonl FILE", returncode=2)
        good = self._file(options["jsonl"]) if options["jsonl"] is not None else self._one(options)
        if not good:
            raise SystemExit(1)

    def _one(self, options: dict[str, Any]) -> bool:
        facts: dict[str, Any] = {}
        for pair in options["facts"]:
            name, equals, text = pair.partition("=")
            if not (name and equals):
                raise CommandError(f"“{pair}”不是 名称=值", returncode=2)
            if name in facts:
                raise CommandError(f"“{name}”写了两次", returncode=2)
            facts[name] = _value(text)
        try:
            document = registry.in_force(options["plan"])
        except registry.UnknownPlan as error:
            raise CommandError(error.message, returncode=2) from error
        return self._answer(document, facts)

    def _file(self, name: str) -> bool:
        documents: dict[str, PlanDocument] = {}
        good = True
        with ExitStack() as opened:
            try:
                lines = sys.stdin.buffer if name == "-" else opened.enter_context(Path(name).open("rb"))
            except OSError as error:
                raise CommandError(str(error), returncode=2) from error
            for line in lines:
                if line.strip():
                    good &= self._line(line, documents)
        return good

    def _line(self, line: bytes, documents: dict[str, PlanDocument]) -> bool:
        try:
            event = read_json(line.decode("utf-8-sig"))
        except (ValueError, RecursionError):
            return self._fault(None, "not_json", "这一行不是 JSON。")
        key = event.get("plan") if isinstance(event, dict) else None
        if not isinstance(key, str) or not key:
            return self._fault(None, "no_plan", "这一行没有写明预案（plan）。")
        try:
            document = documents.get(key) or documents.setdefault(key, registry.in_force(key))
        except DomainError as error:
            return self._fault(None, error.code, error.message)
        return self._answer(document, event.get("facts"))

    def _answer(self, document: PlanDocument, facts: Any) -> bool:
        try:
            answer = assessment.assess(document, facts)
        except BadFacts as error:
            first: FieldError = error.errors[0]
            return self._fault(first.field or None, first.code, first.message)
        self._write(answer.as_json())
        return True

    def _fault(self, fact: str | None, code: str, message: str) -> bool:
        self._write({"error": {"fact": fact, "code": code, "message": message}})
        return False

    def _write(self, answer: dict[str, Any]) -> None:
        self.stdout.write(json.dumps(answer, ensure_ascii=False))


def _value(text: str) -> Any:
    """A value of the command line: JSON where it is that, else the text itself."""
    try:
        return read_json(text)
    except (ValueError, RecursionError):
        return text
