"""The versions of the plans that were loaded: each whole, none ever changed."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from shuozhou_ops.journal.streams import Streamed


class Plan(Streamed):
    """One plan; what it says stands in its versions."""

    key = models.CharField(max_length=80, unique=True)

    stream_kind = "plan"

    class Meta:
        ordering = ["pk"]
        verbose_name = _("预案")
        verbose_name_plural = _("预案")

    def __str__(self) -> str:
        return self.key


class PlanVersion(models.Model):
    """One version of one plan as it was loaded. The one loaded last is in force for new incidents."""

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="versions")
    version = models.CharField(_("版本"), max_length=100)
    name = models.CharField(_("名称"), max_length=100)
    number = models.CharField(_("文号"), max_length=100)
    sha256 = models.CharField(max_length=64)
    document = models.TextField()  # the canonical JSON, whole; the fingerprint is over this text
    in_force_from = models.DateTimeField(_("施行时间"))
    loaded_at = models.DateTimeField(_("载入时间"))

    UNJOURNALED = ("document",)  # its sha256 is in the journal

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["plan", "version"], name="plan_version_once")]
        verbose_name = _("预案版本")
        verbose_name_plural = _("预案版本")

    def __str__(self) -> str:
        return f"{self.plan_id} {self.version}"


class OfficialText(models.Model):
    """An operator's copy of the official text behind the versions of a plan that bear its number.

    The one attached last is shown; the others stay as they were.
    """

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="texts")
    number = models.CharField(_("文号"), max_length=100)
    file_name = models.CharField(_("文件"), max_length=200)
    sha256 = models.CharField(max_length=64)
    text = models.TextField()
    attached_at = models.DateTimeField(_("附上时间"))

    UNJOURNALED = ("text",)  # its sha256 is in the journal

    class Meta:
        ordering = ["pk"]
        verbose_name = _("预案正文")
        verbose_name_plural = _("预案正文")

    def __str__(self) -> str:
        return f"{self.plan_id} {self.number} {self.file_name}"
