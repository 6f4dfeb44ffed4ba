"""Telling people, with receipts."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from shuozhou_ops.accounts.models import Organisation, Position, User


class Notice(models.Model):
    """One telling of one recipient, a unit or a position, and its receipt."""

    class Kind(models.TextChoices):
        ACTIVATION = "activation", _("启动")
        INFORMATION = "information", _("告知")
        CHANGE = "change", _("调整")
        RELEASE = "release", _("解除")
        REMINDER = "reminder", _("催办")

    stream = models.CharField(max_length=100)  # what it is about, as the journal names it
    subject = models.CharField(max_length=100, blank=True)  # the row that caused it: `leveldecision/5`
    kind = models.CharField(max_length=20, choices=Kind.choices)
    unit = models.ForeignKey(Organisation, on_delete=models.PROTECT, null=True, related_name="notices")
    position = models.ForeignKey(Position, on_delete=models.PROTECT, null=True, related_name="notices")
    title = models.CharField(max_length=200)
    body = models.TextField(blank=True)
    cite = models.CharField(max_length=60, blank=True)
    sent_at = models.DateTimeField()
    needs_receipt = models.BooleanField(default=True)
    received_at = models.DateTimeField(null=True, blank=True)
    received_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["-sent_at", "-pk"]
        indexes = [
            models.Index(fields=["stream"], name="notice_by_stream"),
            models.Index(
                fields=["unit"], condition=Q(received_at__isnull=True, needs_receipt=True), name="notice_open_by_unit"
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(unit__isnull=False, position__isnull=True) | Q(unit__isnull=True, position__isnull=False),
                name="notice_one_recipient",
            )
        ]

    def __str__(self) -> str:
        return self.title
