"""Facts as a person types them: a field for each fact of a plan, in a form whose faults are the plan's own."""

import re
import unicodedata
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from shuozhou_ops.errors import BadFacts

from . import words
from .assessment import validate
from .documents import FactSpec, PlanDocument

FACT = "fact-"
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
    return forms.CharField(widget=forms.TextInput(attrs={"inputmode": mode}), **most)


class FactsForm(forms.Form):
    """A form with a field for each fact of a plan. Its faults are the plan's own, each beside its field.

    mark: what stands before a fact's name in the name of its field, so that it is no other field's.
    """

    mark = FACT

    def __init__(self, *args: Any, document: PlanDocument, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.document = document
        self.fields = {**{self.mark + spec.name: field_of(spec) for spec in document.facts}, **self.fields}

    def fact_rows(self) -> list[tuple[FactSpec, forms.BoundField]]:
        """Each fact with its field."""
        return [(spec, self[self.mark + spec.name]) for spec in self.document.facts]

    def typed(self, spec: FactSpec) -> str:
        """What was typed for a fact."""
        return str(self.cleaned_data.get(self.mark + spec.name) or "")

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
            field = self.mark + name if self.mark + name in self.fields else name
            self.add_error(field if field in self.fields else None, message)

    def _name_strangers(self) -> None:
        names = {spec.name for spec in self.document.facts}
        for key in self.data:
            if key.startswith(self.mark) and key[len(self.mark) :] not in names:
                self.add_error(None, _("没有这项情况：%s") % key[len(self.mark) :][:40])


class TrialForm(FactsForm):
    """Facts tried without an incident; the field of a fact has the fact's own name, for the address to be read."""

    mark = ""

    def clean(self) -> dict[str, Any]:
        """The facts under `values`; every fault beside its field."""
        return {**(super().clean() or {}), "values": self.values()}
