"""The official text beside a plan: an operator's own copy, which is no part of the system."""

import hashlib
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from plans import registry, texts
from plans.models import OfficialText, Plan
from shuozhou_ops.errors import Conflict
from shuozhou_ops.journal import record
from shuozhou_ops.journal.actors import Actor


@transaction.atomic(durable=True)
def attach(key: str, data: bytes, *, file_name: str, actor: Actor, at: datetime) -> OfficialText:
    """Put a text beside every version of the plan that bears the number of the one in force; it is shown from now on.

    data: UTF-8 text, plain or Markdown, at most `texts.MOST_BYTES`. The text shown so far stays in the database; the
    same text again changes nothing and returns the row there is.
    Raises UnknownPlan, Conflict `not_loaded` where the plan stands in the library alone, BadInput; then nothing is
    written. Source: ours.
    """
    plan = Plan.objects.select_for_update(of=("self",)).filter(key=key).first()
    document = registry.in_force(key)
    if plan is None:
        words = _("“%(plan)s”还没有载入数据库：先执行 plans load-library。")
        raise Conflict("not_loaded", words % {"plan": document.name})
    others = {other.document: other.name for other in registry.all_in_force() if other.plan != key}
    text = texts.take(data, document, others)
    sha256 = hashlib.sha256(text.encode()).hexdigest()
    before = texts.attached(key, document)
    if before is not None and before.sha256 == sha256:
        return before
    changes = record.Changes()
    attached = changes.create(
        OfficialText(
            plan=plan,
            number=document.document,
            file_name="".join(sign for sign in file_name if sign.isprintable())[:200],
            sha256=sha256,
            text=text,
            attached_at=at,
        )
    )
    payload = {
        "version": document.version,
        "number": document.document,
        "file": attached.file_name,
        "sha256": sha256,
        "replaces": before.sha256 if before else None,
    }
    record.append(plan, "plan.text_attached", changes, actor=actor, at=at, payload=payload)
    return attached
