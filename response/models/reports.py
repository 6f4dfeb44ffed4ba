"""What units told that the plan charges with a report."""

from django.db import models

from shuozhou_ops.accounts.models import Organisation, User

from .incidents import Incident


class UnitReport(models.Model):
    """One report of one unit on what the plan has it tell. Never overwritten; a later one continues it (续报)."""

    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="unit_reports")
    item = models.CharField(max_length=120)  # which place of the plan: `reporting/3`
    unit = models.ForeignKey(Organisation, on_delete=models.PROTECT, null=True, related_name="+")
    bearer = models.CharField(max_length=120)  # as the plan prints it
    text = models.CharField(max_length=2000)
    observed_at = models.DateTimeField()  # when it was so
    told_at = models.DateTimeField()
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.bearer}：{self.text}"
