"""Every act on an incident and on a decision, by the word of its address; a file a noun."""

from . import decisions, ending, facts, incidents, situation, work
from .decisions import DECISION_ACTS
from .situation import SITUATION_ACTS
from .table import Act

INCIDENT_ACTS: dict[str, Act] = {
    **incidents.ACTS,
    **decisions.ACTS,
    **facts.ACTS,
    **work.ACTS,
    **ending.ACTS,
    **situation.ACTS,
}

__all__ = ["DECISION_ACTS", "INCIDENT_ACTS", "SITUATION_ACTS"]
