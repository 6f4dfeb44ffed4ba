"""A unit's work on its tasks: take, report, finish, cannot; from the desk or the incident's page."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from response.actions import tasks
from response.forms.work import words_of
from response.models import Task
from response.queries.visibility import incidents_visible_to
from shuozhou_ops.accounts.acting import actor_of, perform, signed_in
from shuozhou_ops.journal.actors import Actor

from .refusals import answer, own_page

Act = Callable[[int, str, Actor, datetime], Any]
VERBS: dict[str, Act] = {
    "accept": lambda pk, _text, actor, at: tasks.accept(pk, actor=actor, at=at),
    "report": lambda pk, text, actor, at: tasks.report(pk, text, actor=actor, at=at),
    "finish": lambda pk, text, actor, at: tasks.finish(pk, text, actor=actor, at=at),
    "decline": lambda pk, text, actor, at: tasks.decline(pk, text, actor=actor, at=at),
}

DONE = {  # what the page says afterwards, of the task's own words
    "accept": gettext_lazy("已签收任务“%s”"),
    "report": gettext_lazy("已报告进展“%s”"),
    "finish": gettext_lazy("已完成任务“%s”"),
    "decline": gettext_lazy("已报告无法完成“%s”，原因已记录"),
}


@require_POST
@signed_in
def act(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    """One act on one task; back to where the button was."""
    if verb not in VERBS:
        raise Http404
    visible = incidents_visible_to(actor_of(request)).values("pk")
    rows = Task.objects.select_related("incident__plan_version__plan").defer("incident__plan_version__document")
    task = get_object_or_404(rows, pk=pk, incident__in=visible)

    def run(actor: Actor, at: datetime) -> object:
        return VERBS[verb](pk, words_of(request.POST), actor, at)

    outcome = perform(request, f"task.{verb}", f"task/{pk}", run)
    refusal = {
        "subject": f"task/{pk}",
        "typed": request.POST.get("text", ""),
        "plan_key": task.incident.plan_version.plan.key,
    }
    if outcome.ok:
        said = DONE[verb] % task.text
        messages.success(request, _("此前已经办过：%s") % said if outcome.repeated else said)
    return answer(request, outcome, own_page(request, reverse("desk")), refusal)
