"""Versions in the database: what is in force, what is refused, whom loading creates."""

import io
import json
from datetime import UTC, datetime

import pytest
import yaml
from django.core.management import CommandError, call_command

from plans import organisations, registry, showing
from plans.actions import versions
from plans.models import PlanVersion
from shuozhou_ops.accounts.models import Organisation, Position
from shuozhou_ops.errors import Conflict
from shuozhou_ops.journal import readers
from shuozhou_ops.journal.actors import SYSTEM

from .small_plan import plan, tree

NOON = datetime(2026, 11, 24, 4, tzinfo=UTC)
pytestmark = [pytest.mark.django_db, pytest.mark.both]


def load(**changes) -> PlanVersion:
    """Load the small plan, changed."""
    return versions.load(plan(**changes), actor=SYSTEM, at=NOON)


def test_a_loaded_plan_is_in_force_and_its_stream_says_so():
    version = load()
    assert registry.in_force("flood") == plan()
    assert registry.version_in_force("flood") == version
    assert "flood" in {document.plan for document in registry.all_in_force()}
    assert [entry.verb for entry in readers.stream("plan/flood")] == ["plan.loaded"]


def test_the_version_loaded_last_is_in_force():
    load()
    load(version="v2", name="大洪涝")
    assert registry.in_force("flood").name == "大洪涝"
    assert registry.version_in_force("flood").version == "v2"
    assert registry.document_of(PlanVersion.objects.get(plan__key="flood", version="v1")).name == "洪涝"


def test_the_same_content_again_changes_nothing():
    first = load()
    load(version="v2")
    assert load() == first
    assert registry.version_in_force("flood").version == "v2"
    assert len(readers.stream("plan/flood")) == 2


def test_other_content_under_the_same_version_is_refused():
    load()
    with pytest.raises(Conflict) as refused:
        load(name="大洪涝")
    assert refused.value.code == "version_differs"
    assert registry.in_force("flood").name == "洪涝"


def test_units_that_nobody_knows_are_created_without_a_holder():
    load()
    unit = Organisation.objects.get(name="市防汛办")
    assert unit.key == organisations.made_key("市防汛办")
    assert Position.objects.filter(organisation=unit, appointments=None).count() == 2
    assert Organisation.objects.filter(key="yingxian", is_county=True).exists()
    assert not Organisation.objects.filter(name="驻军").exists()


def test_an_unknown_plan_is_none():
    for key in ("nowhere", "", "a\x00", "\ud800"):
        with pytest.raises(registry.UnknownPlan):
            registry.in_force(key)
    with pytest.raises(registry.UnknownPlan):
        registry.version_in_force("nowhere")


def run(*args) -> tuple[str, int]:
    """A subcommand's output and exit status."""
    out, status = io.StringIO(), 0
    try:
        call_command("plans", *map(str, args), stdout=out)
    except SystemExit as left:
        status = int(str(left.code))
    except CommandError as error:
        status = error.returncode
    return out.getvalue(), status


def test_the_command_loads_shows_and_refuses(tmp_path):
    path = tmp_path / "flood.yaml"
    path.write_text(yaml.safe_dump(tree(), allow_unicode=True), encoding="utf-8")
    assert run("load", path) == ("v1\n", 0)
    shown, status = run("show", "flood", "--json")
    assert (json.loads(shown), status) == (showing.show(plan()), 0)
    again = tmp_path / "again.json"
    again.write_text(shown, encoding="utf-8")
    assert run("load", again) == ("v1\n", 0)
    path.write_text(yaml.safe_dump(tree(name="别的"), allow_unicode=True), encoding="utf-8")
    assert run("load", path) == ("", 1)
    path.write_text("plan: [", encoding="utf-8")
    assert run("load", path) == ("", 1)
    assert run("load", tmp_path / "none") == ("", 1)


def test_the_command_shows_a_page_for_reading():
    load(
        field_headquarters={"set_up": "on_arrival", "composition": "listed", "cite": "2.1", "deputies": ["water.head"]}
    )
    shown, status = run("show", "flood")
    assert status == 0
    assert "综合组" in shown
    assert "下设 测绘小组" in shown
    assert "现场指挥部  [2.1]\n  副指挥长：市水利局局长" in shown
    assert "雨量 ≥ 50毫米" in shown
    assert run("show", "nowhere") == ("", 1)


def test_the_command_checks(tmp_path):
    load()
    out, status = run("check", "flood")
    assert (out.count("\n"), status) == (1, 0)
    text = tmp_path / "text.txt"
    text.write_text("试政办发〔2026〕1号\n5.7 没有引用\n", encoding="utf-8")
    out, status = run("check", "--against", text)
    assert ("5.7" in out, status) == (True, 1)
    text.write_text("别的文件", encoding="utf-8")
    assert run("check", "--against", text)[1] == 1
    bad = tmp_path / "bad.yaml"
    bad.write_text("plan: x\n", encoding="utf-8")
    out, status = run("check", bad)
    assert ("headquarters" in out, status) == (True, 1)


def test_the_library_holds_together_and_loads_once():
    assert run("check") == ("", 0)
    before = PlanVersion.objects.count()
    run("load-library")
    run("load-library")
    assert PlanVersion.objects.count() >= before
    assert PlanVersion.objects.filter(plan__key="earthquake").count() == 1
