"""For each row of the table a scene in which it can be done, the address, and what is sent: always valid."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.urls import reverse
from django.utils.timezone import localtime

from response.actions import (
    command,
    decisions,
    endings,
    facts,
    handling,
    incidents,
    instructions,
    orders,
    reviews,
    situation,
    standing,
    support,
    tasks,
)
from response.actions.command import Passing
from response.actions.incidents import Call
from response.actions.instructions import Received
from response.actions.orders import Said
from response.actions.standing import Commander
from response.bearers import ground_among
from response.facts import document_of
from response.models import Deployment, Incident, LevelDecision, Paper, SituationReport, SpokenOrder, Task
from response.slots import slots_of
from shuozhou_ops.accounts.models import Organisation, User
from shuozhou_ops.notices.models import Notice
from tests.cast import NOON, a_response, an_earthquake, an_ended, fresh, hand_in_every_paper, open_decision, person

BUREAU, OTHER_BUREAU, COUNTY, LEAD = "transport", "health", "yingxian", "emergency.deputy"
OTHER_COUNTY = "shanyin"


@dataclass(frozen=True)
class Sent:
    """One request: where, with what. `query`: behind the address. `json`: the body is JSON."""

    path: str
    data: dict[str, Any] = field(default_factory=dict)
    json: bool = False


Recipe = Callable[[], Sent]


# --- scenes ----------------------------------------------------------------------------------------------------------


def confirmed(incident: Incident | None = None) -> Incident:
    """A response, at level 3 where none is given, of which every end condition has been confirmed."""
    incident = incident or a_response(3)
    for place in range(len(endings.unconfirmed(incident))):
        endings.confirm(incident.pk, place, actor=person("zhang"), at=NOON, basis="各组报告")
    return incident


def reviewing() -> Incident:
    """Evaluation and summaries are open."""
    incident = an_ended(3)
    reviews.open_review(incident.pk, actor=person("zhang"), at=NOON)
    return incident


def written() -> Incident:
    """Every paper is there."""
    incident = reviewing()
    hand_in_every_paper(incident)
    return incident


def proposed(level: int = 3) -> LevelDecision:
    """A start that has been sent to the one who decides that level: 3 to the commander, 2 to the chief."""
    decision = open_decision(an_earthquake(magnitude={3: 5.2, 2: 6.2}[level]))
    decisions.propose(decision.pk, actor=person({3: "zhang", 2: "li"}[level]), at=NOON)
    return decision


def checked() -> Incident:
    """A quake that is real and that no level of the plan takes in."""
    incident = an_earthquake(magnitude=3.1)
    return incidents.verify(incident.pk, actor=person("desk"), at=NOON, basis="县应急局回电")


def landslide() -> Incident:
    """A landslide that `lead` commands in the field; its plan gives groups and end to the field."""
    call = Call("geological_hazard", place="桑干河边", source="call", counties=(COUNTY,), facts={"deaths": 4})
    incident = incidents.log(call, actor=person("desk"), at=NOON)
    decisions.approve(open_decision(incident).pk, actor=person("li"), at=NOON)
    field = Deployment.objects.get(incident=incident, kind="field_headquarters")
    standing.stand(field.pk, "村委会", actor=person("li"), at=NOON, commander=Commander(account="chen"))
    return fresh(incident)


def ordered(giver: str = "li") -> SpokenOrder:
    """A level 3 start that someone is said to have ordered by phone."""
    said = Said(giver=User.objects.get(username=giver).pk, said_at=NOON, means="phone")
    return orders.take_down(an_earthquake().pk, 3, said, actor=person("desk"), at=NOON)


def disputed() -> LevelDecision:
    """The proposal to revoke it, as the commander says that he never did."""
    order = ordered()
    orders.dispute(order.decision_id, actor=person("li"), at=NOON, reason="没有这道令")
    return open_decision(order.decision.incident)


def task_of(unit: str, *, accepted: bool = False, level: int = 3) -> Task:
    """An open task of one unit in a running response."""
    task = Task.objects.filter(incident=a_response(level), unit__key=unit).first()
    assert task is not None
    if accepted:
        tasks.accept(task.pk, actor=person(unit), at=NOON)
    return task


def group_task(*, accepted: bool = False) -> Task:
    """A task of the group that `lead` leads alone."""
    led = Deployment.objects.filter(incident=a_response(3), seats__position__key=LEAD, seats__role="lead")
    group = next(group for group in led if group.seats.filter(role="lead").count() == 1)
    task = group.tasks.first()
    assert task is not None
    if accepted:
        tasks.accept(task.pk, actor=person("chen"), at=NOON)
    return task


# --- what is sent ----------------------------------------------------------------------------------------------------


def at(name: str, /, *args: Any, **data: Any) -> Sent:
    """A request to a named address."""
    return Sent(reverse(name, args=args), data)


def on(incident: Incident, act: str, /, **data: Any) -> Sent:
    """An act on an incident."""
    return at("incident_act", incident.public_id, act, **data)


def locating() -> Sent:
    """Nobody knows yet where it happened."""
    incident = incidents.log(Call(plan="earthquake", place="城区有震感", source="call"), actor=person("desk"), at=NOON)
    return on(incident, "locate", counties=[COUNTY])


def handing_in() -> Sent:
    incident = a_response(3)
    slots = slots_of(document_of(incident), ground_among(Organisation.objects.all(), {COUNTY}))
    slot = next(item for item in slots if item.bearer.unit == BUREAU)
    return on(incident, "hand-in", slot=slot.key, text="省道畅通", observed_at="")


def of_task(task: Task, verb: str) -> Sent:
    return at("task_act", task.pk, verb, text="已到位")


def acknowledging(**whom: str) -> Sent:
    notice = Notice.objects.filter(stream=a_response(3).stream, needs_receipt=True, **whom).first()
    assert notice is not None
    return at("acknowledge", notice.pk)


def submitting(**whose: str) -> Sent:
    paper = Paper.objects.filter(incident=reviewing(), **whose).first()
    assert paper is not None
    content = {f"heading-{place}": "如实填写" for place in range(len(paper.sections))}
    return at("paper_submit", paper.pk, taken_over_by="市政府办公室", **content)  # asked where it is handed over


def seating(level: int, kind: str) -> Sent:
    """Someone is named to a team."""
    team = Deployment.objects.filter(incident=a_response(level), kind=kind).first()
    assert team is not None
    nobody = dict.fromkeys(("unit", "person_post", "person_phone"), "")
    return at("deployment_act", team.pk, "seat", role="lead", person_name="王工", **nobody)


def ordering() -> Sent:
    """The commander-in-chief is said to have ordered level 3."""
    giver = str(User.objects.get(username="wang").pk)
    heard = {"witness": "", "witness_name": "", "words": "", "reason": ""}
    said_at = localtime(NOON).strftime("%Y-%m-%dT%H:%M")
    return on(an_earthquake(), "take-down", giver=giver, to_level="3", said_at=said_at, means="phone", **heard)


def choosing() -> Sent:
    """Of two sources one is put in force."""
    incident = a_response(3)
    for deaths, source in ((3, "县指挥部"), (8, "县医院")):
        facts.report(incident.pk, {"deaths": deaths}, actor=person("desk"), at=NOON, source=source)
    report = incident.fact_reports.get(source="县医院")
    return on(incident, "choose-fact", report=str(report.pk), reason="医院有名单")


def adding(level: int, act: str) -> Sent:
    """A step that the superior left out."""
    decision = a_response(level).decisions.get()
    return at("decision_act", decision.pk, f"add-{act}", said_at="", means="phone", note="电话报告")


def a_fire() -> Incident:
    """A forest fire of which nothing is known yet."""
    call = Call(plan="forest_grassland_fire", place="林场", source="call", counties=(COUNTY,))
    return incidents.log(call, actor=person("desk"), at=NOON)


def left(*counties: str, told: bool = False) -> Incident:
    """A quake that is left to its counties; told: the first has said what came of it."""
    incident = an_earthquake(counties=counties or (COUNTY,), magnitude=3.1)
    handling.leave(incident.pk, actor=person("desk"), at=NOON, reason="由县里核查")
    if told:
        handling.tell(incident.pk, COUNTY, "没有伤亡", actor=person(COUNTY), at=NOON)
    return incident


def last_word(*counties: str) -> Sent:
    """The county is asked its own words alone; whoever writes them down says whose they are."""
    return on(left(*counties), "last-word", county=COUNTY, text="没有伤亡", said_by="郭县长", said_at="")


def drafted() -> SituationReport:
    """A situation report that names who is to get it."""
    report = situation.draft(a_response(3).pk, actor=person("desk"), at=NOON)
    return situation.edit(report.pk, text=report.text, sent_to=["市委"], actor=person("desk"), at=NOON)


def on_draft(act: str, **data: Any) -> Sent:
    report = drafted()
    seen = {} if act in ("refresh", "drop") else {"seen": report.fingerprint}
    return at("situation_act", report.pk, act, **seen, **data)


def logging(plan: str = "earthquake") -> dict[str, Any]:
    return {"plan": plan, "facts_of": plan, "place": "应县南河种镇", "source": "call"}


def account(name: str, act: str, **data: Any) -> Sent:
    """A page of the accounts that the superuser keeps."""
    args = [User.objects.get(username=name).pk] if act in ("change", "delete", "history") else []
    return at(f"admin:accounts_user_{act}", *args, **data)


def reported() -> dict[str, Any]:
    return {"fact-deaths": "1", "source": "县应急局", "quality": "estimated", "observed_at": ""}


def standing_field(level: int = 3) -> Deployment:
    """A headquarters in the field that stands, under the commander."""
    field = Deployment.objects.get(incident=a_response(level), kind="field_headquarters")
    return standing.stand(field.pk, "村委会", actor=person("li"), at=NOON, commander=Commander(account="li"))


def standing_group() -> Sent:
    """The group that the other bureau leads alone is to stand."""
    led = Deployment.objects.filter(incident=a_response(3), seats__unit__key=OTHER_BUREAU, seats__role="lead")
    return at("deployment_act", led.get().pk, "stand", place="县医院", stood_at="")


def to_stand() -> Sent:
    field = Deployment.objects.get(incident=a_response(3), kind="field_headquarters")
    return at("deployment_act", field.pk, "stand", place="村委会", stood_at="", **COMMANDER)


COMMANDER = {"account": "deputy", "name": "", "post": "", "phone": ""}
PASSING = {"handed_by": "郭县长", "taken_by": "李副市长", "where": "县委大院"}


def of_county(incident: Incident, act: str, **data: Any) -> Sent:
    """An act on the county where it happened."""
    return on(incident, act, county=COUNTY, **data)


def taken_over() -> Incident:
    """The city commands in the county."""
    incident = a_response(3)
    command.hand_over(incident.pk, COUNTY, Passing("city", *PASSING.values()), actor=person("desk"), at=NOON)
    return incident


def answering(**asked: str) -> Sent:
    incident = a_response(3)
    request = support.ask(incident.pk, "请增援", actor=person("desk"), at=NOON, **asked)
    return on(incident, "answer", request=request.pk, status="granted", text="已调")


def instructed(act: str, *, passed: bool = False, **data: Any) -> Sent:
    """An instruction that has come in, and has been passed on."""
    incident = a_response(3)
    row = instructions.receive(incident.pk, Received("opinion", "省工作组", "加强监测"), actor=person("desk"), at=NOON)
    if passed:
        instructions.pass_on(incident.pk, row.pk, ["emergency"], actor=person("desk"), at=NOON)
    return on(incident, act, instruction=row.pk, **data)


def regrouping(act: str, **data: Any) -> Sent:
    """The first group of a response, and what is to be changed of it."""
    group = Deployment.objects.filter(incident=a_response(3), kind="group").order_by("pk").first()
    assert group is not None
    member = group.seats.filter(role="member").first()
    task = group.tasks.first()
    assert member is not None
    assert task is not None
    own = {
        "add-seat": {"deployment": group.pk},
        "drop-seat": {"seat": member.pk},
        "release-group": {"deployment": group.pk},
        "release-task": {"task": task.pk},
    }
    return on(group.incident, act, **own.get(act, {}), **data)


RECIPES: dict[str, Recipe] = {
    "GET healthz": lambda: at("healthz"),
    "GET readyz": lambda: at("readyz"),
    "GET login": lambda: at("login"),
    "POST login": lambda: at("login", username="li", password="shuozhou-demo"),
    "POST logout": lambda: at("logout"),
    "POST assess": lambda: Sent("/api/v1/plans/earthquake/assess", {"facts": {"magnitude": 5.2}}, json=True),
    "GET plans": lambda: at("plans"),
    "GET plan": lambda: at("plan", "earthquake"),
    "GET plan_versions": lambda: at("plan_versions", "earthquake"),
    "GET trial": lambda: at("trial", "earthquake"),
    "GET desk": lambda: at("desk"),
    "GET intake": lambda: at("intake"),
    "POST intake": lambda: at("intake", **logging()),
    "POST intake: a forest fire": lambda: at("intake", **logging("forest_grassland_fire")),
    "POST intake_assess": lambda: at("intake_assess", **logging()),
    "GET incident: reported": lambda: at("incident", an_earthquake().public_id),
    "GET incident: running": lambda: at("incident", a_response(3).public_id),
    "GET incident: of another plan": lambda: at("incident", a_fire().public_id),
    "POST incident_act/locate": locating,
    "POST incident_act/verify": lambda: on(an_earthquake(), "verify", basis="县应急局回电"),
    "POST incident_act/mark": lambda: on(a_fire(), "mark", flag="higher_danger", bears="on", reason=""),
    "POST incident_act/draft-situation": lambda: on(a_response(3), "draft-situation"),
    "GET situation": lambda: at("situation", situation.send(drafted().pk, actor=person("zhang"), at=NOON).pk),
    "POST situation_act/edit": lambda: on_draft("edit", text="震感强烈", to=["市委"], others=""),
    "POST situation_act/refresh": lambda: on_draft("refresh"),
    "POST situation_act/drop": lambda: on_draft("drop"),
    "POST situation_act/send": lambda: on_draft("send"),
    "POST incident_act/leave-to-county": lambda: on(an_earthquake(), "leave-to-county", reason="由县里核查"),
    "POST incident_act/last-word: the county's": last_word,
    "POST incident_act/last-word: of two counties, the one's": lambda: last_word(COUNTY, OTHER_COUNTY),
    "POST incident_act/take-back": lambda: on(left(told=True), "take-back", reason=""),
    "POST incident_act/merge": lambda: on(
        an_earthquake(), "merge", into=an_earthquake().public_id, reason="同一次地震"
    ),
    "POST incident_act/follow": lambda: on(an_earthquake(), "follow", first=a_response(3).public_id),
    "POST incident_act/change-plan: to the forest plan": lambda: on(
        an_earthquake(), "change-plan", plan="forest_grassland_fire", reason="是山火"
    ),
    "POST incident_act/take-on: level 3 of the fire plan": lambda: on(
        a_response(3), "take-on", right="fire_incident/3", reason="是爆炸起火", rest="dropped"
    ),
    "POST incident_act/take-on: level 3 of the forest plan": lambda: on(
        a_response(3), "take-on", right="forest_grassland_fire/3", reason="是山火", rest="dropped"
    ),
    "POST incident_act/suggest": lambda: on(an_earthquake(), "suggest", to_level="2", reason="余震频繁"),
    "POST incident_act/decide: level 4": lambda: on(an_earthquake(magnitude=4.2), "decide", to_level="4", reason=""),
    "POST incident_act/decide: level 3": lambda: on(an_earthquake(), "decide", to_level="3", reason=""),
    "POST incident_act/decide: level 2": lambda: on(an_earthquake(magnitude=6.2), "decide", to_level="2", reason=""),
    "POST incident_act/decide: level 1": lambda: on(an_earthquake(magnitude=7.2), "decide", to_level="1", reason=""),
    "POST incident_act/decide: from 3 to 4": lambda: on(a_response(3), "decide", to_level="4", reason="余震减弱"),
    "POST incident_act/decide: from 3 to 2": lambda: on(a_response(3), "decide", to_level="2", reason="余震频繁"),
    "POST incident_act/decide: from 2 to 3": lambda: on(a_response(2), "decide", to_level="3", reason="余震减弱"),
    "POST decision_act/propose": lambda: at("decision_act", open_decision(an_earthquake()).pk, "propose", note=""),
    "POST decision_act/propose: level 2": lambda: at(
        "decision_act", open_decision(an_earthquake(magnitude=6.2)).pk, "propose", note=""
    ),
    "POST decision_act/approve": lambda: at("decision_act", proposed().pk, "approve", reason=""),
    "POST decision_act/approve: level 4": lambda: at(
        "decision_act", open_decision(an_earthquake(magnitude=4.2)).pk, "approve", reason=""
    ),
    "POST decision_act/approve: level 2": lambda: at("decision_act", proposed(2).pk, "approve", reason=""),
    "POST decision_act/refuse: level 2": lambda: at("decision_act", proposed(2).pk, "refuse", reason="情况不实"),
    "POST decision_act/refuse": lambda: at("decision_act", proposed().pk, "refuse", reason="情况不实"),
    "POST decision_act/add-report": lambda: adding(3, "report"),
    "POST decision_act/add-propose": lambda: adding(2, "propose"),
    "POST incident_act/take-down: the chief's": ordering,
    "POST decision_act/countersign": lambda: at("decision_act", ordered().decision_id, "countersign"),
    "POST decision_act/countersign: the chief's": lambda: at(
        "decision_act", ordered("wang").decision_id, "countersign"
    ),
    "POST decision_act/dispute": lambda: at("decision_act", ordered().decision_id, "dispute", reason="没有这道令"),
    "POST decision_act/revoke": lambda: at("decision_act", disputed().pk, "revoke", reason=""),
    "POST incident_act/choose-fact": choosing,
    "POST incident_act/report-facts": lambda: on(a_response(3), "report-facts", **reported()),
    "POST incident_act/verify-facts": lambda: on(a_response(3), "verify-facts", facts=["magnitude"], source="台网"),
    "POST incident_act/hand-in: the bureau's": handing_in,
    "POST incident_act/assign": lambda: on(a_response(3), "assign", lines=["0"]),
    "POST deployment_act/stand": to_stand,
    "POST deployment_act/stand: the bureau's group": standing_group,
    "POST deployment_act/appoint": lambda: at(
        "deployment_act", standing_field().pk, "appoint", reason="换班", **COMMANDER
    ),
    "POST incident_act/hand-over: the county's": lambda: of_county(a_response(3), "hand-over", to="city", **PASSING),
    "POST incident_act/hand-over: on to the province": lambda: of_county(
        taken_over(), "hand-over", to="province", **PASSING
    ),
    "POST incident_act/add-place": lambda: on(a_response(3), "add-place", county="pinglu", reason=""),
    "POST incident_act/drop-place": lambda: of_county(a_response(3), "drop-place", reason="核实不在"),
    "POST incident_act/own-response: the county's": lambda: of_county(
        a_response(3), "own-response", level="3", by="县长", since=""
    ),
    "POST incident_act/tick: the county's": lambda: of_county(a_response(3), "tick", items=["2"]),
    "POST incident_act/ask: the county's": lambda: of_county(a_response(3), "ask", text="请增援"),
    "POST incident_act/ask-above": lambda: on(a_response(3), "ask-above", to_name="省指挥部", text="请增援"),
    "POST incident_act/answer: the county's": lambda: answering(county=COUNTY),
    "POST incident_act/answer: from above": lambda: answering(to_name="省指挥部"),
    "POST incident_act/receive-instruction": lambda: on(
        a_response(3), "receive-instruction", kind="instruction", giver_name="赵省长", text="全力搜救", cite=""
    ),
    "POST incident_act/pass-on": lambda: instructed("pass-on", units=["emergency"]),
    "POST incident_act/finish-instruction": lambda: instructed("finish-instruction", passed=True, result="已办"),
    "POST incident_act/add-seat": lambda: regrouping("add-seat", role="member", unit="commerce"),
    "POST incident_act/drop-seat": lambda: regrouping("drop-seat", reason="另有任务"),
    "POST incident_act/call-group": lambda: regrouping("call-group", group="", name="舆情专班"),
    "POST incident_act/call-group: the lead's, who commands in the field": lambda: on(
        landslide(), "call-group", group="", name="舆情专班"
    ),
    "POST incident_act/call-group: level 4": lambda: on(a_response(4), "call-group", group="", name="舆情专班"),
    "POST incident_act/release-group": lambda: regrouping("release-group", reason="用不上"),
    "POST incident_act/give-task": lambda: regrouping("give-task", text="清点帐篷", to="unit/commerce"),
    "POST incident_act/release-task": lambda: regrouping("release-task", reason="不用了"),
    "POST incident_act/confirm-end": lambda: on(a_response(3), "confirm-end", condition="0", basis="各组报告"),
    "POST incident_act/declare-end": lambda: on(confirmed(), "declare-end", reason="", rest="dropped"),
    "POST incident_act/declare-end: level 4": lambda: on(
        confirmed(a_response(4)), "declare-end", reason="", rest="dropped"
    ),
    "POST incident_act/declare-end: level 2": lambda: on(
        confirmed(a_response(2)), "declare-end", reason="", rest="dropped"
    ),
    "POST incident_act/declare-end: the lead's, who commands in the field": lambda: on(
        confirmed(landslide()), "declare-end", reason="", rest="dropped"
    ),
    "POST incident_act/dismiss: level 4": lambda: on(a_response(4), "dismiss", reason="台网核实为爆破"),
    "POST incident_act/dismiss": lambda: on(a_response(3), "dismiss", reason="台网核实为爆破"),
    "POST incident_act/open-review": lambda: on(an_ended(3), "open-review"),
    "POST incident_act/close": lambda: on(written(), "close", reason=""),
    "POST incident_act/close: without a response": lambda: on(checked(), "close", reason="核实无影响"),
    "POST deployment_act/seat": lambda: seating(4, "team"),
    "POST task_act/accept: the bureau's": lambda: of_task(task_of(BUREAU), "accept"),
    "POST task_act/report: the bureau's": lambda: of_task(task_of(BUREAU), "report"),
    "POST task_act/finish: the bureau's": lambda: of_task(task_of(BUREAU, accepted=True), "finish"),
    "POST task_act/decline: the bureau's": lambda: of_task(task_of(BUREAU), "decline"),
    "POST task_act/accept: the county's": lambda: of_task(task_of(COUNTY, level=4), "accept"),
    "POST task_act/report: the county's": lambda: of_task(task_of(COUNTY, level=4), "report"),
    "POST task_act/finish: the county's": lambda: of_task(task_of(COUNTY, level=4, accepted=True), "finish"),
    "POST task_act/decline: the county's": lambda: of_task(task_of(COUNTY, level=4), "decline"),
    "POST task_act/finish: the lead's group": lambda: of_task(group_task(accepted=True), "finish"),
    "POST task_act/accept: the lead's group": lambda: of_task(group_task(), "accept"),
    "POST acknowledge: the bureau's": lambda: acknowledging(unit__key=BUREAU),
    "POST acknowledge: the county's": lambda: acknowledging(unit__key=COUNTY),
    "POST paper_submit: the bureau's": lambda: submitting(author__key=BUREAU),
    "POST paper_submit: the lead's bureau's": lambda: submitting(author__key="emergency"),
    "POST paper_submit: the county's": lambda: submitting(author__key=COUNTY),
    "GET admin:index": lambda: at("admin:index"),
    "GET admin:accounts_user_changelist": lambda: account("", "changelist"),
    "GET admin:accounts_user_add": lambda: account("", "add"),
    "GET admin:accounts_user_change": lambda: account("transport", "change"),
}
