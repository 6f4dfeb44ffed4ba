"""The counties an incident touches: one more, one less, and what each of them does by itself."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from response import authority, locks
from response.bearers import means_county
from response.facts import document_of
from response.models import DeploymentSeat, EarlyStep, Incident, IncidentPlace, Task
from response.models.incidents import Command, Status
from response.models.tasks import OPEN_TASKS
from response.telling import still_told
from shuozhou_ops import words
from shuozhou_ops.accounts.models import Organisation
from shuozhou_ops.errors import BadInput, Conflict, FieldError
from shuozhou_ops.journal import record
from shuozhou_ops.journal.actors import Actor
from shuozhou_ops.notices.models import Notice

from . import deployments, handling
from .command import place_of
from .facts import moment_fault
from .people import user_of
from .roster import Roster

LEVELS = (1, 2, 3, 4)


@transaction.atomic(durable=True)
def add(incident_id: int, county: str, *, actor: Actor, at: datetime, reason: str = "") -> IncidentPlace:
    """Say that the incident touches another county, or one again that it was thought not to touch.

    While a response runs, its leads, seats and tasks come at the level in force, and those new to it are told; where
    it was left to the counties, this one is told that it answers it too.
    Raises NotAuthorised, Conflict, BadInput; then nothing is written. Source: the county leads on its own ground.
    """
    incident = locks.incident(incident_id)
    authority.require(authority.add_place(incident, actor))
    unit = Organisation.objects.filter(key=county, is_county=True).first()
    if unit is None:
        raise BadInput([FieldError("county", "unknown_county", _("没有这个县（市、区）：%s") % county[:40])])
    if incident.places.filter(county=unit, left_at=None).exists():
        raise Conflict("place_there", _("%s已经是事发地。") % unit.name)
    reason = words.take("reason", reason, most=500)
    changes = record.Changes()
    came = join_locked(incident, [unit], changes, at, why=reason)
    payload: dict[str, Any] = {"county": unit.name, "reason": reason, **came}
    record.append(incident, "place.added", changes, actor=actor, at=at, payload=payload)
    return place_of(incident, county)


def join_locked(
    incident: Incident, counties: Sequence[Organisation], changes: record.Changes, at: datetime, *, why: str = ""
) -> dict[str, Any]:
    """These counties are touched too, with all that follows from it where things stand; what came, for the entry.

    While a response runs they bring leads and tasks and are told; where it is left to the counties they answer it too.
    """
    was = Roster().ground_of(incident)
    enter_locked(incident, counties, changes, at)
    decision = incident.decisions.moves().last()
    if incident.status == Status.COUNTY_HANDLING:
        handling.tell_locked(incident, counties, why, changes, at)
    if incident.status != Status.RESPONDING or decision is None:
        return {}
    what = f"增加事发地{'、'.join(unit.name for unit in counties)}"
    return {"deployed": vars(deployments.grow_locked(incident, was, decision, what, changes, at))}


def enter_locked(
    incident: Incident, counties: Sequence[Organisation], changes: record.Changes, at: datetime
) -> list[IncidentPlace]:
    """The rows of these counties, made or taken up again; an incident in a county is not outside the city."""
    known = {place.county_id: place for place in incident.places.filter(county__in=counties)}
    made = [IncidentPlace(incident=incident, county=unit, added_at=at) for unit in counties if unit.pk not in known]
    changes.create_all(IncidentPlace, made)
    for place in known.values():
        place.left_at, place.added_at = None, at
    changes.update_all(list(known.values()), "left_at", "added_at")
    if incident.outside_city:
        incident.outside_city = False
        changes.update(incident, "outside_city")
    return [*made, *known.values()]


@transaction.atomic(durable=True)
def drop(incident_id: int, county: str, *, actor: Actor, at: datetime, reason: str) -> IncidentPlace:
    """Say that a county is not touched: its open tasks and seats are released, and it is told.

    What a group does goes on under its other leads. Raises NotAuthorised, Conflict, BadInput.
    """
    incident = locks.incident(incident_id)
    authority.require(authority.drop_place(incident, actor))
    place = place_of(incident, county)
    reason = words.take("reason", reason, most=500, needed=True)
    changes = record.Changes()
    place.left_at = at
    place.commanded_by, place.commander_name, place.commanded_since = Command.COUNTY, "", None
    changes.update(place, "left_at", "commanded_by", "commander_name", "commanded_since")
    tasks = list(incident.tasks.filter(unit=place.county, status__in=OPEN_TASKS))  # after-care too
    of_groups = [task for task in tasks if _is_the_groups(task, place.county)]
    _release_seats(incident, place.county, changes, at)
    deployments.pass_on_locked(of_groups, changes)
    gone = [task for task in tasks if task not in of_groups]
    released = deployments.release_locked([], gone, changes, at)
    notices = Notice.objects.filter(stream=incident.stream).select_related("unit").order_by("pk")
    if county in still_told(notices):
        decision, kind = incident.decisions.moves().last(), Notice.Kind.RELEASE
        what = f"{place.county.name}不再是事发地"
        released.told = deployments.tell_units(incident, [county], what, decision, changes, at, kind=kind)
    payload = {"county": place.county.name, "reason": reason, "deployed": vars(released)}
    record.append(incident, "place.dropped", changes, actor=actor, at=at, payload=payload)
    return place


def _is_the_groups(task: Task, county: Organisation) -> bool:
    """Whether a group bears it, under its own name, through the county that leads it."""
    return task.deployment_id is not None and task.bearer != county.name


def _release_seats(incident: Incident, county: Organisation, changes: record.Changes, at: datetime) -> None:
    """Those of released groups too: their after-care goes on under whoever leads."""
    there = list(DeploymentSeat.objects.filter(deployment__incident=incident, unit=county, left_at=None))
    for seat in there:
        seat.left_at = at
    changes.update_all(there, "left_at")


@transaction.atomic(durable=True)
def own_response(
    incident_id: int,
    county: str,
    level: int | None,
    *,
    actor: Actor,
    at: datetime,
    by: str = "",
    since: datetime | None = None,
) -> IncidentPlace:
    """Keep on which level a county's own response is, by whom and since when. level: 4 to 1; None where none runs.

    Raises NotAuthorised, Conflict, BadInput. Source: the county's own plan, which the early handling speaks of.
    """
    incident = locks.incident(incident_id)
    place = place_of(incident, county)
    authority.require(authority.own_response(incident, place, actor))
    faults = [words.fault("by", by, most=100, needed=level is not None), moment_fault("since", since, at)]
    if level is not None and level not in LEVELS:
        faults.append(FieldError("level", "not_a_choice", _("请选择县级响应级别。")))
    if found := [item for item in faults if item]:
        raise BadInput(found)
    place.own_level, place.own_level_by, place.own_level_at = level, by.strip(), since or at
    changes = record.Changes()
    changes.update(place, "own_level", "own_level_by", "own_level_at")
    payload = {"county": place.county.name, "level": level, "decided_by": place.own_level_by}
    payload["since"] = record.spell(place.own_level_at)
    record.append(incident, "place.responded", changes, actor=actor, at=at, payload=payload)
    return place


def early_lines(incident: Incident) -> list[tuple[int, str, str]]:
    """The lines of the plan's early handling that a county is charged with: place in the plan's list, words, clause."""
    lines = enumerate(document_of(incident).early_handling)
    return [(item, duty.text, duty.cite) for item, duty in lines if any(means_county(ref) for ref in duty.who)]


@transaction.atomic(durable=True)
def tick(
    incident_id: int,
    county: str,
    items: Sequence[int],
    *,
    actor: Actor,
    at: datetime,
    done_at: datetime | None = None,
    note: str = "",
) -> list[EarlyStep]:
    """Tick lines of the plan's early handling that a county has done, by their places in the plan's list.

    done_at: when (default `at`). Raises NotAuthorised, Conflict (ticked before), BadInput. Source: the line's clause.
    """
    incident = locks.incident(incident_id)
    place = place_of(incident, county)
    authority.require(authority.tick_step(incident, place, actor))
    lines = {item: (text, cite) for item, text, cite in early_lines(incident)}
    faults = [words.fault("note", note, most=500), moment_fault("done_at", done_at, at)]
    if not items or any(item not in lines for item in items):
        faults.append(FieldError("items", "empty", _("请勾选已经办了的事项。")))
    if found := [item for item in faults if item]:
        raise BadInput(found)
    if place.early_steps.filter(item__in=items).exists():
        raise Conflict("ticked_before", _("所选事项中有已经填报过的。"))
    changes = record.Changes()
    steps = changes.create_all(
        EarlyStep,
        [
            EarlyStep(
                place=place,
                item=item,
                text=lines[item][0],
                cite=lines[item][1],
                done_at=done_at or at,
                done_by=user_of(actor),
                note=note.strip(),
            )
            for item in sorted(set(items))
        ],
    )
    payload = {
        "county": place.county.name,
        "lines": [{"text": step.text, "cite": step.cite} for step in steps],
        "done_at": record.spell(done_at or at),
        "note": note.strip(),
    }
    record.append(incident, "place.handled", changes, actor=actor, at=at, payload=payload)
    return steps
