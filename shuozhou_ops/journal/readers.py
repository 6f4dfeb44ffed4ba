"""Reading the journal: a stream in order, and the state that its entries make."""

from collections.abc import Iterable
from typing import Any

from .models import Entry


def stream(name: str, *, after: int = 0) -> list[Entry]:
    """The entries of one stream in order, from the one after seq `after`."""
    return list(Entry.objects.filter(stream=name, seq__gt=after).order_by("seq"))


def fold(entries: Iterable[Entry]) -> dict[str, dict[str, Any]]:
    """The state after these entries, by thing and field: one generic merge, no code per verb."""
    state: dict[str, dict[str, Any]] = {}
    for entry in entries:
        for name, values in entry.changes.items():
            state.setdefault(name, {}).update(values)
    return state
