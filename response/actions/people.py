"""From an actor back to the account, for the columns that name who."""

from shuozhou_ops.accounts.models import User
from shuozhou_ops.journal.actors import Actor


def user_of(actor: Actor) -> User | None:
    """The account behind an actor, or None for the system."""
    kind, _, key = actor.ref.partition("/")
    return User(pk=int(key)) if kind == "user" else None
