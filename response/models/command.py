"""Command on the ground: who handed it to whom, what the counties do and ask, what those above instruct."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField, transition

from shuozhou_ops.accounts.models import Organisation, User

from .incidents import Command, Incident, IncidentPlace
from .states import StateModel


class Handover(models.Model):
    """One passing of the command in one county: who handed it over, who took it, where, when."""

    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="handovers")
    place = models.ForeignKey(IncidentPlace, on_delete=models.PROTECT, related_name="handovers")
    from_command = models.CharField(max_length=20, choices=Command.choices)
    to_command = models.CharField(max_length=20, choices=Command.choices)
    handed_by = models.CharField(max_length=100)  # name and post
    taken_by = models.CharField(max_length=100)
    where = models.CharField(max_length=200)
    at = models.DateTimeField()
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    note = models.CharField(max_length=500, blank=True)
    cite = models.CharField(max_length=60, blank=True)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.place_id} {self.from_command}→{self.to_command}"


class EarlyStep(models.Model):
    """One line of the plan's early handling that a county has done."""

    place = models.ForeignKey(IncidentPlace, on_delete=models.PROTECT, related_name="early_steps")
    item = models.PositiveSmallIntegerField()  # its place in the plan's list
    text = models.TextField()
    cite = models.CharField(max_length=60)
    done_at = models.DateTimeField()
    done_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    note = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ["item", "pk"]
        constraints = [models.UniqueConstraint(fields=["place", "item"], name="early_step_once")]

    def __str__(self) -> str:
        return self.text


class SupportRequest(StateModel):
    """What somebody asks for: a county of the city, or the city of those above; followed until it is answered."""

    class Status(models.TextChoices):
        OPEN = "open", _("待答复")
        GRANTED = "granted", _("同意")
        REFUSED = "refused", _("不同意")

    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="requests")
    place = models.ForeignKey(IncidentPlace, on_delete=models.PROTECT, null=True, related_name="requests")  # who asks
    to_name = models.CharField(max_length=100)
    text = models.CharField(max_length=1000)
    cite = models.CharField(max_length=60, blank=True)
    status = FSMField(default=Status.OPEN, choices=Status.choices, protected=True)
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    answer = models.CharField(max_length=1000, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=Q(status__in=["open", "granted", "refused"]), name="request_status_known")
        ]

    def __str__(self) -> str:
        return self.text

    @transition(field=status, source=Status.OPEN, target=Status.GRANTED)
    def grant(self) -> None:
        """It is given."""

    @transition(field=status, source=Status.OPEN, target=Status.REFUSED)
    def refuse(self) -> None:
        """It is not given."""


class Instruction(StateModel):
    """What a leader instructs (批示), or a higher working group thinks: received, passed on, followed until done."""

    class Kind(models.TextChoices):
        INSTRUCTION = "instruction", _("批示")
        OPINION = "opinion", _("意见")

    class Status(models.TextChoices):
        RECEIVED = "received", _("已收到")
        PASSED = "passed", _("已传达")
        DONE = "done", _("已办结")

    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="instructions")
    kind = models.CharField(max_length=20, choices=Kind.choices)
    giver_name = models.CharField(max_length=100)
    giver_post = models.CharField(max_length=100, blank=True)
    text = models.CharField(max_length=2000)
    cite = models.CharField(max_length=60, blank=True)
    status = FSMField(default=Status.RECEIVED, choices=Status.choices, protected=True)
    received_at = models.DateTimeField()
    received_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    unit = models.ForeignKey(Organisation, on_delete=models.PROTECT, null=True, related_name="+")  # who sees to it
    passed_at = models.DateTimeField(null=True, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)
    result = models.CharField(max_length=1000, blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=["instruction", "opinion"]), name="instruction_kind_known"),
            models.CheckConstraint(
                condition=Q(status__in=["received", "passed", "done"]), name="instruction_status_known"
            ),
        ]

    def __str__(self) -> str:
        return self.text

    @transition(field=status, source=[Status.RECEIVED, Status.PASSED], target=Status.PASSED)
    def pass_on(self) -> None:
        """Those who act on it have been told."""

    @transition(field=status, source=Status.PASSED, target=Status.DONE)
    def finish(self) -> None:
        """It is done."""
