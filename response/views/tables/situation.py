"""Acts on situation reports."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from response.actions import situation
from response.authority import may_be_final
from response.forms.acts import ActForm, EmptyForm
from response.forms.situation import DraftForm, EditForm, SeenForm
from response.models import SituationReport
from response.queries.case import Case
from shuozhou_ops.journal.actors import Actor

from .table import Act


def _final(case: Case) -> bool:
    return may_be_final(case.incident, case.situation)


ACTS: dict[str, Act] = {
    "draft-situation": Act(
        "situation.draft",
        lambda case, data: DraftForm(data, may_be_final=_final(case)),
        lambda case, typed, actor, at: situation.draft(case.incident.pk, actor=actor, at=at, **typed),
        "situation",
    ),
}

FormOfReport = Callable[[Case, SituationReport, Any], ActForm]
RunOnReport = Callable[[int, dict[str, Any], Actor, datetime], object]

SITUATION_ACTS: dict[str, tuple[FormOfReport, RunOnReport]] = {
    "edit": (
        lambda case, report, data: EditForm(data, report=report, may_be_final=_final(case)),
        lambda pk, typed, actor, at: situation.edit(pk, actor=actor, at=at, **typed),
    ),
    "send": (
        lambda _case, report, data: SeenForm(data, report=report),
        lambda pk, typed, actor, at: situation.send(pk, actor=actor, at=at, **typed),
    ),
    "refresh": (
        lambda _case, _report, data: EmptyForm(data),
        lambda pk, _typed, actor, at: situation.refresh(pk, actor=actor, at=at),
    ),
    "drop": (
        lambda _case, _report, data: EmptyForm(data),
        lambda pk, _typed, actor, at: situation.drop(pk, actor=actor, at=at),
    ),
}
