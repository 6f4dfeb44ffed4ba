"""Facts as they are reported: a field a fact of the plan, and beside it a tick to withdraw what was said."""

import re
import unicodedata
from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from plans import words
from plans.assessment import validate
from plans.documents import FactSpec, PlanDocument
from response.models.facts import Quality
from shuozhou_ops.errors import BadFacts

from . import fields
from .acts import ActForm

FACT, WITHDRAW = "fact-", "withdraw-"
NUMBER = re.compile(r"[+-]?(\d{1,30}(\.\d{1,30})?([eE][+-]?\d{1,3})?|nan|inf(inity)?)", re.IGNORECASE)
BOOLEANS = {"true": True, "false": False}


def read(spec: FactSpec, typed: str) -> Any:
    """What was typed for a fact as a value; text that is none stays text, so that the plan's own check names it."""
    text = unicodedata.normalize("NFKC", typed).strip()
    if spec.type == "boolean":
        return BOOLEANS.get(text, text)
    if spec.type == "choice":
        return next((value for value in spec.values or () if str(value) == text), text)
    if not NUMBER.fullmatch(text):
        return typed.strip()
    return int(text) if re.fullmatch(r"[+-]?\d+", text) else float(text)


def field_of(spec: FactSpec) -> forms.Field:
    """The field of one fact. Its complaints are the plan's, so the field itself takes any short text."""
    label = words.label(spec.label, spec.name)
    most: Any = {"label": label, "required": False, "max_length": 200}
    most["error_messages"] = {"max_length": _("“%(label)s”填写的内容过长。") % {"label": label}}
    if spec.type == "boolean":
        return forms.CharField(widget=forms.Select(choices=[("", "—"), ("true", _("是")), ("false", _("否"))]), **most)
    if spec.type == "choice":
        values = [(str(value), words.value(spec, value)) for value in spec.values or ()]
        return forms.CharField(widget=forms.Select(choices=[("", "—"), *values]), **most)
    mode = "numeric" if spec.type == "integer" else "decimal"
    return forms.CharField(widget=forms.TextInput(attrs={"inputmode": mode, "autocomplete": "off"}), **most)


class FactsForm(ActForm):
    """A form with a field for each fact of a plan. Its faults are the plan's own, each beside its field."""

    def __init__(self, *args: Any, document: PlanDocument, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.document = document
        self.fields = {**{FACT + spec.name: field_of(spec) for spec in document.facts}, **self.fields}

    def fact_rows(self) -> list[tuple[FactSpec, forms.BoundField]]:
        """Each fact with its field."""
        return [(spec, self[FACT + spec.name]) for spec in self.document.facts]

    def typed(self, spec: FactSpec) -> str:
        """What was typed for a fact."""
        return str(self.cleaned_data.get(FACT + spec.name) or "")

    def values(self) -> dict[str, Any]:
        """The values that were typed, by fact, each checked by itself: a fault stands beside its field."""
        self._name_strangers()
        values = {spec.name: read(spec, self.typed(spec)) for spec in self.document.facts if self.typed(spec)}
        try:
            return validate(self.document, values)
        except BadFacts as bad:
            self.refuse({item.field: item.message for item in bad.errors})
            return validate(self.document, {name: value for name, value in values.items() if name not in bad.fields})

    def refuse(self, by_field: dict[str, str]) -> None:
        """A fault of a fact stands beside its field."""
        for name, message in by_field.items():
            field = FACT + name if FACT + name in self.fields else name
            self.add_error(field if field in self.fields else None, message)

    def _name_strangers(self) -> None:
        names = {spec.name for spec in self.document.facts}
        for key in self.data:
            if key.startswith(FACT) and key[len(FACT) :] not in names:
                self.add_error(None, _("没有这项情况：%s") % key[len(FACT) :][:40])


class ReportForm(FactsForm):
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
