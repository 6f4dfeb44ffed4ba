"""Past events tried again: each step logged, judged and decided as the plan says, then ended, reviewed, closed."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils.timezone import make_aware
from django.utils.translation import gettext as _

from demo.replays import COUNTY
from plans import assessment, registry
from plans.assessment import Assessment
from response import chain
from response.actions import decisions, endings, facts, incidents, reviews
from response.bearers import posts
from response.facts import assess, document_of
from response.models import Incident, Paper
from response.models.decisions import OPEN_STATUSES
from shuozhou_ops.accounts.actors import actor_for, holders
from shuozhou_ops.accounts.models import Appointment, Position
from shuozhou_ops.errors import Conflict
from shuozhou_ops.journal.actors import Actor

MINUTE = timedelta(minutes=1)
REASON = "回放：按预案条件"
JUDGED = facts.Judged("回放", "回放", "公布的情况")


@dataclass(frozen=True)
class Step:
    """One moment of an event: what was known (a snapshot), and what the plan is expected to answer."""

    at: datetime
    facts: dict[str, Any]
    grade: int | None
    level: int | None


@dataclass(frozen=True)
class Outcome:
    """What one step came to: grade and level as they stand in the database, the clauses, and what was expected."""

    step: Step
    grade: int | None
    level: int | None
    clauses: tuple[str, ...]

    @property
    def ok(self) -> bool:
        """Whether it is as expected."""
        return (self.grade, self.level) == (self.step.grade, self.step.level)


def steps_of(event: dict[str, Any]) -> list[Step]:
    """The steps of an event; one without a timeline is one step, its last known facts. Raises KeyError, ValueError."""
    rows = event.get("timeline") or [{**event, "at": event["date"]}]
    return [
        Step(_moment(row["at"]), dict(row["facts"]), row.get("expected_grade"), row.get("expected_level"))
        for row in rows
    ]


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else make_aware(moment)


def replay(event: dict[str, Any]) -> Iterator[Outcome]:
    """Run one event through the whole life, an outcome a step; one more where the last known facts judge otherwise.

    Raises Conflict where this event was replayed before, and DomainError as the actions do.
    """
    if Incident.objects.filter(replay_of=event["id"]).exists():
        raise Conflict("replayed", _("这个事件已经回放过，没有再次记录。"))
    steps = steps_of(event)
    document = registry.in_force(event["plan"])
    for snapshot in [*(step.facts for step in steps), event["facts"]]:
        assessment.validate(document, snapshot)  # before anything is written: a replay is whole, or there is none
    incident: Incident | None = None
    known: dict[str, Any] = {}
    for step in steps:
        if incident is None:
            incident = _log(event, step)
        else:
            _report(incident, known, step)
        known = step.facts
        answer = _decide(incident, step.at)
        incident.refresh_from_db()
        yield Outcome(step, incident.grade, incident.level, _clauses(answer))
    if incident is not None:
        yield from _last_known(incident, event, steps[-1])


def _log(event: dict[str, Any], step: Step) -> Incident:
    call = incidents.Call(
        plan=event["plan"],
        place=event["name"][:200],
        source="other",
        counties=(COUNTY,),
        occurred_at=step.at,
        words=f"回放 {event['id']}：{event.get('source', '')}"[:2000],
        facts=_known(step.facts),
        judged=JUDGED,
        replay_of=event["id"],
    )
    return incidents.log(call, actor=_desk(step.at), at=step.at)


def _known(snapshot: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in snapshot.items() if value is not None}


def _report(incident: Incident, before: dict[str, Any], step: Step) -> None:
    """Report what changed; a fact that the snapshot lacks is withdrawn."""
    changed = {name: value for name, value in step.facts.items() if before.get(name) != value}
    changed |= {name: None for name in before if name not in step.facts}
    if changed:
        facts.report(incident.pk, changed, actor=_desk(step.at), at=step.at, source="回放", judged=JUDGED)


def _decide(incident: Incident, at: datetime) -> Assessment:
    """Put the incident on the level the plan gives, by those whom the plan names."""
    incident.refresh_from_db()
    answer = assess(incident, at)[1]
    waiting = incident.decisions.filter(status__in=OPEN_STATUSES).first()
    document = document_of(incident)
    if waiting is not None:
        step = chain.proposal_step(document, waiting.authority_level)
        if step is not None:
            decisions.propose(waiting.pk, actor=_holder(posts(step.by, document), at), at=at)
        decider = chain.deciders(document, waiting.authority_level)
        decisions.approve(waiting.pk, actor=_holder(decider, at), at=at)
    elif incident.level is not None and answer.level is not None and answer.level != incident.level:
        decider = chain.deciders(document, min(answer.level, incident.level))
        decisions.decide(incident.pk, answer.level, actor=_holder(decider, at), at=at, reason=REASON)
    return answer


def _last_known(incident: Incident, event: dict[str, Any], last: Step) -> Iterator[Outcome]:
    """End, review and close; the last published facts come in after the end, where they move the grade alone.

    Where no step reached a level they come in before: they may start the first response.
    """
    at = last.at + MINUTE
    final = Step(at, dict(event["facts"]), event.get("expected_grade"), event.get("expected_level"))
    known = last.facts
    incident.refresh_from_db()
    if incident.level is None:
        _report(incident, known, final)
        known = final.facts
        _decide(incident, at)
        incident.refresh_from_db()
        at += MINUTE
    if incident.level is None:
        incidents.verify(incident.pk, actor=_desk(at), at=at, basis="回放")
    else:
        _end(incident, incident.level, at)
        reviews.open_review(incident.pk, actor=_desk(at), at=at)
    _report(incident, known, final)
    document = document_of(incident)
    answer = assessment.assess(document, _known(final.facts))
    outcome = Outcome(final, answer.grade, answer.level, _clauses(answer))
    if not outcome.ok:
        yield outcome
    _close(incident, at + MINUTE)


def _end(incident: Incident, level: int, at: datetime) -> None:
    """Confirm and declare, where a response runs."""
    document = document_of(incident)
    office = _holder(chain.office_posts(document), at)
    for place in range(len(endings.unconfirmed(incident))):
        endings.confirm(incident.pk, place, actor=office, at=at, basis="回放")
    endings.declare(incident.pk, actor=_holder(chain.enders(document, level, field=False), at), at=at)


def _close(incident: Incident, at: datetime) -> None:
    office = _holder(chain.office_posts(document_of(incident)), at)
    for paper in Paper.objects.filter(incident=incident, status=Paper.Status.OWED):
        content = dict.fromkeys(paper.sections, "回放")
        signed = reviews.Signed(taken_over_by="回放")
        reviews.submit_paper(paper.pk, content, actor=office, at=at, signed=signed)
    reviews.close(incident.pk, actor=office, at=at, reason=f"{REASON}办结")


def _clauses(answer: Assessment) -> tuple[str, ...]:
    """The clauses that hold for the answer, as cite and text."""
    return tuple(
        f"{clause.cite} {clause.text}"
        for clause in answer.reasons
        if clause.kind == "level" and clause.value == answer.level
    )


def _holder(posts: frozenset[str], at: datetime) -> Actor:
    """Someone who holds one of these posts, the lowest in the order of appointment."""
    found = holders(posts, at)
    if not found:
        raise Conflict("no_holder", _("没有人担任 %(posts)s，无法按预案决定。") % {"posts": "、".join(sorted(posts))})
    return actor_for(found[0].user, at)


def _desk(at: datetime) -> Actor:
    found = Appointment.objects.at(at).filter(position__function=Position.Function.DESK).select_related("user").first()
    if found is None:
        raise Conflict("no_desk", _("值班台没有人。"))
    return actor_for(found.user, at)
