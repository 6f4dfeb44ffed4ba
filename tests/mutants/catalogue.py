"""The mutants: each one small wrong change, to what a plan says or to how it is judged, that some test must notice."""

from dataclasses import dataclass
from pathlib import Path

import yaml

FOLDER = Path(__file__).parent
ROOT = FOLDER.parents[1]


@dataclass(frozen=True)
class Mutant:
    """One exact replacement in one file, the clause or rule that it breaks, and the tests of which one must fail."""

    name: str
    breaks: str
    file: str
    before: str
    after: str
    tests: tuple[str, ...]

    def times(self, root: Path) -> int:
        """How often `before` stands in the file of this tree; a mutant is fresh where it is once."""
        path = root / self.file
        return path.read_text(encoding="utf-8").count(self.before) if path.exists() else 0

    def text(self, root: Path) -> str:
        """The file's text with the wrong change in it. Raises ValueError where the mutant is stale."""
        if (times := self.times(root)) != 1:
            raise ValueError(f"{self.name}: stale, what it replaces stands {times} times in {self.file}")
        return (root / self.file).read_text(encoding="utf-8").replace(self.before, self.after)


def every() -> list[Mutant]:
    """All of them: those of each plan's data, then those of the evaluator."""
    listed = [item for path in sorted(FOLDER.glob("*.yaml")) for item in yaml.safe_load(path.read_text("utf-8"))]
    return [Mutant(**{**item, "tests": tuple(item["tests"])}) for item in listed]
