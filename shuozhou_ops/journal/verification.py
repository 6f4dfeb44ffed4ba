"""Verifying: is every stream whole, in order, unchanged and uncut?"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db import connection, transaction
from django.db.models import QuerySet

from .folding import HASHED, digest
from .models import Entry
from .streams import Streamed

Record = dict[str, Any]  # the stored columns of one entry, and `whole`: whether its own hash fits
Head = tuple[int, str]  # seq and hash of a stream's last entry, as the row that carries the stream knows them
MOST_MISSING = 1000  # so many of one gap are named one by one


@dataclass(frozen=True)
class Fault:
    """One fault: which stream, which seq, what happened: changed (added, too), missing, swapped or cut off."""

    stream: str
    seq: int
    kind: str


def heads() -> dict[str, Head]:
    """The head of every stream, from the rows that carry them."""
    found: dict[str, Head] = {}
    for kind, model in _carriers().items():
        for key, seq, last in model._default_manager.values_list(model.stream_key_field, "head_seq", "head_hash"):
            found[f"{kind}/{key}"] = (seq, last)
    return found


def faults() -> list[Fault]:
    """Every fault in the journal, by stream and seq; empty when it is whole. Memory: one stream at a time.

    A stream that grows while it is read looks broken for that moment, so one that looks broken is read once more with
    its head locked.
    """
    found: list[Fault] = []
    with _reading_broken_text():
        waiting = heads()
        broken: dict[str, list[Fault]] = {}
        for name, records in _streams(Entry.objects.all()):
            first_look = _faults_of(name, records, waiting.pop(name, None))
            if first_look:
                broken[name] = first_look
        broken |= {name: [Fault(name, 1, "cut off")] for name, (seq, _) in waiting.items() if seq}
        for name, first_look in broken.items():
            found += _second_look(name, first_look)
    return sorted(found, key=lambda fault: (fault.stream, fault.seq))


def _second_look(name: str, first_look: list[Fault]) -> list[Fault]:
    kind, _, key = name.partition("/")
    model = _carriers().get(kind)
    if model is None or not name.isprintable():
        return first_look  # no row of ours carries this stream: nothing is being appended to it
    with transaction.atomic():
        row = model._default_manager.select_for_update(of=("self",)).filter(**{model.stream_key_field: key})
        head = row.values_list("head_seq", "head_hash").first()
        for _, records in _streams(Entry.objects.filter(stream=name)):
            return _faults_of(name, records, head)
        return first_look


def _carriers() -> dict[str, type[Streamed]]:
    return {model.stream_kind: model for model in apps.get_models() if issubclass(model, Streamed)}


@contextmanager
def _reading_broken_text() -> Iterator[None]:
    """On SQLite a flipped byte may leave text that is no text: read it as it lies, so that the fault can be named."""
    if connection.vendor != "sqlite":
        yield
        return
    connection.ensure_connection()
    raw = connection.connection
    before, raw.text_factory = raw.text_factory, lambda data: data.decode(errors="surrogateescape")
    try:
        yield
    finally:
        raw.text_factory = before


def _streams(entries: QuerySet[Entry]) -> Iterator[tuple[str, list[Record]]]:
    """Each stream with its records in order."""
    current: list[Record] = []
    for record in entries.order_by("stream", "seq").values(*HASHED, "hash").iterator(chunk_size=2000):
        if current and record["stream"] != current[0]["stream"]:
            yield _name(current), current
            current = []
        record["whole"] = _own(record) == record["hash"]
        if not isinstance(record["seq"], int):
            record["seq"] = 0  # a number that is no number any more: before all others
        current.append(record)
    if current:
        yield _name(current), current


def _name(records: list[Record]) -> str:
    stream = records[0]["stream"]
    return stream if isinstance(stream, str) else repr(stream)


def _own(record: Record, **moved: Any) -> str:
    """The hash a record should have, as it stands or with some columns of another place."""
    return digest([moved.get(name, record[name]) for name in HASHED])


def _faults_of(name: str, records: list[Record], head: Head | None) -> list[Fault]:
    head_seq, head_hash = head or (0, "")
    suspects = [record for record in records if not record["whole"]]
    kinds = {record["seq"]: "swapped" if _swapped(record, suspects) else "changed" for record in suspects}
    chain: dict[int, Record] = {}
    for record in records:
        seq = record["seq"]
        if seq in chain or not 1 <= seq <= head_seq:
            kinds.setdefault(seq, "changed")  # a row that nobody vouches for
        chain.setdefault(seq, record)
    kinds |= _gaps(chain, head_seq)
    for seq in _not_vouched_for(chain, head_seq, head_hash):
        kinds.setdefault(seq, "changed")
    return [Fault(name, seq, kind) for seq, kind in kinds.items()]


def _gaps(chain: dict[int, Record], head_seq: int) -> dict[int, str]:
    """What is not there: entries between others, or the end from one seq on."""
    there = sorted(seq for seq in chain if 1 <= seq <= head_seq)
    found: dict[int, str] = {}
    expected = 1
    for seq in there:
        found |= dict.fromkeys(range(expected, min(seq, expected + MOST_MISSING)), "missing")
        expected = seq + 1
    if expected <= head_seq:
        found[expected] = "cut off"
    return found


def _not_vouched_for(chain: dict[int, Record], head_seq: int, head_hash: str) -> Iterator[int]:
    """Entries that are whole in themselves, but not those of which the next one (or the head) knows the hash.

    From the end on, because only an entry that is vouched for itself can vouch for the one before it.
    """
    vouched: str | None = head_hash
    after = head_seq + 1
    for seq in sorted((seq for seq in chain if 1 <= seq <= head_seq), reverse=True):
        record = chain[seq]
        known = vouched if seq == after - 1 else None
        sound = record["whole"] and known in (None, record["hash"]) and (seq > 1 or record["prev_hash"] == "")
        if record["whole"] and not sound:
            yield seq
        vouched, after = (record["prev_hash"] if sound else None), seq


def _swapped(record: Record, suspects: list[Record]) -> bool:
    """Whether this record is whole, but stands where another belongs (moved with its hash, or without it)."""
    for other in suspects:
        if other is record:
            continue
        moved = _own(record, seq=other["seq"], prev_hash=other["prev_hash"])
        if moved in (record["hash"], other["hash"]) or _own(record, seq=other["seq"]) == record["hash"]:
            return True
    return False
