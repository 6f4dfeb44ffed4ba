"""Reporting facts: as they are told and refused; the last word of a minute counts; nobody verifies a figure unseen."""

import re
from datetime import timedelta

from response.actions import facts
from response.facts import reports_of
from response.models import FactReport, Incident
from response.sources import in_force
from tests.cast import NOON, a_response, an_earthquake, minutes, person
from tests.response.web import WebCase, reported, text_of


def told(incident: Incident, deaths: int, second: float, **options: object) -> None:
    """The desk is told of so many dead, so many seconds after NOON."""
    at = NOON + timedelta(seconds=second)
    facts.report(incident.pk, {"deaths": deaths}, actor=person("desk"), at=at, source="县指挥部", **options)  # type: ignore[arg-type]


def deaths(incident: Incident) -> FactReport:
    """The report in force."""
    return in_force(reports_of(incident))["deaths"]


class MinuteTests(WebCase):
    """A form gives moments to the minute."""

    def test_a_correction_of_the_same_minute_counts(self) -> None:
        incident = an_earthquake()
        told(incident, 2, 90)
        told(incident, 5, 110, observed_at=minutes(1))
        self.assertEqual(deaths(incident).value, 5)

    def test_one_of_an_earlier_minute_does_not(self) -> None:
        incident = an_earthquake()
        told(incident, 5, 150)
        told(incident, 2, 160, observed_at=minutes(1))
        self.assertEqual(deaths(incident).value, 5)


class VerifyTests(WebCase):
    """Between the page and the press the figure changes."""

    def seen(self, page: str) -> str:
        form = re.search(r'id="act-verify-facts".*?</form>', page, re.DOTALL)
        assert form
        shown = re.search(r'name="seen" value="([\d,]+)"', form[0])
        assert shown
        return shown[1]

    def verify(self, incident: Incident, seen: str) -> tuple[int, str]:
        answer = self.post("zhang", incident, "verify-facts", facts=["deaths"], source="县医院", seen=seen)
        return answer.status_code, answer.content.decode()

    def test_a_figure_told_since_is_not_verified_unseen(self) -> None:
        incident = an_earthquake(deaths=8)
        seen = self.seen(self.page(incident, "zhang"))
        told(incident, 60, 30)
        status, page = self.verify(incident, seen)
        self.assertEqual(status, 409)
        self.assertIn("刚刚有了新的报告", text_of(page))
        self.assertIn("县医院", page)
        self.assertEqual(deaths(incident).quality, "estimated")
        self.assertEqual(self.verify(incident, self.seen(page))[0], 303)
        self.assertEqual((deaths(incident).value, deaths(incident).quality), (60, "verified"))

    def test_another_figure_told_since_is_no_obstacle(self) -> None:
        incident = an_earthquake(deaths=8)
        seen = self.seen(self.page(incident, "zhang"))
        facts.report(incident.pk, {"missing": 3}, actor=person("desk"), at=minutes(1), source="县指挥部")
        self.assertEqual(self.verify(incident, seen)[0], 303)


class FactTests(WebCase):
    """Facts as they are told, and as they are refused."""

    def test_what_is_known_what_was_said_before_and_how_far_the_next_level_is(self) -> None:
        incident = a_response(3)
        self.post("desk", incident, "report-facts", **reported(deaths="3"))
        self.post("desk", incident, "report-facts", **reported(deaths="7", quality="verified"))
        text = self.text(incident, "li")
        self.assertIn("7人 已核实", text)
        self.assertIn("先前 1 次", text)
        self.assertIn("死亡人数+失踪人数 7 / 50人 → 二级响应", text)

    def test_a_fact_is_withdrawn_by_its_tick(self) -> None:
        incident = a_response(3)
        self.post("desk", incident, "report-facts", **reported(deaths="3"))
        self.done(self.post("desk", incident, "report-facts", **{**reported(), "withdraw-deaths": "on"}))
        self.assertIn("已撤回", self.text(incident, "desk"))

    def test_the_county_s_proposal_for_a_fact_is_confirmed_by_one_press(self) -> None:
        incident = an_earthquake()
        page = self.page(incident, "desk")
        self.assertIn("人口较密集地区", page)
        form = page[page.index('id="act-confirm-') :]
        typed = dict(re.findall(r'<input type="hidden" name="([\w-]+)" value="([^"]*)"', form[: form.index("</form>")]))
        self.done(self.post("desk", incident, "report-facts", **typed))
        self.assertNotIn('id="act-confirm-', self.page(incident, "desk"))

    def test_the_moment_typed_is_the_city_s(self) -> None:
        incident = an_earthquake()
        self.done(self.post("desk", incident, "report-facts", **reported(deaths="1", observed_at="2026-11-24T11:58")))
        self.assertIn("11-24 11:58 的情况", self.text(incident, "desk"))

    def test_bad_values_name_the_field_keep_what_was_typed_and_store_nothing(self) -> None:
        incident = an_earthquake()
        before = incident.fact_reports.count()
        for typed, label in (
            ({"deaths": "许多"}, "死亡人数"),
            ({"deaths": "NaN"}, "死亡人数"),
            ({"deaths": "-1"}, "死亡人数"),
            ({"deaths": "1e400"}, "死亡人数"),
            ({"deaths": "9" * 5000}, "死亡人数"),
            ({"deaths": "1.5"}, "死亡人数"),
            ({"deaths": "<b>7</b>"}, "死亡人数"),
            ({"deaths": "7\x00"}, ""),
            ({"magnitude": "11"}, "震级"),
            ({"density": "somewhere"}, "震中人口密集程度"),
            ({"deaths": "1", "observed_at": "2026-11-25T12:00"}, "时间不能晚于现在"),
            ({"deaths": "1", "observed_at": "昨天"}, "“何时的情况”不是有效的时间"),
            ({"deaths": "1", "source": ""}, "请填写“来源”"),
            ({"deaths": "1", "source": "长" * 201}, "“来源”最多 200 个字"),
            ({"deaths": "1", "quality": "maybe"}, "请选择“是否核实”"),
            ({"unheard_of": "1"}, "没有这项情况：unheard_of"),
            ({}, "请至少填写一项情况"),
        ):
            with self.subTest(typed=str(typed)[:60]):
                answer = self.post("desk", incident, "report-facts", **reported(**typed))
                page = answer.content.decode()
                self.assertEqual(answer.status_code, 400)
                self.assertIn(label, text_of(page))
                self.assertNotIn("<b>7</b>", page)
                for name, value in typed.items():
                    if name in ("deaths", "magnitude", "source") and value.isalnum() and len(value) < 10:
                        self.assertIn(f'value="{value}"', page)
        self.assertEqual(incident.fact_reports.count(), before)

    def test_words_with_markup_are_words(self) -> None:
        incident = an_earthquake()
        self.done(self.post("desk", incident, "report-facts", **reported(deaths="1", source="<script>x</script>")))
        self.assertNotIn("<script>x", self.page(incident, "desk"))
