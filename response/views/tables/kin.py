"""Acts that merge an incident, link it, or put it under the right plan."""

from response.actions import merging, replanning
from response.queries.kin import change_form, follow_form, merge_form, pk_of, take_on_form

from .table import TOLD, Act

ACTS: dict[str, Act] = {
    "merge": Act(
        "incident.merge",
        lambda case, data: merge_form(case, data),
        lambda case, typed, actor, at: merging.merge(
            case.incident.pk, pk_of(case, typed["into"]), actor=actor, at=at, reason=typed["reason"]
        ),
        TOLD,
    ),
    "follow": Act(
        "incident.follow",
        lambda case, data: follow_form(case, data),
        lambda case, typed, actor, at: merging.follow(
            case.incident.pk, pk_of(case, typed["first"]), actor=actor, at=at
        ),
        TOLD,
    ),
    "change-plan": Act(
        "incident.change_plan",
        lambda case, data: change_form(case, data),
        lambda case, typed, actor, at: replanning.change(case.incident.pk, actor=actor, at=at, **typed),
        TOLD,
    ),
    "take-on": Act(
        "response.take_on",
        lambda case, data: take_on_form(case, data),
        lambda case, typed, actor, at: replanning.take_on(case.incident.pk, actor=actor, at=at, **typed),
        TOLD,
    ),
}
