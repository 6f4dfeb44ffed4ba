"""The words of a situation report, and to whom it goes."""

import re
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from response import situation
from response.models import SituationReport

from . import fields
from .acts import ActForm


class DraftForm(ActForm):
    """Whether the report to be drafted is the final one. may_be_final: after an end."""

    final = forms.BooleanField(label=_("作为终报"), required=False)

    def __init__(self, *args: Any, may_be_final: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not may_be_final:
            del self.fields["final"]

    def clean(self) -> dict[str, Any]:
        """With `final` false where it was not asked."""
        return {"final": False, **(super().clean() or {})}


class EditForm(DraftForm):
    """A draft as it may be changed. The names of the local setting have a box each, any other one is typed."""

    text = fields.words(_("情况"), required=True, most=10_000, rows=10)
    others = fields.words(_("还报给谁（用顿号隔开）"), most=500, rows=1)

    def __init__(self, *args: Any, report: SituationReport, **kwargs: Any) -> None:
        names = [name for step in situation.steps() for name in step]
        typed = "、".join(name for name in report.sent_to if name not in names)
        now = {"text": report.text, "to": report.sent_to, "others": typed, "final": report.kind == report.Kind.FINAL}
        super().__init__(*args, initial=now, **kwargs)
        to = fields.choices(_("报给谁"), [(name, name) for name in names], required=False)
        order = {"text": self.fields["text"], "to": to, "others": self.fields["others"]}
        self.fields = order | {name: field for name, field in self.fields.items() if name not in order}
        self.hidden = {"seen": report.fingerprint}

    def clean(self) -> dict[str, Any]:
        """What the act takes: the names under `sent_to`, the print of the draft that was seen under `seen`."""
        typed = super().clean()
        others = [name.strip() for name in re.split(r"[、，,;；\n]", typed.get("others") or "")]
        sent_to = [*(typed.get("to") or ()), *(name for name in others if name)]
        words = {"text": typed.get("text", ""), "sent_to": sent_to, "final": typed["final"]}
        return {**words, "seen": self.data.get("seen")}

    def refuse(self, by_field: dict[str, str]) -> None:
        """A fault of the names stands where others are typed."""
        super().refuse({"others" if name == "sent_to" else name: text for name, text in by_field.items()})


class SeenForm(ActForm):
    """A press on a draft as it was seen."""

    def __init__(self, *args: Any, report: SituationReport, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.hidden = {"seen": report.fingerprint}

    def clean(self) -> dict[str, Any]:
        """The print that was seen."""
        return {**(super().clean() or {}), "seen": self.data.get("seen")}
