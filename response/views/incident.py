"""The page of one incident."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from response.models import Incident
from response.queries.incident import incident_page
from response.queries.offers import Attempt
from shuozhou_ops import clock
from shuozhou_ops.accounts.acting import actor_of

TEMPLATE = "response/incident.html"


@require_safe
@login_required
def incident(request: HttpRequest, public_id: str) -> HttpResponse:
    """The incident as this person may see it; 404 where it is out of sight. A merged one leads to the other."""
    return show(request, public_id)


def show(request: HttpRequest, public_id: str, *, attempt: Attempt | None = None, status: int = 200) -> HttpResponse:
    """The page, with a refused form in its place where one was tried."""
    at = clock.now()
    before = request.GET.get("before", "")
    try:
        page = incident_page(
            public_id,
            actor_of(request, at),
            at,
            show=request.GET.get("show", "all"),
            before=int(before) if before.isdecimal() and len(before) < 12 else None,
            unfold=request.GET.get("unfold") == "1",
            attempt=attempt,
        )
    except Incident.DoesNotExist as gone:
        raise Http404 from gone
    other = page["kin"].leads_to
    if other is not None and request.method == "GET" and attempt is None:
        merged = page["incident"].code
        messages.info(request, _("%(merged)s已并入%(other)s。") % {"merged": merged, "other": other.code})
        return redirect("incident", other.public_id)
    return render(request, TEMPLATE, page, status=status)
