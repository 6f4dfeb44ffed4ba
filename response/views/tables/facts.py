"""Acts that say what is known."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from response.actions import facts, reports
from response.actions.facts import Judged
from response.forms.acts import (
    ChooseFactForm,
    VerifyFactsForm,
)
from response.forms.reporting import HandInForm
from response.models import FactReport
from response.queries.case import Case
from response.queries.figures import report_form, unverified
from response.queries.reports import may_hand_in, slot_choices
from shuozhou_ops.errors import Conflict
from shuozhou_ops.journal.actors import Actor

from .table import Act


def choose(case: Case, typed: dict[str, Any], actor: Actor, at: datetime) -> FactReport:
    """Choose among the reports of this incident. Raises as the action, and Conflict for a report of another one."""
    if typed["report"] not in {report.pk for report in case.reports}:
        raise Conflict("not_standing", _("这个事件没有这份报告。"))
    return facts.choose(typed["report"], actor=actor, at=at, reason=typed["reason"])


ACTS: dict[str, Act] = {
    "report-facts": Act(
        "fact.report",
        lambda case, data: report_form(case, data),
        lambda case, typed, actor, at: facts.report(
            case.incident.pk,
            typed["values"],
            actor=actor,
            at=at,
            source=typed["source"],
            observed_at=typed["observed_at"],
            quality=typed["quality"],
            moments=typed["moments"],
            corrects_present=typed["corrects_present"],
            judged=Judged(*(typed.get(name, "") for name in ("judged_by", "judged_post", "judged_reason"))),
        ),
        "facts",
    ),
    "verify-facts": Act(
        "fact.verify",
        lambda case, data: VerifyFactsForm(data, names=unverified(case)),
        lambda case, typed, actor, at: facts.verify(
            case.incident.pk, typed["facts"], actor=actor, at=at, source=typed["source"], seen=typed["seen"]
        ),
        "facts",
    ),
    "choose-fact": Act(
        "fact.choose",
        lambda _case, data: ChooseFactForm(data),
        choose,
        "facts",
    ),
    "hand-in": Act(
        "report.hand_in",
        lambda case, data: HandInForm(data, slots=slot_choices(case)),
        lambda case, typed, actor, at: reports.hand_in(case.incident.pk, actor=actor, at=at, **typed),
        "reports",
        lambda case, posted: may_hand_in(case, posted.get("slot", "")),
    ),
}
