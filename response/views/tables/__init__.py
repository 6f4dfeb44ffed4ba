"""Every act on an incident and on a decision, by the word of its address; a file a noun."""

from . import command, decisions, ending, facts, groups, handling, incidents, kin, orders, situation, work
from .command import DEPLOYMENT_ACTS
from .decisions import DECISION_ACTS
from .situation import SITUATION_ACTS
from .table import Act

INCIDENT_ACTS: dict[str, Act] = {
    **incidents.ACTS,
    **handling.ACTS,
    **kin.ACTS,
    **decisions.ACTS,
    **orders.ACTS,
    **facts.ACTS,
    **work.ACTS,
    **ending.ACTS,
    **command.ACTS,
    **groups.ACTS,
    **situation.ACTS,
}

__all__ = ["DECISION_ACTS", "DEPLOYMENT_ACTS", "INCIDENT_ACTS", "SITUATION_ACTS"]
