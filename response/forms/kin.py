"""What is typed when an incident is merged, linked, or put under the right plan."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from . import fields
from .acts import ActForm
from .settling import SettleForm

Choices = Iterable[tuple[str, Any]]


class MergeForm(ActForm):
    """Into which incident. incidents: (public id, words), in groups."""

    def __init__(self, *args: Any, incidents: Choices = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["into"] = fields.choice(_("并入"), [("", "—"), *incidents])
        self.fields["reason"] = fields.words(_("怎么看出是同一起"), rows=1)


class FollowForm(ActForm):
    """Which incident brought this one about. incidents: (public id, words)."""

    def __init__(self, *args: Any, incidents: Choices = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["first"] = fields.choice(_("由哪一起引发"), [("", "—"), *incidents])


class ChangePlanForm(ActForm):
    """Under which plan it belongs. plans: (key, words)."""

    def __init__(self, *args: Any, plans: Choices = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["plan"] = fields.choice(_("改按"), list(plans), radio=True)
        self.fields["reason"] = fields.words(_("理由"), required=True, rows=1)


class TakeOnForm(SettleForm):
    """The right plan and the level to start there at once. starts: (`plan/level`, words), by plan."""

    def __init__(self, *args: Any, starts: Choices = (), **kwargs: Any) -> None:
        super().__init__(*args, must=True, label=_("理由"), **kwargs)
        right = forms.ChoiceField(
            label=_("改按哪个预案、启动哪一级"),
            choices=[("", "—"), *starts],
            error_messages={
                "required": _("请选择“改按哪个预案、启动哪一级”。"),
                "invalid_choice": _("请选择“改按哪个预案、启动哪一级”中列出的一项。"),
            },
        )
        self.fields = {"right": right, **self.fields}

    def clean(self) -> dict[str, Any]:
        """The plan and the level apart."""
        typed = super().clean()
        plan, _slash, level = str(typed.pop("right", "")).rpartition("/")
        return {**typed, "plan": plan, "to_level": int(level) if level else 0}
