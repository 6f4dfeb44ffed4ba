"""What falls to a post that several hold is one task; either takes it, the others are told (interpretation 12)."""

from typing import Any

import pytest

from plans.documents import PlanDocument
from response import authority
from response.actions import decisions, incidents, tasks
from response.actions.incidents import Call
from response.activation import what_starts
from response.bearers import County, Ground
from response.models import Incident, Task
from response.queries import work
from shuozhou_ops.errors import NotAuthorised
from shuozhou_ops.notices.models import Notice
from tests.cast import NOON, minutes, open_decision, person
from tests.plans.small_plan import plan, tree
from tests.response.web import WebCase

pytestmark = [pytest.mark.django_db, pytest.mark.both]
GROUND = Ground((County("yingxian", "应县"),), (County("yingxian", "应县"),))
MEETING = "会商研判火场形势"


def a_forest_fire() -> Incident:
    """At level 3, started by one of its two commanders."""
    call = Call(
        plan="forest_grassland_fire", place="紫荆山", source="call", counties=("yingxian",), facts={"deaths": 1}
    )
    incident = incidents.log(call, actor=person("desk"), at=NOON)
    decisions.approve(open_decision(incident).pk, actor=person("hao"), at=NOON)
    return incident


def the_task(incident: Incident) -> Task:
    return Task.objects.get(incident=incident, text=MEETING)


def test_two_commanders_have_one_task_and_each_finds_it_on_the_desk() -> None:
    incident = a_forest_fire()
    task = the_task(incident)
    assert (task.bearer, task.unit, task.position) == ("指挥长", None, None)
    for who in ("hao", "jin"):
        assert task in work.piles([incident], person(who))[0].tasks
    assert not any(task in pile.tasks for pile in work.piles([incident], person("zhang")))


def test_one_takes_it_and_the_other_is_told_once() -> None:
    incident = a_forest_fire()
    task = the_task(incident)
    tasks.accept(task.pk, actor=person("jin"), at=minutes(1))
    tasks.finish(task.pk, "已会商", actor=person("hao"), at=minutes(2))
    told = Notice.objects.filter(subject=f"task/{task.pk}")
    assert [(item.position.key, item.needs_receipt) for item in told if item.position] == [
        ("vice_mayor_emergency", False)
    ]


def test_nobody_else_takes_it() -> None:
    task = the_task(a_forest_fire())
    for who in ("zhang", "li", "desk", "transport"):
        with pytest.raises(NotAuthorised):
            tasks.accept(task.pk, actor=person(who), at=minutes(1))


def test_a_task_of_one_unit_tells_nobody() -> None:
    incident = a_forest_fire()
    task = Task.objects.filter(incident=incident, unit__key="transport").first()
    assert task
    tasks.accept(task.pk, actor=person("transport"), at=minutes(1))
    assert not Notice.objects.filter(subject=f"task/{task.pk}").exists()


def with_two(falls_to: list[str], **changes: Any) -> PlanDocument:
    """The small plan, its first level's first measure falling to these, with two commanders and two directors."""
    own = tree()["headquarters"]
    own |= {"commanders": ["vice_mayor", "vice_mayor_emergency"]}
    own["office"] = {"seat": "市水利局", "directors": ["water.head", "emergency.head"]}
    levels = tree()["levels"]
    levels[0]["measures"][0] = {"text": "会商", "cite": "5.4", "falls_to": falls_to}
    return plan(headquarters=own, levels=levels, **changes)


def first_orders(document: PlanDocument) -> list[tuple[str, str | None, tuple[str, str] | None]]:
    level = tree()["levels"][0]["level"]
    orders = [item for item in what_starts(document, level, GROUND).orders if item.item == f"level/{level}/0"]
    return [(item.bearer.name, item.bearer.post, item.to) for item in orders]


def test_of_two_directors_it_is_the_office_s_and_of_two_deputies_it_is_each_one_s() -> None:
    assert first_orders(with_two(["commander", "office_director"])) == [
        ("指挥长", None, ("headquarters", "headquarters")),
        ("市指挥部办公室主任", None, None),
    ]
    own = with_two(["deputy"]).headquarters
    assert len(first_orders(with_two(["deputy"]))) == len(own.deputies)


def test_one_who_holds_the_post_alone_has_it_by_name() -> None:
    levels = tree()["levels"]
    levels[0]["measures"][0] = {**levels[0]["measures"][0], "falls_to": ["commander"]}
    assert [post for _name, post, _to in first_orders(plan(levels=levels))] == ["vice_mayor"]


class SharingPageTests(WebCase):
    def test_it_stands_under_the_headquarters_and_both_have_its_button(self) -> None:
        incident = a_forest_fire()
        for who in ("hao", "jin"):
            self.assertIn(f"/tasks/{the_task(incident).pk}/accept/", self.page(incident, who))
        text = self.text(incident, "auditor").split("力量与任务")[-1]
        self.assertLess(text.index("市森林草原防灭火指挥部"), text.index(MEETING))
        self.assertLess(text.index(MEETING), text.index("现场指挥部 已通知"))
        self.assertEqual(authority.work_on(the_task(incident), person("jin")), [])
