"""`manage.py messages`: keep the English catalogue in step with what the pages say, without the gettext programs."""

from pathlib import Path
from typing import Any

import polib
from django.conf import settings
from django.core.management import CommandError
from django.core.management.base import BaseCommand, CommandParser

from shuozhou_ops import translations

FOLDERS = ["shuozhou_ops", "plans", "response", "reserves", "templates"]


class Command(BaseCommand):
    """Update django.po; with --check only say what is out of step; with --compile only write django.mo."""

    help = "Update locale/en/LC_MESSAGES/django.po (or --check it, or --compile it to django.mo)."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        """One of the two, or neither."""
        choice = parser.add_mutually_exclusive_group()
        choice.add_argument("--check", action="store_true", help="exit 1 where the catalogue is out of step")
        choice.add_argument("--compile", action="store_true", help="write django.mo")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Do what was asked."""
        path = Path(settings.LOCALE_PATHS[0]) / "en" / "LC_MESSAGES" / "django.po"
        catalogue = polib.pofile(str(path))
        if options["compile"]:
            catalogue.save_as_mofile(str(path.with_suffix(".mo")))
            return
        merged = translations.merge(catalogue, translations.collect(settings.BASE_DIR, FOLDERS))
        if options["check"]:
            self._check(catalogue, merged)
        else:
            merged.save(str(path))
        untranslated = sum(not entry.translated() for entry in merged)
        self.stdout.write(f"{len(merged)} messages, {untranslated} not yet in English")

    def _check(self, catalogue: polib.POFile, merged: polib.POFile) -> None:
        there, said = ({(entry.msgctxt, entry.msgid) for entry in file} for file in (catalogue, merged))
        faults = [f"not in the catalogue: {text}" for _, text in sorted(said - there, key=str)]
        faults += [f"nobody says it any more: {text}" for _, text in sorted(there - said, key=str)]
        if faults:
            raise CommandError("\n".join([*faults, "`make messages` brings the catalogue up to date."]))
