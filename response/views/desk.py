"""The duty desk: what needs me, and what is under way."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from response.queries.desk import desk as desk_of
from response.queries.logging_rights import may_log
from shuozhou_ops import clock
from shuozhou_ops.accounts.acting import actor_of


@require_safe
@login_required
def desk(request: HttpRequest) -> HttpResponse:
    """The desk of whoever looks."""
    at = clock.now()
    actor = actor_of(request, at)
    return render(request, "response/desk.html", {"desk": desk_of(actor, at), "may_log": may_log(actor), "now": at})
