"""No code names a plan, a fact, a group or an organisation: what must be special is declared in the plan's data.

The names are read from the library, so a fifth plan is covered on the day it arrives.
"""

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parents[2]
FOLDERS = ("shuozhou_ops", "plans", "response", "reserves", "templates", "static")
_QUOTED = re.compile(r"""["']([\w.-]+)["']""")
_COMMENT = re.compile(r"\{#.*?#\}|<!--.*?-->|/\*.*?\*/|//[^\n]*", re.DOTALL)

# Words that are also keys, but mean something else where they stand: (path, word): what they mean there.
MEANS_ANOTHER_THING = {
    ("shuozhou_ops/accounts/models.py", "audit"): "the duty of an auditor's account",
    ("response/queries/decisions.py", "missing"): "a step of the chain that was left out",
    ("templates/response/_decision.html", "missing"): "a step of the chain that was left out",
    ("shuozhou_ops/journal/verification.py", "missing"): "an entry that is not there",
}

Finding = tuple[str, int, str]  # path, line, the key


def library_keys(library: Path) -> set[str]:
    """The keys of plans, facts, groups, units and posts."""
    keys: set[str] = set()
    for path in sorted(library.rglob("*.yaml")):
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
        if not isinstance(content, dict):
            continue
        keys |= {content["plan"]} if isinstance(content.get("plan"), str) else set()
        for part, name in (("facts", "name"), ("groups", "key"), ("units", "key"), ("posts", "key")):
            keys |= {item[name] for item in content.get(part) or [] if isinstance(item, dict) and name in item}
    return keys


def in_code(source: str, name: str, keys: set[str]) -> Iterator[Finding]:
    """String literals that are a key, or a post of one (`KEY.head`); docstrings and other words apart."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value.split(".")[0] in keys:
            yield name, node.lineno, node.value


def in_markup(source: str, name: str, keys: set[str]) -> Iterator[Finding]:
    """Quoted words of a template or a script that are a key."""
    source = _COMMENT.sub(lambda match: "\n" * match[0].count("\n"), source)
    for match in _QUOTED.finditer(source):
        if match[1].split(".")[0] in keys:
            yield name, source.count("\n", 0, match.start()) + 1, match[1]


def findings(root: Path, keys: set[str]) -> Iterator[Finding]:
    """All of them, but those that mean another thing."""
    for folder in FOLDERS:
        for path in sorted((root / folder).rglob("*")):
            name = path.relative_to(root).as_posix()
            if path.suffix not in {".py", ".html", ".txt", ".js"} or "/library/" in name or "/migrations/" in name:
                continue
            look = in_code if path.suffix == ".py" else in_markup
            for finding in look(path.read_text(encoding="utf-8"), name, keys):
                if (name, finding[2]) not in MEANS_ANOTHER_THING:
                    yield finding


def main() -> int:
    """Print them."""
    found = list(findings(ROOT, library_keys(ROOT / "plans" / "library")))
    for name, line, key in found:
        print(f"{name}:{line}: names {key!r}, which is the plans' own")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
