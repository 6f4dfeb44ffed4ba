"""Facts as they are reported: a field a fact of the plan, and beside it a tick to withdraw what was said."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from plans import words
from plans.documents import FactSpec
from plans.forms import FACT, FactsForm
from response.models.facts import Quality

from . import fields
from .acts import ActForm

WITHDRAW = "withdraw-"


class ReportForm(FactsForm, ActForm):
    """What has been learnt: only what is filled in is reported. known: the facts that have a value now."""

    observed_at = fields.moment(gettext_lazy("何时的情况"))
    source = fields.words(gettext_lazy("来源"), required=True, most=200, rows=1)
    quality = fields.choice(gettext_lazy("是否核实"), list(Quality.choices))

    def __init__(self, *args: Any, known: Mapping[str, Any] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for spec in self.document.facts:
            if spec.name in (known or {}):
                self.fields[WITHDRAW + spec.name] = forms.BooleanField(label=_("撤回"), required=False)

    def rows(self) -> list[tuple[FactSpec, forms.BoundField, forms.BoundField | None]]:
        """Each fact with its field and, where something is known of it, its tick."""
        return [
            (spec, value, self[WITHDRAW + spec.name] if WITHDRAW + spec.name in self.fields else None)
            for spec, value in self.fact_rows()
        ]

    def clean(self) -> dict[str, Any]:
        """The values by fact, null where withdrawn, under `values`; every fault beside its field."""
        cleaned = super().clean() or {}
        values = self.values()
        for spec in self.document.facts:
            if cleaned.get(WITHDRAW + spec.name):
                self._withdraw(spec, values)
        if not values and not self.errors:
            self.add_error(None, _("请至少填写一项情况。"))
        cleaned["values"] = values
        return cleaned

    def _withdraw(self, spec: FactSpec, values: dict[str, Any]) -> None:
        if self.typed(spec):
            label = words.label(spec.label, spec.name)
            self.add_error(FACT + spec.name, _("“%s”不能既填写又撤回。") % label)
        values[spec.name] = None
