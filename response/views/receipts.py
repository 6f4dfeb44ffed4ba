"""Acknowledging a notice: one press, from the desk or the incident's page."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from response.actions import receipts
from response.models import Incident
from response.queries.visibility import incidents_visible_to
from shuozhou_ops.accounts.acting import actor_of, perform, signed_in
from shuozhou_ops.notices.models import Notice

from .refusals import answer, own_page


@require_POST
@signed_in
def acknowledge(request: HttpRequest, pk: int) -> HttpResponse:
    """Say that a notice has arrived; back to where the button was."""
    notice = get_object_or_404(Notice, pk=pk)
    kind, _slash, public_id = notice.stream.partition("/")
    about = incidents_visible_to(actor_of(request)).select_related("plan_version__plan")
    incident = about.defer("plan_version__document").filter(public_id=public_id).first()
    if kind != Incident.stream_kind or incident is None:
        raise Http404
    outcome = perform(
        request, "notice.acknowledge", f"notice/{pk}", lambda actor, at: receipts.acknowledge(pk, actor=actor, at=at)
    )
    refusal = {"subject": f"notice/{pk}", "plan_key": incident.plan_version.plan.key}
    if outcome.ok:
        said = _("已签收通知“%s”") % notice.title
        messages.success(request, _("此前已经办过：%s") % said if outcome.repeated else said)
    return answer(request, outcome, own_page(request, reverse("desk")), refusal)
