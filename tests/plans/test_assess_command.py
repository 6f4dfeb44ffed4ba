"""`manage.py assess`, one event and many."""

import io
import json
import os
import re
import subprocess
import sys

import pytest
from django.core.management import CommandError, call_command

from plans import registry
from tests.server import ROOT

pytestmark = pytest.mark.django_db


def run(*args: str) -> tuple[list[dict], int]:
    """The lines of the command, and its exit status."""
    out, status = io.StringIO(), 0
    try:
        call_command("assess", *args, stdout=out)
    except SystemExit as left:
        status = int(str(left.code))
    except CommandError as error:
        status = error.returncode
    return [json.loads(line) for line in out.getvalue().splitlines()], status


def test_values_are_json_else_text():
    (answer,), status = run("earthquake", "magnitude=5.2", "density=dense", "deaths=8.0", "missing=null")
    assert (answer["level"], answer["grade"], status) == (2, 2, 0)


def test_a_bad_fact_stands_in_the_answers_place():
    (answer,), status = run("earthquake", "magnitude=abc")
    assert (answer["error"]["fact"], answer["error"]["code"], status) == ("magnitude", "wrong_type", 1)
    (answer,), status = run("earthquake", "magnitude=NaN")
    assert (answer["error"]["code"], status) == ("not_finite", 1)


@pytest.mark.parametrize(
    "args", [[], ["nowhere"], ["earthquake", "magnitude"], ["earthquake", "=5"], ["earthquake", "--jsonl", "x"]]
)
def test_wrong_usage_is_2(args):
    assert run(*args) == ([], 2)


def test_a_file_that_is_not_there_is_wrong_usage(tmp_path):
    assert run("--jsonl", str(tmp_path / "none.jsonl")) == ([], 2)


def test_many_keep_their_order_and_skip_blank_lines(tmp_path):
    lines = [
        {"plan": "earthquake", "facts": {"magnitude": 4}},
        None,
        {"plan": "earthquake", "facts": {"wind": 1, "magnitude": "x"}},
        {"plan": "nowhere", "facts": {}},
        {"facts": {}},
        {"plan": "earthquake"},
        [],
        {"plan": "earthquake", "facts": {"magnitude": 7}},
    ]
    path = tmp_path / "events.jsonl"
    text = "\n".join("" if line is None else json.dumps(line) for line in lines) + "\n{not json\n"
    path.write_text(text, encoding="utf-8")
    answers, status = run("--jsonl", str(path))
    assert status == 1
    assert [answers[0]["level"], answers[6]["level"]] == [4, 1]
    found = [answer["error"]["fact"] for answer in answers if "error" in answer]
    assert found == ["wind", None, None, None, None, None]
    assert len(answers) == 8


def test_a_number_of_any_length_names_its_fact(tmp_path):
    digits = "9" * 5000
    (answer,), status = run("earthquake", f"magnitude={digits}")
    assert (answer["error"]["fact"], answer["error"]["code"], status) == ("magnitude", "not_finite", 1)
    path = tmp_path / "events.jsonl"
    path.write_text('{"plan": "earthquake", "facts": {"deaths": -' + digits + "}}", encoding="utf-8")
    assert run("--jsonl", str(path))[0] == [
        {"error": {"fact": "deaths", "code": "not_finite", "message": "死亡人数（deaths）：应是有限的数。"}}
    ]


def test_a_reader_that_goes_away_leaves_no_traceback(tmp_path):
    path = tmp_path / "events.jsonl"
    path.write_text('{"plan": "earthquake", "facts": {}}\n' * 2000, encoding="utf-8")
    command = [sys.executable, "manage.py", "assess", "--jsonl", str(path)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as running:
        assert running.stdout
        assert running.stderr
        running.stdout.readline()
        running.stdout.close()
        assert running.stderr.read() == b""


def test_answers_are_utf_8_whatever_the_locale_says():
    locale = {**os.environ, "LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0", "PYTHONIOENCODING": "gbk"}
    for arguments in (["assess", "earthquake", "magnitude=5.2"], ["plans", "show", "nothing"]):
        command = [sys.executable, "manage.py", *arguments]
        ended = subprocess.run(command, cwd=ROOT, env=locale, capture_output=True, check=False)
        assert {"附件3", "预案"} & set(re.findall("附件3|预案", (ended.stdout + ended.stderr).decode("utf-8")))


def test_standard_input(monkeypatch):
    line = json.dumps({"plan": "earthquake", "facts": {"magnitude": 6}}).encode()
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"\n" + line + b"\n")))
    (answer,), status = run("--jsonl", "-")
    assert (answer["level"], status) == (2, 0)


@pytest.mark.parametrize("line", ["\\ud800", "[" * 100_000, "1" * 5000, '{"plan": "\\ud800"}', '{"plan": "a\\u0000"}'])
def test_no_line_brings_it_down(tmp_path, line):
    path = tmp_path / "events.jsonl"
    path.write_text(line + '\n{"plan": "earthquake", "facts": {"magnitude": 7}}', encoding="utf-8")
    answers, status = run("--jsonl", str(path))
    assert (answers[0]["error"]["fact"], answers[1]["level"], status) == (None, 1, 1)


def test_many_ask_the_database_once_a_plan(tmp_path, django_assert_num_queries):
    path = tmp_path / "events.jsonl"
    path.write_text('{"plan": "earthquake", "facts": {}}\n' * 20, encoding="utf-8")
    registry.in_force("earthquake")
    with django_assert_num_queries(1):
        run("--jsonl", str(path))
