"""Deciding a level: whose turn it is, on the facts of the moment and not of the suggestion."""

from response.actions import decisions, facts
from response.models import Incident, LevelDecision
from response.models.decisions import OPEN_STATUSES
from response.models.incidents import Status
from shuozhou_ops.errors import BadInput
from shuozhou_ops.journal import readers, record
from shuozhou_ops.journal.models import SecurityEvent
from tests.cast import (
    NOON,
    a_response,
    an_earthquake,
    fresh,
    minutes,
    open_decision,
    person,
)
from tests.response.web import WebCase, logged_in, text_of


def worse(incident: Incident) -> None:
    """Sixty dead are told: the table gives level 2."""
    facts.report(incident.pk, {"deaths": 60}, actor=person("desk"), at=minutes(1), source="县指挥部")


class DecidingTests(WebCase):
    """Whose turn it is, and why nobody else's."""

    def test_the_chain_names_who_reports_and_who_decides(self) -> None:
        incident = an_earthquake()
        text = self.text(incident, "desk")
        self.assertIn("张局长", text)
        self.assertIn("李副市长", text)
        self.assertIn("人口较密集地区震级达到5.0级", text)

    def test_a_button_that_is_not_mine_is_greyed_with_reason_and_clause(self) -> None:
        incident = an_earthquake()
        page = self.page(incident, "desk")
        button = page[page.index("决定启动三级响应") - 200 :]
        self.assertIn("disabled", button[:200])
        self.assertIn("三级响应由指挥长决定", button)
        self.assertIn("5.3.2", button)
        self.assertNotIn(f'action="/decisions/{open_decision(incident).pk}/approve/', page)

    def test_pressed_all_the_same_it_is_refused_and_logged(self) -> None:
        incident = an_earthquake()
        answer = self.settle("desk", open_decision(incident).pk, "approve")
        self.assertEqual(answer.status_code, 403)
        self.assertIn("三级响应由指挥长决定", text_of(answer.content.decode()))
        self.assertEqual(fresh(incident).status, Status.REPORTED)
        self.assertEqual(SecurityEvent.objects.latest("pk").code, "not_named")

    def test_a_missing_step_shows_and_blocks_nothing(self) -> None:
        incident = an_earthquake()
        self.done(self.settle("wang", open_decision(incident).pk, "approve"))
        self.assertIn("缺这一步，上级直接决定", self.text(incident, "desk"))

    def test_refusing_needs_a_reason_and_shows_it(self) -> None:
        incident = an_earthquake()
        waiting = open_decision(incident).pk
        self.assertEqual(self.settle("li", waiting, "refuse", reason="").status_code, 400)
        self.done(self.settle("li", waiting, "refuse", reason="震感轻微，先派人核查"))
        self.assertIn("震感轻微，先派人核查", self.text(incident, "desk"))

    def test_another_level_than_the_table_needs_a_reason_and_keeps_it_for_good(self) -> None:
        incident = an_earthquake()
        refused = self.post("wang", incident, "decide", to_level="2", reason="")
        self.assertEqual(refused.status_code, 400)
        self.assertIn("请写明理由", text_of(refused.content.decode()))
        self.assertRegex(refused.content.decode(), r'value="2"[^>]*checked')
        self.done(self.post("wang", incident, "decide", to_level="2", reason="临近学校"))
        for who in ("desk", "li", "auditor"):
            self.assertIn("决定二级响应，预案条件为三级响应，理由：临近学校", self.text(incident, who))

    def test_started_milder_by_one_who_may_not_decide_more_the_more_severe_level_waits_with_the_one_who_may(
        self,
    ) -> None:
        incident = an_earthquake(magnitude=6.2)
        decisions.decide(incident.pk, 3, actor=person("li"), at=minutes(1), reason="先启动三级")
        waits = open_decision(incident)
        self.assertEqual((waits.automatic, waits.kind, waits.from_level, waits.to_level), (True, "raise", 3, 2))
        self.assertIn("提高至二级响应", text_of(logged_in("wang").get("/").content.decode()))
        higher = an_earthquake(magnitude=6.2)
        decisions.decide(higher.pk, 3, actor=person("wang"), at=minutes(1), reason="先启动三级")
        self.assertFalse(LevelDecision.objects.filter(incident=higher, status__in=OPEN_STATUSES).exists())

    def test_a_suggestion_of_the_desk_waits_beside_the_table_s(self) -> None:
        incident = an_earthquake()
        self.done(self.post("desk", incident, "suggest", to_level="2", reason="余震频繁"))
        self.assertEqual(LevelDecision.objects.filter(incident=incident, status="suggested").count(), 2)
        self.assertIn("余震频繁", self.text(incident, "li"))

    def test_an_event_outside_the_city_asks_for_the_judgement_and_takes_it(self) -> None:
        incident = an_earthquake(counties=(), magnitude=5.2)
        waiting = open_decision(incident).pk
        self.assertIn("对我市影响的判断", self.text(incident, "li"))
        self.assertEqual(self.settle("li", waiting, "approve").status_code, 400)
        self.done(self.settle("li", waiting, "approve", scope_judgement="山阴、应县震感强烈"))
        self.assertIn("山阴、应县震感强烈", self.text(incident, "desk"))

    def test_a_decision_that_moved_on_is_refused_on_the_page_as_it_is_now(self) -> None:
        incident = an_earthquake()
        waiting = open_decision(incident).pk
        self.done(self.settle("li", waiting, "approve"))
        answer = self.settle("li", waiting, "refuse", reason="改主意了")
        self.assertEqual(answer.status_code, 409)
        self.assertIn("没有重复生效", text_of(answer.content.decode()))
        self.assertEqual(fresh(incident).level, 3)

    def test_the_figures_of_a_decision_keep_the_quality_they_had(self) -> None:
        incident = a_response(3)
        self.post("desk", incident, "verify-facts", facts=["magnitude"], source="市防震减灾中心")
        text = self.text(incident, "li")
        self.assertIn("震级 5.2（未核实）", text)
        self.assertIn("已核实", text)


class WeighTests(WebCase):
    """Approving after the facts have moved."""

    def proposed(self) -> tuple[Incident, int]:
        incident = an_earthquake()
        suggested = decisions.suggest(incident.pk, 3, actor=person("desk"), at=NOON)
        decisions.propose(suggested.pk, actor=person("zhang"), at=NOON)
        return incident, suggested.pk

    def test_milder_than_the_table_is_now_needs_a_reason(self) -> None:
        incident, proposal = self.proposed()
        worse(incident)
        with self.assertRaises(BadInput):
            decisions.approve(proposal, actor=person("li"), at=minutes(2))
        decided = decisions.approve(proposal, actor=person("li"), at=minutes(2), reason="先启动三级，已报总指挥")
        self.assertEqual((decided.table_level, decided.to_level, decided.differs_from_table), (2, 3, True))
        entry = readers.stream(incident.stream)[-1]
        self.assertEqual((entry.verb, entry.payload["table"]), ("level.started", 2))
        self.assertEqual(readers.fold([entry])[record.thing(decided)]["table_level"], 2)

    def test_the_page_says_that_the_facts_moved_and_asks_for_the_reason(self) -> None:
        incident, proposal = self.proposed()
        self.assertNotIn("提出以后情况有变", self.text(incident, "li"))
        worse(incident)
        self.assertIn("提出以后情况有变：按现有情况，预案条件为二级响应", self.text(incident, "li"))
        answer = self.settle("li", proposal, "approve")
        self.assertEqual(answer.status_code, 400)
        self.assertIn("与预案条件给出的二级响应不同，请写明理由", text_of(answer.content.decode()))

    def test_figures_verified_after_the_suggestion_stand_as_verified(self) -> None:
        incident = an_earthquake()
        facts.verify(incident.pk, ["magnitude"], actor=person("desk"), at=minutes(1), source="台网")
        decided = decisions.approve(open_decision(incident).pk, actor=person("li"), at=minutes(2))
        self.assertEqual(decided.figures["magnitude"], {"value": 5.2, "quality": "verified"})
