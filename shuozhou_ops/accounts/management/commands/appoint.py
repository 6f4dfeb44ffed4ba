"""`manage.py appoint [ACCOUNT POSITION]`: put a person into a position, as the appointments officer does."""

from datetime import datetime
from typing import Any, TypeVar

from django.core.management import CommandError
from django.core.management.base import BaseCommand, CommandParser
from django.db.models import Model
from django.utils.timezone import make_aware

from shuozhou_ops import clock
from shuozhou_ops.accounts.actions import appointments
from shuozhou_ops.accounts.models import Appointment, Position, User
from shuozhou_ops.errors import DomainError
from shuozhou_ops.journal.actors import SYSTEM

Row = TypeVar("Row", bound=Model)


class Command(BaseCommand):
    """One appointment from now on. Without arguments: every position with its key and who holds it."""

    help = "Appoint an account to a position; without arguments list the positions and who holds them."

    def add_arguments(self, parser: CommandParser) -> None:
        """Whom, to what, how, until when."""
        parser.add_argument("account", nargs="?")
        parser.add_argument("position", nargs="?")
        parser.add_argument("--kind", choices=Appointment.Kind.values, default=Appointment.Kind.FULL.value)
        parser.add_argument("--until", help="2026-12-31T08:00, the city's time")
        parser.add_argument("--reason", default="")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Appoint, or list."""
        if not options["account"]:
            self._list()
            return
        user = _found(User, username=options["account"])
        position = _found(Position, key=options["position"] or "")
        try:
            appointments.appoint(
                position.pk,
                user.pk,
                actor=SYSTEM,
                at=clock.now(),
                kind=options["kind"],
                until=_moment(options["until"]),
                reason=options["reason"],
            )
        except DomainError as error:
            raise CommandError(error.message) from error
        self.stdout.write(f"{user}\t{position.key}\t{position.name}")

    def _list(self) -> None:
        held: dict[int, list[str]] = {}
        for appointment in Appointment.objects.at(clock.now()).select_related("user"):
            held.setdefault(appointment.position_id, []).append(str(appointment.user))
        for position in Position.objects.all():
            self.stdout.write(f"{position.key}\t{position.name}\t{'、'.join(held.get(position.pk, [])) or '-'}")


def _found(model: type[Row], **wanted: str) -> Row:
    row = model._default_manager.filter(**wanted).first()
    if row is None:
        name = next(iter(wanted.values()))
        raise CommandError(
            f"没有“{name}”（{model._meta.verbose_name}） / there is no {model._meta.model_name} {name!r}"
        )
    return row


def _moment(text: str | None) -> datetime | None:
    if not text:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise CommandError(f"不是时间：{text} / not a moment: 2026-12-31T08:00") from error
    return moment if moment.tzinfo else make_aware(moment)
