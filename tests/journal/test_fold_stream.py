"""An exported stream is verified and folded by its text alone, by plain Python beside the system."""

import json
import subprocess
import sys
from collections.abc import Callable
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction

from shuozhou_ops.journal import folding, readers, record
from shuozhou_ops.journal.folding import Record
from tests.cast import NOON, a_response, an_ended
from tests.journal.streams import WRITER, a_position, a_stream

pytestmark = [pytest.mark.django_db, pytest.mark.both]
ROOT = Path(__file__).resolve().parent.parent.parent
SCRIPT = ROOT / "shuozhou_ops" / "journal" / "folding.py"


def an_export(length: int = 4) -> list[Record]:
    """The exported entries of a small stream."""
    return folding.read(readers.exported(a_stream(length)))


def export_to(folder: Path, stream: str) -> Path:
    """What the command writes, in a file."""
    out, file = StringIO(), folder / "stream.jsonl"
    call_command("journal", "export", stream, stdout=out)
    file.write_text(out.getvalue(), encoding="utf-8")
    return file


def alone(*arguments: str) -> subprocess.CompletedProcess[str]:
    """The script run by a Python that has neither Django nor any of ours on its path."""
    command = [sys.executable, "-I", "-S", str(SCRIPT), *arguments]
    return subprocess.run(command, cwd="/", env={"PYTHONUTF8": "1"}, capture_output=True, text=True, check=False)


def test_a_whole_stream_has_no_fault_and_says_the_state_after_every_entry() -> None:
    records = an_export(4)
    assert folding.faults(records) == []
    for seq in range(1, 5):
        (values,) = folding.state_of(records, at=seq).values()
        assert values == {"name": f"值班长{seq - 1}"}


BREAKS: dict[str, Callable[[list[Record]], object]] = {
    "changed": lambda records: records[1].update(actor="user/9"),
    "missing": lambda records: records.pop(1),
    "without its beginning": lambda records: records.pop(0),
    "twice": lambda records: records.insert(1, records[1]),
    "swapped": lambda records: records.reverse(),
    "of another stream": lambda records: records[2].update(stream="position/other"),
    "hashed anew": lambda records: records[1].update(
        verb="x.done", hash=folding.digest([(records[1] | {"verb": "x.done"})[name] for name in folding.HASHED])
    ),
}


@pytest.mark.parametrize("what", BREAKS)
def test_a_broken_stream_is_known_by_its_text_alone(what: str) -> None:
    records = an_export(4)
    BREAKS[what](records)
    assert folding.faults(records)


@pytest.mark.parametrize("line", ["{", "[]", '"text"', '{"seq": 1}'])
def test_what_is_no_entry_is_named_by_its_line(line: str) -> None:
    with pytest.raises(ValueError, match="line 3 is no"):
        folding.read([*readers.exported(a_stream(2)), line])


def test_one_changed_value_in_one_entry_breaks_the_chain_and_makes_another_state() -> None:
    incident = a_response(3)
    lines = readers.exported(incident.stream)
    whole = folding.read(lines)
    assert folding.faults(whole) == []
    for place, told in enumerate(whole):
        things = json.loads(told["set_json"])
        for thing in {name.partition("/")[0]: name for name in things}.values():  # one of each kind
            field = next(iter(things[thing]))
            forged = list(whole)
            forged[place] = told | {"set_json": json.dumps(things | {thing: things[thing] | {field: "something else"}})}
            assert any("has been changed" in fault for fault in folding.faults(forged))
            before, after = (folding.state_of(records, at=told["seq"]) for records in (whole, forged))
            assert [line.partition(":")[0] for line in folding.differences(after, before)] == [f"{thing}.{field}"]


def test_differences_tell_apart_what_is_nearly_the_same() -> None:
    for one, other in ((1, True), (0, False), (1, 1.0), ("1", 1), (None, ""), ([], {})):
        assert folding.differences({"task/1": {"x": one}}, {"task/1": {"x": other}})
    assert folding.differences({"task/1": {"x": {"b": 1, "a": 2}}}, {"task/1": {"x": {"a": 2, "b": 1}}}) == []
    assert folding.differences({"task/1": {}}, {}) == ["task/1 is in no table"]
    assert folding.differences({}, {"task/1": {}}) == ["task/1 is in no entry"]


def test_the_script_alone_gives_the_state_of_an_exported_incident(tmp_path: Path) -> None:
    incident = an_ended(3)
    file = export_to(tmp_path, incident.stream)
    told = alone(str(file))
    assert (told.returncode, told.stderr) == (0, "")
    state = json.loads(told.stdout)
    assert state[f"incident/{incident.pk}"]["status"] == "ended"
    assert state == readers.fold(readers.stream(incident.stream))
    earlier = json.loads(alone(str(file), "--at", "1").stdout)
    assert earlier[f"incident/{incident.pk}"]["status"] == "reported"


def test_the_script_and_the_command_refuse_a_broken_file(tmp_path: Path) -> None:
    file = export_to(tmp_path, a_stream(3))
    lines = file.read_text(encoding="utf-8").split("\n")
    file.write_text("\n".join([lines[0], lines[1].replace("值班长1", "值班长9"), *lines[2:]]), encoding="utf-8")
    told = alone(str(file))
    assert told.returncode == 1
    assert told.stderr.splitlines() == ["position/watch#2 has been changed"]
    with pytest.raises(SystemExit) as ended:
        call_command("journal", "fold", str(file))
    assert ended.value.code == 1
    file.write_text("no entry", encoding="utf-8")
    assert alone(str(file)).returncode == 2
    assert alone(str(tmp_path / "nothing")).returncode == 2


def test_words_with_other_line_ends_stay_one_line_an_entry(tmp_path: Path) -> None:
    name = "值班长\u2028一\x85二\x0b三\r\n四"
    position = a_position()
    with transaction.atomic():
        position.name = name
        changes = record.Changes()
        changes.update(position, "name")
        record.append(position, "position.renamed", changes, actor=WRITER, at=NOON, payload={"name": name})
    told = alone(str(export_to(tmp_path, position.stream)))
    assert (told.returncode, told.stderr) == (0, "")
    assert json.loads(told.stdout) == {f"position/{position.pk}": {"name": name}}


def test_a_stream_that_is_not_there_is_said() -> None:
    with pytest.raises(CommandError, match="incident/nothing"):
        call_command("journal", "export", "incident/nothing", stdout=StringIO())
