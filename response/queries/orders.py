"""Spoken orders as pages show them: the form, what was said by whom, the marks, and the giver's answer."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from plans.labels import level_name
from response import authority, chain
from response.bearers import posts
from response.forms.acts import ActForm, EmptyForm, ReasonForm
from response.forms.orders import END, OrderForm
from response.models import Incident, LevelDecision, SpokenOrder
from response.models.incidents import AFTER_END, Status
from shuozhou_ops.accounts.models import Appointment
from shuozhou_ops.journal.actors import Actor

from . import previews, ticks
from .case import Case
from .offers import Attempt, Offer, of_decision, of_incident, offer
from .settling import counties, open_by_bearer


@dataclass
class OrderCard:
    """How a decision was ordered, with the giver's answer to it. whole: the one who looks sees who and why."""

    order: SpokenOrder
    mark: str
    whole: bool
    offers: list[Offer] = field(default_factory=list)

    @property
    def disputed(self) -> bool:
        """Whether its giver says that it was not so."""
        return self.order.status == SpokenOrder.Status.DISPUTED


def mark(order: SpokenOrder | None) -> str:
    """`口头令有异议`, `口头令待补签`; '' where there is none, and where it was countersigned."""
    said = {SpokenOrder.Status.OPEN: _("口头令待补签"), SpokenOrder.Status.DISPUTED: _("口头令有异议")}
    return said.get(SpokenOrder.Status(order.status), "") if order else ""


def card(case: Case, decision: LevelDecision, attempt: Attempt | None) -> OrderCard | None:
    """The spoken order of a decision; None where it was given otherwise. No query."""
    order = decision.order
    if order is None:
        return None
    made = OrderCard(order, mark(order), case.whole)
    if order.status == SpokenOrder.Status.OPEN and order.giver.ref == case.actor.ref:
        in_the_way = authority.answer_order(order, case.actor)
        cite = case.document.level(decision.authority_level).cite
        made.offers = [
            offer(
                attempt,
                f"countersign/{decision.pk}",
                of_decision(decision, "countersign"),
                _("补签：是我下达的"),
                EmptyForm(),
                in_the_way,
                cite=cite,
                primary=True,
            ),
            offer(
                attempt,
                f"dispute/{decision.pk}",
                of_decision(decision, "dispute"),
                _("提出异议"),
                ReasonForm(must=True, label=_("异议的理由")),
                in_the_way,
                says=_("已生效的不撤销；决定和事件从此带“有异议”标记，退回原级别的提请放到您的值班台"),
            ),
        ]
    return made


def marked(case: Case) -> list[OrderCard]:
    """The orders of this incident that are open or in dispute, for the bar. No query."""
    found = [OrderCard(item.order, mark(item.order), case.whole) for item in case.decisions if item.order]
    return [made for made in found if made.mark]


def taking_down(case: Case, attempt: Attempt | None) -> Offer:
    """Writing down a spoken order, where something can be decided. No query."""
    form = order_form(case)
    in_the_way = authority.take_down(case.incident, case.actor)
    return offer(
        attempt, "take-down", of_incident(case.incident, "take-down"), _("记录口头令，立即生效"), form, in_the_way
    )


def may_take_down(case: Case, giver: str) -> list[authority.Obstacle]:
    """What stands in the way of this person writing down an order of this account, as it was posted."""
    return authority.take_down(case.incident, case.actor) + authority.own_order(f"user/{giver}", case.actor)


def order_form(case: Case, data: Any = None) -> ActForm:
    """The form: the levels that may be ordered now, and the end of the response that runs. No query."""
    again = case.incident.status in AFTER_END
    levels = sorted(item.level for item in case.document.levels if item.level != case.incident.level)
    cites = {item.level: item.cite for item in case.document.levels}
    named = [(level, f"{previews.sentence(case, level)}（{cites[level]}）") for level in levels]
    if case.incident.status == Status.RESPONDING:
        named.append((END, _("结束%s（结束条件须已全部确认）") % level_name(case.incident.level)))
    return OrderForm(
        data,
        levels=named,
        judged=any(
            item.code == "needs_judgement"
            for level in levels[:1]
            for item in authority.decide(case.incident, case.actor, to_level=level, again=again)
        ),
        lists={level: found for level in levels if (found := ticks.field(case, level, named=True))},
        givers=_givers(case),
        witnesses=_witnesses(case),
        left=sum(len(theirs) for _bearer, theirs in open_by_bearer(case)) if case.incident.level is not None else 0,
        counties=counties(case),
        must=again,
        label=_("又发生了什么（复燃、余震……）") if again else None,
        again=again,
    )


def _givers(case: Case) -> list[tuple[str, list[tuple[int, str]]]]:
    """Who may decide a level, by post: in full, acting or delegated, now or when it may have been said; and who
    commands in the field, where the plan gives him the end. But nobody for himself."""
    found: dict[str, dict[int, str]] = {}
    for level in sorted(case.document.levels, key=lambda item: -item.level):
        for post in sorted(posts(level.decided_by, case.document)):
            for person in [*case.held.get(post, []), *case.lately.get(post, [])]:
                if person.user.ref != case.actor.ref:
                    label = f"{person.position.name}（{_lowest(case, post)}）"
                    found.setdefault(label, {}).setdefault(person.user.pk, f"{person.user}{_how_held(case, person)}")
    who = authority.declaring(case.document, case.incident.level, case.field) if case.incident.level else None
    if who is not None and who.person is not None and who.person.ref != case.actor.ref:
        found[_("现场指挥部指挥长（可宣布结束）")] = {who.person.pk: str(who.person)}
    return [(label, list(people.items())) for label, people in found.items()]


def _how_held(case: Case, person: Appointment) -> str:
    """`（代理，至 11-24 12:02）`: what is no full appointment, and what has lapsed; '' of a full one that stands."""
    kind = "" if person.kind == person.Kind.FULL else str(person.get_kind_display())
    lapsed = person.lapses_at if person.lapses_at is not None and person.lapses_at <= case.at else None
    until = _("至 %s") % timezone.localtime(lapsed).strftime("%m-%d %H:%M") if lapsed else ""
    told = "，".join(part for part in (kind, until) if part)
    return f"（{told}）" if told else ""


def _lowest(case: Case, post: str) -> str:
    """Which levels a post decides: `可决定三级响应及以下`."""
    levels = [item.level for item in case.document.levels if post in chain.deciders(case.document, item.level)]
    return _("可决定%s及以下") % level_name(min(levels)) if levels else ""


def _witnesses(case: Case) -> list[tuple[int, str]]:
    """Those with an account whom the page knows: who holds a post of the plan's chain, but not the one who writes."""
    people = [person for several in case.held.values() for person in several]
    named = {person.user.pk: f"{person.user}（{person.position.name}）" for person in people}
    return [(pk, name) for pk, name in named.items() if f"user/{pk}" != case.actor.ref]


def pending(incidents: Iterable[Incident], actor: Actor) -> list[SpokenOrder]:
    """The orders in question of these incidents, and those that wait for this person wherever they are; one query."""
    kind, _slash, pk = actor.ref.partition("/")
    mine = Q(giver=int(pk), status=SpokenOrder.Status.OPEN) if kind == "user" else Q(pk=None)
    asked = (SpokenOrder.Status.OPEN, SpokenOrder.Status.DISPUTED)
    rows: QuerySet[SpokenOrder] = SpokenOrder.objects.filter(
        mine | Q(decision__incident__in=list(incidents), status__in=asked)
    )
    return list(
        rows.select_related("decision__incident__plan_version__plan", "giver", "recorded_by")
        .defer("decision__incident__plan_version__document")
        .order_by("pk")
    )
