"""Fields whose complaints name them by their label, in Chinese."""

from collections.abc import Collection, Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

MOMENT_FORMATS = ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M", "%Y-%m-%d %H:%M:%S"]
Words = Any  # text, or text that waits for the reader's language


def _of(label: Words, complaint: Words) -> Words:
    return format_lazy(complaint, label=label)


def words(label: Words, *, required: bool = False, most: int = 500, rows: int = 2, **options: Any) -> forms.CharField:
    """Words on one or more lines; `most` characters."""
    area = forms.Textarea(attrs={"rows": rows}) if rows > 1 else forms.TextInput()
    return forms.CharField(
        label=label,
        required=required,
        max_length=most,
        widget=area,
        error_messages={
            "required": _of(label, _("请填写“{label}”。")),
            "max_length": _of(label, format_lazy(_("“{{label}}”最多 {most} 个字。"), most=most)),
        },
        **options,
    )


def moment(label: Words, *, required: bool = False, **options: Any) -> forms.DateTimeField:
    """A moment of the city's time; empty is left to the act."""
    return forms.DateTimeField(
        label=label,
        required=required,
        input_formats=MOMENT_FORMATS,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local", "step": 60}, format="%Y-%m-%dT%H:%M"),
        error_messages={
            "required": _of(label, _("请填写“{label}”。")),
            "invalid": _of(label, _("“{label}”不是有效的时间。")),
        },
        **options,
    )


def choice(
    label: Words, choices: list[tuple[Any, Any]], *, required: bool = True, radio: bool = False, **options: Any
) -> forms.TypedChoiceField:
    """One of a few; as large keys where `radio`."""
    return forms.TypedChoiceField(
        label=label,
        required=required,
        choices=choices,
        widget=forms.RadioSelect if radio else forms.Select,
        error_messages={
            "required": _of(label, _("请选择“{label}”。")),
            "invalid_choice": _of(label, _("请选择“{label}”中列出的一项。")),
        },
        **options,
    )


def choices(label: Words, choices: list[tuple[Any, Any]], *, required: bool = True) -> forms.MultipleChoiceField:
    """Several of a few, each with its box."""
    return forms.MultipleChoiceField(
        label=label,
        required=required,
        choices=choices,
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": _of(label, _("请勾选“{label}”。")),
            "invalid_choice": _of(label, _("请勾选“{label}”中列出的一项。")),
            "invalid_list": _of(label, _("请勾选“{label}”中列出的一项。")),
        },
    )


class Ticks(forms.CheckboxSelectMultiple):
    """A list of boxes, some of which nobody can untick. `must`: their values.

    A browser sends neither an empty box nor one that is fixed: the list says itself that it was there.
    """

    must: Collection[str] = ()

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> Any:
        """The ticked ones; None where no list was there."""
        return super().value_from_datadict(data, files, name) if f"{name}-asked" in data else None

    def create_option(self, name: str, value: Any, label: Any, selected: Any, *args: Any, **kwargs: Any) -> Any:
        """One box; ticked for good where it must be."""
        fixed = value in self.must
        option = super().create_option(name, value, label, selected or fixed, *args, **kwargs)
        if fixed:
            option["attrs"]["disabled"] = True
        return option


class TicksField(forms.MultipleChoiceField):
    """What was ticked among a few; None where the list was not there, so that what stood stands."""

    widget = Ticks

    def clean(self, value: Any) -> list[str] | None:
        """The ticked ones or None. Raises ValidationError."""
        return None if value is None else super().clean(value)

    def bound_data(self, data: Any, initial: Any) -> Any:
        """What shows again: what was sent, else what was ticked before."""
        return initial if data is None else data


def ticks(
    label: Words, choices: list[tuple[str, str]], *, must: Collection[str], ticked: Collection[str]
) -> TicksField:
    """Any of a few, those of `must` among them for good; `ticked` where nobody has touched them."""
    wrong = _of(label, _("请勾选“{label}”中列出的一项。"))
    field = TicksField(
        label=label,
        required=False,
        choices=choices,
        initial=list(ticked),
        error_messages={"invalid_choice": wrong, "invalid_list": wrong},
    )
    field.widget.must = must
    return field


def hidden_number(label: Words, *, most: int = 10_000) -> forms.IntegerField:
    """A number that the page itself fills in."""
    wrong = _of(label, _("“{label}”不是有效的编号。"))
    return forms.IntegerField(
        label=label,
        min_value=0,
        max_value=most,
        widget=forms.HiddenInput,
        error_messages={"required": wrong, "invalid": wrong, "min_value": wrong, "max_value": wrong},
    )


def number_of(label: Words) -> forms.IntegerField:
    """The number of a row, which the page itself fills in."""
    return hidden_number(label, most=2**63 - 1)


class Degrees(forms.DecimalField):
    """Degrees of latitude or longitude as they are pasted from a map, kept to five places (about a metre)."""

    def to_python(self, value: Any) -> Any:
        """The number without its sign of degrees. Raises ValidationError."""
        text = str(value or "").strip().rstrip("°")
        if len(text) > 40:
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        number = super().to_python(text)
        return (
            number.quantize(Decimal("0.00001"))
            if number is not None and number.is_finite() and abs(number) < 1000
            else number
        )


def degrees(label: Words, most: int) -> Degrees:
    """Degrees from -most to most, WGS-84; empty where nobody knows."""
    return Degrees(
        label=label,
        required=False,
        min_value=-most,
        max_value=most,
        widget=forms.TextInput(attrs={"inputmode": "decimal"}),
        error_messages={
            "invalid": _of(label, _("“{label}”应是数字，例如 39.55410。")),
            "min_value": _of(label, format_lazy(_("“{{label}}”应在 -{most} 到 {most} 度之间。"), most=most)),
            "max_value": _of(label, format_lazy(_("“{{label}}”应在 -{most} 到 {most} 度之间。"), most=most)),
        },
    )
