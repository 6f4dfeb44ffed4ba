"""Who may log an incident, and say what happened."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from plans.documents import PlanDocument
from response import sources
from response.facts import document_of
from response.models import FactReport, Incident
from response.models.incidents import BEFORE_END, OVER, Status
from response.slots import Slot
from shuozhou_ops.journal.actors import Actor

from .obstacles import Obstacle, in_state, keeps, of_office


def log(document: PlanDocument, actor: Actor) -> list[Obstacle]:
    """May this person log a call under this plan?"""
    if keeps(actor, document):
        return []
    return [Obstacle("not_of_office", _("只有值班台和指挥部负责人可以记录事件。"), authority=True)]


def verify(incident: Incident, actor: Actor) -> list[Obstacle]:
    """May this person say the event is real?"""
    return in_state(incident, Status.REPORTED) + of_office(incident, actor)


def locate(incident: Incident, actor: Actor) -> list[Obstacle]:
    """May this person say in which county it happened? Only while none is known and no response runs."""
    found = in_state(incident, Status.REPORTED, Status.VERIFIED) + of_office(incident, actor)
    if incident.ground:
        found.append(Obstacle("place_known", _("事发县（市、区）已经确定。")))
    return found


def report_fact(incident: Incident, actor: Actor) -> list[Obstacle]:
    """May this person report a fact?"""
    open_states = [status for status in Status if status not in OVER]
    return in_state(incident, *open_states) + of_office(incident, actor)


def choose_fact(incident: Incident, actor: Actor, report: FactReport, reports: Iterable[FactReport]) -> list[Obstacle]:
    """May this person put this report in force? Who may report may choose among the reports that stand.

    reports: all of the incident.
    """
    reports = list(reports)
    found = report_fact(incident, actor)
    if report.value is None or report not in sources.standing(reports).get(report.name, []):
        return [*found, Obstacle("not_standing", _("这份报告已被更正、撤回或核实取代，不能采用。"))]
    chosen = sources.chosen_at(report, {item.pk: item for item in reports}) is not None
    if chosen and sources.in_force(reports)[report.name] == report:
        found.append(Obstacle("in_force", _("现在采用的就是这份报告。")))
    return found


def hand_in(incident: Incident, actor: Actor, slot: Slot) -> list[Obstacle]:
    """May this person hand in what a unit is charged to tell? The unit does, or the desk and the office for it."""
    open_states = [status for status in Status if status not in OVER]
    found = in_state(incident, *open_states)
    if slot.bearer.unit in actor.units or slot.bearer.post in actor.posts or keeps(actor, document_of(incident)):
        return found
    words = _("这份报告由%(who)s提交，或由值班台代记。") % {"who": slot.bearer.name}
    return [*found, Obstacle("not_author", words, slot.cite, authority=True)]


def mark(incident: Incident, actor: Actor) -> list[Obstacle]:
    """May this person set or take away a mark of the plan's? Source: ours, as with facts."""
    return in_state(incident, *BEFORE_END) + of_office(incident, actor)
