"""What is typed with an act on an incident. Field names are those under which the actions name a fault."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from response.models import DecisionStep, DeploymentSeat

from . import fields

BY_MOUTH_FIRST = ("phone", "spoken", "written", "radio", "system")
MEANS = [(value, DecisionStep.Means(value).label) for value in BY_MOUTH_FIRST]


class ActForm(forms.Form):
    """The words of one act. `hidden`: what the page itself sends with it.

    told_apart: the field that tells the several forms of one act on a page apart; '' where there is one.
    """

    hidden: Mapping[str, Any] = {}
    told_apart = ""

    @property
    def shown(self) -> list[forms.BoundField]:
        """The fields that stand open one below the other."""
        return list(self)

    @property
    def folds(self) -> list[tuple[str, list[forms.BoundField]]]:
        """Fields that are folded away under a heading each."""
        return []

    def refuse(self, by_field: dict[str, str]) -> None:
        """Put the faults that an action named beside their fields; the others stay with the refusal itself."""
        for name, message in by_field.items():
            if name in self.fields:
                self.add_error(name, message)

    def faults(self) -> str:
        """Every fault of a form that could not be read, in one line."""
        return "".join(dict.fromkeys(str(message) for messages in self.errors.values() for message in messages))


class EmptyForm(ActForm):
    """Nothing to type."""


class VerifyForm(ActForm):
    """The event is real."""

    basis = fields.words(_("核实依据"), rows=1)


class LocateForm(ActForm):
    """In which counties it happened. counties: (key, name)."""

    counties = forms.MultipleChoiceField()

    def __init__(self, *args: Any, counties: Iterable[tuple[str, str]] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["counties"] = fields.choices(_("事发县（市、区）"), list(counties))


class ProposeForm(ActForm):
    """A suggestion goes up the chain."""

    note = fields.words(_("附言"), rows=1)

    def __init__(self, *args: Any, ticks: forms.Field | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if ticks:
            self.fields["ticked"] = ticks


class AddStepForm(ActForm):
    """A step of the chain that was done without the system, written down afterwards."""

    said_at = fields.moment(_("时间（不填即现在）"))
    means = fields.choice(_("方式"), MEANS)
    note = fields.words(_("内容"), rows=1)


class ReasonForm(ActForm):
    """A reason, the judgement that an event outside the city asks for, and whom to tell where that is ticked.

    must: the reason has to be given.
    """

    reason = fields.words(_("理由"))
    scope_judgement = fields.words(_("对我市影响的判断"))

    def __init__(
        self,
        *args: Any,
        must: bool = False,
        judged: bool = False,
        label: Any = None,
        ticks: forms.Field | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"] = fields.words(label or _("理由"), required=must)
        if judged:
            self.fields["scope_judgement"] = fields.words(_("对我市影响的判断"), required=True)
        else:
            del self.fields["scope_judgement"]
        if ticks:
            self.fields["ticked"] = ticks


class LevelForm(ReasonForm):
    """A level chosen by a person. levels: (number, words); lists: whom to tell, by level, where that is ticked.

    again: the page that sends it shows a response that has ended, and asks for another start; None: no decision.
    """

    def __init__(
        self,
        *args: Any,
        levels: Iterable[tuple[int, str]] = (),
        lists: Mapping[int, forms.Field] | None = None,
        again: bool | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        level = fields.choice(_("级别"), list(levels), radio=True, coerce=int)
        self.lists = {number: f"ticked-{number}" for number in lists or {}}
        named = {self.lists[number]: ticks for number, ticks in (lists or {}).items()}
        self.fields = {"to_level": level, **named, **self.fields}
        if again is not None:
            self.fields["again"] = forms.BooleanField(required=False, initial=again, widget=forms.HiddenInput)

    def clean(self) -> dict[str, Any]:
        """With the list of the level that was chosen, as `ticked`."""
        typed = super().clean() or {}
        lists = {number: typed.pop(name, None) for number, name in self.lists.items()}
        return {**typed, "ticked": lists.get(typed.get("to_level", 0))}


class VerifyFactsForm(ActForm):
    """Figures verified as they stand. names: (fact, words). `seen`, sent by the page: the reports it showed."""

    facts = forms.MultipleChoiceField()
    source = fields.words(_("核实来源"), required=True, most=200, rows=1)

    def __init__(self, *args: Any, names: Iterable[tuple[str, str]] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["facts"] = fields.choices(_("情况"), list(names))

    def clean(self) -> dict[str, Any]:
        """With the numbers of the reports seen, or None."""
        seen = str(self.data.get("seen", "")).split(",")
        known = all(number.isdecimal() and len(number) < 19 for number in seen)
        return {**(super().clean() or {}), "seen": [int(number) for number in seen] if known else None}


class ChooseFactForm(ActForm):
    """One of the reports that stand is put in force. The page itself sends which."""

    told_apart = "report"
    report = fields.hidden_number(_("报告"), most=2**63 - 1)
    reason = fields.words(_("采用的理由"), required=True, rows=1)


class MarkForm(ActForm):
    """A mark of the plan's, set where `bears`, else taken away. The page itself sends both."""

    told_apart = "flag"
    flag = forms.CharField(max_length=80, widget=forms.HiddenInput)
    bears = forms.BooleanField(required=False, widget=forms.HiddenInput)
    reason = fields.words(_("理由"), rows=1)


class ConfirmEndForm(ActForm):
    """One end condition, confirmed by name."""

    told_apart = "condition"
    condition = fields.hidden_number(_("结束条件"))
    basis = fields.words(_("确认依据"), required=True, rows=1)


class ChecklistForm(ActForm):
    """Lines of the plan's checklist to be given as tasks. lines: by clause, (place, words)."""

    lines = forms.TypedMultipleChoiceField()

    def __init__(self, *args: Any, lines: Iterable[tuple[str, list[tuple[int, str]]]] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        wrong = _("请勾选要交办的措施。")
        self.fields["lines"] = forms.TypedMultipleChoiceField(
            label=_("措施"),
            choices=list(lines),
            coerce=int,
            widget=forms.CheckboxSelectMultiple,
            error_messages={"required": wrong, "invalid_choice": wrong, "invalid_list": wrong},
        )


class SeatForm(ActForm):
    """Who is named to a seat: a unit, or a person with or without an account. units: (key, name)."""

    person_name = fields.words(_("姓名"), most=60, rows=1)
    person_post = fields.words(_("职务"), most=100, rows=1)
    person_phone = fields.words(_("电话"), most=30, rows=1)

    def __init__(self, *args: Any, units: Iterable[tuple[str, str]] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        role = fields.choice(_("任"), list(DeploymentSeat.Role.choices))
        unit = fields.choice(_("单位"), [("", "—"), *units], required=False)
        self.fields = {"role": role, "unit": unit, **self.fields}


SIGNATURE = ("signed_name", "signed_post", "taken_over_by")


class PaperForm(ActForm):
    """A paper, heading by heading: field `heading-N`; and who signs it. to: who takes it over, by the plan, or ''."""

    signed_name = fields.words(_("签名人"), most=60, rows=1)
    signed_post = fields.words(_("签名人职务"), most=100, rows=1)
    taken_over_by = fields.words(_("接收单位和接收人"), most=100, rows=1)

    def __init__(self, *args: Any, headings: Iterable[str] = (), to: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.headings = list(headings)
        signature = {name: self.fields.pop(name) for name in SIGNATURE}
        if not to:
            del signature["taken_over_by"]
        for place, heading in enumerate(self.headings):
            self.fields[f"heading-{place}"] = fields.words(heading, required=True, most=10_000, rows=3)
        self.fields.update(signature)

    def content(self) -> dict[str, str]:
        """What was typed, by heading."""
        return {heading: self.cleaned_data[f"heading-{place}"] for place, heading in enumerate(self.headings)}

    def signature(self) -> dict[str, str]:
        """Who signed it and who took it over, as typed."""
        return {name: self.cleaned_data.get(name, "") for name in SIGNATURE}

    def refuse(self, by_field: dict[str, str]) -> None:
        """The action names a fault by its heading."""
        places = {heading: f"heading-{place}" for place, heading in enumerate(self.headings)}
        super().refuse({places.get(name, name): message for name, message in by_field.items()})
