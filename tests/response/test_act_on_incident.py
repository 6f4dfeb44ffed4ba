"""Everything from the call to the closing by forms on the page, each once, however often it is sent."""

import re

from django.urls import reverse

from response.models import Paper
from response.models.incidents import Status
from tests.cast import (
    an_earthquake,
    fresh,
    open_decision,
    verbs,
)
from tests.response.web import WebCase, logged_in, reported, text_of


class WholeLifeTests(WebCase):
    """Everything from the call to the closing by forms on the page."""

    def test_each_act_of_the_life_by_its_form(self) -> None:
        incident = an_earthquake()
        self.done(self.post("desk", incident, "verify", basis="回拨核实"))
        waiting = open_decision(incident)
        self.done(self.settle("zhang", waiting.pk, "propose", note="请批示"))
        self.assertIn("已启动三级响应：1 个指挥部", self.done(self.settle("li", waiting.pk, "approve")))
        self.done(self.post("desk", incident, "report-facts", **reported(deaths="60")))
        raising = open_decision(incident)
        self.done(self.settle("li", raising.pk, "propose"))
        self.assertIn("已提高至二级响应", self.done(self.settle("wang", raising.pk, "approve")))
        self.done(self.post("desk", incident, "verify-facts", facts=["deaths"], source="县指挥部"))
        lowered = self.done(self.post("wang", incident, "decide", to_level="3", reason="灾情已控制"))
        self.assertIn("已降低至三级响应", lowered)
        for place in range(5):
            self.done(self.post("zhang", incident, "confirm-end", condition=str(place), basis="各组报告"))
        self.assertIn("宣布结束三级响应", self.done(self.post("li", incident, "declare-end", rest="dropped")))
        self.done(self.post("zhang", incident, "open-review"))
        for paper in Paper.objects.filter(incident=incident):
            typed = {f"heading-{place}": "如实填写" for place in range(len(paper.sections))}
            typed["taken_over_by"] = "市政府办公室"
            answer = logged_in("zhang").post(reverse("paper_submit", args=[paper.pk]), typed)
            self.assertEqual(answer.status_code, 303)
        self.assertIn("办结", self.done(self.post("zhang", incident, "close")))
        self.assertEqual(fresh(incident).status, Status.CLOSED)

    def test_without_a_level_it_is_closed_with_a_reason(self) -> None:
        incident = an_earthquake(magnitude=2.1)
        self.done(self.post("desk", incident, "verify"))
        refused = self.post("zhang", incident, "close", reason="")
        self.assertEqual(refused.status_code, 400)
        self.assertIn("须写明理由", text_of(refused.content.decode()))
        self.done(self.post("zhang", incident, "close", reason="有感无灾"))
        self.assertEqual(fresh(incident).status, Status.CLOSED)
        self.assertIn("有感无灾", self.text(incident, "desk"))

    def test_a_refused_form_may_be_sent_again_under_its_key(self) -> None:
        incident = an_earthquake()
        refused = self.post("wang", incident, "decide", to_level="2", reason="", idempotency_key="a")
        self.assertEqual(refused.status_code, 400)
        self.done(self.post("wang", incident, "decide", to_level="2", reason="临近学校", idempotency_key="a"))

    def test_pressed_twice_it_happens_once(self) -> None:
        incident = an_earthquake()
        page = self.page(incident, "desk")
        form = page[page.index('id="act-verify"') :]
        key = re.search(r'name="idempotency_key" value="(\w+)"', form)
        assert key
        for _ in range(2):
            self.assertEqual(self.post("desk", incident, "verify", idempotency_key=key[1]).status_code, 303)
        self.assertEqual(verbs(incident).count("incident.verified"), 1)
