"""The table as it is read; `make matrix` prints it."""

import sys
from pathlib import Path

import yaml

TABLE = yaml.safe_load((Path(__file__).parent / "table.yaml").read_text(encoding="utf-8"))
PEOPLE: dict[str, str | None] = TABLE["people"]


def may(words: list[str]) -> list[str]:
    """The roles that these words name, groups spelled out. Raises KeyError for a word that is neither."""
    named = [role for word in words for role in TABLE["groups"].get(word, [word])]
    return [role for role in PEOPLE if role in {name for name in named if PEOPLE.keys() & {name} or _no(name)}]


def _no(name: str) -> bool:
    raise KeyError(f"{name} is neither a role nor a group")


ROWS: dict[str, list[str]] = {row: may(words) for row, words in TABLE["rows"].items()}


def printed() -> str:
    """The table as text, a row a line, a column a role: `●` may."""
    width = max(map(len, ROWS))
    numbered = [f"{number:2} {role} ({login or '-'})" for number, (role, login) in enumerate(PEOPLE.items(), 1)]
    head = " ".join(f"{number:2}" for number in range(1, len(PEOPLE) + 1))
    lines = [
        f"{row:{width}} " + " ".join(" ●" if role in who else " ·" for role in PEOPLE) for row, who in ROWS.items()
    ]
    return "\n".join([*numbered, "", " " * width + " " + head, *lines])


if __name__ == "__main__":
    sys.stdout.write(printed() + "\n")
