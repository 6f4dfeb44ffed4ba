"""Who may end, review and close."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from plans.documents import PlanDocument
from plans.labels import level_name
from response import chain
from response.facts import document_of
from response.models import Incident, Paper
from response.models.decisions import OPEN_STATUSES, DecisionKind, DecisionStatus
from response.models.incidents import Status
from shuozhou_ops.journal.actors import Actor

from .handling import no_last_word
from .obstacles import Obstacle, in_state, keeps, not_named, of_office

WITHOUT_RESPONSE = (Status.VERIFIED, Status.COUNTY_HANDLING)  # in which one closes without a response


def confirm_end(incident: Incident, actor: Actor) -> list[Obstacle]:
    """May this person confirm an end condition?"""
    document = document_of(incident)
    words = _("结束条件由指挥部负责人逐条确认。")
    return in_state(incident, Status.RESPONDING) + not_named(
        actor, chain.all_posts(document), words, document.headquarters.cite
    )


def declare_end(incident: Incident, actor: Actor, unconfirmed: Iterable[str]) -> list[Obstacle]:
    """May this person declare the end? Every condition must have been confirmed by name."""
    found = may_end(incident, actor)
    if incident.level is None:
        return found
    cite = chain.ending_cite(document_of(incident), incident.level)
    for condition in unconfirmed:
        found.append(Obstacle("not_confirmed", _("结束条件尚未确认：%(text)s") % {"text": condition}, cite))
    return found


def dismiss(incident: Incident, actor: Actor) -> list[Obstacle]:
    """May this person end the response because there was no event? Whoever may declare the end may."""
    return may_end(incident, actor)


def may_end(incident: Incident, actor: Actor) -> list[Obstacle]:
    """Does a response run, and may this person end it at its level?"""
    found = in_state(incident, Status.RESPONDING)
    if incident.level is None:
        return found
    document = document_of(incident)
    cite = chain.ending_cite(document, incident.level)
    words = _("%(level)s由%(who)s宣布结束；您没有担任这一职务。") % {
        "level": level_name(incident.level),
        "who": chain.declarer(document, incident.level).name,
    }
    return found + not_named(actor, chain.enders(document, incident.level), words, cite)


def review(incident: Incident, actor: Actor) -> list[Obstacle]:
    """May this person open evaluation and summaries?"""
    return in_state(incident, Status.ENDED) + of_office(incident, actor)


def close(
    incident: Incident, actor: Actor, *, owed: Iterable[str] = (), level: int | None = None, county_told: bool = False
) -> list[Obstacle]:
    """May this person close? After a response: every paper is there. Without one: no level holds, or it was refused.

    What is left to a county is closed on its last word.
    """
    document = document_of(incident)
    allowed = chain.office_posts(document).union(*chain.ladder(document))
    words = _("由指挥部办公室负责人或其上级办结。")
    found = in_state(incident, *WITHOUT_RESPONSE, Status.REVIEWING)
    found += not_named(actor, allowed, words, document.headquarters.cite)
    found += no_last_word(incident, told=county_told)
    if incident.status in WITHOUT_RESPONSE and level is not None and not _start_refused(incident, level):
        words = _("按现有情况达到%(level)s条件，应先由有权的人决定启动或不启动。")
        found.append(Obstacle("level_holds", words % {"level": level_name(level)}, document.level(level).cite))
    for paper in owed:
        found.append(Obstacle("paper_owed", _("还缺：%(paper)s") % {"paper": paper}))
    return found


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
