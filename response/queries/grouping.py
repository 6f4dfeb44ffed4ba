"""What the commander may change: groups, members, leads and tasks, as forms of the page. No query."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from response import authority
from response.forms.groups import (
    AddSeatForm,
    CallGroupForm,
    DropSeatForm,
    GiveTaskForm,
    ReleaseGroupForm,
    ReleaseTaskForm,
)
from response.models import Deployment
from response.models.deployments import DeploymentStatus
from response.models.incidents import Status

from .case import Case
from .offers import Attempt, Offer, of_incident, offer

SHOWN = 40  # characters of a task in a list


@dataclass(frozen=True)
class Grouping:
    """The acts of this section, each folded under its name."""

    offers: list[Offer]

    @property
    def refused(self) -> bool:
        """Whether one of them was tried and refused."""
        return any(item.refusal for item in self.offers)


def of_case(case: Case, attempt: Attempt | None) -> Grouping | None:
    """The section, for those who may change anything; None for the others."""
    if case.incident.status != Status.RESPONDING or not case.whole or not (case.acts or case.in_command):
        return None
    tasks = authority.name_seats(case.incident, case.actor)
    groups = authority.change_groups(case.incident, case.actor, field=case.field)
    tried = attempt is not None and attempt.name in ACTS
    if tasks and groups and not tried:
        return None
    return Grouping(
        [
            offer(
                attempt,
                name,
                of_incident(case.incident, name),
                label,
                form(case, None),
                tasks if name in TASKS else groups,
            )
            for name, (label, form) in ACTS.items()
        ]
    )


def _out(case: Case) -> list[Deployment]:
    return [item for item in case.deployments if item.status != DeploymentStatus.RELEASED]


def _rows(case: Case) -> list[tuple[int, str]]:
    return [(item.pk, item.name) for item in _out(case)]


def add_seat_form(case: Case, data: Any) -> AddSeatForm:
    """Naming someone to anything that is out."""
    return AddSeatForm(data, rows=_rows(case), units=[(unit.key, unit.name) for unit in case.units])


def drop_seat_form(case: Case, data: Any) -> DropSeatForm:
    """Letting anyone go but whoever commands in the field, who is changed in a form of his own."""
    rows = [
        (seat.pk, f"{item.name}：{seat.name}（{seat.get_role_display()}）")
        for item in _out(case)
        for seat in case.seats.get(item.pk, [])
        if item != case.field or seat.role != "lead"
    ]
    return DropSeatForm(data, rows=rows)


def call_form(case: Case, data: Any) -> CallGroupForm:
    """Calling a group of the plan that is not out, or one of one's own."""
    out = {item.key for item in _out(case) if item.kind == Deployment.Kind.GROUP}
    rows = [(group.key, group.name) for group in case.document.groups if group.key not in out]
    return CallGroupForm(data, rows=rows)


def release_form(case: Case, data: Any) -> ReleaseGroupForm:
    """Releasing anything but the headquarters itself."""
    out = [item for item in _out(case) if item.kind != Deployment.Kind.HEADQUARTERS]
    return ReleaseGroupForm(data, rows=[(item.pk, item.name) for item in out])


def give_form(case: Case, data: Any) -> GiveTaskForm:
    """Giving a task that stands in no place of the plan."""
    return GiveTaskForm(data, rows=_rows(case), units=[(unit.key, unit.name) for unit in case.units])


def take_back_form(case: Case, data: Any) -> ReleaseTaskForm:
    """Taking an open task back."""
    rows = [(task.pk, f"{task.bearer}：{task.text[:SHOWN]}") for task in case.tasks if task.is_open]
    return ReleaseTaskForm(data, rows=rows)


ACTS: dict[str, tuple[Any, Any]] = {
    "add-seat": (_("增加或更换组长、成员"), add_seat_form),
    "drop-seat": (_("去掉组长、成员"), drop_seat_form),
    "call-group": (_("增设工作组"), call_form),
    "release-group": (_("解除工作组"), release_form),
    "give-task": (_("交办任务"), give_form),
    "release-task": (_("解除任务"), take_back_form),
}
TASKS = ("give-task", "release-task")  # the office gives them too; the others are the commander's alone
