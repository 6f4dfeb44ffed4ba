"""What is typed with an end: what becomes of each task that still stands open."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from response.actions.settling import DONE, DROPPED, HANDED, OF_TASK, REST, Settle

from . import fields
from .acts import ReasonForm

Counties = Iterable[tuple[str, str]]


def fates(counties: Counties) -> list[tuple[str, str]]:
    """What may become of a task that an end leaves open. counties: (key, name) of those that it may be handed to."""
    handed = [(f"{HANDED}/{key}", _("移交%s") % name) for key, name in counties]
    return [(DONE, _("已完成")), *handed, (DROPPED, _("不再办理"))]


def rest_field(label: str, counties: Counties) -> forms.Field:
    """One word for all the tasks that nothing else is said of; nothing is chosen by itself."""
    return fields.choice(label, fates(counties), required=False, radio=True)


class SettleForm(ReasonForm):
    """A reason, and one choice for each open task or for the rest of them; nothing is chosen by itself.

    tasks: by bearer, (primary key, words). counties: (key, name) of those that a task may be handed to.
    """

    def __init__(
        self,
        *args: Any,
        tasks: Iterable[tuple[str, list[tuple[int, str]]]] = (),
        counties: Counties = (),
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.tasks = list(tasks)
        counties = list(counties)
        count = sum(len(theirs) for _bearer, theirs in self.tasks)
        if count:
            label = _("其余任务（共 %d 项没有完成）") % count
            self.fields[REST] = rest_field(label, counties)
        for _bearer, theirs in self.tasks:
            for pk, words in theirs:
                choice = fields.choice(words, [("", _("同其余任务")), *fates(counties)], required=False)
                self.fields[f"{OF_TASK}{pk}"] = choice

    @property
    def shown(self) -> list[forms.BoundField]:
        """All but the choices of single tasks."""
        return [field for field in self if not field.name.startswith(OF_TASK)]

    @property
    def folds(self) -> list[tuple[str, list[forms.BoundField]]]:
        """The choices of single tasks by bearer."""
        return [(bearer, [self[f"{OF_TASK}{pk}"] for pk, _words in theirs]) for bearer, theirs in self.tasks]

    def clean(self) -> dict[str, Any]:
        """The choices together under `settle`."""
        typed = super().clean() or {}
        said = {name: typed.pop(name) for name in list(typed) if name.startswith(OF_TASK)}
        chosen = {int(name.removeprefix(OF_TASK)): fate for name, fate in said.items() if fate}
        rest = typed.pop(REST, "") or ""
        return {**typed, "settle": Settle(rest=rest, tasks=chosen)}
