"""The fold: from a stream's exported entries alone to the state they make. Plain Python, no framework, no database.

It runs beside the system too, on an exported file: `python shuozhou_ops/journal/folding.py FILE [--at SEQ]`.
"""

import argparse
import hashlib
import json
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

HASHED = (
    "stream",
    "seq",
    "at",
    "recorded_at",
    "actor",
    "recorded_by",
    "verb",
    "set_json",
    "payload_json",
    "v",
    "request_id",
    "idempotency_key",
    "fingerprint",
    "prev_hash",
)
COLUMNS = (*HASHED, "hash")

Record = dict[str, Any]  # the stored columns of one entry
State = dict[str, dict[str, Any]]  # the values by thing and field: {"task/12": {"status": "done"}}


def digest(values: tuple[Any, ...] | list[Any]) -> str:
    """The hash of an entry: sha256 over its stored texts in the order of HASHED, as one JSON array.

    Bytes that are no text any more (a damaged database) have a hash too: another one.
    """
    text = json.dumps(list(values), ensure_ascii=False, separators=(",", ":"), default=repr)
    return hashlib.sha256(text.encode(errors="surrogatepass")).hexdigest()


def line_of(record: Record) -> str:
    """One entry as one line of JSON."""
    return json.dumps({name: record[name] for name in COLUMNS}, ensure_ascii=False, separators=(",", ":"))


def read(lines: Iterable[str]) -> list[Record]:
    """The entries of an exported stream. Raises ValueError naming the first line that is none."""
    records = []
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            record = json.loads(line)
        except ValueError as fault:
            raise ValueError(f"line {number} is no JSON: {fault}") from None
        if not isinstance(record, dict) or set(record) != set(COLUMNS):
            raise ValueError(f"line {number} is no entry")
        records.append(record)
    return records


def faults(records: Iterable[Record]) -> list[str]:
    """What is wrong with one stream's chain, by its text alone; empty where it is whole.

    An end that was cut off leaves a whole chain: its last seq and hash are to be compared with the row's.
    """
    found = []
    stream, before, expected = None, "", 1
    for record in records:
        name = f"{record['stream']}#{record['seq']}"
        stream = stream or record["stream"]
        if record["stream"] != stream:
            found.append(f"{name} is of another stream than {stream}")
        if record["seq"] != expected:
            found.append(f"{name} stands where #{expected} belongs")
        if record["prev_hash"] != before:
            found.append(f"{name} does not follow the entry before it")
        if record["hash"] != digest([record[column] for column in HASHED]):
            found.append(f"{name} has been changed")
        before, expected = record["hash"], expected + 1
    return found


def fold(texts: Iterable[str]) -> State:
    """The state after these entries, from their `set_json` in order: one generic merge, no code per verb."""
    state: State = {}
    for text in texts:
        for name, values in json.loads(text).items():
            state.setdefault(name, {}).update(values)
    return state


def state_of(records: Iterable[Record], *, at: int | None = None) -> State:
    """The state after these entries, or after the one with seq `at`."""
    return fold(record["set_json"] for record in records if at is None or record["seq"] <= at)


def differences(folded: State, stored: State) -> list[str]:
    """In what a folded state and a stored one differ, a line a difference; empty where they are the same."""
    found = []
    for name in sorted(folded.keys() | stored.keys()):
        if name not in stored:
            found.append(f"{name} is in no table")
        elif name not in folded:
            found.append(f"{name} is in no entry")
        elif _text(folded[name]) != _text(stored[name]):
            found += [f"{name}.{words}" for words in _differing_fields(folded[name], stored[name])]
    return found


def _differing_fields(told: dict[str, Any], there: dict[str, Any]) -> list[str]:
    said, held = ({field: _text(value) for field, value in values.items()} for values in (told, there))
    return [
        f"{field}: {said.get(field, 'nothing')} by the journal, {held.get(field, 'nothing')} in the table"
        for field in sorted(said.keys() | held.keys())
        if said.get(field) != held.get(field)
    ]


def _text(value: Any) -> str:
    """By this two values are the same: what `==` takes for equal may still be another (1 and true)."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True)


def printed(state: State) -> str:
    """A state as text for people and for `diff`."""
    return json.dumps(state, ensure_ascii=False, sort_keys=True, indent=1)


def main(arguments: list[str] | None = None) -> int:
    """Verify an exported stream and print its state; 1 where the chain is broken, 2 where the file is no export."""
    parser = argparse.ArgumentParser(description="Fold an exported stream, without the database.")
    parser.add_argument("file", help="what `manage.py journal export STREAM` wrote")
    parser.add_argument("--at", type=int, metavar="SEQ", help="the state after this entry (default: the last)")
    asked = parser.parse_args(arguments)
    try:
        records = read(Path(asked.file).read_text(encoding="utf-8").split("\n"))  # a text may hold other line ends
    except (OSError, ValueError) as fault:
        sys.stderr.write(f"{asked.file}: {fault}\n")
        return 2
    broken = faults(records)
    sys.stderr.writelines(f"{words}\n" for words in broken)
    sys.stdout.write(printed(state_of(records, at=asked.at)) + "\n")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
