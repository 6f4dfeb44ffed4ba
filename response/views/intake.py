"""Logging a call."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


@login_required
def intake(request: HttpRequest) -> HttpResponse:
    """One screen."""
    return render(request, "response/intake.html")


@login_required
def assess(request: HttpRequest) -> HttpResponse:
    """The live assessment."""
    return render(request, "response/intake.html")
