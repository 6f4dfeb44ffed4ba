"""The incident and its counties."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField, transition

from plans.models import PlanVersion
from shuozhou_ops.accounts.models import Organisation, User
from shuozhou_ops.journal.streams import Streamed

from .states import StateModel

TITLE = 200  # characters of a notice's title
NO_LEVEL = 5  # sorts after every level


def new_public_id() -> str:
    """The name of an incident in addresses and in the journal: says nothing, is never given twice."""
    return uuid.uuid4().hex[:12]


class Status(models.TextChoices):
    REPORTED = "reported", _("已接报")
    VERIFIED = "verified", _("已核实")
    RESPONDING = "responding", _("响应中")
    ENDED = "ended", _("响应结束")
    REVIEWING = "reviewing", _("评估总结")
    CLOSED = "closed", _("已办结")


BEFORE_END = (Status.REPORTED, Status.VERIFIED, Status.RESPONDING)


class Source(models.TextChoices):
    CALL = "call", _("群众来电")
    COUNTY = "county", _("县（市、区）上报")
    BUREAU = "bureau", _("部门通报")
    INSTRUMENTS = "instruments", _("监测速报")
    SUPERIOR = "superior", _("上级通知")
    MEDIA = "media", _("媒体网络")
    OTHER = "other", _("其他")


class IncidentNumber(models.Model):
    """The last number given in a year; the row is the lock under which the next one is given."""

    year = models.PositiveIntegerField(primary_key=True)
    last = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.year} {self.last}"


class Incident(StateModel, Streamed):
    """One event the city answers, under one version of one plan."""

    public_id = models.CharField(max_length=12, unique=True, default=new_public_id, editable=False)
    year = models.PositiveIntegerField()
    number = models.PositiveIntegerField()
    plan_version = models.ForeignKey(PlanVersion, on_delete=models.PROTECT, related_name="incidents")
    status = FSMField(default=Status.REPORTED, choices=Status.choices, protected=True)
    level = models.PositiveSmallIntegerField(null=True, blank=True)  # in force; 4 lowest … 1 highest
    grade = models.PositiveSmallIntegerField(null=True, blank=True)  # by the facts in force
    started_at = models.DateTimeField(null=True, blank=True)  # of the present response
    ended_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)

    place = models.CharField(max_length=200)
    outside_city = models.BooleanField(default=False)  # known to be; without this and without a county: not known yet
    latitude = models.DecimalField(max_digits=8, decimal_places=5, null=True, blank=True)  # WGS-84 degrees
    longitude = models.DecimalField(max_digits=8, decimal_places=5, null=True, blank=True)
    occurred_at = models.DateTimeField(null=True, blank=True)
    logged_at = models.DateTimeField()
    logged_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    source = models.CharField(max_length=20, choices=Source.choices)
    caller_name = models.CharField(max_length=60, blank=True)
    caller_phone = models.CharField(max_length=30, blank=True)
    words = models.TextField(blank=True)  # what was said
    scope_judgement = models.CharField(max_length=500, blank=True)  # why it is ours where the text asks for a judgement
    closing_reason = models.CharField(max_length=500, blank=True)

    replay_of = models.CharField(max_length=100, unique=True, null=True, blank=True)  # a past event tried again
    merged_into = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="merged")
    follows = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="followed_by")
    flags = models.JSONField(default=list, blank=True)  # the plan's own marks

    stream_kind = "incident"
    stream_key_field = "public_id"
    SEALED = ("caller_name", "caller_phone", "words")

    class Meta:
        ordering = ["-logged_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["year", "number"], name="incident_number_once"),
            models.CheckConstraint(condition=Q(status__in=Status.values), name="incident_status_known"),
            models.CheckConstraint(
                condition=Q(level__isnull=True) | Q(level__range=(1, 4)), name="incident_level_known"
            ),
            models.CheckConstraint(
                condition=Q(status=Status.RESPONDING, level__isnull=False)
                | (~Q(status=Status.RESPONDING) & Q(level__isnull=True)),
                name="incident_level_while_responding",
            ),
        ]
        indexes = [models.Index(fields=["status"], name="incident_by_status")]

    def __str__(self) -> str:
        return f"{self.code} {self.place}"

    @property
    def code(self) -> str:
        """The number as it is printed: 〔2026〕12号."""
        return f"〔{self.year}〕{self.number}号"

    def headline(self, what: str) -> str:
        """The title of a notice about it: the place, cut where it is long, and whole what happened."""
        return f"{self.place[: TITLE - 1 - len(what)]}：{what}"[:TITLE]

    @property
    def severity(self) -> int:
        """For sorting: the level in force, or what comes after every level."""
        return self.level or NO_LEVEL

    @property
    def is_open(self) -> bool:
        """Whether it still asks for anything."""
        return self.status != Status.CLOSED

    @transition(field=status, source=Status.REPORTED, target=Status.VERIFIED)
    def verify(self) -> None:
        """The event is real."""

    @transition(field=status, source=[Status.REPORTED, Status.VERIFIED], target=Status.RESPONDING)
    def respond(self) -> None:
        """A response has begun."""

    @transition(field=status, source=Status.RESPONDING, target=Status.ENDED)
    def end(self) -> None:
        """The response has ended."""

    @transition(field=status, source=Status.ENDED, target=Status.REVIEWING)
    def review(self) -> None:
        """Evaluation and summaries have begun."""

    @transition(field=status, source=[Status.VERIFIED, Status.REVIEWING], target=Status.CLOSED)
    def close(self) -> None:
        """Nothing more is asked."""


class IncidentPlace(models.Model):
    """One county the incident touches, its own response, and who commands there now."""

    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="places")
    county = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    own_level = models.PositiveSmallIntegerField(null=True, blank=True)
    own_level_by = models.CharField(max_length=100, blank=True)
    own_level_at = models.DateTimeField(null=True, blank=True)
    commanded_by = models.CharField(max_length=20, default="county")
    commanded_since = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["incident", "county"], name="incident_county_once")]

    def __str__(self) -> str:
        return f"{self.incident_id} {self.county_id}"
