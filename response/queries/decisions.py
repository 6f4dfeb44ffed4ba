"""The decisions of an incident: what waits for whom, step by step, and what was decided on which figures."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from plans import words
from plans.documents import ChainStep, FactSpec, Level, Ref
from plans.labels import level_name
from response import authority, chain
from response.authority import Obstacle
from response.facts import giving, most_severe
from response.forms.acts import ActForm, AddStepForm, LevelForm, ProposeForm, ReasonForm
from response.models import DecisionStep, LevelDecision
from response.models.decisions import DecisionKind, DecisionStatus, Manner
from response.models.facts import Quality
from response.models.incidents import AFTER_END, BEFORE_END

from . import orders, previews, ticks
from .case import Case
from .judgements import shown
from .offers import Attempt, Offer, of_decision, of_incident, offer

NEEDS_JUDGEMENT = "needs_judgement"
NO_PROPOSAL = "no_proposal"


@dataclass(frozen=True)
class StepLine:
    """One step of the way to a decision. state: done, waiting (its turn may come), missing (was left out)."""

    act: str
    state: str
    who: str  # the person who did it, or the present holders
    post: str
    to: str = ""
    at: datetime | None = None
    cite: str = ""
    note: str = ""
    means: str = ""
    waited_for: bool = True  # whether the next one decides on it


@dataclass(frozen=True)
class Figure:
    """A figure that a decision rested on."""

    label: str
    value: str
    quality: str


@dataclass
class DecisionCard:
    """One decision as the page shows it."""

    decision: LevelDecision
    title: str
    steps: list[StepLine]
    figures: list[Figure]
    offers: list[Offer] = field(default_factory=list)
    adding: list[Offer] = field(default_factory=list)  # steps taken without the system, to be written down
    notes: list[Obstacle] = field(default_factory=list)
    says: str = ""
    told: ticks.Told | None = None  # whom it told, where the plan leaves that to ticks
    order: orders.OrderCard | None = None  # the spoken order that it was given by
    differs: str = ""  # how it differs from the plan's table on the facts in force, for good
    plan_key: str = ""  # whose clauses: of the plan under which it was made

    @property
    def from_words(self) -> str:
        """The level it started from."""
        return level_name(self.decision.from_level)


def differs(case: Case, decision: LevelDecision) -> str:
    """In words how a decision differs from what the table gives on the facts in force; '' where it does not.

    Where it follows figures on which sources differ: whose, and both levels.
    """
    if decision.kind == DecisionKind.END or decision.to_level == decision.table_level:
        return ""
    told = {"to": level_name(decision.to_level), "table": level_name(decision.table_level)}
    if not decision.contested:
        return _("决定%(to)s，预案条件为%(table)s") % told
    told |= {
        "sources": "、".join(dict.fromkeys(str(item["source"]) for item in decision.contested)),
        "figures": "、".join(_said(case, item["name"], item["value"]) for item in decision.contested),
    }
    return _("按%(sources)s的数字（%(figures)s，尚有分歧）为%(to)s；按现用的数字，预案条件为%(table)s") % told


def _said(case: Case, name: str, value: Any) -> str:
    """A fact by label and value."""
    spec = case.specs.get(name)
    return f"{words.label(spec.label, name) if spec else name} {words.value(spec, value)}"


@dataclass
class Decisions:
    """What waits, what was, and how another level may be suggested or decided."""

    waiting: list[DecisionCard]
    past: list[DecisionCard]
    choices: list[Offer]
    milder: Obstacle | None  # the table now gives less than what is in force
    taking_down: Offer | None = None  # writing down a spoken order
    again: bool = False  # a response has ended: what is decided now is another start


def of_case(case: Case, attempt: Attempt | None) -> Decisions:
    """The decisions of the page. No query."""
    waiting = [_waiting(case, item, attempt) for item in case.decisions if item.is_open]
    past = [_past(case, item, attempt) for item in reversed(case.decisions) if not item.is_open]
    again = case.incident.status in AFTER_END
    choosing = case.acts and (case.incident.status in BEFORE_END or again) and not _goes_on(case)
    choices = _choices(case, attempt) if choosing else []
    spoken = orders.taking_down(case, attempt) if choosing else None
    return Decisions(waiting, past, choices, _milder(case), spoken, again)


def _goes_on(case: Case) -> bool:
    """Whether it goes on in another incident under another plan, and nothing is decided here any more."""
    return any(other.continues_id == case.incident.pk for other in case.kin)


def _milder(case: Case) -> Obstacle | None:
    """That the level in force is more severe than what the figures now give: nobody is asked, somebody may decide."""
    level, table, waiting = case.incident.level, case.answer.level, any(item.is_open for item in case.decisions)
    if not case.whole or level is None or waiting or (table is not None and table <= level):
        return None
    if (most_severe(case.ways).answer.level or level + 1) <= level:  # some source still asks for it
        return None
    now = level_name(table) if table is not None else _("未达到任何级别")
    words = _("现行%(level)s，按现有情况预案条件为%(now)s：是否降低由人决定，系统不自动建议。")
    adjusting = case.document.adjusting
    return Obstacle("milder", words % {"level": level_name(level), "now": now}, adjusting.cite if adjusting else None)


def title(decision: LevelDecision) -> str:
    """`启动三级响应`, `降低至四级响应`, `结束三级响应`."""
    if decision.kind == DecisionKind.END:
        ended = {
            Manner.NO_EVENT: _("排除：撤销%s"),
            Manner.CONTINUED: _("%s转入另一事件"),
            Manner.REVOKED: _("撤回%s"),
        }
        return ended.get(Manner(decision.manner), _("结束%s")) % level_name(decision.from_level)
    said = {DecisionKind.START: _("启动%s"), DecisionKind.RAISE: _("提高至%s"), DecisionKind.LOWER: _("降低至%s")}
    return said[DecisionKind(decision.kind)] % level_name(decision.to_level)


def _card(case: Case, decision: LevelDecision) -> DecisionCard:
    steps = steps_of(case, decision) if case.whole else []
    figures, key = _figures(case.specs, decision), case.document.plan
    return DecisionCard(decision, title(decision), steps, figures, differs=differs(case, decision), plan_key=key)


def _past(case: Case, decision: LevelDecision, attempt: Attempt | None) -> DecisionCard:
    """A decision that is settled, with the steps that may still be written down; of a former plan, what it was."""
    plan = case.plan_at(decision.made_at)
    if plan is not case.document:
        steps = [_done(step) for step in decision.steps.all()] if case.whole else []
        specs = {spec.name: spec for spec in plan.facts}
        return DecisionCard(decision, title(decision), steps, _figures(specs, decision), plan_key=plan.plan)
    card = _card(case, decision)
    card.told = ticks.of_decision(case, decision) if case.whole else None
    card.order = orders.card(case, decision, attempt)
    card.adding = _adding(case, decision, attempt)
    return card


def _adding(case: Case, decision: LevelDecision, attempt: Attempt | None) -> list[Offer]:
    """Writing down the steps that were left out, or done without the system; only for those who may."""
    if not case.acts:
        return []
    offers = [
        offer(
            attempt,
            f"add-{step.act}/{decision.pk}",
            of_decision(decision, f"add-{step.act}"),
            _("记录向%(to)s%(act)s") % {"to": step.to.name, "act": DecisionStep.Act(step.act).label},
            AddStepForm(),
            authority.add_step(case.incident, case.actor, decision, step.act),
            cite=case.document.level(decision.authority_level).cite,
        )
        for step in _left_out(case, decision)
    ]
    return [item for item in offers if item.allowed or item.refusal]


def _figures(specs: Mapping[str, FactSpec], decision: LevelDecision) -> list[Figure]:
    found = []
    for name, figure in decision.figures.items():
        spec, quality = specs.get(name), figure.get("quality")
        found.append(
            Figure(
                words.label(spec.label, name) if spec else name,
                words.value(spec, shown(figure.get("value"), spec)),
                str(Quality(quality).label) if quality in Quality.values else "",
            )
        )
    return found


def steps_of(case: Case, decision: LevelDecision) -> list[StepLine]:
    """The chain step by step: what was done as it was done, and in its place what is still to come or was left out.

    Source: the chain of the more severe of the two levels; interpretation 11 (a missing step shows, and never blocks).
    """
    steps = list(decision.steps.all())
    last = [step for step in steps if step.act == DecisionStep.Act.DECIDE]
    lines = [_done(step) for step in steps if step.act == DecisionStep.Act.SUGGEST]
    level = case.document.level(decision.authority_level)
    before = [step for step in steps if step.act in (DecisionStep.Act.REPORT, DecisionStep.Act.PROPOSE)]
    if decision.kind != DecisionKind.END:
        lines += [_done(step) for step in before]
        if decision.status != DecisionStatus.STALE:
            lines += [_expected(case, level, step, decision) for step in _left_out(case, decision)]
    lines += [_done(step) for step in last]
    if decision.is_open:
        lines.append(_awaited(case, _("决定"), "waiting", level.decided_by, level.cite))
    return lines


def _left_out(case: Case, decision: LevelDecision) -> list[ChainStep]:
    """Of a proposal back to the level before nothing: no chain asks for it, but who disputes his own order."""
    if decision.reverses_id is not None:
        return []
    return chain.left_out(case.document, decision.authority_level, decision.acts_taken)


def _done(step: DecisionStep) -> StepLine:
    means = "" if step.means == DecisionStep.Means.SYSTEM else str(step.get_means_display())
    return StepLine(
        str(step.get_act_display()),
        "done",
        step.by_name,
        step.by_post,
        to=step.to_post,
        at=step.at,
        cite=step.cite,
        note=step.note,
        means=means,
    )


def _expected(case: Case, level: Level, step: ChainStep, decision: LevelDecision) -> StepLine:
    act = str(DecisionStep.Act(step.act).label)
    line = _awaited(case, act, "waiting" if decision.is_open else "missing", step.by, level.cite, to=step.to.name)
    return replace(line, waited_for=step.is_ == "proposal")


def _awaited(case: Case, act: str, state: str, ref: Ref, cite: str, to: str = "") -> StepLine:
    posts = case.posts_by(ref)
    return StepLine(act, state, case.holders_by(ref), f"{ref.name}（{posts}）" if posts else ref.name, to=to, cite=cite)


def _waiting(case: Case, decision: LevelDecision, attempt: Attempt | None) -> DecisionCard:
    """An open decision with its buttons."""
    card = _card(case, decision)
    if decision.to_level is not None and case.acts:
        card.says = previews.sentence(case, decision.to_level, decision.ticked)
        card.offers = _settling(case, decision, card, attempt)
        card.adding = _adding(case, decision, attempt)
    elif case.acts:
        card.offers = _revoking(case, decision, card, attempt)
    if case.whole and decision.to_level is not None and decision.table_level != case.answer.level:
        told = _("提出以后情况有变：按现有情况，预案条件为%(now)s。") % {"now": level_name(case.answer.level)}
        card.notes.append(Obstacle("table_moved", told))
    if case.acts and decision.kind == DecisionKind.START and not case.counties and not case.incident.outside_city:
        told = _("事发县（市、区）还没有确定：现在启动，事发地收不到通知和任务，启动后也不能再补。请先在“情况”里确定。")
        card.notes.append(Obstacle("place_unknown", told))
    return card


def _revoking(case: Case, decision: LevelDecision, card: DecisionCard, attempt: Attempt | None) -> list[Offer]:
    """The proposal to revoke a response that began with an order in dispute."""
    level = case.document.level(decision.authority_level)
    in_the_way = authority.settle(case.incident, case.actor, decision)
    words = _("启动所依据的口头令有异议：撤回不逐条确认结束条件，不交办善后任务（解读：本系统）。")
    card.notes.append(Obstacle("revokes", words, level.cite))
    key = decision.pk
    return [
        offer(
            attempt,
            f"revoke/{key}",
            of_decision(decision, "revoke"),
            title(decision),
            ReasonForm(label=_("说明")),
            in_the_way,
            says=_("%(act)s：%(going)s") % {"act": title(decision), "going": previews.of_revoking(case)},
            cite=level.cite,
            primary=True,
        ),
        offer(
            attempt,
            f"refuse/{key}",
            of_decision(decision, "refuse"),
            _("不批准"),
            ReasonForm(must=True, label=_("不批准的理由")),
            in_the_way,
            cite=level.cite,
        ),
    ]


def _settling(case: Case, decision: LevelDecision, card: DecisionCard, attempt: Attempt | None) -> list[Offer]:
    incident, actor, key = case.incident, case.actor, decision.pk
    in_the_way = authority.settle(incident, actor, decision)
    judged, others = split(in_the_way)
    must = giving(case.ways, decision.to_level) is None and not decision.reason  # what the table gives now
    form = ReasonForm(must=must, judged=judged, ticks=ticks.field(case, decision.target_level, decision.ticked))
    words = title(decision)
    cite = case.document.level(decision.authority_level).cite
    offers = [
        offer(
            attempt,
            f"approve/{key}",
            of_decision(decision, "approve"),
            _("批准%s") % words if decision.status == DecisionStatus.PROPOSED else _("决定%s") % words,
            form,
            others,
            cite=cite,
            primary=True,
        ),
        offer(
            attempt,
            f"refuse/{key}",
            of_decision(decision, "refuse"),
            _("不批准"),
            ReasonForm(must=True, label=_("不批准的理由")),
            others,
            cite=cite,
        ),
    ]
    sending = authority.propose(incident, actor, decision)
    if any(item.code == NO_PROPOSAL for item in sending):
        card.notes += [item for item in sending if item.code == NO_PROPOSAL]
    elif decision.status == DecisionStatus.SUGGESTED:
        send = offer(
            attempt,
            f"propose/{key}",
            of_decision(decision, "propose"),
            _("报请%s") % words,
            ProposeForm(ticks=ticks.field(case, decision.target_level, decision.ticked)),
            sending,
            cite=cite,
        )
        send.primary = send.allowed and bool(others)
        offers.insert(0, send)
    return offers


def split(obstacles: list[Obstacle]) -> tuple[bool, list[Obstacle]]:
    """Whether a judgement of the scope has to be typed, and the obstacles that typing does not remove."""
    others = [item for item in obstacles if item.code != NEEDS_JUDGEMENT]
    return len(others) < len(obstacles), others


def _choices(case: Case, attempt: Attempt | None) -> list[Offer]:
    """Suggesting a level, and deciding one at once."""
    incident, actor = case.incident, case.actor
    levels = open_levels(case)
    suggesting = offer(
        attempt,
        "suggest",
        of_incident(incident, "suggest"),
        _("提出建议"),
        level_form(case, levels),
        authority.suggest(incident, actor),
    )
    again = incident.status in AFTER_END
    found = {level: split(authority.decide(incident, actor, to_level=level, again=again)) for level in levels}
    mine = [level for level in levels if not found[level][1]]
    nearest = case.answer.level if case.answer.level in found else next(iter(levels), None)
    in_the_way = [] if mine or nearest is None else found[nearest][1]
    deciding = offer(
        attempt,
        "decide",
        of_incident(incident, "decide"),
        _("直接决定"),
        level_form(case, mine, deciding=True),
        in_the_way,
    )
    return [suggesting, deciding]


def open_levels(case: Case) -> list[int]:
    """The levels other than the one in force, the most severe first."""
    return sorted(item.level for item in case.document.levels if item.level != case.incident.level)


def level_form(case: Case, levels: list[int], data: Any = None, *, deciding: bool = False) -> ActForm:
    """A choice among these levels, each with what it would set going. A decision may need the scope judged."""
    table, again = case.answer.level, case.incident.status in AFTER_END
    named = []
    for level in levels:
        mark = _("（预案条件）") if level == table else _("（按有分歧的数字）") if giving(case.ways, level) else ""
        cite = case.document.level(level).cite
        named.append((level, f"{level_name(level)}{mark} — {previews.sentence(case, level)}（{cite}）"))
    judged = deciding and any(
        item.code == NEEDS_JUDGEMENT
        for level in levels[:1]
        for item in authority.decide(case.incident, case.actor, to_level=level, again=again)
    )
    lists = {level: found for level in levels if (found := ticks.field(case, level, named=True))}
    return LevelForm(
        data,
        levels=named,
        judged=judged,
        lists=lists,
        must=again,
        label=_("又发生了什么（复燃、余震……）") if again else None,
        again=again if deciding else None,
    )
