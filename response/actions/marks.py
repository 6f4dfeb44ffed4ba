"""The plan's own marks on an incident, and the facts that count the incidents which bear them."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from plans import words as plan_words
from plans.documents import PlanDocument
from response import authority, locks
from response.facts import counts, document_of
from response.models import Incident
from shuozhou_ops import words
from shuozhou_ops.errors import BadInput, Conflict, FieldError
from shuozhou_ops.journal import record
from shuozhou_ops.journal.actors import SYSTEM, Actor

from .suggestions import reassess_locked


@transaction.atomic(durable=True)
def mark(incident_id: int, flag: str, bears: bool, *, actor: Actor, at: datetime, reason: str = "") -> Incident:
    """Set or take away a mark of the plan's. Where a fact counts those that bear it, all it counts for are judged anew.

    Raises NotAuthorised, Conflict (it stands so already), BadInput. Source: the clauses that count such incidents.
    """
    incident, likes = locks.incident_and_likes(incident_id)
    authority.require(authority.mark(incident, actor))
    if faults := unknown(document_of(incident), [flag]):
        raise BadInput(faults)
    if (flag in incident.flags) == bears:
        raise Conflict("marked_so", _("这个事件现在已经是这样标记的。"))
    reason = words.take("reason", reason, most=500)
    incident.flags = [*incident.flags, flag] if bears else [mark for mark in incident.flags if mark != flag]
    changes = record.Changes()
    changes.update(incident, "flags")
    _standing, answer = reassess_locked(incident, changes, at)
    payload = {"flag": flag, "bears": bears, "reason": reason, "level": answer.level, "grade": answer.grade}
    record.append(incident, "incident.marked", changes, actor=actor, at=at, payload=payload)
    recount(incident, likes, {flag}, at)
    return incident


def unknown(document: PlanDocument, flags: Iterable[str]) -> list[FieldError]:
    """A fault for each mark that this plan has not."""
    known = plan_words.flags(document)
    return [
        FieldError("flag", "unknown_flag", _("没有这个标记：%s") % flag[:40]) for flag in flags if flag not in known
    ]


def recount(
    incident: Incident,
    likes: Iterable[Incident],
    flags: Iterable[str],
    at: datetime,
    *,
    document: PlanDocument | None = None,
) -> None:
    """Judge the other open incidents anew after those with these marks became more or fewer; an entry each.

    document: the plan under which they are counted, where the incident has left it.
    A private step: all of them are locked by `locks.incident_and_likes` or `locks.several`.
    """
    document = document or document_of(incident)
    moved = {spec.name for spec, mark in counts(document) if mark in set(flags)}
    if not moved or incident.replay_of:
        return
    for other in likes:
        changes = record.Changes()
        standing, answer = reassess_locked(other, changes, at)
        counted = {name: standing.counted.get(name, 0) for name in sorted(moved)}
        payload = {"facts": counted, "because": incident.code, "level": answer.level, "grade": answer.grade}
        record.append(other, "fact.counted", changes, actor=SYSTEM, at=at, payload=payload, beside=True)
