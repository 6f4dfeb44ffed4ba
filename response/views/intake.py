"""Logging a call: one screen, with the plan's judgement beside it while one types."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from response import authority
from response.actions import incidents
from response.forms.intake import SWITCH, carried_over, pressed
from response.models import Incident
from response.queries import duplicates, logging_rights
from response.queries.intake import Intake, chosen, documents_for
from response.queries.intake import intake as intake_of
from shuozhou_ops import clock
from shuozhou_ops.accounts.acting import actor_of, perform, signed_in
from shuozhou_ops.errors import BadInput, Conflict, FieldError, NotAuthorised
from shuozhou_ops.journal import security
from shuozhou_ops.journal.actors import Actor
from shuozhou_ops.journal.models import Entry
from shuozhou_ops.middleware import asked_by_script

from .refusals import see_other

PAGE, FORM, SIDE = "response/intake.html", "response/_intake.html", "response/_intake_side.html"
KIND_CHOSEN = "intake"  # the part that a change of the kind asks for: the whole form
KIND_OF_FACTS = "facts_of"  # for which plan the fact fields on the page were made


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def intake(request: HttpRequest) -> HttpResponse:
    """The empty form; posted, the incident it makes, or the form again with every fault and everything typed."""
    if request.method != "POST":
        return render(request, PAGE, {"intake": _read(request)})
    page = _read(request, request.POST)
    form = page.form
    if not form.is_valid():
        page.refusal = BadInput([FieldError("", "bad_input", _("请改正下列各项。"))])
        return render(request, PAGE, {"intake": page}, status=400)
    if _kind_changed(request.POST):
        page.refusal = Conflict("kind_changed", _("类别刚刚换过：请填写这一类的情况，再按保存。"))
        return render(request, PAGE, {"intake": page}, status=409)
    outcome = perform(request, "incident.log", page.plan_key, _logging(page, request.POST.getlist("seen")))
    if outcome.error is not None:
        form.refuse(outcome.by_field)
        page.refusal = outcome.error
        return render(request, PAGE, {"intake": page}, status=outcome.status)
    messages.success(request, _("此前已经记录过。") if outcome.entry else _("已记录 %s。") % outcome.result.code)
    return see_other(reverse("incident", args=[_public_id(outcome.result, outcome.entry)]))


def _logging(page: Intake, seen: list[str]) -> Callable[[Actor, datetime], Incident]:
    """Log what the form says, unless it may be about an incident that whoever sends it has not been shown."""
    call = page.form.call()

    def run(actor: Actor, at: datetime) -> Incident:
        if not duplicates.shown_before(page.duplicates, seen):
            words = _("可能已经有人记录过，请先看一看；确实是另一起的，再按一次保存。")
            raise Conflict("likely_duplicate", words)
        return incidents.log(call, actor=actor, at=at)

    return run


@require_POST
@signed_in
def assess(request: HttpRequest) -> HttpResponse:
    """What the plan makes of what is typed so far; stores nothing. To htmx the part it asked for, else the page."""
    posted = request.POST.copy()
    if filled := pressed(request.POST):
        posted[filled[0]] = filled[1]
    script = asked_by_script(request)
    target = script.target if script else None
    page = _read(request, posted, begun=target == KIND_CHOSEN or SWITCH in posted)
    template = {None: PAGE, KIND_CHOSEN: FORM}.get(target, SIDE)
    return render(request, template, {"intake": page, "trying": True})


def _read(request: HttpRequest, posted: QueryDict | None = None, *, begun: bool = False) -> Intake:
    at = clock.now()
    actor = actor_of(request, at)
    documents = documents_for(actor)
    if not documents:
        raise PermissionDenied(_("只有值班台和指挥部负责人可以记录事件。"))
    wanted = (posted or request.GET).get("plan", "")
    if posted is not None and wanted not in {item.plan for item in documents}:
        _refuse_other_plan(actor, wanted, at)
    document = chosen(documents, wanted)
    if posted is not None and _kind_changed(posted):
        posted = carried_over(posted, document)
    follows = request.GET.get("follows", "")
    return intake_of(documents, document, actor, at, posted, begun=begun, follows=follows)


def _refuse_other_plan(actor: Actor, wanted: str, at: datetime) -> None:
    """Raise PermissionDenied where there is such a plan and this person may not log under it; the log keeps it."""
    other = next((item for item in logging_rights.loaded() if item.plan == wanted), None)
    if other is not None and (found := authority.log(other, actor)):
        security.refused(actor, "incident.log", wanted, NotAuthorised(found[0].code, found[0].words), at=at)
        raise PermissionDenied(found[0].words)


def _kind_changed(posted: QueryDict) -> bool:
    return posted.get(KIND_OF_FACTS, posted.get("plan")) != posted.get("plan")


def _public_id(made: Any, entry: Entry | None) -> str:
    """The incident that was logged now, or that the same form had logged before."""
    return str(made.public_id) if entry is None else entry.stream.partition("/")[2]
