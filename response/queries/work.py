"""The open tasks of one person's units and posts, and of the groups they lead; for the office also nobody's."""

from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q

from response import chain
from response.facts import document_of
from response.models import DeploymentSeat, Incident, Task
from response.models.incidents import Status
from response.models.tasks import TaskStatus
from shuozhou_ops.journal.actors import Actor

from .visibility import borne_by, seated

SHOWN, SHOWN_CLOSED = 10, 2


@dataclass(frozen=True)
class TaskPile:
    """The open tasks in one incident: those shown here, and how many there are."""

    incident: Incident
    tasks: list[Task]
    count: int
    unaccepted: int

    @property
    def more(self) -> int:
        """How many are not shown here."""
        return self.count - len(self.tasks)


def piles(incidents: list[Incident], actor: Actor) -> list[TaskPile]:
    """The piles in the order of the incidents; what has to be done at once and nobody has taken lies on top.

    After them the after-care that outlives the closing of an incident, the latest first. Source: ours.
    """
    by_pk = {item.pk: item for item in incidents}
    led = DeploymentSeat.objects.filter(deployment=OuterRef("deployment"), role=DeploymentSeat.Role.LEAD, left_at=None)
    leads = led.filter(seated(actor))
    office = [pk for pk, item in by_pk.items() if actor.posts & chain.office_posts(document_of(item))]
    nobodys = Q(unit=None, position=None, incident__in=office) & ~Q(Exists(led))
    rows = Task.objects.filter(
        borne_by(actor) | Q(Exists(leads)) | nobodys,
        Q(incident__in=by_pk) | Q(incident__status=Status.CLOSED, phase="aftercare"),
        status__in=[TaskStatus.ASSIGNED, TaskStatus.ACCEPTED],
    )
    closed: dict[int, Incident] = {}
    found: dict[int, list[Task]] = {}
    whole = rows.select_related("deployment", "incident__plan_version__plan").defer("incident__plan_version__document")
    for task in whole:
        if task.incident_id not in by_pk:
            closed.setdefault(task.incident_id, task.incident)
        task.incident = by_pk.get(task.incident_id) or closed[task.incident_id]
        found.setdefault(task.incident_id, []).append(task)
    after = sorted(closed.values(), key=lambda item: item.pk, reverse=True)
    piles = [_pile(item, found[pk], SHOWN) for pk, item in by_pk.items() if pk in found]
    return piles + [_pile(item, found[item.pk], SHOWN_CLOSED) for item in after]


def _pile(incident: Incident, tasks: list[Task], shown: int) -> TaskPile:
    tasks.sort(key=lambda task: (task.status != TaskStatus.ASSIGNED, task.mood != "at_once", task.pk))
    unaccepted = sum(task.status == TaskStatus.ASSIGNED for task in tasks)
    return TaskPile(incident, tasks[:shown], len(tasks), unaccepted)
