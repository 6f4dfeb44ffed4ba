"""What an end and a closing wait for."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField, transition

from shuozhou_ops.accounts.models import Organisation, User

from .incidents import Incident
from .states import StateModel


class Confirmation(models.Model):
    """One end condition, confirmed by one person by name.

    `round` counts the starts and changes of level that took effect: after each one the conditions are asked anew.
    """

    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="confirmations")
    round = models.PositiveSmallIntegerField(default=1)
    condition = models.PositiveSmallIntegerField()  # its place in the plan's list
    text = models.TextField()  # as long as the plan has it
    cite = models.CharField(max_length=60)
    confirmed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    confirmed_post = models.CharField(max_length=100, blank=True)
    confirmed_at = models.DateTimeField()
    basis = models.CharField(max_length=500)  # on what the confirmation rests

    class Meta:
        ordering = ["condition"]
        constraints = [models.UniqueConstraint(fields=["incident", "round", "condition"], name="end_condition_once")]

    def __str__(self) -> str:
        return self.text


class Paper(StateModel):
    """One paper the plan demands after the end, of one author."""

    class Status(models.TextChoices):
        OWED = "owed", _("待提交")
        RECEIVED = "received", _("已收到")

    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="papers")
    response_no = models.PositiveSmallIntegerField(default=1)  # after which of the incident's responses
    item = models.PositiveSmallIntegerField()  # its place in the plan's list
    name = models.CharField(max_length=200)
    cite = models.CharField(max_length=60)
    author = models.ForeignKey(Organisation, on_delete=models.PROTECT, null=True, related_name="+")
    author_name = models.CharField(max_length=120)
    recipient_name = models.CharField(max_length=120, blank=True)
    headings = models.JSONField(default=list)
    before_closing = models.BooleanField(default=True)
    status = FSMField(default=Status.OWED, choices=Status.choices, protected=True)
    content = models.JSONField(default=dict)  # heading -> text
    owed_since = models.DateTimeField()
    received_at = models.DateTimeField(null=True, blank=True)
    received_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    signed_name = models.CharField(max_length=60, blank=True)  # of a form that is signed, by whom and for whom
    signed_post = models.CharField(max_length=100, blank=True)
    taken_over_by = models.CharField(max_length=100, blank=True)  # who took over what it hands over

    class Meta:
        ordering = ["item", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["incident", "response_no", "item", "author_name"], name="paper_once_per_author"
            ),
            models.CheckConstraint(condition=Q(status__in=["owed", "received"]), name="paper_status_known"),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.author_name}"

    @property
    def sections(self) -> list[str]:
        """What it is written under: the headings that the plan demands, else its own name."""
        return self.headings or [self.name]

    @property
    def demand(self) -> str:
        """What closing waits for while it is owed: `市应急局 总结（6.2）`."""
        return f"{self.author_name} {self.name}（{self.cite}）"

    @transition(field=status, source=Status.OWED, target=Status.RECEIVED)
    def receive(self) -> None:
        """It is there."""
