"""After the end: what the plan sets for then, and the duties for then of the groups and members that took part."""

from collections import Counter

import pytest

from plans import registry
from plans.documents import PlanDocument
from response.actions import decisions, endings, incidents
from response.actions.incidents import Call
from response.activation import aftercare_orders, what_starts
from response.bearers import County, Ground
from response.models import Incident, Task
from tests.cast import NOON, fresh, minutes, open_decision, person
from tests.response.web import WebCase

pytestmark = [pytest.mark.django_db, pytest.mark.both]
GROUND = Ground((County("yingxian", "应县"),), (County("yingxian", "应县"),))


def plans() -> list[PlanDocument]:
    return [registry.from_library(key) for key in registry.library_keys()]


@pytest.mark.parametrize("document", plans(), ids=lambda document: document.plan)
class TestEveryPlan:
    def test_nobody_is_given_one_clause_from_two_places(self, document: PlanDocument) -> None:
        told = what_starts(document, 3, GROUND).told
        orders = aftercare_orders(document, GROUND, groups={group.key for group in document.groups}, told=told)
        places = {
            (order.bearer.unit, order.cite, order.item.partition("/")[0]) for order in orders if order.bearer.unit
        }
        twice = [key for key, times in Counter((unit, cite) for unit, cite, _place in places).items() if times > 1]
        assert twice == []
        assert {order.phase for order in orders} == {"aftercare"}

    def test_who_took_no_part_gets_only_what_the_plan_sets_after_the_end(self, document: PlanDocument) -> None:
        orders = aftercare_orders(document, GROUND, groups=(), told=())
        assert {order.item.partition("/")[0] for order in orders} <= {"aftercare"}


def a_fire(level: int) -> Incident:
    """A fire at this level, its end conditions confirmed."""
    deaths = {4: 1, 3: 3}[level]
    call = Call(plan="fire_incident", place="朔城区", source="call", counties=("shuocheng",), facts={"deaths": deaths})
    incident = incidents.log(call, actor=person("desk"), at=NOON)
    decisions.approve(open_decision(incident).pk, actor=person("wang"), at=NOON)
    for place in range(len(endings.unconfirmed(fresh(incident)))):
        endings.confirm(incident.pk, place, actor=person("fire_rescue"), at=minutes(1), basis="报告")
    return fresh(incident)


def given(incident: Incident) -> set[tuple[str, str]]:
    endings.declare(incident.pk, actor=person("wang"), at=minutes(2))
    rows = Task.objects.filter(incident=incident, phase="aftercare")
    return {(task.item.partition("/")[0], task.bearer) for task in rows}


def test_the_lead_of_a_deployed_group_and_the_members_told_get_theirs() -> None:
    found = given(a_fire(3))
    assert {("group", "善后工作组"), ("duty", "市住建局"), ("duty", "市消防救援支队")} <= found


def test_where_no_group_stood_only_those_told_get_theirs() -> None:
    found = given(a_fire(4))
    assert ("duty", "市消防救援支队") in found
    assert not {("group", "善后工作组"), ("duty", "市住建局")} & found


def test_nothing_of_it_is_a_task_while_the_response_runs() -> None:
    assert not Task.objects.filter(incident=a_fire(3)).exclude(phase="response").exists()


def test_who_was_released_by_a_lowering_had_a_part_all_the_same() -> None:
    incident = a_fire(3)
    decisions.decide(incident.pk, 4, actor=person("wang"), at=minutes(1), reason="火势减弱")
    for place in range(len(endings.unconfirmed(fresh(incident)))):
        endings.confirm(incident.pk, place, actor=person("fire_rescue"), at=minutes(1), basis="报告")
    assert ("duty", "市住建局") in given(fresh(incident))


class AftercarePageTests(WebCase):
    def test_the_page_says_beforehand_how_many_and_folds_them_by_bearer_afterwards(self) -> None:
        incident = a_fire(3)
        before = self.text(incident, "wang")
        endings.declare(incident.pk, actor=person("wang"), at=minutes(2))
        number = Task.objects.filter(incident=incident, phase="aftercare").count()
        self.assertIn(f"交办善后任务 {number} 项", before)
        after = self.text(incident, "wang")
        self.assertIn(f"善后任务 任务 0/{number}", after)
        self.assertIn("善后工作组 任务 0/5", after)

    def test_the_county_s_head_works_on_what_falls_to_the_group_it_led(self) -> None:
        incident = a_fire(3)
        endings.declare(incident.pk, actor=person("wang"), at=minutes(2))
        task = Task.objects.filter(incident=incident, bearer="善后工作组", phase="aftercare").first()
        assert task
        self.assertIn(f"/tasks/{task.pk}/accept/", self.page(incident, "shuocheng"))
