"""An entry is written with what it tells of, in order, with nobody's telephone number in it."""

import json
from datetime import datetime, timedelta, timezone
from decimal import Decimal

import pytest
from django.db import connection, transaction

from response.actions import incidents
from response.actions.incidents import Call
from response.models import Incident
from shuozhou_ops import clock
from shuozhou_ops.accounts.models import Position
from shuozhou_ops.journal import readers, record
from shuozhou_ops.journal.actors import Actor
from shuozhou_ops.journal.models import Entry
from tests.cast import NOON, minutes, person
from tests.journal.streams import WRITER, a_position, a_stream, write

pytestmark = [pytest.mark.django_db, pytest.mark.both]


def test_the_entries_of_a_stream_are_numbered_and_chained() -> None:
    stream = a_stream(3)
    first, second, third = readers.stream(stream)
    assert [entry.seq for entry in (first, second, third)] == [1, 2, 3]
    assert (first.prev_hash, second.prev_hash, third.prev_hash) == ("", first.hash, second.hash)
    carrier = Position.objects.get(key="watch")
    assert (carrier.head_seq, carrier.head_hash) == (3, third.hash)


def test_a_stale_row_in_memory_does_not_break_the_chain() -> None:
    position = a_position()
    with transaction.atomic():
        for _ in range(3):
            stale = Position(pk=position.pk, key=position.key)
            record.append(stale, "position.seen", record.Changes(), actor=WRITER, at=NOON)
    assert [entry.seq for entry in readers.stream(position.stream)] == [1, 2, 3]


@pytest.mark.django_db(transaction=True)
def test_an_entry_outside_a_transaction_is_refused() -> None:
    position = a_position()
    assert not connection.in_atomic_block
    with pytest.raises(RuntimeError):
        record.append(position, "position.seen", record.Changes(), actor=WRITER, at=NOON)
    assert readers.stream(position.stream) == []


def test_reading_goes_on_after_a_number() -> None:
    assert [entry.seq for entry in readers.stream(a_stream(5), after=3)] == [4, 5]


def test_it_knows_when_it_happened_and_when_it_was_written_and_by_whom() -> None:
    position, writer = a_position(), Actor(ref="user/7", name="记录员")
    with transaction.atomic(), clock.at(minutes(30)):
        told = record.append(
            position, "position.seen", record.Changes(), actor=WRITER, at=minutes(10), recorded_by=writer
        )
    assert (told.happened_at, told.written_at) == (minutes(10), minutes(30))
    assert (told.actor, told.recorded_by) == (WRITER.ref, "user/7")
    assert told.payload["by"]["name"] == WRITER.name
    assert told.payload["recorded_by"]["name"] == "记录员"


def test_moments_are_spelled_in_one_way_whatever_their_zone() -> None:
    assert record.spell(datetime(2026, 11, 24, 12, 0, tzinfo=timezone(timedelta(hours=8)))) == record.spell(NOON)
    assert record.spell(NOON) == "2026-11-24T04:00:00.000000Z"


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_what_is_no_json_is_never_written(value: float) -> None:
    position = a_position()
    with pytest.raises(ValueError, match="JSON"), transaction.atomic():
        record.append(position, "position.seen", record.Changes(), actor=WRITER, at=NOON, payload={"figure": value})
    assert readers.stream(position.stream) == []


def test_personal_data_is_sealed_and_found_nowhere_in_the_chain() -> None:
    call = Call(
        plan="earthquake", place="应县", source="call", caller_name="钱某某", caller_phone="13900001234", words="晃"
    )
    incident = incidents.log(call, actor=person("desk"), at=NOON)
    chain = json.dumps(list(Entry.objects.values()), ensure_ascii=False)
    assert "钱某某" not in chain
    assert "13900001234" not in chain
    state = readers.fold(readers.stream(incident.stream))[record.thing(incident)]
    assert state["caller_phone"] == record.seal("13900001234")
    assert Incident.objects.get(pk=incident.pk).caller_phone == "13900001234"


def test_a_number_is_recorded_as_it_is_stored() -> None:
    call = Call(
        plan="earthquake", place="应县", source="call", latitude=Decimal("39.5"), longitude=Decimal("113.123456")
    )
    incident = incidents.log(call, actor=person("desk"), at=NOON)
    state = readers.fold(readers.stream(incident.stream))[record.thing(incident)]
    stored = Incident.objects.get(pk=incident.pk)
    assert (state["latitude"], state["longitude"]) == (str(stored.latitude), str(stored.longitude))
    assert (state["latitude"], state["longitude"]) == ("39.50000", "113.12346")


def test_the_state_is_one_merge_of_the_entries() -> None:
    position = a_position()
    for place in range(3):
        write(position, place)
    state = readers.fold(readers.stream(position.stream))
    assert state[record.thing(position)] == {"name": "值班长2"}
