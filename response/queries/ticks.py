"""Which members a level tells where the plan leaves that to ticks: the list before a decision, and what it came to."""

from collections.abc import Collection
from dataclasses import dataclass

from django.utils.translation import gettext as _

from plans.labels import level_name
from plans.organisations import key_of
from response.activation import members_of
from response.forms import fields
from response.models import LevelDecision

from . import previews
from .case import Case


@dataclass(frozen=True)
class Told:
    """Whom a decision told among the members, and who got a copy, by name."""

    ticked: list[str]
    informed: list[str]


def field(
    case: Case, level: int, ticked: Collection[str] | None = None, *, named: bool = False
) -> fields.TicksField | None:
    """The list of a level, ticked as somebody left it or as the plan's groups and measures have it; None where the
    plan leaves nothing to ticks. named: several levels stand in one form. Source: interpretation 18. No query.
    """
    if case.document.level(level).tells != "ticked":
        return None
    wanted = previews.wanted(case, level, ticked)
    names = _names(case)
    told = [unit for unit in names if unit in wanted.told]
    words = _("通知哪些成员单位：通知 %(told)d，其余 %(informed)d 告知") % {
        "told": len(told),
        "informed": len(names) - len(told),
    }
    label = _("%(level)s%(words)s") % {"level": level_name(level), "words": words} if named else words
    choices = [(unit, f"{name}{_('（必通知）')}" if unit in wanted.must else name) for unit, name in names.items()]
    return fields.ticks(label, choices, must=wanted.must, ticked=told)


def of_decision(case: Case, decision: LevelDecision) -> Told | None:
    """What the ticks of a decision came to; None where it has none."""
    if decision.ticked is None or not decision.is_move:
        return None
    names = _names(case)
    ticked = [names.get(unit, unit) for unit in decision.ticked]
    return Told(ticked, [name for unit, name in names.items() if unit not in decision.ticked])


def _names(case: Case) -> dict[str, str]:
    """The members' names as the plan prints them, by key."""
    printed = {key_of(ref): ref.name for ref in case.document.headquarters.members}
    return {unit: printed[unit] for unit in members_of(case.document)}
