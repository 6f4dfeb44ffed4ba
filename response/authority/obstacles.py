"""What stands in the way of an act, and the questions that every guard asks."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from plans.documents import PlanDocument
from response import chain
from response.facts import document_of
from response.models import DeploymentSeat, Incident, Task
from response.models.incidents import OVER, Status
from shuozhou_ops.accounts.models import Position
from shuozhou_ops.errors import Conflict, NotAuthorised
from shuozhou_ops.journal.actors import Actor
from shuozhou_ops.notices.models import Notice

DESK = Position.Function.DESK.value


@dataclass(frozen=True)
class Obstacle:
    """One thing in the way of an act: a code, words, the clause; `authority` where the person is the obstacle."""

    code: str
    words: str
    cite: str | None = None
    authority: bool = False


def not_named(actor: Actor, allowed: frozenset[str], words: str, cite: str) -> list[Obstacle]:
    if actor.posts & allowed:
        return []
    return [Obstacle("not_named", words, cite, authority=True)]


def in_state(incident: Incident, *allowed: Status) -> list[Obstacle]:
    if incident.status in allowed:
        return []
    words = _("事件现为“%(now)s”，只有在“%(allowed)s”时才能这样做。")
    names = "、".join(str(status.label) for status in allowed)
    return [Obstacle("wrong_state", words % {"now": Status(incident.status).label, "allowed": names})]


def of_office(incident: Incident, actor: Actor) -> list[Obstacle]:
    """The desk, or anyone in the plan's chain."""
    document = document_of(incident)
    if keeps(actor, document):
        return []
    words = _("只有值班台和指挥部负责人可以这样做。")
    return [Obstacle("not_of_office", words, document.headquarters.cite, authority=True)]


def keeps(actor: Actor, document: PlanDocument) -> bool:
    """Whether this person keeps the incidents of this plan: the desk, or a post of its chain. Source: ours."""
    return DESK in actor.functions or bool(actor.posts & chain.all_posts(document))


def still_open(incident: Incident) -> list[Obstacle]:
    """Whatever is done until an incident is closed."""
    return in_state(incident, *(status for status in Status if status not in OVER))


def account_of(actor: Actor) -> int | None:
    """The key of the account behind an actor; None for the system."""
    kind, _slash, key = actor.ref.partition("/")
    return int(key) if kind == "user" else None


def speaks_for(actor: Actor, row: Task | Notice | DeploymentSeat) -> bool:
    """Whether this person's word is that of the row's unit or post; `visibility.borne_by` asks it of a query.

    A seat may be a person's too, and is nobody's once it has been taken away (`visibility.seated`).
    """
    if isinstance(row, DeploymentSeat):
        if row.left_at is not None:
            return False
        if row.person_id is not None and row.person_id == account_of(actor):
            return True
    unit, position = row.unit, row.position
    return (unit is not None and unit.key in actor.units) or (position is not None and position.key in actor.posts)


def require(found: list[Obstacle]) -> None:
    """Raise the first obstacle: NotAuthorised where the person is the obstacle, else Conflict."""
    person = next((item for item in found if item.authority), None)
    if person:
        raise NotAuthorised(person.code, person.words, person.cite)
    if found:
        raise Conflict(found[0].code, found[0].words, found[0].cite)


def held_at(moment: datetime, *, not_after: datetime, tolerance_seconds: int) -> bool:
    """Whether a moment given by a person can be: not in the future, but for a small difference of clocks."""
    return (moment - not_after).total_seconds() <= tolerance_seconds
