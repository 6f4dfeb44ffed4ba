"""Every act that somebody can try on an incident, one line each in ACTS, for the test that lives any life.

An act picks what it acts on from what is there, and gives back the action with its arguments but for `actor` and `at`;
None where there is nothing to act on. It must not care whether it is lawful: that is what is tried.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any

from django.db.models import Manager, QuerySet
from hypothesis import strategies as st

from response.actions import (
    decisions,
    endings,
    facts,
    incidents,
    marks,
    receipts,
    reports,
    reviews,
    steps,
    tasks,
    teams,
)
from response.actions.incidents import Call
from response.actions.roster import Roster
from response.facts import document_of
from response.models import Incident
from response.models.decisions import OPEN_STATUSES
from response.slots import slots_of
from shuozhou_ops import clock
from shuozhou_ops.accounts.actions import appointments
from shuozhou_ops.accounts.models import Appointment
from shuozhou_ops.notices.models import Notice
from tests.cast import EARTHQUAKE, user

FIRE = "forest_grassland_fire"
PLANS = (EARTHQUAKE, FIRE)
PEOPLE = (
    "desk",
    "zhang",
    "li",
    "wang",
    "hao",
    "jin",
    "deputy",
    "natural_resources",
    "yingxian",
    "shanyin",
    "transport",
    "health",
    "auditor",
    "appoint",
)
OFFICE = ("desk", "zhang", "li", "hao")
CHAIN = ("wang", "zhang", "li", "wang", "hao")
UNITS = ("yingxian", "transport", "health", "zhang", "natural_resources")

Draw = Callable[[st.SearchStrategy[Any]], Any]
Run = Callable[..., Any]  # takes actor and at
LEVELS = st.sampled_from([4, 3, 2, 1])
WORDS = st.sampled_from(["按现场报告", ""])
REASONS = st.sampled_from(["灾情变化，综合研判", ""])
QUALITIES = st.sampled_from(["estimated", "verified"])
FACTS = {
    EARTHQUAKE: {
        "magnitude": [4.2, 5.2, 6.2, 7.2, 2.0],
        "deaths": [0, 1, 60, 400],
        "missing": [0, 20],
        "density": ["dense", "populated"],
    },
    FIRE: {
        "forest_area_ha": [0.5, 5, 150, 1200],
        "deaths": [0, 1, 12],
        "spreading": [True, False],
        "border": ["county", "none", "city", "province"],
        "fire_kind": ["forest"],
    },
}
MOMENTS = ("controlled_at", "extinguished_at", "flared_up_at")


@dataclass(frozen=True)
class Act:
    """One act: what it is called in the security log, how it is prepared, and who does it on an ordinary day."""

    name: str
    prepare: Callable[[Draw, Incident], Run | None]
    usual: Sequence[str]


def one(draw: Draw, rows: QuerySet[Any] | Manager[Any] | Sequence[Any]) -> Any:
    """One of these rows, the latest first; None where there are none."""
    found = list(rows.order_by("-pk")[:12]) if isinstance(rows, QuerySet | Manager) else list(rows)
    return draw(st.sampled_from(found)) if found else None


def some_facts(draw: Draw, plan: str) -> dict[str, Any]:
    """One or two facts of a plan."""
    names = draw(st.lists(st.sampled_from(list(FACTS[plan])), min_size=1, max_size=2, unique=True))
    return {name: draw(st.sampled_from(FACTS[plan][name])) for name in names}


def plan_of(incident: Incident) -> str:
    """The plan an incident is under, by key."""
    return incident.plan_version.plan.key


def log(draw: Draw, _incident: Incident | None, plan: str = "") -> Run:
    """A call comes in."""
    plan = plan or draw(st.sampled_from(PLANS))
    counties = draw(st.sampled_from([("yingxian",), ("yingxian", "shanyin"), ()]))
    call = Call(
        plan=plan,
        place="南河种镇",
        source="call",
        counties=counties,
        outside_city=not counties and draw(st.booleans()),
        occurred_at=clock.now() - timedelta(minutes=5),
        caller_phone="13900001234",
        facts=some_facts(draw, plan),
    )
    return partial(incidents.log, call)


def locate(draw: Draw, incident: Incident) -> Run:
    """It turns out where it was."""
    return partial(incidents.locate, incident.pk, draw(st.sampled_from([["yingxian"], ["shanyin", "yingxian"]])))


def report_facts(draw: Draw, incident: Incident) -> Run:
    """Somebody tells how it stands, and when something happened."""
    plan = plan_of(incident)
    told = draw(st.sampled_from(["facts", "moment"] if plan == FIRE else ["facts"]))
    values = some_facts(draw, plan) if told == "facts" else {}
    moments = {draw(st.sampled_from(MOMENTS)): clock.now()} if told == "moment" else {}
    return partial(facts.report, incident.pk, values, source="现场指挥员", quality=draw(QUALITIES), moments=moments)


def verify_facts(draw: Draw, incident: Incident) -> Run:
    """Somebody vouches for the figures."""
    return partial(facts.verify, incident.pk, list(FACTS[plan_of(incident)]), source="核查组")


def mark(draw: Draw, incident: Incident) -> Run:
    """A mark of the plan's is set or taken away."""
    return partial(marks.mark, incident.pk, "higher_danger", draw(st.booleans()))


def on_decision(action: Callable[..., Any], *names: str) -> Callable[[Draw, Incident], Run | None]:
    """An act on one of the incident's decisions, whatever has become of it; names: of words that it takes."""

    def prepare(draw: Draw, incident: Incident) -> Run | None:
        waiting = incident.decisions.filter(status__in=OPEN_STATUSES)
        decision = (draw(st.integers(0, 3)) and one(draw, waiting)) or one(draw, incident.decisions)
        return decision and partial(action, decision.pk, **{name: draw(REASONS) for name in names})

    return prepare


def to_level(action: Callable[..., Any], *names: str) -> Callable[[Draw, Incident], Run]:
    """An act that puts the incident on a level, or asks for it."""
    return lambda draw, incident: partial(action, incident.pk, draw(LEVELS), **{name: draw(REASONS) for name in names})


def add_step(draw: Draw, incident: Incident) -> Run | None:
    """A step of the chain is written down afterwards."""
    decision = one(draw, incident.decisions)
    act = draw(st.sampled_from(["report", "propose"]))
    return decision and partial(steps.add, decision.pk, act, means="phone", note=draw(WORDS))


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
    return paper and partial(reviews.submit_paper, paper.pk, dict.fromkeys(paper.sections, "如实填写"))


def submit_the_rest(draw: Draw, incident: Incident) -> Run | None:
    """Every paper that is owed comes in, one after the other."""
    owed = list(incident.papers.filter(status="owed"))

    def run(**by: Any) -> None:
        for paper in owed:
            reviews.submit_paper(paper.pk, dict.fromkeys(paper.sections, "如实填写"), **by)

    return run if owed and incident.status == "reviewing" else None


def on_task(action: Callable[..., Any], *, with_words: bool = True) -> Callable[[Draw, Incident], Run | None]:
    """An act on one of the incident's tasks, whatever has become of it."""

    def prepare(draw: Draw, incident: Incident) -> Run | None:
        wanted = incident.tasks.all()
        if draw(st.booleans()):
            wanted = wanted.exclude(every="")  # what comes again is rare, and easily forgotten
        task = one(draw, wanted)
        return task and partial(action, task.pk, *([draw(WORDS)] if with_words else []))

    return prepare


def assign(draw: Draw, incident: Incident) -> Run:
    """A line of the checklist is given as a task; often one with a rhythm."""
    lines = document_of(incident).emergency_measures
    repeated = [place for place, line in enumerate(lines) if line.every]
    return partial(tasks.assign, incident.pk, [draw(st.sampled_from([*repeated, 0, 1, 2, 999]))])


def seat(draw: Draw, incident: Incident) -> Run | None:
    """Somebody is named to lead or sit in what is deployed."""
    deployment = one(draw, incident.deployments)
    named = draw(
        st.sampled_from(
            [
                teams.Named("lead", unit="health"),
                teams.Named("member", unit="transport"),
                teams.Named("lead", person_name="吕某", person_post="队长", person_phone="13900005678"),
            ]
        )
    )
    return deployment and partial(teams.seat, deployment.pk, named)


def acknowledge(draw: Draw, incident: Incident) -> Run | None:
    """A notice is acknowledged."""
    notice = one(draw, Notice.objects.filter(stream=incident.stream))
    return notice and partial(receipts.acknowledge, notice.pk)


def hand_in(draw: Draw, incident: Incident) -> Run | None:
    """A unit tells what the plan charges it with telling."""
    slot = one(draw, list(slots_of(document_of(incident), Roster().ground_of(incident)))[:12])
    return slot and partial(reports.hand_in, incident.pk, slot.key, draw(WORDS))


def delegate(draw: Draw, _incident: Incident) -> Run | None:
    """A post is given to somebody else as well, from now on or for an hour."""
    held = one(draw, Appointment.objects.filter(user__username__in=CHAIN, kind="full", valid_to=None))
    until = draw(st.sampled_from([None, clock.now() + timedelta(hours=1)]))
    heir = user(draw(st.sampled_from(["deputy", "transport", "desk"])))
    return held and partial(
        appointments.appoint,
        held.position_id,
        heir.pk,
        kind="delegated",
        until=until,
        delegated_by_id=held.pk,
        reason="出差",
    )


def end_appointment(draw: Draw, _incident: Incident) -> Run | None:
    """What was delegated ends."""
    held = one(draw, Appointment.objects.filter(kind="delegated"))
    return held and partial(appointments.end, held.pk, reason="返回")


ACTS = (
    Act("incident.log", log, OFFICE),
    Act("incident.verify", lambda draw, incident: partial(incidents.verify, incident.pk), OFFICE),
    Act("incident.locate", locate, OFFICE),
    Act("fact.report", report_facts, OFFICE),
    Act("fact.verify", verify_facts, OFFICE),
    Act("incident.mark", mark, OFFICE),
    Act("level.suggest", to_level(decisions.suggest, "reason"), OFFICE),
    Act("level.propose", on_decision(decisions.propose, "note"), CHAIN),
    Act("level.approve", on_decision(decisions.approve, "reason", "scope_judgement"), CHAIN),
    Act("level.refuse", on_decision(decisions.refuse, "reason"), CHAIN),
    Act("level.decide", to_level(decisions.decide, "reason", "scope_judgement"), CHAIN),
    Act("level.add_step", add_step, CHAIN),
    Act("end.confirm", confirm_end, CHAIN),
    Act("end.confirm_the_rest", confirm_the_rest, CHAIN),
    Act("end.declare", lambda draw, incident: partial(endings.declare, incident.pk), CHAIN),
    Act("review.open", lambda draw, incident: partial(reviews.open_review, incident.pk), OFFICE),
    Act("paper.submit", submit_paper, UNITS),
    Act("paper.submit_the_rest", submit_the_rest, OFFICE),
    Act("incident.close", lambda draw, incident: partial(reviews.close, incident.pk, reason=draw(REASONS)), CHAIN),
    Act("task.accept", on_task(tasks.accept, with_words=False), UNITS),
    Act("task.report", on_task(tasks.report), UNITS),
    Act("task.finish", on_task(tasks.finish), UNITS),
    Act("task.decline", on_task(tasks.decline), UNITS),
    Act("task.assign", assign, CHAIN),
    Act("deployment.seat", seat, CHAIN),
    Act("notice.acknowledge", acknowledge, UNITS),
    Act("report.hand_in", hand_in, OFFICE),
    Act("appointment.delegate", delegate, ("appoint",)),
    Act("appointment.end", end_appointment, ("appoint",)),
)
IN_COMMAND = [act for act in ACTS if act.usual is CHAIN]
