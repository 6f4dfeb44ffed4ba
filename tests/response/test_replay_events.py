"""Real earthquakes through the whole life; what counts is what stands in the tables afterwards."""

import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command

from response.models import Deployment, Incident, LevelDecision, Paper, Task
from shuozhou_ops.journal import verification
from tests.cast import EARTHQUAKE

pytestmark = [pytest.mark.django_db, pytest.mark.both]
EVENTS = [json.loads(line) for line in (Path(__file__).parents[1] / "data" / "incidents.jsonl").open(encoding="utf-8")]
EARTHQUAKES = [event for event in EVENTS if event["plan"] == EARTHQUAKE]


def replay(path: Path, events: list[dict]) -> tuple[int, list[list[str]]]:
    """The exit status and the printed lines, split."""
    path.write_text("".join(json.dumps(event) + "\n" for event in events), encoding="utf-8")
    out, status = StringIO(), 0
    try:
        call_command("replay", str(path), stdout=out, stderr=StringIO())
    except SystemExit as leaving:
        status = int(leaving.code or 0)
    return status, [line.split("\t") for line in out.getvalue().splitlines()]


def test_every_event_ends_closed_with_the_levels_its_steps_expect(tmp_path: Path) -> None:
    status, lines = replay(tmp_path / "events.jsonl", EVENTS)
    assert status == 0
    assert len(lines) == sum(len(event.get("timeline", [event])) for event in EVENTS)
    for event in EVENTS:
        incident = Incident.objects.get(replay_of=event["id"])
        assert (incident.status, incident.level) == ("closed", None)
        assert incident.grade == event["expected_grade"]
        decided = LevelDecision.objects.filter(incident=incident, status="approved").exclude(kind="end")
        expected = [step["expected_level"] for step in event.get("timeline", [event])]
        if not any(expected):
            expected = [event["expected_level"]]  # what no step reached the last known facts may
        changes = [level for place, level in enumerate(expected) if level and level != ([None, *expected])[place]]
        assert list(decided.values_list("to_level", flat=True)) == changes
        ended = LevelDecision.objects.filter(incident=incident, kind="end", status="approved").count()
        assert ended == (1 if changes else 0)
        assert not Deployment.objects.filter(incident=incident).exclude(status="released").exists()
        assert not Task.objects.filter(
            incident=incident, phase="response", status__in=["assigned", "accepted"]
        ).exists()
        assert not Paper.objects.filter(incident=incident, status="owed").exists()
        assert Paper.objects.filter(incident=incident).exists() == bool(changes)
    assert verification.faults() == []


def test_a_withdrawn_fact_is_unknown_again(tmp_path: Path) -> None:
    event = next(event for event in EARTHQUAKES if event["id"] == "eq-ludian-2014")
    replay(tmp_path / "events.jsonl", [event])
    incident = Incident.objects.get(replay_of=event["id"])
    values = list(incident.fact_reports.filter(name="missing").values_list("value", flat=True))
    assert values == [2, 181, None, 112]


def test_last_known_facts_start_the_response_that_no_step_reached(tmp_path: Path) -> None:
    steps = [{"at": "2020-01-01T08:00", "facts": {"magnitude": 3}, "expected_grade": None, "expected_level": None}]
    last = {"facts": {"magnitude": 5.2, "density": "populated"}, "expected_grade": 3, "expected_level": 3}
    event = {**EARTHQUAKES[0], "id": "late", "timeline": steps, **last}
    assert replay(tmp_path / "events.jsonl", [event])[0] == 0
    incident = Incident.objects.get(replay_of="late")
    decided = LevelDecision.objects.filter(incident=incident, status="approved").order_by("pk")
    assert list(decided.values_list("kind", "to_level")) == [("start", 3), ("end", None)]
    assert (incident.status, incident.grade) == ("closed", 3)


def test_the_cast_was_there_before_the_oldest_event(tmp_path: Path) -> None:
    oldest = min(EVENTS, key=lambda event: event["date"])
    event = {**EARTHQUAKES[0], "id": "oldest", "date": oldest["date"]}
    status, lines = replay(tmp_path / "events.jsonl", [event])
    assert (status, lines[0][-1]) == (0, "ok")


def test_a_second_replay_of_the_same_event_is_refused(tmp_path: Path) -> None:
    event = EARTHQUAKES[0]
    assert replay(tmp_path / "events.jsonl", [event])[0] == 0
    status, lines = replay(tmp_path / "events.jsonl", [event])
    assert status == 1
    assert "refused" in lines[0][-1]
    assert Incident.objects.filter(replay_of=event["id"]).count() == 1


def test_a_difference_is_said_and_the_exit_status_tells(tmp_path: Path) -> None:
    event = {**EARTHQUAKES[0], "id": "made-up", "expected_level": 4}
    status, lines = replay(tmp_path / "events.jsonl", [event])
    assert status == 1
    assert "differs" in lines[0][-1]


@pytest.mark.parametrize(
    "line",
    [
        "not json",
        "[1, 2]",
        '{"id": "x"}',
        "[" * 100_000,
        b"\xff",
        '{"id": "x", "plan": "no_such", "date": "2020-01-01", "facts": {}, "name": "x"}',
    ],
)
def test_a_line_that_is_no_event_is_said(tmp_path: Path, line: str | bytes) -> None:
    path = tmp_path / "events.jsonl"
    path.write_bytes((line if isinstance(line, bytes) else line.encode()) + b"\n")
    out = StringIO()
    with pytest.raises(SystemExit):
        call_command("replay", str(path), stdout=out, stderr=StringIO())
    assert len(out.getvalue().splitlines()) == 1
    assert Incident.objects.count() == 0


def test_an_event_with_a_bad_step_is_not_begun(tmp_path: Path) -> None:
    steps = [{"at": "2020-01-01T08:00", "facts": facts} for facts in ({"magnitude": 5.2}, {"wind": 9})]
    bad = {**EARTHQUAKES[0], "id": "half", "timeline": steps}
    status, lines = replay(tmp_path / "events.jsonl", [bad])
    assert (status, len(lines), Incident.objects.count()) == (1, 1, 0)
    assert lines[0][-1].startswith("refused")
