"""The three ways to ask what a plan says of facts, the API, the command line and its bulk form, answer alike."""

import io
import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client

from plans import registry
from plans.assessment import assess

from . import reviewed

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("key", registry.library_keys())
def test_every_reviewed_case_is_answered_alike(key: str, client: Client, tmp_path: Path) -> None:
    cases = [case["facts"] for case in reviewed.of(reviewed.CASES, key)]
    file = tmp_path / "cases.jsonl"
    file.write_text("".join(json.dumps({"plan": key, "facts": facts}) + "\n" for facts in cases), encoding="utf-8")
    for facts, in_bulk in zip(cases, _command("--jsonl", str(file)), strict=True):
        (alone,) = _command(key, *(f"{name}={json.dumps(value)}" for name, value in facts.items()))
        expected = assess(registry.from_library(key), facts).as_json()
        assert (alone, in_bulk, _post(client, key, facts)) == (expected,) * 3, facts


def _command(*arguments: str) -> list[dict[str, Any]]:
    out = io.StringIO()
    call_command("assess", *arguments, stdout=out)
    return [json.loads(line) for line in out.getvalue().splitlines()]


def _post(client: Client, key: str, facts: dict[str, Any]) -> dict[str, Any]:
    page = client.post(f"/api/v1/plans/{key}/assess", {"facts": facts}, content_type="application/json")
    assert page.status_code == 200
    return json.loads(page.content)
