"""Acts that say what is known."""

from response.actions import facts, reports
from response.actions.facts import Judged
from response.forms.acts import (
    VerifyFactsForm,
)
from response.forms.reporting import HandInForm
from response.queries.figures import report_form, unverified
from response.queries.reports import may_hand_in, slot_choices

from .table import Act

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
    "hand-in": Act(
        "report.hand_in",
        lambda case, data: HandInForm(data, slots=slot_choices(case)),
        lambda case, typed, actor, at: reports.hand_in(case.incident.pk, actor=actor, at=at, **typed),
        "reports",
        lambda case, posted: may_hand_in(case, posted.get("slot", "")),
    ),
}
