"""Who may say what stands on the ground, who commands there, and what the counties do and ask."""

from django.utils.translation import gettext as _

from response import chain
from response.activation import commanded
from response.facts import document_of
from response.models import Deployment, Incident, IncidentPlace, SupportRequest
from response.models.deployments import DeploymentStatus
from response.models.incidents import Command, Status
from shuozhou_ops.journal.actors import Actor

from .obstacles import Obstacle, account_of, in_state, keeps, not_named, of_office, still_open

RANK = {Command.COUNTY: 0, Command.CITY: 1, Command.FIELD: 1, Command.PROVINCE: 2, Command.NATION: 3}
OURS = (Command.CITY, Command.FIELD)
HELD_IN = tuple(status for status in Status if status != Status.MERGED)  # in which what is still held may be given back


def stand(deployment: Deployment, actor: Actor, *, leads: bool, field: Deployment | None) -> list[Obstacle]:
    """May this person confirm that a headquarters, group or team stands? leads: whether they lead it.

    The headquarters' commanders and their superiors; of a group its lead and whoever commands in the field too.
    """
    document = document_of(deployment.incident)
    found = in_state(deployment.incident, Status.RESPONDING)
    if deployment.kind == Deployment.Kind.HEADQUARTERS or deployment.status != DeploymentStatus.CALLED:
        words = _("“%(name)s”现为“%(now)s”，不能再确认成立。")
        told = {"name": deployment.name, "now": deployment.get_status_display()}
        found.append(Obstacle("not_called", words % told, deployment.cite))
    group = deployment.kind != Deployment.Kind.FIELD_HEADQUARTERS
    if group and (leads or _commands(field, actor)):
        return found
    words = _("由指挥长确认成立；工作组也可由组长确认。") if group else _("现场指挥部由指挥长确认成立。")
    return found + not_named(actor, chain.commanding(document), words, deployment.cite)


def appoint(deployment: Deployment, actor: Actor) -> list[Obstacle]:
    """May this person put another in command in the field?"""
    found = in_state(deployment.incident, Status.RESPONDING)
    if deployment.kind != Deployment.Kind.FIELD_HEADQUARTERS or deployment.status != DeploymentStatus.STANDING:
        found.append(Obstacle("not_standing", _("现场指挥部还没有成立。"), deployment.cite))
    allowed = chain.commanding(document_of(deployment.incident))
    return found + not_named(actor, allowed, _("现场指挥部指挥长由指挥长指定。"), deployment.cite)


def _commands(field: Deployment | None, actor: Actor) -> bool:
    return field is not None and field.commander_id is not None and field.commander_id == account_of(actor)


def hand_over(
    incident: Incident, place: IncidentPlace, actor: Actor, *, to: str | None = None, field: Deployment | None
) -> list[Obstacle]:
    """May this person write down that the command in a county passed? to: to whom; None where that is not said yet.

    The desk, the chain and whoever commands in the field; the county for what it gives and takes back. Whoever
    closes or dismisses waits for nothing, so what is still held then goes back to the county afterwards.
    """
    back = place.commanded_by != Command.COUNTY and to in (None, Command.COUNTY)
    found = in_state(incident, *HELD_IN) if back else still_open(incident)
    county = place.county.key in actor.units
    if not (keeps(actor, document_of(incident)) or _commands(field, actor)):
        from_or_to = to is None or Command.COUNTY in (place.commanded_by, to)
        if not county or not from_or_to:
            words = _("指挥权移交由值班台、指挥部负责人或%s记录。") % place.county.name
            found.append(Obstacle("not_of_office", words, authority=True))
    return found if to is None else found + _step(incident, place, Command(to), field)


def _step(incident: Incident, place: IncidentPlace, to: Command, field: Deployment | None) -> list[Obstacle]:
    """Only lawful steps: county, city or field, province, nation; back at any time. Source: the takeover clauses."""
    now = Command(place.commanded_by)
    if to == now:
        return [Obstacle("same_command", _("%(county)s现在已由%(who)s指挥。") % _told(place, now))]
    if to in OURS and incident.status != Status.RESPONDING:
        return [Obstacle("no_response", _("没有在运行的响应，市级不能接管指挥权。"))]
    if to == Command.FIELD and field is None:
        return [Obstacle("no_field", _("现场指挥部还没有成立，不能接管指挥权。"))]
    if now == Command.COUNTY and RANK[to] > 1:
        return [Obstacle("too_far", _("县级的指挥权先由市级接管，再移交上级。"))]
    return []


def _told(place: IncidentPlace, who: Command) -> dict[str, str]:
    return {"county": place.county.name, "who": str(who.label)}


def open_steps(incident: Incident, place: IncidentPlace, field: Deployment | None) -> list[Command]:
    """To whom the command in a county may pass now."""
    return [to for to in Command if not _step(incident, place, to, field)]


def back_asked(incident: Incident, place: IncidentPlace, field: Deployment | None) -> bool:
    """Whether the command in a county is to be handed back: the response over, or no longer one that is commanded.

    Source: ours; lowering to a level that the office alone answers, and ending, ask for it and wait for nothing.
    """
    if place.commanded_by == Command.COUNTY:
        return False
    if incident.status != Status.RESPONDING or incident.level is None:
        return True
    gone = place.commanded_by == Command.FIELD and field is None
    return gone or not commanded(document_of(incident), incident.level)


def add_place(incident: Incident, actor: Actor) -> list[Obstacle]:
    """May this person say that another county is touched?"""
    return still_open(incident) + of_office(incident, actor)


def drop_place(incident: Incident, actor: Actor) -> list[Obstacle]:
    """May this person say that a county is not touched? What is left to a county keeps one: somebody answers it."""
    found = still_open(incident) + of_office(incident, actor)
    if incident.status == Status.COUNTY_HANDLING and len(incident.ground) < 2:
        words = _("事件已交由县级处置，须有事发县（市、区）：请先增加正确的，再去掉这一个。")
        found.append(Obstacle("last_county", words))
    return found


def _of_county(incident: Incident, place: IncidentPlace, actor: Actor) -> list[Obstacle]:
    """The county itself, or the desk and the chain for it."""
    if place.county.key in actor.units or keeps(actor, document_of(incident)):
        return []
    words = _("由%s填报，或由值班台代记。") % place.county.name
    return [Obstacle("not_county", words, authority=True)]


def own_response(incident: Incident, place: IncidentPlace, actor: Actor) -> list[Obstacle]:
    """May this person say on which level a county's own response is?"""
    return still_open(incident) + _of_county(incident, place, actor)


def tick_step(incident: Incident, place: IncidentPlace, actor: Actor) -> list[Obstacle]:
    """May this person tick a line of a county's early handling?"""
    return still_open(incident) + _of_county(incident, place, actor)


def ask_support(incident: Incident, place: IncidentPlace | None, actor: Actor) -> list[Obstacle]:
    """May this person ask for support? place: the county that asks; None where the city asks those above."""
    if place is not None:
        return still_open(incident) + _of_county(incident, place, actor)
    return still_open(incident) + of_office(incident, actor)


def answer_request(incident: Incident, request: SupportRequest, actor: Actor) -> list[Obstacle]:
    """May this person answer a request? A county's the chain; what those above answer, whoever keeps the incident.

    After the closing too, as long as it waits.
    """
    document = document_of(incident)
    found = in_state(incident, *HELD_IN)
    if request.status != SupportRequest.Status.OPEN:
        words = _("这项请求已经是“%s”。") % request.get_status_display()
        found.append(Obstacle("already_answered", words))
    if request.place_id is None:
        return found + of_office(incident, actor)
    words = _("县（市、区）的请求由指挥部负责人答复。")
    return found + not_named(actor, chain.all_posts(document), words, document.headquarters.cite)


def follow_instruction(incident: Incident, actor: Actor, *, received: bool) -> list[Obstacle]:
    """May this person take down, pass on and settle what a leader instructs?

    received: it is here already, and is followed until it is done, after the closing too.
    """
    return (in_state(incident, *HELD_IN) if received else still_open(incident)) + of_office(incident, actor)
