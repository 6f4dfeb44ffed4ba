"""Suggestions that the plan's own table makes: private steps, on a locked incident."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from plans import clocks
from plans.assessment import Assessment
from response import authority
from response.facts import Standing, Weighed, document_of, giving, most_severe, weigh_incident
from response.models import DecisionStep, Incident, LevelDecision
from response.models.decisions import OPEN_STATUSES, DecisionKind, DecisionStatus
from response.models.incidents import BEFORE_END
from shuozhou_ops.deadlines.models import Deadline
from shuozhou_ops.journal import record
from shuozhou_ops.journal.actors import Actor

MACHINE = "预案条件自动判断"
CLOCK = "clock"


def clauses_of(answer: Assessment) -> list[dict[str, Any]]:
    """The clauses of levels that hold, those of the most severe first: cite, text and level."""
    return [
        {"cite": clause.cite, "text": clause.text, "level": clause.value}
        for clause in answer.reasons
        if clause.kind == "level"
    ]


def rest_on(decision: LevelDecision, ways: Sequence[Weighed]) -> None:
    """What the table gives, and what the decision rests on. An unsaved change.

    Sources may differ. `table_level` is what the facts in force give. Where the decision's level is another, but that
    on figures of a source which stand beside them, it follows those: `contested` names them, and clauses and figures
    are the ones of that way. So it is not a decision without the table: it needs no reason, and both levels show for
    good. Source: ours (the automatic proposal follows the most severe and says so).
    """
    now = ways[0]
    way = giving(ways, decision.to_level) or now
    decision.table_level = now.answer.level
    decision.clauses = clauses_of(way.answer)
    decision.figures = way.standing.figures
    decision.contested = [
        {
            "report": report.pk,
            "name": report.name,
            "value": report.value,
            "source": report.source,
            "quality": str(report.quality),
        }
        for report in way.follows
    ]


RESTS_ON = ("table_level", "clauses", "figures", "contested")


def reassess_locked(incident: Incident, changes: record.Changes, at: datetime) -> tuple[Standing, Assessment]:
    """Judge the incident anew: keep its grade, and suggest a level where the table asks for a more severe one; set the
    alarm at which its clocks next change a clause. Returns what is in force, and the plan's answer to it.

    The grade follows the facts in force, the suggestion the most severe of what sources say. After an end facts move
    the grade, never the level (interpretation 22).
    """
    ways = weigh_incident(incident, at)
    standing, answer = ways[0].standing, ways[0].answer
    if incident.grade != answer.grade:
        incident.grade = answer.grade
        changes.update(incident, "grade")
    if incident.status in BEFORE_END:
        _suggest(incident, ways, changes, at)
    _set_alarm(incident, ways, changes, at)
    return standing, answer


def suggest_above_locked(incident: Incident, actor: Actor, changes: record.Changes, at: datetime) -> None:
    """Ask for the more severe level that the table gives, after one who may not decide that one has decided another.

    What was suggested before is stale as the level has moved; without this nobody would be asked until the next report.
    Whoever may decide it has decided against it. Source: ours (a level moves up the chain, not only to its first step).
    """
    ways = weigh_incident(incident, at)
    level = most_severe(ways).answer.level
    if level is not None and not actor.posts & authority.changers(document_of(incident), incident, level):
        _suggest(incident, ways, changes, at)


def _suggest(incident: Incident, ways: Sequence[Weighed], changes: record.Changes, at: datetime) -> None:
    level = most_severe(ways).answer.level
    more_severe = level is not None and (incident.level is None or level < incident.level)
    waiting = incident.decisions.select_for_update().filter(automatic=True, status__in=OPEN_STATUSES).first()
    if waiting is not None:
        if more_severe and waiting.to_level == level:
            _keep_true(waiting, ways, changes)
            return
        waiting.expire()
        waiting.settled_at, waiting.settled_reason = at, "情况变化"
        changes.update(waiting, "status", "settled_at", "settled_reason")
    if not more_severe:
        return
    decision = LevelDecision(
        incident=incident,
        kind=DecisionKind.START if incident.level is None else DecisionKind.RAISE,
        automatic=True,
        from_level=incident.level,
        to_level=level,
        made_at=at,
    )
    rest_on(decision, ways)
    if _refused_before(incident, decision):
        return
    changes.create(decision)
    changes.create(
        DecisionStep(
            decision=decision,
            act=DecisionStep.Act.SUGGEST,
            by_name=MACHINE,
            at=at,
            cite=decision.basis[0]["cite"] if decision.basis else "",
        )
    )


def _keep_true(waiting: LevelDecision, ways: Sequence[Weighed], changes: record.Changes) -> None:
    """A suggestion that waits says by which clauses and on whose figures: where those have changed, it says so anew."""
    before = _says(waiting)
    told = {name: getattr(waiting, name) for name in RESTS_ON}
    rest_on(waiting, ways)
    if _says(waiting) != before:
        changes.update(waiting, *RESTS_ON)
    else:
        for name, value in told.items():
            setattr(waiting, name, value)


def _says(waiting: LevelDecision) -> tuple[object, ...]:
    return (waiting.table_level, waiting.contested, _names(waiting.clauses))


def _refused_before(incident: Incident, decision: LevelDecision) -> bool:
    """Whether the table's suggestion of this level was refused in this response while the very same clauses held.

    The set of clauses counts, those of milder levels too: another one that holds is another ground to decide on. That
    the incident has come to another level meanwhile, as by a start at a milder one, is none.
    """
    refused = incident.decisions.of_response(incident.response_no).filter(
        automatic=True, status=DecisionStatus.REFUSED, to_level=decision.to_level
    )
    return any(_names(item.clauses) == _names(decision.clauses) for item in refused)


def _names(clauses: list[dict[str, Any]]) -> set[tuple[str, str]]:
    return {(clause["cite"], clause["text"]) for clause in clauses}


def set_alarm_locked(incident: Incident, changes: record.Changes, at: datetime) -> None:
    """Set the alarm of the clocks anew, as when a closed incident runs again. Nothing is suggested."""
    _set_alarm(incident, weigh_incident(incident, at), changes, at)


def drop_alarm_locked(incident: Incident, changes: record.Changes, at: datetime) -> None:
    """Put out the alarm of the clocks, where one is set: another plan's clocks may take over, or none."""
    alarms = Deadline.objects.select_for_update().filter(
        kind=CLOCK, subject=record.thing(incident), state=Deadline.State.OPEN
    )
    for alarm in alarms:
        alarm.state, alarm.settled_at = Deadline.State.MET, at
        changes.update(alarm, "state", "settled_at")


def _set_alarm(incident: Incident, ways: Sequence[Weighed], changes: record.Changes, at: datetime) -> None:
    """Keep the one open deadline at which the clocks next change a clause, on any way to take what sources say.

    None is kept for plans without clocks.
    """
    document = document_of(incident)
    if not any(clocks.rule_of(spec) for spec in document.facts):
        return
    due = None
    if incident.is_open:
        coming = [clocks.next_change(document, way.standing.values, way.standing.clocks, at) for way in ways]
        due = min((moment for moment in coming if moment is not None), default=None)
    alarm = (
        Deadline.objects.select_for_update()
        .filter(kind=CLOCK, subject=record.thing(incident), state=Deadline.State.OPEN)
        .first()
    )
    if alarm is None:
        if due is not None:
            changes.create(Deadline(kind=CLOCK, subject=record.thing(incident), due_at=due))
    elif due is None:
        alarm.state, alarm.settled_at = Deadline.State.MET, at
        changes.update(alarm, "state", "settled_at")
    elif alarm.due_at != due:
        alarm.due_at = due
        changes.update(alarm, "due_at")


def expire_open(incident: Incident, reason: str, changes: record.Changes, at: datetime, *, but: int = 0) -> None:
    """Make every open suggestion and proposal stale but one: what it was made from no longer holds."""
    for decision in incident.decisions.select_for_update().filter(status__in=OPEN_STATUSES).exclude(pk=but):
        decision.expire()
        decision.settled_at, decision.settled_reason = at, reason
        changes.update(decision, "status", "settled_at", "settled_reason")
