"""The acts on an incident: parse, do one action, and go back to the page with what it did, or with the refusal."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from response import authority, timeline
from response.actions import reviews, teams
from response.authority import Obstacle
from response.facts import document_of
from response.forms.acts import (
    ActForm,
    AddStepForm,
    ChooseFactForm,
    ConfirmEndForm,
    EmptyForm,
    MarkForm,
    PaperForm,
    ProposeForm,
    ReasonForm,
    SeatForm,
)
from response.models import Deployment, Incident, LevelDecision, Paper
from response.queries import case as cases
from response.queries import ticks
from response.queries.case import Case
from response.queries.decisions import NEEDS_JUDGEMENT
from response.queries.offers import Attempt
from shuozhou_ops import clock
from shuozhou_ops.accounts.acting import Outcome, actor_of, key_of, perform, repeated, signed_in
from shuozhou_ops.errors import BadInput, FieldError
from shuozhou_ops.journal.actors import Actor
from shuozhou_ops.journal.models import Entry

from .incident import show
from .refusals import see_other
from .tables import DECISION_ACTS, INCIDENT_ACTS
from .tables.table import TOLD

# Forms of which a page has several: the field that tells them apart.
NAMED_BY: dict[type[ActForm], str] = {ConfirmEndForm: "condition", MarkForm: "flag", ChooseFactForm: "report"}


@require_POST
@signed_in
def incident_act(request: HttpRequest, public_id: str, act: str) -> HttpResponse:
    """One act on an incident."""
    found = INCIDENT_ACTS.get(act)
    if found is None:
        raise Http404
    case = _case(request, public_id)
    form = found.form(case, request.POST)
    shut = found.guard(case, request.POST)
    name = act
    if named_by := NAMED_BY.get(type(form)):
        name = f"{act}/{request.POST.get(named_by, '')}"
    return _do(
        request,
        case,
        name,
        found.verb,
        form,
        lambda typed, actor, at: found.run(case, typed, actor, at),
        found.anchor,
        shut,
    )


@require_POST
@signed_in
def decision_act(request: HttpRequest, pk: int, act: str) -> HttpResponse:
    """Send a decision up the chain, approve or refuse it, or write down a step that was left out."""
    run = DECISION_ACTS.get(act)
    if run is None:
        raise Http404
    decision = get_object_or_404(LevelDecision.objects.select_related("incident"), pk=pk)
    case = _case(request, decision.incident.public_id)
    form = _decision_form(case, decision, act, request.POST)
    return _do(
        request,
        case,
        f"{act}/{pk}",
        f"level.{act}",
        form,
        lambda typed, actor, at: run(pk, typed, actor, at),
        TOLD,
    )


@require_POST
@signed_in
def deployment_act(request: HttpRequest, pk: int, act: str) -> HttpResponse:
    """Name who leads or sits in a deployment."""
    if act != "seat":
        raise Http404
    deployment = get_object_or_404(Deployment.objects.select_related("incident"), pk=pk)
    case = _case(request, deployment.incident.public_id)
    form = SeatForm(request.POST, units=[(unit.key, unit.name) for unit in case.units])

    def run(typed: dict[str, Any], actor: Actor, at: datetime) -> object:
        return teams.seat(pk, teams.Named(**typed), actor=actor, at=at)

    return _do(request, case, f"seat/{pk}", "deployment.seat", form, run, "deployments")


@require_POST
@signed_in
def paper_submit(request: HttpRequest, pk: int) -> HttpResponse:
    """Hand in a paper."""
    paper = get_object_or_404(Paper.objects.select_related("incident"), pk=pk)
    case = _case(request, paper.incident.public_id)
    form = PaperForm(request.POST, headings=paper.sections)

    def run(_typed: dict[str, Any], actor: Actor, at: datetime) -> object:
        return reviews.submit_paper(pk, form.content(), actor=actor, at=at)

    return _do(request, case, f"paper/{pk}", "paper.submit", form, run, "review")


def _case(request: HttpRequest, public_id: str) -> Case:
    """The incident as this person may see it; 404 where it is out of sight."""
    at = clock.now()
    try:
        return cases.read(public_id, actor_of(request, at), at)
    except Incident.DoesNotExist as gone:
        raise Http404 from gone


def _decision_form(case: Case, decision: LevelDecision, act: str, data: Any) -> ActForm:
    if act.startswith("add-"):
        return AddStepForm(data)
    if act == "refuse":
        return ReasonForm(data, must=True, label=_("不批准的理由"))
    if act == "countersign":
        return EmptyForm(data)
    if act in ("dispute", "revoke"):
        return ReasonForm(data, must=act == "dispute", label=_("异议的理由") if act == "dispute" else _("说明"))
    boxes = ticks.field(case, decision.to_level, decision.ticked) if decision.to_level is not None else None
    if act == "propose":
        return ProposeForm(data, ticks=boxes)
    judged = any(item.code == NEEDS_JUDGEMENT for item in authority.settle(case.incident, case.actor, decision))
    return ReasonForm(data, judged=judged, ticks=boxes)


def _do(
    request: HttpRequest,
    case: Case,
    name: str,
    verb: str,
    form: ActForm,
    run: Callable[[dict[str, Any], Actor, datetime], object],
    anchor: str,
    shut: Sequence[Obstacle] = (),
) -> HttpResponse:
    """Do it once, or show the page again with the refusal at its form and everything typed kept.

    shut: what is known to stand in the way before anything is read: a form has no choices for those who may not.
    """
    public_id, subject = case.incident.public_id, f"{case.incident.stream}/{name}"
    outcome = None if form.is_valid() else repeated(request, verb, subject)
    if outcome is None and any(item.authority for item in shut):
        outcome = perform(request, verb, subject, lambda _actor, _at: authority.require(list(shut)))
    if outcome is None and not form.is_valid():
        error = BadInput([FieldError("", "bad_input", form.faults())])
        return show(request, public_id, attempt=Attempt(name, form, error), status=error.http_status)
    outcome = outcome or perform(request, verb, subject, lambda actor, at: run(form.cleaned_data, actor, at))
    if outcome.error is not None:
        form.refuse(outcome.by_field)
        return show(request, public_id, attempt=Attempt(name, form, outcome.error), status=outcome.status)
    messages.success(request, _told(request, case, outcome))
    return see_other(reverse("incident", args=[public_id]) + f"#{anchor}")


def _told(request: HttpRequest, case: Case, outcome: Outcome) -> str:
    """What the act did, in the words of its own entry."""
    rows = Entry.objects.filter(stream=case.incident.stream, recorded_by=case.actor.ref).order_by("-seq")
    key = key_of(request)
    entry = (rows.filter(idempotency_key=key).first() if key else None) or rows.first()
    said = timeline.line(entry, document_of(case.incident)).sentence if entry else _("已完成")
    return _("此前已经办过：%s") % said if outcome.repeated else said
