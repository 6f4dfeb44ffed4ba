"""What a county asks of the city, and the city of those above, until it is answered."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from response import authority, locks
from response.facts import document_of
from response.models import Incident, SupportRequest
from shuozhou_ops import words
from shuozhou_ops.errors import BadInput, FieldError
from shuozhou_ops.journal import record
from shuozhou_ops.journal.actors import Actor
from shuozhou_ops.notices.models import Notice

from .command import place_of
from .people import user_of


@transaction.atomic(durable=True)
def ask(
    incident_id: int, text: str, *, actor: Actor, at: datetime, county: str = "", to_name: str = ""
) -> SupportRequest:
    """Ask for support. county: who asks the city, by key; '' where the city asks those above, who are then named.

    Raises NotAuthorised, Conflict, BadInput. Source: the county's early handling; the measures that ask the province.
    """
    incident = locks.incident(incident_id)
    place = place_of(incident, county) if county else None
    authority.require(authority.ask_support(incident, place, actor))
    faults = [
        words.fault("text", text, most=1000, needed=True),
        words.fault("to_name", to_name, most=100, needed=place is None),
    ]
    if found := [item for item in faults if item]:
        raise BadInput(found)
    changes = record.Changes()
    request = changes.create(
        SupportRequest(
            incident=incident,
            place=place,
            to_name=to_name.strip() or document_of(incident).headquarters.name[:100],
            text=text.strip(),
            asked_at=at,
            asked_by=user_of(actor),
        )
    )
    payload = {"who": place.county.name if place else "", "to": request.to_name, "text": request.text}
    record.append(incident, "request.asked", changes, actor=actor, at=at, payload=payload)
    return request


@transaction.atomic(durable=True)
def answer(
    incident_id: int, request_id: int, granted: bool, *, actor: Actor, at: datetime, text: str
) -> SupportRequest:
    """Grant a request or refuse it, with words; the county that asked is told.

    Raises NotAuthorised, Conflict, BadInput. Source: as asked; who answers is ours (the chain; for those
    above whoever keeps the incident writes it down).
    """
    incident = locks.incident(incident_id)
    rows = SupportRequest.objects.select_for_update(of=("self",)).select_related("place__county")
    request = rows.filter(incident=incident, pk=request_id).first()
    if request is None:
        raise BadInput([FieldError("request", "no_such_request", _("没有这项请求。"))])
    authority.require(authority.answer_request(incident, request, actor))
    text = words.take("text", text, most=1000, needed=True)
    if granted:
        request.grant()
    else:
        request.refuse()
    request.answer, request.answered_at, request.answered_by = text, at, user_of(actor)
    changes = record.Changes()
    changes.update(request, "status", "answer", "answered_at", "answered_by")
    _tell(incident, request, changes, at)
    payload = {
        "who": request.place.county.name if request.place else "",
        "to": request.to_name,
        "text": request.text,
        "granted": granted,
        "answer": text,
    }
    record.append(incident, "request.answered", changes, actor=actor, at=at, payload=payload)
    return request


def _tell(incident: Incident, request: SupportRequest, changes: record.Changes, at: datetime) -> None:
    if request.place is None:
        return
    said = words.official(request.get_status_display())
    notice = Notice(
        stream=incident.stream,
        subject=record.thing(request),
        kind=Notice.Kind.INFORMATION,
        unit=request.place.county,
        title=incident.headline(f"支援请求已答复：{said}"),
        body=f"{request.text}：{request.answer}",
        sent_at=at,
        needs_receipt=False,
    )
    changes.create(notice)
