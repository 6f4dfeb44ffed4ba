"""Situation reports: drafted, edited, signed, numbered without gaps; the figures of then never move."""

import pytest
from django.urls import reverse

from response.actions import decisions, facts, orders, replanning, reviews, situation
from response.models import Incident, SituationReport
from response.situation import over_heads
from shuozhou_ops.errors import BadInput, Conflict, NotAuthorised
from shuozhou_ops.journal import readers
from tests.cast import NOON, a_response, an_earthquake, an_ended, fresh, hand_in_every_paper, minutes, person, verbs
from tests.response.test_take_down_order import said, take_down
from tests.response.web import WebCase, logged_in, text_of

CITY = ["市委", "市政府"]


def drafted(incident: Incident, minute: float = 10, who: str = "desk", **options: bool) -> SituationReport:
    return situation.draft(incident.pk, actor=person(who), at=minutes(minute), **options)


def addressed(report: SituationReport, minute: float = 11, to: list[str] = CITY, **options: bool) -> SituationReport:
    return situation.edit(report.pk, text=report.text, sent_to=to, actor=person("desk"), at=minutes(minute), **options)


def sent(incident: Incident, minute: float = 10, to: list[str] = CITY, **options: bool) -> SituationReport:
    report = addressed(drafted(incident, minute), minute, to, **options)
    return situation.send(report.pk, actor=person("zhang"), at=minutes(minute + 1))


def tell(incident: Incident, minute: float, figures: dict[str, object] | None = None, **values: object) -> None:
    at = minutes(minute)
    facts.report(incident.pk, values, figures=figures, actor=person("desk"), at=at, source="县指挥部")


def lines(report: SituationReport) -> dict[str, dict[str, object]]:
    return {line["name"]: line for line in report.figures}


@pytest.mark.django_db
class TestDraft:
    def test_it_freezes_value_quality_source_and_as_of_of_facts_and_figures(self) -> None:
        incident = a_response(3)
        tell(incident, 3, {"relocated": 300}, deaths=3, missing=2)
        line = lines(drafted(incident))
        assert {name: line[name]["value"] for name in ("deaths", "missing", "relocated")} == {
            "deaths": 3,
            "missing": 2,
            "relocated": 300,
        }
        told = line["relocated"]
        assert (told["label"], told["quality"], told["source"]) == ("紧急转移安置人数", "estimated", "县指挥部")
        assert str(told["as_of"]).startswith("2026-11-24T04:03")

    def test_its_words_say_that_the_level_stands_on_an_order_in_dispute(self) -> None:
        incident = an_earthquake()
        order = take_down(incident, 3, said())
        first = drafted(incident)
        assert "李副市长决定（口头令，待补签）" in first.text
        orders.dispute(order.decision_id, actor=person("li"), at=minutes(11), reason="没有这道令")
        situation.drop(first.pk, actor=person("desk"), at=minutes(12))
        assert "李副市长决定（口头令，有异议）" in drafted(incident, 13).text

    def test_what_is_told_afterwards_does_not_move_it_until_it_is_brought_up_to_date(self) -> None:
        incident = a_response(3)
        tell(incident, 3, deaths=3)
        report = drafted(incident)
        tell(incident, 12, deaths=9)
        report.refresh_from_db()
        assert lines(report)["deaths"]["value"] == 3
        situation.refresh(report.pk, actor=person("desk"), at=minutes(13))
        report.refresh_from_db()
        assert (lines(report)["deaths"]["value"], report.as_of) == (9, minutes(13))

    def test_its_words_say_the_event_the_level_the_command_the_forces_and_the_tasks(self) -> None:
        text = drafted(a_response(3)).text
        for words in ("应县南河种镇（应县）发生地震", "现为三级响应", "李副市长决定", "应县由县级指挥"):
            assert words in text
        assert "10 个工作组" in text
        assert "任务共" in text

    def test_before_a_start_it_says_so(self) -> None:
        assert "市级未启动响应" in drafted(an_earthquake()).text

    def test_one_at_a_time(self) -> None:
        incident = a_response(3)
        report = drafted(incident)
        said = verbs(incident)
        with pytest.raises(Conflict) as refused:
            drafted(incident, 11)
        assert (refused.value.code, verbs(incident)) == ("draft_open", said)
        situation.drop(report.pk, actor=person("desk"), at=minutes(12))
        drafted(incident, 13)

    def test_a_unit_drafts_nothing(self) -> None:
        with pytest.raises(NotAuthorised):
            drafted(a_response(3), who="transport")


@pytest.mark.django_db
class TestSend:
    def test_numbers_have_no_gaps_though_a_draft_was_dropped(self) -> None:
        incident = a_response(3)
        first = sent(incident, 10)
        situation.drop(drafted(incident, 20).pk, actor=person("desk"), at=minutes(21))
        second, third = sent(incident, 30), sent(incident, 40)
        assert [(item.number, item.kind) for item in (first, second, third)] == [
            (1, "first"),
            (2, "further"),
            (3, "further"),
        ]

    def test_it_draws_by_itself_what_changed_since_the_last_one(self) -> None:
        incident = a_response(3)
        tell(incident, 3, {"trapped": 8, "relocated": 300}, deaths=3)
        assert {line["change"] for line in sent(incident, 10).figures} == {""}
        tell(incident, 15, {"trapped": None, "houses_collapsed": 40}, deaths=5)
        line = lines(sent(incident, 20))
        assert (line["deaths"]["change"], line["deaths"]["was"], line["deaths"]["words"]) == ("changed", "3人", "5人")
        assert line["houses_collapsed"]["change"] == "new"
        assert (line["trapped"]["change"], line["trapped"]["value"]) == ("withdrawn", None)
        assert line["relocated"]["change"] == ""
        entry = readers.stream(incident.stream)[-1]
        assert {change["label"] for change in entry.payload["changed"]} == {"死亡人数", "倒塌房屋间数", "被困人数"}
        assert not [line for line in sent(incident, 30).figures if line["change"]]  # what was withdrawn is gone

    @pytest.mark.parametrize("who", ["zhang", "li", "wang"])
    def test_the_director_the_commander_and_their_superior_sign(self, who: str) -> None:
        report = addressed(drafted(a_response(3)))
        situation.send(report.pk, actor=person(who), at=minutes(20))
        report.refresh_from_db()
        assert (report.status, report.signed_by == report.drafted_by) == ("sent", False)
        assert report.signed_post

    @pytest.mark.parametrize("who", ["desk", "transport", "auditor"])
    def test_others_do_not(self, who: str) -> None:
        incident = a_response(3)
        report = addressed(drafted(incident))
        said = verbs(incident)
        with pytest.raises(NotAuthorised):
            situation.send(report.pk, actor=person(who), at=minutes(20))
        report.refresh_from_db()
        assert (report.status, report.number, verbs(incident)) == ("draft", None, said)

    def test_it_is_signed_as_it_was_seen(self) -> None:
        incident = a_response(3)
        report = addressed(drafted(incident))
        seen = report.fingerprint
        tell(incident, 12, deaths=9)
        situation.refresh(report.pk, actor=person("desk"), at=minutes(13))
        with pytest.raises(Conflict) as refused:
            situation.send(report.pk, actor=person("zhang"), at=minutes(14), seen=seen)
        assert refused.value.code == "draft_moved"

    def test_to_nobody_it_is_not_sent(self) -> None:
        with pytest.raises(Conflict) as refused:
            situation.send(drafted(a_response(3)).pk, actor=person("zhang"), at=minutes(20))
        assert refused.value.code == "nobody_chosen"

    def test_once_sent_nothing_of_it_changes(self) -> None:
        incident = a_response(3)
        report = sent(incident)
        said = verbs(incident)
        acts = (
            lambda: addressed(report, 30),
            lambda: situation.refresh(report.pk, actor=person("desk"), at=minutes(30)),
            lambda: situation.drop(report.pk, actor=person("desk"), at=minutes(30)),
            lambda: situation.send(report.pk, actor=person("zhang"), at=minutes(30)),
        )
        for act in acts:
            with pytest.raises(Conflict) as refused:
                act()
            assert refused.value.code == "draft_settled"
        assert verbs(incident) == said

    def test_an_overlong_text_changes_nothing(self) -> None:
        report = drafted(a_response(3))
        with pytest.raises(BadInput):
            situation.edit(report.pk, text="长" * 10_001, sent_to=CITY, actor=person("desk"), at=minutes(12))
        assert SituationReport.objects.get(pk=report.pk).text == report.text


@pytest.mark.django_db
class TestChanged:
    def test_a_value_that_goes_and_comes_back_between_two_reports_has_not_changed(self) -> None:
        incident = a_response(3)
        tell(incident, 3, deaths=3)
        sent(incident, 10)
        tell(incident, 20, deaths=9)
        tell(incident, 30, deaths=3)
        assert lines(sent(incident, 40))["deaths"]["change"] == ""
        tell(incident, 50, deaths=9)
        sent(incident, 60)
        tell(incident, 70, deaths=3)
        back = lines(drafted(incident, 80))["deaths"]
        assert (back["value"], back["change"], back["was"]) == (3, "changed", "9人")

    def test_withdrawn_is_said_once_and_told_again_it_is_new(self) -> None:
        incident = a_response(3)
        tell(incident, 3, {"relocated": 300})
        sent(incident, 10)
        tell(incident, 20, {"relocated": None})
        gone = lines(sent(incident, 30))["relocated"]
        assert (gone["change"], gone["was"], gone["value"]) == ("withdrawn", "300", None)
        assert "relocated" not in lines(sent(incident, 40))
        tell(incident, 50, {"relocated": 200})
        assert lines(drafted(incident, 60))["relocated"]["change"] == "new"

    def test_what_another_plan_does_not_know_was_not_withdrawn(self) -> None:
        incident = an_earthquake(magnitude=5.2, deaths=3)
        sent(incident, 10)
        replanning.change(incident.pk, "fire_incident", actor=person("desk"), at=minutes(20), reason="是爆炸")
        report = drafted(incident, 30)
        assert not [line for line in report.figures if line["change"] == "withdrawn"]
        assert (lines(report)["deaths"]["value"], lines(report)["deaths"]["change"]) == (3, "")


@pytest.mark.django_db
class TestFinal:
    def test_only_after_an_end_and_not_as_the_first(self) -> None:
        running = a_response(3)
        sent(running)
        with pytest.raises(BadInput):
            drafted(running, 20, final=True)
        ended = an_ended(3)
        with pytest.raises(BadInput):
            drafted(ended, 20, final=True)
        sent(ended, 20)
        assert sent(ended, 30, final=True).kind == "final"

    def test_nothing_follows_it_but_a_new_response(self) -> None:
        incident = an_ended(3)
        sent(incident, 20)
        sent(incident, 30, final=True)
        with pytest.raises(Conflict) as refused:
            drafted(incident, 40)
        assert refused.value.code == "final_sent"
        decisions.decide(incident.pk, 4, actor=person("zhang"), at=minutes(50), reason="余震", again=True)
        assert sent(incident, 60).kind == "further"

    def test_a_draft_of_it_is_not_signed_while_a_response_runs_again(self) -> None:
        incident = an_ended(3)
        sent(incident, 20)
        final = addressed(drafted(incident, 30), 31, final=True)
        decisions.decide(incident.pk, 4, actor=person("zhang"), at=minutes(40), reason="余震", again=True)
        with pytest.raises(Conflict) as refused:
            situation.send(final.pk, actor=person("zhang"), at=minutes(50))
        assert refused.value.code == "not_ended"


class OverHeadsTests(WebCase):
    def test_a_step_below_the_highest_is_left_out_where_none_of_its_names_is_chosen(self) -> None:
        self.assertEqual(over_heads(["市政府"]), [])
        self.assertEqual(over_heads(["省政府"]), ["市委、市政府"])
        self.assertEqual(over_heads(["市委", "应急管理部"]), ["省政府、省应急管理厅"])
        self.assertEqual(over_heads(["驻军某部"]), [])

    def test_it_is_allowed_and_shown_with_its_clause(self) -> None:
        incident = a_response(3)
        report = sent(incident, to=["国务院", "市委"])
        self.assertEqual(report.over_heads, ["省政府、省应急管理厅"])
        text = self.text(incident, "li")
        self.assertIn("越级 未经省政府、省应急管理厅 5.1", text)
        self.assertIn("报国务院、市委，越级，未经省政府、省应急管理厅", text.split("经过")[-1])


class PageTests(WebCase):
    """By forms, without JavaScript."""

    def act(self, who: str, report: SituationReport, act: str, **typed: object):
        return logged_in(who).post(reverse("situation_act", args=[report.pk, act]), typed)

    def test_from_the_draft_to_the_printed_page(self) -> None:
        incident = a_response(3)
        tell(incident, 1, {"relocated": 300}, deaths=3)
        self.assertIn("情况报告 还没有报送", self.text(incident, "desk"))
        text = self.done(self.post("desk", incident, "draft-situation"))
        self.assertIn("初报 草稿，待签发", text)
        self.assertIn("由指挥部办公室主任、指挥长或其上级签发", text)
        report = SituationReport.objects.get(incident=incident)
        typed = {"text": "震中房屋倒塌，正在搜救。", "to": ["市委", "市政府"], "others": "武警朔州支队、省地震局"}
        self.done(self.act("desk", report, "edit", **typed, seen=report.fingerprint))
        report.refresh_from_db()
        self.assertEqual(report.sent_to, ["市委", "市政府", "武警朔州支队", "省地震局"])
        self.assertIn("签发初报", text_of(logged_in("zhang").get("/").content.decode()))
        self.clock_at(minutes(12))
        self.done(self.act("zhang", report, "send", seen=report.fingerprint))
        tell(incident, 13, deaths=5)
        self.clock_at(minutes(20))
        text = self.text(incident, "li")
        self.assertIn("最近一次：初报（第 1 号），11-24 12:12 报送", text)
        self.assertIn("报送之后的变化： 死亡人数 3人 → 5人", text)
        page = text_of(logged_in("li").get(reverse("situation", args=[report.pk])).content.decode())
        for words in (
            "震中房屋倒塌",
            "死亡人数 3人",
            "紧急转移安置人数 300",
            "县指挥部 · 11-24 12:01",
            "张局长",
        ):
            self.assertIn(words, page)
        self.assertNotIn("5人", page)

    def test_the_draft_says_that_figures_have_moved_since(self) -> None:
        incident = a_response(3)
        report = drafted(incident, 1)
        self.assertNotIn("冻结之后又有新的情况", self.text(incident, "desk"))
        tell(incident, 1.5, deaths=4)
        self.assertIn("冻结之后又有新的情况", self.text(incident, "desk"))
        self.done(self.act("desk", report, "refresh"))
        self.assertNotIn("冻结之后又有新的情况", self.text(incident, "desk"))

    def test_an_edit_over_another_s_is_refused_and_keeps_what_was_typed(self) -> None:
        incident = a_response(3)
        report = drafted(incident, 1)
        seen = report.fingerprint
        addressed(report, 1)
        answer = self.act("zhang", report, "edit", text="我的话", to=["市委"], seen=seen)
        self.assertEqual(answer.status_code, 409)
        page = answer.content.decode()
        self.assertIn("草稿刚刚被改过", text_of(page))
        self.assertIn("我的话", page)
        report.refresh_from_db()
        self.assertIn(f'name="seen" value="{report.fingerprint}"', page)

    def test_units_neither_see_nor_touch_it(self) -> None:
        incident = a_response(3)
        report = sent(incident, 1)
        self.assertNotIn("情况报告", self.text(incident, "transport"))
        address = reverse("situation", args=[report.pk])
        self.assertEqual(logged_in("transport").get(address).status_code, 404)
        self.assertEqual(logged_in("auditor").get(address).status_code, 200)
        open_draft = drafted(incident, 2)
        self.assertEqual(self.act("transport", open_draft, "drop").status_code, 403)
        self.assertEqual(self.act("auditor", open_draft, "drop").status_code, 403)
        self.assertEqual(logged_in("li").get(reverse("situation", args=[open_draft.pk])).status_code, 404)

    def test_after_the_end_the_draft_can_be_the_final_one(self) -> None:
        incident = an_ended(3)
        sent(incident, 1)
        self.done(self.post("desk", incident, "draft-situation", final="on"))
        self.assertIn("终报 草稿", self.text(incident, "zhang"))

    def test_a_draft_does_not_hold_back_the_closing(self) -> None:
        incident = an_ended(3)
        reviews.open_review(incident.pk, actor=person("zhang"), at=NOON)
        hand_in_every_paper(incident)
        report = addressed(drafted(incident, 1), 1)
        reviews.close(incident.pk, actor=person("zhang"), at=minutes(2))
        situation.send(report.pk, actor=person("zhang"), at=minutes(3))
        self.assertEqual(fresh(incident).status, "closed")
