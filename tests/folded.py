"""After every test, every incident it made is folded: its exported entries alone give what the tables hold.

At the end, and at a random moment: after one entry of each incident, chosen by chance, its rows are read inside the
transaction that wrote it, and after the test the entries up to that one must give just these. FOLD_SEED repeats a
choice. What breaks rows or the journal on purpose, or sets rows past the actions, says so: `unfolded(why)`.
"""

import os
import random
import secrets
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import pytest
from django.db import connection
from django.db.models import Model
from django.db.models.signals import post_save
from django.test import TransactionTestCase

from response.models import Incident
from response.tables import OF_INCIDENT
from shuozhou_ops.journal import folding, readers, record
from shuozhou_ops.journal.folding import State
from shuozhou_ops.journal.models import Entry
from shuozhou_ops.journal.streams import Streamed
from shuozhou_ops.journal.tables import Table

KINDS = ("incidents", "moments", "tests left out")
_counts: Counter[str] = Counter()
_left_out: set[str] = set()


@dataclass(frozen=True)
class Moment:
    """What the tables held of one incident right after one of its entries was written, as the database had it."""

    seq: int
    hash: str
    raw: list[list[tuple[Any, ...]]]

    @property
    def state(self) -> State:
        """The same as the journal would have it."""
        return _state(self.raw)


class Reading:
    """The rows of one declared table as Django reads them, by a statement that is made once and not for every test."""

    def __init__(self, table: Table) -> None:
        self.model, self.table = table.model, table
        self.lookup = (
            table.carrier or table.stream
        )  # where it is another thing of the stream: everything, sorted out later
        rows = table.model._default_manager.order_by("pk")
        if self.lookup:
            rows = rows.filter(**{self.lookup: 0})
        self.compiler = rows.query.get_compiler("default")
        self.sql = self.compiler.as_sql()[0]
        columns = [column for column, _, _ in self.compiler.select]
        self.names = [column.target.attname for column in columns]
        self.converters = self.compiler.get_converters(columns)

    def raw(self, cursor: Any, incident: Streamed) -> list[tuple[Any, ...]]:
        """The rows of one incident as the database has them."""
        cursor.execute(self.sql, [incident.stream if self.table.stream else incident.pk] if self.lookup else [])
        return cursor.fetchall()

    def rows(self, raw: list[tuple[Any, ...]]) -> Iterator[Model]:
        """The same as rows of the model."""
        for values in self.compiler.apply_converters(raw, self.converters) if self.converters else raw:
            yield self.model.from_db("default", self.names, values)


@cache
def _readings() -> list[Reading]:
    return [Reading(table) for table in OF_INCIDENT]


def _raw(incident: Streamed) -> list[list[tuple[Any, ...]]]:
    """Every declared row of an incident, as the database has it. Not counted where a test counts its queries."""
    counted, connection.force_debug_cursor = connection.force_debug_cursor, False
    try:
        with connection.cursor() as cursor:
            return [reading.raw(cursor, incident) for reading in _readings()]
    finally:
        connection.force_debug_cursor = counted


def _state(raw: list[list[tuple[Any, ...]]]) -> State:
    """The same as the journal would have it; what `tables.states` says, sooner."""
    state: State = {}
    for reading, found in zip(_readings(), raw, strict=True):
        for row in reading.rows(found):
            if not reading.table.thing or getattr(row, reading.table.thing) in state:
                state[record.thing(row)] = record.values_of(row)
    return state


class Watch:
    """One test: how many entries it wrote of each incident, and the moment that chance has kept of it."""

    def __init__(self, name: str) -> None:
        self.chance = random.Random(f"{os.environ['FOLD_SEED']} {name}")
        self.written: Counter[str] = Counter()
        self.moments: dict[str, Moment] = {}

    def note(self, entry: Entry) -> None:
        """An entry has been written: keep this moment, each of the incident's with the same chance."""
        self.written[entry.stream] += 1
        if self.chance.randrange(self.written[entry.stream]) == 0:
            incident = Incident.objects.only("public_id").get(public_id=entry.stream.partition("/")[2])
            self.moments[entry.stream] = Moment(entry.seq, entry.hash, _raw(incident))


_watch: Watch | None = None


def _written(sender: type[Entry], instance: Entry, **_more: Any) -> None:
    if _watch is not None and instance.stream.startswith("incident/"):
        _watch.note(instance)


def faults(moments: Mapping[str, Moment] | None = None) -> list[str]:
    """In what the folded entries of any incident differ from the tables, now and at the moments kept before."""
    found = []
    for incident in Incident.objects.only("public_id"):
        _counts["incidents"] += 1
        records = folding.read(readers.exported(incident.stream))
        broken = folding.faults(records)
        broken += folding.differences(folding.state_of(records), _state(_raw(incident)))
        if moments and incident.stream in moments:
            broken += _faults_at(moments[incident.stream], records)
        found += [f"{incident.stream}: {words}" for words in broken]
    return found


def _faults_at(moment: Moment, records: list[folding.Record]) -> list[str]:
    """As of a moment; nothing where what was written then has been rolled back."""
    if not any(record["hash"] == moment.hash for record in records):
        return []
    _counts["moments"] += 1
    differing = folding.differences(folding.state_of(records, at=moment.seq), moment.state)
    return [f"at seq {moment.seq}: {words}" for words in differing]


def _check(nodeid: str) -> None:
    """Fold what the running test left. A test in whose transaction nothing can be read any more is not looked at."""
    if _watch is None or not _watch.written or connection.needs_rollback or not connection.is_usable():
        return
    found = faults(_watch.moments)
    if found:
        seed = f"FOLD_SEED={os.environ['FOLD_SEED']}"
        more = [f"… and {len(found) - 20} more"] if len(found) > 20 else []
        lines = "\n".join(found[:20] + more)
        raise AssertionError(f"the journal does not give what the tables hold ({seed}, {nodeid}):\n{lines}")


def pytest_configure(config: pytest.Config) -> None:
    """Watch the entries; look at each test's database before it is put back."""
    os.environ.setdefault("FOLD_SEED", secrets.token_hex(4))  # the workers of this run inherit it
    post_save.connect(_written, sender=Entry, dispatch_uid="tests.folded")
    put_back = TransactionTestCase._post_teardown  # type: ignore[attr-defined]

    def _post_teardown(case: TransactionTestCase) -> None:
        try:
            _check(_nodeid)
        finally:
            put_back(case)

    TransactionTestCase._post_teardown = _post_teardown  # type: ignore[attr-defined]


_nodeid = ""


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Iterator[None]:
    """One test, watched from before its fixtures until after they are gone."""
    global _watch, _nodeid
    left_out = item.get_closest_marker("unfolded")
    if left_out is not None:
        assert left_out.args, f"{item.nodeid}: say why it is unfolded"
        _left_out.add(item.nodeid)
        _counts["tests left out"] = len(_left_out)
    _nodeid, _watch = item.nodeid, None if left_out else Watch(item.nodeid)
    try:
        return (yield)
    finally:
        _watch = None


def pytest_sessionfinish(session: pytest.Session) -> None:
    """A worker hands in what it counted."""
    output = getattr(session.config, "workeroutput", None)
    if output is not None:
        output["folded"] = dict(_counts)


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """Add up what the workers counted."""
    _counts.update(getattr(node, "workeroutput", {}).get("folded", {}))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say how much was folded."""
    if any(_counts.values()):
        said = ", ".join(f"{_counts[kind]} {kind}" for kind in KINDS)
        terminalreporter.write_line(f"folded without the database (FOLD_SEED={os.environ['FOLD_SEED']}): {said}")
