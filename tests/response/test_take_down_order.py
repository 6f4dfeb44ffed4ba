"""A spoken order is written down by another hand: in effect at once, in the giver's name, witnessed where asked."""

from datetime import datetime
from typing import Any

import pytest

from response.actions import decisions, endings, orders, replanning
from response.actions.orders import Said
from response.actions.settling import Settle
from response.actions.standing import Commander
from response.models import Incident, LevelDecision, SpokenOrder
from shuozhou_ops.accounts.actions import appointments
from shuozhou_ops.accounts.models import Position
from shuozhou_ops.errors import BadInput, Conflict, NotAuthorised
from shuozhou_ops.journal import readers, verification
from shuozhou_ops.journal.actors import SYSTEM
from shuozhou_ops.notices.models import Notice
from tests.cast import NOON, a_response, an_earthquake, an_ended, fresh, minutes, open_decision, person, user, verbs
from tests.response.test_mark_incident import a_fire
from tests.response.test_stand_headquarters import a_landslide, confirmed, stood
from tests.response.web import WebCase, text_of

pytestmark = [pytest.mark.django_db, pytest.mark.both]


def said(giver: str = "li", at: float = 1, **more: Any) -> Said:
    """What the giver said by phone, so many minutes after NOON."""
    return Said(giver=user(giver).pk, said_at=minutes(at), means=more.pop("means", "phone"), **more)


def take_down(
    incident: Incident, level: int | None, order: Said, at: float = 3, who: str = "desk", **more: Any
) -> SpokenOrder:
    return orders.take_down(incident.pk, level, order, actor=person(who, minutes(at)), at=minutes(at), **more)


def refused(incident: Incident, level: int | None, order: Said, **more: Any) -> Any:
    """What the desk was told; and that nothing was written."""
    before = (verbs(incident), LevelDecision.objects.count(), Notice.objects.count())
    with pytest.raises((BadInput, Conflict, NotAuthorised)) as error:
        take_down(incident, level, order, **more)
    assert (verbs(incident), LevelDecision.objects.count(), Notice.objects.count()) == before
    assert not SpokenOrder.objects.exists()
    return error.value


def test_it_is_in_effect_at_once_in_the_giver_s_name_by_the_writer_s_hand() -> None:
    incident = an_earthquake()
    order = take_down(incident, 3, said(words="按三级启动"))
    incident = fresh(incident)
    assert (incident.status, incident.level, incident.started_at) == ("responding", 3, minutes(3))
    decision = order.decision
    step = decision.steps.get(act="decide")
    assert (step.by_name, step.at, step.means) == ("李副市长", minutes(1), "phone")
    assert step.recorded_by == user("desk")
    entry = readers.stream(incident.stream)[-1]
    assert (entry.verb, entry.actor, entry.recorded_by) == ("level.started", user("li").ref, user("desk").ref)
    assert (order.status, order.giver_post, order.recorded_at) == ("open", step.by_post, minutes(3))
    assert verification.faults() == []


def test_an_open_proposal_to_that_level_is_settled_by_it() -> None:
    incident = an_earthquake()
    waiting = open_decision(incident)
    assert take_down(incident, 3, said()).decision == waiting
    assert LevelDecision.objects.get(incident=incident).status == "approved"


def test_the_giver_and_the_office_directors_are_told_in_the_same_act_and_nobody_twice() -> None:
    incident = an_earthquake()
    order = take_down(incident, 3, said(words="按三级启动"))
    told = Notice.objects.filter(stream=incident.stream, subject=f"leveldecision/{order.decision_id}", unit=None)
    titles = {notice.position.key: notice.title for notice in told if notice.position}
    assert len(told) == len(titles)
    for post in ("vice_mayor", "emergency.head"):
        assert "周值班代记" in titles[post]
        assert "口头令：启动三级响应" in titles[post]
    assert "决定启动三级响应" in titles["commander_in_chief"]
    assert all(notice.sent_at == minutes(3) for notice in told)


def test_both_directors_of_the_forest_plan_are_told() -> None:
    fire = a_fire(facts={"forest_area_ha": 120})
    take_down(fire, 3, said("hao"), reason="火势蔓延")
    told = Notice.objects.filter(stream=fire.stream, title__contains="口头令").values_list("position__key", flat=True)
    assert {"emergency.head", "natural_resources.head", "vice_mayor_emergency"} == set(told)


def test_the_giver_is_told_in_a_post_that_he_holds_now_too() -> None:
    """He acted for the vice mayor till two minutes past: who holds that post now is told, and he in his own."""
    post = Position.objects.get(key="vice_mayor")
    appointments.appoint(post.pk, user("chen").pk, actor=SYSTEM, at=NOON, kind="acting", until=minutes(2))
    incident = an_earthquake()
    take_down(incident, 3, said("chen", at=1))
    assert by_mouth(incident) == {"vice_mayor", "emergency.head", "emergency.deputy"}


def test_who_commands_in_the_field_is_told_of_the_end_that_stands_in_his_name() -> None:
    incident = confirmed(in_the_field())
    take_down(incident, None, said("chen", at=7), at=8)
    assert by_mouth(incident) == {"emergency.head", "natural_resources.head", "emergency.deputy"}


def by_mouth(incident: Incident) -> set[str]:
    """The posts told of a spoken order; each once."""
    told = Notice.objects.filter(stream=incident.stream, title__contains="代记").values_list("position__key", flat=True)
    assert len(told) == len(set(told))
    return set(told)


def in_the_field() -> Incident:
    """A landslide whose field headquarters stands, commanded by one who decides no level."""
    incident = a_landslide()
    stood(incident, Commander(account="chen"))
    return incident


@pytest.mark.parametrize(("level", "giver"), [(2, "wang"), (1, "wang")])
def test_levels_two_and_one_need_a_witness(level: int, giver: str) -> None:
    incident = an_earthquake(magnitude=6.2 if level == 2 else 7.2)
    error = refused(incident, level, said(giver))
    assert error.fields == {"witness_name"}
    order = take_down(incident, level, said(giver, witness_name="夜班接线员"))
    assert order.decision.steps.get(act="decide").witness == "夜班接线员"


def test_lowering_from_two_to_three_needs_a_witness_too() -> None:
    incident = a_response(2)
    assert refused(incident, 3, said("wang"), reason="灾情减轻").fields == {"witness_name"}
    order = take_down(incident, 3, said("wang", witness=user("zhang").pk), reason="灾情减轻")
    assert (fresh(incident).level, order.witness, order.witness_name) == (3, user("zhang"), "张局长")


@pytest.mark.parametrize(
    "witness",
    [
        {"witness": "wang"},
        {"witness": "desk"},
        {"witness_name": "王市长"},
        {"witness_name": "王 市长 "},
        {"witness_name": "周值班"},
    ],
)
def test_the_witness_is_another_person_than_giver_and_writer(witness: dict[str, str]) -> None:
    incident = an_earthquake(magnitude=6.2)
    typed: dict[str, Any] = dict(witness)
    if "witness" in typed:
        typed["witness"] = user(witness["witness"]).pk
    error = refused(incident, 2, said("wang", **typed))
    assert [item.code for item in error.errors] == ["own_witness"]


def test_who_may_not_decide_that_level_gives_no_order_of_it() -> None:
    incident = an_earthquake()
    error = refused(incident, 3, said("zhang"))
    assert (error.code, error.cite, error.http_status) == ("giver_not_named", "5.3.2", 403)
    assert "张局长在 11-24 12:01 没有担任" in error.message
    assert refused(incident, 2, said("li", witness_name="接线员"), reason="学校").code == "giver_not_named"


def test_a_superior_may_order_what_an_inferior_decides() -> None:
    incident = an_earthquake()
    order = take_down(incident, 3, said("wang"))
    assert order.giver_post == Position.objects.get(key="commander_in_chief").name


def test_who_acts_for_another_counts_at_the_moment_it_was_said_and_not_when_it_was_written_down() -> None:
    post = Position.objects.get(key="vice_mayor")
    appointments.appoint(post.pk, user("chen").pk, actor=SYSTEM, at=NOON, kind="acting", until=minutes(2))
    incident = an_earthquake()
    assert refused(incident, 3, said("chen", at=2.5)).code == "giver_not_named"
    order = take_down(incident, 3, said("chen", at=1))
    assert (order.giver_post, fresh(incident).level) == (post.name, 3)


def test_nobody_writes_down_an_order_of_his_own() -> None:
    incident = an_earthquake()
    assert refused(incident, 3, said("li"), who="li").code == "own_order"
    assert take_down(incident, 3, said("li"), who="zhang").recorded_by == user("zhang")


def test_a_unit_and_an_auditor_write_down_nothing() -> None:
    incident = an_earthquake()
    for who in ("yingxian", "auditor", "appoint"):
        assert refused(incident, 3, said(), who=who).http_status == 403


@pytest.mark.parametrize(
    ("typed", "field"),
    [({"at": 30}, "said_at"), ({"at": -30}, "said_at"), ({"means": "system"}, "means"), ({"means": "fax"}, "means")],
)
def test_a_moment_that_cannot_be_and_a_means_that_is_none_are_refused(typed: dict[str, Any], field: str) -> None:
    assert refused(an_earthquake(), 3, said(**typed)).fields == {field}


def test_another_level_than_the_table_gives_needs_a_reason() -> None:
    incident = an_earthquake()
    assert refused(incident, 2, said("wang", witness_name="接线员")).fields == {"reason"}
    order = take_down(incident, 2, said("wang", witness_name="接线员"), reason="临近学校")
    assert (order.decision.differs_from_table, order.decision.reason) == (True, "临近学校")


def test_the_end_may_be_ordered_too_with_the_ordinary_guard() -> None:
    incident = a_response(3)
    assert refused(incident, None, said("li")).code == "not_confirmed"
    for place in range(5):
        endings.confirm(incident.pk, place, actor=person("zhang"), at=minutes(2), basis="各组报告")
    assert refused(incident, None, said("zhang", at=2)).code == "giver_not_named"
    order = take_down(incident, None, said("li", at=2))
    entry = readers.stream(incident.stream)[-1]
    assert (fresh(incident).status, order.decision.kind) == ("ended", "end")
    assert (entry.verb, entry.actor, entry.recorded_by) == ("response.ended", user("li").ref, user("desk").ref)
    assert verification.faults() == []


def test_after_an_end_another_start_may_be_ordered_by_one_who_knows_of_the_end() -> None:
    incident = an_ended(3)
    again: dict[str, Any] = {"reason": "强余震", "again": True, "at": 63}
    assert refused(incident, 3, said(at=61), reason="强余震", at=63).code == "wrong_state"
    assert refused(incident, 3, said(at=61), again=True, at=63).fields == {"reason"}
    assert refused(incident, 3, said("zhang", at=61), **again).code == "giver_not_named"
    order = take_down(incident, 3, said(at=61), **again)
    incident = fresh(incident)
    assert (incident.status, incident.level, incident.response_no) == ("responding", 3, 2)
    assert (incident.started_at, order.status) == (minutes(63), "open")
    orders.dispute(order.decision_id, actor=person("li"), at=minutes(70), reason="我没有下达")
    orders.revoke(open_decision(incident).pk, actor=person("li"), at=minutes(71))
    assert fresh(incident).level is None
    assert verification.faults() == []


def test_what_was_said_before_the_end_starts_nothing_after_it() -> None:
    incident = a_response(3)
    for place in range(len(endings.unconfirmed(incident))):
        endings.confirm(incident.pk, place, actor=person("zhang"), at=minutes(1), basis="各组报告")
    endings.declare(incident.pk, actor=person("li"), at=minutes(30))
    answer = refused(fresh(incident), 3, said(at=29), at=40, reason="强余震", again=True)
    assert (answer.fields, answer.errors[0].code) == ({"said_at"}, "before_end")


def test_what_was_said_before_a_later_decision_does_not_undo_it() -> None:
    """He orders level 3 by phone at five past, decides level 2 at ten past, and the call is written down after that."""
    incident = a_response(4)
    decisions.decide(incident.pk, 2, actor=person("wang"), at=minutes(10), reason="余震")
    late: dict[str, Any] = {"at": 12, "reason": "灾情减轻"}
    answer = refused(incident, 3, said("wang", at=5, witness_name="接线员"), **late)
    assert (answer.fields, answer.errors[0].code) == ({"said_at"}, "overtaken")
    assert "王市长已于 11-24 12:10 决定提高至二级响应" in answer.errors[0].message
    for place in range(len(endings.unconfirmed(fresh(incident)))):
        endings.confirm(incident.pk, place, actor=person("zhang"), at=minutes(11), basis="各组报告")
    assert refused(incident, None, said("wang", at=5, witness_name="接线员"), at=12).fields == {"said_at"}
    assert take_down(incident, 3, said("wang", at=11, witness_name="接线员"), **late).decision.to_level == 3


def test_a_superior_s_more_severe_order_stands_though_an_inferior_decided_since() -> None:
    incident = an_earthquake(magnitude=6.2)
    decisions.decide(incident.pk, 3, actor=person("li"), at=minutes(10), reason="先启动三级")
    take_down(incident, 2, said("wang", at=5, witness_name="接线员"), at=12)
    assert fresh(incident).level == 2


def test_his_own_later_word_overtakes_his_more_severe_one() -> None:
    incident = an_earthquake(magnitude=6.2)
    decisions.decide(incident.pk, 3, actor=person("wang"), at=minutes(10), reason="先启动三级")
    assert refused(incident, 2, said("wang", at=5, witness_name="接线员"), at=12).errors[0].code == "overtaken"


@pytest.mark.parametrize("who", ["wang", "li"])
def test_a_refusal_since_overtakes_an_order_of_that_very_level(who: str) -> None:
    incident = an_earthquake()
    decisions.refuse(open_decision(incident).pk, actor=person(who), at=minutes(10), reason="先核实")
    answer = refused(incident, 3, said("li", at=5), at=12)
    assert (answer.fields, answer.errors[0].code) == ({"said_at"}, "overtaken")
    assert "于 11-24 12:10 不批准启动三级响应" in answer.errors[0].message
    take_down(incident, 3, said("li", at=11), at=12)


def test_of_two_orders_by_phone_the_one_said_last_counts_whichever_is_written_down_first() -> None:
    incident = an_earthquake(magnitude=6.2)
    take_down(incident, 2, said("wang", at=6, witness_name="接线员"), at=8)
    with pytest.raises(BadInput) as late:
        take_down(incident, 3, said("wang", at=5, witness_name="接线员"), at=9, reason="先启动三级")
    assert late.value.errors[0].code == "overtaken"
    assert fresh(incident).level == 2


def test_a_flare_up_ordered_after_the_end_was_said_and_before_it_was_written_down_starts_again() -> None:
    incident = a_response(3)
    for place in range(len(endings.unconfirmed(incident))):
        endings.confirm(incident.pk, place, actor=person("zhang"), at=minutes(1), basis="各组报告")
    take_down(incident, None, said(at=2), at=10)
    take_down(fresh(incident), 3, said(at=5), at=12, reason="强余震", again=True)
    assert (fresh(incident).level, fresh(incident).response_no) == (3, 2)


def test_what_was_said_in_the_first_response_moves_nothing_in_the_second() -> None:
    incident = a_response(3)
    for place in range(len(endings.unconfirmed(incident))):
        endings.confirm(incident.pk, place, actor=person("zhang"), at=minutes(1), basis="各组报告")
    endings.declare(incident.pk, actor=person("li"), at=minutes(10))
    decisions.decide(incident.pk, 3, actor=person("li"), at=minutes(20), reason="强余震", again=True)
    order = said("wang", at=5, witness_name="接线员")
    assert refused(fresh(incident), 2, order, at=30, reason="余震").errors[0].code == "before_end"


def test_what_goes_on_under_another_plan_is_not_ordered_here() -> None:
    old = a_response(3)
    replanning.take_on(old.pk, "fire_incident", 3, actor=person("wang"), at=minutes(5), reason="是爆炸起火")
    assert refused(fresh(old), 3, said(at=61), at=63, reason="强余震", again=True).code == "continued"


def test_an_end_by_phone_says_what_becomes_of_the_open_tasks() -> None:
    incident = a_response(3)
    for place in range(len(endings.unconfirmed(incident))):
        endings.confirm(incident.pk, place, actor=person("zhang"), at=NOON, basis="各组报告")
    assert refused(incident, None, said(at=2), settle=Settle()).fields == {"rest"}
    take_down(incident, None, said(at=2), settle=Settle("handed/yingxian"))
    assert not incident.tasks.filter(phase="response", status="assigned").exists()
    assert readers.stream(incident.stream)[-1].payload["deployed"]["fates"]["handed"].keys() == {"应县"}


def test_the_level_in_force_is_not_ordered_again() -> None:
    assert refused(a_response(3), 3, said("li")).code == "same_level"


def test_an_event_outside_the_city_asks_for_the_judgement() -> None:
    incident = an_earthquake(counties=(), magnitude=5.2)
    assert refused(incident, 3, said()).code == "needs_judgement"
    take_down(incident, 3, said(), scope_judgement="应县震感强烈")
    assert fresh(incident).scope_judgement == "应县震感强烈"


def test_either_commander_of_the_forest_plan_gives_it_and_the_other_is_told_at_once() -> None:
    fire = a_fire(facts={"forest_area_ha": 120})
    decisions.decide(fire.pk, 3, actor=person("hao"), at=minutes(1), reason="火势蔓延")
    other = Notice.objects.get(stream=fire.stream, position__key="vice_mayor_natural_resources")
    assert ("决定启动三级响应" in other.title, other.sent_at) == (True, minutes(1))
    take_down(fire, 4, said("jin", at=2), reason="火势减弱")
    told = Notice.objects.filter(stream=fire.stream, position__key="vice_mayor_emergency", sent_at=minutes(3))
    assert "降低至四级响应" in told.get().title


class PageTests(WebCase):
    """The form at the desk."""

    def typed(self, **more: Any) -> dict[str, Any]:
        return {
            "giver": str(user("li").pk),
            "to_level": "3",
            "said_at": _city(minutes(1)),
            "means": "phone",
            "words": "按三级启动",
            **more,
        }

    def test_the_desk_writes_it_down_and_everybody_reads_whose_word_it_was(self) -> None:
        incident = an_earthquake()
        self.assertIn("代记口头令", self.text(incident, "desk"))
        text = self.done(self.post("desk", incident, "take-down", **self.typed(witness_name="接线员")))
        self.assertIn("口头令（电话，11-24 12:01，见证人 接线员）：已启动三级响应", text)
        for who in ("desk", "zhang", "auditor", "transport"):
            self.assertIn("口头令待补签", self.text(incident, who))
        text = self.text(incident, "zhang")
        self.assertIn("（周值班 代记）", text)
        self.assertRegex(text, r"李副市长 11-24 12:01 电话 · 周值班 11-24 12:02 代记 · 见证人 接线员 “按三级启动”")

    def test_who_may_give_it_is_offered_by_post_and_never_the_one_who_writes(self) -> None:
        incident = an_earthquake()
        self.assertRegex(
            self.page(incident, "desk"), r'<optgroup label="[^"]*（可决定三级响应及以下）">\s*<option[^>]*>李副市长'
        )
        form = self.page(incident, "li").split('id="act-take-down"')[1].split("</form>")[0]
        self.assertNotIn("李副市长", form)
        self.assertIn("王市长", form)

    def test_who_acted_when_it_was_said_is_offered_though_it_has_lapsed(self) -> None:
        post = Position.objects.get(key="vice_mayor")
        appointments.appoint(post.pk, user("chen").pk, actor=SYSTEM, at=NOON, kind="acting", until=minutes(2))
        incident = an_earthquake()
        self.clock_at(minutes(9))
        form = self.page(incident, "desk").split('id="act-take-down"')[1].split("</form>")[0]
        self.assertIn("陈副局长（代理，至 11-24 12:02）", form)
        self.done(self.post("desk", incident, "take-down", **self.typed(giver=str(user("chen").pk))))
        self.assertEqual(fresh(incident).level, 3)

    def test_who_held_no_post_since_the_call_is_not_offered(self) -> None:
        post = Position.objects.get(key="vice_mayor")
        appointments.appoint(post.pk, user("chen").pk, actor=SYSTEM, at=minutes(-60), kind="acting", until=minutes(-30))
        form = self.page(an_earthquake(), "desk").split('id="act-take-down"')[1].split("</form>")[0]
        self.assertNotIn("陈副局长", form)

    def test_who_commands_in_the_field_is_offered_for_the_end(self) -> None:
        incident = confirmed(in_the_field())
        self.clock_at(minutes(9))
        form = self.page(incident, "desk").split('id="act-take-down"')[1].split("</form>")[0]
        self.assertRegex(form, r'<optgroup label="现场指挥部指挥长（可宣布结束）">\s*<option[^>]*>陈副局长')
        typed = self.typed(giver=str(user("chen").pk), to_level="0", said_at=_city(minutes(7)), rest="dropped")
        self.done(self.post("desk", incident, "take-down", **typed))
        self.assertEqual(fresh(incident).status, "ended")

    def test_a_refusal_stands_at_its_field_and_keeps_what_was_typed(self) -> None:
        incident = an_earthquake(magnitude=6.2)
        typed = self.typed(giver=str(user("wang").pk), to_level="2", words="立即启动二级")
        answer = self.post("desk", incident, "take-down", **typed)
        page = answer.content.decode()
        self.assertEqual(answer.status_code, 400)
        self.assertIn("二级响应的口头令须有见证人", text_of(page))
        self.assertIn("立即启动二级", page)
        answer = self.post("desk", incident, "take-down", **self.typed(giver=str(user("zhang").pk)))
        self.assertEqual(answer.status_code, 403)
        self.assertIn(
            "没有担任可以这样决定的职务：应由指挥长（三级响应）或其上级决定", text_of(answer.content.decode())
        )
        self.assertEqual(fresh(incident).status, "reported")

    def test_the_end_is_a_choice_while_a_response_runs(self) -> None:
        self.assertNotIn("结束条件须已全部确认", self.text(an_earthquake(), "desk"))
        incident = a_response(3)
        self.assertIn("结束三级响应（结束条件须已全部确认）", self.text(incident, "desk"))
        answer = self.post("desk", incident, "take-down", **self.typed(to_level="0"))
        self.assertEqual(answer.status_code, 409)
        self.assertIn("结束条件尚未确认", text_of(answer.content.decode()))

    def test_by_phone_too_it_asks_what_becomes_of_the_open_tasks_and_chooses_nothing_itself(self) -> None:
        incident = a_response(3)
        for place in range(len(endings.unconfirmed(incident))):
            endings.confirm(incident.pk, place, actor=person("zhang"), at=NOON, basis="各组报告")
        answer = self.post("desk", incident, "take-down", **self.typed(to_level="0"))
        self.assertEqual(answer.status_code, 400)
        form = answer.content.decode().split('id="act-take-down"')[1].split("</form>")[0]
        self.assertIn("项没有完成", form)
        self.assertNotRegex(form, r'name="rest"[^>]*checked')
        self.done(self.post("desk", incident, "take-down", **self.typed(to_level="0", rest="dropped")))
        self.assertEqual(fresh(incident).status, "ended")

    def test_after_the_end_the_form_orders_another_start(self) -> None:
        incident = an_ended(3)
        self.clock_at(minutes(63))
        form = self.page(incident, "desk").split('id="act-take-down"')[1].split("</form>")[0]
        self.assertNotIn("结束条件须已全部确认", form)
        typed = self.typed(said_at=_city(minutes(61)), reason="强余震")
        self.assertEqual(self.post("desk", incident, "take-down", **typed).status_code, 409)
        self.done(self.post("desk", incident, "take-down", **typed, again="on"))
        self.assertEqual(fresh(incident).response_no, 2)

    def test_no_form_for_who_does_nothing(self) -> None:
        incident = a_response(3)
        for who in ("auditor", "yingxian", "transport"):
            self.assertNotIn("代记口头令", self.text(incident, who))
            self.assertEqual(self.post(who, incident, "take-down", **self.typed(to_level="2")).status_code, 403)


def _city(moment: datetime) -> str:
    """A moment as the form sends it."""
    return f"2026-11-24T{12 + (moment - NOON).seconds // 3600:02}:{(moment - NOON).seconds // 60 % 60:02}"
