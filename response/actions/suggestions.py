"""Suggestions that the plan's own table makes: private steps, on a locked incident."""

from datetime import datetime

from plans import clocks
from plans.assessment import Assessment
from response.facts import Standing, assess, document_of
from response.models import DecisionStep, Incident, LevelDecision
from response.models.decisions import OPEN_STATUSES, DecisionKind, DecisionStatus
from response.models.incidents import BEFORE_END
from shuozhou_ops.deadlines.models import Deadline
from shuozhou_ops.journal import record

MACHINE = "预案条件自动判断"
CLOCK = "clock"


def clauses_of(answer: Assessment) -> list[dict[str, str]]:
    """The clauses that hold for the answer's level: cite and text."""
    return [
        {"cite": clause.cite, "text": clause.text}
        for clause in answer.reasons
        if clause.kind == "level" and clause.value == answer.level
    ]


def reassess_locked(incident: Incident, changes: record.Changes, at: datetime) -> tuple[Standing, Assessment]:
    """Judge the incident anew: keep its grade, and suggest a level where the table asks for a more severe one; set the
    alarm at which its clocks next change a clause.

    After an end facts move the grade, never the level (interpretation 22). A suggestion that was refused returns only
    when the clauses that hold have changed.
    """
    standing, answer = assess(incident, at)
    if incident.grade != answer.grade:
        incident.grade = answer.grade
        changes.update(incident, "grade")
    if incident.status in BEFORE_END:
        _suggest(incident, standing, answer, changes, at)
    _set_alarm(incident, standing, changes, at)
    return standing, answer


def _suggest(incident: Incident, standing: Standing, answer: Assessment, changes: record.Changes, at: datetime) -> None:
    more_severe = answer.level is not None and (incident.level is None or answer.level < incident.level)
    waiting = incident.decisions.select_for_update().filter(automatic=True, status__in=OPEN_STATUSES).first()
    if waiting is not None:
        if more_severe and waiting.to_level == answer.level:
            return
        waiting.expire()
        waiting.settled_at, waiting.settled_reason = at, "情况变化"
        changes.update(waiting, "status", "settled_at", "settled_reason")
    if not more_severe:
        return
    clauses = clauses_of(answer)
    refused = incident.decisions.filter(automatic=True, status=DecisionStatus.REFUSED).last()
    if refused is not None and refused.to_level == answer.level and refused.clauses == clauses:
        return
    decision = changes.create(
        LevelDecision(
            incident=incident,
            kind=DecisionKind.START if incident.level is None else DecisionKind.RAISE,
            automatic=True,
            from_level=incident.level,
            to_level=answer.level,
            table_level=answer.level,
            clauses=clauses,
            figures=standing.figures,
            made_at=at,
        )
    )
    changes.create(
        DecisionStep(
            decision=decision,
            act=DecisionStep.Act.SUGGEST,
            by_name=MACHINE,
            at=at,
            cite=clauses[0]["cite"] if clauses else "",
        )
    )


def set_alarm_locked(incident: Incident, changes: record.Changes, at: datetime) -> None:
    """Set the alarm of the clocks anew, as when a closed incident runs again. Nothing is suggested."""
    _set_alarm(incident, assess(incident, at)[0], changes, at)


def drop_alarm_locked(incident: Incident, changes: record.Changes, at: datetime) -> None:
    """Put out the alarm of the clocks, where one is set: another plan's clocks may take over, or none."""
    alarms = Deadline.objects.select_for_update().filter(
        kind=CLOCK, subject=record.thing(incident), state=Deadline.State.OPEN
    )
    for alarm in alarms:
        alarm.state, alarm.settled_at = Deadline.State.MET, at
        changes.update(alarm, "state", "settled_at")


def _set_alarm(incident: Incident, standing: Standing, changes: record.Changes, at: datetime) -> None:
    """Keep the one open deadline at which the clocks next change a clause. None is kept for plans without clocks."""
    document = document_of(incident)
    if not any(clocks.rule_of(spec) for spec in document.facts):
        return
    due = None
    if incident.is_open:
        due = clocks.next_change(document, standing.values, standing.clocks, at)
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
