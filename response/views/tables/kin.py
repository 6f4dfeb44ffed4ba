"""Acts that merge an incident, link it, or put it under the right plan."""

from django.http import QueryDict

from plans.documents import PlanDocument
from response import authority
from response.actions import merging, replanning
from response.authority import Obstacle
from response.models import Incident
from response.queries.case import Case
from response.queries.kin import change_form, follow_form, merge_form, pk_of, take_on_form

from .table import TOLD, Act


def _other(case: Case, public_id: str) -> Incident:
    """The other incident that was posted; this one where it is none that is offered."""
    return next((item for item in case.others if item.public_id == public_id), case.incident)


def _plan(case: Case, key: str) -> PlanDocument:
    """The plan that was posted; this incident's where it is none that is offered."""
    return next((item for item in case.plans if item.plan == key), case.document)


def _may_merge(case: Case, posted: QueryDict) -> list[Obstacle]:
    return authority.merge(case.incident, _other(case, posted.get("into", "")), case.actor)


def _may_follow(case: Case, posted: QueryDict) -> list[Obstacle]:
    return authority.follow(case.incident, _other(case, posted.get("first", "")), case.actor)


def _may_change(case: Case, posted: QueryDict) -> list[Obstacle]:
    return authority.change_plan(case.incident, case.actor, _plan(case, posted.get("plan", "")))


def _may_take_on(case: Case, posted: QueryDict) -> list[Obstacle]:
    plan, _slash, level = posted.get("right", "").rpartition("/")
    document = _plan(case, plan)
    known = {str(item.level): item.level for item in document.levels}.get(level)
    return authority.take_on(case.incident, case.actor, document, known, field=case.field)


ACTS: dict[str, Act] = {
    "merge": Act(
        "incident.merge",
        lambda case, data: merge_form(case, data),
        lambda case, typed, actor, at: merging.merge(
            case.incident.pk, pk_of(case, typed["into"]), actor=actor, at=at, reason=typed["reason"]
        ),
        TOLD,
        _may_merge,
    ),
    "follow": Act(
        "incident.follow",
        lambda case, data: follow_form(case, data),
        lambda case, typed, actor, at: merging.follow(
            case.incident.pk, pk_of(case, typed["first"]), actor=actor, at=at
        ),
        TOLD,
        _may_follow,
    ),
    "change-plan": Act(
        "incident.change_plan",
        lambda case, data: change_form(case, data),
        lambda case, typed, actor, at: replanning.change(case.incident.pk, actor=actor, at=at, **typed),
        TOLD,
        _may_change,
    ),
    "take-on": Act(
        "response.take_on",
        lambda case, data: take_on_form(case, data),
        lambda case, typed, actor, at: replanning.take_on(case.incident.pk, actor=actor, at=at, **typed),
        TOLD,
        _may_take_on,
    ),
}
