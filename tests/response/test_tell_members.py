"""Who is told of a level, and what becomes a task: over all plans, and where the office ticks (interpretation 18)."""

import re
from collections.abc import Iterator
from typing import Any

import pytest

from plans import registry
from plans.documents import PlanDocument
from plans.organisations import key_of, unit_of
from response import chain
from response.actions import decisions, facts, incidents
from response.actions.incidents import Call
from response.activation import Activation, what_starts
from response.bearers import County, Ground
from response.models import Incident, Task
from shuozhou_ops.errors import BadInput
from shuozhou_ops.journal import readers, record, verification
from shuozhou_ops.notices.models import Notice
from tests.cast import NOON, fresh, minutes, open_decision, person
from tests.response.web import WebCase, text_of

HERE = County("yingxian", "应县")
GROUND = Ground((HERE,), (HERE, County("shanyin", "山阴县")))
SEATED = "health"  # sits in a group and leads one
TICKABLE = "culture_tourism"  # sits in no group of the forest plan and bears nothing


def levels() -> Iterator[Any]:
    for key in registry.library_keys():
        document = registry.from_library(key)
        for level in document.levels:
            yield pytest.param(document, level.level, id=f"{key}-{level.level}")


def members(document: PlanDocument) -> list[str]:
    return [key_of(ref) for ref in document.headquarters.members]


def some_ticks(document: PlanDocument) -> list[list[str] | None]:
    """Untouched, nobody, everybody."""
    return [None, [], members(document)]


@pytest.mark.parametrize(("document", "level"), list(levels()))
class TestEveryPlanAndLevel:
    def activations(self, document: PlanDocument, level: int) -> list[Activation]:
        return [what_starts(document, level, GROUND, ticked=ticked) for ticked in some_ticks(document)]

    def test_nobody_who_bears_or_leads_anything_is_missing(self, document: PlanDocument, level: int) -> None:
        for found in self.activations(document, level):
            charged = [order.bearer for order in found.orders] + [lead for item in found.called for lead in item.leads]
            told = {*found.told, *found.posts, *frozenset().union(*chain.ladder(document))}
            assert [item for item in charged if not {item.unit, item.post} & (told | {None})] == []
            nobodys = {item.name for item in charged if not (item.unit or item.post)}
            assert not nobodys & {ref.name for ref in document.headquarters.members}

    def test_told_and_informed_are_every_member_once(self, document: PlanDocument, level: int) -> None:
        for found in self.activations(document, level):
            both = [unit for unit in (*found.told, *found.informed) if unit in members(document)]
            assert sorted(both) == sorted(members(document))

    def test_nobody_is_given_one_task_twice(self, document: PlanDocument, level: int) -> None:
        for found in self.activations(document, level):
            given = [
                (order.item, order.bearer.post or order.bearer.unit or order.bearer.name) for order in found.orders
            ]
            assert len(given) == len(set(given))

    def test_the_told_in_no_deployed_group_have_their_duties_of_the_response(
        self, document: PlanDocument, level: int
    ) -> None:
        """Also where no group is deployed at all: then everyone who is told has them."""
        for found in self.activations(document, level):
            groups = [item for item in found.called if item.kind == "group"]
            seated = {seat.bearer.unit for item in groups for seat in item.seats}
            wanted = {
                f"duty/{place}"
                for place, duty in enumerate(document.duties)
                if duty.phase == "response" and key_of(unit_of(duty)) in set(found.told) - seated
            }
            assert {order.item for order in found.orders if order.item.startswith("duty/")} == wanted

    def test_only_where_the_plan_leaves_it_to_ticks_they_count(self, document: PlanDocument, level: int) -> None:
        untouched, nobody, everybody = self.activations(document, level)
        if document.level(level).tells == "ticked":
            assert set(nobody.told) <= set(untouched.told) < set(everybody.told) or not untouched.informed
            assert everybody.informed == ()
            assert nobody.must == untouched.must <= {*nobody.told}
        else:
            assert untouched == nobody == everybody


def a_forest_fire() -> Incident:
    call = Call(
        plan="forest_grassland_fire", place="紫荆山", source="call", counties=("yingxian",), facts={"deaths": 1}
    )
    return incidents.log(call, actor=person("desk"), at=NOON)


def told(incident: Incident, kind: str = "activation") -> set[str]:
    rows = Notice.objects.filter(stream=incident.stream, kind=kind, unit__isnull=False)
    return set(rows.values_list("unit__key", flat=True))


class TestTicking:
    """The decision tells the ticked, and keeps whom."""

    pytestmark = [pytest.mark.django_db, pytest.mark.both]

    def test_untouched_the_groups_and_the_bearers_are_told_and_the_decision_keeps_whom(self) -> None:
        incident = a_forest_fire()
        made = decisions.approve(open_decision(incident).pk, actor=person("hao"), at=minutes(1))
        assert SEATED in told(incident)
        assert TICKABLE in told(incident, "information")
        assert set(made.ticked or ()) == told(incident) & set(
            members(registry.in_force(made.incident.plan_version.plan.key))
        )
        entry = readers.stream(incident.stream)[-1]
        assert readers.fold([entry])[record.thing(made)]["ticked"] == made.ticked
        assert verification.faults() == []

    def test_the_ticked_are_told_and_get_their_duties_of_annex_2(self) -> None:
        incident = a_forest_fire()
        decisions.approve(open_decision(incident).pk, actor=person("hao"), at=minutes(1), ticked=[TICKABLE])
        assert TICKABLE in told(incident)
        assert Task.objects.filter(incident=incident, unit__key=TICKABLE, item__startswith="duty/").exists()

    def test_who_only_sits_in_a_group_can_be_left_out_and_who_leads_one_cannot(self) -> None:
        incident = a_forest_fire()
        decisions.approve(open_decision(incident).pk, actor=person("hao"), at=minutes(1), ticked=[])
        assert {"health", "yingxian"} <= told(incident)
        assert "civil_affairs" in told(incident, "information")

    def test_the_ticks_of_the_office_director_stand_unless_the_commander_touches_them(self) -> None:
        incident = a_forest_fire()
        waiting = open_decision(incident).pk
        decisions.propose(waiting, actor=person("zhang"), at=NOON, ticked=[TICKABLE])
        decisions.approve(waiting, actor=person("jin"), at=minutes(1))
        assert TICKABLE in told(incident)
        assert "civil_affairs" not in told(incident)

    def test_a_raise_leaves_nobody_out_who_was_told(self) -> None:
        incident = a_forest_fire()
        decisions.approve(open_decision(incident).pk, actor=person("hao"), at=minutes(1), ticked=[TICKABLE])
        facts.report(incident.pk, {"deaths": 3}, actor=person("desk"), at=minutes(2), source="县")
        decisions.approve(open_decision(incident).pk, actor=person("wang"), at=minutes(3), ticked=[])
        assert TICKABLE in told(incident, "change")

    def test_a_lowering_releases_whom_the_ticks_leave_out(self) -> None:
        incident = a_forest_fire()
        decisions.approve(open_decision(incident).pk, actor=person("hao"), at=minutes(1), ticked=[TICKABLE])
        again = {"reason": "火势减弱", "ticked": []}
        decisions.decide(incident.pk, 4, actor=person("hao"), at=minutes(2), **again)
        assert TICKABLE in told(incident, "release")
        assert not Task.objects.filter(incident=incident, unit__key=TICKABLE).exclude(status="released").exists()

    def test_a_stranger_s_tick_is_refused_and_nothing_is_written(self) -> None:
        incident = a_forest_fire()
        with pytest.raises(BadInput) as refused:
            decisions.approve(open_decision(incident).pk, actor=person("hao"), at=minutes(1), ticked=["audit"])
        assert refused.value.fields == {"ticked"}
        assert (fresh(incident).level, told(incident)) == (None, set())

    def test_a_commander_in_the_field_who_decides_nothing_is_told_too(self) -> None:
        incident = a_forest_fire()
        decisions.approve(open_decision(incident).pk, actor=person("hao"), at=minutes(1))
        notice = Notice.objects.get(stream=incident.stream, position__key="vice_mayor", needs_receipt=True)
        assert (notice.kind, notice.received_at) == ("activation", None)

    def test_a_deputy_with_a_measure_is_told_through_the_office_he_belongs_to(self) -> None:
        incident = a_forest_fire()
        decisions.approve(open_decision(incident).pk, actor=person("hao"), at=minutes(1))
        assert "city_government_office" in told(incident)


class TickingPageTests(WebCase):
    """The list on the page: folded, and of no consequence where nobody opens it."""

    def boxes(self, page: str, form: str, name: str = "ticked") -> dict[str, str]:
        """The boxes of one form: the value and the marks it carries."""
        part = page[page.index(f'id="act-{form}"') :]
        box = rf'<input type="checkbox" name="{name}" value="(\w+)"([^>]*)>'
        return dict(re.findall(box, part[: part.index("</form>")]))

    def test_it_is_ticked_beforehand_and_says_who_cannot_be_unticked(self) -> None:
        incident = a_forest_fire()
        waiting = open_decision(incident).pk
        page = self.page(incident, "hao")
        boxes = self.boxes(page, f"approve-{waiting}")
        assert set(boxes) == set(members(registry.in_force("forest_grassland_fire")))
        assert ("checked" in boxes["health"], "disabled" in boxes["health"]) == (True, True)
        assert ("checked" in boxes["civil_affairs"], "disabled" in boxes["civil_affairs"]) == (True, False)
        assert "checked" not in boxes[TICKABLE]
        assert "市卫健委（必通知）" in text_of(page)

    def test_one_press_is_enough(self) -> None:
        incident = a_forest_fire()
        self.done(self.settle("hao", open_decision(incident).pk, "approve"))
        assert "civil_affairs" in told(incident)

    def test_what_is_unticked_gets_a_copy_and_the_page_says_so_afterwards(self) -> None:
        incident = a_forest_fire()
        waiting = open_decision(incident).pk
        ticked = {"ticked-asked": "1", "ticked": [TICKABLE]}
        self.done(self.settle("hao", waiting, "approve", **ticked))
        assert "civil_affairs" in told(incident, "information")
        text = self.text(incident, "auditor")
        named, copied = text[text.index("成员单位：勾选通知") :].split("告知：")[:2]
        assert "市文旅局" in named
        assert "市民政局" in copied[: copied.index("所依据") if "所依据" in copied else None]
        assert "市民政局" not in named

    def test_the_commander_sees_the_director_s_ticks_and_what_they_come_to(self) -> None:
        incident = a_forest_fire()
        waiting = open_decision(incident).pk
        self.done(self.settle("zhang", waiting, "propose", **{"ticked-asked": "1", "ticked": [TICKABLE]}))
        page = self.page(incident, "jin")
        boxes = self.boxes(page, f"approve-{waiting}")
        assert "checked" in boxes[TICKABLE]
        assert "checked" not in boxes["civil_affairs"]
        number = re.search(r"通知 (\d+) 个单位，告知 (\d+) 个单位", text_of(page))
        assert number
        decisions.approve(waiting, actor=person("jin"), at=minutes(3))
        assert [len(told(incident)), len(told(incident, "information"))] == [int(number[1]), int(number[2])]

    def test_each_level_that_can_be_chosen_has_its_own_list(self) -> None:
        incident = a_forest_fire()
        typed = {
            "to_level": "4",
            "reason": "火小",
            "ticked-4-asked": "1",
            "ticked-4": [TICKABLE],
            "ticked-3-asked": "1",
        }
        self.done(self.post("zhang", incident, "decide", **typed))
        assert told(incident) == {"emergency", TICKABLE, "yingxian"}

    def test_a_refused_form_keeps_the_ticks_that_were_set(self) -> None:
        incident = a_forest_fire()
        typed = {"to_level": "2", "ticked-2-asked": "1", "ticked-2": [TICKABLE]}
        answer = self.post("wang", incident, "decide", **typed)
        assert answer.status_code == 400
        boxes = self.boxes(answer.content.decode(), "decide", "ticked-2")
        assert "checked" in boxes[TICKABLE]
        assert "checked" not in boxes["civil_affairs"]

    def test_a_plan_that_leaves_nothing_to_ticks_has_no_list(self) -> None:
        call = Call(plan="earthquake", place="应县", source="call", counties=("yingxian",), facts={"magnitude": 5.2})
        incident = incidents.log(call, actor=person("desk"), at=NOON)
        assert 'type="checkbox" name="ticked' not in self.page(incident, "wang")
