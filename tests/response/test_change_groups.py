"""The commander adds, drops and changes groups, members, leads and tasks (2.3, 5.4.2(2))."""

import pytest
from django.test import override_settings
from django.urls import reverse

from response.actions import decisions, groups, incidents, own_tasks, standing, tasks, teams
from response.actions.incidents import Call
from response.actions.own_tasks import Given
from response.actions.standing import Commander
from response.actions.teams import Named
from response.models import Deployment, DeploymentSeat, Incident, Task
from shuozhou_ops import clock
from shuozhou_ops.errors import BadInput, Conflict, NotAuthorised
from shuozhou_ops.journal import readers
from shuozhou_ops.notices.models import Notice
from tests.cast import NOON, a_response, fresh, minutes, open_decision, person, verbs
from tests.response.web import logged_in

pytestmark = [pytest.mark.django_db, pytest.mark.both]


def a_group(incident: Incident) -> Deployment:
    """A group that has tasks and a lead."""
    found = Deployment.objects.filter(incident=incident, kind="group", tasks__isnull=False).order_by("pk").first()
    assert found is not None
    return found


def release(group: Deployment, who: str = "li") -> None:
    groups.release(group.pk, actor=person(who), at=minutes(5), reason="用不上")


def test_a_released_group_has_no_open_task_and_is_called_again_with_them() -> None:
    incident = a_response(3)
    group = a_group(incident)
    theirs = set(group.tasks.values_list("item", flat=True))
    release(group)
    group.refresh_from_db()
    assert group.status == "released"
    assert set(group.tasks.values_list("status", flat=True)) == {"released"}
    assert readers.stream(incident.stream)[-1].payload["tasks"] == len(theirs)
    with pytest.raises(Conflict):
        release(group)
    again = groups.call(incident.pk, actor=person("li"), at=minutes(8), group=group.key)
    assert set(again.tasks.values_list("item", flat=True)) == theirs
    assert set(again.seats.values_list("name", flat=True)) == set(group.seats.values_list("name", flat=True))
    with pytest.raises(Conflict):
        groups.call(incident.pk, actor=person("li"), at=minutes(9), group=group.key)


def test_one_of_his_own_stays_when_the_level_is_lowered_to_another_that_is_commanded() -> None:
    incident = a_response(2)
    own = groups.call(incident.pk, actor=person("li"), at=minutes(3), name="舆情专班", reason="谣言多")
    assert own.key == "own/1"
    task = own_tasks.give(
        incident.pk, Given("每两小时报一次舆情", deployment=own.pk), actor=person("li"), at=minutes(4)
    )
    with pytest.raises(Conflict):
        groups.call(incident.pk, actor=person("li"), at=minutes(4), name="舆情专班")
    for level, left in ((3, ("called", "assigned")), (4, ("released", "released"))):
        decisions.decide(incident.pk, level, actor=person("wang"), at=minutes(10 - level), reason="缓解")
        own.refresh_from_db()
        task.refresh_from_db()
        assert (own.status, task.status) == left


def test_a_lead_is_added_or_put_in_the_place_of_the_plans() -> None:
    incident = a_response(3)
    group = a_group(incident)
    before = set(group.seats.filter(role="lead").values_list("name", flat=True))
    teams.seat(group.pk, Named("lead", unit="commerce"), actor=person("li"), at=minutes(2))
    leads = group.seats.filter(role="lead", left_at=None)
    assert set(leads.values_list("name", flat=True)) == before | {"市商务局"}
    named = Named("lead", person_name="高队长", person_post="救援队", person_phone="13800000000", instead=True)
    teams.seat(group.pk, named, actor=person("li"), at=minutes(3))
    assert [seat.name for seat in leads.all()] == ["高队长"]
    assert set(readers.stream(incident.stream)[-1].payload["instead_of"]) == before | {"市商务局"}
    assert set(group.tasks.values_list("unit", flat=True)) == {None}


def test_whoever_is_put_in_the_place_of_a_lead_speaks_for_the_groups_tasks_and_the_other_no_longer() -> None:
    incident = a_response(3)
    group = a_group(incident)
    task = group.tasks.first()
    assert task is not None
    teams.seat(group.pk, Named("lead", unit="commerce", instead=True), actor=person("li"), at=minutes(3))
    for who in ("zhang", "fire_rescue", "health"):
        with pytest.raises(NotAuthorised):
            tasks.accept(task.pk, actor=person(who), at=minutes(4))
    tasks.accept(task.pk, actor=person("commerce"), at=minutes(4))


def test_a_member_is_let_go_with_a_reason_and_only_once() -> None:
    incident = a_response(3)
    seat = a_group(incident).seats.filter(role="member").first()
    assert seat is not None
    with pytest.raises(BadInput):
        teams.unseat(seat.pk, actor=person("li"), at=minutes(3), reason="")
    teams.unseat(seat.pk, actor=person("li"), at=minutes(3), reason="另有任务")
    assert DeploymentSeat.objects.get(pk=seat.pk).left_at == minutes(3)
    with pytest.raises(Conflict):
        teams.unseat(seat.pk, actor=person("li"), at=minutes(4), reason="另有任务")
    assert verbs(incident).count("deployment.unseated") == 1


def test_a_task_of_his_own_goes_to_a_unit_a_group_or_one_named_in_words() -> None:
    incident = a_response(3)
    group = a_group(incident)
    given = [
        own_tasks.give(incident.pk, what, actor=person("zhang"), at=minutes(2))
        for what in (
            Given("清点帐篷", unit="commerce", due_at=minutes(60)),
            Given("复查东坡", deployment=group.pk),
            Given("联系蓝天救援队", bearer="志愿者联络人"),
        )
    ]
    assert [task.item for task in given] == ["own/1", "own/2", "own/3"]
    assert [task.bearer for task in given] == ["市商务局", group.name, "志愿者联络人"]
    assert given[0].due_at == minutes(60)
    assert given[1].deployment == group
    assert Notice.objects.filter(stream=incident.stream, unit__key="commerce", needs_receipt=True).exists()
    tasks.accept(given[0].pk, actor=person("commerce"), at=minutes(3))
    for wrong in (
        Given("x"),
        Given("x", unit="commerce", bearer="某人"),
        Given("x", unit="no_such"),
        Given(" ", unit="commerce"),
        Given("x", unit="commerce", due_at=minutes(1)),
    ):
        with pytest.raises(BadInput):
            own_tasks.give(incident.pk, wrong, actor=person("zhang"), at=minutes(2))
    assert verbs(incident).count("task.given") == 3


def test_one_task_is_taken_back_with_a_reason_and_a_done_one_is_not() -> None:
    incident = a_response(3)
    first, second = Task.objects.filter(incident=incident, unit__key="transport").order_by("pk")[:2]
    own_tasks.release(first.pk, actor=person("li"), at=minutes(3), reason="道路已通")
    assert Task.objects.get(pk=first.pk).status == "released"
    assert Notice.objects.filter(subject=f"task/{first.pk}", unit__key="transport").count() == 1
    tasks.finish(second.pk, "办妥", actor=person("transport"), at=minutes(4))
    with pytest.raises(Conflict):
        own_tasks.release(second.pk, actor=person("li"), at=minutes(5), reason="不用了")


@pytest.mark.parametrize(("who", "may"), [("li", True), ("wang", True), ("zhang", False), ("deputy", False)])
def test_the_groups_are_the_commander_s_to_change_and_no_office_s(who: str, may: bool) -> None:
    """地震 2.2：指挥长调整工作组的组成单位；办公室主任和副指挥长不能。"""
    incident = a_response(3)
    group, actor = a_group(incident), person(who)
    member = group.seats.filter(role="member").first()
    assert member is not None
    for act in (
        lambda: groups.call(incident.pk, actor=actor, at=minutes(2), name="专班"),
        lambda: teams.seat(group.pk, Named("member", unit="commerce"), actor=actor, at=minutes(2)),
        lambda: teams.unseat(member.pk, actor=actor, at=minutes(2), reason="另有任务"),
        lambda: groups.release(group.pk, actor=actor, at=minutes(2), reason="用不上"),
    ):
        if may:
            act()
        else:
            with pytest.raises(NotAuthorised):
                act()


def test_who_commands_in_the_field_changes_the_field_s_groups_and_no_others() -> None:
    """火灾 2.3、地质 2.2：工作组设在现场指挥部之下；地震 2.2 设在市指挥部之下。"""
    call = Call("geological_hazard", place="桑干河边", source="call", counties=("yingxian",), facts={"deaths": 4})
    landslide = incidents.log(call, actor=person("desk"), at=NOON)
    decisions.approve(open_decision(landslide).pk, actor=person("li"), at=NOON)
    for incident, may in ((landslide, True), (a_response(3), False)):
        field = Deployment.objects.get(incident=incident, kind="field_headquarters")
        standing.stand(field.pk, "村委会", actor=person("li"), at=NOON, commander=Commander(account="chen"))
        with override_settings(DEMO=True), clock.at(minutes(1)):
            page = logged_in("chen").get(reverse("incident", args=[incident.public_id])).content.decode()
        assert ("/call-group/" in page) == may
        if may:
            groups.call(incident.pk, actor=person("chen"), at=minutes(2), name="专班")
        else:
            with pytest.raises(NotAuthorised):
                groups.call(incident.pk, actor=person("chen"), at=minutes(2), name="专班")


def test_at_a_level_that_the_office_answers_alone_its_director_calls_groups() -> None:
    incident = a_response(4)
    with pytest.raises(NotAuthorised):
        groups.call(incident.pk, actor=person("deputy"), at=minutes(2), name="专班")
    assert groups.call(incident.pk, actor=person("zhang"), at=minutes(2), name="专班").name == "专班"


def test_only_the_chain_changes_anything_and_only_while_a_response_runs() -> None:
    incident = a_response(3)
    group, task = a_group(incident), Task.objects.filter(incident=incident).first()
    seat = group.seats.first()
    assert task is not None
    assert seat is not None
    for who in ("desk", "transport", "yingxian", "auditor"):
        actor = person(who)
        for act in (
            lambda actor=actor: groups.call(incident.pk, actor=actor, at=minutes(2), name="专班"),
            lambda actor=actor: groups.release(group.pk, actor=actor, at=minutes(2), reason="x"),
            lambda actor=actor: teams.unseat(seat.pk, actor=actor, at=minutes(2), reason="x"),
            lambda actor=actor: own_tasks.give(incident.pk, Given("x", unit="health"), actor=actor, at=minutes(2)),
            lambda actor=actor: own_tasks.release(task.pk, actor=actor, at=minutes(2), reason="x"),
        ):
            with pytest.raises(NotAuthorised):
                act()
    assert verbs(fresh(incident))[-1] == "level.started"
    head = Deployment.objects.get(incident=incident, kind="headquarters")
    with pytest.raises(Conflict):
        release(head)
