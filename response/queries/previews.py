"""What a level would set going and release here, in figures and in one sentence, before anyone decides."""

from collections import Counter

from django.utils.translation import gettext as _

from plans.labels import level_name
from response import timeline
from response.activation import aftercare_orders, still_asked, what_starts
from response.models import Task
from response.models.deployments import DeploymentStatus
from response.models.tasks import TaskStatus

from .case import Case


def sentence(case: Case, level: int) -> str:
    """`启动三级响应：1 个指挥部、10 个工作组、81 项任务，通知 41 个单位`."""
    now = case.incident.level
    act = _("启动%s") if now is None else _("提高至%s") if level < now else _("降低至%s")
    lowering = now is not None and level > now
    words = _going(case, level, lowering=lowering)
    return _("%(act)s：%(going)s") % {"act": act % level_name(level), "going": words or _("没有新增的任务")}


def _going(case: Case, level: int, *, lowering: bool) -> str:
    """Released first, then called, given and told."""
    wanted = what_starts(case.document, level, case.ground)
    there = {(item.kind, item.key): item for item in case.deployments if item.status != DeploymentStatus.RELEASED}
    called = {(item.kind, item.key) for item in wanted.called}
    stays, keep = still_asked(case.document, level, case.ground) if lowering else (called, set[str]())
    gone = [item for key, item in there.items() if key not in stays] if lowering else []
    dropped = _dropped(case, keep, {item.pk for item in gone}) if lowering else []
    given = {(task.item, task.bearer) for task in case.tasks if task.status != TaskStatus.RELEASED}
    given -= {(task.item, task.bearer) for task in dropped}
    orders = {(order.item, order.bearer.name) for order in wanted.orders} - given
    before = {notice.unit.key for notice in case.notices if notice.unit and notice.needs_receipt}
    released = before - set(wanted.told) if lowering else set()
    return timeline.going(
        released=timeline.counted(Counter(item.kind for item in gone), tasks=len(dropped)),
        called=timeline.counted(
            Counter(kind for kind, _key in called - set(there)),
            tasks=len(orders),
            told=len(wanted.told) + len(released),
            informed=len(set(wanted.informed) - released),
        ),
    )


def _dropped(case: Case, keep: set[str], gone: set[int]) -> list[Task]:
    """The open tasks that only the more severe level asked for."""
    return [
        task
        for task in case.tasks
        if task.is_open and task.phase == "response" and (task.item not in keep or task.deployment_id in gone)
    ]


def of_end(case: Case) -> str:
    """What declaring the end releases, and who is told."""
    there = [item for item in case.deployments if item.status != DeploymentStatus.RELEASED]
    open_tasks = sum(task.is_open for task in case.tasks)
    duties = {(order.item, order.bearer.name) for order in aftercare_orders(case.document, case.ground)}
    return timeline.going(
        released=timeline.counted(Counter(item.kind for item in there), tasks=open_tasks),
        aftercare=len(duties),
        told=len({notice.unit_id for notice in case.notices if notice.unit_id}),
    )
