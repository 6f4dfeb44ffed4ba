"""Who may merge an incident, link it to another, or put it under the right plan."""

from collections.abc import Collection

from django.utils.translation import gettext as _

from plans.documents import PlanDocument
from plans.labels import level_name
from response import chain
from response.facts import document_of
from response.models import Deployment, Incident
from response.models.incidents import BEFORE_START, OVER, Status
from shuozhou_ops.journal.actors import Actor

from .ending import may_end
from .incidents import log
from .obstacles import Obstacle, in_state, not_named, of_office


def merge(away: Incident, into: Incident, actor: Actor) -> list[Obstacle]:
    """May this person merge an incident without a level into another that is not over? Source: ours."""
    found = in_state(away, *BEFORE_START) + of_office(away, actor) + of_office(into, actor)
    if away.pk == into.pk:
        return [*found, Obstacle("same_incident", _("请选择另一起事件。"))]
    if into.status in OVER:
        words = _("%(code)s现为“%(now)s”，不能再并入。") % {"code": into.code, "now": Status(into.status).label}
        found.append(Obstacle("target_over", words))
    if bool(away.replay_of) != bool(into.replay_of):
        found.append(Obstacle("replay", _("演练回放和真实事件不能合并。")))
    return found


def follow(incident: Incident, first: Incident, actor: Actor, above: Collection[int] = ()) -> list[Obstacle]:
    """May this person link a secondary incident to its first? above: what the first follows itself, by primary key."""
    found = in_state(incident, *(status for status in Status if status not in OVER)) + of_office(incident, actor)
    if incident.pk == first.pk or incident.pk in above:
        found.append(Obstacle("circle", _("%s本身就由这起事件引发，不能反过来关联。") % first.code))
    if first.status in OVER:
        words = _("%(code)s现为“%(now)s”，不能再关联。") % {"code": first.code, "now": Status(first.status).label}
        found.append(Obstacle("target_over", words))
    return found


def change_plan(incident: Incident, actor: Actor, document: PlanDocument) -> list[Obstacle]:
    """May this person put an incident without a response under this plan? Whoever may log under both. Source: ours."""
    found = in_state(incident, *BEFORE_START) + of_office(incident, actor) + log(document, actor)
    return found + _another_plan(incident, document)


def take_on(
    incident: Incident, actor: Actor, document: PlanDocument, level: int | None, *, field: Deployment | None
) -> list[Obstacle]:
    """May this person end the response under the wrong plan and start the right one at this level? Both are needed.

    level: None asks for the end alone. field: the field headquarters that stands.
    Source: the ending clause of the one, the level's own clause of the other.
    """
    found = may_end(incident, actor, field=field) + _another_plan(incident, document)
    if level is None:
        return found
    named = {item.level: item for item in document.levels}.get(level)
    if named is None:
        return [*found, Obstacle("no_such_level", _("%s没有这个级别。") % document.name)]
    words = _("%(plan)s：%(level)s由%(who)s决定；您没有担任这一职务。") % {
        "plan": document.name,
        "level": level_name(level),
        "who": named.decided_by.name,
    }
    return found + not_named(actor, chain.deciders(document, level), words, f"{document.name} {named.cite}")


def _another_plan(incident: Incident, document: PlanDocument) -> list[Obstacle]:
    if document_of(incident).plan != document.plan:
        return []
    return [Obstacle("same_plan", _("事件已经按“%s”处置。") % document.name)]
