"""Words typed into a form that another took away meanwhile are still there to copy."""

import html

from django.urls import reverse

from response.actions import decisions
from response.models import Task
from tests.cast import NOON, a_response, an_earthquake, open_decision, person
from tests.response.web import WebCase, logged_in


class KeepWordsTests(WebCase):
    """The form is gone, the words are not."""

    def test_a_reason_for_a_decision_that_was_settled_meanwhile(self) -> None:
        waiting = open_decision(an_earthquake())
        decisions.refuse(waiting.pk, actor=person("wang"), at=NOON, reason="先核实")
        answer = self.settle("li", waiting.pk, "approve", reason="县里<b>三次</b>求援")
        self.assertEqual(answer.status_code, 409)
        page = answer.content.decode()
        self.assertIn("县里<b>三次</b>求援", html.unescape(page))
        self.assertNotIn("<b>三次</b>", page)

    def test_the_words_on_a_task_that_was_released_meanwhile(self) -> None:
        incident = a_response(3)
        task = Task.objects.filter(incident=incident, unit__key="transport", item__startswith="group").first()
        assert task
        decisions.decide(incident.pk, 4, actor=person("li"), at=NOON, reason="灾情减轻")
        for page in (reverse("desk"), reverse("incident", args=[incident.public_id])):
            typed = {"text": "已出动<i>12</i>台抢险车", "next": page}
            answer = logged_in("transport").post(reverse("task_act", args=[task.pk, "report"]), typed)
            self.assertEqual(answer.status_code, 409)
            shown = answer.content.decode()
            self.assertIn("已出动<i>12</i>台抢险车", html.unescape(shown))
            self.assertNotIn("<i>12</i>", shown)

    def test_where_the_form_still_stands_they_show_there_only(self) -> None:
        answer = self.post("li", a_response(3), "declare-end", reason="各组已撤收")
        self.assertEqual(answer.status_code, 409)
        self.assertEqual(answer.content.decode().count("各组已撤收"), 1)
