"""The pages of the plans."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from shuozhou_ops.middleware import asked_by_script

from . import queries
from .forms import TrialForm
from .registry import UnknownPlan, UnknownVersion


@require_safe
@login_required
def plans(request: HttpRequest) -> HttpResponse:
    """Every plan in force."""
    return render(request, "plans/plan_list.html", {"plans": queries.plan_list()})


@require_safe
@login_required
def plan(request: HttpRequest, key: str) -> HttpResponse:
    """One plan as a person reads it. `?q=` looks for words in it, `?clause=` unfolds the official words of a clause."""
    try:
        page = queries.plan_page(key, wanted=request.GET.get("q", ""), clause=request.GET.get("clause", ""))
    except UnknownPlan as error:
        raise Http404(error.message) from error
    return render(request, "plans/plan.html", page)


@require_safe
@login_required
def versions(request: HttpRequest, key: str) -> HttpResponse:
    """The versions of a plan; `?from=&to=` compares two of them."""
    try:
        page = queries.versions_page(key, request.GET.get("from", ""), request.GET.get("to", ""))
    except (UnknownPlan, UnknownVersion) as error:
        raise Http404(error.message) from error
    return render(request, "plans/versions.html", page)


@require_safe
@login_required
def trial(request: HttpRequest, key: str) -> HttpResponse:
    """Facts tried on a plan without an incident. The address carries the facts, so it can be shared."""
    try:
        page = queries.trial_page(key, lambda document: TrialForm(request.GET, document=document))
    except UnknownPlan as error:
        raise Http404(error.message) from error
    return render(request, "plans/_trial.html" if asked_by_script(request) else "plans/trial.html", page)
