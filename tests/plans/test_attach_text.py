"""The operator's own copy of an official text beside a plan."""

import io
from datetime import UTC, datetime, timedelta

import pytest
from django.core.management import CommandError, call_command

from plans import registry, texts
from plans.actions import texts as text_actions
from plans.actions import versions
from plans.models import OfficialText
from shuozhou_ops.errors import BadInput, Conflict
from shuozhou_ops.journal import readers, verification
from shuozhou_ops.journal.actors import SYSTEM

from . import small_plan
from .small_text import TEXT, plan

NOON = datetime(2026, 11, 24, 4, tzinfo=UTC)
pytestmark = [pytest.mark.django_db, pytest.mark.both]


@pytest.fixture(autouse=True)
def _loaded():
    versions.load(plan(), actor=SYSTEM, at=NOON)


def attach(data: bytes | str = TEXT, key: str = "flood", file_name: str = "flood.txt") -> OfficialText:
    raw = data.encode() if isinstance(data, str) else data
    return text_actions.attach(key, raw, file_name=file_name, actor=SYSTEM, at=NOON + timedelta(hours=1))


def verbs() -> list[str]:
    return [entry.verb for entry in readers.stream("plan/flood")]


def shown() -> OfficialText | None:
    return texts.attached("flood", registry.in_force("flood"))


def test_it_stands_beside_the_plan_and_the_stream_says_so():
    row = attach()
    assert shown() == row
    assert row.text.startswith("关于印发")
    entry = readers.stream("plan/flood")[-1]
    assert (entry.verb, entry.payload["sha256"], entry.payload["replaces"]) == ("plan.text_attached", row.sha256, None)
    assert "洪水" not in entry.set_json
    assert verification.faults() == []


def test_the_same_again_changes_nothing_whatever_its_line_ends():
    row = attach()
    assert attach(b"\xef\xbb\xbf" + TEXT.replace("\n", "\r\n").encode()) == row
    assert verbs() == ["plan.loaded", "plan.text_attached"]


def test_another_text_takes_its_place_and_the_first_stays():
    first = attach()
    second = attach(TEXT.replace("洪水", "大水"), file_name="第二份\x00.md")
    assert shown() == second
    assert second.file_name == "第二份.md"
    assert readers.stream("plan/flood")[-1].payload["replaces"] == first.sha256
    assert OfficialText.objects.get(pk=first.pk).text.count("洪水") == TEXT.count("洪水")


def test_it_belongs_to_every_version_of_its_number():
    row = attach()
    versions.load(plan(version="v2"), actor=SYSTEM, at=NOON)
    assert shown() == row
    versions.load(plan(version="v3", document="试政办发〔2027〕1号"), actor=SYSTEM, at=NOON)
    assert shown() is None


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty"),
        (b" \r\n\t\n", "empty"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "not_text"),
        (TEXT.encode("gb18030"), "not_text"),
        (TEXT.encode() + b"\x00", "not_text"),
        (b"1" * (texts.MOST_BYTES + 1), "too_long"),
        ("别的文件。\n1 总则\n2.1 指挥部\n".encode(), "not_this_text"),
        (TEXT.replace("试政办发〔2026〕1号", "朔政办发〔2021〕 14 号").encode(), "other_plan"),
    ],
)
def test_what_is_no_text_of_this_plan_is_refused_and_nothing_changes(data, code):
    kept = attach()
    with pytest.raises(BadInput) as refused:
        attach(data)
    assert [(error.field, error.code) for error in refused.value.errors] == [("file", code)]
    assert shown() == kept
    assert verbs() == ["plan.loaded", "plan.text_attached"]


def test_a_text_without_its_number_is_taken():
    assert attach(TEXT.replace("试政办发〔2026〕1号", "")).number == "试政办发〔2026〕1号"


def test_the_words_follow_the_text_and_the_plan():
    old = texts.passages(attach(), registry.in_force("flood"))
    new = texts.passages(attach(TEXT.replace("转移群众", "转移老人")), registry.in_force("flood"))
    assert (old.found["5.1(2)"].text, new.found["5.1(2)"].text) == ("(2) 转移群众。", "(2) 转移老人。")


def test_a_plan_that_is_not_there():
    with pytest.raises(registry.UnknownPlan):
        attach(key="nowhere")


def test_a_plan_of_the_library_that_is_not_loaded(monkeypatch):
    monkeypatch.setattr(registry, "library_keys", lambda: ("snow",))
    monkeypatch.setattr(registry, "from_library", lambda key: small_plan.plan(plan="snow"))
    with pytest.raises(Conflict) as refused:
        attach(key="snow")
    assert refused.value.code == "not_loaded"


def test_the_command_says_how_much_was_found(tmp_path):
    path = tmp_path / "洪涝.txt"
    path.write_text(TEXT, encoding="utf-8")
    out = io.StringIO()
    call_command("plans", "attach-text", "flood", str(path), stdout=out)
    assert out.getvalue() == "25 处条款有原文\n1 处只能看上一级：5.7\n"
    path.write_bytes(b"\xff\xfe")
    for file in (path, tmp_path / "none", tmp_path):
        with pytest.raises(CommandError):
            call_command("plans", "attach-text", "flood", str(file), stdout=out)
    assert verbs() == ["plan.loaded", "plan.text_attached"]
