"""Finding words in a plan: in every part of it, and in the official text beside it."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from . import anchors, details
from .checking import reading_cite
from .details import NOTHING, Saying
from .documents import FactSpec, PlanDocument, Reading, Unmodelled
from .passages import Passages

LONGEST = 60  # characters of what is looked for
MOST = 200  # hits shown
AROUND = 36  # characters shown before and after
SAID = (  # fields that a reader looks for
    *("text", "heading", "name", "label", "value_labels", "meaning", "why", "when", "colour", "team"),
    *("unit", "who", "by", "to", "falls_to", "asked_of", "decided_by", "issued_by", "consent_by", "first", "otherwise"),
    *("commanders", "deputies", "members", "seat", "directors", "leaders", "headings", "report_headings"),
)
BROKEN = re.compile(r"(?<=[^\x00-\x7f])\s+(?=[^\x00-\x7f])")  # space that only a narrow column has put there


@dataclass(frozen=True)
class Hit:
    """One place where all the words stand: what it is, its clause, its anchor, and the words around the first."""

    where: str
    cite: str
    anchor: str
    before: str
    found: str
    after: str


def search(document: PlanDocument, wanted: str, passages: Passages | None) -> tuple[list[Hit], bool]:
    """Where all the words of `wanted` stand together, at most `MOST` places; and whether there are more.

    Case, width and the spaces of a narrow column do not count; a clause is found by its number too.
    """
    terms = [_plain(term) for term in wanted[:LONGEST].split()]
    if not terms:
        return [], False
    found = []
    for where, cite, anchor, text in [*_parts(document), *_official(passages)]:
        if all(term in _plain(f"{cite} {where} {text}") for term in terms):
            found.append(Hit(where, cite, anchor, *_around(text, terms)))
    return found[:MOST], len(found) > MOST


def _parts(document: PlanDocument) -> Iterator[tuple[str, str, str, str]]:
    """Everything the plan says, part by part."""
    saying = Saying(document)
    unmodelled = 0
    for part, where, cite in details.walk(document):
        said = [saying.said(field.name, field.value) for field in details.split(part)[0] if field.name in SAID]
        anchor = anchors.of_cite(cite) if cite else ""
        if isinstance(part, Unmodelled):
            unmodelled += 1
            anchor = anchors.of_unmodelled(unmodelled)
        elif isinstance(part, Reading):
            anchor = anchors.of_cite(reading_cite(part))
        elif isinstance(part, FactSpec):
            anchor = anchors.FACTS
        yield " · ".join(_short(where, part)), cite, anchor, " · ".join(word for word in said if word != NOTHING)


def _short(where: tuple[str, ...], part: Any) -> tuple[str, ...]:
    """The names that lead to a part, without its own where they say no more than its text, which stands beside them."""
    return (
        where[:-1]
        if where[-1] == details.title(part) and details.text(part).startswith(where[-1].rstrip("…"))
        else where
    )


def _official(passages: Passages | None) -> Iterator[tuple[str, str, str, str]]:
    if passages is not None:
        for cite in passages.found:
            yield _("原文"), cite, anchors.of_cite(cite), passages.own(cite).text


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", BROKEN.sub("", text)).casefold()


def _around(text: str, terms: list[str]) -> tuple[str, str, str]:
    """The words around the first of the terms that stands in the text; its beginning where none does."""
    text = BROKEN.sub("", text)
    plain = "".join(_one(sign) for sign in text)
    at, term = next(((plain.find(term), term) for term in terms if term in plain), (0, ""))
    start, end = max(0, at - AROUND), at + len(term)
    before, after = text[start:at], text[end : end + AROUND]
    return ("…" if start else "") + before, text[at:end], after + ("…" if end + AROUND < len(text) else "")


def _one(sign: str) -> str:
    """A character as it is compared, as long as it stays one."""
    plain = unicodedata.normalize("NFKC", sign).casefold()
    return plain if len(plain) == 1 else sign
