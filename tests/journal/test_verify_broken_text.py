"""On SQLite a flipped byte can leave what is no text at all: it is named like any other change."""

import json
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection

from shuozhou_ops.journal import verification
from shuozhou_ops.journal.models import HASHED, Entry
from shuozhou_ops.journal.verification import Fault
from tests.journal.streams import a_stream, drop_triggers, entry

pytestmark = pytest.mark.django_db
STREAM = "position/watch"


def spoil(found: Entry, column: str, expression: str) -> None:
    """Store an SQL expression in one column."""
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE journal_entry SET {column} = {expression} WHERE id = {found.pk}")


@pytest.mark.parametrize("column", [name for name in (*HASHED, "hash") if name not in ("stream", "seq", "v")])
@pytest.mark.parametrize("expression", ["CAST(X'FF41' AS TEXT)", "X'FF41'", "X'00'"])
def test_bytes_that_are_no_text_are_a_change(column: str, expression: str) -> None:
    drop_triggers()
    spoil(entry(a_stream(), 3), column, expression)
    assert verification.faults() == [Fault(STREAM, 3, "changed")]


@pytest.mark.parametrize("expression", ["CAST(X'FF41' AS TEXT)", "X'FF41'"])
def test_a_stream_whose_name_is_no_text_is_named_as_well_as_it_can_be(expression: str) -> None:
    drop_triggers()
    spoil(entry(a_stream(), 3), "stream", expression)
    found = verification.faults()
    assert Fault(STREAM, 3, "missing") in found
    assert [fault.seq for fault in found if fault.stream != STREAM] == [3]
    for options in ([], ["--json"]):
        out = StringIO()
        with pytest.raises(SystemExit):
            call_command("journal", "verify", *options, stdout=out)
        assert len(out.getvalue().encode().splitlines()) == 2


def test_a_number_that_is_no_number_is_a_change() -> None:
    drop_triggers()
    spoil(entry(a_stream(), 3), "seq", "'three'")
    assert Fault(STREAM, 3, "missing") in verification.faults()
    assert Fault(STREAM, 0, "changed") in verification.faults()


def test_text_is_read_as_text_again_afterwards() -> None:
    verification.faults()
    assert connection.connection.text_factory is str
    assert json.loads(entry(a_stream(1), 1).payload_json)["name"] == "值班长0"
