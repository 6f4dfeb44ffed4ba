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
    COUNTY_HANDLING = "county_handling", _("县级处置")
    RESPONDING = "responding", _("响应中")
    ENDED = "ended", _("响应结束")
    REVIEWING = "reviewing", _("评估总结")
    CLOSED = "closed", _("已办结")
    DISMISSED = "dismissed", _("已排除")
    MERGED = "merged", _("已并入")


BEFORE_START = (Status.REPORTED, Status.VERIFIED, Status.COUNTY_HANDLING)
BEFORE_END = (*BEFORE_START, Status.RESPONDING)
AFTER_END = (Status.ENDED, Status.REVIEWING, Status.CLOSED)
OVER = (Status.CLOSED, Status.DISMISSED, Status.MERGED)


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
    response_no = models.PositiveSmallIntegerField(default=1)  # which response this is, or will be
    county_since = models.DateTimeField(null=True, blank=True)  # since when the county answers it by itself
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
    continues = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="continued_by"
    )  # the response under the wrong plan that this one takes on
    flags = models.JSONField(default=list, blank=True)  # the plan's own marks
    former_plans = models.JSONField(default=list, blank=True)  # under which it ran before: `FormerPlan`

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
    def ground(self) -> list["IncidentPlace"]:
        """The counties it touches now: those that turned out not to be touched are left out."""
        return [place for place in self.places.all() if place.left_at is None]

    @property
    def severity(self) -> int:
        """For sorting: the level in force, or what comes after every level."""
        return self.level or NO_LEVEL

    @property
    def is_open(self) -> bool:
        """Whether it still asks for anything."""
        return self.status not in OVER

    @transition(field=status, source=Status.REPORTED, target=Status.VERIFIED)
    def verify(self) -> None:
        """The event is real."""

    @transition(field=status, source=[Status.REPORTED, Status.VERIFIED], target=Status.COUNTY_HANDLING)
    def leave_to_county(self) -> None:
        """The county answers it by itself."""

    @transition(field=status, source=Status.COUNTY_HANDLING, target=Status.VERIFIED)
    def take_back(self) -> None:
        """The county has said its last word, and the city looks at it again."""

    @transition(field=status, source=[*BEFORE_START, *AFTER_END], target=Status.RESPONDING)
    def respond(self) -> None:
        """A response has begun, the first or another one after an end."""

    @transition(field=status, source=Status.RESPONDING, target=Status.ENDED)
    def end(self) -> None:
        """The response has ended."""

    @transition(field=status, source=Status.ENDED, target=Status.REVIEWING)
    def review(self) -> None:
        """Evaluation and summaries have begun."""

    @transition(field=status, source=Status.RESPONDING, target=Status.DISMISSED)
    def dismiss(self) -> None:
        """There was no event."""

    @transition(field=status, source=list(BEFORE_START), target=Status.MERGED)
    def merge(self) -> None:
        """It was another report of an incident that is already here."""

    @transition(field=status, source=[Status.VERIFIED, Status.COUNTY_HANDLING, Status.REVIEWING], target=Status.CLOSED)
    def close(self) -> None:
        """Nothing more is asked."""


class Command(models.TextChoices):
    """Who commands on the ground of one county."""

    COUNTY = "county", _("县级")
    CITY = "city", _("市指挥部")
    FIELD = "field", _("市现场指挥部")
    PROVINCE = "province", _("省级")
    NATION = "nation", _("国家")


class IncidentPlace(models.Model):
    """One county the incident touches, its own response, and who commands there now.

    A county that turns out not to be touched keeps its row, with `left_at`.
    """

    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="places")
    county = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    own_level = models.PositiveSmallIntegerField(null=True, blank=True)
    own_level_by = models.CharField(max_length=100, blank=True)
    own_level_at = models.DateTimeField(null=True, blank=True)
    commanded_by = models.CharField(max_length=20, choices=Command.choices, default=Command.COUNTY)
    commander_name = models.CharField(max_length=100, blank=True)  # who it is, by name and post, where told
    commanded_since = models.DateTimeField(null=True, blank=True)
    added_at = models.DateTimeField(null=True, blank=True)  # null: known from the first
    left_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["incident", "county"], name="incident_county_once")]

    def __str__(self) -> str:
        return f"{self.incident_id} {self.county_id}"
