"""One incident from the call to the closing, by the actions alone."""

import pytest

from response.actions import decisions, endings, receipts, reviews, tasks
from response.models import Deployment, Incident, Task
from shuozhou_ops.journal import readers, record, verification
from shuozhou_ops.notices.models import Notice
from tests.cast import (
    NOON,
    a_response,
    an_earthquake,
    fresh,
    hand_in_every_paper,
    minutes,
    open_decision,
    person,
    verbs,
)

pytestmark = [pytest.mark.django_db, pytest.mark.both]


def test_an_earthquake_from_the_call_to_the_closing() -> None:
    incident = an_earthquake()
    decision = open_decision(incident)
    assert (decision.automatic, decision.to_level, decision.status) == (True, 3, "suggested")
    decisions.propose(decision.pk, actor=person("zhang"), at=minutes(2))
    decisions.approve(decision.pk, actor=person("li"), at=minutes(3))
    incident = fresh(incident)
    assert (incident.status, incident.level, incident.started_at) == ("responding", 3, minutes(3))
    assert Deployment.objects.filter(incident=incident, kind="group").count() == 10
    assert Deployment.objects.filter(incident=incident, kind="headquarters").count() == 1
    for notice in Notice.objects.filter(stream=incident.stream, unit__key="transport"):
        receipts.acknowledge(notice.pk, actor=person("transport"), at=minutes(5))
    task = Task.objects.filter(incident=incident, unit__key="transport").first()
    assert task is not None
    tasks.accept(task.pk, actor=person("transport"), at=minutes(6))
    tasks.report(task.pk, "已出动 3 台抢险车", actor=person("transport"), at=minutes(7))
    tasks.finish(task.pk, "", actor=person("transport"), at=minutes(9))
    for place in range(5):
        endings.confirm(incident.pk, place, actor=person("zhang"), at=minutes(100), basis="各组报告")
    endings.declare(incident.pk, actor=person("li"), at=minutes(101))
    assert not Deployment.objects.filter(incident=incident).exclude(status="released").exists()
    reviews.open_review(incident.pk, actor=person("zhang"), at=minutes(102))
    hand_in_every_paper(incident, minutes(103))
    reviews.close(incident.pk, actor=person("zhang"), at=minutes(104))
    incident = fresh(incident)
    assert (incident.status, incident.level, incident.closed_at) == ("closed", None, minutes(104))
    assert verbs(incident)[:4] == ["incident.logged", "level.proposed", "level.started", "notice.received"]
    assert verification.faults() == []


def test_every_unit_is_told_once_and_the_other_members_get_a_copy() -> None:
    incident = a_response(3)
    units = list(Notice.objects.filter(stream=incident.stream, unit__isnull=False).values_list("unit__key", flat=True))
    assert len(units) == len(set(units))
    assert {"yingxian", "commerce", "power_grid"} <= set(units)
    assert Notice.objects.get(stream=incident.stream, unit__key="commerce").needs_receipt


def test_level_four_sets_the_county_the_office_and_the_joint_team_going() -> None:
    incident = a_response(4)
    kinds = set(Deployment.objects.filter(incident=incident).values_list("kind", "name"))
    assert ("team", "联合工作组") in kinds
    assert Task.objects.filter(incident=incident, unit__key="yingxian").exists()
    assert Task.objects.filter(incident=incident, unit__key="emergency", deployment__kind="team").exists()


def test_raising_adds_and_lowering_releases() -> None:
    incident = a_response(4)
    decisions.decide(incident.pk, 3, actor=person("li"), at=minutes(10), reason="灾情扩大")
    assert Deployment.objects.filter(incident=incident, kind="team", status="called").exists()
    assert Deployment.objects.filter(incident=incident, kind="group", status="called").count() == 10
    decisions.decide(incident.pk, 4, actor=person("li"), at=minutes(20), reason="灾情减轻")
    assert not Deployment.objects.filter(incident=incident, kind="group").exclude(status="released").exists()
    open_tasks = Task.objects.filter(incident=incident).exclude(status="released")
    assert open_tasks.exists()
    assert not open_tasks.filter(deployment__kind="group").exists()


def test_the_journal_alone_gives_the_state_of_the_tables() -> None:
    incident = a_response(3)
    state = readers.fold(readers.stream(incident.stream))
    for model in (Incident, Task, Deployment, Notice):
        for row in model._default_manager.filter(
            pk__in=[key.split("/")[1] for key in state if key.startswith(f"{model._meta.model_name}/")]
        ):
            for field in row._meta.concrete_fields:
                if field.name in ("id", *record.NEVER_JOURNALED):
                    continue
                assert state[record.thing(row)][field.name] == record.journaled_value(row, field), (row, field.name)


def test_the_clock_of_the_start_is_that_of_the_decision() -> None:
    assert a_response(3).started_at == NOON
