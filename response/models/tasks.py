"""What somebody has to do, and what they say of it."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField, transition

from shuozhou_ops.accounts.models import Organisation, Position, User

from .deployments import Deployment
from .incidents import Incident
from .states import StateModel


class TaskStatus(models.TextChoices):
    ASSIGNED = "assigned", _("待签收")
    ACCEPTED = "accepted", _("进行中")
    DONE = "done", _("已完成")
    CANNOT = "cannot", _("无法完成")
    RELEASED = "released", _("已解除")
    HANDED = "handed", _("移交县级")


OPEN_TASKS = (TaskStatus.ASSIGNED, TaskStatus.ACCEPTED, TaskStatus.CANNOT)


class Task(StateModel):
    """One thing one unit or post has to do in one incident, from one place of the plan."""

    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="tasks")
    deployment = models.ForeignKey(Deployment, on_delete=models.PROTECT, null=True, related_name="tasks")
    item = models.CharField(max_length=120)  # which place of the plan: `level/3/7`, `group/rescue/2`, `duty/14`
    occurrence = models.PositiveIntegerField(default=1)
    response_no = models.PositiveSmallIntegerField(default=1)  # of the incident's responses
    unit = models.ForeignKey(Organisation, on_delete=models.PROTECT, null=True, related_name="tasks")
    position = models.ForeignKey(Position, on_delete=models.PROTECT, null=True, related_name="+")
    bearer = models.CharField(max_length=120)  # as the plan prints it
    text = models.TextField()  # as long as the plan has it
    cite = models.CharField(max_length=60)
    phase = models.CharField(max_length=12, default="response")
    mood = models.CharField(max_length=12, blank=True)
    status = FSMField(default=TaskStatus.ASSIGNED, choices=TaskStatus.choices, protected=True)
    every = models.CharField(max_length=20, blank=True)  # ISO 8601: given again at `due_at`
    due_at = models.DateTimeField(null=True, blank=True)
    assigned_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)
    settled_at = models.DateTimeField(null=True, blank=True)
    handed_to = models.ForeignKey(Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    progress = models.CharField(max_length=500, blank=True)  # the last word of its bearer

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["incident", "response_no", "item", "bearer", "occurrence"],
                condition=~Q(status="released"),
                name="task_once_open",
            ),
            models.CheckConstraint(condition=Q(status__in=TaskStatus.values), name="task_status_known"),
        ]
        indexes = [
            models.Index(fields=["unit"], condition=Q(status__in=["assigned", "accepted"]), name="task_open_by_unit")
        ]

    def __str__(self) -> str:
        return self.text

    @property
    def is_open(self) -> bool:
        """Whether it still asks for something."""
        return self.status in OPEN_TASKS

    @transition(field=status, source=TaskStatus.ASSIGNED, target=TaskStatus.ACCEPTED)
    def accept(self) -> None:
        """Its bearer has taken it."""

    @transition(field=status, source=list(OPEN_TASKS), target=TaskStatus.DONE)
    def finish(self) -> None:
        """It is done."""

    @transition(field=status, source=[TaskStatus.ASSIGNED, TaskStatus.ACCEPTED], target=TaskStatus.CANNOT)
    def decline(self) -> None:
        """Its bearer cannot do it, and says why."""

    @transition(field=status, source=list(OPEN_TASKS), target=TaskStatus.RELEASED)
    def release(self) -> None:
        """It is no longer asked."""

    @transition(field=status, source=list(OPEN_TASKS), target=TaskStatus.HANDED)
    def hand_over(self) -> None:
        """The county goes on with it."""


class TaskReport(models.Model):
    """One thing a bearer said of a task."""

    task = models.ForeignKey(Task, on_delete=models.PROTECT, related_name="reports")
    at = models.DateTimeField()
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    text = models.CharField(max_length=500)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.text
