"""Who is said to have given an order countersigns it, or disputes it: that undoes nothing and marks everything."""

import pytest

from response.actions import decisions, endings, orders
from response.models import Deployment, Incident, LevelDecision, SpokenOrder, Task
from response.models.decisions import OPEN_STATUSES
from response.queries.desk import desk
from shuozhou_ops.accounts.actions import appointments
from shuozhou_ops.accounts.models import Position
from shuozhou_ops.errors import BadInput, Conflict, NotAuthorised
from shuozhou_ops.journal import readers, verification
from shuozhou_ops.journal.actors import SYSTEM
from shuozhou_ops.notices.models import Notice
from tests.cast import NOON, a_response, an_earthquake, fresh, minutes, open_decision, person, user, verbs
from tests.response.test_take_down_order import said, take_down
from tests.response.web import WebCase, logged_in, text_of

pytestmark = [pytest.mark.django_db, pytest.mark.both]


def dispute(order: SpokenOrder, who: str = "li", at: float = 5, reason: str = "我没有下过这道令") -> SpokenOrder:
    return orders.dispute(order.decision_id, actor=person(who), at=minutes(at), reason=reason)


def wants(who: str, at: float = 4) -> list[str]:
    """What waits for somebody."""
    return [want.what for want in desk(person(who), minutes(at)).wants]


def raised() -> tuple[Incident, SpokenOrder]:
    """A response at level 3 that is raised by phone."""
    incident = a_response(3)
    return incident, take_down(incident, 2, said("wang", witness_name="接线员"), reason="余震")


def test_it_waits_with_its_giver_and_nobody_else_until_he_answers() -> None:
    order = take_down(an_earthquake(), 3, said())
    assert "您的口头令：启动三级响应" in wants("li")
    for who in ("wang", "zhang", "desk", "jin"):
        assert not any("口头令" in what for what in wants(who))
    orders.countersign(order.decision_id, actor=person("li"), at=minutes(5))
    assert "您的口头令：启动三级响应" not in wants("li", 6)


def test_countersigned_it_is_an_order_like_any_other() -> None:
    incident = an_earthquake()
    order = take_down(incident, 3, said())
    done = orders.countersign(order.decision_id, actor=person("li"), at=minutes(5))
    assert (done.status, done.settled_at, verbs(incident)[-1]) == (
        "countersigned",
        minutes(5),
        "spoken_order.countersigned",
    )
    assert fresh(incident).level == 3


def test_only_the_giver_answers_and_only_once() -> None:
    incident = an_earthquake()
    order = take_down(incident, 3, said())
    for who in ("wang", "zhang", "desk", "auditor"):
        with pytest.raises(NotAuthorised) as error:
            orders.countersign(order.decision_id, actor=person(who), at=minutes(5))
        assert error.value.code == "not_giver"
        with pytest.raises(NotAuthorised):
            dispute(order, who)
    with pytest.raises(BadInput):
        dispute(order, reason=" ")
    dispute(order)
    with pytest.raises(Conflict) as again:
        orders.countersign(order.decision_id, actor=person("li"), at=minutes(6))
    assert again.value.code == "order_settled"
    assert verbs(incident).count("spoken_order.disputed") == 1


def test_a_dispute_undoes_nothing_and_proposes_the_level_before() -> None:
    incident, order = raised()
    tasks = Task.objects.filter(incident=incident).count()
    dispute(order, "wang")
    assert (fresh(incident).level, fresh(incident).status) == (2, "responding")
    assert Task.objects.filter(incident=incident).count() == tasks
    back = open_decision(incident)
    assert (back.kind, back.from_level, back.to_level, back.status) == ("lower", 2, 3, "proposed")
    assert (back.reverses, back.automatic) == (order.decision, False)
    assert "王市长对口头令有异议" in back.reason
    assert "降低至三级响应" in wants("wang", 6)
    entry = readers.stream(incident.stream)[-1]
    assert (entry.verb, entry.payload["reason"], entry.payload["back"]) == (
        "spoken_order.disputed",
        "我没有下过这道令",
        back.pk,
    )
    assert verification.faults() == []


def test_the_office_and_the_chain_are_told_of_the_dispute() -> None:
    incident, order = raised()
    dispute(order, "wang")
    told = Notice.objects.filter(stream=incident.stream, title__contains="有异议").values_list(
        "position__key", flat=True
    )
    assert set(told) == {"emergency.head", "vice_mayor"}


def test_the_way_back_of_a_raise_is_an_ordinary_approval() -> None:
    incident, order = raised()
    dispute(order, "wang")
    back = open_decision(incident)
    with pytest.raises(NotAuthorised):
        decisions.approve(back.pk, actor=person("li"), at=minutes(6))
    decisions.approve(back.pk, actor=person("wang"), at=minutes(6))
    assert fresh(incident).level == 3
    assert verbs(incident)[-1] == "level.lowered"


def test_the_way_back_of_a_lowering_is_a_raise() -> None:
    incident = a_response(3)
    order = take_down(incident, 4, said("li"), reason="灾情减轻")
    dispute(order)
    back = LevelDecision.objects.get(incident=incident, reverses=order.decision)
    assert (back.kind, back.from_level, back.to_level) == ("raise", 4, 3)
    decisions.approve(back.pk, actor=person("li"), at=minutes(6))
    assert fresh(incident).level == 3


def test_the_way_back_of_a_start_revokes_the_response_without_end_conditions() -> None:
    incident = an_earthquake()
    order = take_down(incident, 3, said())
    dispute(order)
    back = open_decision(incident)
    assert (back.kind, back.manner, back.from_level, back.to_level) == ("end", "revoked", 3, None)
    assert "撤回三级响应" in wants("li", 6)
    with pytest.raises(Conflict) as wrong:
        decisions.approve(back.pk, actor=person("li"), at=minutes(6))
    assert wrong.value.code == "is_an_end"
    with pytest.raises(NotAuthorised):
        orders.revoke(back.pk, actor=person("zhang"), at=minutes(6))
    orders.revoke(back.pk, actor=person("li"), at=minutes(6))
    incident = fresh(incident)
    assert (incident.status, incident.level, incident.ended_at) == ("ended", None, minutes(6))
    assert not Deployment.objects.filter(incident=incident).exclude(status="released").exists()
    assert not Task.objects.filter(incident=incident, status__in=["assigned", "accepted"]).exists()
    entry = readers.stream(incident.stream)[-1]
    assert (entry.verb, entry.payload["cite"]) == ("response.revoked", "5.3.2")
    units = Notice.objects.filter(stream=incident.stream, kind="release", title__contains="三级响应撤回")
    assert units.filter(unit__key="yingxian").exists()
    assert verification.faults() == []


def test_the_proposal_to_revoke_may_be_refused() -> None:
    incident = an_earthquake()
    dispute(take_down(incident, 3, said()))
    decisions.refuse(open_decision(incident).pk, actor=person("wang"), at=minutes(6), reason="事实上已达三级")
    assert (fresh(incident).level, verbs(incident)[-1]) == (3, "level.refused")


def test_where_the_level_has_moved_meanwhile_the_way_back_is_stale() -> None:
    incident, order = raised()
    decisions.decide(incident.pk, 1, actor=person("wang"), at=minutes(4), reason="灾情扩大")
    dispute(order, "wang")
    back = LevelDecision.objects.get(incident=incident, reverses=order.decision)
    assert (back.status, back.settled_reason) == ("stale", "级别已变动")
    assert fresh(incident).level == 1


def test_a_later_move_makes_the_open_way_back_stale_like_any_other() -> None:
    incident, order = raised()
    dispute(order, "wang")
    decisions.decide(incident.pk, 1, actor=person("wang"), at=minutes(6), reason="灾情扩大")
    assert LevelDecision.objects.get(incident=incident, reverses=order.decision).status == "stale"


def test_a_level_that_moved_and_came_back_stands_on_another_decision_and_is_not_proposed_away() -> None:
    incident = an_earthquake()
    order = take_down(incident, 3, said())
    for at, level in ((4, 2), (5, 3)):
        decisions.decide(incident.pk, level, actor=person("wang"), at=minutes(at), reason="余震")
    dispute(order, at=6)
    assert LevelDecision.objects.get(incident=incident, reverses=order.decision).status == "stale"


def ended(incident: Incident, at: float) -> None:
    for place in range(len(endings.unconfirmed(fresh(incident)))):
        endings.confirm(incident.pk, place, actor=person("zhang"), at=minutes(at), basis="各组报告")
    endings.declare(incident.pk, actor=person("li"), at=minutes(at))


def test_the_start_of_the_first_response_disputed_in_the_second_revokes_nothing() -> None:
    """No end condition is asked of a revocation, so it must never reach what was properly started."""
    incident = an_earthquake()
    order = take_down(incident, 3, said())
    ended(incident, 5)
    decisions.decide(incident.pk, 3, actor=person("li"), at=minutes(6), reason="强余震", again=True)
    dispute(order, at=7)
    back = LevelDecision.objects.get(incident=incident, reverses=order.decision)
    assert (back.status, back.settled_reason) == ("stale", "级别已变动")
    with pytest.raises(Conflict):
        orders.revoke(back.pk, actor=person("li"), at=minutes(8))
    assert fresh(incident).level == 3


def test_the_first_end_disputed_after_the_second_starts_nothing() -> None:
    incident = a_response(3)
    for place in range(5):
        endings.confirm(incident.pk, place, actor=person("zhang"), at=minutes(1), basis="各组报告")
    order = take_down(incident, None, said("li", at=2))
    decisions.decide(incident.pk, 3, actor=person("li"), at=minutes(6), reason="强余震", again=True)
    ended(incident, 7)
    dispute(order, at=8)
    assert LevelDecision.objects.get(incident=incident, reverses=order.decision).status == "stale"


def test_an_end_that_was_never_ordered_is_answered_by_a_start() -> None:
    incident = a_response(3)
    for place in range(5):
        endings.confirm(incident.pk, place, actor=person("zhang"), at=minutes(1), basis="各组报告")
    order = take_down(incident, None, said("li", at=2))
    dispute(order)
    back = open_decision(incident)
    assert (back.kind, back.from_level, back.to_level) == ("start", None, 3)


def test_who_acted_for_another_that_night_still_finds_his_order_and_answers_it() -> None:
    post = Position.objects.get(key="vice_mayor")
    appointments.appoint(post.pk, user("transport").pk, actor=SYSTEM, at=NOON, kind="acting", until=minutes(2))
    incident = an_earthquake(counties=("shanyin",), magnitude=4.2)
    order = take_down(incident, 4, said("transport", at=1))
    assert "您的口头令：启动四级响应" in wants("transport")
    orders.countersign(order.decision_id, actor=person("transport", minutes(9)), at=minutes(9))


class PageTests(WebCase):
    """The giver's press, and the marks that everybody sees."""

    def ordered(self) -> tuple[Incident, int]:
        incident = a_response(3)
        order = take_down(incident, 2, said("wang", witness_name="接线员"), at=1.5, reason="余震")
        return incident, order.decision_id

    def desk_text(self, who: str) -> str:
        return text_of(logged_in(who).get("/").content.decode())

    def test_the_giver_countersigns_by_one_press(self) -> None:
        incident, decision = self.ordered()
        self.assertIn("您的口头令：提高至二级响应", self.desk_text("wang"))
        self.assertIn("补签：是我下达的", self.text(incident, "wang"))
        for who in ("li", "zhang", "desk"):
            self.assertNotIn("补签：是我下达的", self.text(incident, who))
        text = self.done(self.settle("wang", decision, "countersign"))
        self.assertIn("补签 11-24 12:01 的口头令：提高至二级响应", text)
        self.assertNotIn("口头令待补签", text)

    def test_disputed_it_is_marked_on_bar_card_board_and_timeline_for_everybody(self) -> None:
        incident, decision = self.ordered()
        self.assertEqual(self.settle("wang", decision, "dispute", reason="").status_code, 400)
        text = self.done(self.settle("wang", decision, "dispute", reason="我没有下过这道令"))
        self.assertIn("批准降低至三级响应", text)
        for who in ("li", "zhang", "desk", "auditor", "transport"):
            page = self.text(incident, who)
            self.assertIn("口头令有异议", page.split("经过")[0])
            self.assertIn("口头令有异议 口头令（电话", page.split("经过")[-1])
            self.assertIn("口头令有异议", self.desk_text(who))
        self.assertIn("我没有下过这道令", self.text(incident, "li"))
        self.assertNotIn("我没有下过这道令", self.text(incident, "transport"))

    def test_it_stays_marked_on_the_board_when_the_incident_is_over(self) -> None:
        incident, decision = self.ordered()
        self.settle("wang", decision, "dispute", reason="我没有下过这道令")
        decisions.refuse(open_decision(incident).pk, actor=person("wang"), at=minutes(3), reason="按二级继续")
        endings.dismiss(incident.pk, actor=person("wang"), at=minutes(4), reason="没有发生地震")
        for who in ("wang", "desk", "auditor"):
            self.assertRegex(self.desk_text(who), r"最近办结 〔2026〕1号 应县南河种镇 口头令有异议")

    def test_the_way_back_is_on_the_giver_s_desk_and_runs_by_his_press(self) -> None:
        incident, decision = self.ordered()
        self.settle("wang", decision, "dispute", reason="没有这道令")
        self.assertRegex(self.desk_text("wang"), r"降低至三级响应 .* 您对口头令有异议")
        self.done(self.settle("wang", open_decision(incident).pk, "approve"))
        self.assertEqual(fresh(incident).level, 3)

    def test_a_start_is_revoked_from_the_page(self) -> None:
        incident = an_earthquake()
        order = take_down(incident, 3, said(), at=1.5)
        self.settle("li", order.decision_id, "dispute", reason="没有这道令")
        text = self.text(incident, "li")
        self.assertIn("撤回不逐条确认结束条件", text)
        back = open_decision(incident).pk
        self.assertEqual(self.settle("desk", back, "revoke").status_code, 403)
        text = self.done(self.settle("li", back, "revoke"))
        self.assertIn("撤回三级响应（口头令有异议，不逐条确认结束条件）", text)
        self.assertEqual(LevelDecision.objects.filter(incident=incident, status__in=OPEN_STATUSES).count(), 0)

    def test_an_answer_to_what_was_no_spoken_order_is_refused_in_words(self) -> None:
        decision = LevelDecision.objects.get(incident=a_response(3))
        for act in ("countersign", "dispute"):
            answer = self.settle("li", decision.pk, act, reason="x")
            self.assertEqual(answer.status_code, 409)
            self.assertIn("不是口头令", text_of(answer.content.decode()))
