"""The catalogue of the interface: Chinese in the source, English in locale/en. No gettext programs are needed."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import polib
from django.utils.translation.template import templatize

_SINGULAR = {"_", "gettext", "gettext_lazy", "gettext_noop"}
_PLURAL = {"ngettext", "ngettext_lazy"}
_CONTEXT = {"pgettext", "pgettext_lazy"}
_STRING = r"""u?((?:'(?:[^'\\]|\\.)*')|(?:"(?:[^"\\]|\\.)*"))"""
_TEMPLATE_CALL = re.compile(rf"\b(_|gettext|pgettext|ngettext)\({_STRING}(?:, {_STRING})?")


@dataclass(frozen=True)
class Message:
    """One string to translate, and where it stands: a path under the root, and a line."""

    text: str
    plural: str | None
    context: str | None
    path: str
    line: int


def in_code(path: Path, name: str) -> Iterator[Message]:
    """The strings that a Python file hands to gettext."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.Call):
            continue
        function = getattr(node.func, "id", None) or getattr(node.func, "attr", None)
        texts = [arg.value for arg in node.args if isinstance(arg, ast.Constant) and isinstance(arg.value, str)]
        message = _message(function, texts, name, node.lineno)
        if message:
            yield message


def in_template(path: Path, name: str) -> Iterator[Message]:
    """The strings of a template's translate and blocktranslate tags."""
    source = templatize(path.read_text(encoding="utf-8"), origin=name)
    for match in _TEMPLATE_CALL.finditer(source):
        texts = [ast.literal_eval(text) for text in match.groups()[1:] if text]
        message = _message(match[1], texts, name, source.count("\n", 0, match.start()) + 1)
        if message:
            yield message


def collect(root: Path, folders: list[str]) -> list[Message]:
    """Every string of the folders' Python files and templates, in a steady order; tests and migrations apart."""
    found: list[Message] = []
    for folder in folders:
        for path in sorted((root / folder).rglob("*")):
            name = path.relative_to(root).as_posix()
            if path.suffix == ".py" and "/migrations/" not in name:
                found += in_code(path, name)
            elif path.suffix in {".html", ".txt"}:
                found += in_template(path, name)
    return found


def merge(catalogue: polib.POFile, messages: list[Message]) -> polib.POFile:
    """The catalogue with exactly these messages: translations kept, what nobody says any more dropped."""
    kept: dict[tuple[str | None, str], polib.POEntry] = {
        (entry.msgctxt, entry.msgid): entry for entry in catalogue if not entry.obsolete
    }
    merged = polib.POFile(wrapwidth=110)
    merged.metadata = catalogue.metadata
    entries: dict[tuple[str | None, str], polib.POEntry] = {}
    for message in messages:
        key = (message.context, message.text)
        entry = entries.setdefault(key, _entry(message, kept.get(key)))
        if message.plural and not entry.msgid_plural:
            entry.msgid_plural, entry.msgstr_plural = message.plural, {0: "", 1: ""}
        if (message.path, "") not in entry.occurrences:  # no line numbers: an edit above would touch the catalogue
            entry.occurrences.append((message.path, ""))
    for entry in entries.values():
        merged.append(entry)
    return merged


def _entry(message: Message, before: polib.POEntry | None) -> polib.POEntry:
    entry = polib.POEntry(msgid=message.text, msgctxt=message.context)
    if before:
        entry.msgstr, entry.comment, entry.flags = before.msgstr, before.comment, before.flags
        if message.plural:
            entry.msgid_plural, entry.msgstr_plural = message.plural, before.msgstr_plural or {0: "", 1: ""}
    return entry


def _message(function: str | None, texts: list[str], name: str, line: int) -> Message | None:
    if function in _SINGULAR and texts:
        return Message(texts[0], None, None, name, line)
    if function in _PLURAL and len(texts) > 1:
        return Message(texts[0], texts[1], None, name, line)
    if function in _CONTEXT and len(texts) > 1:
        return Message(texts[1], None, texts[0], name, line)
    return None
