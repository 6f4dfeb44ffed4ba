"""The words with which a situation report begins, from what is known: in Chinese, as papers are written. Pure."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from plans.documents import PlanDocument
from plans.labels import level_name
from response.models import DecisionStep, Deployment, Incident, IncidentPlace, SpokenOrder, Task
from response.models.deployments import DeploymentStatus
from response.models.incidents import Command
from response.models.tasks import TaskStatus


@dataclass(frozen=True)
class Ground:
    """What the words are made from. decided: the step by which the level in force was decided."""

    places: Sequence[IncidentPlace] = ()
    decided: DecisionStep | None = None
    deployments: Sequence[Deployment] = ()
    tasks: Sequence[Task] = ()


def text(document: PlanDocument, incident: Incident, ground: Ground, at: datetime) -> str:
    """A paragraph each for the event, the level, the command, the forces and the tasks; nothing where nothing is known.

    The figures are not in it: they stand in the report's own table.
    """
    paragraphs = [
        _event(document, incident, ground.places),
        _level(document, incident, ground.decided),
        _command(ground.places),
        _forces(ground.deployments),
        _tasks(ground.tasks, at),
    ]
    return "\n".join(paragraph for paragraph in paragraphs if paragraph)


def _event(document: PlanDocument, incident: Incident, places: Sequence[IncidentPlace]) -> str:
    counties = "、".join(place.county.name for place in places if place.left_at is None)
    where = f"{incident.place}（{counties}）" if counties else incident.place
    if incident.occurred_at is None:
        return _("%(at)s接报，%(where)s发生%(what)s。") % {
            "at": _clock(incident.logged_at),
            "where": where,
            "what": document.name,
        }
    told = {"at": _clock(incident.occurred_at), "where": where, "what": document.name}
    return _("%(at)s，%(where)s发生%(what)s，%(logged)s接报。") % {**told, "logged": _clock(incident.logged_at)}


def _level(document: PlanDocument, incident: Incident, decided: DecisionStep | None) -> str:
    said = []
    if incident.level is not None:
        said.append(_("现为%s") % level_name(incident.level))
        if decided is not None:
            told = {"at": _clock(decided.at), "who": f"{decided.by_post}{decided.by_name}"}
            said.append(_("%(at)s由%(who)s决定") % told + _by_mouth(decided))
    elif incident.ended_at is not None:
        said.append(_("%s宣布响应结束") % _clock(incident.ended_at))
    else:
        said.append(_("市级未启动响应"))
    grade = next((item.name for item in document.grades if item.grade == incident.grade), "")
    if grade:
        said.append(_("灾害等级%s") % grade)
    return "，".join(said) + "。"


def _by_mouth(decided: DecisionStep) -> str:
    """That it was ordered by word of mouth, while its giver has not confirmed it or says that it was not so."""
    order = decided.decision.order
    said = {SpokenOrder.Status.OPEN: _("（口头令，待补签）"), SpokenOrder.Status.DISPUTED: _("（口头令，有异议）")}
    return said.get(SpokenOrder.Status(order.status), "") if order is not None else ""


def _command(places: Sequence[IncidentPlace]) -> str:
    told = []
    for place in places:
        if place.left_at is None:
            who = str(Command(place.commanded_by).label)
            name = _("（%s）") % place.commander_name if place.commander_name else ""
            told.append(_("%(county)s由%(who)s指挥%(name)s") % {"county": place.county.name, "who": who, "name": name})
    return _("现场：%s。") % "；".join(told) if told else ""


def _forces(deployments: Iterable[Deployment]) -> str:
    there = [item for item in deployments if item.status != DeploymentStatus.RELEASED]
    named = {"headquarters": _("%d 个指挥部"), "field_headquarters": _("%d 个现场指挥部")}
    named |= {"group": _("%d 个工作组"), "team": _("%d 个工作队")}
    kinds = Counter(item.kind for item in there)
    parts = [form % kinds[kind] for kind, form in named.items() if kinds[kind]]
    if not parts:
        return ""
    standing = sum(item.status == DeploymentStatus.STANDING for item in there)
    return _("已调派%(what)s，其中已成立 %(standing)d 个。") % {"what": "、".join(parts), "standing": standing}


def _tasks(tasks: Iterable[Task], at: datetime) -> str:
    asked = Counter(task.status for task in tasks if task.status != TaskStatus.RELEASED)
    if not asked:
        return ""
    parts = [f"{TaskStatus(status).label} {asked[status]}" for status in _ordered(asked)]
    return _("截至%(at)s，任务共 %(all)d 项：%(parts)s。") % {
        "at": _clock(at),
        "all": sum(asked.values()),
        "parts": "，".join(parts),
    }


def _ordered(found: Iterable[str]) -> Iterator[str]:
    order = (TaskStatus.DONE, TaskStatus.ACCEPTED, TaskStatus.ASSIGNED, TaskStatus.CANNOT, TaskStatus.HANDED)
    return (status for status in order if status in set(found))


def _clock(moment: datetime) -> str:
    local = timezone.localtime(moment, timezone.get_default_timezone())
    return _("%(month)d月%(day)d日%(time)s") % {
        "month": local.month,
        "day": local.day,
        "time": local.strftime("%H:%M"),
    }
