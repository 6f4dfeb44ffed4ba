"""The journal of an incident in sentences: the row stores data, this owns the words."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy

from plans.documents import PlanDocument
from shuozhou_ops.journal.models import Entry

from .sentences import SENTENCES

KINDS: dict[str, Any] = {
    "all": gettext_lazy("全部"),
    "decisions": gettext_lazy("决定"),
    "facts": gettext_lazy("情况"),
    "tasks": gettext_lazy("任务"),
}


OF_KIND: dict[str, tuple[str, ...]] = {
    "decisions": ("level.", "spoken_order.", "response.", "end.", "review.", "incident.", "command.", "instruction."),
    "facts": ("fact.", "report.", "situation.", "incident.logged", "incident.verified", "incident.marked", "place."),
    "tasks": ("task.", "deployment.", "notice.", "receipt.", "paper.", "request."),
}


@dataclass(frozen=True)
class Line:
    """One entry as it is read: who with which post, what, by which clause. `by` is '' for the system's own."""

    entry: Entry
    by: str
    post: str
    recorded_by: str
    sentence: str
    cite: str
    plan_key: str  # whose clause
    mark: str = ""  # that the decision it tells of is in dispute, or waits to be countersigned


def line(entry: Entry, document: PlanDocument) -> Line:
    """An entry in words. A verb without a sentence of its own shows as itself: nothing is ever hidden."""
    payload = entry.payload
    by = payload.get("by", {})
    sentence, cite = SENTENCES.get(entry.verb, lambda _payload, _document: (entry.verb, ""))(payload, document)
    writer = payload.get("recorded_by", {}).get("name", "")
    return Line(entry, by.get("name", ""), by.get("post", ""), writer, sentence, cite, document.plan)
