"""The incidents that one has to do with, and the acts that merge it, link it, or put it under the right plan."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from plans import assessment
from plans.documents import PlanDocument
from plans.labels import level_name
from response import authority
from response.actions.carrying import fits
from response.authority import Obstacle
from response.facts import document_of
from response.forms.acts import ActForm, EmptyForm
from response.forms.kin import ChangePlanForm, FollowForm, MergeForm, TakeOnForm
from response.models import FactReport, Incident
from response.models.incidents import BEFORE_END, BEFORE_START
from response.sources import in_force

from . import duplicates, previews
from .case import Case
from .judgements import level_words
from .offers import Attempt, Offer, of_incident, offer
from .settling import counties, open_by_bearer
from .visibility import incidents_visible_to, sees_whole


@dataclass(frozen=True)
class Relation:
    """One incident that this one has to do with: how, and whether whoever looks may go there."""

    words: str
    incident: Incident
    plan: str
    linked: bool


@dataclass
class Kin:
    """The relations of an incident, and what may be done about them. absorbed: those that were merged into it."""

    relations: list[Relation]
    absorbed: list[Relation]
    merge: Offer | None = None
    alike: int = 0  # how many of those it may be merged into are likely the same
    follow: Offer | None = None
    change: Offer | None = None
    take_on: Offer | None = None

    leads_to: Incident | None = None  # the one it was merged into, where whoever looks may go there

    @property
    def acts(self) -> list[tuple[str, Offer]]:
        """What may be done, each under its heading."""
        named = [
            (_("和另一起是同一件事") + (_("（可能重复 %d 起）") % self.alike if self.alike else ""), self.merge),
            (_("由另一起事件引发"), self.follow),
            (_("预案选错了"), self.change or self.take_on),
        ]
        return [(words, found) for words, found in named if found is not None]


def of_case(case: Case, attempt: Attempt | None) -> Kin:
    """The section of the page. No query but for the plans, where one may be chosen."""
    merged = _merged_here(case)
    relations = [relation for other in case.kin if (relation := _relation(case, other, merged))]
    section = Kin(relations, [item for item in relations if item.incident.pk in merged])
    into = [item for item in relations if item.incident.pk == case.incident.merged_into_id]
    section.leads_to = next((item.incident for item in into if item.linked or _has_a_part(case, item)), None)
    if not case.acts or case.incident.status not in BEFORE_END:
        return section
    alike, _rest = _choices(case)
    if case.incident.status in BEFORE_START:
        section.change = _changing(case, attempt)
        if case.others:
            section.merge, section.alike = _merging(case, attempt), len(alike)
    else:
        section.take_on = _taking_on(case, attempt)
    if case.others:
        section.follow = offer(
            attempt, "follow", of_incident(case.incident, "follow"), _("关联"), follow_form(case), []
        )
    return section


def _has_a_part(case: Case, relation: Relation) -> bool:
    """Whether a unit has a part in the other one too; a query or two, only where this one was merged away."""
    return incidents_visible_to(case.actor).filter(pk=relation.incident.pk).exists()


def _merged_here(case: Case) -> set[int]:
    """The primary keys of those that were merged into this one, or into one that was."""
    here = {case.incident.pk}
    for _step in case.kin:
        here |= {item.pk for item in case.kin if item.merged_into_id in here}
    return here - {case.incident.pk}


def _relation(case: Case, other: Incident, merged: Collection[int]) -> Relation | None:
    """How another incident has to do with this one. merged: those that were merged into it."""
    mine = case.incident
    said = {
        mine.merged_into_id: _("已并入%s"),
        mine.continues_id: _("接续%s，原预案选错"),
        mine.follows_id: _("由%s引发"),
    }.get(other.pk)
    if said is None:
        said = _("次生事件%s")
        if other.pk in merged:
            said = _("%s已并入本事件")
        elif other.continues_id == mine.pk:
            said = _("预案选错，已转入%s")
    document = document_of(other)
    return Relation(said % other.code, other, document.name, sees_whole(case.actor, document))


Group = list[tuple[str, str]]


def _choices(case: Case) -> tuple[Group, Group]:
    """The other open incidents as choices, by public id: those that are likely the same, and the rest."""
    incident = case.incident
    point = (incident.latitude, incident.longitude) if incident.latitude is not None else None
    told = duplicates.Told(
        plan=case.document.plan,
        moment=incident.occurred_at or incident.logged_at,
        counties=frozenset(place.county.key for place in incident.places.all()),
        outside=incident.outside_city,
        point=point if point and point[1] is not None else None,  # type: ignore[arg-type]
    )
    found = [item.incident.public_id for item in duplicates.alike(case.others, told)]
    named = {item.public_id: _named(item) for item in case.others}
    return [(key, named[key]) for key in found], [(key, words) for key, words in named.items() if key not in found]


def _named(incident: Incident) -> str:
    where = "、".join(place.county.name for place in incident.places.all()) or _("县（市、区）未定")
    told = timezone.localtime(incident.logged_at).strftime("%m-%d %H:%M")
    return f"{incident.code} {incident.place}（{document_of(incident).name}，{where}，{told}）"


def merge_form(case: Case, data: Any = None) -> MergeForm:
    """Into which of the other open incidents, those likely the same first."""
    alike, rest = _choices(case)
    groups = [(_("可能是同一起"), alike), (_("其他在办事件"), rest)]
    return MergeForm(data, incidents=[(name, found) for name, found in groups if found])


def follow_form(case: Case, data: Any = None) -> FollowForm:
    """Which of the other open incidents brought it about."""
    return FollowForm(data, incidents=[(item.public_id, _named(item)) for item in case.others])


def pk_of(case: Case, public_id: str) -> int:
    """The primary key of one of the other open incidents."""
    return next(item.pk for item in case.others if item.public_id == public_id)


def _merging(case: Case, attempt: Attempt | None) -> Offer:
    url, says = of_incident(case.incident, "merge"), _("本事件的全部报告计入另一起，本事件不再单独办理。")
    in_the_way = authority.merge(case.incident, case.others[0], case.actor) if len(case.others) == 1 else []
    return offer(attempt, "merge", url, _("并入"), merge_form(case), in_the_way, says=says)


def _changing(case: Case, attempt: Attempt | None) -> Offer | None:
    """Putting it under another plan before a start."""
    others = _other_plans(case)
    if not others:
        return None
    found = {item.plan: authority.change_plan(case.incident, case.actor, item) for item in others}
    in_the_way = [] if any(not obstacles for obstacles in found.values()) else found[others[0].plan]
    return offer(
        attempt,
        "change-plan",
        of_incident(case.incident, "change-plan"),
        _("更换预案"),
        change_form(case),
        in_the_way,
        says=_("同名的情况保留，新预案没有的以文字保留；按新预案重新研判。"),
    )


def change_form(case: Case, data: Any = None) -> ChangePlanForm:
    """The other plans that this person may log under, each with what its table would give."""
    named = [
        (
            item.plan,
            _("%(plan)s（预案条件：%(level)s）") % {"plan": item.name, "level": level_words(_table(case, item))},
        )
        for item in _other_plans(case)
        if not authority.change_plan(case.incident, case.actor, item)
    ]
    return ChangePlanForm(data, plans=named)


def _taking_on(case: Case, attempt: Attempt | None) -> Offer | None:
    """Going on under the right plan after a start."""
    others = _other_plans(case)
    if not others:
        return None
    form, in_the_way = take_on_form(case), list[Obstacle]()
    if "right" not in form.fields:
        nearest = others[0]
        level = _table(case, nearest) or max(item.level for item in nearest.levels)
        in_the_way = authority.take_on(case.incident, case.actor, nearest, level, field=case.field)
    says = _("%(level)s结束，转入新事件并立即启动：%(going)s；不问结束条件") % {
        "level": level_name(case.incident.level),
        "going": previews.of_dismissal(case, tasks=False),
    }
    url = of_incident(case.incident, "take-on")
    return offer(attempt, "take-on", url, _("转入并启动"), form, in_the_way, says=says)


def take_on_form(case: Case, data: Any = None) -> ActForm:
    """Every level of another plan that this person may start, having the right to end this one; none: no field."""
    starts = _starts(case)
    if not starts and data is None:
        return EmptyForm()
    judged = case.incident.outside_city and not case.incident.scope_judgement
    return TakeOnForm(data, starts=starts, tasks=open_by_bearer(case), counties=counties(case), judged=judged)


def _starts(case: Case) -> list[tuple[str, list[tuple[str, str]]]]:
    found = []
    for document in _other_plans(case):
        table = _table(case, document)
        levels = [
            (
                f"{document.plan}/{item.level}",
                f"{document.name} {level_name(item.level)}{_('（预案条件）') if item.level == table else ''}",
            )
            for item in sorted(document.levels, key=lambda item: -item.level)
            if not authority.take_on(case.incident, case.actor, document, item.level, field=case.field)
        ]
        if levels:
            found.append((document.name, levels))
    return found


def _other_plans(case: Case) -> list[PlanDocument]:
    return [document for document in case.plans if document.plan != case.document.plan]


def _table(case: Case, document: PlanDocument) -> int | None:
    """What another plan's table gives for what it knows of this incident's facts, and judges of its figures."""
    told = {**in_force(case.reports, FactReport.Kind.FIGURE), **case.in_force}
    values = {name: report.value for name, report in told.items() if fits(document, report)}
    return assessment.assess(document, values).level
