"""Who may write down a spoken order, whose word counts, and who answers for it."""

from dataclasses import replace
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from plans.documents import PlanDocument
from plans.labels import level_name
from response.facts import document_of
from response.models import Incident, SpokenOrder
from response.models.incidents import AFTER_END, BEFORE_END
from shuozhou_ops.journal.actors import Actor

from .decisions import decide
from .ending import declare_end, declaring, field_of
from .obstacles import Obstacle, in_state, of_office

NOT_NAMED = "not_named"


def take_down(incident: Incident, actor: Actor) -> list[Obstacle]:
    """May this person write down what somebody ordered by word of mouth? Source: ours (D4: a spoken order)."""
    return in_state(incident, *BEFORE_END, *AFTER_END) + of_office(incident, actor)


def give_order(
    incident: Incident,
    giver: Actor,
    writer: Actor,
    *,
    to_level: int | None,
    said_at: datetime,
    unconfirmed: list[str],
    again: bool = False,
) -> list[Obstacle]:
    """Does the word of this person count, as whom he was when he said it? The guards of the act itself, asked of him.

    giver: with the posts held, acted for or delegated at `said_at`. to_level: None for the end, with its own guard:
    every condition confirmed. again: another start after an end. Nobody writes down an order of his own.
    """
    found = own_order(giver.ref, writer)
    if to_level is None:
        field = field_of(incident)
        asked = declare_end(incident, giver, unconfirmed, field=field)
        named = declaring(document_of(incident), incident.level, field).named.name if incident.level else ""
    else:
        asked = decide(incident, giver, to_level=to_level, again=again)
        named = _who(document_of(incident), incident.level, to_level)
    told = {"giver": giver.name, "at": timezone.localtime(said_at).strftime("%m-%d %H:%M"), "who": named}
    words = _("%(giver)s在 %(at)s 没有担任可以这样决定的职务：应由%(who)s或其上级决定。") % told
    return found + [
        replace(item, code="giver_not_named", words=words) if item.code == NOT_NAMED else item for item in asked
    ]


def own_order(giver: str, writer: Actor) -> list[Obstacle]:
    """Nobody writes down an order of his own. giver: how the journal names him."""
    if giver != writer.ref:
        return []
    words = _("不能替自己代记口头令：您自己的决定，请直接作出。")
    return [Obstacle("own_order", words, authority=True)]


def _who(document: PlanDocument, level: int | None, to_level: int) -> str:
    """Whom the plan names for this change, with the level that it needs."""
    needed = to_level if level is None else min(to_level, level)
    named = next((item.decided_by.name for item in document.levels if item.level == needed), "")
    return f"{named}（{level_name(needed)}）"


def answer_order(order: SpokenOrder, actor: Actor) -> list[Obstacle]:
    """May this person countersign or dispute this order? He who is said to have given it, and nobody for him."""
    found = []
    if actor.ref != order.giver.ref:
        words = _("这道口头令记在%(who)s名下，只能由本人补签或提出异议。") % {"who": order.giver}
        found.append(Obstacle("not_giver", words, authority=True))
    if order.status != SpokenOrder.Status.OPEN:
        now = SpokenOrder.Status(order.status).label
        found.append(Obstacle("order_settled", _("这道口头令已经是“%s”。") % now))
    return found
