"""The page of one incident."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from plans import scope
from plans.documents import PlanDocument
from plans.labels import level_name
from plans.scope import Judged
from response import authority, chain
from response.forms.acts import LocateForm, VerifyForm
from response.models import Incident
from response.models.decisions import DecisionKind, DecisionStatus
from response.models.incidents import BEFORE_END, Status
from shuozhou_ops.journal.actors import Actor
from shuozhou_ops.notices.models import Notice

from . import case as cases
from . import (
    decisions,
    deployed,
    endings,
    figures,
    ground,
    grouping,
    handling,
    instructing,
    journal,
    judgements,
    kin,
    orders,
    reports,
    situation,
)
from .case import Case, mask
from .offers import Attempt, Offer, of_incident, offer


@dataclass(frozen=True)
class Next:
    """The next lawful act: what, whose it is, where on the page it stands."""

    words: str
    whose: str
    anchor: str
    mine: bool


def incident_page(
    public_id: str,
    actor: Actor,
    at: datetime,
    *,
    show: str = "all",
    before: int | None = None,
    unfold: bool = False,
    attempt: Attempt | None = None,
) -> dict[str, Any]:
    """Everything the page shows to this person, in a constant number of queries.

    show, before: kind and page of the timeline. unfold: every group open. Raises Incident.DoesNotExist.
    """
    return page_of(cases.read(public_id, actor, at), show=show, before=before, unfold=unfold, attempt=attempt)


def page_of(
    case: Case, *, show: str = "all", before: int | None = None, unfold: bool = False, attempt: Attempt | None = None
) -> dict[str, Any]:
    """The page of a case that has been read."""
    decided = decisions.of_case(case, attempt)
    end = endings.end_of(case, attempt)
    review = endings.review_of(case, attempt)
    verify = _verify(case, attempt)
    sent_out = deployed.of_case(case, attempt)
    within = _scope(case)
    related = kin.of_case(case, attempt)
    return {
        "case": case,
        "may_log": case.acts,
        "incident": case.incident,
        "plan": case.document,
        "plan_key": case.document.plan,
        "counties": "、".join(case.counties) or (_("市境外") if case.incident.outside_city else ""),
        "differs": _differs(case),
        "orders": orders.marked(case),
        "had": _had(case),
        "scope": within,
        "instead": _instead(case) if within and within.out else [],
        "judgement": judgements.of(
            case.document,
            case.values,
            counties=case.counties,
            answer=case.answer,
            level_may_move=case.incident.status in BEFORE_END,
        ),
        "caller": _caller(case, case.incident),
        "verify": verify,
        "locate": _locate(case, attempt),
        "decisions": decided,
        "figures": figures.of_case(case, attempt),
        "deployed": sent_out,
        "reports": reports.of_case(case, attempt),
        "situation": situation.of_case(case, attempt),
        "notices": _own_notices(case),
        "handling": handling.of_case(case, attempt),
        "kin": related,
        "absorbed": [(item, _caller(case, item.incident)) for item in related.absorbed] if case.whole else [],
        "end": end,
        "review": review,
        "ground": ground.of_case(case, attempt),
        "commands": ground.bar_of(case),
        "instructing": instructing.of_case(case, attempt),
        "grouping": grouping.of_case(case, attempt),
        "next": _next(case, verify, decided, sent_out, end, review),
        "timeline": journal.of_case(case, show, before),
        "read_only": cases.is_auditor(case.actor) and not case.acts,
        "unfold": unfold,
        "attempt": attempt,
    }


def _verify(case: Case, attempt: Attempt | None) -> Offer | None:
    if not case.acts or case.incident.status != Status.REPORTED:
        return None
    return offer(
        attempt,
        "verify",
        of_incident(case.incident, "verify"),
        _("核实事件属实"),
        VerifyForm(),
        authority.verify(case.incident, case.actor),
        cite=case.reporting_cite,
    )


def county_choices(case: Case) -> list[tuple[str, str]]:
    """The counties of the city, as choices."""
    return [(unit.key, unit.name) for unit in case.units if unit.is_county]


def _locate(case: Case, attempt: Attempt | None) -> Offer | None:
    """Saying where it happened, while nobody has."""
    if not case.acts or case.counties or case.incident.status not in (Status.REPORTED, Status.VERIFIED):
        return None
    obstacles = authority.locate(case.incident, case.actor)
    form = LocateForm(counties=county_choices(case))
    return offer(attempt, "locate", of_incident(case.incident, "locate"), _("确定事发县（市、区）"), form, obstacles)


def _scope(case: Case) -> Judged | None:
    """Whether it is of its plan by what is known now, while that can still matter and where the plan says it."""
    if not case.whole or case.incident.status not in BEFORE_END or not case.document.scope:
        return None
    incident = case.incident
    judged = bool(incident.scope_judgement)
    return scope.judge(case.document, case.values, outside=incident.outside_city, judged=judged)


def _instead(case: Case) -> list[PlanDocument]:
    """The plans it may be of, where it is not of its own."""
    outside = case.incident.outside_city
    return scope.others(case.document, case.plans, case.values, outside=outside)


def _differs(case: Case) -> dict[str, str] | None:
    """How the level in force differs from what the plan's table gave when it was decided."""
    decision = case.decision_in_force()
    words = decisions.differs(case, decision) if decision else ""
    return {"words": words, "reason": decision.reason} if decision and words else None


def _had(case: Case) -> str:
    """The response that is over, in words; '' while one runs or where none ever ran."""
    if case.incident.level is not None:
        return ""
    ended = [
        item for item in case.decisions if item.kind == DecisionKind.END and item.status == DecisionStatus.APPROVED
    ]
    ends = [item.from_level for item in ended if item.from_level]
    highest = case.highest_level()
    if not ends or highest is None:
        return ""
    if highest < ends[-1]:
        told = {"last": level_name(ends[-1]), "highest": level_name(highest)}
        return _("%(last)s已结束，最高%(highest)s") % told
    return _("%s已结束") % level_name(ends[-1])


def _caller(case: Case, incident: Incident) -> dict[str, str] | None:
    """Who called: in full at the desk, masked for the others who see the whole incident, else nothing."""
    if not case.whole or not (incident.caller_name or incident.caller_phone):
        return None
    if case.sees_caller:
        return {"name": incident.caller_name, "phone": incident.caller_phone}
    return {"name": mask(incident.caller_name, 1, 0), "phone": mask(incident.caller_phone, 3, 2)}


def _own_notices(case: Case) -> list[Notice]:
    """The notices that this person has to acknowledge."""
    return [
        item
        for item in case.notices
        if item.needs_receipt and item.received_at is None and authority.speaks_for(case.actor, item)
    ]


def _next(
    case: Case,
    verify: Offer | None,
    decided: decisions.Decisions,
    sent_out: deployed.Deployed,
    end: endings.EndSection | None,
    review: endings.ReviewSection | None,
) -> Next | None:
    """The next lawful act of the incident's life, whoever's it is; None for those who have no part in it."""
    if not case.whole:
        return None
    if decided.waiting:
        return _next_decision(case, decided.waiting[-1])
    if case.incident.status == Status.RESPONDING and end is not None:
        return _next_work(sent_out) if not end.confirmed and sent_out.open else _next_end(end)
    if review is not None and review.open_review is not None:
        return Next(_("开展评估总结"), "", "review", review.open_review.allowed)
    if case.incident.status == Status.REVIEWING and review is not None:
        left = len(review.papers) - review.received
        words = _("收齐材料（还差 %d 份）") % left if left else _("办结")
        return Next(words, "", "review", bool(review.close and review.close.allowed))
    if verify is not None:
        return Next(_("核实事件"), "", verify.anchor, verify.allowed)
    if case.incident.status == Status.COUNTY_HANDLING:
        told = handling.words_of(case)
        words = _("县里已报告结果：收回、启动或办结") if told else _("县级处置中，等县里报告结果")
        return Next(words, "", "handling", bool(told) and case.acts)
    if case.incident.status == Status.VERIFIED:
        return Next(
            _("决定级别，或写明理由办结"), "", "decisions", bool(review and review.close and review.close.allowed)
        )
    return None


def _next_work(sent_out: deployed.Deployed) -> Next:
    """While nobody speaks of the end: who has not answered, then what is not done."""
    if sent_out.silent:
        units = len(sent_out.silent)
        return Next(_("督促签收（%d 个单位未签收）") % units, "", "receipts", False)
    told = {"done": sent_out.done, "all": sent_out.total}
    return Next(_("跟踪任务（完成 %(done)d/%(all)d）") % told, "", "deployments", False)


def _next_end(end: endings.EndSection) -> Next:
    told = {"done": end.confirmed, "all": len(end.conditions)}
    if end.confirmed < len(end.conditions):
        return Next(_("确认结束条件（%(done)d/%(all)d）") % told, "", "end", False)
    whose = f"{end.declarer.name} {end.declarer.holders}"
    return Next(_("宣布结束"), whose, "end", bool(end.declare and end.declare.allowed))


def _next_decision(case: Case, card: decisions.DecisionCard) -> Next:
    """The step that an open decision waits for: of the one whom the chain lets ask, else of the one who decides."""
    proposing = chain.proposal_step(case.document, card.decision.authority_level) is not None
    proposing = proposing and card.decision.reverses_id is None
    waiting = [step for step in card.steps if step.state == "waiting"]
    step = waiting[0] if proposing else waiting[-1]
    whose = f"{step.post} {step.who or _('暂无人任职')}"
    pressable = {item.name.partition("/")[0] for item in card.offers if item.allowed}
    words = _("报请%s") if proposing else _("决定%s")
    if card.decision.status == DecisionStatus.PROPOSED:
        words = _("批准%s")
    elif proposing and "approve" in pressable and "propose" not in pressable:
        words, whose = _("可以直接决定%s"), _("还没有报请：%s") % whose
    return Next(words % card.title, whose, f"decision-{card.decision.pk}", bool(pressable))
