"""What was sent out: headquarters, groups, teams, and who sits in them."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField, transition

from shuozhou_ops.accounts.models import Organisation, Position, User

from .incidents import Incident
from .states import StateModel


class DeploymentStatus(models.TextChoices):
    CALLED = "called", _("已通知")
    STANDING = "standing", _("已成立")
    RELEASED = "released", _("已解除")


class Deployment(StateModel):
    """One headquarters, group or team called for an incident."""

    class Kind(models.TextChoices):
        HEADQUARTERS = "headquarters", _("指挥部")
        FIELD_HEADQUARTERS = "field_headquarters", _("现场指挥部")
        GROUP = "group", _("工作组")
        TEAM = "team", _("工作队")

    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="deployments")
    kind = models.CharField(max_length=20, choices=Kind.choices)
    key = models.CharField(max_length=80)  # the group's key in the plan, or the kind, or the team's name
    name = models.CharField(max_length=100)
    cite = models.CharField(max_length=60)
    status = FSMField(default=DeploymentStatus.CALLED, choices=DeploymentStatus.choices, protected=True)
    called_at = models.DateTimeField()
    standing_at = models.DateTimeField(null=True, blank=True)
    standing_place = models.CharField(max_length=200, blank=True)
    commander = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    commander_name = models.CharField(max_length=60, blank=True)  # as confirmed when it stands
    commander_post = models.CharField(max_length=100, blank=True)
    released_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["incident", "kind", "key"],
                condition=Q(status__in=["called", "standing"]),
                name="deployment_once_open",
            ),
            models.CheckConstraint(condition=Q(status__in=DeploymentStatus.values), name="deployment_status_known"),
        ]

    def __str__(self) -> str:
        return self.name

    @transition(field=status, source=DeploymentStatus.CALLED, target=DeploymentStatus.STANDING)
    def stand(self) -> None:
        """It is there."""

    @transition(
        field=status, source=[DeploymentStatus.CALLED, DeploymentStatus.STANDING], target=DeploymentStatus.RELEASED
    )
    def release(self) -> None:
        """It is no longer needed."""


class DeploymentSeat(models.Model):
    """One seat in a deployment: a lead or a member; a unit, a post, or a person without an account."""

    class Role(models.TextChoices):
        LEAD = "lead", _("组长")
        DEPUTY = "deputy", _("副职")
        MEMBER = "member", _("成员")

    deployment = models.ForeignKey(Deployment, on_delete=models.PROTECT, related_name="seats")
    role = models.CharField(max_length=10, choices=Role.choices)
    name = models.CharField(max_length=120)  # as the plan prints it
    unit = models.ForeignKey(Organisation, on_delete=models.PROTECT, null=True, related_name="+")
    position = models.ForeignKey(Position, on_delete=models.PROTECT, null=True, related_name="+")
    person = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    person_name = models.CharField(max_length=60, blank=True)  # without an account: name, post, phone
    person_post = models.CharField(max_length=100, blank=True)
    person_phone = models.CharField(max_length=30, blank=True)

    left_at = models.DateTimeField(null=True, blank=True)  # the commander let this one go

    SEALED = ("person_phone",)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.name
