"""Acts on the level."""

from response.actions import decisions, orders, steps
from response.queries.decisions import level_form, open_levels

from .table import TOLD, Act, RunOnDecision

ACTS: dict[str, Act] = {
    "suggest": Act(
        "level.suggest",
        lambda case, data: level_form(case, open_levels(case), data),
        lambda case, typed, actor, at: decisions.suggest(case.incident.pk, actor=actor, at=at, **typed),
        TOLD,
    ),
    "decide": Act(
        "level.decide",
        lambda case, data: level_form(case, open_levels(case), data, deciding=True),
        lambda case, typed, actor, at: decisions.decide(case.incident.pk, actor=actor, at=at, **typed),
        TOLD,
    ),
}

DECISION_ACTS: dict[str, RunOnDecision] = {
    "propose": lambda pk, typed, actor, at: decisions.propose(pk, actor=actor, at=at, **typed),
    "approve": lambda pk, typed, actor, at: decisions.approve(pk, actor=actor, at=at, **typed),
    "refuse": lambda pk, typed, actor, at: decisions.refuse(pk, actor=actor, at=at, **typed),
    "revoke": lambda pk, typed, actor, at: orders.revoke(pk, actor=actor, at=at, **typed),
    "countersign": lambda pk, _typed, actor, at: orders.countersign(pk, actor=actor, at=at),
    "dispute": lambda pk, typed, actor, at: orders.dispute(pk, actor=actor, at=at, **typed),
    "add-report": lambda pk, typed, actor, at: steps.add(pk, "report", actor=actor, at=at, **typed),
    "add-propose": lambda pk, typed, actor, at: steps.add(pk, "propose", actor=actor, at=at, **typed),
}
