"""Every Chinese word of the interface passes through gettext, so that it can be said in English."""

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from django.template.base import Lexer, TokenType

ROOT = Path(__file__).resolve().parents[2]
HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff]")
_HTML_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_JS_COMMENT = re.compile(r"/\*.*?\*/|//[^\n]*", re.DOTALL)
_TRANSLATED = re.compile(r"""_\((?:"[^"]*"|'[^']*')\)""")
_TRANSLATE = re.compile(r"\s*trans(late)?\s")
_BEGIN_BLOCK = re.compile(r"\s*blocktrans(late)?\b")
_END_BLOCK = re.compile(r"\s*endblocktrans(late)?\s*$")
_GETTEXT = {"_", "gettext", "gettext_lazy", "gettext_noop", "ngettext", "ngettext_lazy", "pgettext", "pgettext_lazy"}
_SAID = {"DomainError", "NotAuthorised", "Conflict", "FieldError", "Obstacle", "ValidationError"}
Finding = tuple[str, int, str]  # path, line, the words


def in_template(source: str, name: str) -> Iterator[Finding]:
    """Chinese outside translate, blocktranslate, _("…") and comments."""
    source = _HTML_COMMENT.sub(lambda match: "\n" * match[0].count("\n"), source)
    inside = ""
    for token in Lexer(source).tokenize():
        block = token.token_type == TokenType.BLOCK
        if inside:
            ends = token.contents == "endcomment" if inside == "comment" else _END_BLOCK.match(token.contents)
            inside = "" if block and ends else inside
        elif block and token.contents == "comment":
            inside = "comment"
        elif block and _BEGIN_BLOCK.match(token.contents):
            inside = "blocktranslate"
        elif token.token_type != TokenType.COMMENT and not (block and _TRANSLATE.match(token.contents)):
            yield from _lines(_TRANSLATED.sub("", token.contents), name, token.lineno or 1)


def in_script(source: str, name: str) -> Iterator[Finding]:
    """Chinese in JavaScript outside comments: a script takes its words from the page."""
    yield from _lines(_JS_COMMENT.sub(lambda match: "\n" * match[0].count("\n"), source), name, 1)


def in_code(source: str, name: str) -> Iterator[Finding]:
    """Chinese that no gettext call holds, in what surely reaches a page: refusals, faults of fields, choices.

    Words that are written into a row or the journal stay as they were said, and are not looked for.
    """
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and _called(node) in _SAID:
            yield from _said_by(node.args + [keyword.value for keyword in node.keywords], name)
        elif isinstance(node, ast.ClassDef) and any(ast.unparse(base).endswith("Choices") for base in node.bases):
            yield from _said_by([line.value for line in node.body if isinstance(line, ast.Assign)], name)


def _said_by(expressions: list[ast.expr], name: str) -> Iterator[Finding]:
    waiting: list[ast.AST] = list(expressions)
    while waiting:
        node = waiting.pop(0)
        if isinstance(node, ast.Call) and _called(node) in _GETTEXT and not isinstance(node.args[0], ast.JoinedStr):
            continue
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield from _lines(node.value, name, node.lineno)
        waiting += ast.iter_child_nodes(node)


def _called(node: ast.Call) -> str:
    return getattr(node.func, "id", None) or getattr(node.func, "attr", None) or ""


def findings(root: Path) -> Iterator[Finding]:
    """All of them. Commands speak to operators in both languages; the pure modules of the plans know no gettext."""
    for path in sorted((root / "templates").rglob("*.html")):
        yield from in_template(path.read_text(encoding="utf-8"), path.relative_to(root).as_posix())
    for path in sorted((root / "static").rglob("*.js")):
        yield from in_script(path.read_text(encoding="utf-8"), path.relative_to(root).as_posix())
    for folder in ("shuozhou_ops", "response", "reserves"):
        for path in sorted((root / folder).rglob("*.py")):
            name = path.relative_to(root).as_posix()
            if "/management/" not in name and "/migrations/" not in name and name != "shuozhou_ops/settings.py":
                yield from in_code(path.read_text(encoding="utf-8"), name)


def _lines(text: str, name: str, first: int) -> Iterator[Finding]:
    for offset, line in enumerate(text.splitlines()):
        if HAN.search(line):
            yield name, first + offset, line.strip()


def main() -> int:
    """Print them."""
    found = list(findings(ROOT))
    for name, line, words in found:
        print(f"{name}:{line}: not translatable: {words[:80]}")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
