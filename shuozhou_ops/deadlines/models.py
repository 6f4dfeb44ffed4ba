"""What is due when."""

from django.db import models
from django.db.models import Q


class Deadline(models.Model):
    """One thing that comes due: of which kind, about which row, when, and whether it has been dealt with."""

    class State(models.TextChoices):
        OPEN = "open"
        MET = "met"
        FIRED = "fired"

    kind = models.CharField(max_length=40)
    subject = models.CharField(max_length=100)  # a row as the journal names it: `leveldecision/5`
    due_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    settled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["due_at"], condition=Q(state="open"), name="deadline_open_due")]
        constraints = [
            models.UniqueConstraint(fields=["kind", "subject"], condition=Q(state="open"), name="deadline_once_open"),
            models.CheckConstraint(condition=Q(state__in=["open", "met", "fired"]), name="deadline_state_known"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject} {self.due_at:%Y-%m-%d %H:%M}"
