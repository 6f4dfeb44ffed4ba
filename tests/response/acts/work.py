"""Acts on tasks, groups, receipts and reports."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

from hypothesis import strategies as st

from response.actions import groups, own_tasks, receipts, reports, situation, tasks, teams
from response.actions.own_tasks import Given
from response.actions.roster import Roster
from response.facts import document_of
from response.models import DeploymentSeat, Incident, SituationReport
from response.slots import slots_of
from shuozhou_ops import clock
from shuozhou_ops.accounts.actions import appointments
from shuozhou_ops.accounts.models import Appointment
from shuozhou_ops.notices.models import Notice
from tests.cast import user
from tests.response.acts.drawing import CHAIN, OFFICE, REASONS, UNITS, WORDS, Act, Draw, Run, one


def on_task(action: Callable[..., Any], *, with_words: bool = True) -> Callable[[Draw, Incident], Run | None]:
    """An act on one of the incident's tasks, whatever has become of it."""

    def prepare(draw: Draw, incident: Incident) -> Run | None:
        wanted = incident.tasks.all()
        if draw(st.booleans()):
            wanted = wanted.exclude(every="")  # what comes again is rare, and easily forgotten
        task = one(draw, wanted)
        return task and partial(action, task.pk, *([draw(WORDS)] if with_words else []))

    return prepare


def assign(draw: Draw, incident: Incident) -> Run:
    """A line of the checklist is given as a task; often one with a rhythm."""
    lines = document_of(incident).emergency_measures
    repeated = [place for place, line in enumerate(lines) if line.every]
    return partial(tasks.assign, incident.pk, [draw(st.sampled_from([*repeated, 0, 1, 2, 999]))])


def seat(draw: Draw, incident: Incident) -> Run | None:
    """Somebody is named to lead or sit in what is deployed."""
    deployment = one(draw, incident.deployments)
    named = draw(
        st.sampled_from(
            [
                teams.Named("lead", unit="health"),
                teams.Named("member", unit="transport"),
                teams.Named("lead", person_name="吕某", person_post="队长", person_phone="13900005678"),
            ]
        )
    )
    return deployment and partial(teams.seat, deployment.pk, named)


def acknowledge(draw: Draw, incident: Incident) -> Run | None:
    """A notice is acknowledged."""
    notice = one(draw, Notice.objects.filter(stream=incident.stream))
    return notice and partial(receipts.acknowledge, notice.pk)


def hand_in(draw: Draw, incident: Incident) -> Run | None:
    """A unit tells what the plan charges it with telling."""
    slot = one(draw, list(slots_of(document_of(incident), Roster().ground_of(incident)))[:12])
    return slot and partial(reports.hand_in, incident.pk, slot.key, draw(WORDS))


def delegate(draw: Draw, _incident: Incident) -> Run | None:
    """A post is given to somebody else as well, from now on or for an hour."""
    held = one(draw, Appointment.objects.filter(user__username__in=CHAIN, kind="full", valid_to=None))
    until = draw(st.sampled_from([None, clock.now() + timedelta(hours=1)]))
    heir = user(draw(st.sampled_from(["deputy", "transport", "desk"])))
    return held and partial(
        appointments.appoint,
        held.position_id,
        heir.pk,
        kind="delegated",
        until=until,
        delegated_by_id=held.pk,
        reason="出差",
    )


def end_appointment(draw: Draw, _incident: Incident) -> Run | None:
    """What was delegated ends."""
    held = one(draw, Appointment.objects.filter(kind="delegated"))
    return held and partial(appointments.end, held.pk, reason="返回")


def unseat(draw: Draw, incident: Incident) -> Run | None:
    """Somebody leads or sits there no more."""
    seat = one(draw, DeploymentSeat.objects.filter(deployment__incident=incident))
    return seat and partial(teams.unseat, seat.pk, reason=draw(REASONS))


def call_group(draw: Draw, incident: Incident) -> Run:
    """A group of the plan is called, or one of the commander's own."""
    key = one(draw, [group.key for group in document_of(incident).groups][:6])
    named = draw(st.sampled_from([{"group": key}, {"name": "舆情专班"}, {"name": ""}]))
    return partial(groups.call, incident.pk, **named)


def release_group(draw: Draw, incident: Incident) -> Run | None:
    """What was called is sent home."""
    deployment = one(draw, incident.deployments)
    return deployment and partial(groups.release, deployment.pk, reason=draw(REASONS))


def give(draw: Draw, incident: Incident) -> Run:
    """A task that stands in no plan."""
    deployment = one(draw, incident.deployments)
    whom = draw(
        st.sampled_from([{"unit": "transport"}, {"deployment": deployment and deployment.pk}, {"bearer": "张三"}, {}])
    )
    due = draw(st.sampled_from([None, clock.now() + timedelta(hours=2), clock.now() - timedelta(hours=2)]))
    return partial(own_tasks.give, incident.pk, Given(draw(WORDS), due_at=due, **whom))


def release_task(draw: Draw, incident: Incident) -> Run | None:
    """A task is taken back."""
    task = one(draw, incident.tasks)
    return task and partial(own_tasks.release, task.pk, reason=draw(REASONS))


def draft(draw: Draw, incident: Incident) -> Run:
    """A situation report is drafted."""
    return partial(situation.draft, incident.pk, final=draw(st.booleans()))


def on_report(action: Callable[..., Any], **options: Any) -> Callable[[Draw, Incident], Run | None]:
    """An act on one of the situation reports, whatever has become of it."""

    def prepare(draw: Draw, incident: Incident) -> Run | None:
        report = one(draw, SituationReport.objects.filter(incident=incident))
        return report and partial(action, report.pk, **options)

    return prepare


ACTS = (
    Act("task.accept", on_task(tasks.accept, with_words=False), UNITS),
    Act("task.report", on_task(tasks.report), UNITS),
    Act("task.finish", on_task(tasks.finish), UNITS),
    Act("task.decline", on_task(tasks.decline), UNITS),
    Act("task.assign", assign, OFFICE),
    Act("task.give", give, CHAIN),
    Act("task.release", release_task, CHAIN),
    Act("deployment.seat", seat, CHAIN),
    Act("deployment.unseat", unseat, CHAIN),
    Act("deployment.call", call_group, CHAIN),
    Act("deployment.release", release_group, CHAIN),
    Act("notice.acknowledge", acknowledge, UNITS),
    Act("report.hand_in", hand_in, OFFICE),
    Act("situation.draft", draft, OFFICE),
    Act("situation.edit", on_report(situation.edit, text="震感强烈", sent_to=["市委", "国务院"]), OFFICE),
    Act("situation.refresh", on_report(situation.refresh), OFFICE),
    Act("situation.send", on_report(situation.send), CHAIN),
    Act("situation.drop", on_report(situation.drop), OFFICE),
    Act("appointment.delegate", delegate, ("appoint",)),
    Act("appointment.end", end_appointment, ("appoint",)),
)
