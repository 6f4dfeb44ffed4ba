"""`manage.py seed_demo`: the demo cast with their positions. Run again, it adds only what is missing."""

from datetime import UTC, datetime
from typing import Any

from django.contrib.auth.hashers import make_password
from django.core.management.base import BaseCommand

from demo import cast
from shuozhou_ops.accounts.actions import appointments, positions
from shuozhou_ops.accounts.models import Appointment, Organisation, Position, User
from shuozhou_ops.journal.actors import SYSTEM

SINCE = datetime(1900, 1, 1, tzinfo=UTC)  # before the oldest event that a replay tries


class Command(BaseCommand):
    """Bring the cast in, by the same actions as everybody."""

    help = "Create the demo cast (idempotent)."

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Positions, accounts, appointments."""
        for key, name, unit, shared, function in cast.OWN_POSITIONS:
            positions.open_position(key, name, unit=unit, shared=shared, function=function, actor=SYSTEM, at=SINCE)
        units = list(Organisation.objects.order_by("pk").values_list("key", "name"))
        people = [*cast.LEADS, *cast.unit_people(units)]
        self._accounts(people)
        self._appoint(people)

    def _accounts(self, people: list[cast.Person]) -> None:
        there = set(User.objects.values_list("username", flat=True))
        password = make_password(cast.PASSWORD)  # one hash for all: everybody knows this password anyway
        User.objects.bulk_create(
            User(username=person.username, name=person.name, password=password, is_demo=True)
            for person in people
            if person.username not in there
        )

    def _appoint(self, people: list[cast.Person]) -> None:
        users = dict(User.objects.values_list("username", "pk"))
        posts = dict(Position.objects.values_list("key", "pk"))
        ever = set(Appointment.objects.values_list("position__key", "user__username"))  # who was let go stays so
        held = set(Appointment.objects.filter(exclusive=True, valid_to__isnull=True).values_list("position__key"))
        for person in people:
            for post in person.posts:
                if post in posts and (post, person.username) not in ever and (post,) not in held:
                    appointments.appoint(posts[post], users[person.username], actor=SYSTEM, at=SINCE)
