"""Where the parts of an annex stand in the lines of an official text: rows and columns of its tables. No Django."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

NUMBER = re.compile(r"(\d{1,2})\s*[.．、]\s*(?=\S)")  # an item in a cell: `1. …`
NOTE = re.compile(r"(注|说明)\s*[:：]")
SENTENCE, LEADS_ON = "。", ("：", ":")
DUTIES = "主要职责"  # what stands behind the name of the headquarters in a table of duties
MOST_LINES = 4  # of a name broken over several lines of a narrow column


@dataclass(frozen=True)
class Span:
    """Lines `first` to before `after`, from 0; `begins` is the first of them where the part begins amid it."""

    first: int
    after: int
    begins: str = ""


def columns(lines: Sequence[str], annex: Span, cites: Sequence[str]) -> dict[str, Span]:
    """The numbered items of a table's columns (`附件4 三级 1`), and the columns; a text prints one after the other.

    Taken only where the numbers begin anew as often, and run as far, as the cites say: then there is no doubt.
    cites: those of the annex. A column has a span of its own only where all of them have items.
    """
    items: dict[str, list[str]] = {}
    for cite in cites:
        column, _, number = cite.rpartition(" ")
        if number.isdigit():
            items.setdefault(column, []).append(cite)
    bare = "".join(lines[annex.first : annex.after])
    ordered = sorted(items, key=lambda column: (column.count(" "), bare.find(column.split(" ")[1])))
    runs = list(_runs(lines, annex))
    if not runs or [len(items[column]) for column in ordered] != [len(run) for run in runs]:
        return {}
    spans = {}
    every_column = {cite for cite in cites if cite.count(" ") == 1} <= set(ordered)
    begins = runs[0][0]
    for column, run, following in zip(ordered, runs, [*runs[1:], [annex.after]], strict=True):
        after = next((at + 1 for at in range(run[-1], following[0]) if lines[at].endswith(SENTENCE)), following[0])
        for cite, first, end in zip(items[column], run, [*run[1:], after], strict=True):
            spans[cite] = Span(first, end)
        if column in cites and every_column:
            spans[column] = Span(begins, after)
        begins = after if lines[following[0] - 1].endswith(LEADS_ON) else following[0]
    return spans


def rows(
    lines: Sequence[str], annex: Span, parts: Mapping[str, Iterable[str]], duties_of: Mapping[str, Iterable[str]]
) -> dict[str, Span]:
    """The parts that begin where a line begins with their name, each up to the next one or a note.

    The last such line is taken: before its duties a unit may stand in the list of who commands.
    parts: cites with the names they go by. duties_of: cites with the names of the headquarters whose duties they are.
    """
    heads = {name for names in parts.values() for name in names}
    starts: dict[str, tuple[int, str]] = {}
    for cite, names in parts.items():
        found = [_last(lines, annex, name, heads) for name in names]
        found += [_last_duties(lines, annex, name) for name in duties_of.get(cite, ())]
        if there := [place for place in found if place is not None]:
            starts[cite] = min(there)
    ends = [at for at, _ in starts.values()] + [at for at in range(annex.first, annex.after) if NOTE.match(lines[at])]
    return {
        cite: Span(at, min([end for end in ends if end > at], default=annex.after), begins)
        for cite, (at, begins) in starts.items()
    }


def _last(lines: Sequence[str], annex: Span, name: str, heads: set[str]) -> tuple[int, str] | None:
    """The last line that begins with this name. A line with several of the names is the head of a table."""
    for at in range(annex.after - 1, annex.first, -1):
        if len(heads.intersection(lines[at].split())) < 2 and _stands(lines, at, annex.after, name):
            return at, lines[at]
    return None


def _last_duties(lines: Sequence[str], annex: Span, name: str) -> tuple[int, str] | None:
    """The last line that has the duties of this headquarters, from there on."""
    for at in range(annex.after - 1, annex.first, -1):
        if found := re.search(rf"(?:^|\s)({re.escape(name)}{DUTIES}.*)", lines[at]):
            return at, found[1]
    return None


def _runs(lines: Sequence[str], annex: Span) -> Iterator[list[int]]:
    """The lines of the items 1, 2, 3 …, a list each time they begin anew."""
    run: list[int] = []
    for at in range(annex.first, annex.after):
        found = NUMBER.match(lines[at])
        if found and int(found[1]) == len(run) + 1:
            run.append(at)
        elif found and int(found[1]) == 1:
            yield run
            run = [at]
    if run:
        yield run


def _stands(lines: Sequence[str], at: int, end: int, name: str) -> bool:
    """Whether this name stands here, before a space or alone in its lines."""
    words = ""
    for line in lines[at : min(at + MOST_LINES, end)]:
        words += line.replace("|", " ").strip()
        if words.startswith(name):
            return re.match(r"\s|$", words[len(name) :]) is not None
        if not name.startswith(words) or not line:
            return False
    return False
