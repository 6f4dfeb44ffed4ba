"""An official text as issued: its numbered paragraphs, and the runs of characters it shares with a plan. No Django."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

SECTION = re.compile(r"(\d{1,2}(?:\.\d{1,2}){1,2})(?![\d.])\s*(?![-－—~～至级%％]|\d|万|亿|元|公顷|米|公里|小时)(\S.*)")
CHAPTER = re.compile(r"\d{1,2}\s+\D.*")
ITEM = re.compile(r"[（(](\d{1,2})[)）]")
ANNEX = re.compile(r"附\s*件\s*(\d{1,2})\s*")
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
    """One official text."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.paragraphs: list[Paragraph] = []
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
        annex, section = "", ""
        for number, raw in enumerate(self.text.splitlines(), start=1):
            line = raw.strip()
            if found := ANNEX.fullmatch(line):
                annex, section = f"附件{found[1]}", f"附件{found[1]}"
            elif annex == CHART:
                continue
            elif not annex and (found := SECTION.fullmatch(line)):
                section = found[1]
                self._add(section, number, found[2])
            elif not annex and CHAPTER.fullmatch(line):
                self._note_heading(line.lstrip("0123456789 "))
            elif found := ITEM.match(line):
                self._add(f"{section}({found[1]})" if section else f"({found[1]})", number, "")
            elif annex and (found := ANNEX_ITEM.match(line)):
                section = f"{annex} {found[1]}"
                self._add(section, number, line[found.end() :])

    def _add(self, cite: str, line: int, heading: str) -> None:
        if all(paragraph.cite != cite for paragraph in self.paragraphs):
            self.paragraphs.append(Paragraph(cite, line))
        self._note_heading(heading)

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
