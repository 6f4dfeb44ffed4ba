"""Who may name leads, speak for a task and acknowledge a notice."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from response import chain
from response.activation import commanded
from response.facts import document_of
from response.models import Deployment, DeploymentSeat, Incident, Task
from response.models.incidents import Status
from shuozhou_ops.journal.actors import Actor
from shuozhou_ops.notices.models import Notice

from .obstacles import Obstacle, account_of, in_state, not_named, speaks_for


def name_seats(incident: Incident, actor: Actor) -> list[Obstacle]:
    """May this person give tasks, and name who leads and sits where the plan leaves that open?"""
    document = document_of(incident)
    words = _("任务由指挥部负责人布置，预案没有指明的组长和成员也由其指定。")
    allowed = chain.all_posts(document)
    return in_state(incident, Status.RESPONDING) + not_named(actor, allowed, words, document.headquarters.cite)


def change_groups(incident: Incident, actor: Actor, *, field: Deployment | None) -> list[Obstacle]:
    """May this person call and release groups, let members go, and change who leads or sits where the plan said who?

    The headquarters' commanders and their superiors, and whoever commands in the field where the plan's groups are the
    field's; at a level that the office answers alone, whoever decides it. field: the field headquarters that stands.
    Source: the groups' clause (earthquake 2.2, fire 2.3 and the like); interpretation 11 (a superior may).
    """
    found = in_state(incident, Status.RESPONDING)
    if incident.level is None:
        return found
    document = document_of(incident)
    level, of_field = document.level(incident.level), any(group.of == "field_headquarters" for group in document.groups)
    if of_field and field is not None and field.commander_id is not None and field.commander_id == account_of(actor):
        return found
    if commanded(document, incident.level):
        allowed, own = chain.commanding(document), document.headquarters
        who = "、".join(ref.name for ref in own.commanders)
        cite = next((group.cite.rpartition(".")[0] for group in document.groups), "") or own.cite
    else:
        allowed, who, cite = chain.deciders(document, incident.level), level.decided_by.name, level.cite
    words = _("工作组及其组长、成员由%(who)s调整；您没有担任这一职务。") % {"who": who}
    return found + not_named(actor, allowed, words, cite)


def work_on(task: Task, actor: Actor, *, seats: Iterable[DeploymentSeat] | None = None) -> list[Obstacle]:
    """May this person speak for this task's bearer? The unit, the post, or a lead of the group.

    Where nobody stands behind it (a county's task outside the city, words alone, a group without a lead): the office.
    seats: those of the task's deployment, where they are at hand; else they are read.
    Source: the task's clause; who stands in for nobody is ours (annex 2, the office coordinates).
    """
    mine = speaks_for(actor, task)
    if seats is None and not mine:
        seats = (
            list(task.deployment.seats.filter(left_at=None).select_related("unit", "position"))
            if task.deployment
            else []
        )
    if mine or _leads(seats or [], actor):
        return []
    led = any(seat.role == DeploymentSeat.Role.LEAD and seat.left_at is None for seat in seats or [])
    nobodys = task.unit is None and task.position is None and not led
    if nobodys and actor.posts & chain.office_posts(document_of(task.incident)):
        return []
    words = _("这项任务属于%(bearer)s。") % {"bearer": task.bearer}
    return [Obstacle("not_bearer", words, task.cite, authority=True)]


def _leads(seats: Iterable[DeploymentSeat], actor: Actor) -> bool:
    return any(speaks_for(actor, seat) for seat in seats if seat.role == DeploymentSeat.Role.LEAD)


def acknowledge(notice: Notice, actor: Actor) -> list[Obstacle]:
    """May this person acknowledge this notice?"""
    if speaks_for(actor, notice):
        return []
    words = _("这份通知是发给%(unit)s的。") % {"unit": notice.unit or notice.position}
    return [Obstacle("not_recipient", words, notice.cite or None, authority=True)]
