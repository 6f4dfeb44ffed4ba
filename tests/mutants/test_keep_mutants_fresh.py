"""The mutants that `make mutate` runs: each still fits the tree, and names tests that are there."""

import re
from collections import Counter

import pytest

from plans import registry

from . import __main__ as running
from .catalogue import ROOT, Mutant, every

MUTANTS = every()


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.name)
def test_a_mutant_changes_one_place_and_the_tests_that_should_notice_exist(mutant: Mutant) -> None:
    assert mutant.times(ROOT) == 1
    assert mutant.before != mutant.after
    for test in mutant.tests:
        path, _, name = test.partition("::")
        assert not name or f"def {name}(" in (ROOT / path).read_text(encoding="utf-8")
        assert (ROOT / path).exists()


def test_the_mutants_cover_every_plan_and_have_names_of_their_own() -> None:
    of_data = Counter(found[1] for mutant in MUTANTS if (found := re.search(r"plans/library/(\w+)/", mutant.file)))
    assert set(of_data) == set(registry.library_keys())
    assert sum(of_data.values()) >= 30
    assert len({mutant.name for mutant in MUTANTS}) == len(MUTANTS)


def test_a_mutant_that_no_longer_fits_is_named_as_stale(tmp_path) -> None:
    (tmp_path / "rule.py").write_text("a = 1\n", encoding="utf-8")
    stale = Mutant("the rule", "", "rule.py", "b = 1", "b = 2", ("test_rule.py",))
    killed, said = running.judge(stale, tmp_path)
    assert not killed
    assert "the rule: stale" in said


@pytest.mark.parametrize(
    ("after", "killed", "by"),
    [
        ("a = 2", True, "test_rule.py::test_one"),
        ("a = 1.0", False, "LIVES"),
        ("a = (", False, "no test could judge it"),
    ],
)
def test_only_a_test_that_fails_kills(tmp_path, after: str, killed: bool, by: str) -> None:
    (tmp_path / "rule.py").write_text("a = 1\n", encoding="utf-8")
    (tmp_path / "test_rule.py").write_text(
        "import rule\n\n\ndef test_one():\n    assert rule.a == 1\n", encoding="utf-8"
    )
    found, said = running.judge(Mutant("a", "", "rule.py", "a = 1", after, ("test_rule.py",)), tmp_path)
    assert found is killed
    assert by in said
    assert (tmp_path / "rule.py").read_text(encoding="utf-8") == "a = 1\n"
