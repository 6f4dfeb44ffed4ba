"""The figures of each incident on the board."""

from dataclasses import dataclass

from django.db.models import Count, F, Q

from response.actions.settling import AFTERCARE
from response.models import Confirmation, Incident, LevelDecision, Paper, Task
from response.models.tasks import TaskStatus
from shuozhou_ops.journal.actors import Actor
from shuozhou_ops.notices.models import Notice

from .visibility import borne_by


@dataclass(frozen=True)
class Tally:
    """One incident in figures: tasks, receipts, papers, end conditions confirmed in the present round."""

    tasks: int = 0
    done: int = 0
    cannot: int = 0
    silent: int = 0  # units that have not answered
    papers_owed: int = 0
    confirmed: int = 0


def of(incidents: list[Incident], actor: Actor, *, whole: bool) -> dict[int, Tally]:
    """The figures of these incidents by primary key; where not `whole`, of this person's own tasks and notices."""
    mine = Q() if whole else borne_by(actor)
    tasks = {
        row["incident"]: row
        for row in Task.objects.filter(mine, incident__in=incidents)
        .filter(Q(response_no=F("incident__response_no")) | Q(phase=AFTERCARE))
        .exclude(status__in=[TaskStatus.RELEASED, TaskStatus.HANDED])
        .order_by()
        .values("incident")
        .annotate(
            every=Count("pk"),
            done=Count("pk", filter=Q(status=TaskStatus.DONE)),
            cannot=Count("pk", filter=Q(status=TaskStatus.CANNOT)),
        )
    }
    silent = _silent(incidents, mine)
    owed = _owed(incidents)
    confirmed = _confirmed(incidents)
    nothing = {"every": 0, "done": 0, "cannot": 0}
    return {
        item.pk: Tally(
            tasks=tasks.get(item.pk, nothing)["every"],
            done=tasks.get(item.pk, nothing)["done"],
            cannot=tasks.get(item.pk, nothing)["cannot"],
            silent=silent.get(item.stream, 0),
            papers_owed=owed.get(item.pk, 0),
            confirmed=confirmed.get(item.pk, 0),
        )
        for item in incidents
    }


def _silent(incidents: list[Incident], mine: Q) -> dict[str, int]:
    open_ones = Notice.objects.filter(
        mine, stream__in=[item.stream for item in incidents], needs_receipt=True, received_at__isnull=True
    )
    return dict(open_ones.order_by().values_list("stream").annotate(Count("unit", distinct=True)))


def _owed(incidents: list[Incident]) -> dict[int, int]:
    rows = Paper.objects.filter(incident__in=incidents, status=Paper.Status.OWED, before_closing=True)
    return dict(rows.order_by().values_list("incident").annotate(Count("pk")))


def _confirmed(incidents: list[Incident]) -> dict[int, int]:
    """How many end conditions are confirmed in the present round."""
    rounds = dict(
        LevelDecision.objects.filter(incident__in=incidents)
        .moves()
        .order_by()
        .values_list("incident")
        .annotate(Count("pk"))
    )
    found: dict[int, int] = {}
    for pk, number in Confirmation.objects.filter(incident__in=incidents).values_list("incident", "round"):
        found[pk] = found.get(pk, 0) + (number == rounds.get(pk, 0))
    return found
