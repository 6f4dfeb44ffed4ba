"""Scope is said clause by clause on the intake and on the incident's page: it warns, it never blocks (1.3, 1.4)."""

import re
from typing import Any

from django.db import connection
from django.http import HttpResponse
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from plans.actions import versions
from response.actions import facts
from response.models import Incident
from shuozhou_ops.journal import readers
from shuozhou_ops.journal.actors import SYSTEM
from tests.cast import NOON, a_response, an_earthquake, an_ended, minutes, person
from tests.plans.small_plan import plan
from tests.response.web import WebCase, logged_in, reported, text_of

FLOOD, DROUGHT = "flood", "drought"
WET = {"text": "市内洪水", "cite": "1.3", "when": {"fact": "rain_mm", "more_than": 0}}
DRY = {"text": "市内旱情", "cite": "1.4", "when": {"fact": "rain_mm", "at_most": 0}}


class ScopeCase(WebCase):
    """Beside the plans of the library a plan for what is wet, and one for what is dry."""

    def setUp(self) -> None:
        super().setUp()
        for key, name, line in ((FLOOD, "洪涝", WET), (DROUGHT, "干旱", DRY)):
            versions.load(plan(plan=key, name=name, scope=[line]), actor=SYSTEM, at=NOON)

    def typed(self, key: str, **typed: Any) -> dict[str, Any]:
        """What is posted; `fact_x` stands for `fact-x`."""
        named = {name.replace("fact_", "fact-"): value for name, value in typed.items()}
        return {"plan": key, "facts_of": key, "place": "应县南河种镇", "source": "call"} | named

    def assess(self, key: str, target: str = "assessment", **typed: Any) -> str:
        headers = {"HTTP_HX_REQUEST": "true", "HTTP_HX_TARGET": target} if target else {}
        answer = logged_in("desk").post(reverse("intake_assess"), self.typed(key, **typed), **headers)
        self.assertEqual(answer.status_code, 200)
        return answer.content.decode()

    def log(self, key: str, **typed: Any) -> Incident:
        answer: HttpResponse = logged_in("desk").post(reverse("intake"), self.typed(key, **typed))
        self.assertEqual(answer.status_code, 303, text_of(answer.content.decode()))
        return Incident.objects.get(public_id=answer["Location"].strip("/").split("/")[-1])

    def scope_of(self, page: str) -> str:
        """The part of a page of the intake that speaks of the scope."""
        found = re.search(r'<div class="scope.*?</div>', page, re.DOTALL)
        assert found
        return found[0]


class IntakeTests(ScopeCase):
    """While a call is written down."""

    def test_in_scope_out_of_it_and_what_is_missing_with_the_clause(self) -> None:
        for rain, said in (
            ("5", "在本预案适用范围内 市内洪水 1.3 ✓ 雨量 5毫米"),
            (
                "0",
                "不在本预案适用范围 照样可以保存；选错类别的，换一类，已填的都保留。 市内洪水 1.3 × 不符合 雨量 0毫米",
            ),
            ("", "还不能判断 市内洪水 1.3 ? 缺 雨量"),
        ):
            with self.subTest(rain=rain):
                self.assertIn(said, text_of(self.scope_of(self.assess(FLOOD, fact_rain_mm=rain))))

    def test_out_of_scope_it_suggests_the_plan_in_whose_scope_it_is_first(self) -> None:
        out = self.scope_of(self.assess(FLOOD, fact_rain_mm="0"))
        self.assertEqual(re.findall(r'name="switch" value="(\w+)"', out)[0], DROUGHT)
        self.assertNotIn(FLOOD, re.findall(r'name="switch" value="(\w+)"', out))
        self.assertNotIn('name="switch"', self.scope_of(self.assess(FLOOD, fact_rain_mm="5")))

    def test_the_answer_while_one_types_brings_it_anew_and_the_whole_form_once(self) -> None:
        beside = self.assess(FLOOD, fact_rain_mm="0")
        self.assertRegex(beside, r'id="scope"[^>]*hx-swap-oob')
        self.assertIn("不在适用范围 1.3", text_of(beside))
        for target in ("intake", ""):
            page = self.assess(FLOOD, target=target, fact_rain_mm="0")
            self.assertEqual(page.count('id="scope"'), 1)
            self.assertEqual(page.count('id="judged"'), 1)
            self.assertNotIn("hx-swap-oob", page)

    def test_what_no_fact_says_is_left_to_the_eyes_and_the_other_kinds_say_what_they_are_for(self) -> None:
        page = logged_in("desk").get(reverse("intake") + "?plan=forest_grassland_fire").content.decode()
        self.assertRegex(text_of(self.scope_of(page)), r"起火地点在城市市区以外\S* 1.4 \? 请核对")
        others = text_of(page.partition('<details class="scope-others"')[2].partition("</details>")[0])
        self.assertRegex(others, r"其他类别管什么 \W*换成火灾事故 本市行政区域内的火灾事故 1.4")
        self.assertNotIn("换成森林草原火灾", others)

    def test_outside_the_city_what_needs_a_judgement_asks_for_it_and_the_rest_is_out(self) -> None:
        self.assertIn("启动前须写明判断", text_of(self.scope_of(self.assess("earthquake", outside_city="on"))))
        judged = self.assess("earthquake", outside_city="on", scope_judgement="应县震感强烈")
        self.assertIn("在本预案适用范围内", text_of(self.scope_of(judged)))
        self.assertIn("市境外的事件才看这一条", text_of(self.scope_of(self.assess("earthquake"))))
        out = self.scope_of(self.assess("geological_hazard", outside_city="on"))
        self.assertIn("事发地在市境外", text_of(out))
        self.assertNotIn('name="switch"', out)

    def test_while_the_kind_is_open_nothing_is_said(self) -> None:
        page = logged_in("desk").get(reverse("intake")).content.decode()
        self.assertEqual(text_of(self.scope_of(page)).strip(), "")
        self.assertNotIn("其他类别管什么", text_of(page))

    def test_only_the_kinds_under_which_this_person_may_log_are_offered(self) -> None:
        own = logged_in("water").get(reverse("intake") + f"?plan={FLOOD}").content.decode()
        self.assertEqual(re.findall(r'name="switch" value="(\w+)"', own), [DROUGHT])

    def test_enter_judges_it_never_changes_the_kind(self) -> None:
        page = self.assess(FLOOD, target="", fact_rain_mm="0")
        first = re.search(r"<button[^>]*>", page[page.index('id="intake"') :])
        assert first
        self.assertIn(f'formaction="{reverse("intake_assess")}"', first[0])
        self.assertNotIn("name=", first[0])


class LogTests(ScopeCase):
    """It is logged all the same, and the journal keeps what was out of scope."""

    def entry(self, incident: Incident) -> dict[str, Any]:
        return dict(readers.stream(incident.stream)[0].payload)

    def test_out_of_scope_is_logged_and_kept(self) -> None:
        incident = self.log(FLOOD, fact_rain_mm="0")
        self.assertEqual(self.entry(incident)["out_of_scope"], [{"cite": "1.3", "text": "市内洪水"}])
        self.assertIn("记录时不在预案适用范围 1.3", self.text(incident, "desk"))

    def test_in_scope_or_open_nothing_is_kept(self) -> None:
        for typed in ({"fact_rain_mm": "5"}, {}, {"fact_dead": "1"}):
            incident = self.log(FLOOD, seen=list(Incident.objects.values_list("public_id", flat=True)), **typed)
            self.assertNotIn("out_of_scope", self.entry(incident))
            self.assertNotIn("记录时不在预案适用范围", self.text(incident, "desk"))

    def test_outside_the_city_without_a_line_for_it(self) -> None:
        incident = self.log("geological_hazard", outside_city="on", place="大同市浑源县")
        self.assertEqual([item["cite"] for item in self.entry(incident)["out_of_scope"]], ["1.4"])
        judged = self.log("earthquake", outside_city="on", place="大同市浑源县", scope_judgement="震感强烈")
        self.assertNotIn("out_of_scope", self.entry(judged))


class PageTests(ScopeCase):
    """On the incident's page, while it can still matter."""

    def test_one_line_with_the_clause_and_the_plan_it_would_be(self) -> None:
        incident = self.log(FLOOD, fact_rain_mm="0")
        self.assertRegex(self.text(incident, "desk"), r"按现有情况不在本预案适用范围 ?：市内洪水 1.3 可能适用： 干旱")

    def test_it_follows_the_facts(self) -> None:
        incident = self.log(FLOOD, fact_rain_mm="5")
        self.assertNotIn("不在本预案适用范围", self.text(incident, "desk"))
        self.post("desk", incident, "report-facts", **reported(rain_mm="0"))
        self.assertIn("按现有情况不在本预案适用范围", self.text(incident, "desk"))

    def test_clause_by_clause_with_what_is_missing(self) -> None:
        text = self.text(self.log(FLOOD), "desk")
        self.assertIn("适用范围： 是否在适用范围，还不能判断 市内洪水 1.3 ? 缺 雨量", text)

    def test_what_waits_for_a_judgement_stands_there_until_it_is_written(self) -> None:
        words = "启动前须写明对我市影响的判断 1.3"
        asked = self.log("earthquake", outside_city="on", place="大同市浑源县")
        self.assertIn(words, self.text(asked, "li"))
        judged = self.log("earthquake", outside_city="on", scope_judgement="震感强烈", seen=[asked.public_id])
        self.assertNotIn(words, self.text(judged, "li"))
        self.assertIn("震感强烈", self.text(judged, "li"))
        self.assertNotIn(words, self.text(an_earthquake(), "li"))

    def test_after_the_end_and_to_a_unit_it_says_nothing(self) -> None:
        self.assertNotIn("适用范围", self.text(an_ended(3), "li"))
        running = a_response(3)
        self.assertNotIn("适用范围", self.text(running, "transport"))
        self.assertIn("适用范围", self.text(running, "li"))

    def test_a_constant_number_of_queries(self) -> None:
        incident = self.log(FLOOD, fact_rain_mm="0")
        counts = []
        for more in (0, 1, 9):
            for step in range(more):
                values = {"rain_mm": 0, "dead": step % 3}
                facts.report(incident.pk, values, actor=person("desk"), at=minutes(1), source="县")
                versions.load(plan(plan=f"wet{more}{step}", scope=[WET]), actor=SYSTEM, at=NOON)
            self.page(incident, "desk")  # what each plan says is read once a process
            with CaptureQueriesContext(connection) as queries:
                self.page(incident, "desk")
            counts.append(len(queries))
        self.assertEqual(len(set(counts)), 1, counts)
