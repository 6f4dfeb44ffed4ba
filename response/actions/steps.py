"""Writing down a step of a decision's chain that was taken without the system."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from response import authority, chain, locks
from response.bearers import posts
from response.facts import document_of
from response.models import DecisionStep, Incident, LevelDecision
from shuozhou_ops import words
from shuozhou_ops.accounts.models import Position
from shuozhou_ops.errors import BadInput, FieldError
from shuozhou_ops.journal import record
from shuozhou_ops.journal.actors import Actor
from shuozhou_ops.notices.models import Notice

from .decisions import step_of
from .facts import require_moment


@transaction.atomic(durable=True)
def add(
    decision_id: int,
    act: str,
    *,
    actor: Actor,
    at: datetime,
    said_at: datetime | None = None,
    means: str = DecisionStep.Means.SYSTEM,
    note: str = "",
) -> DecisionStep:
    """Write down who reported or proposed to whom, when and by what means; the one it was said to is told.

    The decision stays as it is, before and after it was decided: nobody waits for this.
    said_at: when it was said (default `at`). Raises NotAuthorised, Conflict, BadInput; then nothing is written.
    Source: the chain of the more severe of the two levels; interpretations 11 and 16.
    """
    incident = locks.incident(LevelDecision.objects.values_list("incident_id", flat=True).get(pk=decision_id))
    decision = LevelDecision.objects.select_for_update().get(pk=decision_id)
    authority.require(authority.add_step(incident, actor, decision, act))
    document = document_of(incident)
    left_out = chain.left_out(document, decision.authority_level, decision.acts_taken)
    step = next(step for step in left_out if step.act == act)
    if means not in DecisionStep.Means.values:
        raise BadInput([FieldError("means", "not_a_choice", _("请选择“方式”中列出的一项。"))])
    require_moment("said_at", said_at, at)
    note = words.take("note", note, most=500)
    actor = actor.as_holder_of(posts(step.by, document))
    cite = document.level(decision.authority_level).cite
    changes = record.Changes()
    made = step_of(decision, act, actor, said_at or at, to=step.to.name, cite=cite, note=note)
    made.means = means
    changes.create(made)
    _tell(incident, decision, made, posts(step.to, document) - actor.posts, changes, at)
    payload = {
        "decision": decision.pk,
        "kind": str(decision.kind),
        "to": decision.to_level,
        "act": act,
        "to_post": made.to_post,
        "means": means,
        "said_at": record.spell(made.at),
        "note": note,
        "cite": cite,
    }
    record.append(incident, "level.step_added", changes, actor=actor, at=at, payload=payload)
    return made


def _tell(
    incident: Incident,
    decision: LevelDecision,
    made: DecisionStep,
    whom: frozenset[str],
    changes: record.Changes,
    at: datetime,
) -> None:
    """Those it was said to find it here too."""
    said = words.official(DecisionStep.Act(made.act).label)
    changes.create_all(
        Notice,
        [
            Notice(
                stream=incident.stream,
                subject=record.thing(decision),
                kind=Notice.Kind.INFORMATION,
                position=position,
                title=incident.headline(f"{made.by_post}{made.by_name}向{made.to_post}{said}"),
                body=made.note,
                cite=made.cite,
                sent_at=at,
                needs_receipt=False,
            )
            for position in Position.objects.filter(key__in=whom)
        ],
    )
