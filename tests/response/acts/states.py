"""Acts that end an incident or move it from one state to another."""

from functools import partial
from typing import Any

from hypothesis import strategies as st

from response.actions import endings, handling, merging, replanning, reviews
from response.actions.reviews import Signed
from response.actions.settling import Settle
from response.models import Incident
from tests.response.acts.drawing import (
    CHAIN,
    FIRE,
    LEVELS,
    OFFICE,
    REASONS,
    UNITS,
    WORDS,
    Act,
    Draw,
    Run,
    another,
    one,
)

SETTLED = st.sampled_from([Settle("dropped"), Settle("done"), Settle("handed/yingxian"), Settle()])
TOOK = Signed(taken_over_by="接收人")
BY_PLAN = st.sampled_from(["earthquake", FIRE, "fire_incident"])


def confirm_end(draw: Draw, incident: Incident) -> Run:
    """One end condition is confirmed."""
    return partial(endings.confirm, incident.pk, draw(st.integers(0, 5)), basis=draw(WORDS))


def confirm_the_rest(draw: Draw, incident: Incident) -> Run | None:
    """Every end condition that is left is confirmed, one after the other."""
    ending = endings.ending_of(incident)
    left = set(endings.unconfirmed(incident))
    places = [place for place, item in enumerate(ending.conditions if ending else ()) if item.text in left]

    def run(**by: Any) -> None:
        for place in places:
            endings.confirm(incident.pk, place, basis="各组报告", **by)

    return run if places else None


def submit_paper(draw: Draw, incident: Incident) -> Run | None:
    """A paper comes in."""
    paper = one(draw, incident.papers)
    return paper and partial(reviews.submit_paper, paper.pk, dict.fromkeys(paper.sections, "如实填写"), signed=TOOK)


def submit_the_rest(draw: Draw, incident: Incident) -> Run | None:
    """Every paper that is owed comes in, one after the other."""
    owed = list(incident.papers.filter(status="owed"))

    def run(**by: Any) -> None:
        for paper in owed:
            reviews.submit_paper(paper.pk, dict.fromkeys(paper.sections, "如实填写"), signed=TOOK, **by)

    return run if owed and incident.status == "reviewing" else None


def declare(draw: Draw, incident: Incident) -> Run:
    """The end is declared, with a word on what is still open."""
    return partial(endings.declare, incident.pk, settle=draw(SETTLED))


def tell(draw: Draw, incident: Incident) -> Run:
    """A county says what came of it."""
    county, said_by = draw(st.sampled_from(["yingxian", "shanyin"])), draw(st.sampled_from(["", "郭县长"]))
    return partial(handling.tell, incident.pk, county, draw(WORDS), said_by=said_by)


def merge(draw: Draw, incident: Incident) -> Run:
    """It turns out to be another one."""
    return partial(merging.merge, incident.pk, another(draw, incident).pk, reason="同一起")


def follow(draw: Draw, incident: Incident) -> Run:
    """Another one brought it about."""
    return partial(merging.follow, incident.pk, another(draw, incident).pk)


def change(draw: Draw, incident: Incident) -> Run:
    """The wrong plan was picked, and nothing runs yet."""
    return partial(replanning.change, incident.pk, draw(BY_PLAN), reason=draw(REASONS))


def take_on(draw: Draw, incident: Incident) -> Run:
    """The wrong plan was picked, and a response runs under it."""
    words = {name: draw(REASONS) for name in ("reason", "scope_judgement")}
    return partial(replanning.take_on, incident.pk, draw(BY_PLAN), draw(LEVELS), settle=draw(SETTLED), **words)


def with_reason(action: Any) -> Any:
    """An act on the incident as a whole, with a reason."""
    return lambda draw, incident: partial(action, incident.pk, reason=draw(REASONS))


ACTS = (
    Act("end.confirm", confirm_end, CHAIN),
    Act("end.confirm_the_rest", confirm_the_rest, CHAIN),
    Act("end.declare", declare, CHAIN),
    Act("response.dismiss", with_reason(endings.dismiss), CHAIN),
    Act("review.open", lambda draw, incident: partial(reviews.open_review, incident.pk), OFFICE),
    Act("paper.submit", submit_paper, UNITS),
    Act("paper.submit_the_rest", submit_the_rest, OFFICE),
    Act("incident.close", with_reason(reviews.close), CHAIN),
    Act("incident.leave", with_reason(handling.leave), OFFICE),
    Act("incident.last_word", tell, ("yingxian", "shanyin", "desk")),
    Act("incident.take_back", with_reason(handling.take_back), OFFICE),
    Act("incident.merge", merge, OFFICE),
    Act("incident.follow", follow, OFFICE),
    Act("incident.change_plan", change, OFFICE),
    Act("response.take_on", take_on, ("wang", "li")),
)
