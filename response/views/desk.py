"""The duty desk: what needs me, and what is under way."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe


@require_safe
@login_required
def desk(request: HttpRequest) -> HttpResponse:
    """The desk of whoever looks."""
    return render(request, "response/desk.html")
