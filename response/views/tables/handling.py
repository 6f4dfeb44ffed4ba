"""Acts on what is left to a county."""

from django.http import QueryDict

from response import authority
from response.actions import handling
from response.authority import Obstacle
from response.forms.acts import ReasonForm
from response.queries.case import Case
from response.queries.handling import leave_form, word_form

from .table import TOLD, Act


def _may_speak(case: Case, posted: QueryDict) -> list[Obstacle]:
    """Of the county that was posted; nothing where it is not one of this incident's."""
    key = posted.get("county", "")
    place = next((item for item in case.incident.ground if item.county.key == key), None)
    return authority.tell_last_word(case.incident, case.actor, key, place.county.name) if place else []


ACTS: dict[str, Act] = {
    "leave-to-county": Act(
        "incident.leave_to_county",
        lambda _case, data: leave_form(data),
        lambda case, typed, actor, at: handling.leave(case.incident.pk, actor=actor, at=at, **typed),
        TOLD,
    ),
    "last-word": Act(
        "report.tell_last_word",
        lambda case, data: word_form(case, data),
        lambda case, typed, actor, at: handling.tell(case.incident.pk, actor=actor, at=at, **typed),
        TOLD,
        _may_speak,
    ),
    "take-back": Act(
        "incident.take_back",
        lambda _case, data: ReasonForm(data),
        lambda case, typed, actor, at: handling.take_back(case.incident.pk, actor=actor, at=at, **typed),
        TOLD,
    ),
}
