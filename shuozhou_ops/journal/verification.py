"""Verifying: is every stream whole, in order, unchanged and uncut?"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.apps import apps

from .models import HASHED, Entry, digest
from .streams import Streamed

Record = dict[str, Any]


@dataclass(frozen=True)
class Fault:
    """One fault: which stream, which seq, what happened: changed, missing, swapped or cut off."""

    stream: str
    seq: int
    kind: str


def heads() -> dict[str, tuple[int, str]]:
    """The head (seq, hash) of every stream, from the rows that carry them."""
    found: dict[str, tuple[int, str]] = {}
    for model in apps.get_models():
        if issubclass(model, Streamed):
            for key, seq, last in model._default_manager.values_list(model.stream_key_field, "head_seq", "head_hash"):
                found[f"{model.stream_kind}/{key}"] = (seq, last)
    return found


def faults() -> list[Fault]:
    """Every fault in the journal, by stream and seq; empty when it is whole. Memory: one stream at a time."""
    waiting = heads()
    found: list[Fault] = []
    for name, records in _streams():
        found += _faults_of(name, records, waiting.pop(name, None))
    found += [Fault(name, 1, "cut off") for name, (seq, _) in waiting.items() if seq]
    return sorted(found, key=lambda fault: (fault.stream, fault.seq))


def _streams() -> Iterator[tuple[str, list[Record]]]:
    """Each stream with its records in order."""
    current: list[Record] = []
    for record in Entry.objects.order_by("stream", "seq").values(*HASHED, "hash").iterator(chunk_size=2000):
        if current and record["stream"] != current[0]["stream"]:
            yield current[0]["stream"], current
            current = []
        current.append(record)
    if current:
        yield current[0]["stream"], current


def _own(record: Record, *, place: Record | None = None) -> str:
    """The hash a record should have, where it stands or at the place of another."""
    moved = record if place is None else {**record, "seq": place["seq"], "prev_hash": place["prev_hash"]}
    return digest([moved[name] for name in HASHED])


def _faults_of(name: str, records: list[Record], head: tuple[int, str] | None) -> list[Fault]:
    bad = {record["seq"] for record in records if _own(record) != record["hash"]}
    suspects = [record for record in records if record["seq"] in bad]
    kinds = {record["seq"]: "swapped" if _swapped(record, suspects) else "changed" for record in suspects}
    expected, previous = 1, None
    for record in records:
        for seq in range(expected, record["seq"]):
            kinds[seq] = "missing"
        joined = record["seq"] == expected
        before = previous["hash"] if previous and joined else ""
        if joined and record["prev_hash"] != before and record["seq"] not in bad and (expected - 1) not in bad:
            kinds[max(expected - 1, 1)] = "changed"
        expected, previous = record["seq"] + 1, record
    head_seq, head_hash = head or (0, "")
    last = records[-1]
    if last["seq"] < head_seq:
        kinds[last["seq"] + 1] = "cut off"
    elif (last["seq"], last["hash"]) != (head_seq, head_hash) and last["seq"] not in kinds:
        kinds[last["seq"]] = "changed"
    return [Fault(name, seq, kind) for seq, kind in kinds.items()]


def _swapped(record: Record, suspects: list[Record]) -> bool:
    """Whether this record is whole, but stands where another belongs (moved with its hash, or without it)."""
    for other in suspects:
        if other is record:
            continue
        if _own({**record, "seq": other["seq"]}) == record["hash"]:
            return True
        if _own(record, place=other) == other["hash"]:
            return True
    return False
