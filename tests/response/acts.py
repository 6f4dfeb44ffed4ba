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
    command,
    decisions,
    endings,
    facts,
    groups,
    handling,
    incidents,
    instructions,
    marks,
    merging,
    orders,
    own_tasks,
    places,
    receipts,
    replanning,
    reports,
    reviews,
    situation,
    standing,
    steps,
    support,
    tasks,
    teams,
)
from response.actions.command import Passing
from response.actions.incidents import Call
from response.actions.instructions import FIELD, Received
from response.actions.orders import Said
from response.actions.own_tasks import Given
from response.actions.roster import Roster
from response.actions.settling import DROP_ALL, Settle
from response.actions.standing import Commander
from response.facts import document_of
from response.models import Deployment, DeploymentSeat, Incident
from response.models.decisions import OPEN_STATUSES
from response.models.incidents import AFTER_END, BEFORE_START
from response.models.tasks import OPEN_TASKS
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
COUNTIES = ("yingxian", "shanyin")
GIVERS = ("wang", "li", "zhang")  # whose spoken orders are written down

RUNNING, COUNTYS, ENDED, REVIEWED = ("responding",), ("county_handling",), ("ended",), ("reviewing",)

Draw = Callable[[st.SearchStrategy[Any]], Any]
Run = Callable[..., Any]  # takes actor and at
LEVELS = st.sampled_from([4, 3, 2, 1])
WORDS = st.sampled_from(["按现场报告"] * 3 + [""])
REASONS = st.sampled_from(["灾情变化，综合研判"] * 3 + [""])
COUNTY = st.sampled_from(COUNTIES)
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
    """One act: what it is called in the security log, how it is prepared, who does it on an ordinary day, and where.

    where: in which states an incident mostly is when somebody does it; none where that says nothing.
    """

    name: str
    prepare: Callable[[Draw, Incident], Run | None]
    usual: Sequence[str]
    where: Sequence[str] = ()


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
    figures = {"trapped": draw(st.sampled_from([0, 8, None]))} if told == "facts" and draw(st.booleans()) else None
    source = draw(st.sampled_from(["现场指挥员", "县指挥部"]))  # who may contradict each other
    how = {"source": source, "quality": draw(QUALITIES), "moments": moments, "figures": figures}
    return partial(facts.report, incident.pk, values, **how)


def verify_facts(draw: Draw, incident: Incident) -> Run:
    """Somebody vouches for the figures."""
    return partial(facts.verify, incident.pk, list(FACTS[plan_of(incident)]), source="核查组", figures=["trapped"])


def choose_fact(draw: Draw, incident: Incident) -> Run | None:
    """One of the reports is put in force."""
    told = one(draw, incident.fact_reports.filter(kind="fact"))
    return told and partial(facts.choose, told.pk, reason=draw(REASONS))


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


def decide(draw: Draw, incident: Incident) -> Run:
    """A level is decided; after an end mostly by one who knows it."""
    again = incident.status in AFTER_END and draw(st.integers(0, 3)) > 0
    why = {"reason": draw(REASONS), "scope_judgement": draw(REASONS)}
    return partial(decisions.decide, incident.pk, draw(LEVELS), again=again, **why)


def move_level(draw: Draw, incident: Incident) -> Run:
    """Another level than the one in force is decided, with all that has to be said of it."""
    others = [level for level in (4, 3, 2, 1) if level != incident.level]
    why = {"reason": "灾情变化，综合研判", "scope_judgement": "影响严重"}
    again = incident.status in AFTER_END
    return partial(decisions.decide, incident.pk, draw(st.sampled_from(others)), again=again, **why)


def say(draw: Draw, incident: Incident) -> Run | None:
    """An order by word of mouth is written down, with all that has to be said of it."""
    others = [level for level in (4, 3, 2, 1) if level != incident.level]
    said = Said(giver=user("wang").pk, said_at=clock.now(), means="phone", witness_name="武某")
    why = {"reason": "灾情变化，综合研判", "scope_judgement": "影响严重"}
    return partial(orders.take_down, incident.pk, draw(st.sampled_from(others)), said, **why)


def take_down(draw: Draw, incident: Incident) -> Run:
    """An order by word of mouth, or the end, is written down by another hand."""
    said = Said(
        giver=user(draw(st.sampled_from(GIVERS))).pk,
        said_at=clock.now() - timedelta(minutes=draw(st.sampled_from([0, 1]))),
        means=draw(st.sampled_from(["phone"] * 3 + ["system"])),
        witness_name=draw(st.sampled_from(["武某"] * 3 + [""])),
    )
    level = draw(st.sampled_from([4, 3, 2, 1, None]))
    return partial(orders.take_down, incident.pk, level, said, reason=draw(REASONS), scope_judgement=draw(REASONS))


def on_order(action: Callable[..., Any], *names: str) -> Callable[[Draw, Incident], Run | None]:
    """An act on a decision that was taken down; now and then on one that was not."""

    def prepare(draw: Draw, incident: Incident) -> Run | None:
        decision = one(draw, incident.decisions.exclude(spoken_order=None)) or one(draw, incident.decisions)
        return decision and partial(action, decision.pk, **{name: draw(REASONS) for name in names})

    return prepare


def revoke(draw: Draw, incident: Incident) -> Run | None:
    """A response that stood on an order which was never given is ended."""
    decision = one(draw, incident.decisions.filter(manner="revoked")) or one(draw, incident.decisions)
    return decision and partial(orders.revoke, decision.pk, reason=draw(REASONS))


def add_step(draw: Draw, incident: Incident) -> Run | None:
    """A step of the chain is written down afterwards."""
    decision = one(draw, incident.decisions)
    act = draw(st.sampled_from(["report", "propose"]))
    return decision and partial(steps.add, decision.pk, act, means="phone", note=draw(WORDS))


def confirm_end(draw: Draw, incident: Incident) -> Run:
    """One end condition is confirmed."""
    return partial(endings.confirm, incident.pk, draw(st.integers(0, 5)), basis=draw(WORDS))


def confirm_the_rest(_draw: Draw | None, incident: Incident) -> Run | None:
    """Every end condition that is left is confirmed, one after the other."""
    ending = endings.ending_of(incident)
    left = set(endings.unconfirmed(incident))
    places = [place for place, item in enumerate(ending.conditions if ending else ()) if item.text in left]

    def run(**by: Any) -> None:
        for place in places:
            endings.confirm(incident.pk, place, basis="各组报告", **by)

    return run if places else None


def declare(draw: Draw, incident: Incident) -> Run:
    """The end is declared; what is open is done, handed on or dropped, or nobody says so."""
    fates = st.sampled_from(["done", "dropped", "handed/yingxian", "handed/shanyin", ""])
    return partial(endings.declare, incident.pk, settle=draw(st.sampled_from([DROP_ALL, Settle(rest=draw(fates))])))


def end_at_one_go(draw: Draw, incident: Incident) -> Run | None:
    """It is ended, whatever is left to do."""
    return end_it(draw(st.sampled_from(["done", "dropped"])), incident)


def end_it(fate: str, incident: Incident) -> Run | None:
    """What is left of the end conditions is confirmed, and the end is declared; fate: of the open tasks."""
    confirming = confirm_the_rest(None, incident)
    settle = Settle(rest=fate)

    def run(**by: Any) -> None:
        if confirming:
            confirming(**by)
        endings.declare(incident.pk, settle=settle, **by)

    return run if incident.status in RUNNING else None


def submit_paper(draw: Draw, incident: Incident) -> Run | None:
    """A paper comes in."""
    paper = one(draw, incident.papers)
    signed = reviews.Signed(taken_over_by=draw(WORDS))
    return paper and partial(reviews.submit_paper, paper.pk, dict.fromkeys(paper.sections, "如实填写"), signed=signed)


def submit_the_rest(draw: Draw, incident: Incident) -> Run | None:
    """Every paper that is owed comes in, one after the other."""
    owed = list(incident.papers.filter(status="owed"))

    def run(**by: Any) -> None:
        for paper in owed:
            signed = reviews.Signed(taken_over_by="乡政府")
            reviews.submit_paper(paper.pk, dict.fromkeys(paper.sections, "如实填写"), signed=signed, **by)

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


def give_own(draw: Draw, incident: Incident) -> Run:
    """A task that stands in no place of the plan."""
    out = one(draw, incident.deployments)
    whom = [{"unit": "transport"}, {"bearer": "志愿者"}, {}, *([{"deployment": out.pk}] if out else [])]
    due = draw(st.sampled_from([None, clock.now() + timedelta(hours=1), clock.now()]))
    return partial(own_tasks.give, incident.pk, Given(draw(WORDS), due_at=due, **draw(st.sampled_from(whom))))


def take_from(draw: Draw, incident: Incident) -> Run | None:
    """A task is taken back."""
    task = one(draw, incident.tasks)
    return task and partial(own_tasks.release, task.pk, reason=draw(REASONS))


def call_group(draw: Draw, incident: Incident) -> Run:
    """A group of the plan is called, or one of the commander's own."""
    keys = [group.key for group in document_of(incident).groups]
    what = draw(
        st.sampled_from([{"group": draw(st.sampled_from([*keys, "nobody"]))}, {"name": "舆情专班"}, {"name": ""}])
    )
    return partial(groups.call, incident.pk, reason=draw(REASONS), **what)


def release_group(draw: Draw, incident: Incident) -> Run | None:
    """What is deployed is released."""
    deployment = one(draw, incident.deployments.exclude(kind="headquarters")) or one(draw, incident.deployments)
    return deployment and partial(groups.release, deployment.pk, reason=draw(REASONS))


def release_busy_group(draw: Draw, incident: Incident) -> Run | None:
    """A group that still has something to do is released, for a reason."""
    busy = Deployment.objects.filter(incident=incident, tasks__status__in=OPEN_TASKS, tasks__phase="response")
    deployment = one(draw, busy.exclude(kind="headquarters").distinct())
    return deployment and partial(groups.release, deployment.pk, reason="现场已经清理完毕")


def unseat(draw: Draw, incident: Incident) -> Run | None:
    """Somebody is let go."""
    sits = one(draw, DeploymentSeat.objects.filter(deployment__incident=incident))
    return sits and partial(teams.unseat, sits.pk, reason=draw(REASONS))


def a_commander(draw: Draw) -> Commander:
    """Who commands in the field: an account, somebody without one, one whom nobody knows."""
    known = (Commander(account="li"), Commander(account="natural_resources"), Commander(name="吕某", post="队长"))
    return draw(st.sampled_from([*known, Commander(account="stranger"), Commander()]))


def stand(draw: Draw, incident: Incident) -> Run | None:
    """What was called stands; the headquarters in the field with a commander."""
    field = incident.deployments.filter(kind="field_headquarters")
    deployment = (draw(st.booleans()) and one(draw, field)) or one(draw, incident.deployments)
    return deployment and partial(standing.stand, deployment.pk, draw(WORDS), commander=a_commander(draw))


def appoint(draw: Draw, incident: Incident) -> Run | None:
    """Another is put in command in the field."""
    field = incident.deployments.filter(kind="field_headquarters")
    deployment = one(draw, field) or one(draw, incident.deployments)
    return deployment and partial(standing.appoint, deployment.pk, a_commander(draw), reason=draw(REASONS))


def hand_over(draw: Draw, incident: Incident) -> Run:
    """The command in a county passes."""
    to = draw(st.sampled_from(["city", "field", "county", "province", "nation", "nobody"]))
    passing = Passing(to, "刘县长", "李副市长", draw(st.sampled_from(["县政府", ""])))
    return partial(command.hand_over, incident.pk, draw(COUNTY), passing)


def change_places(action: Callable[..., Any]) -> Callable[[Draw, Incident], Run]:
    """A county is touched, or is not."""
    return lambda draw, incident: partial(action, incident.pk, draw(COUNTY), reason=draw(REASONS))


def own_response(draw: Draw, incident: Incident) -> Run:
    """A county tells on which level its own response is."""
    level = draw(st.sampled_from([3, 4, None, 7]))
    return partial(places.own_response, incident.pk, draw(COUNTY), level, by=draw(st.sampled_from(["郭县长", ""])))


def tick(draw: Draw, incident: Incident) -> Run:
    """A county ticks what it has done by itself."""
    lines = [item for item, _text, _cite in places.early_lines(incident)]
    return partial(places.tick, incident.pk, draw(COUNTY), [draw(st.sampled_from([*lines, 99]))])


def ask_support(draw: Draw, incident: Incident) -> Run:
    """A county asks the city, or the city those above."""
    county = draw(st.sampled_from([*COUNTIES, ""]))
    return partial(support.ask, incident.pk, draw(WORDS), county=county, to_name=draw(st.sampled_from(["省政府", ""])))


def answer_support(draw: Draw, incident: Incident) -> Run:
    """A request is answered."""
    request = one(draw, incident.requests)
    return partial(support.answer, incident.pk, request.pk if request else 0, draw(st.booleans()), text=draw(WORDS))


def receive(draw: Draw, incident: Incident) -> Run:
    """An instruction comes in."""
    kind = draw(st.sampled_from(["instruction", "opinion", "rumour"]))
    return partial(instructions.receive, incident.pk, Received(kind, "省领导", draw(WORDS)))


def pass_on(draw: Draw, incident: Incident) -> Run:
    """An instruction is passed on."""
    row = one(draw, incident.instructions)
    units = draw(st.sampled_from([["transport"], ["health", FIELD], [FIELD], [], ["nobody"]]))
    return partial(instructions.pass_on, incident.pk, row.pk if row else 0, units)


def finish_instruction(draw: Draw, incident: Incident) -> Run:
    """What came of an instruction is told."""
    row = one(draw, incident.instructions)
    return partial(instructions.finish, incident.pk, row.pk if row else 0, draw(WORDS))


def on_report(action: Callable[..., Any]) -> Callable[[Draw, Incident], Run | None]:
    """An act on one of the situation reports."""

    def prepare(draw: Draw, incident: Incident) -> Run | None:
        report = one(draw, incident.situation_reports)
        return report and partial(action, report.pk)

    return prepare


def edit_report(draw: Draw, incident: Incident) -> Run | None:
    """A draft's words and addressees change."""
    report = one(draw, incident.situation_reports)
    to = draw(st.sampled_from([["市委", "市政府"], ["国务院"], []]))
    return report and partial(
        situation.edit, report.pk, text=draw(WORDS), sent_to=to, final=draw(st.booleans()) and draw(st.booleans())
    )


def draft(draw: Draw, incident: Incident) -> Run:
    """A situation report is begun."""
    return partial(situation.draft, incident.pk, final=draw(st.integers(0, 3)) == 0)


def leave(draw: Draw, incident: Incident) -> Run:
    """It is left to the county."""
    return partial(handling.leave, incident.pk, reason=draw(REASONS))


def tell(draw: Draw, incident: Incident) -> Run:
    """A county says what came of it, or the desk for it."""
    said_by = draw(st.sampled_from(["郭县长", ""]))
    return partial(handling.tell, incident.pk, draw(COUNTY), draw(WORDS), said_by=said_by)


def with_another(action: Callable[..., Any], **more: st.SearchStrategy[str]) -> Callable[[Draw, Incident], Run]:
    """An act on two incidents; now and then on one and itself."""

    def prepare(draw: Draw, incident: Incident) -> Run:
        other = draw(st.sampled_from(list(Incident.objects.order_by("pk"))))
        return partial(action, incident.pk, other.pk, **{name: draw(words) for name, words in more.items()})

    return prepare


def change_plan(draw: Draw, incident: Incident) -> Run:
    """It is put under another plan, or its own."""
    return partial(replanning.change, incident.pk, draw(st.sampled_from(PLANS)), reason=draw(REASONS))


def take_on(draw: Draw, incident: Incident) -> Run:
    """Its response goes on under another plan, or its own."""
    why = {"reason": draw(REASONS), "scope_judgement": draw(REASONS)}
    return partial(replanning.take_on, incident.pk, draw(st.sampled_from(PLANS)), draw(LEVELS), **why)


def seat(draw: Draw, incident: Incident) -> Run | None:
    """Somebody is named to lead or sit in what is deployed."""
    deployment = one(draw, incident.deployments)
    named = draw(
        st.sampled_from(
            [
                teams.Named("lead", unit="health", instead=draw(st.booleans())),
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


ACTS: tuple[Act, ...] = (
    Act("incident.log", log, OFFICE),
    Act("incident.verify", lambda draw, incident: partial(incidents.verify, incident.pk), OFFICE, BEFORE_START),
    Act("incident.locate", locate, OFFICE, BEFORE_START),
    Act("fact.report", report_facts, OFFICE),
    Act("fact.verify", verify_facts, OFFICE),
    Act("fact.choose", choose_fact, OFFICE),
    Act("incident.mark", mark, OFFICE),
    Act("level.suggest", to_level(decisions.suggest, "reason"), OFFICE),
    Act("level.propose", on_decision(decisions.propose, "note"), CHAIN),
    Act("level.approve", on_decision(decisions.approve, "reason", "scope_judgement"), CHAIN),
    Act("level.refuse", on_decision(decisions.refuse, "reason"), CHAIN),
    Act("level.decide", decide, CHAIN),
    Act("level.add_step", add_step, CHAIN),
    Act("end.confirm", confirm_end, CHAIN, RUNNING),
    Act("end.confirm_the_rest", confirm_the_rest, CHAIN, RUNNING),
    Act("end.declare", declare, CHAIN, RUNNING),
    Act(
        "end.dismiss",
        lambda draw, incident: partial(endings.dismiss, incident.pk, reason=draw(REASONS)),
        CHAIN,
        RUNNING,
    ),
    Act("review.open", lambda draw, incident: partial(reviews.open_review, incident.pk), OFFICE, ENDED),
    Act("paper.submit", submit_paper, UNITS, REVIEWED),
    Act("paper.submit_the_rest", submit_the_rest, OFFICE, REVIEWED),
    Act(
        "incident.close",
        lambda draw, incident: partial(reviews.close, incident.pk, reason=draw(REASONS)),
        CHAIN,
        REVIEWED,
    ),
    Act("task.accept", on_task(tasks.accept, with_words=False), UNITS, RUNNING),
    Act("task.report", on_task(tasks.report), UNITS, RUNNING),
    Act("task.finish", on_task(tasks.finish), UNITS, RUNNING),
    Act("task.decline", on_task(tasks.decline), UNITS, RUNNING),
    Act("task.assign", assign, CHAIN, RUNNING),
    Act("task.give_own", give_own, CHAIN, RUNNING),
    Act("task.take_back", take_from, CHAIN, RUNNING),
    Act("deployment.seat", seat, CHAIN, RUNNING),
    Act("deployment.unseat", unseat, CHAIN, RUNNING),
    Act("deployment.call", call_group, CHAIN, RUNNING),
    Act("deployment.release", release_group, CHAIN, RUNNING),
    Act("deployment.stand", stand, CHAIN, RUNNING),
    Act("deployment.appoint", appoint, CHAIN, RUNNING),
    Act("notice.acknowledge", acknowledge, UNITS),
    Act("report.hand_in", hand_in, OFFICE),
    Act("order.take_down", take_down, OFFICE),
    Act("order.countersign", on_order(orders.countersign), GIVERS, RUNNING),
    Act("order.dispute", on_order(orders.dispute, "reason"), GIVERS, RUNNING),
    Act("order.revoke", revoke, CHAIN, RUNNING),
    Act("command.hand_over", hand_over, OFFICE, RUNNING),
    Act("place.add", change_places(places.add), OFFICE),
    Act("place.drop", change_places(places.drop), OFFICE),
    Act("place.own_response", own_response, COUNTIES),
    Act("place.tick", tick, COUNTIES),
    Act("request.ask", ask_support, ("yingxian", "shanyin", "desk")),
    Act("request.answer", answer_support, CHAIN),
    Act("instruction.receive", receive, OFFICE),
    Act("instruction.pass_on", pass_on, OFFICE),
    Act("instruction.finish", finish_instruction, OFFICE),
    Act("situation.draft", draft, OFFICE),
    Act("situation.edit", edit_report, OFFICE),
    Act("situation.refresh", on_report(situation.refresh), OFFICE),
    Act("situation.send", on_report(situation.send), GIVERS),
    Act("situation.drop", on_report(situation.drop), OFFICE),
    Act("appointment.delegate", delegate, ("appoint",)),
    Act("appointment.end", end_appointment, ("appoint",)),
)
IN_COMMAND = [act for act in ACTS if act.usual is CHAIN]
OF_KIN = (
    Act("incident.leave_to_county", leave, OFFICE, BEFORE_START),
    Act("incident.tell_for_county", tell, ("yingxian", "shanyin", "desk"), COUNTYS),
    Act(
        "incident.take_back",
        lambda draw, incident: partial(handling.take_back, incident.pk, reason=draw(REASONS)),
        OFFICE,
        COUNTYS,
    ),
    Act("incident.merge", with_another(merging.merge, reason=REASONS), OFFICE, BEFORE_START),
    Act("incident.follow", with_another(merging.follow), OFFICE),
    Act("incident.change_plan", change_plan, OFFICE, BEFORE_START),
    Act("incident.take_on", take_on, CHAIN, RUNNING),
)  # what becomes of an incident beside another one, or of one that was the county's
TRIED_OFTEN = (
    Act("level.move", move_level, ("wang", "zhang", "li", "desk", "transport")),
    Act("deployment.release_busy", release_busy_group, ("wang", "li"), RUNNING),
    Act("end.at_one_go", end_at_one_go, ("wang",), RUNNING),
    Act("order.say", say, ("desk", "hao"), (*BEFORE_START, *RUNNING)),
)  # what the laws are about, with all that has to be said, so that no run is without it
