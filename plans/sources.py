"""An official text as issued: its numbered paragraphs, and the runs of characters it shares with a plan. No Django."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

SECTION = re.compile(r"(\d{1,2}(?:\.\d{1,2}){1,2})(?![\d.])\s*(?![-－—~～至级%％]|\d|万|亿|元|公顷|米|公里|小时)(\S.*)")
CHAPTER = re.compile(r"(\d{1,2})\s+\D.*")
ITEM = re.compile(r"[（(](\d{1,2})[)）]")
ANNEX = re.compile(r"附\s*件\s*(\d{1,2})\s*")
ANNEX_LIST = re.compile(r"附\s*件\s*[:：].*")
MARKS = re.compile(r"#+\s*|\*\*")  # Markdown's headings and stress
ANNEX_ITEM = re.compile(r"([一二三四五六七八九十]{1,3})、(?![一二三四五六七八九十]{1,3}(?:、|级))")
CHART = "附件1"  # a flow chart, not paragraphs
SILENT = re.compile(r"[\W_]+")  # white space and punctuation
HEADING_LENGTH = 20  # characters; a longer first line is the paragraph itself
NAME_LENGTHS = range(3, 31)  # what is taken out as a name or a heading


@dataclass(frozen=True)
class Paragraph:
    """A numbered paragraph: its cite and its line, counted from 1."""

    cite: str
    line: int


class Source:
    """One official text.

    `paragraphs` are what a plan must cite; `places` are those, the chapters and the annexes, in the text's order, each
    cite once, and one without a cite where the list of annexes begins. `lines` are its lines, trimmed.
    """

    def __init__(self, text: str) -> None:
        self.text = text
        self.lines = [MARKS.sub("", raw).strip() for raw in text.splitlines()]
        self.paragraphs: list[Paragraph] = []
        self.places: list[Paragraph] = []
        self.headings: list[str] = []
        self._read()

    def has(self, number: str) -> bool:
        """Whether a document's number (朔政办发〔2021〕14号) stands in the text."""
        return bool(number) and self.place_of(number) >= 0

    def place_of(self, number: str) -> int:
        """Where a document's number first stands, or -1; white space doesn't count."""
        return "".join(self.text.split()).find("".join(number.split()))

    def runs(self, length: int, names: Iterable[str]) -> "Runs":
        """Every run of this many characters, names and headings taken out."""
        return Runs(self.text, length, [*names, *self.headings])

    def _read(self) -> None:
        annex, section, chapter = "", "", 0
        marked = {MARKS.sub("", raw).strip() for raw in self.text.splitlines() if raw.startswith("#")}
        for number, line in enumerate(self.lines, start=1):
            if found := ANNEX.fullmatch(line) or (line in marked and ANNEX.match(line)):
                annex, section = f"附件{found[1]}", f"附件{found[1]}"
                self._place(annex, number)
            elif annex == CHART:
                continue
            elif not annex and ANNEX_LIST.fullmatch(line):
                self.places.append(Paragraph("", number))
            elif not annex and (found := SECTION.fullmatch(line)):
                section = found[1]
                self._add(section, number, found[2])
            elif not annex and (found := CHAPTER.fullmatch(line)):
                if int(found[1]) == chapter + 1:  # not "10 working groups" at the beginning of a line
                    chapter = int(found[1])
                    self._place(found[1], number)
                self._note_heading(line.lstrip("0123456789 "))
            elif found := ITEM.match(line):
                self._add(f"{section}({found[1]})" if section else f"({found[1]})", number, "")
            elif annex and (found := ANNEX_ITEM.match(line)):
                section = f"{annex} {found[1]}"
                self._add(section, number, line[found.end() :])

    def _add(self, cite: str, line: int, heading: str) -> None:
        if place := self._place(cite, line):
            self.paragraphs.append(place)
        self._note_heading(heading)

    def _place(self, cite: str, line: int) -> Paragraph | None:
        """The place, where the cite is new."""
        if any(place.cite == cite for place in self.places):
            return None
        self.places.append(Paragraph(cite, line))
        return self.places[-1]

    def _note_heading(self, heading: str) -> None:
        if 0 < len(heading) <= HEADING_LENGTH and not re.search("[。，；,;]", heading):
            self.headings.append(heading)


class Runs:
    """The runs of a text's characters, without white space, punctuation, names and headings."""

    def __init__(self, text: str, length: int, names: Iterable[str]) -> None:
        self.length = length
        bare = {_bare(name) for name in names}
        longest_first = sorted((name for name in bare if len(name) in NAME_LENGTHS), key=len, reverse=True)
        self._names = re.compile("|".join(map(re.escape, longest_first)) or r"(?!)")
        self._runs = set(self._runs_of(text))

    def shared_with(self, text: str) -> str | None:
        """The first run that the text has in common, or None."""
        return next((run for run in self._runs_of(text) if run in self._runs), None)

    def _runs_of(self, text: str) -> Iterator[str]:
        kept = self._names.sub("", _bare(text))
        return (kept[start : start + self.length] for start in range(len(kept) - self.length + 1))


def _bare(text: str) -> str:
    return SILENT.sub("", text)
