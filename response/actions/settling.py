"""What becomes of the open tasks when a response is over: done, handed to a county, or dropped. A private step."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from response.models import Incident, Task
from response.models.tasks import OPEN_TASKS
from shuozhou_ops.errors import BadInput, FieldError
from shuozhou_ops.journal import record

DONE, HANDED, DROPPED = "done", "handed", "dropped"
AFTERCARE = "aftercare"  # the phase whose tasks outlive the response
REST, OF_TASK = "rest", "task-"  # the fields of a form


@dataclass(frozen=True)
class Settle:
    """What becomes of each task by its primary key, and of the rest: `done`, `dropped` or `handed/COUNTY`.

    '' is nobody's word: it is refused where a task stands open.
    """

    rest: str = ""
    tasks: Mapping[int, str] = field(default_factory=dict)

    def of(self, task: Task) -> str:
        """What becomes of one task."""
        return self.tasks.get(task.pk) or self.rest


DROP_ALL = Settle(rest=DROPPED)


@dataclass
class Settled:
    """What became of them, by primary key; `handed` by the county's name."""

    done: list[int] = field(default_factory=list)
    handed: dict[str, list[int]] = field(default_factory=dict)
    dropped: list[int] = field(default_factory=list)

    def told(self) -> dict[str, Any]:
        """For the entry."""
        return {"done": self.done, "handed": self.handed, "dropped": self.dropped}


def open_tasks(incident: Incident) -> QuerySet[Task]:
    """The tasks that end with the response: after-care goes on."""
    return incident.tasks.filter(status__in=OPEN_TASKS).exclude(phase=AFTERCARE).order_by("pk")


def settle_locked(incident: Incident, settle: Settle, changes: record.Changes, at: datetime) -> Settled:
    """Settle every open task of a response that is over, in one statement. Raises BadInput; then nothing is written.

    Those with a rhythm are not given again. Source: ours (no plan says it; nobody is left with half a task).
    """
    tasks, came = list(open_tasks(incident)), Settled()
    places = incident.places.filter(left_at=None).select_related("county")
    counties = {f"{HANDED}/{place.county.key}": place.county for place in places}
    _require_whole(settle, tasks, {DONE, DROPPED, *counties})
    for task in tasks:
        fate = settle.of(task)
        if fate == DONE:
            task.finish()
            came.done.append(task.pk)
        elif fate == DROPPED:
            task.release()
            came.dropped.append(task.pk)
        else:
            task.hand_over()
            task.handed_to = counties[fate]
            came.handed.setdefault(counties[fate].name, []).append(task.pk)
        task.settled_at = at
    changes.update_all(tasks, "status", "settled_at", "handed_to")
    return came


def _require_whole(settle: Settle, tasks: list[Task], allowed: set[str]) -> None:
    faults = []
    for task in tasks:
        said = settle.tasks.get(task.pk)
        if said and said not in allowed:
            faults.append(FieldError(f"{OF_TASK}{task.pk}", "not_a_choice", _("请选择完成、移交事发县或不再办理。")))
    left = [task for task in tasks if not settle.of(task)]
    if left:
        words = _("还有 %d 项任务没有完成，请选择“其余任务”怎么办。") % len(left)
        faults.append(FieldError(REST, "empty", words))
    if settle.rest and settle.rest not in allowed:
        faults.append(FieldError(REST, "not_a_choice", _("请选择完成、移交事发县或不再办理。")))
    if faults:
        raise BadInput(faults)
