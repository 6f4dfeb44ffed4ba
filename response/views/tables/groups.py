"""Acts by which the commander changes groups, members and tasks."""

from datetime import datetime
from typing import Any

from django.http import QueryDict

from response import authority
from response.actions import groups, own_tasks, teams
from response.actions.own_tasks import Given
from response.authority import Obstacle
from response.queries import grouping
from response.queries.case import Case
from shuozhou_ops.journal.actors import Actor

from .table import Act

HERE = "groups"


def _guard(case: Case, _posted: QueryDict) -> list[Obstacle]:
    """Who may do none of them: what each asks beyond that, its action says."""
    groups = authority.change_groups(case.incident, case.actor, field=case.field)
    return groups and authority.name_seats(case.incident, case.actor)


def _add_seat(_case: Case, typed: dict[str, Any], actor: Actor, at: datetime) -> object:
    deployment = typed.pop("deployment")
    return teams.seat(deployment, teams.Named(**typed), actor=actor, at=at)


ACTS: dict[str, Act] = {
    "add-seat": Act("deployment.seat", grouping.add_seat_form, _add_seat, HERE, _guard),
    "drop-seat": Act(
        "deployment.unseat",
        grouping.drop_seat_form,
        lambda _case, typed, actor, at: teams.unseat(typed["seat"], actor=actor, at=at, reason=typed["reason"]),
        HERE,
        _guard,
    ),
    "call-group": Act(
        "deployment.call",
        grouping.call_form,
        lambda case, typed, actor, at: groups.call(case.incident.pk, actor=actor, at=at, **typed),
        HERE,
        _guard,
    ),
    "release-group": Act(
        "deployment.release",
        grouping.release_form,
        lambda _case, typed, actor, at: groups.release(typed["deployment"], actor=actor, at=at, reason=typed["reason"]),
        HERE,
        _guard,
    ),
    "give-task": Act(
        "task.give",
        grouping.give_form,
        lambda case, typed, actor, at: own_tasks.give(case.incident.pk, Given(**typed), actor=actor, at=at),
        HERE,
        _guard,
    ),
    "release-task": Act(
        "task.release",
        grouping.take_back_form,
        lambda _case, typed, actor, at: own_tasks.release(typed["task"], actor=actor, at=at, reason=typed["reason"]),
        HERE,
        _guard,
    ),
}
