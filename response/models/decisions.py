"""Decisions on the level, and each step of the chain that leads to one."""

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField, transition

from shuozhou_ops.accounts.models import User

from .incidents import Incident
from .states import StateModel


class DecisionStatus(models.TextChoices):
    SUGGESTED = "suggested", _("建议")
    PROPOSED = "proposed", _("待批准")
    APPROVED = "approved", _("已批准")
    REFUSED = "refused", _("未批准")
    STALE = "stale", _("已失效")


class DecisionKind(models.TextChoices):
    START = "start", _("启动")
    RAISE = "raise", _("提高至")
    LOWER = "lower", _("降低至")
    END = "end", _("结束")


class Manner(models.TextChoices):
    """How a response ends."""

    ORDINARY = "", _("结束")
    NO_EVENT = "no_event", _("排除")
    CONTINUED = "continued", _("转入")
    REVOKED = "revoked", _("撤回")


OPEN_STATUSES = (DecisionStatus.SUGGESTED, DecisionStatus.PROPOSED)


class LevelDecisionQuerySet(models.QuerySet["LevelDecision"]):
    """Decisions by what they came to."""

    def moves(self) -> "LevelDecisionQuerySet":
        """The starts and changes of level that took effect. Each begins a new round of confirming the end."""
        return self.filter(status=DecisionStatus.APPROVED).exclude(kind=DecisionKind.END)

    def of_response(self, number: int) -> "LevelDecisionQuerySet":
        """Those of an incident's present response, the `number`th, or of the last where it is over: since the end
        before. Call it on the decisions of one incident."""
        if number < 2:
            return self
        ends = self.filter(status=DecisionStatus.APPROVED, kind=DecisionKind.END).order_by("pk")
        before = ends.values_list("pk", flat=True)[number - 2 : number - 1]
        return self.filter(pk__gt=before.get()) if before else self


class LevelDecision(StateModel):
    """One decision to start, raise, lower or end. A suggestion becomes a proposal when the one whom the chain names
    sends it, and takes effect when the one whom the plan names approves it."""

    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="decisions")
    kind = models.CharField(max_length=10, choices=DecisionKind.choices)
    status = FSMField(default=DecisionStatus.SUGGESTED, choices=DecisionStatus.choices, protected=True)
    automatic = models.BooleanField(default=False)  # made by the plan's table, not by a person
    from_level = models.PositiveSmallIntegerField(null=True, blank=True)
    to_level = models.PositiveSmallIntegerField(null=True, blank=True)  # null: no level
    table_level = models.PositiveSmallIntegerField(null=True, blank=True)  # what the plan's table gave at that moment
    clauses = models.JSONField(default=list)  # every level clause that held then: cite, text, level
    figures = models.JSONField(default=dict)  # the facts it rests on, with their quality
    ticked = models.JSONField(null=True)  # the members to tell, where the plan leaves it to ticks; null: untouched
    reason = models.CharField(max_length=500, blank=True)
    manner = models.CharField(max_length=10, choices=Manner.choices, blank=True, default="")  # of an end
    contested = models.JSONField(default=list)  # the reports, not in force, that an automatic one follows
    reverses = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="reversed_by")
    made_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True, blank=True)  # approved, refused or stale
    settled_reason = models.CharField(max_length=500, blank=True)

    objects = LevelDecisionQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["incident"],
                condition=Q(automatic=True, status__in=["suggested", "proposed"]),
                name="one_open_automatic_proposal",
            ),
            models.CheckConstraint(condition=Q(status__in=DecisionStatus.values), name="decision_status_known"),
            models.CheckConstraint(condition=Q(kind__in=DecisionKind.values), name="decision_kind_known"),
        ]
        indexes = [
            models.Index(fields=["incident"], condition=Q(status__in=["suggested", "proposed"]), name="decision_open")
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.from_level}→{self.to_level} {self.status}"

    @property
    def is_open(self) -> bool:
        """Whether it still waits for somebody."""
        return self.status in OPEN_STATUSES

    @property
    def is_end(self) -> bool:
        """Whether a response ended with it."""
        return self.status == DecisionStatus.APPROVED and self.kind == DecisionKind.END

    @property
    def is_move(self) -> bool:
        """Whether it is one of `moves`."""
        return self.status == DecisionStatus.APPROVED and self.kind != DecisionKind.END

    @property
    def order(self) -> "SpokenOrder | None":
        """The spoken order that it was given by; one query where that is not at hand."""
        return getattr(self, "spoken_order", None)

    @property
    def target_level(self) -> int:
        """The level it puts the incident on. Raises ValueError for an end, which puts it on none."""
        if self.to_level is None:
            raise ValueError("an end puts the incident on no level")
        return self.to_level

    @property
    def authority_level(self) -> int:
        """The more severe of its two levels: whose authority it needs (interpretation 11)."""
        return min(level for level in (self.from_level, self.to_level) if level is not None)

    @property
    def acts_taken(self) -> set[str]:
        """What has been done on the way to it; one query where its steps are not at hand."""
        return {step.act for step in self.steps.all()}

    @property
    def basis(self) -> list[dict[str, Any]]:
        """The clauses that hold for the most severe level among them: what the table rests on."""
        top = min((clause.get("level", 0) for clause in self.clauses), default=0)
        return [clause for clause in self.clauses if clause.get("level", 0) == top]

    @property
    def differs_from_table(self) -> bool:
        """Whether it is milder or more severe than the plan's table gives, on the figures of any source."""
        return self.kind != DecisionKind.END and self.to_level != self.table_level and not self.contested

    @transition(field=status, source=DecisionStatus.SUGGESTED, target=DecisionStatus.PROPOSED)
    def propose(self) -> None:
        """The one whom the chain names has sent it."""

    @transition(field=status, source=list(OPEN_STATUSES), target=DecisionStatus.APPROVED)
    def approve(self) -> None:
        """The one whom the plan names has decided for it."""

    @transition(field=status, source=list(OPEN_STATUSES), target=DecisionStatus.REFUSED)
    def refuse(self) -> None:
        """The one whom the plan names has decided against it."""

    @transition(field=status, source=list(OPEN_STATUSES), target=DecisionStatus.STALE)
    def expire(self) -> None:
        """What it was made from no longer holds."""


class DecisionStep(models.Model):
    """One step of a decision: reported, proposed or decided, by whom, when, by what means."""

    class Act(models.TextChoices):
        SUGGEST = "suggest", _("建议")
        REPORT = "report", _("报告")
        PROPOSE = "propose", _("提请")
        DECIDE = "decide", _("决定")

    class Means(models.TextChoices):
        SYSTEM = "system", _("系统")
        PHONE = "phone", _("电话")
        SPOKEN = "spoken", _("当面口头")
        RADIO = "radio", _("电台")
        WRITTEN = "written", _("书面")

    decision = models.ForeignKey(LevelDecision, on_delete=models.PROTECT, related_name="steps")
    act = models.CharField(max_length=10, choices=Act.choices)
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    by_name = models.CharField(max_length=100)
    by_post = models.CharField(max_length=100, blank=True)
    to_post = models.CharField(max_length=100, blank=True)
    at = models.DateTimeField()
    means = models.CharField(max_length=10, choices=Means.choices, default=Means.SYSTEM)
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    witness = models.CharField(max_length=100, blank=True)
    cite = models.CharField(max_length=60, blank=True)
    note = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.act} {self.by_name}"


class SpokenOrder(StateModel):
    """An order that was given by word of mouth and written down by another: in effect at once.

    It waits on the desk of the one who gave it until it is countersigned or disputed.
    """

    class Status(models.TextChoices):
        OPEN = "open", _("待补签")
        COUNTERSIGNED = "countersigned", _("已补签")
        DISPUTED = "disputed", _("有异议")

    decision = models.OneToOneField(LevelDecision, on_delete=models.PROTECT, related_name="spoken_order")
    status = FSMField(default=Status.OPEN, choices=Status.choices, protected=True)
    giver = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    giver_post = models.CharField(max_length=100)
    said_at = models.DateTimeField()
    means = models.CharField(max_length=10, choices=DecisionStep.Means.choices)
    words = models.CharField(max_length=500, blank=True)  # what was said
    witness = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    witness_name = models.CharField(max_length=100, blank=True)
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_reason = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=["open", "countersigned", "disputed"]), name="order_status_known"
            ),
        ]
        indexes = [models.Index(fields=["giver"], condition=Q(status="open"), name="order_open_by_giver")]

    def __str__(self) -> str:
        return f"{self.decision_id} {self.status}"

    @transition(field=status, source=Status.OPEN, target=Status.COUNTERSIGNED)
    def countersign(self) -> None:
        """The giver confirms it."""

    @transition(field=status, source=Status.OPEN, target=Status.DISPUTED)
    def dispute(self) -> None:
        """The giver says that it was not so. It undoes nothing."""
