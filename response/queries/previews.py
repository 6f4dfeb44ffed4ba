"""What a level would set going and release here, in figures and in one sentence, before anyone decides."""

from collections import Counter
from collections.abc import Collection

from django.utils.translation import gettext as _

from plans.labels import level_name
from response.actions.settling import AFTERCARE
from response.activation import Activation, aftercare_orders, commanded, own, still_asked, what_starts
from response.models import Deployment, Task
from response.models.deployments import DeploymentStatus
from response.models.tasks import TaskStatus
from response.sentences.common import counted, going
from response.telling import still_told, told_since

from .case import Case, once


def sentence(case: Case, level: int, ticked: Collection[str] | None = None) -> str:
    """`启动三级响应：1 个指挥部、10 个工作组、81 项任务，通知 41 个单位`."""
    return _sentence(case, level, None if ticked is None else frozenset(ticked))


@once
def _sentence(case: Case, level: int, ticked: frozenset[str] | None) -> str:
    now = case.incident.level
    act = _("启动%s") if now is None else _("提高至%s") if level < now else _("降低至%s")
    words = _going(case, level, ticked)
    return _("%(act)s：%(going)s") % {"act": act % level_name(level), "going": words or _("没有新增的任务")}


def lowers(case: Case, level: int) -> bool:
    """Whether this level is milder than the one in force."""
    return case.incident.level is not None and level > case.incident.level


def wanted(case: Case, level: int, ticked: Collection[str] | None = None) -> Activation:
    """What deciding this level would set going. ticked: the members to tell, where somebody chose them."""
    stay = () if lowers(case, level) else still_told(case.notices)
    return what_starts(case.document, level, case.ground, ticked=ticked, stay=stay)


def _going(case: Case, level: int, ticked: Collection[str] | None) -> str:
    """Released first, then called, given and told."""
    lowering, asked = lowers(case, level), wanted(case, level, ticked)
    there = {(item.kind, item.key): item for item in case.deployments if item.status != DeploymentStatus.RELEASED}
    called = {(item.kind, item.key) for item in asked.called}
    stays, keep = still_asked(case.document, level, case.ground, ticked=ticked) if lowering else (called, set[str]())
    keeps = commanded(case.document, level)
    gone = [item for key, item in there.items() if key not in stays and not (keeps and own(item.key))]
    gone = gone if lowering else []
    dropped = _dropped(case, keep, {item.pk for item in gone}) if lowering else []
    given = {(task.item, task.bearer) for task in case.tasks if _given(task, case.response_to_come)}
    given -= {(task.item, task.bearer) for task in dropped}
    orders = {(order.item, order.bearer.name) for order in asked.orders} - given
    released = still_told(case.notices).difference(asked.told) if lowering else frozenset[str]()
    return going(
        released=counted(Counter(item.kind for item in gone), tasks=len(dropped)),
        called=counted(
            Counter(kind for kind, _key in called - set(there)),
            tasks=len(orders),
            told=len(asked.told) + len(released),
            informed=len(set(asked.informed) - released),
        ),
    )


def _given(task: Task, response: int) -> bool:
    """Whether a response of this number need not give it again: given in it, or after-care that still goes on."""
    return task.status != TaskStatus.RELEASED and (
        task.response_no == response or (task.is_open and task.phase == AFTERCARE)
    )


def _dropped(case: Case, keep: set[str], gone: set[int]) -> list[Task]:
    """The open tasks that only the more severe level asked for."""
    return [
        task
        for task in case.tasks
        if task.is_open
        and task.phase == "response"
        and (task.deployment_id in gone or not (own(task.item) or task.item in keep))
    ]


def of_end(case: Case) -> str:
    """What declaring the end releases, and who is told."""
    there = [item for item in case.deployments if item.status != DeploymentStatus.RELEASED]
    given = {(task.item, task.bearer) for task in case.tasks if _given(task, case.incident.response_no)}
    return going(
        released=counted(Counter(item.kind for item in there)),
        aftercare=len(_duties_after(case) - given),
        told=len(_told(case)),
    )


def of_revoking(case: Case) -> str:
    """What revoking a response releases, and who is told; no after-care."""
    there = [item for item in case.deployments if item.status != DeploymentStatus.RELEASED]
    return going(
        released=counted(Counter(item.kind for item in there), tasks=sum(task.is_open for task in case.tasks)),
        told=len({notice.unit_id for notice in case.notices if notice.unit_id}),
    )


def of_dismissal(case: Case, *, tasks: bool = True) -> str:
    """What an end without conditions releases, every open task with it unless they are asked for, and who is told."""
    there = [item for item in case.deployments if item.status != DeploymentStatus.RELEASED]
    left = sum(task.is_open and task.phase != AFTERCARE for task in case.tasks)
    return going(
        released=counted(Counter(item.kind for item in there), tasks=left if tasks else 0), told=len(_told(case))
    )


def _told(case: Case) -> set[int]:
    """The units that have been told of anything in this response."""
    start = case.incident.started_at or case.at
    return {notice.unit_id for notice in case.notices if notice.unit_id and notice.sent_at >= start}


def _duties_after(case: Case) -> set[tuple[str, str]]:
    """The tasks after the end, as item and bearer."""
    start = case.incident.started_at or case.at
    groups = {item.key for item in case.deployments if item.kind == Deployment.Kind.GROUP and item.called_at >= start}
    told = told_since(case.notices, start)
    orders = aftercare_orders(case.document, case.ground, groups=groups, told=told)
    return {(order.item, order.bearer.name) for order in orders}
