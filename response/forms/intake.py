"""What the desk writes down of a call. Field names are those under which the action names a fault."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from plans import words as plan_words
from plans.documents import FactSpec, PlanDocument
from plans.forms import FACT
from response.actions.incidents import Call
from response.models.facts import Quality
from response.models.incidents import Source
from shuozhou_ops.accounts.models import Organisation

from . import fields
from .acts import ActForm
from .reporting import JudgedForm, note_of

OUTSIDE = "outside_city"
SWITCH = "switch"  # a press that changes the kind and keeps what was typed


def kind_field(documents: Sequence[PlanDocument]) -> forms.TypedChoiceField:
    """Which plan the event falls under, by its name."""
    return fields.choice(_("类别"), [(item.plan, item.name) for item in documents], radio=True)


class IntakeForm(JudgedForm, ActForm):
    """One call. counties: every county of the city. Only kind, place and source have to be given.

    The place is given by words, by a county or by both; a county that the words name is taken where none is ticked.
    """

    place = fields.words(gettext_lazy("地点"), most=200, rows=1)
    source = fields.choice(gettext_lazy("来源"), list(Source.choices), radio=True)
    counties = forms.MultipleChoiceField()
    outside_city = forms.BooleanField(label=gettext_lazy("市境外"), required=False)
    occurred_at = fields.moment(gettext_lazy("发生时间"))
    quality = fields.choice(gettext_lazy("是否核实"), list(Quality.choices), required=False)
    caller_name = fields.words(gettext_lazy("来电人"), most=60, rows=1)
    caller_phone = fields.words(gettext_lazy("来电号码"), most=30, rows=1)
    words = fields.words(gettext_lazy("来电内容"), most=5000, rows=3)
    latitude = fields.degrees(gettext_lazy("纬度"), 90)
    longitude = fields.degrees(gettext_lazy("经度"), 180)
    scope_judgement = fields.words(gettext_lazy("对我市影响的判断"))

    def __init__(
        self,
        *args: Any,
        documents: Sequence[PlanDocument],
        counties: Iterable[Organisation],
        open_incidents: Iterable[tuple[str, str]] = (),
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["follows"] = fields.choice(
            gettext_lazy("由在办的哪一起引发"), [("", "—"), *open_incidents], required=False
        )
        self.known_counties = list(counties)
        offered = [(item.key, item.name) for item in self.known_counties]
        self.fields["counties"] = fields.choices(gettext_lazy("事发县（市、区）"), offered, required=False)
        self.fields = {"plan": kind_field(documents), **self.fields}
        marks = list(plan_words.flags(self.document).items())
        if marks:
            self.fields["flags"] = fields.choices(gettext_lazy("标记"), marks, required=False)
        if not self.is_bound:
            self.fields["place" if "plan" in self.initial else "plan"].widget.attrs["autofocus"] = True

    def fact_notes(self) -> list[tuple[FactSpec, forms.BoundField, str]]:
        """Each fact with its field, and what it follows from by itself."""
        return [(spec, value, note_of(spec)) for spec, value in self.fact_rows()]

    def county_rows(self) -> list[tuple[Any, str]]:
        """Each county's box, with the words that name it, for the script that ticks it."""
        named = {item.key: " ".join(names_of(item)) for item in self.known_counties}
        return [(box, named[str(box.data["value"])]) for box in self["counties"]]

    def clean(self) -> dict[str, Any]:
        """The facts under `values`, the place made whole; every fault beside its field."""
        cleaned = super().clean() or {}
        cleaned["values"] = self.values()
        self.ask_whose(cleaned["values"])
        ticked, outside = cleaned.get("counties") or [], cleaned.get(OUTSIDE)
        if not ticked and not outside and "counties" not in self.errors:
            cleaned["counties"] = ticked = named_in(cleaned.get("place") or "", self.known_counties)
        if ticked and outside:
            self.add_error(OUTSIDE, _("“事发县（市、区）”与“市境外”只能选一样。"))
        if not cleaned.get("place") and "place" not in self.errors:
            cleaned["place"] = "、".join(item.name for item in self.known_counties if item.key in ticked)
            if not cleaned["place"]:
                self.add_error("place", _("请填写“地点”，或选择事发县（市、区）。"))
        if (cleaned.get("latitude") is None) != (cleaned.get("longitude") is None) and not (
            {"latitude", "longitude"} & self.errors.keys()
        ):
            missing = "latitude" if cleaned.get("latitude") is None else "longitude"
            self.add_error(missing, _("“纬度”和“经度”要一起填写。"))
        return cleaned

    def call(self) -> Call:
        """What was written down, for the action."""
        typed = self.cleaned_data
        return Call(
            plan=self.document.plan,
            place=typed["place"],
            source=typed["source"],
            counties=tuple(typed["counties"]),
            outside_city=typed[OUTSIDE],
            occurred_at=typed["occurred_at"],
            latitude=typed["latitude"],
            longitude=typed["longitude"],
            caller_name=typed["caller_name"],
            caller_phone=typed["caller_phone"],
            words=typed["words"],
            scope_judgement=typed["scope_judgement"],
            facts=typed["values"],
            quality=typed["quality"] or Quality.ESTIMATED,
            judged=self.judged(),
            flags=tuple(typed.get("flags", ())),
            follows=typed.get("follows") or "",
        )


def names_of(county: Organisation) -> list[str]:
    """What people call a county: its name, its aliases, and each without the word for its kind (怀仁 for 怀仁市)."""
    whole = [county.name, *county.aliases]
    short = [name[:-1] for name in whole if len(name) > 2 and name[-1] in "县区市"]
    return [*whole, *short]


def named_in(words: str, counties: Iterable[Organisation]) -> list[str]:
    """The keys of the counties that some words name."""
    return [county.key for county in counties if any(name in words for name in names_of(county))]


def pressed(posted: Mapping[str, str]) -> tuple[str, str] | None:
    """What a press fills in, field and value: the kind of `switch=PLAN`, the proposal of `adopt=FACT=VALUE`."""
    if kind := posted.get(SWITCH):
        return "plan", kind
    name, found, value = posted.get("adopt", "").partition("=")
    return (FACT + name, value) if found else None


def carried_over(posted: QueryDict, document: PlanDocument | None) -> QueryDict:
    """What was posted under another kind, for this one: everything but the facts that it does not have."""
    kept = posted.copy()
    ours = {FACT + spec.name for spec in document.facts} if document else set()
    for name in [name for name in kept if name.startswith(FACT) and name not in ours]:
        del kept[name]
    marks = plan_words.flags(document) if document else {}
    kept.setlist("flags", [mark for mark in kept.getlist("flags") if mark in marks])
    return kept
