"""The cases that people have reviewed: what a plan must answer to given facts, by plan."""

from pathlib import Path
from typing import Any

import yaml

CASES = Path(__file__).parent / "cases"  # a reader's, every bound and every combination that matters
EXAMPLES = Path(__file__).parent / "examples"  # a duty officer's, few, in the words of the page


def of(folder: Path, key: str) -> list[dict[str, Any]]:
    """The cases of one plan in this folder."""
    found: list[dict[str, Any]] = yaml.safe_load((folder / f"{key}.yaml").read_text(encoding="utf-8"))
    return found


def keys(folder: Path) -> list[str]:
    """The plans that have cases in this folder."""
    return sorted(path.stem for path in folder.glob("*.yaml"))
