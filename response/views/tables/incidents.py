"""Acts on the incident itself."""

from response import authority
from response.actions import incidents, marks
from response.forms.acts import (
    LocateForm,
    MarkForm,
    VerifyForm,
)
from response.queries.incident import county_choices

from .table import TOLD, Act

ACTS: dict[str, Act] = {
    "locate": Act(
        "incident.locate",
        lambda case, data: LocateForm(data, counties=county_choices(case)),
        lambda case, typed, actor, at: incidents.locate(case.incident.pk, typed["counties"], actor=actor, at=at),
        TOLD,
        lambda case, _posted: authority.locate(case.incident, case.actor),
    ),
    "verify": Act(
        "incident.verify",
        lambda _case, data: VerifyForm(data),
        lambda case, typed, actor, at: incidents.verify(case.incident.pk, actor=actor, at=at, **typed),
        TOLD,
    ),
    "mark": Act(
        "incident.mark",
        lambda _case, data: MarkForm(data),
        lambda case, typed, actor, at: marks.mark(case.incident.pk, actor=actor, at=at, **typed),
        "facts",
    ),
}
