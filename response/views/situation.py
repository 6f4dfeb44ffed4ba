"""One situation report as it was sent, for the screen and for paper."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from response.models import Incident, SituationReport
from response.queries.situation import page_of
from shuozhou_ops import clock
from shuozhou_ops.accounts.acting import actor_of


@require_safe
@login_required
def situation(request: HttpRequest, pk: int) -> HttpResponse:
    """The report, for those who see the whole incident; else 404."""
    try:
        page = page_of(pk, actor_of(request, clock.now()))
    except (Incident.DoesNotExist, SituationReport.DoesNotExist) as gone:
        raise Http404 from gone
    return render(request, "response/situation.html", page)
