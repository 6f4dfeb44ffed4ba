"""Whether a plan holds together, and whether it covers its official text without copying it. No Django here."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from . import conditions, walking
from .documents import Condition, Ending, OutlineItem, PlanDocument, Reading, Ref, Scope
from .organisations import Directory
from .sources import Source

LONGEST_RUN = 25  # so many characters of the official text in a row are a copy
READING = re.compile(r"解读 ?(\d+)")
TEXTS = ("text", "meaning", "why", "heading")


@dataclass(frozen=True)
class Finding:
    """One thing a check has to say; a warning does not fail it."""

    path: str
    message: str
    severity: Literal["error", "warning"] = "error"


def check(document: PlanDocument, known: Directory, source: Source | None = None) -> list[Finding]:
    """Everything there is to say about a plan, errors first; with an official text, against that too."""
    found = [*_cites(document), *_facts(document), *_empty_joints(document)]
    if source is not None:
        found += [*_uncovered(document, source), *_copied(document, known, source)]
    return [*found, *_strangers(document, known)]


def reading_cite(reading: Reading) -> str:
    """How a clause cites a reading of ours: `解读 11`."""
    return f"解读 {reading.number}"


def cited(document: PlanDocument) -> dict[str, str]:
    """Every cite the plan uses outside its outline, with the first place that uses it."""
    found: dict[str, str] = {}
    for path, part in walking.parts(document):
        if not isinstance(part, OutlineItem) and (cite := getattr(part, "cite", None)):
            found.setdefault(cite, f"{path}.cite")
        if isinstance(part, Ending):
            for place, also in enumerate(part.also):
                found.setdefault(also, f"{path}.also[{place}]")
    return found


def _cites(document: PlanDocument) -> Iterator[Finding]:
    """Cites that the outline lacks. A reading of the plan's own needs no line there."""
    listed = {item.cite for item in document.outline}
    numbers = {str(reading.number) for reading in document.readings}
    for cite, path in cited(document).items():
        reading = READING.fullmatch(cite)
        if cite not in listed and not (reading and reading[1] in numbers):
            yield Finding(path, f"“{cite}”不在 outline 里")


def _facts(document: PlanDocument) -> Iterator[Finding]:
    """Facts that are declared and not used. (One that is used and not declared does not load.)"""
    used = {
        name
        for _, part in walking.parts(document)
        if isinstance(part, Condition | Scope) and part.when is not None
        for name in conditions.named(part.when)
    }
    for place, spec in enumerate(document.facts):
        if spec.name not in used:
            yield Finding(f"facts[{place}]", f"事实“{spec.name}”申报了，但没有条件用到")


def _empty_joints(document: PlanDocument) -> Iterator[Finding]:
    """Conditions with a joint of nothing, which always or never hold."""
    for path, part in walking.parts(document):
        if isinstance(part, Condition | Scope) and part.when is not None and _has_empty_joint(part.when):
            yield Finding(f"{path}.when", "有一个空的 all、any 或 of")


def _has_empty_joint(expr: conditions.Expr) -> bool:
    children = [child for key in ("all", "any", "of") for child in expr.get(key, ())]
    return any(key in expr and not expr[key] for key in ("all", "any", "of")) or any(map(_has_empty_joint, children))


def _strangers(document: PlanDocument, known: Directory) -> Iterator[Finding]:
    """Units and posts that the list lacks: loading creates them."""
    seen: set[Ref] = set()
    for path, ref in walking.refs(document):
        if not known.knows(ref) and ref not in seen:
            seen.add(ref)
            kind = "职务" if ref.kind == "post" else "单位"
            yield Finding(path, f"{kind}“{ref.name}”不在 organisations 名单里，载入时会新建", "warning")


def _uncovered(document: PlanDocument, source: Source) -> Iterator[Finding]:
    """Numbered paragraphs of the official text that the plan neither cites nor sets aside."""
    covered = {cite.replace(" ", "") for cite in cited(document)}
    for paragraph in source.paragraphs:
        if paragraph.cite.replace(" ", "") not in covered:
            yield Finding(
                paragraph.cite, f"正文第 {paragraph.line} 行“{paragraph.cite}”既没有引用，也不在 unmodelled 里"
            )


def _copied(document: PlanDocument, known: Directory, source: Source) -> Iterator[Finding]:
    """Texts that repeat the official text."""
    names = {ref.name for _, ref in walking.refs(document)} | known.names() | set(_names(document))
    runs = source.runs(LONGEST_RUN, names)
    for path, part in walking.parts(document):
        for name in TEXTS:
            text = getattr(part, name, None)
            if isinstance(text, str) and (run := runs.shared_with(text)):
                yield Finding(f"{path}.{name}", f"照抄正文 {LONGEST_RUN} 字以上：“{run}”")


def _names(document: PlanDocument) -> Iterator[str]:
    """Names and headings that a plan cannot but print as they stand."""
    yield document.headquarters.name
    yield from document.aftercare.report_headings
    for _, part in walking.parts(document):
        if not isinstance(part, Ref) and isinstance(name := getattr(part, "name", None), str):
            yield name
        yield from getattr(part, "headings", ())
