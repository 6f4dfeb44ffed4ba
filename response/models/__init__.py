"""What happens, as rows; a file a noun."""

from .closing import Confirmation, Paper
from .command import EarlyStep, Handover, Instruction, SupportRequest
from .decisions import DecisionStep, LevelDecision, SpokenOrder
from .deployments import Deployment, DeploymentSeat
from .facts import FactReport
from .incidents import Incident, IncidentNumber, IncidentPlace
from .reports import UnitReport
from .situation import SituationReport
from .tasks import Task, TaskReport

__all__ = [
    "Confirmation",
    "DecisionStep",
    "Deployment",
    "DeploymentSeat",
    "EarlyStep",
    "FactReport",
    "Handover",
    "Incident",
    "IncidentNumber",
    "IncidentPlace",
    "Instruction",
    "LevelDecision",
    "Paper",
    "SituationReport",
    "SpokenOrder",
    "SupportRequest",
    "Task",
    "TaskReport",
    "UnitReport",
]
