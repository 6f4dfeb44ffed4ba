"""What was reported: never overwritten, only corrected by a newer report."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from shuozhou_ops.accounts.models import User

from .incidents import Incident


class Quality(models.TextChoices):
    ESTIMATED = "estimated", _("未核实")
    VERIFIED = "verified", _("已核实")


class FactReport(models.Model):
    """One report of one fact or milestone. A value of null withdraws what was said before."""

    class Kind(models.TextChoices):
        FACT = "fact", _("情况")
        MILESTONE = "milestone", _("时间点")
        FIGURE = "figure", _("统计")  # counted beside the facts; no plan judges it
        NOTE = "note", _("记述")  # what a plan left behind has no fact for

    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="fact_reports")
    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.FACT)
    name = models.CharField(max_length=80)
    value = models.JSONField(null=True)
    quality = models.CharField(max_length=10, choices=Quality.choices, default=Quality.ESTIMATED)
    source = models.CharField(max_length=200)
    observed_at = models.DateTimeField()  # when it was so
    told_at = models.DateTimeField()  # when we were told
    reported_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    corrects = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="corrected_by")
    chosen_at = models.DateTimeField(null=True, blank=True)  # an officer put this one in force
    chosen_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    judged_by = models.CharField(max_length=100, blank=True)  # of facts that are judgements: who, at which post, why
    judged_post = models.CharField(max_length=100, blank=True)
    judged_reason = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ["observed_at", "pk"]
        indexes = [models.Index(fields=["incident", "name"], name="fact_by_name")]
        constraints = [
            models.CheckConstraint(condition=Q(quality__in=Quality.values), name="fact_quality_known"),
            models.CheckConstraint(
                condition=Q(kind__in=["fact", "milestone", "figure", "note"]), name="fact_kind_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name}={self.value}"
