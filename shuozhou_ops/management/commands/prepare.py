"""`manage.py prepare`: bring the database to where the system can work on it."""

from typing import Any

from django.conf import settings
from django.core.management import CommandError, call_command
from django.core.management.base import BaseCommand


class Command(BaseCommand):
    """Migrate, load the plans of the library, and where OPS_DEMO is set seed the demo cast. Safe to repeat."""

    help = "Migrate the database, load the plans of the library and, with OPS_DEMO, the demo cast."

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Do it."""
        call_command("migrate", verbosity=0, interactive=False)
        try:
            call_command("plans", "load-library", stdout=self.stdout)
        except CommandError as fault:  # a plan that was edited without a new version: the one in force stays
            self.stderr.write(self.style.WARNING(f"预案库未全部载入，沿用库中现行版本 / library not loaded: {fault}"))
        if settings.DEMO:
            call_command("seed_demo", stdout=self.stdout)
