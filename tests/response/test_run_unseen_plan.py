"""A plan that no code has seen: who decides and ends, and who gets the work of its units."""

from typing import Any

import pytest

from plans import organisations
from plans.actions import versions
from plans.documents import PlanDocument, Ref
from response import authority, bearers, chain
from response.actions import decisions, endings, incidents, reviews
from response.actions.incidents import Call
from response.activation import what_starts
from response.bearers import Ground
from response.models import Incident, Task
from shuozhou_ops.accounts.models import Organisation
from shuozhou_ops.deadlines import sweeping
from shuozhou_ops.errors import NotAuthorised
from shuozhou_ops.journal import verification
from shuozhou_ops.journal.actors import SYSTEM, Actor
from shuozhou_ops.notices.models import Notice
from tests.cast import NOON, fresh, minutes, person
from tests.plans.small_plan import plan, tree
from tests.response.web import WebCase, logged_in, text_of

pytestmark = [pytest.mark.django_db, pytest.mark.both]


def a_plan(**changes: Any) -> PlanDocument:
    """The small plan with a member that nobody knows, whose duty is one of the response."""
    duties = [{"unit": "市防汛办", "text": "会商", "cite": "附件3", "phase": "response"}]
    levels = tree()["levels"]
    levels[0]["tells"] = "all"
    return plan(**{"duties": duties, "levels": levels, **changes})


def started(document: PlanDocument, *counties: str) -> Incident:
    """An incident at level 3 of this plan, in 应县 where nothing else is said."""
    versions.load(document, actor=SYSTEM, at=NOON)
    places = counties or ("yingxian",)
    call = Call(plan="flood", place="桑干河", source="call", counties=places, facts={"dam_broken": True})
    incident = incidents.log(call, actor=person("desk"), at=NOON)
    decisions.decide(incident.pk, 3, actor=person("li"), at=minutes(1))
    return incident


def test_it_runs_from_the_call_to_the_closing() -> None:
    incident = started(a_plan())
    task = Task.objects.get(incident=incident, text="会商")
    assert task.unit == Organisation.objects.get(name="市防汛办")
    endings.confirm(incident.pk, 0, actor=person("water"), at=minutes(2), basis="看过")
    with pytest.raises(NotAuthorised) as refused:
        endings.declare(incident.pk, actor=person("water"), at=minutes(3))
    assert "由指挥长宣布" in refused.value.message
    endings.declare(incident.pk, actor=person("li"), at=minutes(4))
    reviews.open_review(incident.pk, actor=person("water"), at=minutes(5))
    reviews.close(incident.pk, actor=person("water"), at=minutes(6))
    assert fresh(incident).status == "closed"
    assert verification.faults() == []


def test_a_text_may_be_as_long_as_the_plan_has_it() -> None:
    levels, ending = tree()["levels"], tree()["ending"]
    levels[0]["measures"][0]["text"] = ending[0]["conditions"][0]["text"] = "长" * 2000
    incident = started(plan(levels=levels, ending=ending))
    assert Task.objects.filter(incident=incident, text="长" * 2000).exists()
    assert endings.confirm(incident.pk, 0, actor=person("water"), at=minutes(2), basis="看过").text == "长" * 2000


def test_the_word_of_the_headquarters_is_its_commanders_and_that_of_the_office_its_directors() -> None:
    document = plan()
    for role, post in (("headquarters", "vice_mayor"), ("office", "water.head"), ("commander", "vice_mayor")):
        assert bearers.posts(Ref(role, role, "role"), document) == {post}


class EndingPageTests(WebCase):
    def test_the_page_names_who_declares_the_end_and_his_desk_asks_him(self) -> None:
        incident = started(a_plan())
        self.assertIn("由谁宣布： 指挥长 李副市长", self.text(incident, "desk").replace("：", "： ").replace("  ", " "))
        endings.confirm(incident.pk, 0, actor=person("water"), at=minutes(2), basis="看过")
        self.assertIn("结束条件已全部确认", text_of(logged_in("li").get("/").content.decode()))
        self.assertNotIn("结束条件已全部确认", text_of(logged_in("water").get("/").content.decode()))


@pytest.mark.parametrize(
    ("field", "enders"),
    [
        (None, {"vice_mayor"}),
        ({"set_up": "as_needed", "composition": "by_commander", "cite": "5.6"}, {"vice_mayor"}),
        (
            {"set_up": "as_needed", "composition": "listed", "cite": "5.6", "commanders": ["emergency.head"]},
            {"emergency.head", "vice_mayor"},
        ),
    ],
)
def test_where_no_field_commander_is_named_the_other_one_declares_the_end(field: Any, enders: set[str]) -> None:
    assert chain.enders(plan(field_headquarters=field), 3) == enders


def in_the_field(**changes: Any) -> PlanDocument:
    """The small plan with a vice mayor of his own in the field, who decides no level, and no level below the third."""
    field = {"set_up": "on_arrival", "composition": "listed", "cite": "5.6", "commanders": ["vice_mayor_emergency"]}
    third = {**tree()["levels"][0], "includes": []}
    ending = [{**tree()["ending"][0], "levels": [3]}]
    return plan(**{"field_headquarters": field, "levels": [third], "ending": ending, **changes})


def test_a_commander_in_the_field_is_of_the_chain_and_the_headquarters_commander_his_superior() -> None:
    document = in_the_field()
    assert chain.enders(document, 3) == {"vice_mayor_emergency", "vice_mayor"}
    assert "vice_mayor_emergency" in chain.all_posts(document)


def test_where_none_stands_in_the_field_the_end_is_declared_in_the_post_of_the_other() -> None:
    held = (("commander_in_chief", "总指挥"), ("vice_mayor", "分管副市长"))
    both = Actor("user/1", "李", frozenset(key for key, _name in held), post_names=held)
    assert authority.as_ender(plan(), both, level=3).name_of_post() == "分管副市长"


def test_the_mildest_level_has_its_field_headquarters_and_groups_where_more_than_the_office_decides_it() -> None:
    groups = [{**tree()["groups"][0], "from_level": None}]
    for decider, called in (
        ("commander", {"headquarters", "field_headquarters", "group", "team"}),
        ("office_director", {"headquarters", "team"}),
    ):
        levels = [{**tree()["levels"][0], "includes": [], "decided_by": decider}]
        document = in_the_field(levels=levels, groups=groups)
        assert {item.kind for item in what_starts(document, 3, Ground((), ())).called} == called


def test_the_office_is_reminded_and_closes_also_where_it_decides_no_level() -> None:
    incident = started(in_the_field())
    sweeping.sweep(minutes(20))
    reminder = Notice.objects.get(stream=incident.stream, kind=Notice.Kind.REMINDER)
    assert reminder.position is not None
    assert reminder.position.key == "water.head"
    endings.confirm(incident.pk, 0, actor=person("water"), at=minutes(21), basis="看过")
    endings.declare(incident.pk, actor=person("li"), at=minutes(22))
    reviews.open_review(incident.pk, actor=person("water"), at=minutes(23))
    reviews.close(incident.pk, actor=person("water"), at=minutes(24))
    assert fresh(incident).status == "closed"


def test_a_paper_of_the_county_is_owed_by_each_of_several() -> None:
    papers = [{"name": "重建规划", "by": "county", "cite": "5.6"}, {"name": "评估报告", "by": "office", "cite": "5.6"}]
    incident = started(a_plan(aftercare={"papers": papers}), "yingxian", "shanyin")
    endings.confirm(incident.pk, 0, actor=person("water"), at=minutes(2), basis="看过")
    endings.declare(incident.pk, actor=person("li"), at=minutes(3))
    reviews.open_review(incident.pk, actor=person("water"), at=minutes(4))
    owed = set(incident.papers.values_list("name", "author__key"))
    assert owed == {("重建规划", "yingxian"), ("重建规划", "shanyin"), ("评估报告", "water")}


class RecordedReportTests(WebCase):
    def test_a_report_that_nobody_waits_for_leaves_the_next_step_with_the_one_who_decides(self) -> None:
        levels = tree()["levels"]
        levels[1]["chain"] = [{"act": "report", "by": "office_director", "to": "commander", "is": "recorded"}]
        versions.load(a_plan(levels=levels), actor=SYSTEM, at=NOON)
        call = Call(plan="flood", place="桑干河", source="call", counties=("yingxian",), facts={"rain_mm": 60})
        incident = incidents.log(call, actor=person("desk"), at=NOON)
        self.assertIn("下一步：决定启动四级响应", self.text(incident, "water"))


def test_a_member_is_found_by_its_name_where_nobody_has_its_key() -> None:
    headquarters = {**tree()["headquarters"], "members": [{"name": "市应急管理局", "key": "yingji", "kind": "unit"}]}
    document = a_plan(
        headquarters=headquarters, groups=[], warnings=[], levels=[{**tree()["levels"][1], "tells": "all"}]
    )
    assert document.headquarters.members[0].key == "yingji"
    assert organisations.directory().knows(document.headquarters.members[0])
    assert what_starts(document, 4, Ground((), ())).told == ("emergency",)


def test_what_falls_to_a_subgroup_is_done_by_its_group_under_its_own_lead_or_the_groups() -> None:
    ground = Ground((), ())
    for leaders, lead in (([], "water.head"), (["fire_rescue.head"], "fire_rescue.head")):
        groups = tree()["groups"]
        groups[0]["subgroups"][0]["leaders"] = leaders
        order = next(order for order in what_starts(plan(groups=groups), 3, ground).orders if order.text == "测绘")
        assert (order.bearer.name, order.bearer.post, order.to) == ("测绘小组", lead, ("group", "general"))
    groups[0]["from_level"] = 2
    order = next(order for order in what_starts(plan(groups=groups), 3, ground).orders if order.text == "测绘")
    assert (order.bearer.name, order.bearer.unit, order.to) == ("测绘小组", "water", None)
