"""Who may end, review and close."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

from plans.documents import PlanDocument, Ref
from plans.labels import level_name
from response import chain
from response.bearers import posts
from response.facts import document_of
from response.models import DecisionStep, Deployment, Incident, Paper
from response.models.decisions import OPEN_STATUSES, DecisionKind, DecisionStatus
from response.models.deployments import DeploymentStatus
from response.models.incidents import Status
from shuozhou_ops.accounts.models import Position, User
from shuozhou_ops.journal.actors import Actor

from .handling import no_last_word
from .obstacles import Obstacle, account_of, in_state, keeps, not_named, of_office

WITHOUT_RESPONSE = (Status.VERIFIED, Status.COUNTY_HANDLING)  # in which one closes without a response


def confirm_end(incident: Incident, actor: Actor, *, field: Deployment | None = None) -> list[Obstacle]:
    """May this person confirm an end condition? Whoever commands in the field may too."""
    document = document_of(incident)
    found = in_state(incident, Status.RESPONDING)
    if field is not None and field.commander_id is not None and field.commander_id == account_of(actor):
        return found
    words = _("结束条件由指挥部负责人逐条确认。")
    return found + not_named(actor, chain.all_posts(document), words, document.headquarters.cite)


@dataclass(frozen=True)
class Declaring:
    """Who may declare the end as command stands now. Source: the ending clause; interpretation 11.

    named: whom the plan means by it here. posts: those that may. person: the account that commands in the field, where
    it is his. why: in words, where the plan gives it to the field.
    """

    named: Ref
    posts: frozenset[str]
    person: User | None = None
    why: str = ""

    def includes(self, actor: Actor) -> bool:
        """Whether this person may."""
        mine = self.person is not None and self.person.pk == account_of(actor)
        return mine or bool(actor.posts & self.posts)


def declaring(document: PlanDocument, level: int, field: Deployment | None) -> Declaring:
    """Who may declare the end at this level. field: the field headquarters that stands, or None.

    Where the plan gives it to the commander in the field and one stands with an account, he may, and his superiors;
    else the headquarters' commander.
    """
    first = chain.declarer(document, level)
    ending = document.ending_of(level)
    if ending is None or not chain.in_field(ending.declared_by.first):
        return Declaring(first, chain.enders(document, level, field=False))
    otherwise, allowed = chain.declarer(document, level, field=False), chain.enders(document, level, field=False)
    if field is None:
        return Declaring(otherwise, allowed, why=_("现场指挥部没有成立，由%s宣布结束。") % otherwise.name)
    named = {"name": field.commander_name, "who": otherwise.name}
    if field.commander is None:
        return Declaring(otherwise, allowed, why=_("现场指挥部指挥长%(name)s没有账号，由%(who)s宣布结束。") % named)
    words = _("现场指挥部已成立，由现场指挥部指挥长%(name)s宣布结束。") % named
    return Declaring(ending.declared_by.first, allowed, field.commander, words)


def field_of(incident: Incident) -> Deployment | None:
    """The field headquarters that stands; one query."""
    rows = incident.deployments.filter(kind=Deployment.Kind.FIELD_HEADQUARTERS, status=DeploymentStatus.STANDING)
    return rows.select_related("commander").first()


def as_ender(document: PlanDocument, actor: Actor, *, level: int, field: Deployment | None = None) -> Actor:
    """The same person, speaking in the post that the plan names for the end, else in the superior one held."""
    who = declaring(document, level, field)
    if who.person is not None and who.person.pk == account_of(actor):
        return replace(actor, post_names=(("", who.named.name), *actor.post_names))
    return actor.as_holder_of(posts(who.named, document), who.posts)


def declare_end(
    incident: Incident, actor: Actor, unconfirmed: Iterable[str], *, field: Deployment | None
) -> list[Obstacle]:
    """May this person declare the end? Every condition must have been confirmed by name."""
    found = may_end(incident, actor, field=field)
    if incident.level is None:
        return found
    cite = chain.ending_cite(document_of(incident), incident.level)
    for condition in unconfirmed:
        found.append(Obstacle("not_confirmed", _("结束条件尚未确认：%(text)s") % {"text": condition}, cite))
    return found


def dismiss(incident: Incident, actor: Actor, *, field: Deployment | None) -> list[Obstacle]:
    """May this person end the response because there was no event? Whoever may declare the end may.

    Not one that was started again: the first one stands with its end and papers, so there was an event, and the
    incident is none that never happened (interpretation 22).
    """
    found = may_end(incident, actor, field=field)
    if incident.response_no > 1:
        words = _("这是再次响应：前一次响应照旧有效，不能按没有发生事件排除；这一次请宣布结束。")
        found.append(Obstacle("not_first", words))
    return found


def may_end(incident: Incident, actor: Actor, *, field: Deployment | None) -> list[Obstacle]:
    """Does a response run, and may this person end it at its level? field: the field headquarters that stands."""
    found = in_state(incident, Status.RESPONDING)
    if incident.level is None:
        return found
    document = document_of(incident)
    cite = chain.ending_cite(document, incident.level)
    who = declaring(document, incident.level, field)
    words = _("%(level)s由%(who)s宣布结束；您没有担任这一职务。") % {
        "level": level_name(incident.level),
        "who": who.named.name,
    }
    if not who.includes(actor):
        found.append(Obstacle("not_named", words, cite, authority=True))
    return found


def review(incident: Incident, actor: Actor) -> list[Obstacle]:
    """May this person open evaluation and summaries?"""
    return in_state(incident, Status.ENDED) + of_office(incident, actor)


def close(
    incident: Incident,
    actor: Actor,
    *,
    owed: Iterable[str] = (),
    level: int | None = None,
    ended: DecisionStep | None = None,
    county_told: bool = False,
) -> list[Obstacle]:
    """May this person close? After a response: every paper is there. Without one: no level holds, or it was refused.

    With papers still owed: only the one who ended the response, or a superior. ended: the step by which it ended.
    What is left to counties is closed on the last word of every one of them.
    """
    document, owed = document_of(incident), list(owed)
    allowed = chain.office_posts(document).union(*chain.ladder(document))
    early = bool(owed) and ended is not None and _ended_or_above(ended, actor, document)
    if early:
        allowed |= actor.posts
    words = _("由指挥部办公室负责人或其上级办结。")
    found = in_state(incident, *WITHOUT_RESPONSE, Status.REVIEWING)
    found += not_named(actor, allowed, words, document.headquarters.cite)
    found += no_last_word(incident, told=county_told)
    if incident.status in WITHOUT_RESPONSE and level is not None and not _start_refused(incident, level):
        words = _("按现有情况达到%(level)s条件，应先由有权的人决定启动或不启动。")
        found.append(Obstacle("level_holds", words % {"level": level_name(level)}, document.level(level).cite))
    for paper in [] if early else owed:
        found.append(Obstacle("paper_owed", _("还缺：%(paper)s") % {"paper": paper}))
    if owed and not early:
        found.append(Obstacle("not_who_ended", _("材料未齐而先行办结，须由宣布结束的人或其上级写明理由。")))
    return found


def _ended_or_above(ended: DecisionStep, actor: Actor, document: PlanDocument) -> bool:
    """Whether this person declared the end, or speaks for that post or a superior; one query.

    Source: ours, as interpretation 11 (a superior may for an inferior).
    """
    ended_in = frozenset(Position.objects.filter(name=ended.by_post).values_list("key", flat=True))
    own = ended.by_id is not None and actor.ref == f"user/{ended.by_id}"
    return own or bool(actor.posts & chain.with_superiors(document, ended_in))


def _start_refused(incident: Incident, level: int) -> bool:
    """Whether a start was refused by one who may decide this level, and none has been asked for since."""
    starts = incident.decisions.filter(kind=DecisionKind.START).exclude(status=DecisionStatus.STALE)
    last = starts.filter(to_level__lte=level).last()
    waiting = starts.filter(status__in=OPEN_STATUSES).exists()
    return last is not None and last.status == DecisionStatus.REFUSED and not waiting


def submit_paper(paper: Paper, actor: Actor, document: PlanDocument) -> list[Obstacle]:
    """May this person hand in this paper? Its author does, or the office for it."""
    if (paper.author is not None and paper.author.key in actor.units) or keeps(actor, document):
        return []
    words = _("这份材料由%(author)s提交。") % {"author": paper.author_name}
    return [Obstacle("not_author", words, paper.cite, authority=True)]
