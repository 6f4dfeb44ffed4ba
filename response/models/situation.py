"""Situation reports: what was known at a moment, signed and sent."""

import hashlib
import json

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField, transition

from shuozhou_ops.accounts.models import User

from .incidents import Incident
from .states import StateModel


class SituationReport(StateModel):
    """One report upward: first, further or final. Numbered when it is signed, and never changed after."""

    class Kind(models.TextChoices):
        FIRST = "first", _("初报")
        FURTHER = "further", _("续报")
        FINAL = "final", _("终报")

    class Status(models.TextChoices):
        DRAFT = "draft", _("拟稿")
        SENT = "sent", _("已报送")
        DROPPED = "dropped", _("已废弃")

    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="situation_reports")
    number = models.PositiveSmallIntegerField(null=True, blank=True)  # 1, 2, 3 … without gaps, once signed
    kind = models.CharField(max_length=10, choices=Kind.choices)
    status = FSMField(default=Status.DRAFT, choices=Status.choices, protected=True)
    figures = models.JSONField(default=list)  # frozen: name, label, value, quality, source, as of, what it was
    text = models.TextField(blank=True)
    as_of = models.DateTimeField()
    drafted_at = models.DateTimeField()
    drafted_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    signed_at = models.DateTimeField(null=True, blank=True)
    signed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    signed_post = models.CharField(max_length=100, blank=True)
    sent_to = models.JSONField(default=list)  # to whom, by name
    over_heads = models.JSONField(default=list)  # which of the steps between were left out (越级), by name

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["incident", "number"], name="situation_report_number_once"),
            models.UniqueConstraint(fields=["incident"], condition=Q(status="draft"), name="one_open_draft"),
            models.CheckConstraint(condition=Q(kind__in=["first", "further", "final"]), name="situation_kind_known"),
            models.CheckConstraint(condition=Q(status__in=["draft", "sent", "dropped"]), name="situation_status_known"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.number}"

    @property
    def fingerprint(self) -> str:
        """A print of what is to be signed: whoever signs or edits says which one was seen."""
        parts = [self.kind, self.text, self.figures, self.sent_to]
        return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()[:16]

    @transition(field=status, source=Status.DRAFT, target=Status.SENT)
    def send(self) -> None:
        """It is signed and sent."""

    @transition(field=status, source=Status.DRAFT, target=Status.DROPPED)
    def drop(self) -> None:
        """It is thrown away before anybody signed it."""
