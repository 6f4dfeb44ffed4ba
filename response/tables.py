"""Every table whose rows the journal of an incident tells of: the state that its fold gives back."""

from response.models import (
    Confirmation,
    DecisionStep,
    Deployment,
    DeploymentSeat,
    EarlyStep,
    FactReport,
    Handover,
    Incident,
    IncidentPlace,
    Instruction,
    LevelDecision,
    Paper,
    SituationReport,
    SpokenOrder,
    SupportRequest,
    Task,
    TaskReport,
    UnitReport,
)
from shuozhou_ops.deadlines.models import Deadline
from shuozhou_ops.journal.tables import Table
from shuozhou_ops.notices.models import Notice

OF_INCIDENT = (
    Table(Incident, carrier="pk"),
    Table(IncidentPlace, carrier="incident"),
    Table(FactReport, carrier="incident"),
    Table(LevelDecision, carrier="incident"),
    Table(DecisionStep, carrier="decision__incident"),
    Table(SpokenOrder, carrier="decision__incident"),
    Table(Deployment, carrier="incident"),
    Table(DeploymentSeat, carrier="deployment__incident"),
    Table(Task, carrier="incident"),
    Table(TaskReport, carrier="task__incident"),
    Table(Confirmation, carrier="incident"),
    Table(Paper, carrier="incident"),
    Table(UnitReport, carrier="incident"),
    Table(Handover, carrier="incident"),
    Table(EarlyStep, carrier="place__incident"),
    Table(SupportRequest, carrier="incident"),
    Table(Instruction, carrier="incident"),
    Table(SituationReport, carrier="incident"),
    Table(Notice, stream="stream"),
    Table(Deadline, thing="subject"),
)
