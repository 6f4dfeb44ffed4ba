"""Every act on an incident and on a decision, by the word of its address; a file a noun."""

from . import decisions, ending, facts, incidents, orders, work
from .decisions import DECISION_ACTS
from .table import Act

INCIDENT_ACTS: dict[str, Act] = {
    **incidents.ACTS,
    **decisions.ACTS,
    **orders.ACTS,
    **facts.ACTS,
    **work.ACTS,
    **ending.ACTS,
}

__all__ = ["DECISION_ACTS", "INCIDENT_ACTS"]
