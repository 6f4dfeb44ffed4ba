"""How a response ends and an incident closes, as the page shows it."""

from dataclasses import dataclass, field
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from plans.documents import EndCondition, Reading
from plans.labels import level_name
from response import authority
from response.authority import Obstacle
from response.forms.acts import ConfirmEndForm, EmptyForm, PaperForm, ReasonForm
from response.models import Confirmation, DecisionStep, Paper
from response.models.decisions import DecisionKind, DecisionStatus
from response.models.incidents import Status
from response.papers import is_handed_over

from . import handling, previews
from .case import Case
from .offers import Attempt, Offer, of_incident, offer
from .settling import settle_form

NOT_CONFIRMED, PAPER_OWED = "not_confirmed", "paper_owed"
FEW = 3  # papers that are named again beside the button that waits for them


@dataclass(frozen=True)
class ConditionLine:
    """One end condition: confirmed, or a form to confirm it."""

    text: str
    cite: str
    confirmed: Confirmation | None
    offer: Offer | None


@dataclass(frozen=True)
class Declarer:
    """Who declares the end, by the plan."""

    name: str
    holders: str
    why: str = ""  # where the plan gives it to whoever commands in the field


@dataclass
class EndSection:
    """The end of the response that runs now."""

    conditions: list[ConditionLine]
    declarer: Declarer
    cites: list[str]  # every clause that speaks of it, the one followed first
    readings: list[Reading]
    then: tuple[EndCondition, ...]
    not_allowed: Obstacle | None  # why this person confirms nothing
    declare: Offer | None
    dismiss: Offer | None = None  # there was no event

    @property
    def confirmed(self) -> int:
        """How many conditions are confirmed."""
        return sum(line.confirmed is not None for line in self.conditions)


@dataclass(frozen=True)
class PaperLine:
    """One paper: received with its content, or owed, with a form for those who may write it."""

    paper: Paper
    offer: Offer | None


@dataclass
class ReviewSection:
    """What comes after the end."""

    open_review: Offer | None = None
    papers: list[PaperLine] = field(default_factory=list)
    close: Offer | None = None

    @property
    def outstanding(self) -> list[Paper]:
        """The papers that are still owed, with whom and since when."""
        return [line.paper for line in self.papers if line.paper.status == Paper.Status.OWED]

    @property
    def received(self) -> int:
        """How many papers are there."""
        return sum(line.paper.status == Paper.Status.RECEIVED for line in self.papers)


def end_of(case: Case, attempt: Attempt | None) -> EndSection | None:
    """The end conditions of the response that runs, or None where none does. No query.

    Source: interpretation 15 (where another clause says otherwise, both are shown).
    """
    incident = case.incident
    if incident.status != Status.RESPONDING or incident.level is None or not case.whole:
        return None
    acts = case.acts or case.in_command
    ending = case.document.ending_of(incident.level)
    done = {item.condition: item for item in case.confirmations if item.round == case.round}
    conditions = ending.conditions if ending else ()
    lines = []
    for place, condition in enumerate(conditions):
        confirm = None
        if acts and place not in done:
            confirm = offer(
                attempt,
                f"confirm-end/{place}",
                of_incident(incident, "confirm-end"),
                _("确认"),
                ConfirmEndForm(initial={"condition": place}),
                authority.confirm_end(incident, case.actor, field=case.field),
            )
        lines.append(ConditionLine(condition.text, condition.cite, done.get(place), confirm))
    left = [line.text for line in lines if line.confirmed is None]
    who = authority.declaring(case.document, incident.level, case.field)
    cites = list(dict.fromkeys([*(item.cite for item in conditions), *(ending.also if ending else ())]))
    declare = None
    if acts:
        declare = offer(
            attempt,
            "declare-end",
            of_incident(incident, "declare-end"),
            _("宣布结束%s") % level_name(incident.level),
            settle_form(case, label=_("说明")),
            _in_the_way(authority.declare_end(incident, case.actor, left, field=case.field)),
            cite=next(iter(cites), ""),
            says=_says(case, incident.level),
            primary=True,
        )
    dismiss = None
    if case.acts:
        dismiss = offer(
            attempt,
            "dismiss",
            of_incident(incident, "dismiss"),
            _("排除：没有发生事件"),
            ReasonForm(must=True, label=_("怎么查明没有发生")),
            authority.dismiss(incident, case.actor, field=case.field),
            cite=next(iter(cites), ""),
            says=_("撤销%(level)s：%(going)s；不问结束条件，不再评估总结")
            % {"level": level_name(incident.level), "going": previews.of_dismissal(case)},
        )
    refused = next((line.offer.obstacles[0] for line in lines if line.offer and line.offer.obstacles), None)
    return EndSection(
        conditions=lines,
        declarer=Declarer(who.named.name, str(who.person) if who.person else case.holders_by(who.named), who.why),
        cites=cites,
        readings=[reading for reading in case.document.readings if reading.cite in cites],
        then=ending.then if ending else (),
        not_allowed=refused,
        declare=declare,
        dismiss=dismiss,
    )


def _says(case: Case, level: int) -> str:
    """What the end releases, and what it leaves undone."""
    words = _("结束%(level)s：%(going)s") % {"level": level_name(level), "going": previews.of_end(case)}
    left = sum(task.is_open and task.phase == "response" for task in case.tasks)
    return words + (_("。其中 %d 项任务还没有完成") % left if left else "")


def _in_the_way(obstacles: list[Obstacle]) -> list[Obstacle]:
    """The conditions that stand unconfirmed just above in one line, not each again."""
    left = [item for item in obstacles if item.code == NOT_CONFIRMED]
    others = [item for item in obstacles if item.code != NOT_CONFIRMED]
    if not left:
        return others
    return [*others, Obstacle(NOT_CONFIRMED, _("还有 %d 条结束条件没有确认。") % len(left), left[0].cite)]


def review_of(case: Case, attempt: Attempt | None) -> ReviewSection | None:
    """Evaluation, papers and closing, or None before they come. No query."""
    incident, section = case.incident, ReviewSection()
    if case.acts and incident.status == Status.ENDED:
        section.open_review = offer(
            attempt,
            "open-review",
            of_incident(incident, "open-review"),
            _("开展评估总结"),
            EmptyForm(),
            authority.review(incident, case.actor),
            cite=next((paper.cite for paper in case.document.aftercare.papers), ""),
            primary=True,
        )
    section.papers = [PaperLine(paper, _paper(case, paper, attempt)) for paper in case.papers]
    if case.acts and incident.status in (*authority.WITHOUT_RESPONSE, Status.REVIEWING):
        section.close = _closing(case, attempt)
    return section if section.open_review or section.papers or section.close else None


def _paper(case: Case, paper: Paper, attempt: Attempt | None) -> Offer | None:
    """The form of an owed paper, for its author and the office."""
    if paper.status != Paper.Status.OWED:
        return None
    if authority.submit_paper(paper, case.actor, case.document):
        return None
    return offer(
        attempt,
        f"paper/{paper.pk}",
        reverse("paper_submit", args=[paper.pk]),
        _("提交《%s》") % paper.name,
        paper_form(case, paper),
        [],
    )


def paper_form(case: Case, paper: Paper, data: Any = None) -> PaperForm:
    """The form of a paper; whoever fills it in signs it, until they say otherwise."""
    to = paper.recipient_name if is_handed_over(paper, case.document) else ""
    initial = {"signed_name": case.actor.name, "signed_post": case.actor.name_of_post()}
    return PaperForm(data, headings=paper.sections, to=to, initial=initial)


def _closing(case: Case, attempt: Attempt | None) -> Offer:
    """Closing: after a review, or without a response, with a reason."""
    without = case.incident.status in authority.WITHOUT_RESPONSE
    obstacles = closing_obstacles(case)
    missing = [paper for paper in case.papers if paper.status == Paper.Status.OWED and paper.before_closing]
    early = bool(missing) and not obstacles
    says = _("材料未齐，先行办结：仍欠 %d 份，照旧由原单位补交") % len(missing) if early else ""
    return offer(
        attempt,
        "close",
        of_incident(case.incident, "close"),
        _("不启动响应，办结") if without else _("办结"),
        ReasonForm(must=without or early, label=_("办结理由") if without or early else _("说明")),
        _owed_once(obstacles),
        says=says,
        primary=not without and not early,
    )


def _owed_once(obstacles: list[Obstacle]) -> list[Obstacle]:
    """Many papers that stand as owed just above in one line, not each again."""
    owed = [item for item in obstacles if item.code == PAPER_OWED]
    if len(owed) <= FEW:
        return obstacles
    others = [item for item in obstacles if item.code != PAPER_OWED]
    return [*others, Obstacle(PAPER_OWED, _("还缺 %d 份材料，见上面标明待提交的。") % len(owed))]


def closing_obstacles(case: Case) -> list[Obstacle]:
    """What closing still waits for."""
    owed = [item.demand for item in case.papers if item.status == Paper.Status.OWED and item.before_closing]
    approved = [item for item in case.decisions if item.status == DecisionStatus.APPROVED]
    ends = [item for item in approved if item.kind == DecisionKind.END]
    steps = [step for item in ends[-1:] for step in item.steps.all() if step.act == DecisionStep.Act.DECIDE]
    ended = steps[-1] if steps else None
    told = handling.all_have_told(case)
    return authority.close(case.incident, case.actor, owed=owed, level=case.answer.level, ended=ended, county_told=told)
