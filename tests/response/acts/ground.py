"""Acts on the ground: who stands, who commands, which counties, what comes from above."""

from functools import partial

from hypothesis import strategies as st

from response.actions import command, instructions, places, standing, support
from response.actions.command import Passing
from response.actions.instructions import Received
from response.actions.standing import Commander
from response.models import Incident
from tests.response.acts.drawing import CHAIN, OFFICE, REASONS, WORDS, Act, Draw, Run, one

COUNTIES = st.sampled_from(["yingxian", "shanyin", "youyu"])
COMMANDERS = st.sampled_from(
    [
        Commander(account="li"),
        Commander(account="deputy"),
        Commander(name="吕某", post="队长", phone="13900005678"),
        Commander(),
    ]
)
OF_COUNTY = ("yingxian", "shanyin", "desk")


def stand(draw: Draw, incident: Incident) -> Run | None:
    """A headquarters or a group stands."""
    deployment = one(draw, incident.deployments) if draw(st.booleans()) else None
    deployment = deployment or incident.deployments.filter(kind="field_headquarters").last()
    return deployment and partial(standing.stand, deployment.pk, draw(WORDS), commander=draw(COMMANDERS))


def appoint(draw: Draw, incident: Incident) -> Run | None:
    """Somebody else commands in the field."""
    field = incident.deployments.filter(kind="field_headquarters").last()
    return field and partial(standing.appoint, field.pk, draw(COMMANDERS), reason=draw(REASONS))


def hand_over(draw: Draw, incident: Incident) -> Run:
    """The command in a county passes."""
    to = draw(st.sampled_from(["county", "city", "field", "province", "nation"]))
    return partial(command.hand_over, incident.pk, draw(COUNTIES), Passing(to, "郭县长", "李副市长", "县委大院"))


def own_response(draw: Draw, incident: Incident) -> Run:
    """A county says which level of its own it has started."""
    level = draw(st.sampled_from([3, 4, None, 9]))
    return partial(places.own_response, incident.pk, draw(COUNTIES), level, by="县长")


def tick(draw: Draw, incident: Incident) -> Run:
    """A county says what it has done at once."""
    return partial(places.tick, incident.pk, draw(COUNTIES), [draw(st.integers(0, 6))])


def ask(draw: Draw, incident: Incident) -> Run:
    """A county, or the city, asks for support."""
    whom = draw(st.sampled_from([{"county": "yingxian"}, {"county": "shanyin"}, {"to_name": "省指挥部"}, {}]))
    return partial(support.ask, incident.pk, draw(WORDS), **whom)


def answer(draw: Draw, incident: Incident) -> Run | None:
    """It is granted or not."""
    request = one(draw, incident.requests)
    return request and partial(support.answer, incident.pk, request.pk, draw(st.booleans()), text=draw(WORDS))


def receive(draw: Draw, incident: Incident) -> Run:
    """A leader's instruction comes in."""
    kind = draw(st.sampled_from(["instruction", "opinion", "?"]))
    return partial(instructions.receive, incident.pk, Received(kind, "赵省长", draw(WORDS)))


def pass_on(draw: Draw, incident: Incident) -> Run | None:
    """It is passed to the scene."""
    row = one(draw, incident.instructions)
    return row and partial(instructions.pass_on, incident.pk, row.pk, draw(st.sampled_from([["emergency"], []])))


def finish(draw: Draw, incident: Incident) -> Run | None:
    """It has been done."""
    row = one(draw, incident.instructions)
    return row and partial(instructions.finish, incident.pk, row.pk, draw(WORDS))


ACTS = (
    Act("deployment.stand", stand, CHAIN),
    Act("deployment.appoint", appoint, CHAIN),
    Act("command.hand_over", hand_over, OFFICE),
    Act("place.add", lambda draw, incident: partial(places.add, incident.pk, draw(COUNTIES)), OFFICE),
    Act("place.drop", lambda draw, incident: partial(places.drop, incident.pk, draw(COUNTIES), reason="不在"), OFFICE),
    Act("place.own_response", own_response, OF_COUNTY),
    Act("place.tick", tick, OF_COUNTY),
    Act("request.ask", ask, OF_COUNTY),
    Act("request.answer", answer, CHAIN),
    Act("instruction.receive", receive, OFFICE),
    Act("instruction.pass_on", pass_on, OFFICE),
    Act("instruction.finish", finish, OFFICE),
)
