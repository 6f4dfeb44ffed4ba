"""`manage.py backup [DIR]` and, with `--restore`, the way back."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import CommandError, call_command
from django.core.management.base import BaseCommand, CommandParser

from shuozhou_ops import backups, clock


class Command(BaseCommand):
    """Copy database and secret key into a new folder, by default under var/backups/; or put such a copy back."""

    help = "Back up into a new folder DIR (var/backups/<time>), or --restore from DIR what was there before."

    def add_arguments(self, parser: CommandParser) -> None:
        """The folder, and which way."""
        parser.add_argument("folder", nargs="?", type=Path)
        parser.add_argument("--restore", action="store_true", help="put DIR back; the present state is backed up first")

    def handle(self, *_args: Any, **options: Any) -> None:
        """One way or the other."""
        fresh = settings.VAR_DIR / "backups" / clock.now().strftime("%Y%m%dT%H%M%S.%fZ")
        try:
            if options["restore"]:
                self._restore(options["folder"], fresh)
            else:
                self.stdout.write(str(backups.make(options["folder"] or fresh).parent))
        except (backups.BackupError, OSError) as error:
            raise CommandError(str(error)) from error

    def _restore(self, folder: Path | None, fresh: Path) -> None:
        if folder is None:
            raise CommandError("从哪个文件夹恢复？ / which folder?")
        self.stdout.write(f"现状另存于 / the present state is kept in {backups.make(fresh).parent}")
        backups.put_back(folder)
        call_command("migrate", verbosity=0, interactive=False)
        call_command("journal", "verify", stdout=self.stdout)
