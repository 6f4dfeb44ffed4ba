"""Which unit has to tell what, what it told, and the form to write it down."""

from dataclasses import dataclass, field

from django.utils.text import Truncator
from django.utils.translation import gettext as _

from response import authority
from response.forms.reporting import HandInForm
from response.models import UnitReport
from response.slots import Slot, slots_of

from .case import Case
from .offers import Attempt, Offer, of_incident, offer


@dataclass(frozen=True)
class SlotLine:
    """One report that is due, and what was told so far, newest first."""

    slot: Slot
    told: list[UnitReport]


@dataclass
class Teller:
    """One unit with everything it has to tell."""

    name: str
    lines: list[SlotLine] = field(default_factory=list)

    @property
    def empty(self) -> int:
        """How many of its slots nothing was told in."""
        return sum(not line.told for line in self.lines)


@dataclass
class Reports:
    """The section of the page."""

    tellers: list[Teller]
    hand_in: Offer | None = None

    @property
    def empty(self) -> int:
        """How many units have told nothing yet."""
        return sum(all(not line.told for line in teller.lines) for teller in self.tellers)


def of_case(case: Case, attempt: Attempt | None) -> Reports:
    """The reports that are due in this incident, so far as this person may see them. No query."""
    told: dict[tuple[str, str], list[UnitReport]] = {}
    for report in case.unit_reports:
        told.setdefault((report.item, report.bearer), []).insert(0, report)
    tellers: dict[str, Teller] = {}
    for slot in slots_of(case.document, case.ground):
        if case.whole or slot.bearer.unit in case.actor.units:
            line = SlotLine(slot, told.get((slot.item, slot.bearer.name), []))
            tellers.setdefault(slot.bearer.name, Teller(slot.bearer.name)).lines.append(line)
    return Reports(list(tellers.values()), _hand_in(case, list(tellers.values()), attempt))


def slot_choices(case: Case) -> list[tuple[str, list[tuple[str, str]]]]:
    """The slots this person may write in, as choices grouped by unit: those still empty first."""
    return _choices(of_case(case, None).tellers, case)


def may_hand_in(case: Case, key: str) -> list[authority.Obstacle]:
    """What stands in the way of this person writing in this slot; nothing where there is no such slot."""
    slot = next((slot for slot in slots_of(case.document, case.ground) if slot.key == key), None)
    return authority.hand_in(case.incident, case.actor, slot) if slot else []


def _choices(tellers: list[Teller], case: Case) -> list[tuple[str, list[tuple[str, str]]]]:
    found = []
    for teller in sorted(tellers, key=lambda item: not item.empty):
        lines = [line.slot for line in teller.lines if not authority.hand_in(case.incident, case.actor, line.slot)]
        if lines:
            found.append((teller.name, [(slot.key, Truncator(slot.text).chars(40)) for slot in lines]))
    return found


def _hand_in(case: Case, tellers: list[Teller], attempt: Attempt | None) -> Offer | None:
    choices = _choices(tellers, case)
    if not choices:
        return None
    form = HandInForm(slots=choices)
    return offer(attempt, "hand-in", of_incident(case.incident, "hand-in"), _("记录报告"), form, [])
