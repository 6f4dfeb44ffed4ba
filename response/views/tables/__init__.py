"""Every act on an incident and on a decision, by the word of its address; a file a noun."""

from . import decisions, ending, facts, handling, incidents, kin, work
from .decisions import DECISION_ACTS
from .table import Act

INCIDENT_ACTS: dict[str, Act] = {
    **incidents.ACTS,
    **handling.ACTS,
    **kin.ACTS,
    **decisions.ACTS,
    **facts.ACTS,
    **work.ACTS,
    **ending.ACTS,
}

__all__ = ["DECISION_ACTS", "INCIDENT_ACTS"]
