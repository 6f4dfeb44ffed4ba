"""Reading the journal: a stream in order, and the state that its entries make."""

from collections.abc import Iterable

from . import folding
from .folding import State
from .models import Entry


def stream(name: str, *, after: int = 0) -> list[Entry]:
    """The entries of one stream in order, from the one after seq `after`."""
    return list(Entry.objects.filter(stream=name, seq__gt=after).order_by("seq"))


def fold(entries: Iterable[Entry]) -> State:
    """The state after these entries, by thing and field."""
    return folding.fold(entry.set_json for entry in entries)


def exported(name: str) -> list[str]:
    """The entries of one stream in order as lines of JSON, every column as stored: what `folding` reads."""
    rows = Entry.objects.filter(stream=name).order_by("seq").values(*folding.COLUMNS)
    return [folding.line_of(row) for row in rows]
