"""Facts and moments as they are reported: a field each, and beside it a tick to withdraw what was said."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from plans import words
from plans.documents import FactSpec, PlanDocument
from plans.facts import take
from plans.forms import FACT, FactsForm, field_of, read
from response.actions.facts import Judged, judged_faults
from response.figures import FIGURE, as_facts
from response.models.facts import Quality
from shuozhou_ops.errors import FieldError

from . import fields
from .acts import ActForm

WITHDRAW = "withdraw-"
MOMENT = "moment-"


class JudgedForm(FactsForm):
    """Facts of which some may be judgements: then whose, at which post and why. What is missing stands at its field."""

    judged_by = fields.words(gettext_lazy("研判人"), most=100, rows=1)
    judged_post = fields.words(gettext_lazy("研判人职务"), most=100, rows=1)
    judged_reason = fields.words(gettext_lazy("研判理由"), rows=2)

    def __init__(self, *args: Any, document: PlanDocument, **kwargs: Any) -> None:
        super().__init__(*args, document=document, **kwargs)
        self.judgements = [words.label(spec.label, spec.name) for spec in document.facts if spec.judgement]
        if not self.judgements:
            for name in ("judged_by", "judged_post", "judged_reason"):
                del self.fields[name]

    @property
    def judged_fields(self) -> list[forms.BoundField]:
        """The fields that say whose judgement it is; none where this plan asks for none."""
        return [self[name] for name in ("judged_by", "judged_post", "judged_reason") if name in self.fields]

    def judged(self) -> Judged:
        """Whose judgement it is, as typed."""
        typed = self.cleaned_data
        return Judged(typed.get("judged_by", ""), typed.get("judged_post", ""), typed.get("judged_reason", ""))

    def ask_whose(self, values: Mapping[str, Any]) -> None:
        """Put what is missing of whose judgement these values are beside its field."""
        for fault in judged_faults(self.document, values, self.judged()):
            if fault.field in self.fields and fault.field not in self.errors:
                self.add_error(fault.field, fault.message)


@dataclass(frozen=True)
class Row:
    """One fact or moment of the form: its field, its tick where something is known of it, what stands behind it."""

    field: forms.BoundField
    withdraw: forms.BoundField | None
    unit: str = ""
    note: str = ""


class ReportForm(JudgedForm, ActForm):
    """What has been learnt: only what is filled in is reported. known, told, counted: the facts, moments and figures
    known now."""

    observed_at = fields.moment(gettext_lazy("何时的情况"))
    source = fields.words(gettext_lazy("来源"), required=True, most=200, rows=1)
    quality = fields.choice(gettext_lazy("是否核实"), list(Quality.choices))
    corrects_present = forms.BooleanField(
        label=gettext_lazy("更正现有数字（另一来源的数字不勾，与现有的并列）"), required=False
    )

    def __init__(
        self,
        *args: Any,
        known: Iterable[str] = (),
        told: Iterable[str] = (),
        counted: Iterable[str] = (),
        document: PlanDocument,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, document=document, **kwargs)
        self.milestones = words.milestones(document)
        for name, label in self.milestones.items():
            self.fields[MOMENT + name] = fields.moment(label)
        labels = {spec.name: words.label(spec.label, spec.name) for spec in document.facts} | self.milestones
        for name in (*known, *told):
            label = _("撤回%s") % labels.get(name, name)
            self.fields[WITHDRAW + name] = forms.BooleanField(label=label, required=False)
        self.figures = as_facts(document).facts
        for spec in self.figures:
            self.fields[FIGURE + spec.name] = field_of(spec)
        for name in counted:
            self.fields[WITHDRAW + FIGURE + name] = forms.BooleanField(label=_("撤回"), required=False)

    def rows(self) -> list[Row]:
        """Each fact."""
        return [Row(value, self._tick(spec.name), spec.unit or "", note_of(spec)) for spec, value in self.fact_rows()]

    def moment_rows(self) -> list[Row]:
        """Each milestone."""
        return [Row(self[MOMENT + name], self._tick(name)) for name in self.milestones]

    def figure_rows(self) -> list[Row]:
        """Each figure that the plan counts beside its facts."""
        return [Row(self[FIGURE + spec.name], self._tick(FIGURE + spec.name)) for spec in self.figures]

    @property
    def figures_open(self) -> bool:
        """Whether the figures stand unfolded: one of them is refused."""
        return any(name.startswith(FIGURE) for name in self.errors)

    @property
    def moments_open(self) -> bool:
        """Whether the moments stand unfolded: this plan's clocks run by them, or one of them is refused."""
        clocked = any("hours_since" in (spec.derive or {}) for spec in self.document.facts)
        return clocked or any(name.startswith(MOMENT) for name in self.errors)

    def _tick(self, name: str) -> forms.BoundField | None:
        return self[WITHDRAW + name] if WITHDRAW + name in self.fields else None

    def refuse(self, by_field: dict[str, str]) -> None:
        """A fault of a milestone stands beside its field."""
        super().refuse({MOMENT + name if name in self.milestones else name: text for name, text in by_field.items()})

    def clean(self) -> dict[str, Any]:
        """The values by fact under `values`, the moments by milestone under `moments`, the figures under `figures`;
        null where withdrawn."""
        cleaned = super().clean() or {}
        values = self.values()
        moments: dict[str, datetime | None] = {
            name: cleaned[MOMENT + name] for name in self.milestones if cleaned.get(MOMENT + name)
        }
        for spec in self.document.facts:
            if cleaned.get(WITHDRAW + spec.name):
                label = words.label(spec.label, spec.name)
                self._withdraw(FACT + spec.name, label, typed=bool(self.typed(spec)))
                values[spec.name] = None
        for name, label in self.milestones.items():
            if cleaned.get(WITHDRAW + name):
                self._withdraw(MOMENT + name, label, typed=name in moments)
                moments[name] = None
        self.ask_whose(values)
        figures = self._figures(cleaned)
        if not values and not moments and not figures and not self.errors:
            self.add_error(None, _("请至少填写一项情况。"))
        return {**cleaned, "values": values, "moments": moments, "figures": figures}

    def _figures(self, cleaned: Mapping[str, Any]) -> dict[str, Any]:
        """The figures that were typed or withdrawn; every fault beside its field."""
        found: dict[str, Any] = {}
        for spec in self.figures:
            typed = str(cleaned.get(FIGURE + spec.name) or "")
            if typed:
                taken = take(spec, read(spec, typed))
                if isinstance(taken, FieldError):
                    self.add_error(FIGURE + spec.name, taken.message)
                else:
                    found[spec.name] = taken
            if cleaned.get(WITHDRAW + FIGURE + spec.name):
                self._withdraw(FIGURE + spec.name, words.label(spec.label, spec.name), typed=bool(typed))
                found[spec.name] = None
        return found

    def _withdraw(self, field: str, label: str, *, typed: bool) -> None:
        if typed:
            self.add_error(field, _("“%s”不能既填写又撤回。") % label)


class HandInForm(ActForm):
    """What a unit told. slots: (key, words), grouped by unit."""

    text = fields.words(gettext_lazy("报告内容"), required=True, most=2000, rows=3)
    observed_at = fields.moment(gettext_lazy("何时的情况"))

    def __init__(self, *args: Any, slots: Iterable[tuple[str, list[tuple[str, str]]]] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        slot = fields.choice(gettext_lazy("谁报告什么"), [("", "—"), *slots])
        self.fields = {"slot": slot, **self.fields}


def note_of(spec: FactSpec) -> str:
    """That a fact follows by itself, so that nobody counts hours by hand."""
    rule = spec.derive or {}
    if "hours_since" in rule:
        return _("由时间点自动计时，时间不明才填")
    if "open_incidents_like" in rule:
        return _("由标记自动计数，系统外还有才填总数")
    return ""
