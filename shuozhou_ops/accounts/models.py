"""Who there is, and who holds which position when."""

from datetime import datetime

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from shuozhou_ops.journal.streams import Streamed


class Organisation(models.Model):
    """One body: a bureau, a county, a company. The plans name it in several ways, hence the aliases."""

    key = models.CharField(max_length=60, unique=True)
    name = models.CharField(_("名称"), max_length=100)
    aliases = models.JSONField(_("别名"), default=list, blank=True)
    is_county = models.BooleanField(_("县级"), default=False)
    division_code = models.CharField(_("区划代码"), max_length=12, blank=True)
    note = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["pk"]
        verbose_name = _("单位")
        verbose_name_plural = _("单位")

    def __str__(self) -> str:
        return self.name


class Position(Streamed):
    """One position; what it may do the plans say. `function` is for the few powers that no plan names."""

    class Function(models.TextChoices):
        NONE = "", _("无")
        DESK = "desk", _("值班")
        AUDIT = "audit", _("审计")
        APPOINT = "appoint", _("任免")

    key = models.CharField(max_length=80, unique=True)
    name = models.CharField(_("名称"), max_length=100)
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="positions"
    )
    shared = models.BooleanField(_("可多人同时担任"), default=False)
    function = models.CharField(max_length=20, choices=Function.choices, blank=True, default="")

    stream_kind = "position"

    class Meta:
        ordering = ["pk"]
        verbose_name = _("职务")
        verbose_name_plural = _("职务")

    def __str__(self) -> str:
        return self.name


class User(AbstractUser):
    """One person with an account."""

    name = models.CharField(_("姓名"), max_length=60, blank=True)
    phone = models.CharField(_("电话"), max_length=30, blank=True)
    is_demo = models.BooleanField(default=False, editable=False)  # of the demo cast: logs in only where DEMO is set

    class Meta(AbstractUser.Meta):
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.name or self.username

    @property
    def ref(self) -> str:
        """How the journal names this person."""
        return f"user/{self.pk}"


class AppointmentQuerySet(models.QuerySet["Appointment"]):
    """Appointments by time."""

    def at(self, moment: datetime) -> "AppointmentQuerySet":
        """Those in force at an aware moment; a delegation only as long as the holder it came from is in office."""
        given = (
            Q(delegated_by__isnull=True) | Q(delegated_by__valid_to__isnull=True) | Q(delegated_by__valid_to__gt=moment)
        )
        return self.filter(given, Q(valid_to__isnull=True) | Q(valid_to__gt=moment), valid_from__lte=moment)

    def between(self, since: datetime, until: datetime) -> "AppointmentQuerySet":
        """Those in force at some moment from `since` to `until`."""
        given = (
            Q(delegated_by__isnull=True) | Q(delegated_by__valid_to__isnull=True) | Q(delegated_by__valid_to__gt=since)
        )
        return self.filter(given, Q(valid_to__isnull=True) | Q(valid_to__gt=since), valid_from__lte=until)


class Appointment(models.Model):
    """One person in one position for a time: in full, acting, or by delegation from a holder."""

    class Kind(models.TextChoices):
        FULL = "full", _("任职")
        ACTING = "acting", _("代理")
        DELEGATED = "delegated", _("授权")

    position = models.ForeignKey(Position, on_delete=models.PROTECT, related_name="appointments")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="appointments")
    kind = models.CharField(max_length=20, choices=Kind.choices, default=Kind.FULL)
    exclusive = models.BooleanField()  # one at a time: a full holder of a position that is not shared
    valid_from = models.DateTimeField()
    valid_to = models.DateTimeField(null=True, blank=True)
    delegated_by = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    reason = models.CharField(max_length=200, blank=True)

    objects = AppointmentQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["position", "user", "valid_from"], name="appointment_once"),
            models.UniqueConstraint(
                fields=["position"], condition=Q(exclusive=True, valid_to__isnull=True), name="one_full_holder"
            ),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gt=models.F("valid_from")), name="appointment_forward"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} {self.position}"

    @property
    def lapses_at(self) -> datetime | None:
        """Until when it counts: its own end, or that of what it was delegated by; None while neither is known."""
        ends = [self.valid_to, self.delegated_by.valid_to if self.delegated_by else None]
        return min((end for end in ends if end is not None), default=None)
