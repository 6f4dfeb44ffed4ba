"""Loading a plan: the one way a version comes into the database."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from plans import registry, showing
from plans.documents import PlanDocument
from plans.models import Plan, PlanVersion
from shuozhou_ops.errors import Conflict
from shuozhou_ops.journal import record
from shuozhou_ops.journal.actors import Actor

from .newcomers import create_unknown


@transaction.atomic(durable=True)
def load(document: PlanDocument, *, actor: Actor, at: datetime) -> PlanVersion:
    """Put a version in force for new incidents, and create the units and posts it names that nobody knows.

    The same version with the same content changes nothing and returns the row there is.
    Raises Conflict `version_differs` where that version name is taken by other content; then nothing is written.
    Source: ours (the exchange format's `plans load`).
    """
    text = showing.canonical(document)
    changes = record.Changes()
    plan = Plan.objects.select_for_update(of=("self",)).filter(key=document.plan).first()
    if plan is None:
        plan = changes.create(Plan(key=document.plan))
    if there := plan.versions.filter(version=document.version).first():
        _require_same(there, document, text)
        return there
    create_unknown(document, changes)
    version = changes.create(
        PlanVersion(
            plan=plan,
            version=document.version,
            name=document.name,
            number=document.document,
            sha256=showing.sha256(text),
            document=text,
            in_force_from=at,
            loaded_at=at,
        )
    )
    payload = {"version": version.version, "sha256": version.sha256, "name": version.name}
    record.append(plan, "plan.loaded", changes, actor=actor, at=at, payload=payload)
    return version


def _require_same(there: PlanVersion, document: PlanDocument, text: str) -> None:
    """Raise where the version of this name says something else.

    What is there is read again before comparing: the list of organisations may have filled a key since it was loaded.
    """
    if showing.canonical(registry.document_of(there)) != text:
        words = _("“%(plan)s”的版本“%(version)s”已经载入过，内容不同；新的内容要用新的版本名。")
        raise Conflict("version_differs", words % {"plan": document.name, "version": document.version})
