"""Acts on tasks."""

from response.actions import tasks
from response.forms.acts import (
    ChecklistForm,
)
from response.queries.deployed import checklist_choices

from .table import Act

ACTS: dict[str, Act] = {
    "assign": Act(
        "task.assign",
        lambda case, data: ChecklistForm(data, lines=checklist_choices(case)),
        lambda case, typed, actor, at: tasks.assign(case.incident.pk, typed["lines"], actor=actor, at=at),
        "deployments",
    ),
}
