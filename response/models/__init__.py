"""What happens, as rows; a file a noun."""

from .closing import Confirmation, Paper
from .decisions import DecisionStep, LevelDecision
from .deployments import Deployment, DeploymentSeat
from .facts import FactReport
from .incidents import Incident, IncidentNumber, IncidentPlace
from .reports import UnitReport
from .tasks import Task, TaskReport

__all__ = [
    "Confirmation",
    "DecisionStep",
    "Deployment",
    "DeploymentSeat",
    "FactReport",
    "Incident",
    "IncidentNumber",
    "IncidentPlace",
    "LevelDecision",
    "Paper",
    "Task",
    "TaskReport",
    "UnitReport",
]
