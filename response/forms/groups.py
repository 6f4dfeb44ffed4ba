"""What is typed when the commander changes groups, members and tasks."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from . import fields
from .acts import ActForm, SeatForm

Numbered = Iterable[tuple[int, str]]
Choices = Iterable[tuple[str, str]]


def _one_of(label: Any, rows: Numbered) -> forms.TypedChoiceField:
    return fields.choice(label, [("", "—"), *rows], coerce=int)


class AddSeatForm(SeatForm):
    """Someone is added to what is out, or leads it in the place of those who lead now. rows: (number, name)."""

    def __init__(self, *args: Any, rows: Numbered = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        instead = forms.BooleanField(label=_("接替现任组长"), required=False)
        self.fields = {"deployment": _one_of(_("编组"), rows), **self.fields, "instead": instead}


class DropSeatForm(ActForm):
    """Someone is let go. rows: (number, words)."""

    reason = fields.words(_("理由"), required=True, rows=1)

    def __init__(self, *args: Any, rows: Numbered = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields = {"seat": _one_of(_("人员或单位"), rows), **self.fields}


class CallGroupForm(ActForm):
    """A group of the plan that is not out, or one of the commander's own. rows: (key, name)."""

    name = fields.words(_("预案没有的，写名称"), most=100, rows=1)
    reason = fields.words(_("说明"), rows=1)

    def __init__(self, *args: Any, rows: Choices = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        group = fields.choice(_("预案中的工作组"), [("", "—"), *rows], required=False)
        self.fields = {"group": group, **self.fields}


class ReleaseGroupForm(ActForm):
    """What is out is released. rows: (number, name)."""

    reason = fields.words(_("理由"), required=True, rows=1)

    def __init__(self, *args: Any, rows: Numbered = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields = {"deployment": _one_of(_("编组"), rows), **self.fields}


class GiveTaskForm(ActForm):
    """A task of the commander's own. rows: what is out, units: (key, name)."""

    bearer = fields.words(_("或写明承办人"), most=120, rows=1)
    due_at = fields.moment(_("完成时限"))

    def __init__(self, *args: Any, rows: Numbered = (), units: Choices = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        groups = [(f"deployment/{number}", name) for number, name in rows]
        bodies = [(f"unit/{key}", name) for key, name in units]
        to = fields.choice(_("交给"), [("", "—"), *groups, *bodies], required=False)
        text = fields.words(_("任务"), required=True, most=1000)
        self.fields = {"text": text, "to": to, **self.fields}

    def clean(self) -> dict[str, Any]:
        """With `unit` and `deployment` in the place of `to`."""
        typed = super().clean() or {}
        kind, _slash, key = str(typed.pop("to", "")).partition("/")
        deployment = int(key) if kind == "deployment" else None
        return {**typed, "unit": key if kind == "unit" else "", "deployment": deployment}


class ReleaseTaskForm(ActForm):
    """An open task is taken back. rows: (number, words)."""

    reason = fields.words(_("理由"), required=True, rows=1)

    def __init__(self, *args: Any, rows: Numbered = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields = {"task": _one_of(_("任务"), rows), **self.fields}
