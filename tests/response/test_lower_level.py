"""Lowering releases what only the more severe level asked for, and raising again gives it anew."""

import pytest

from response.actions import decisions
from response.models import Deployment, Incident, Task
from response.queries import previews
from response.queries.case import read
from shuozhou_ops.journal import readers, verification
from tests.cast import a_response, minutes, person

pytestmark = [pytest.mark.django_db, pytest.mark.both]


def change(incident: Incident, *levels: int) -> None:
    """The commander-in-chief puts it on these levels, one after the other."""
    at = minutes(len(readers.stream(incident.stream)))
    for level in levels:
        decisions.decide(incident.pk, level, actor=person("wang"), at=at, reason="灾情变化")


def test_the_joint_team_sent_at_level_four_stays_in_the_field_when_two_becomes_three() -> None:
    incident = a_response(4)
    change(incident, 3, 2)
    said = previews.sentence(read(incident.public_id, person("wang"), minutes(5)), 3)
    change(incident, 3)
    assert Deployment.objects.get(incident=incident, kind="team").status == "called"
    assert Task.objects.get(incident=incident, item="level/4/0").status == "assigned"
    assert not Task.objects.filter(incident=incident, item__startswith="level/2/").exclude(status="released").exists()
    deployed = readers.stream(incident.stream)[-1].payload["deployed"]
    assert deployed["released"] == []
    assert f"解除 {deployed['tasks_released']} 项任务" in said


def test_up_and_down_again_there_is_never_two_of_anything_open() -> None:
    incident = a_response(4)
    change(incident, 3, 4, 2, 3, 4, 1, 4, 2)
    for level, groups in ((3, 10), (4, 0)):
        change(incident, level)
        called = Deployment.objects.filter(incident=incident).exclude(status="released").values_list("kind", "key")
        assert len(called) == len(set(called))
        assert sum(kind == "group" for kind, _key in called) == groups
    assert verification.faults() == []
