"""Who may log a call, and under which plans."""

from plans.documents import PlanDocument
from plans.models import PlanVersion
from plans.registry import document_of
from response import authority
from shuozhou_ops.journal.actors import Actor


def loaded() -> list[PlanDocument]:
    """What every loaded plan says now, in the order in which they first came; one query."""
    versions = PlanVersion.objects.defer("document").order_by("plan_id", "pk")
    latest = {version.plan_id: version for version in versions}
    return [document_of(version) for version in latest.values()]


def plans_to_log(actor: Actor) -> list[PlanDocument]:
    """The loaded plans under which this person may log a call: the desk all, a post of a chain its own."""
    return [document for document in loaded() if authority.keeps(actor, document)]


def may_log(actor: Actor) -> bool:
    """Whether this person may log any call at all."""
    return authority.DESK in actor.functions or (bool(actor.posts) and bool(plans_to_log(actor)))
