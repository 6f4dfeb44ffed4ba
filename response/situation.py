"""What a situation report holds: the figures as they stand, frozen, and what has changed since the last one. Pure."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from django.conf import settings
from django.utils import timezone

from plans import words
from plans.documents import FactSpec, PlanDocument
from response.facts import in_force, moments_told
from response.figures import as_facts
from response.models import FactReport
from shuozhou_ops.journal import record

Line = dict[str, Any]  # kind, name, label, value, words, quality, source, as_of; change, was
Kind = FactReport.Kind
NEW, CHANGED, WITHDRAWN = "new", "changed", "withdrawn"


def freeze(document: PlanDocument, reports: Iterable[FactReport], last: Sequence[Line] | None) -> list[Line]:
    """Every moment, fact and figure that is known, in the plan's order, and what it was in the last report.

    last: the lines of the report sent before; None where none was. as_of: when it was so, as the journal spells it.
    was: the words of then, where `change` is `changed` or `withdrawn`. What the plan does not know, because the
    incident ran under another one then, nobody withdrew: it is kept in words, and has no line.
    """
    lines = list(_known(document, list(reports)))
    if last is None:
        return lines
    before = {_key(line): line for line in last if line["value"] is not None}
    for line in lines:
        old = before.pop(_key(line), None)
        if old is None:
            line["change"] = NEW
        elif old["value"] != line["value"]:
            line["change"], line["was"] = CHANGED, old["words"]
    before = {key: old for key, old in before.items() if key in _names(document)}
    gone = [{**old, "value": None, "words": "", "change": WITHDRAWN, "was": old["words"]} for old in before.values()]
    return lines + gone


def changed(lines: Iterable[Line]) -> list[Line]:
    """The lines that differ from the report sent before."""
    return [line for line in lines if line["change"]]


def same(one: Sequence[Line], other: Sequence[Line]) -> bool:
    """Whether two freezings say the same of every figure, its quality and its source."""
    parts = ("kind", "name", "value", "quality", "source", "as_of")
    return [[line[part] for part in parts] for line in one] == [[line[part] for part in parts] for line in other]


def _names(document: PlanDocument) -> set[tuple[str, str]]:
    """What a report under this plan may have a line for."""
    kinds = {
        Kind.MILESTONE: words.milestones(document),
        Kind.FACT: [spec.name for spec in document.facts],
        Kind.FIGURE: [item.name for item in document.figures],
    }
    return {(str(kind), name) for kind, names in kinds.items() for name in names}


def _key(line: Line) -> tuple[str, str]:
    return line["kind"], line["name"]


def _known(document: PlanDocument, reports: list[FactReport]) -> Iterator[Line]:
    moments, labels = moments_told(reports), words.milestones(document)
    for name, label in labels.items():
        if name in moments and moments[name].value is not None:
            local = timezone.localtime(moments[name].observed_at, timezone.get_default_timezone())
            yield _line(moments[name], label, local.strftime("%m-%d %H:%M"))
    yield from _told(document.facts, in_force(reports))
    yield from _told(as_facts(document).facts, in_force(reports, Kind.FIGURE))


def _told(specs: Iterable[FactSpec], held: Mapping[str, FactReport]) -> Iterator[Line]:
    for spec in specs:
        report = held.get(spec.name)
        if report is not None and report.value is not None:
            yield _line(report, words.label(spec.label, spec.name), words.value(spec, report.value))


def _line(report: FactReport, label: str, said: str) -> Line:
    return {
        "kind": str(report.kind),
        "name": report.name,
        "label": label,
        "value": report.value,
        "words": said,
        "quality": str(report.quality),
        "source": report.source,
        "as_of": record.spell(report.observed_at),
        "change": "",
        "was": "",
    }


def steps() -> list[list[str]]:
    """To whom it may go, from the nearest step upward; the names of one step are equals.

    Source: a local setting (the plans name the city's and the province's leaders, and leave the rest to the rules).
    """
    return [[name.strip() for name in step.split("|") if name.strip()] for step in settings.REPORT_TO]


def over_heads(sent_to: Iterable[str]) -> list[str]:
    """Which steps below the highest one that it goes to were left out (越级); a step is there with one of its names."""
    chosen, known = set(sent_to), steps()
    reached = [place for place, names in enumerate(known) if chosen.intersection(names)]
    left_out = [names for place, names in enumerate(known) if reached and place < reached[-1] and place not in reached]
    return ["、".join(names) for names in left_out]


def over_heads_cite(document: PlanDocument) -> str:
    """The clause that lets a report go over heads; '' where the plan has none."""
    return next((duty.cite for duty in document.reporting if OVER_HEADS in duty.text), "")


OVER_HEADS = "越级"
