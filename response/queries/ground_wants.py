"""What waits on a desk because of the ground: command to be handed back, requests to answer, instructions to follow."""

from collections.abc import Iterator, Mapping

from django.db.models import Q
from django.utils.translation import gettext as _

from response import authority, chain
from response.authority.command import back_asked
from response.bearers import posts_of
from response.facts import document_of
from response.models import Deployment, Incident, IncidentPlace, Instruction, SupportRequest
from response.models.incidents import Command, Status
from shuozhou_ops.journal.actors import Actor

from .want import Want


def of(
    incidents: list[Incident],
    places: Mapping[int, list[IncidentPlace]],
    field: Mapping[int, Deployment],
    actor: Actor,
) -> list[Want]:
    """Everything of this kind; two queries. places: the counties each touches; field: what stands in the field."""
    found = [want for item in incidents for want in _back(item, places.get(item.pk, []), field.get(item.pk), actor)]
    return [*found, *_requests(incidents, actor), *_instructions(incidents, actor)]


def leads(incident: Incident, actor: Actor) -> bool:
    """Whether this person commands the headquarters or directs its office."""
    own = document_of(incident).headquarters
    return bool(actor.posts & posts_of((*own.commanders, *own.office.directors), document_of(incident)))


def _back(incident: Incident, places: list[IncidentPlace], field: Deployment | None, actor: Actor) -> Iterator[Want]:
    """The command in these counties is to be handed back to them."""
    asked = [place for place in places if back_asked(incident, place, field)]
    if not asked or not leads(incident, actor):
        return
    names = "、".join(place.county.name for place in asked)
    whose = "、".join(dict.fromkeys(str(Command(place.commanded_by).label) for place in asked))
    since = incident.ended_at or incident.started_at or incident.logged_at
    what = _("把指挥权交还%s") % names
    anchor = f"county-{asked[0].county.key}"
    yield Want(incident, 2, incident.severity, since, _("去交还"), what, anchor, "", _("现由%s指挥") % whose)


def _requests(incidents: list[Incident], actor: Actor) -> Iterator[Want]:
    """The requests that nobody has answered: a county's; one to those above waits at the desk too."""
    by_pk = {item.pk: item for item in incidents}
    rows = SupportRequest.objects.filter(incident__in=by_pk, status=SupportRequest.Status.OPEN)
    for request in rows.select_related("place__county"):
        incident = by_pk[request.incident_id]
        desk = request.place is None and authority.DESK in actor.functions
        if not (desk or leads(incident, actor)):
            continue
        if request.place is None:
            what = _("向%(to)s的支援请求待答复：%(text)s") % {"to": request.to_name, "text": request.text}
        else:
            what = _("%(who)s请求支援：%(text)s") % {"who": request.place.county.name, "text": request.text}
        anchor = f"request-{request.pk}"
        yield Want(incident, 2, incident.severity, request.asked_at, _("去答复"), what, anchor, request.cite)


def _instructions(incidents: list[Incident], actor: Actor) -> Iterator[Want]:
    """What leaders instructed and is not done, with the directors of the office; of what was closed too."""
    by_pk = {item.pk: item for item in incidents}
    closed = Q(incident__status__in=(Status.CLOSED, Status.DISMISSED), incident__continued_by=None)
    rows = Instruction.objects.exclude(status=Instruction.Status.DONE).filter(Q(incident__in=by_pk) | closed)
    for item in rows.select_related("incident__plan_version__plan").defer("incident__plan_version__document"):
        incident = by_pk.get(item.incident_id, item.incident)
        if not actor.posts & chain.office_posts(document_of(incident)):
            continue
        passed = item.status == Instruction.Status.PASSED
        told = {"giver": f"{item.giver_post}{item.giver_name}", "kind": item.get_kind_display(), "text": item.text}
        what = _("%(giver)s%(kind)s：%(text)s") % told
        act, note = (_("去办结"), _("已传达，未办结")) if passed else (_("去传达"), _("还没有传达"))
        anchor = f"instruction-{item.pk}"
        yield Want(incident, 2, incident.severity, item.received_at, act, what, anchor, item.cite, note)
