"""The people of the tests are the demo cast; the factories go through the actions, so every journal is whole."""

from datetime import UTC, datetime, timedelta
from typing import Any

from response.actions import decisions, endings, incidents, reviews
from response.actions.incidents import Call
from response.models import Incident, LevelDecision, Paper
from response.models.decisions import OPEN_STATUSES
from shuozhou_ops.accounts.actors import actor_for
from shuozhou_ops.accounts.models import User
from shuozhou_ops.journal import readers
from shuozhou_ops.journal.actors import Actor

NOON = datetime(2026, 11, 24, 4, 0, tzinfo=UTC)  # noon in Shuozhou
EARTHQUAKE = "earthquake"


def user(username: str) -> User:
    """One person of the cast by login: desk, zhang, li, wang, yingxian, transport, auditor…"""
    return User.objects.get(username=username)


def person(username: str, at: datetime = NOON) -> Actor:
    """The same as an actor at a moment."""
    return actor_for(user(username), at)


def minutes(count: float) -> datetime:
    """So many minutes after NOON."""
    return NOON + timedelta(minutes=count)


def an_earthquake(*, counties: tuple[str, ...] = ("yingxian",), at: datetime = NOON, **facts: Any) -> Incident:
    """An earthquake that the desk has just logged, felt in 应县 at magnitude 5.2 where nothing else is said."""
    call = Call(
        plan=EARTHQUAKE,
        place="应县南河种镇",
        source="call",
        counties=counties,
        outside_city=not counties,
        occurred_at=at - timedelta(minutes=5),
        words="房屋晃动，有人受伤",
        facts=facts or {"magnitude": 5.2},
    )
    return incidents.log(call, actor=person("desk", at), at=at)


def open_decision(incident: Incident) -> LevelDecision:
    """The one decision that waits."""
    return LevelDecision.objects.get(incident=incident, status__in=OPEN_STATUSES)


def a_response(level: int = 3, at: datetime = NOON, **facts: Any) -> Incident:
    """An earthquake whose response runs at a level, decided by the one whom the plan names."""
    magnitude = {4: 4.2, 3: 5.2, 2: 6.2, 1: 7.2}[level]
    incident = an_earthquake(at=at, **({"magnitude": magnitude} | facts))
    decider = {4: "zhang", 3: "li", 2: "wang", 1: "wang"}[level]
    decisions.approve(open_decision(incident).pk, actor=person(decider, at), at=at)
    return fresh(incident)


def an_ended(level: int = 3, at: datetime = NOON) -> Incident:
    """A response that was ended with every condition confirmed."""
    incident = a_response(level, at)
    for place in range(len(endings.unconfirmed(incident))):
        endings.confirm(incident.pk, place, actor=person("zhang", at), at=at, basis="各组报告")
    endings.declare(incident.pk, actor=person("zhang" if level == 4 else "li", at), at=at)
    return fresh(incident)


def hand_in_every_paper(incident: Incident, at: datetime = NOON) -> None:
    """Every paper the plan demands comes in."""
    for paper in Paper.objects.filter(incident=incident, status="owed"):
        content = dict.fromkeys(paper.sections, "如实填写")
        signed = reviews.Signed(taken_over_by="接收人")
        reviews.submit_paper(paper.pk, content, actor=person("zhang", at), at=at, signed=signed)


def fresh(incident: Incident) -> Incident:
    """The incident as it stands in the database now."""
    return Incident.objects.get(pk=incident.pk)


def verbs(incident: Incident) -> list[str]:
    """The verbs of the incident's journal in order."""
    return [entry.verb for entry in readers.stream(incident.stream)]
