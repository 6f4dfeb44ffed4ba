"""The timeline of one incident, newest first, by kind, a page at a time."""

from dataclasses import dataclass, replace

from django.db.models import Q

from response import timeline
from response.timeline import KINDS, OF_KIND, Line
from shuozhou_ops.journal.models import Entry

from . import orders
from .case import Case

PAGE = 60  # entries at once
DECIDED = ("level.started", "level.raised", "level.lowered", "response.ended")
PUBLIC = Q(verb__in=[*DECIDED, "response.dismissed", "response.revoked", "review.opened"])
PUBLIC |= Q(verb__startswith="incident.") | Q(verb__startswith="fact.")


@dataclass
class Timeline:
    """One page of entries. older: the seq before which the next page begins, None at the end."""

    lines: list[Line]
    kind: str
    kinds: list[tuple[str, str]]
    older: int | None


def of_case(case: Case, kind: str = "all", before: int | None = None) -> Timeline:
    """The entries that this person may see; one query."""
    kind = kind if kind in KINDS else "all"
    rows = Entry.objects.filter(stream=case.incident.stream).defer("set_json").order_by("-seq")
    if kind != "all":
        wanted = Q()
        for prefix in OF_KIND[kind]:
            wanted |= Q(verb__startswith=prefix)
        rows = rows.filter(wanted)
    if before is not None:
        rows = rows.filter(seq__lt=before)
    if not case.whole:
        rows = rows.filter(PUBLIC | _own(case))
    entries = list(rows[: PAGE + 1])
    seen = [entry for entry in entries[:PAGE] if case.whole or _visible(entry, case)]
    marks = {item.pk: orders.mark(item.order) for item in case.decisions if item.order}
    shown = [_marked(timeline.line(entry, case.plan_of_entry(entry.seq)), marks) for entry in seen]
    older = entries[PAGE - 1].seq if len(entries) > PAGE else None
    return Timeline(shown, kind, [(key, str(name)) for key, name in KINDS.items()], older)


def _marked(line: Line, marks: dict[int, str]) -> Line:
    """The line of a decision with the mark of its spoken order; nothing is rewritten, the entry stands."""
    taken = line.entry.verb in DECIDED
    return replace(line, mark=marks.get(line.entry.payload.get("decision", 0), "")) if taken else line


def _own(case: Case) -> Q:
    """What this person did, and what happened to tasks (which of them, `_visible` decides)."""
    return Q(actor=case.actor.ref) | Q(verb__startswith="task.")


def _visible(entry: Entry, case: Case) -> bool:
    """A unit sees of the tasks only its own."""
    if not entry.verb.startswith("task."):
        return True
    return entry.payload.get("task") in {task.pk for task in case.tasks}
