"""The end on the page: each condition by its form, a refusal beside its own."""

from tests.cast import (
    a_response,
)
from tests.response.web import WebCase, text_of


class ConfirmEndTests(WebCase):
    """The end of a response."""

    def test_the_end_waits_for_each_condition_and_shows_both_clauses(self) -> None:
        incident = a_response(3)
        text = self.text(incident, "li")
        self.assertIn("还有 5 条结束条件没有确认", text)
        self.assertIn("附件4 十二", text)
        self.assertEqual(self.post("li", incident, "declare-end").status_code, 409)
        self.done(self.post("li", incident, "confirm-end", condition="0", basis="抢险救援组报告"))
        self.assertIn("依据 ：抢险救援组报告", self.text(incident, "desk").replace("依据：", "依据 ："))

    def test_a_confirmation_without_a_basis_keeps_its_place(self) -> None:
        incident = a_response(3)
        answer = self.post("li", incident, "confirm-end", condition="2", basis="")
        self.assertEqual(answer.status_code, 400)
        form = answer.content.decode().split('id="act-confirm-end-2"')[1]
        self.assertIn("请填写“确认依据”", form[: form.index("</form>")])

    def test_a_nonsense_condition_is_named(self) -> None:
        answer = self.post("li", a_response(3), "confirm-end", condition="x", basis="y")
        self.assertEqual(answer.status_code, 400)
        self.assertIn("“结束条件”不是有效的编号", text_of(answer.content.decode()))
