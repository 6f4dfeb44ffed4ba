"""Acts on what is left to a county."""

from response.actions import handling
from response.forms.acts import ReasonForm
from response.queries.handling import leave_form, word_form

from .table import TOLD, Act

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
    ),
    "take-back": Act(
        "incident.take_back",
        lambda _case, data: ReasonForm(data),
        lambda case, typed, actor, at: handling.take_back(case.incident.pk, actor=actor, at=at, **typed),
        TOLD,
    ),
}
