"""The tables of an incident are declared whole, and compared with what its journal says; nothing slips past either."""

import json
from collections import Counter
from io import StringIO

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import models, transaction

from response.models import DecisionStep, FactReport, Incident, IncidentNumber, Task
from response.tables import OF_INCIDENT
from shuozhou_ops.deadlines.models import Deadline
from shuozhou_ops.journal import readers, record, tables
from shuozhou_ops.notices.models import Notice
from tests import folded
from tests.cast import NOON, a_response, an_earthquake, an_ended, minutes, person
from tests.journal.streams import drop_triggers, entry, tamper

pytestmark = [pytest.mark.django_db, pytest.mark.both]
ON_PURPOSE = pytest.mark.unfolded("changes a row past the journal, to see that it is found")
COUNTERS = {IncidentNumber}  # of no incident: the last number given in a year


def leads_to_incident(model: type[models.Model], seen: frozenset[type[models.Model]] = frozenset()) -> bool:
    """Whether a row of this model belongs to an incident, over however many foreign keys."""
    if model is Incident:
        return True
    targets = {field.related_model for field in model._meta.concrete_fields if field.is_relation}
    return any(leads_to_incident(target, seen | {model}) for target in targets - seen - {model})


def test_every_model_with_a_way_to_an_incident_is_declared() -> None:
    of_incident = {model for model in apps.get_models() if leads_to_incident(model)}
    assert of_incident | {Notice, Deadline} == {table.model for table in OF_INCIDENT}


def test_every_model_of_the_app_is_declared_or_known_to_belong_to_no_incident() -> None:
    assert set(apps.get_app_config("response").get_models()) - COUNTERS <= {table.model for table in OF_INCIDENT}


def test_a_seal_or_a_left_out_field_names_a_field_there_is() -> None:
    for table in OF_INCIDENT:
        names = {field.name for field in table.model._meta.concrete_fields}
        assert names.issuperset(getattr(table.model, "SEALED", ()))
        assert names.issuperset(getattr(table.model, "UNJOURNALED", ()))


def test_every_row_is_found_whose_it_is() -> None:
    one, other = a_response(3), an_ended(4)
    states = tables.states([one, other])
    assert tables.states([one]) == {one.stream: states[one.stream]}
    assert {row.stream: folded._state(folded._raw(row)) for row in (one, other)} == states
    named = [name for state in states.values() for name in state]
    assert len(named) == len(set(named))
    kinds = {name.partition("/")[0] for name in states[one.stream]}
    assert {"incident", "task", "deploymentseat", "decisionstep", "notice", "deadline"} <= kinds


def test_the_reading_costs_as_many_queries_as_there_are_tables(django_assert_num_queries: object) -> None:
    incidents = [a_response(3), an_earthquake(), an_ended(4)]
    with django_assert_num_queries(len(OF_INCIDENT)):  # type: ignore[operator]
        tables.states(incidents)


CHANGED = [
    (Incident, {"place": "别处"}),
    (Incident, {"caller_phone": "13900000000"}),
    (Task, {"unit": None}),
    (DecisionStep, {"note": "另一种说法"}),
    (FactReport, {"value": 5.3}),
    (Notice, {"received_at": NOON}),
    (Deadline, {"state": "met"}),
    (Deadline, {"subject": "task/0"}),
]


@ON_PURPOSE
@pytest.mark.parametrize(("model", "change"), CHANGED)
def test_a_row_that_is_changed_past_the_journal_is_named(model: type[models.Model], change: dict[str, object]) -> None:
    incident = a_response(3)
    assert (folded.faults(), tables.differences()) == ([], [])
    row = model._default_manager.exclude(**change).latest("pk")
    model._default_manager.filter(pk=row.pk).update(**change)
    (said,) = folded.faults()
    assert f"{incident.stream}: {record.thing(row)}" in said
    assert [f"{item.stream}: {item.words}" for item in tables.differences()] == [said]


@ON_PURPOSE
def test_a_row_that_is_made_past_the_journal_is_named() -> None:
    incident = an_earthquake()
    row = FactReport.objects.create(
        incident=incident, name="deaths", value=9, source="x", observed_at=NOON, told_at=NOON
    )
    assert [item.words for item in tables.differences()] == [f"{record.thing(row)} is in no entry"]


@ON_PURPOSE
def test_a_row_that_is_changed_after_its_entry_is_missed_at_that_moment() -> None:
    """What the random moment is for: at the end the next entry may have made it good."""
    incident = an_earthquake()
    with transaction.atomic():
        entry_now = record.append(incident, "incident.seen", record.Changes(), actor=person("desk"), at=NOON)
        Incident.objects.filter(pk=incident.pk).update(place="别处")
        moment = folded.Moment(entry_now.seq, entry_now.hash, folded._raw(incident))
        changes = record.Changes()
        late = Incident.objects.get(pk=incident.pk)
        changes.update(late, "place")
        record.append(incident, "incident.moved", changes, actor=person("desk"), at=NOON)
    assert folded.faults() == []
    (said,) = folded.faults({incident.stream: moment})
    assert f"at seq {entry_now.seq}: incident/{incident.pk}.place" in said


@ON_PURPOSE
def test_an_entry_that_says_something_else_is_found_by_chain_and_by_state() -> None:
    drop_triggers()
    incident = a_response(3)
    changed = entry(incident.stream, 2)
    tamper(changed, set_json=changed.set_json.replace('"level":3', '"level":2'))
    said = folded.faults()
    assert any("#2 has been changed" in line for line in said)
    assert any(f"incident/{incident.pk}.level: 2 by the journal, 3 in the table" in line for line in said)


def test_a_moment_is_kept_of_every_incident() -> None:
    one, other = an_earthquake(), an_earthquake()
    watch = folded._watch
    assert watch is not None
    assert watch.written == {one.stream: 1, other.stream: 1}
    for incident in (one, other):
        assert watch.moments[incident.stream].state == readers.fold(readers.stream(incident.stream))


def test_each_entry_has_the_same_chance_to_be_the_moment() -> None:
    first = entry(an_earthquake().stream, 1)
    kept: Counter[int] = Counter()
    for seed in range(90):
        watch = folded.Watch(f"{seed}")
        for seq in (1, 2, 3):
            first.seq = seq
            watch.note(first)
        kept[watch.moments[first.stream].seq] += 1
    assert min(kept[seq] for seq in (1, 2, 3)) > 12


def test_the_command_compares_with_the_tables() -> None:
    a_response(3)
    out = StringIO()
    call_command("journal", "verify", "--tables", stdout=out)
    assert len(out.getvalue().splitlines()) == 2


@ON_PURPOSE
def test_the_command_names_each_difference() -> None:
    incident = a_response(3)
    Incident.objects.filter(pk=incident.pk).update(place="别处", ended_at=minutes(3))
    said = []
    for options in ([], ["--json"]):
        out = StringIO()
        with pytest.raises(SystemExit) as ended:
            call_command("journal", "verify", "--tables", *options, stdout=out)
        assert ended.value.code == 1
        said.append(out.getvalue().splitlines())
    assert [line.partition("\t")[0] for line in said[0]] == [incident.stream] * 2
    assert [line.partition("\t")[2] for line in said[0]] == [json.loads(line)["words"] for line in said[1]]
    assert f"incident/{incident.pk}.ended_at" in said[0][0]
    call_command("journal", "verify", stdout=StringIO())
