"""Who has to tell what while an incident runs, read from the plan: a slot each, empty until it is told. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass

from plans.documents import PlanDocument

from .bearers import Bearer, Ground, bearers

TOLD_IN = ("early", "response")  # the phases in which a report is due


@dataclass(frozen=True)
class Slot:
    """One report that one unit is charged with. item: its place in the plan: `reporting/3`."""

    item: str
    bearer: Bearer
    text: str
    cite: str
    mood: str

    @property
    def key(self) -> str:
        """The slot's name in a form."""
        return f"{self.item}/{self.bearer.name}"


def slots_of(document: PlanDocument, ground: Ground) -> Iterator[Slot]:
    """Every report that a unit, a post or a county is charged with, in the plan's order.

    Whom words alone name (whoever sees smoke) has no slot: nobody can be asked; nor have the headquarters and its
    office, who ask.
    Source: the plan's reporting list (5.1 and the like); a unit charged with a report is data.
    """
    for place, duty in enumerate(document.reporting):
        if duty.phase not in TOLD_IN:
            continue
        charged = [ref for ref in duty.who if ref.kind != "role"]
        for bearer in dict.fromkeys(bearer for ref in charged for bearer in bearers(ref, document, ground)):
            if bearer.unit or bearer.post:
                yield Slot(f"reporting/{place}", bearer, duty.text, duty.cite, duty.mood or "")
