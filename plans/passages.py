"""The official words of each clause: a text cut into the passages that a plan's outline cites. No Django here."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from . import annexes
from .annexes import LEADS_ON, NOTE, NUMBER, SENTENCE, Span
from .checking import READING
from .documents import PlanDocument
from .sources import ANNEX, ANNEX_ITEM, CHART, HEADING_LENGTH, ITEM, SECTION, Source

LAST_PART = re.compile(r"[ .(][^ .(]+$")
SHORT = "指挥部"  # what a table calls any headquarters
FULL = 0.75  # of the widest line: a shorter one ends its paragraph
INDENT = 4  # of a paragraph's first line, in half widths


@dataclass(frozen=True)
class Block:
    """A paragraph, or the rows of a table."""

    text: str = ""
    rows: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True)
class Passage:
    """The official words of the clause `cite`, block by block."""

    cite: str
    blocks: tuple[Block, ...]

    @property
    def text(self) -> str:
        """All of it, a line a block or row."""
        return "\n".join(block.text or "\n".join(map(" ".join, block.rows)) for block in self.blocks)


class Passages:
    """An official text beside a plan: the words of every clause of the outline that are found in it.

    A section runs to the next numbered one, its bracketed items included (a heading alone to the next that is not
    inside it); an annex to its first part. `found` holds them by cite, `missing` the cites without words of their own.
    """

    def __init__(self, text: str, document: PlanDocument) -> None:
        self.source = Source(text)
        self._lines = self.source.lines
        self._end = len(self._lines)
        if self._lines and self._lines[-1] in self._lines[:-1]:
            self._end -= 1  # who issued it, printed once more
        spans = self._sections()
        cites = [item.cite for item in document.outline if not READING.fullmatch(item.cite)]
        for annex in [cite for cite in spans if ANNEX.fullmatch(cite)]:
            spans |= self._parts(annex, spans, cites, document)
        self._spans = {cite: spans[cite] for cite in cites if cite in spans}
        self.found = {cite: self._passage(cite, range(s.first, s.after)) for cite, s in self._spans.items()}
        self.missing = tuple(cite for cite in cites if cite not in spans)

    def of(self, cite: str) -> Passage | None:
        """The words of a clause, else those of the nearest one around it; None where there are none."""
        while cite not in self.found:
            cite, shorter = LAST_PART.subn("", cite)
            if not shorter:
                return None
        return self.found[cite]

    def own(self, cite: str) -> Passage:
        """The words of a clause without those of the clauses inside it."""
        span = self._spans[cite]
        inside = [s for s in self._spans.values() if s != span and span.first <= s.first and s.after <= span.after]
        taken = {at for other in inside for at in range(other.first, other.after)}
        return self._passage(cite, [at for at in range(span.first, span.after) if at not in taken])

    def _sections(self) -> dict[str, Span]:
        """The numbered places, chapters and annexes."""
        places = self.source.places
        spans = {}
        for number, place in enumerate(places):
            after = [other for other in places[number + 1 :] if not other.cite.startswith(f"{place.cite}(")]
            if number + 1 < len(places) and places[number + 1].line == place.line + 1:  # no more than a heading
                inside = (f"{place.cite}.", f"{place.cite} ")
                after = [other for other in after if not other.cite.startswith(inside)]
            spans[place.cite] = Span(place.line - 1, after[0].line - 1 if after else self._end)
        spans.pop("", None)
        return spans

    def _parts(
        self, annex: str, spans: dict[str, Span], cites: Sequence[str], document: PlanDocument
    ) -> dict[str, Span]:
        """The parts of an annex that bear no number of the text's own; and the annex, which ends where they begin."""
        following = [span.first for cite, span in spans.items() if ANNEX.fullmatch(cite)]
        whole = Span(spans[annex].first, min([at for at in following if at > spans[annex].first], default=self._end))
        parts = [cite for cite in cites if cite.startswith(f"{annex} ")]
        found = annexes.columns(self._lines, whole, parts)
        named = {
            cite: (
                cite.removeprefix(f"{annex} "),
                *(duty.unit for duty in document.duties if duty.cite == cite and duty.unit),
            )
            for cite in parts
            if cite.count(" ") == 1 and cite not in spans and cite not in found
        }
        beginning = annexes.rows(self._lines, whole, named, _headquarters(document))
        own = min([span.first for span in beginning.values()], default=spans[annex].after)
        return {**found, **beginning, annex: Span(whole.first, min(own, spans[annex].after))}

    def _passage(self, cite: str, places: Sequence[int]) -> Passage:
        lines = [self._lines[at] for at in places]
        if lines and self._spans[cite].begins:
            lines[0] = self._spans[cite].begins
        while lines and (len(lines[-1]) < 2 or (" " in lines[-1] and self._lines.count(lines[-1]) > 1)):
            lines.pop()  # the head of a table on its next page
        if cite == CHART:
            return Passage(cite, tuple(Block(line) for line in lines if line))
        annex = cite.startswith(CHART[:-1])
        title = _title(cite, lines)
        return Passage(cite, (*map(Block, filter(None, lines[:title])), *_blocks(lines[title:], numbered=not annex)))


def _title(cite: str, lines: Sequence[str]) -> int:
    """How many lines are the heading of a passage."""
    if ANNEX.fullmatch(cite):
        return 2
    first = lines[0] if lines else ""
    if " " in cite:
        return int(first == cite.partition(" ")[2] or (_short(first) and ANNEX_ITEM.match(first) is not None))
    return int("(" not in cite and _short(first))


def _short(line: str) -> bool:
    return len(line) <= HEADING_LENGTH and not line.endswith(SENTENCE)


def _headquarters(document: PlanDocument) -> dict[str, list[str]]:
    """The names by which a table of duties calls the headquarters and its office, by the cite of their duties."""
    names = [document.headquarters.name, SHORT, f"市{SHORT}"]
    found = {duty.cite: names for duty in document.headquarters.duties}
    return found | {duty.cite: [f"{name}办公室" for name in names] for duty in document.headquarters.office.duties}


def _blocks(lines: Sequence[str], *, numbered: bool) -> Iterator[Block]:
    """The paragraphs and tables of a text whose lines are broken anywhere. numbered: its sections bear numbers."""
    paragraph: list[str] = []
    table: list[tuple[str, ...]] = []
    for line in [*_upright(lines), ""]:
        cells = line.startswith("|")
        if paragraph and (not line or cells or _ended(paragraph, line, numbered)):
            yield Block(text=_joined(paragraph))
            paragraph = []
        if table and not cells:
            yield Block(rows=tuple(table))
            table = []
        if cells:
            row = tuple(cell.strip() for cell in line.strip("|").split("|"))
            if any(cell.strip("-: ") for cell in row):
                table.append(row)
        elif line:
            paragraph.append(line)


def _upright(lines: Sequence[str]) -> list[str]:
    """The lines, with a word that is written downwards as one line of its own."""
    made: list[str] = []
    down = ""
    for line in [*lines, ""]:
        if len(line) == 1 and unicodedata.category(line) == "Lo":
            down += line
            continue
        made += ["", down, ""] if len(down) > 1 else [down] if down else []
        down = ""
        made.append(line)
    return made


def _ended(paragraph: Sequence[str], line: str, numbered: bool) -> bool:
    """Whether a paragraph has ended before this line."""
    if paragraph[-1].endswith((SENTENCE, *LEADS_ON)) or _is_head(paragraph[-1]) or _is_head(line):
        return True
    if any(beginning.match(line) for beginning in (ITEM, ANNEX_ITEM, NUMBER, NOTE)):
        return True
    if numbered and (SECTION.match(line) or (SECTION.match(paragraph[0]) and len(paragraph[0]) <= HEADING_LENGTH)):
        return True
    indent = INDENT if len(paragraph) == 1 else 0
    return _width(paragraph[-1]) + indent < FULL * max(_width(other) for other in (*paragraph, line))


def _is_head(line: str) -> bool:
    """Whether this is the head of a table: several words side by side."""
    words = line.split()
    return len(words) > 1 and all(len(word) > 1 for word in words) and not re.search(r"[\d，。；：、,;:]", line)


def _joined(lines: Sequence[str]) -> str:
    text = "\n".join(lines)
    return re.sub(r"(?<=[A-Za-z,;])\n(?=[A-Za-z])", " ", text).replace("\n", "")


def _width(line: str) -> int:
    return sum(2 if unicodedata.east_asian_width(sign) in "WFA" else 1 for sign in line)
