"""The open tasks of one person's units and posts, and of the groups they lead; for the office also nobody's."""

from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q

from response import chain
from response.facts import document_of
from response.models import DeploymentSeat, Incident, Task
from response.models.tasks import TaskStatus
from shuozhou_ops.journal.actors import Actor

from .visibility import borne_by, seated

SHOWN = 10


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
    """The piles in the order of the incidents; what has to be done at once and nobody has taken lies on top."""
    by_pk = {item.pk: item for item in incidents}
    led = DeploymentSeat.objects.filter(deployment=OuterRef("deployment"), role=DeploymentSeat.Role.LEAD, left_at=None)
    leads = led.filter(seated(actor))
    office = [pk for pk, item in by_pk.items() if actor.posts & chain.office_posts(document_of(item))]
    nobodys = Q(unit=None, position=None, incident__in=office) & ~Q(Exists(led))
    rows = Task.objects.filter(
        borne_by(actor) | Q(Exists(leads)) | nobodys,
        incident__in=by_pk,
        status__in=[TaskStatus.ASSIGNED, TaskStatus.ACCEPTED],
    )
    found: dict[int, list[Task]] = {}
    for task in rows.select_related("deployment"):
        task.incident = by_pk[task.incident_id]
        found.setdefault(task.incident_id, []).append(task)
    return [_pile(item, found[pk]) for pk, item in by_pk.items() if pk in found]


def _pile(incident: Incident, tasks: list[Task]) -> TaskPile:
    tasks.sort(key=lambda task: (task.status != TaskStatus.ASSIGNED, task.mood != "at_once", task.pk))
    unaccepted = sum(task.status == TaskStatus.ASSIGNED for task in tasks)
    return TaskPile(incident, tasks[:SHOWN], len(tasks), unaccepted)
