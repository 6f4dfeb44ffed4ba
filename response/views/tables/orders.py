"""Writing down what was ordered by word of mouth."""

from datetime import datetime
from typing import Any

from response.actions import orders
from response.actions.orders import Said
from response.models import SpokenOrder
from response.queries.case import Case
from response.queries.orders import may_take_down, order_form
from shuozhou_ops.journal.actors import Actor

from .table import TOLD, Act

SAID = ("giver", "said_at", "means", "words", "witness", "witness_name")


def _take_down(case: Case, typed: dict[str, Any], actor: Actor, at: datetime) -> SpokenOrder:
    said = Said(**{name: typed[name] for name in SAID})
    rest = {name: value for name, value in typed.items() if name not in SAID}
    return orders.take_down(case.incident.pk, rest.pop("to_level"), said, actor=actor, at=at, **rest)


ACTS: dict[str, Act] = {
    "take-down": Act(
        "spoken_order.take_down",
        order_form,
        _take_down,
        TOLD,
        lambda case, posted: may_take_down(case, posted.get("giver", "")),
    ),
}
