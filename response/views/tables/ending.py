"""The end, and after it."""

from django.utils.translation import gettext as _

from response.actions import endings, reviews
from response.forms.acts import (
    ConfirmEndForm,
    EmptyForm,
    ReasonForm,
)
from response.queries.settling import settle_form

from .table import TOLD, Act

ACTS: dict[str, Act] = {
    "confirm-end": Act(
        "end.confirm",
        lambda _case, data: ConfirmEndForm(data),
        lambda case, typed, actor, at: endings.confirm(case.incident.pk, actor=actor, at=at, **typed),
        "end",
    ),
    "declare-end": Act(
        "end.declare",
        lambda case, data: settle_form(case, data, label=_("说明")),
        lambda case, typed, actor, at: endings.declare(case.incident.pk, actor=actor, at=at, **typed),
        TOLD,
    ),
    "dismiss": Act(
        "response.dismiss",
        lambda _case, data: ReasonForm(data, must=True, label=_("怎么查明没有发生")),
        lambda case, typed, actor, at: endings.dismiss(case.incident.pk, actor=actor, at=at, **typed),
        TOLD,
    ),
    "open-review": Act(
        "review.open",
        lambda _case, data: EmptyForm(data),
        lambda case, _typed, actor, at: reviews.open_review(case.incident.pk, actor=actor, at=at),
        TOLD,
    ),
    "close": Act(
        "incident.close",
        lambda _case, data: ReasonForm(data, label=_("办结理由")),
        lambda case, typed, actor, at: reviews.close(case.incident.pk, actor=actor, at=at, **typed),
        TOLD,
    ),
}
