"""Whatever was done to the journal behind its back is found, and named by stream, seq and kind."""

import json
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shuozhou_ops.accounts.models import Position
from shuozhou_ops.journal import verification
from shuozhou_ops.journal.models import HASHED, Entry
from shuozhou_ops.journal.verification import Fault
from tests.journal.streams import (
    SQLITE_TRIGGERS,
    a_position,
    a_stream,
    drop_triggers,
    entry,
    exchange,
    rows,
    tamper,
    tear_out,
    write,
)

pytestmark = [pytest.mark.django_db, pytest.mark.both]
STREAM = "position/watch"


def found() -> list[tuple[str, int, str]]:
    """Every fault as a plain tuple."""
    return [(fault.stream, fault.seq, fault.kind) for fault in verification.faults()]


def flipped(value: Any) -> Any:
    """The value with one bit flipped in it; something where there was nothing."""
    if isinstance(value, int):
        return value ^ 64
    return chr(ord(value[0]) ^ 1) + value[1:] if value else "0"


def test_a_whole_journal_has_no_fault() -> None:
    a_stream()
    assert found() == []


@pytest.mark.parametrize("column", [*HASHED, "hash"])
def test_a_flipped_bit_in_any_column_is_found_and_named(column: str) -> None:
    drop_triggers()
    third = entry(a_stream(), 3)
    tamper(third, **{column: flipped(getattr(third, column))})
    if column == "stream":
        assert found() == [(STREAM, 3, "missing"), ("qosition/watch", 3, "changed")]
    elif column == "seq":
        assert found() == [(STREAM, 3, "missing"), (STREAM, 67, "changed")]
    else:
        assert found() == [(STREAM, 3, "changed")]


def test_a_changed_row_that_was_hashed_anew_is_found_and_only_that_one() -> None:
    for seq in (1, 3, 5):
        with transaction.atomic():
            drop_triggers()
            changed = entry(a_stream(), seq)
            changed.actor = "user/666"
            tamper(changed, actor=changed.actor, hash=changed.computed_hash())
            assert found() == [(STREAM, seq, "changed")]
            transaction.set_rollback(True)


def test_a_row_hashed_anew_onto_another_row_is_found() -> None:
    drop_triggers()
    changed = entry(a_stream(), 3)
    changed.prev_hash = "f" * 64
    tamper(changed, prev_hash=changed.prev_hash, hash=changed.computed_hash())
    assert found() == [(STREAM, 3, "changed")]


def test_a_first_row_that_pretends_to_have_one_before_it_is_found() -> None:
    drop_triggers()
    first = entry(a_stream(1), 1)
    first.prev_hash = "f" * 64
    tamper(first, prev_hash=first.prev_hash, hash=first.computed_hash())
    Position.objects.filter(key="watch").update(head_hash=first.computed_hash())
    assert found() == [(STREAM, 1, "changed")]


def test_a_missing_row_is_found() -> None:
    drop_triggers()
    tear_out(entry(a_stream(), 2))
    assert found() == [(STREAM, 2, "missing")]


def test_the_missing_first_row_is_found() -> None:
    drop_triggers()
    tear_out(entry(a_stream(), 1))
    assert found() == [(STREAM, 1, "missing")]


def test_a_cut_off_tail_is_found_at_its_first_lost_row() -> None:
    drop_triggers()
    a_stream()
    tear_out(entry(STREAM, 4), entry(STREAM, 5))
    assert found() == [(STREAM, 4, "cut off")]


def test_a_stream_that_is_gone_altogether_is_found() -> None:
    drop_triggers()
    a_stream()
    tear_out(*Entry.objects.filter(stream=STREAM))
    assert found() == [(STREAM, 1, "cut off")]


MOVED = [name for name in (*HASHED, "hash") if name not in ("stream", "seq")]
EXCHANGES = {
    "their places": ["seq"],
    "everything but the place": MOVED,
    "content and hash": [name for name in MOVED if name != "prev_hash"],
    "content": [name for name in MOVED if name not in ("prev_hash", "hash")],
}


@pytest.mark.parametrize("what", EXCHANGES)
@pytest.mark.parametrize("pair", [(2, 3), (1, 5)])
def test_two_rows_that_were_exchanged_are_found_and_named(what: str, pair: tuple[int, int]) -> None:
    drop_triggers()
    a_stream()
    exchange(entry(STREAM, pair[0]), entry(STREAM, pair[1]), *EXCHANGES[what])
    assert found() == [(STREAM, seq, "swapped") for seq in pair]


@pytest.mark.parametrize("seq", [0, 6, 9])
def test_an_added_row_is_found_even_where_it_fits(seq: int) -> None:
    a_stream()
    last = entry(STREAM, 5)
    added = Entry(**{name: getattr(last, name) for name in HASHED})
    added.seq, added.prev_hash = seq, last.hash
    added.hash = added.computed_hash()
    added.save(force_insert=True)
    assert found() == [(STREAM, seq, "changed")]


def test_entries_of_a_stream_that_nothing_carries_are_found() -> None:
    added = Entry(stream="position/nobody", seq=1, at="", recorded_at="", actor="", recorded_by="", verb="x")
    added.hash = added.computed_hash()
    added.save(force_insert=True)
    assert found() == [("position/nobody", 1, "changed")]


def test_a_head_that_was_changed_is_found() -> None:
    a_stream()
    carrier = Position.objects.filter(key="watch")
    carrier.update(head_hash="f" * 64)
    assert found() == [(STREAM, 5, "changed")]
    carrier.update(head_seq=4)
    assert (STREAM, 5, "changed") in found()
    carrier.update(head_seq=2**40)
    assert (STREAM, 6, "cut off") in found()


def test_a_place_far_away_is_named_at_once() -> None:
    """A number that was changed to an enormous one does not make verifying count up to it."""
    drop_triggers()
    a_stream()
    tamper(entry(STREAM, 5), seq=2**60)
    assert found() == [(STREAM, 5, "cut off"), (STREAM, 2**60, "changed")]


def test_faults_in_several_streams_are_all_named() -> None:
    drop_triggers()
    a_stream()
    tear_out(entry(STREAM, 2))
    other = Entry.objects.exclude(stream=STREAM).order_by("stream", "seq")[0]
    tamper(other, verb="nothing.happened")
    assert found() == sorted([(STREAM, 2, "missing"), (other.stream, other.seq, "changed")])


def test_a_stream_that_grows_while_it_is_read_is_no_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    position = a_position()
    write(position, 0)
    old = verification.heads()
    write(position, 1)
    monkeypatch.setattr(verification, "heads", lambda: old)
    assert found() == []


@given(data=st.data())
@settings(
    max_examples=40,
    deadline=None,
    database=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_any_single_mutation_is_found(data: st.DataObject) -> None:
    """One column of one row to any other value, in any stream, or one row gone: never unnoticed."""
    with transaction.atomic():
        if not Position.objects.filter(key="watch").exists():
            a_stream(4)
        drop_triggers()
        seq = data.draw(st.integers(1, 4))
        row = entry(STREAM, seq)
        what = data.draw(st.sampled_from([*HASHED, "hash", "the row"]))
        if what == "the row":
            tear_out(row)
        else:
            old = getattr(row, what)
            text = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=60)
            new = {"seq": st.integers(0, 2**62), "v": st.integers(0, 2**15 - 1)}.get(what, text)
            taken = list(range(1, 5)) if what == "seq" else [old]
            tamper(row, **{what: data.draw(new.filter(lambda value: value not in taken))})
        assert any(fault.seq == seq or fault.stream != STREAM for fault in verification.faults())
        transaction.set_rollback(True)


def test_the_command_is_silent_but_for_one_line_and_ends_well_where_all_is_whole() -> None:
    a_stream()
    out = StringIO()
    call_command("journal", "verify", stdout=out)
    assert out.getvalue().splitlines() == ["日志完整 / the journal is whole"]
    out = StringIO()
    call_command("journal", "verify", "--json", stdout=out)
    assert out.getvalue() == ""


def test_the_command_prints_a_line_a_fault_and_ends_with_one() -> None:
    drop_triggers()
    a_stream()
    tear_out(entry(STREAM, 2))
    tamper(entry(STREAM, 4), actor="user/2")
    plain, as_json = StringIO(), StringIO()
    for out, options in ((plain, []), (as_json, ["--json"])):
        with pytest.raises(SystemExit) as ended:
            call_command("journal", "verify", *options, stdout=out)
        assert ended.value.code == 1
    assert plain.getvalue().splitlines() == [f"{STREAM}\t2\tmissing", f"{STREAM}\t4\tchanged"]
    assert [Fault(**json.loads(line)) for line in as_json.getvalue().splitlines()] == verification.faults()


def test_the_guards_are_back_after_a_test_that_took_them_away() -> None:
    """What the other tests here stand on: taking the triggers away is undone with the test."""
    if connection.vendor == "sqlite":
        query = "SELECT count(*) FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'journal_entry'"
    else:
        query = "SELECT count(*) FROM pg_trigger WHERE tgname = 'journal_entry_append_only'"
    with connection.cursor() as cursor:
        cursor.execute(query)
        assert cursor.fetchone() == (len(SQLITE_TRIGGERS) if connection.vendor == "sqlite" else 1,)
    assert rows(STREAM) == []
