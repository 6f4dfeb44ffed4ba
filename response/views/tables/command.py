"""Acts of command on the ground."""

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import partial
from typing import Any

from django.http import QueryDict

from response import authority
from response.actions import command, instructions, places, standing, support, teams
from response.actions.command import Passing
from response.actions.instructions import Received
from response.actions.standing import Commander
from response.authority import Obstacle
from response.forms.acts import SeatForm
from response.forms.command import (
    AddPlaceForm,
    AnswerForm,
    AppointForm,
    AskAboveForm,
    AskForm,
    DropPlaceForm,
    FieldForm,
    FinishForm,
    StandForm,
)
from response.models import Deployment, IncidentPlace
from response.models.incidents import Command
from response.queries import ground, instructing
from response.queries.case import Case
from shuozhou_ops.journal.actors import Actor

from .table import Act, DeploymentAct

HERE, INSTRUCTIONS = "ground", "instructions"


def _stand_form(case: Case, deployment: Deployment, data: Any) -> Any:
    if deployment.kind == Deployment.Kind.FIELD_HEADQUARTERS:
        return FieldForm(data, accounts=ground.commanders(case))
    return StandForm(data)


def _commander(typed: Mapping[str, Any]) -> Commander:
    return Commander(*(typed.get(name, "") for name in ("account", "name", "post", "phone")))


def _stand(pk: int, typed: dict[str, Any], actor: Actor, at: datetime) -> object:
    return standing.stand(
        pk, typed["place"], actor=actor, at=at, stood_at=typed["stood_at"], commander=_commander(typed)
    )


DEPLOYMENT_ACTS: dict[str, DeploymentAct] = {
    "seat": DeploymentAct(
        "deployment.seat",
        lambda case, _deployment, data: SeatForm(data, units=[(unit.key, unit.name) for unit in case.units]),
        lambda pk, typed, actor, at: teams.seat(pk, teams.Named(**typed), actor=actor, at=at),
        "deployments",
    ),
    "stand": DeploymentAct("deployment.stand", _stand_form, _stand, HERE),
    "appoint": DeploymentAct(
        "deployment.appoint",
        lambda case, _deployment, data: AppointForm(data, accounts=ground.commanders(case)),
        lambda pk, typed, actor, at: standing.appoint(
            pk, _commander(typed), actor=actor, at=at, reason=typed["reason"]
        ),
        HERE,
    ),
}


def _hand_over(case: Case, typed: dict[str, Any], actor: Actor, at: datetime) -> object:
    county = typed.pop("county")
    return command.hand_over(case.incident.pk, county, Passing(**typed), actor=actor, at=at)


def _answer(case: Case, typed: dict[str, Any], actor: Actor, at: datetime) -> object:
    granted = typed["status"] == "granted"
    return support.answer(case.incident.pk, typed["request"], granted, actor=actor, at=at, text=typed["text"])


def _of_county(guard: Callable[[Case, IncidentPlace], list[Obstacle]]) -> Callable[[Case, QueryDict], list[Obstacle]]:
    """The guard of an act on the county that was posted; nothing where it is not one of this incident's."""

    def shut(case: Case, posted: QueryDict) -> list[Obstacle]:
        key = posted.get("county", "")
        place = next((item for item in case.incident.ground if item.county.key == key), None)
        return guard(case, place) if place else []

    return shut


def _may_hand_over(to: str | None, case: Case, place: IncidentPlace) -> list[Obstacle]:
    known = to if to in Command.values else None
    return authority.hand_over(case.incident, place, case.actor, to=known, field=case.field)


def _follows(case: Case, _posted: QueryDict) -> list[Obstacle]:
    return authority.follow_instruction(case.incident, case.actor, received=True)


ACTS: dict[str, Act] = {
    "hand-over": Act(
        "command.hand_over",
        ground.hand_over_form,
        _hand_over,
        HERE,
        lambda case, posted: _of_county(partial(_may_hand_over, posted.get("to")))(case, posted),
    ),
    "add-place": Act(
        "place.add",
        lambda case, data: AddPlaceForm(data, counties=ground.further_counties(case)),
        lambda case, typed, actor, at: places.add(case.incident.pk, actor=actor, at=at, **typed),
        HERE,
        lambda case, _posted: authority.add_place(case.incident, case.actor),
    ),
    "drop-place": Act(
        "place.drop",
        lambda _case, data: DropPlaceForm(data),
        lambda case, typed, actor, at: places.drop(case.incident.pk, actor=actor, at=at, **typed),
        HERE,
    ),
    "own-response": Act(
        "place.respond",
        ground.own_response_form,
        lambda case, typed, actor, at: places.own_response(case.incident.pk, actor=actor, at=at, **typed),
        HERE,
        _of_county(lambda case, place: authority.own_response(case.incident, place, case.actor)),
    ),
    "tick": Act(
        "place.handle",
        ground.tick_form,
        lambda case, typed, actor, at: places.tick(case.incident.pk, actor=actor, at=at, **typed),
        HERE,
        _of_county(lambda case, place: authority.tick_step(case.incident, place, case.actor)),
    ),
    "ask": Act(
        "request.ask",
        lambda _case, data: AskForm(data),
        lambda case, typed, actor, at: support.ask(case.incident.pk, actor=actor, at=at, **typed),
        HERE,
    ),
    "ask-above": Act(
        "request.ask",
        lambda _case, data: AskAboveForm(data),
        lambda case, typed, actor, at: support.ask(case.incident.pk, actor=actor, at=at, **typed),
        HERE,
    ),
    "answer": Act("request.answer", lambda _case, data: AnswerForm(data), _answer, HERE),
    "receive-instruction": Act(
        "instruction.receive",
        instructing.receive_form,
        lambda case, typed, actor, at: instructions.receive(case.incident.pk, Received(**typed), actor=actor, at=at),
        INSTRUCTIONS,
        _follows,
    ),
    "pass-on": Act(
        "instruction.pass_on",
        instructing.pass_on_form,
        lambda case, typed, actor, at: instructions.pass_on(
            case.incident.pk, typed["instruction"], typed["units"], actor=actor, at=at
        ),
        INSTRUCTIONS,
        _follows,
    ),
    "finish-instruction": Act(
        "instruction.finish",
        lambda _case, data: FinishForm(data),
        lambda case, typed, actor, at: instructions.finish(
            case.incident.pk, typed["instruction"], typed["result"], actor=actor, at=at
        ),
        INSTRUCTIONS,
    ),
}
