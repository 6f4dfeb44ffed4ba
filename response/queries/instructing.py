"""Instructions and opinions of those above, as the page shows them: with receipts, until they are done. No query."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from plans.organisations import key_of
from response import authority
from response.actions.instructions import FIELD
from response.forms.command import FinishForm, PassOnForm, ReceiveForm
from response.models import Instruction
from response.models.incidents import OVER, Status
from shuozhou_ops.journal import record
from shuozhou_ops.notices.models import Notice

from .case import Case
from .offers import Attempt, Offer, of_incident, offer

SPOKEN_OF = ("批示", "意见")  # words by which a measure is recognised as one of these
SHOWN = 30


@dataclass(frozen=True)
class InstructionLine:
    """One of them: who was told and who has acknowledged, and what can be done with it."""

    instruction: Instruction
    told: list[Notice]
    pass_on: Offer | None
    finish: Offer | None

    @property
    def received(self) -> int:
        """How many have acknowledged."""
        return sum(notice.received_at is not None for notice in self.told)


@dataclass(frozen=True)
class Instructing:
    """The section."""

    lines: list[InstructionLine]
    receive: Offer | None

    @property
    def open(self) -> int:
        """How many are not done."""
        return sum(line.instruction.status != Instruction.Status.DONE for line in self.lines)


def of_case(case: Case, attempt: Attempt | None) -> Instructing | None:
    """Everything that came in, the newest first, for those who see the whole incident."""
    if not case.whole:
        return None
    receive = None
    if case.acts and case.incident.status not in OVER:
        obstacles = authority.follow_instruction(case.incident, case.actor, received=False)
        url = of_incident(case.incident, "receive-instruction")
        form = receive_form(case, None)
        receive = offer(attempt, "receive-instruction", url, _("记录批示或意见"), form, obstacles)
    lines = [_line(case, item, attempt) for item in reversed(case.instructions)]
    return Instructing(lines, receive) if lines or receive else None


def _line(case: Case, item: Instruction, attempt: Attempt | None) -> InstructionLine:
    told = [notice for notice in case.notices if notice.subject == record.thing(item)]
    pass_on = finish = None
    obstacles = authority.follow_instruction(case.incident, case.actor, received=True)
    acts = case.acts and case.incident.status != Status.MERGED
    if acts and item.status != Instruction.Status.DONE:
        form = pass_on_form(case, None, item)
        url = of_incident(case.incident, "pass-on")
        pass_on = offer(attempt, f"pass-on/{item.pk}", url, _("传达"), form, obstacles)
    if acts and item.status == Instruction.Status.PASSED:
        done = FinishForm(initial={"instruction": item.pk})
        url = of_incident(case.incident, "finish-instruction")
        finish = offer(attempt, f"finish-instruction/{item.pk}", url, _("办结"), done, obstacles)
    return InstructionLine(item, told, pass_on, finish)


def receive_form(case: Case, data: Any) -> ReceiveForm:
    """Taking one down, with the measures of the level that speak of such a thing as its clause."""
    level = case.incident.level or case.highest_level()
    measures = [measure for _under, measure in case.document.measures_at(level)] if level else []
    cites = {item.cite: item.text for item in measures if any(word in item.text for word in SPOKEN_OF)}
    return ReceiveForm(data, cites=[(cite, f"{cite} {text[:SHOWN]}") for cite, text in cites.items()])


def pass_on_form(case: Case, data: Any, item: Instruction | None = None) -> PassOnForm:
    """Passing one on: to the scene or the office's seat where nobody chooses, and to any unit that takes part."""
    seat = key_of(case.document.headquarters.office.seat)
    units = {unit.key: unit.name for unit in case.units}
    seated = {seat.unit.key for seats in case.seats.values() for seat in seats if seat.unit}
    choices = [(FIELD, _("现场指挥部"))] if case.field else []
    choices += [(key, name) for key, name in units.items() if key == seat or key in seated or not seated]
    initial = {"units": [FIELD if case.field else seat], "instruction": item.pk if item else None}
    return PassOnForm(data, units=choices, initial=initial)
