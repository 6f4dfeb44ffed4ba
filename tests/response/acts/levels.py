"""Acts on what is known of an incident, and on its level."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

from hypothesis import strategies as st

from response.actions import decisions, facts, incidents, marks, orders, steps
from response.actions.incidents import Call
from response.actions.orders import Said
from response.models import Incident, SpokenOrder
from response.models.decisions import OPEN_STATUSES
from shuozhou_ops import clock
from tests.cast import user
from tests.response.acts.drawing import (
    CHAIN,
    FACTS,
    FIRE,
    LEVELS,
    MOMENTS,
    OFFICE,
    PLANS,
    QUALITIES,
    REASONS,
    WORDS,
    Act,
    Draw,
    Run,
    one,
    plan_of,
    some_facts,
)


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


def on_order(action: Callable[..., Any], *names: str) -> Callable[[Draw, Incident], Run | None]:
    """An act on an order that was given by word of mouth; names: of words that it takes."""

    def prepare(draw: Draw, incident: Incident) -> Run | None:
        order = one(draw, SpokenOrder.objects.filter(decision__incident=incident))
        return order and partial(action, order.decision_id, **{name: draw(REASONS) for name in names})

    return prepare


def to_level(action: Callable[..., Any], *names: str) -> Callable[[Draw, Incident], Run]:
    """An act that puts the incident on a level, or asks for it."""
    return lambda draw, incident: partial(action, incident.pk, draw(LEVELS), **{name: draw(REASONS) for name in names})


def add_step(draw: Draw, incident: Incident) -> Run | None:
    """A step of the chain is written down afterwards."""
    decision = one(draw, incident.decisions)
    act = draw(st.sampled_from(["report", "propose"]))
    return decision and partial(steps.add, decision.pk, act, means="phone", note=draw(WORDS))


def choose(draw: Draw, incident: Incident) -> Run | None:
    """An officer puts one report in force."""
    report = one(draw, incident.fact_reports.filter(kind="fact"))
    return report and partial(facts.choose, report.pk, reason=draw(REASONS))


def take_down(draw: Draw, incident: Incident) -> Run:
    """Somebody says that a superior has ordered a level, or the end, by phone."""
    said = Said(
        giver=user(draw(st.sampled_from(["wang", "li", "hao", "zhang", "transport"]))).pk,
        said_at=clock.now() - timedelta(minutes=draw(st.sampled_from([0, 1, 90]))),
        means="phone",
        words=draw(WORDS),
        witness_name=draw(st.sampled_from(["值班员王某", ""])),
    )
    level = draw(st.sampled_from([3, 2, 4, 1, None]))
    return partial(orders.take_down, incident.pk, level, said, reason=draw(REASONS), scope_judgement=draw(REASONS))


def revoke(draw: Draw, incident: Incident) -> Run | None:
    """What was never ordered is taken back."""
    decision = one(draw, incident.decisions.filter(manner="revoked")) or one(draw, incident.decisions)
    return decision and partial(orders.revoke, decision.pk, reason=draw(WORDS))


def decide_again(draw: Draw, incident: Incident) -> Run:
    """After an end somebody starts it anew."""
    words = {name: draw(REASONS) for name in ("reason", "scope_judgement")}
    return partial(decisions.decide, incident.pk, draw(LEVELS), again=True, **words)


ACTS = (
    Act("incident.log", log, OFFICE),
    Act("incident.verify", lambda draw, incident: partial(incidents.verify, incident.pk), OFFICE),
    Act("incident.locate", locate, OFFICE),
    Act("fact.report", report_facts, OFFICE),
    Act("fact.verify", verify_facts, OFFICE),
    Act("fact.choose", choose, OFFICE),
    Act("incident.mark", mark, OFFICE),
    Act("level.suggest", to_level(decisions.suggest, "reason"), OFFICE),
    Act("level.propose", on_decision(decisions.propose, "note"), CHAIN),
    Act("level.approve", on_decision(decisions.approve, "reason", "scope_judgement"), CHAIN),
    Act("level.refuse", on_decision(decisions.refuse, "reason"), CHAIN),
    Act("level.decide", to_level(decisions.decide, "reason", "scope_judgement"), CHAIN),
    Act("level.decide_again", decide_again, CHAIN),
    Act("level.add_step", add_step, CHAIN),
    Act("spoken_order.take_down", take_down, OFFICE),
    Act("spoken_order.countersign", on_order(orders.countersign), CHAIN),
    Act("spoken_order.dispute", on_order(orders.dispute, "reason"), CHAIN),
    Act("level.revoke", revoke, CHAIN),
)
