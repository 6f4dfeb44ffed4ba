"""The page of one incident: what it offers to whom, what it says before and after, and what it keeps of a refusal."""

import re
from collections.abc import Callable

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from response.actions import decisions, facts, receipts, tasks
from response.models import Incident, LevelDecision, Paper, Task
from response.models.incidents import Status
from shuozhou_ops.journal.models import Entry, SecurityEvent
from shuozhou_ops.notices.models import Notice
from tests.cast import (
    NOON,
    a_response,
    an_earthquake,
    an_ended,
    fresh,
    hand_in_every_paper,
    minutes,
    open_decision,
    person,
    verbs,
)
from tests.response.web import WebCase, logged_in, text_of

MOST_QUERIES = 16


class WholeLifeTests(WebCase):
    """Everything from the call to the closing by forms on the page."""

    def test_each_act_of_the_life_by_its_form(self) -> None:
        incident = an_earthquake()
        self.done(self.post("desk", incident, "verify", basis="回拨核实"))
        waiting = open_decision(incident)
        self.done(self.settle("zhang", waiting.pk, "propose", note="请批示"))
        self.assertIn("已启动三级响应：1 个指挥部", self.done(self.settle("li", waiting.pk, "approve")))
        self.done(self.post("desk", incident, "report-facts", **_report(deaths="60")))
        raising = open_decision(incident)
        self.done(self.settle("li", raising.pk, "propose"))
        self.assertIn("已提高至二级响应", self.done(self.settle("wang", raising.pk, "approve")))
        self.done(self.post("desk", incident, "verify-facts", facts=["deaths"], source="县指挥部"))
        lowered = self.done(self.post("wang", incident, "decide", to_level="3", reason="灾情已控制"))
        self.assertIn("已降低至三级响应", lowered)
        for place in range(5):
            self.done(self.post("zhang", incident, "confirm-end", condition=str(place), basis="各组报告"))
        self.assertIn("宣布结束三级响应", self.done(self.post("li", incident, "declare-end")))
        self.done(self.post("zhang", incident, "open-review"))
        for paper in Paper.objects.filter(incident=incident):
            typed = {f"heading-{place}": "如实填写" for place in range(len(paper.sections))}
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


class ClauseTests(WebCase):
    """Every button that decides carries its clause."""

    def test_beside_the_button_stands_the_clause(self) -> None:
        incident = an_earthquake()
        for who, label, cite in (("zhang", "报请启动三级响应", "5.3.2"), ("li", "决定启动三级响应", "5.3.2")):
            self.assertIn(f"{label} {cite}", self.text(incident, who))
        self.assertIn("核实事件属实 5.1", self.text(incident, "desk"))
        running = a_response(4)
        for place in range(5):
            self.post("zhang", running, "confirm-end", condition=str(place), basis="报告")
        self.assertIn("宣布结束四级响应 5.6", self.text(running, "zhang"))
        self.assertIn("开展评估总结 6.1", self.text(an_ended(3), "zhang"))


class SayingBeforeTests(WebCase):
    """What the page says an act will do is what the act then does."""

    def said_and_done(self, incident: Incident, who: str, said: str, act: Callable[[], object]) -> None:
        before = self.text(incident, who)
        act()
        done = Entry.objects.filter(stream=incident.stream).latest("seq")
        self.assertIn(said + _going(done), before)

    def test_a_start(self) -> None:
        for level, who in ((4, "zhang"), (3, "li"), (2, "wang")):
            with self.subTest(level=level):
                incident = an_earthquake(magnitude={4: 4.2, 3: 5.2, 2: 6.2}[level])
                waiting = open_decision(incident).pk
                self.said_and_done(
                    incident, who, "", lambda pk=waiting, who=who: decisions.approve(pk, actor=person(who), at=NOON)
                )

    def test_a_raise_names_only_what_is_new(self) -> None:
        incident = a_response(3)
        facts.report(incident.pk, {"deaths": 60}, actor=person("desk"), at=NOON, source="县")
        waiting = open_decision(incident).pk
        self.assertNotIn("提高至二级响应：1 个指挥部", self.text(incident, "wang"))
        self.said_and_done(incident, "wang", "", lambda: decisions.approve(waiting, actor=person("wang"), at=NOON))

    def test_a_lowering_names_what_is_released(self) -> None:
        incident = a_response(3)
        finished = Task.objects.filter(incident=incident, unit__key="transport").first()
        assert finished
        tasks.finish(finished.pk, "", actor=person("transport"), at=NOON)
        self.said_and_done(
            incident,
            "li",
            "",
            lambda: decisions.decide(incident.pk, 4, actor=person("li"), at=NOON, reason="灾情减轻"),
        )

    def test_an_end(self) -> None:
        incident = a_response(3)
        for place in range(5):
            self.post("zhang", incident, "confirm-end", condition=str(place), basis="报告")
        self.assertRegex(
            self.text(incident, "li"), r"结束三级响应：解除 1 个指挥部、.*；交办善后任务 \d+ 项；通知 \d+ 个单位"
        )
        before = self.text(incident, "li")
        self.post("li", incident, "declare-end")
        entry = Entry.objects.filter(stream=incident.stream).latest("seq").payload["deployed"]
        self.assertIn(f"{entry['tasks_released']} 项任务；交办善后任务 {entry['tasks']} 项", before)


def _going(entry: Entry) -> str:
    """What an entry says was set going, as the page says it before: from the first figure on."""
    from plans import registry
    from response import timeline

    return timeline.set_going(entry.payload, registry.in_force("earthquake"))


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


def _report(**typed: str) -> dict[str, str]:
    fields = {
        f"fact-{name}": value for name, value in typed.items() if name not in ("source", "quality", "observed_at")
    }
    return {
        "source": typed.get("source", "县应急局"),
        "quality": typed.get("quality", "estimated"),
        "observed_at": typed.get("observed_at", ""),
        **fields,
    }


class FactTests(WebCase):
    """Facts as they are told, and as they are refused."""

    def test_what_is_known_what_was_said_before_and_how_far_the_next_level_is(self) -> None:
        incident = a_response(3)
        self.post("desk", incident, "report-facts", **_report(deaths="3"))
        self.post("desk", incident, "report-facts", **_report(deaths="7", quality="verified"))
        text = self.text(incident, "li")
        self.assertIn("7人 已核实", text)
        self.assertIn("先前 1 次", text)
        self.assertIn("死亡人数+失踪人数 7 / 50人 → 二级响应", text)

    def test_a_fact_is_withdrawn_by_its_tick(self) -> None:
        incident = a_response(3)
        self.post("desk", incident, "report-facts", **_report(deaths="3"))
        self.done(self.post("desk", incident, "report-facts", **{**_report(), "withdraw-deaths": "on"}))
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
        self.done(self.post("desk", incident, "report-facts", **_report(deaths="1", observed_at="2026-11-24T11:58")))
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
                answer = self.post("desk", incident, "report-facts", **_report(**typed))
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
        self.done(self.post("desk", incident, "report-facts", **_report(deaths="1", source="<script>x</script>")))
        self.assertNotIn("<script>x", self.page(incident, "desk"))


class DeployedTests(WebCase):
    """Groups, tasks, receipts."""

    def test_groups_with_leads_by_name_or_in_words_that_there_is_none(self) -> None:
        text = self.text(a_response(3), "li")
        self.assertIn("组长：市卫健委主任 彭负责人", text)
        self.assertIn("无指挥长", text)
        self.assertIn("由单位直接办理的响应措施", text)

    def test_level_four_s_tasks_stand_in_a_list_of_their_own(self) -> None:
        text = self.text(a_response(4), "zhang")
        self.assertIn("联合工作组", text)
        self.assertIn("及时指导县（市、区）、开发区指挥部处置", text)

    def test_a_team_s_leader_is_named_on_the_page_and_the_phone_is_the_desk_s(self) -> None:
        incident = a_response(4)
        team = incident.deployments.get(kind="team")
        address = reverse("deployment_act", args=[team.pk, "seat"])
        named = {"role": "lead", "person_name": "高队长", "person_post": "救援科科长", "person_phone": "13800000000"}
        refused = logged_in("zhang").post(address, named | {"person_name": "", "role": "lead"})
        self.assertEqual(refused.status_code, 400)
        self.assertIn("救援科科长", refused.content.decode())
        self.done(logged_in("zhang").post(address, named))
        self.assertIn("救援科科长 高队长 138******00", self.text(incident, "zhang"))
        self.assertIn("高队长 13800000000", self.text(incident, "desk"))
        self.assertEqual(logged_in("desk").post(address, named).status_code, 403)

    def test_a_receipt_that_does_not_come_turns_late(self) -> None:
        incident = a_response(3)
        self.assertNotIn("超时", self.text(incident, "li"))
        self.clock_at(minutes(20))
        self.assertIn("市交通局 20 分 超时", self.text(incident, "li"))
        notice = Notice.objects.get(stream=incident.stream, unit__key="transport")
        receipts.acknowledge(notice.pk, actor=person("transport"), at=minutes(20))
        self.assertNotIn("市交通局 20 分 超时", self.text(incident, "li"))

    def test_a_unit_acknowledges_and_works_from_the_page(self) -> None:
        incident = a_response(3)
        page = self.page(incident, "transport")
        self.assertIn("签收通知", page)
        action = re.search(r'action="(/tasks/\d+/accept/)"', page)
        assert action
        back = reverse("incident", args=[incident.public_id]) + "#mine"
        answer = logged_in("transport").post(action[1], {"next": back})
        self.assertEqual((answer.status_code, answer["Location"]), (303, back))

    def test_the_page_says_what_was_done_with_a_notice_and_a_task(self) -> None:
        incident, client = a_response(3), logged_in("transport")
        for act, said in (("notices", "已签收通知“应县南河种镇：启动三级响应”"), ("tasks", "已签收任务“")):
            action = re.search(rf'action="(/{act}/\d+/\w+/)"', self.page(incident, "transport"))
            assert action
            self.assertIn(said, text_of(client.post(action[1], follow=True).content.decode()))

    def test_a_task_refused_comes_back_to_this_page_with_the_words_typed(self) -> None:
        incident = a_response(3)
        task = Task.objects.filter(incident=incident, unit__key="transport").first()
        assert task
        back = reverse("incident", args=[incident.public_id])
        answer = logged_in("transport").post(f"/tasks/{task.pk}/decline/", {"next": back, "text": " "})
        self.assertEqual(answer.status_code, 400)
        self.assertIn("情况：", text_of(answer.content.decode()))


class EndingTests(WebCase):
    """The end of a response, and after."""

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

    def test_a_paper_half_filled_keeps_what_was_typed(self) -> None:
        incident = an_ended(3)
        self.done(self.post("zhang", incident, "open-review"))
        paper = Paper.objects.filter(incident=incident).first()
        assert paper
        answer = logged_in("zhang").post(reverse("paper_submit", args=[paper.pk]), {"heading-0": "凌晨发生"})
        self.assertEqual(answer.status_code, 400)
        self.assertIn("凌晨发生", answer.content.decode())
        self.assertIn(f"请填写“{paper.headings[1]}”", text_of(answer.content.decode()))

    def test_closing_waits_for_the_papers(self) -> None:
        incident = an_ended(3)
        self.post("zhang", incident, "open-review")
        self.assertEqual(self.post("zhang", incident, "close").status_code, 409)
        hand_in_every_paper(incident)
        self.done(self.post("zhang", incident, "close"))

    def test_an_ended_response_is_not_called_one_that_never_ran(self) -> None:
        text = self.text(an_ended(3), "li")
        self.assertIn("三级响应已结束", text)
        self.assertNotIn("未启动响应 响应结束", text)


class ReadingTests(WebCase):
    """The timeline, the marks, and how much the page costs."""

    def test_the_timeline_is_filtered_without_javascript(self) -> None:
        incident = a_response(3)
        self.post("desk", incident, "report-facts", **_report(deaths="2"))
        timeline = self.text(incident, "li", "?show=facts").split("经过")[-1]
        self.assertIn("报告情况", timeline)
        self.assertNotIn("已启动三级响应", timeline)
        self.assertIn("已启动三级响应", self.text(incident, "li", "?show=decisions").split("经过")[-1])
        for nonsense in ("?show=x", "?before=x", "?before=99999999999999", "?before=²"):
            self.assertEqual(self.get(incident, "li", nonsense).status_code, 200)

    def test_no_two_fields_share_an_id_so_a_label_marks_its_own(self) -> None:
        incident = a_response(3)
        facts.report(incident.pk, {"deaths": 60}, actor=person("desk"), at=NOON, source="县")
        for who in ("desk", "li", "wang"):
            ids = re.findall(r' id="([^"]+)"', self.page(incident, who))
            self.assertEqual(sorted(ids), sorted(set(ids)))

    def test_a_replay_says_so(self) -> None:
        incident = an_earthquake()
        Incident.objects.filter(pk=incident.pk).update(replay_of="2008-x")
        self.assertIn("回放", self.text(incident, "desk"))

    def test_as_many_queries_for_three_hundred_tasks_as_for_ten(self) -> None:
        for level in (4, 3):
            incident = a_response(level)
            facts.report(incident.pk, {"deaths": 60}, actor=person("desk"), at=NOON, source="县")
            if level == 3:
                _more_tasks(incident, 300)
            for who in ("desk", "zhang", "li", "wang", "auditor", "transport", "yingxian"):
                with self.subTest(level=level, who=who):
                    self.assert_cheap(incident, who)

    def test_as_cheap_in_every_other_state(self) -> None:
        reported, ended, reviewing = an_earthquake(), an_ended(3), an_ended(3)
        self.post("zhang", reviewing, "open-review")
        for incident in (reported, ended, reviewing):
            for who in ("desk", "zhang", "li", "auditor", "yingxian"):
                with self.subTest(status=fresh(incident).status, who=who):
                    self.assert_cheap(incident, who)

    def assert_cheap(self, incident: Incident, who: str) -> None:
        client, address = logged_in(who), reverse("incident", args=[incident.public_id])
        answer = client.get(address)  # the plan is at hand from here on
        with CaptureQueriesContext(connection) as queries:
            client.get(address)
        if answer.status_code == 200:
            self.assertLessEqual(len(queries), MOST_QUERIES, [query["sql"][:120] for query in queries])


def _more_tasks(incident: Incident, wanted: int) -> None:
    """Copies of what there is, until there are so many."""
    there = list(Task.objects.filter(incident=incident))
    copies = []
    for place in range(wanted - len(there)):
        task = there[place % len(there)]
        task.pk, task.occurrence = None, 2 + place // len(there)
        copies.append(Task(**{field.attname: getattr(task, field.attname) for field in Task._meta.concrete_fields}))
    Task.objects.bulk_create(copies)
