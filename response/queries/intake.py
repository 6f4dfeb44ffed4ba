"""The page on which a call is written down: the form, and beside it what the plan makes of what is typed so far."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from plans import scope, words
from plans.documents import FactSpec, PlanDocument
from plans.forms import FACT
from plans.scope import Judged
from response import facts as standing
from response.forms.intake import OUTSIDE, SWITCH, IntakeForm
from response.models.incidents import OVER
from shuozhou_ops.accounts.models import Organisation
from shuozhou_ops.errors import DomainError
from shuozhou_ops.journal.actors import Actor

from . import duplicates, judgements
from .case import OTHERS
from .duplicates import Duplicate
from .judgements import Judgement, label_of, would_become
from .logging_rights import plans_to_log
from .visibility import incidents_visible_to


@dataclass(frozen=True)
class Proposal:
    """A value that the plan's data proposes for a fact by the counties; a person takes it over, or not."""

    field: str
    name: str
    label: str
    value: Any
    words: str
    becomes: str  # the level by the table once it is taken over, where that changes it


@dataclass
class Intake:
    """Everything the page shows. `judgement`, `scope` and `duplicates` are of what is typed so far.

    chosen: whether the kind of event is known; until then no facts are asked for and nothing is judged.
    others: the other kinds, the most alike first. instead: those it may be, where it is out of the scope of this one.
    """

    document: PlanDocument
    chosen: bool
    form: IntakeForm
    judgement: Judgement
    scope: Judged
    others: list[PlanDocument]
    instead: list[PlanDocument] = field(default_factory=list)
    proposals: list[Proposal] = field(default_factory=list)
    duplicates: list[Duplicate] = field(default_factory=list)
    refusal: DomainError | None = None

    @property
    def plan_key(self) -> str:
        """Whose clauses are shown; '' while the kind is open."""
        return self.document.plan if self.chosen else ""

    @property
    def faults(self) -> list[tuple[str, str]]:
        """Every fault of the form: the id of its field ('' where it has none), the words."""
        return [
            (self.form[name].id_for_label or f"id_{name}" if name in self.form.fields else "", str(message))
            for name, messages in self.form.errors.items()
            for message in messages
        ]


def documents_for(actor: Actor) -> list[PlanDocument]:
    """The plans under which this person may log; empty where none."""
    return plans_to_log(actor)


def chosen(documents: list[PlanDocument], wanted: str) -> PlanDocument | None:
    """The kind that is wanted, or the only one there is."""
    return next((item for item in documents if item.plan == wanted or len(documents) == 1), None)


def intake(
    documents: list[PlanDocument],
    found: PlanDocument | None,
    actor: Actor,
    at: datetime,
    posted: Any = None,
    *,
    begun: bool = False,
    follows: str = "",
) -> Intake:
    """The page. documents: those this person may log under, at least one; found: the one chosen, if any is.

    posted: what was typed so far. begun: somebody is still typing, so what is missing is no fault of the fields yet.
    A constant number of queries.
    """
    document = found or documents[0]
    counties = Organisation.objects.filter(is_county=True)
    initial = {"plan": document.plan} if found else {}
    initial |= {"judged_by": actor.name, "judged_post": actor.name_of_post()}
    shape: dict[str, Any] = {"document": document, "documents": documents, "counties": counties}
    shape["open_incidents"] = _open_incidents(actor)
    initial |= {"follows": follows} if follows else {}
    form = IntakeForm(posted, initial=initial, **shape)
    form.full_clean()
    typed: Mapping[str, Any] = getattr(form, "cleaned_data", {})  # what is faulty is left out
    outside = bool(typed.get(OUTSIDE))
    flagged = Counter(standing.flagged_under(document)) + Counter(typed.get("flags", ()))
    told: Mapping[str, Any] = typed.get("values", {})
    values = standing.foreseen(document, told, typed.get("occurred_at"), at, flagged=flagged)
    here = frozenset(typed.get("counties", ()))
    names = [item.name for item in form.known_counties if item.key in here]
    page = Intake(
        document,
        bool(found),
        form,
        judgements.of(document, values, counties=names),
        scope.judge(document, values, outside=outside, judged=bool(typed.get("scope_judgement"))),
        scope.others(document, documents, {}),
    )
    if found:
        page.proposals = _proposals(document, here, form, values)
    if page.scope.out:
        page.instead = scope.others(document, documents, values, outside=outside)
    page.duplicates = duplicates.likely(_told(page.plan_key, typed, here, at), actor, at)
    if begun:
        page.form = IntakeForm(initial=_as_typed(posted, form), **shape)
        if SWITCH not in posted:  # a hand is on the kinds
            page.form.fields["place"].widget.attrs.pop("autofocus", None)
    return page


def _open_incidents(actor: Actor) -> list[tuple[str, str]]:
    """The open incidents in sight, as choices: public id, words; one query, for the desk."""
    rows = incidents_visible_to(actor).exclude(status__in=OVER).filter(replay_of__isnull=True).order_by("-logged_at")
    return [(item.public_id, f"{item.code} {item.place}") for item in rows[:OTHERS]]


def _as_typed(posted: Any, form: IntakeForm) -> dict[str, Any]:
    """What was typed, as a fresh form shows it."""
    several, ticks = {"counties", "flags"}, {OUTSIDE}
    one = {name: posted.get(name) for name in form.fields if name in posted and name not in several | ticks}
    return one | {name: posted.getlist(name) for name in several} | {name: name in posted for name in ticks}


def _proposals(
    document: PlanDocument, counties: frozenset[str], form: IntakeForm, values: Mapping[str, Any]
) -> list[Proposal]:
    specs: dict[str, FactSpec] = {spec.name: spec for spec in document.facts}
    return [
        Proposal(
            f"id_{FACT}{name}",
            name,
            label_of(specs[name]),
            value,
            words.value(specs[name], value),
            would_become(document, values, name, value),
        )
        for name, value in standing.proposed_values(document, counties).items()
        if not form.data.get(FACT + name)
    ]


def _told(plan: str, typed: Mapping[str, Any], counties: frozenset[str], at: datetime) -> duplicates.Told:
    latitude, longitude = typed.get("latitude"), typed.get("longitude")
    return duplicates.Told(
        plan=plan,
        moment=typed.get("occurred_at") or at,
        counties=counties,
        outside=bool(typed.get(OUTSIDE)),
        point=(latitude, longitude) if latitude is not None and longitude is not None else None,
    )
