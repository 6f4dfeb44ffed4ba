"""Logging a call: what has to be given, what is judged while one types, what is refused and kept."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from plans.actions import versions
from response.actions import decisions, incidents, reviews
from response.actions.incidents import Call
from response.models import FactReport, Incident, IncidentPlace
from shuozhou_ops.errors import BadInput, Conflict, NotAuthorised
from shuozhou_ops.journal.actors import SYSTEM
from shuozhou_ops.journal.models import Entry, SecurityEvent
from tests.cast import EARTHQUAKE, NOON, an_earthquake, an_ended, fresh, hand_in_every_paper, minutes, person, verbs
from tests.plans.small_plan import plan as small_plan
from tests.response.web import WebCase, logged_in, text_of

MOST_QUERIES = 12
ASSESS, PAGE = "intake_assess", "intake"


def _call(**typed: Any) -> Call:
    return Call(**{"plan": EARTHQUAKE, "place": "应县南河种镇", "source": "call"} | typed)


class IntakeCase(WebCase):
    """Posting the form."""

    def log(self, who: str = "desk", **typed: Any) -> HttpResponse:
        """The form with kind, place and source, and whatever else is typed."""
        return logged_in(who).post(reverse(PAGE), self.typed(**typed))

    def assess(self, who: str = "desk", target: str = "assessment", **typed: Any) -> str:
        """The panel beside it, as htmx gets it."""
        headers = {"HTTP_HX_REQUEST": "true", "HTTP_HX_TARGET": target} if target else {}
        answer = logged_in(who).post(reverse(ASSESS), self.typed(**typed), **headers)
        self.assertEqual(answer.status_code, 200)
        return answer.content.decode()

    def typed(self, **typed: Any) -> dict[str, Any]:
        """What is posted; `fact_x` stands for `fact-x`."""
        named = {name.replace("fact_", "fact-"): value for name, value in typed.items()}
        return {"plan": EARTHQUAKE, "facts_of": EARTHQUAKE, "place": "应县南河种镇", "source": "call"} | named

    def logged(self, answer: HttpResponse) -> Incident:
        """The incident that was made."""
        self.assertEqual(answer.status_code, 303, text_of(answer.content.decode()))
        return Incident.objects.get(public_id=answer["Location"].strip("/").split("/")[-1])

    def refused(self, answer: HttpResponse, *words: str, status: int = 400) -> str:
        """The page of a refusal, with these words; nothing was stored."""
        page = answer.content.decode()
        self.assertEqual(answer.status_code, status, text_of(page))
        for said in words:
            self.assertIn(said, text_of(page))
        self.assertEqual(
            (Incident.objects.count(), Entry.objects.filter(stream__startswith="incident/").count()), (0, 0)
        )
        return page


class LogTests(IntakeCase):
    """What is taken."""

    def test_kind_place_and_source_are_enough(self) -> None:
        incident = self.logged(self.log())
        self.assertEqual((incident.status, incident.source, incident.place), ("reported", "call", "应县南河种镇"))
        self.assertEqual(verbs(incident), ["incident.logged"])
        self.assertEqual((incident.code, incident.logged_at), ("〔2026〕1号", minutes(2)))

    def test_everything_that_is_typed_is_kept(self) -> None:
        incident = self.logged(
            self.log(
                counties=["yingxian", "shanyin"],
                occurred_at="2026-11-24T11:55",
                caller_name="王小明",
                caller_phone="13812345678",
                words="房屋晃动",
                latitude="39.554101234",
                longitude="113.19°",
                quality="verified",
                fact_magnitude="5.2",
                fact_density="populated",
            )
        )
        self.assertEqual(set(incident.places.values_list("county__key", flat=True)), {"yingxian", "shanyin"})
        self.assertEqual(incident.occurred_at, NOON - timedelta(minutes=5))
        self.assertEqual((incident.latitude, incident.longitude), (Decimal("39.55410"), Decimal("113.19000")))
        self.assertEqual((incident.caller_name, incident.caller_phone), ("王小明", "13812345678"))
        told = incident.fact_reports.filter(kind="fact").values_list("name", "value", "quality")
        self.assertEqual(set(told), {("magnitude", 5.2, "verified"), ("density", "populated", "verified")})
        self.assertEqual(incident.decisions.get().to_level, 3)
        self.assertTrue(incident.fact_reports.filter(kind="milestone", name="occurred_at").exists())

    def test_a_county_alone_is_a_place_and_words_name_their_county(self) -> None:
        incident = self.logged(self.log(place="", counties=["yingxian", "huairen"]))
        self.assertEqual(incident.place, "应县、怀仁市")
        named = self.logged(self.log(place="怀仁云中镇", seen=[incident.public_id]))
        self.assertEqual(list(named.places.values_list("county__key", flat=True)), ["huairen"])

    def test_a_place_that_names_no_county_waits_for_one(self) -> None:
        incident = self.logged(self.log(place="桑干河大桥", fact_magnitude="5.2"))
        self.assertFalse(incident.places.exists() or incident.outside_city)
        self.assertIn("县（市、区）未定", self.text(incident, "li"))
        self.done(self.post("desk", incident, "locate", counties=["yingxian"]))
        self.assertEqual(list(IncidentPlace.objects.values_list("county__key", flat=True)), ["yingxian"])
        self.assertIn("确定事发县（市、区）：应县", self.text(incident, "li"))
        self.assertEqual(self.post("desk", incident, "locate", counties=["huairen"]).status_code, 409)

    def test_outside_the_city_is_said_not_guessed(self) -> None:
        incident = self.logged(self.log(place="大同市浑源县", outside_city="on", scope_judgement="应县震感强烈"))
        self.assertTrue(incident.outside_city)
        self.assertFalse(incident.places.exists())
        self.assertIn("市境外", self.text(incident, "desk"))

    def test_the_same_form_pressed_twice_makes_one(self) -> None:
        first = self.logged(self.log(idempotency_key="k"))
        again = self.log(idempotency_key="k")
        self.assertEqual(self.logged(again).pk, first.pk)
        self.assertEqual(Incident.objects.count(), 1)

    def test_a_post_of_the_chain_may_log_a_bureau_may_not(self) -> None:
        self.logged(self.log("zhang"))
        for who in ("transport", "auditor", "yingxian"):
            self.assertEqual(self.log(who).status_code, 403)
            self.assertEqual(logged_in(who).get(reverse(PAGE)).status_code, 403)
        self.assertEqual(Incident.objects.count(), 1)

    def test_who_called_and_what_was_said_stay_out_of_the_chain(self) -> None:
        incident = self.logged(
            self.log(caller_name="王小明", caller_phone="13812345678", words="身份证 140624199001011234")
        )
        entry = Entry.objects.get(stream=incident.stream)
        for private in ("王小明", "13812345678", "140624199001011234"):
            self.assertNotIn(private, entry.set_json + entry.payload_json)


class RefuseTests(IntakeCase):
    """What is refused: the field is named, what was typed is there, nothing is stored."""

    def test_what_has_to_be_given(self) -> None:
        page = self.refused(
            self.log(plan="", place="", source=""),
            "请选择“类别”",
            "请填写“地点”，或选择事发县（市、区）",
            "请选择“来源”",
        )
        self.assertIn('href="#id_place"', page)

    def test_bad_facts_each_beside_its_field(self) -> None:
        for typed, said in (
            ({"fact_magnitude": "很大"}, "震级"),
            ({"fact_magnitude": "NaN"}, "震级"),
            ({"fact_magnitude": "Infinity"}, "震级"),
            ({"fact_magnitude": "-5"}, "震级"),
            ({"fact_magnitude": "1e308"}, "震级"),
            ({"fact_deaths": "1.5"}, "死亡人数"),
            ({"fact_deaths": "9" * 199}, "死亡人数"),
            ({"fact_deaths": "9" * 5000}, "死亡人数"),
            ({"fact_deaths": "true"}, "死亡人数"),
            ({"fact_density": "[]"}, "震中人口密集程度"),
            ({"fact_wind": "7"}, "没有这项情况：wind"),
        ):
            with self.subTest(typed=str(typed)[:50]):
                page = self.refused(self.log(**typed), said)
                value = next(iter(typed.values()))
                if "wind" not in str(typed) and "density" not in str(typed):
                    self.assertIn(f'value="{value}"', page)

    def test_everything_at_once(self) -> None:
        self.refused(
            self.log(fact_magnitude="x", fact_deaths="-1", occurred_at="昨天", latitude="north"),
            "震级",
            "死亡人数",
            "“发生时间”不是有效的时间",
            "“纬度”应是数字",
        )

    def test_other_bad_input(self) -> None:
        for typed, said in (
            ({"occurred_at": "2026-11-25T12:00"}, "时间不能晚于现在"),
            ({"occurred_at": "0001-01-01T00:00"}, "时间过早"),
            ({"occurred_at": "9999-12-31T23:59"}, "时间不能晚于现在"),
            ({"source": "rumour"}, "请选择“来源”中列出的一项"),
            ({"counties": ["atlantis"]}, "请勾选“事发县（市、区）”中列出的一项"),
            ({"counties": ["yingxian"], "outside_city": "on"}, "只能选一样"),
            ({"latitude": "91", "longitude": "113"}, "“纬度”应在 -90 到 90 度之间"),
            ({"latitude": "NaN", "longitude": "113"}, "“纬度”应是数字"),
            ({"latitude": "1e999", "longitude": "113"}, "“纬度”"),
            ({"latitude": "9" * 5000, "longitude": "113"}, "“纬度”应是数字"),
            ({"latitude": "39.5"}, "“纬度”和“经度”要一起填写"),
            ({"quality": "maybe"}, "请选择“是否核实”中列出的一项"),
            ({"place": "长" * 201}, "“地点”最多 200 个字"),
            ({"caller_name": "长" * 61}, "“来电人”最多 60 个字"),
            ({"words": "长" * 5001}, "“来电内容”最多 5000 个字"),
            ({"place": "应县\x00"}, "空"),
            ({"words": "a\x07b"}, "控制字符"),
            ({"plan": "volcano", "facts_of": "volcano"}, "请选择“类别”中列出的一项"),
        ):
            with self.subTest(typed=str(typed)[:60]):
                page = self.refused(self.log(caller_phone="13800000000", **typed), said)
                self.assertIn('value="13800000000"', page)

    def test_markup_in_every_field_is_words(self) -> None:
        markup = "<script>alert(1)</script>\"'><b>"
        texts = ("place", "caller_name", "caller_phone", "words", "scope_judgement")
        facts = ("fact_magnitude", "fact_deaths", "fact_missing", "fact_density")
        others = ("source", "plan", "occurred_at", "latitude", "longitude", "quality", "counties")
        everything = dict.fromkeys([*texts, *facts, *others], markup)
        page = self.log(**everything).content.decode()
        self.assertNotIn("<script>alert", page)
        self.assertNotIn("<b>", page)
        kept = {**dict.fromkeys(texts, "<b>" + "x" * 5), "caller_phone": "<b>1"}
        incident = self.logged(self.log(**kept))
        self.assertNotIn("<b>", self.page(incident, "desk"))

    def test_ten_megabytes_come_back_named_and_kept(self) -> None:
        huge = "地" * (10 * 1024 * 1024 // 3)
        page = self.refused(self.log(words=huge, caller_name="王小明"), "“来电内容”最多 5000 个字")
        self.assertIn('value="王小明"', page)
        self.assertIn(huge, page)

    def test_past_any_paste_the_page_says_so(self) -> None:
        answer = self.log(words="x" * (20 * 1024 * 1024))
        self.assertEqual(answer.status_code, 413)
        self.assertIn("内容太大", text_of(answer.content.decode()))
        self.assertEqual(Incident.objects.count(), 0)

    def test_what_the_action_refuses_is_shown_and_logged(self) -> None:
        self.refused(self.log(occurred_at="2026-11-24T13:00"), "时间不能晚于现在")
        self.assertEqual(SecurityEvent.objects.get().act, "incident.log")

    def test_a_kind_that_was_just_changed_asks_for_its_facts(self) -> None:
        answer = self.log(facts_of="another", fact_wind="7")
        self.refused(answer, "类别刚刚换过", status=409)


class ActionTests(WebCase):
    """The action itself, for whoever calls it."""

    def test_it_names_each_fault(self) -> None:
        for typed, field in (
            ({"place": " "}, "place"),
            ({"source": "x"}, "source"),
            ({"counties": ("x",)}, "counties"),
            ({"counties": ("yingxian",), "outside_city": True}, "outside_city"),
            ({"latitude": Decimal("NaN"), "longitude": Decimal(1)}, "latitude"),
            ({"latitude": Decimal(91)}, "latitude"),
            ({"occurred_at": minutes(60)}, "occurred_at"),
            ({"facts": {"wind": 1}}, "wind"),
        ):
            with self.subTest(field=field), self.assertRaises(BadInput) as refused:
                incidents.log(_call(**typed), actor=person("desk"), at=NOON)
            self.assertIn(field, refused.exception.fields)
        self.assertEqual((Incident.objects.count(), FactReport.objects.count()), (0, 0))

    def test_nobody_else_logs_or_locates(self) -> None:
        with self.assertRaises(NotAuthorised):
            incidents.log(_call(), actor=person("transport"), at=NOON)
        incident = incidents.log(_call(place="河边"), actor=person("desk"), at=NOON)
        with self.assertRaises(NotAuthorised):
            incidents.locate(incident.pk, ["yingxian"], actor=person("yingxian"), at=NOON)
        with self.assertRaises(BadInput):
            incidents.locate(incident.pk, [], actor=person("desk"), at=NOON)

    def test_a_county_is_not_moved_while_a_response_runs(self) -> None:
        incident = incidents.log(_call(place="河边", facts={"magnitude": 4.2}), actor=person("desk"), at=NOON)
        decisions.approve(incident.decisions.get().pk, actor=person("zhang"), at=NOON)
        with self.assertRaises(Conflict):
            incidents.locate(incident.pk, ["yingxian"], actor=person("desk"), at=NOON)

    def test_numbers_run_by_the_year_of_the_city(self) -> None:
        eve = NOON.replace(year=2026, month=12, day=31, hour=15, minute=59)
        codes = [
            incidents.log(_call(), actor=person("desk"), at=at).code for at in (NOON, eve, eve + timedelta(minutes=1))
        ]
        self.assertEqual(codes, ["〔2026〕1号", "〔2026〕2号", "〔2027〕1号"])


class AssessTests(IntakeCase):
    """What stands beside the form while one types."""

    def test_the_judgement_with_clauses_what_is_open_and_what_to_ask_next(self) -> None:
        text = text_of(self.assess(fact_magnitude="5.2"))
        self.assertIn("三级响应", text)
        self.assertIn("附件3", text)
        self.assertRegex(text, "接着问.*死亡人数.*失踪人数.*震中人口密集程度")
        self.assertIn("未定的条件", text)
        self.assertEqual(Incident.objects.count(), 0)

    def test_a_fact_that_cannot_be_is_said_and_the_others_are_judged(self) -> None:
        text = text_of(self.assess(fact_magnitude="5.2", fact_deaths="许多"))
        self.assertIn("三级响应", text)
        self.assertIn("死亡人数", text)
        self.assertIn("还不能保存", text)

    def test_the_county_proposes_a_value_and_a_press_takes_it_over(self) -> None:
        page = self.assess(counties=["pinglu"])
        self.assertIn('data-value="dense"', page)
        self.assertNotIn("data-adopt", self.assess(counties=["pinglu"], fact_density="populated"))
        whole = self.assess(target="", counties=["pinglu"], adopt="density=dense")
        self.assertRegex(whole, r'<option value="dense"[^>]*selected')

    def test_without_javascript_the_whole_page_comes_back_with_what_was_typed(self) -> None:
        page = self.assess(target="", fact_magnitude="6.2", caller_name="王小明")
        self.assertIn("<html", page)
        self.assertIn('value="王小明"', page)
        self.assertIn("二级响应", text_of(page))

    def test_asked_of_the_county_where_it_happened(self) -> None:
        self.assertRegex(text_of(self.assess(fact_magnitude="5.2")), "死亡人数 问 应县")

    def test_what_stands_there_before_anything_is_typed_counts_as_seen_by_nobody(self) -> None:
        client = logged_in("desk")
        self.log()
        self.assertNotIn('name="seen"', client.get(reverse(PAGE)).content.decode())
        self.assertIn('name="seen"', self.assess(counties=["yingxian"]))

    def test_nothing_typed_yet(self) -> None:
        page = logged_in("desk").get(reverse(PAGE) + f"?plan={EARTHQUAKE}").content.decode()
        self.assertIn("情况未报，还不能判断", text_of(page))
        self.assertIn("autofocus", page)

    def test_a_constant_number_of_queries(self) -> None:
        for count in (1, 30):
            for _ in range(count):
                an_earthquake()
            client = logged_in("desk")
            client.get(reverse(PAGE))
            for method, address in ((client.get, PAGE), (client.post, ASSESS)):
                with CaptureQueriesContext(connection) as queries:
                    method(reverse(address), self.typed())
                self.assertLessEqual(len(queries), MOST_QUERIES, [query["sql"][:100] for query in queries])


class DuplicateTests(IntakeCase):
    """What may have been logged already."""

    def test_the_same_county_is_shown_and_a_second_press_saves(self) -> None:
        first = self.logged(self.log())
        self.assertIn(first.code, text_of(self.assess()))
        answer = self.log()
        self.assertEqual(answer.status_code, 409)
        page = answer.content.decode()
        self.assertIn("可能已经有人记录过", text_of(page))
        self.assertIn(f'name="seen" value="{first.public_id}"', page)
        self.assertEqual(Incident.objects.count(), 1)
        self.logged(self.log(seen=[first.public_id]))
        self.assertEqual(Incident.objects.count(), 2)

    @pytest.mark.unfolded("makes a replay of an incident past the actions")
    def test_another_county_a_far_point_or_a_replay_is_another_event(self) -> None:
        first = self.logged(self.log(latitude="39.55", longitude="113.19"))
        self.assertNotIn(first.code, text_of(self.assess(place="右玉县城")))
        self.assertNotIn(first.code, text_of(self.assess(latitude="40.05", longitude="113.19")))
        self.assertIn(first.code, text_of(self.assess(latitude="39.60", longitude="113.20")))
        self.assertIn(first.code, text_of(self.assess(place="不知道哪里")))
        self.assertNotIn(first.code, text_of(self.assess(place="浑源", outside_city="on")))
        Incident.objects.update(replay_of="x")
        self.assertNotIn(first.code, text_of(self.assess()))

    def test_one_that_was_closed_stays_for_a_day(self) -> None:
        incident = an_ended(4)
        reviews.open_review(incident.pk, actor=person("zhang"), at=NOON)
        hand_in_every_paper(incident)
        reviews.close(incident.pk, actor=person("zhang"), at=NOON)
        self.assertIn(fresh(incident).code, text_of(self.assess()))
        self.clock_at(minutes(25 * 60))
        self.assertNotIn(incident.code, text_of(self.assess()))


class KindTests(IntakeCase):
    """With a second plan in the system the fields follow the kind."""

    def setUp(self) -> None:
        super().setUp()
        versions.load(small_plan(), actor=SYSTEM, at=NOON)

    def test_the_facts_of_the_kind_that_is_chosen(self) -> None:
        page = self.assess(target="intake", plan="flood", fact_magnitude="5.2", caller_name="王小明")
        self.assertIn('name="fact-rain_mm"', page)
        self.assertNotIn('name="fact-magnitude"', page)
        self.assertNotIn("没有这项情况", page)
        self.assertIn('value="王小明"', page)
        self.assertIn('name="facts_of" value="flood"', page)

    def test_a_kind_chosen_first_of_all_finds_no_fault_yet_and_keeps_what_was_typed(self) -> None:
        page = self.assess(target="intake", place="", source="", facts_of="", counties=["yingxian"], outside_city="on")
        self.assertNotIn("field-error", page)
        self.assertNotIn("autofocus", page)
        self.assertRegex(page, r'value="yingxian"[^>]*checked')
        self.assertRegex(page, r'id="id_outside_city"[^>]*checked')
        self.assertRegex(page, r'value="earthquake"[^>]*checked')

    def test_logged_under_the_plan_that_is_chosen(self) -> None:
        incident = self.logged(self.log(plan="flood", facts_of="flood", fact_rain_mm="80"))
        self.assertEqual(incident.plan_version.plan.key, "flood")
        self.assertNotIn(incident.code, text_of(self.assess()))

    def test_the_address_chooses_too(self) -> None:
        page = logged_in("desk").get(reverse(PAGE) + "?plan=flood").content.decode()
        self.assertIn('name="fact-rain_mm"', page)

    def test_while_the_kind_is_open_no_fact_is_asked_and_nothing_judged_or_saved(self) -> None:
        page = logged_in("desk").get(reverse(PAGE)).content.decode()
        self.assertIn("先选类别，再填这一类的情况", text_of(page))
        for absent in ('name="fact-', 'id="judgement"', "checked"):
            self.assertNotIn(absent, page)
        self.assertRegex(page, r'<input type="radio" name="plan"[^>]*autofocus')
        self.refused(self.log(plan="", facts_of=""), "请选择“类别”")
        first = self.log(facts_of="")  # without a script: the kind was ticked and the form sent at once
        self.assertIn('name="fact-magnitude"', self.refused(first, "类别刚刚换过", status=409))
