"""Command on the ground as its pages show it: to the desk, the commander, a county, and on the desks that wait."""

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from response.actions import command, decisions, instructions, support
from response.actions.command import Passing
from response.actions.instructions import Received
from response.actions.standing import Commander
from response.models import Deployment, DeploymentSeat, Incident, Instruction, SupportRequest, Task
from tests.cast import a_response, an_earthquake, an_ended, fresh, minutes, person, verbs
from tests.response.test_stand_headquarters import a_landslide, confirmed, field_of, group_of, stood
from tests.response.web import WebCase, logged_in, text_of

PASSING = {"handed_by": "郭县长", "taken_by": "李副市长", "where": "县委大院"}


class GroundCase(WebCase):
    """The clock stands where these acts are past."""

    def setUp(self) -> None:
        self.clock_at(minutes(20))

    def on_deployment(self, who: str, deployment: Deployment, act: str, **typed: str) -> str:
        answer = logged_in(who).post(reverse("deployment_act", args=[deployment.pk, act]), typed)
        return self.done(answer)

    def wants(self, who: str) -> str:
        return text_of(logged_in(who).get("/").content.decode().split('id="board"', maxsplit=1)[0])

    def hand_over(self, incident: Incident, to: str, county: str = "yingxian") -> None:
        command.hand_over(incident.pk, county, Passing(to, *PASSING.values()), actor=person("desk"), at=minutes(10))


class StandingPageTests(GroundCase):
    """Confirming on the page that something stands."""

    def test_the_commander_confirms_the_field_headquarters_and_the_others_read_why_not(self) -> None:
        incident = a_landslide()
        text = self.text(incident, "desk")
        self.assertIn("现场指挥部 已通知", text)
        self.assertIn("预案：指挥长到达现场后成立，组成人员由预案列明。 2.2", text)
        self.assertIn("现场指挥部由指挥长确认成立。", text)
        done = self.on_deployment("li", field_of(incident), "stand", account="li", place="村委会")
        self.assertIn("现场指挥部成立（村委会", done)
        self.assertIn("现场指挥部 已成立 村委会", self.text(incident, "desk"))
        self.assertIn("更换现场指挥部指挥长", self.text(incident, "li"))
        self.assertNotIn("更换现场指挥部指挥长", self.text(incident, "zhang"))

    def test_how_each_plan_sets_it_up_stands_beside_its_clause(self) -> None:
        self.assertIn("预案：由会商会议确定成立，组成人员由指挥长确定。 5.3.2(2)", self.text(a_response(3), "desk"))

    def test_a_lead_confirms_its_own_group_and_no_other(self) -> None:
        incident = a_landslide()
        seat = DeploymentSeat.objects.filter(
            deployment__incident=incident, deployment__kind="group", role="lead", unit__key="health"
        ).first()
        assert seat
        page = self.page(incident, "health")
        self.assertEqual(page.count("/stand/"), 1)
        done = self.on_deployment("health", seat.deployment, "stand", place="县医院")
        self.assertIn("成立（县医院", done)

    def test_refused_where_it_stood_with_what_was_typed(self) -> None:
        incident = a_landslide()
        url = reverse("deployment_act", args=[field_of(incident).pk, "stand"])
        answer = logged_in("li").post(url, {"place": "村委会"})
        self.assertEqual(answer.status_code, 400)
        self.assertIn("请选择指挥长，或写明姓名。", text_of(answer.content.decode()))
        self.assertIn('value="村委会"', answer.content.decode())

    def test_the_end_card_says_who_may_and_why(self) -> None:
        incident = a_landslide()
        self.assertIn("现场指挥部没有成立，由市指挥部指挥长宣布结束。", self.text(incident, "desk"))
        stood(incident, Commander(account="chen"))
        self.assertIn("现场指挥部已成立，由现场指挥部指挥长陈副局长宣布结束。", self.text(incident, "desk"))
        confirmed(incident)
        self.assertIn("结束条件已全部确认", self.wants("chen"))
        self.done(self.post("chen", incident, "declare-end", rest="dropped"))
        self.assertEqual(fresh(incident).status, "ended")


class CommandPageTests(GroundCase):
    """Passing the command on the page."""

    def test_the_bar_says_who_commands_once_for_all_and_by_county_where_it_differs(self) -> None:
        incident = a_landslide("yingxian", "shanyin")
        self.assertIn("指挥权：县级", self.text(incident, "transport"))
        self.hand_over(incident, "city")
        self.assertIn("指挥权：应县 市指挥部、山阴县 县级", self.text(incident, "desk"))
        self.assertIn("互不统属，由市级协调", self.text(incident, "desk"))
        self.assertNotIn("指挥权：县级", self.text(an_earthquake(), "desk").split("事发地与指挥权")[0])

    def test_a_county_passes_its_own_to_the_field_that_stands(self) -> None:
        incident = a_landslide()
        self.assertNotIn('<option value="field"', self.page(incident, "yingxian"))
        stood(incident, Commander(account="li"))
        self.assertIn('<option value="field"', self.page(incident, "yingxian"))
        done = self.done(self.post("yingxian", incident, "hand-over", county="yingxian", to="field", **PASSING))
        self.assertIn("应县指挥权：县级 → 市现场指挥部（郭县长移交，李副市长接管，县委大院", done)

    def test_where_the_plan_has_the_field_take_over_it_says_so_until_it_did_and_fills_the_form_in(self) -> None:
        incident = a_landslide()
        self.assertNotIn("成立后应接管指挥权", self.text(incident, "desk"))
        stood(incident, Commander(account="li"))
        self.assertIn("现场指挥部成立后应接管指挥权： 应县", self.text(incident, "desk"))
        form = self.page(incident, "desk").split('id="act-hand-over-yingxian"')[1].split("</form>")[0]
        self.assertIn('<option value="field" selected>', form)
        self.assertIn('value="分管副市长 李副市长"', form)
        self.hand_over(incident, "field")
        self.assertNotIn("成立后应接管指挥权", self.text(incident, "desk"))
        other = a_response(3)
        stood(other, Commander(account="li"))
        self.assertNotIn("成立后应接管指挥权", self.text(other, "desk"))

    def test_lowering_and_ending_ask_for_it_back_until_every_county_commands_again(self) -> None:
        for incident in (a_response(3), a_response(3)):
            self.hand_over(incident, "city")
            for who in ("li", "zhang", "desk"):
                self.assertNotIn("把指挥权交还", self.wants(who))
            if Incident.objects.filter(status="ended").exists() or Incident.objects.filter(level=4).exists():
                for place in range(5):
                    self.post("li", incident, "confirm-end", condition=str(place), basis="报告")
                self.done(self.post("li", incident, "declare-end", rest="dropped"))
            else:
                decisions.decide(incident.pk, 4, actor=person("li"), at=minutes(12), reason="缓解")
            for who in ("li", "zhang"):
                self.assertIn("把指挥权交还应县", self.wants(who))
                self.assertIn("应把指挥权交还：应县", self.text(incident, who))
            self.assertNotIn("把指挥权交还", self.wants("desk"))
            self.done(self.post("desk", incident, "hand-over", county="yingxian", to="county", **PASSING))
            self.assertNotIn("把指挥权交还", self.wants("li"))
            self.assertNotIn("应把指挥权交还", self.text(incident, "li"))

    def test_an_unlawful_step_is_refused_at_its_form(self) -> None:
        incident = a_response(3)
        answer = self.post("desk", incident, "hand-over", county="yingxian", to="province", **PASSING)
        self.assertEqual(answer.status_code, 400)  # the form offers no such step
        self.assertIn("县委大院", answer.content.decode())
        self.assertNotIn("command.handed", verbs(incident))


class CountyPageTests(GroundCase):
    """Counties come and go, each with its own response, checklist and requests."""

    def test_the_desk_adds_one_and_drops_it(self) -> None:
        incident = a_landslide()
        done = self.done(self.post("desk", incident, "add-place", county="shanyin", reason="对岸也塌了"))
        self.assertIn("增加事发地山阴县：新增任务", done)
        done = self.done(self.post("desk", incident, "drop-place", county="shanyin", reason="核实不在"))
        self.assertIn("山阴县不再是事发地", done)
        self.assertNotIn('id="county-shanyin"', self.page(incident, "desk"))

    def test_the_county_fills_in_its_own_and_sees_no_others_checklist(self) -> None:
        incident = a_landslide("yingxian", "shanyin")
        self.done(self.post("yingxian", incident, "own-response", county="yingxian", level="3", by="郭县长"))
        self.done(self.post("yingxian", incident, "tick", county="yingxian", items=["3"], note="已转移"))
        text = self.text(incident, "desk")
        self.assertIn("县级响应： 三级响应 （郭县长", text)
        self.assertIn("先期处置 1/", text)
        page = self.page(incident, "shanyin")
        self.assertNotIn("先期处置 1/", text_of(page))
        self.assertNotIn('id="act-tick-yingxian"', page)
        self.assertIn('id="act-tick-shanyin"', page)
        for act, typed in (("tick", {"items": ["4"]}), ("ask", {"text": "增援"}), ("own-response", {"level": ""})):
            self.assertEqual(self.post("shanyin", incident, act, county="yingxian", **typed).status_code, 403)
        self.assertEqual(self.post("transport", incident, "tick", county="yingxian", items=["4"]).status_code, 403)

    def test_a_request_waits_on_the_desks_until_it_is_answered(self) -> None:
        incident = a_response(3)
        self.done(self.post("yingxian", incident, "ask", county="yingxian", text="请增派两台挖掘机"))
        for who in ("zhang", "li"):
            self.assertIn("应县请求支援：请增派两台挖掘机", self.wants(who))
        self.assertNotIn("请求支援", self.wants("desk"))
        request = SupportRequest.objects.get()
        typed = {"request": str(request.pk), "status": "granted", "text": "已调"}
        self.assertEqual(self.post("desk", incident, "answer", **typed).status_code, 403)
        self.done(self.post("zhang", incident, "answer", **typed))
        self.assertNotIn("请求支援", self.wants("zhang"))
        self.assertIn("已调", self.text(incident, "yingxian"))
        self.done(self.post("desk", incident, "ask-above", to_name="省指挥部", text="请派省级救援队"))
        self.assertIn("向省指挥部的支援请求待答复", self.wants("desk"))


class InstructionPageTests(GroundCase):
    """Instructions on the page."""

    def test_received_passed_on_signed_and_done(self) -> None:
        incident = a_landslide()
        stood(incident, Commander(account="li"))
        self.assertIn(
            "5.4.2(9)", self.page(incident, "desk").split('id="act-receive-instruction"')[1].split("</form>")[0]
        )
        typed = {"kind": "instruction", "giver_name": "赵省长", "text": "全力搜救", "cite": "5.4.2(9)"}
        self.done(self.post("desk", incident, "receive-instruction", **typed))
        self.assertIn("赵省长批示：全力搜救", self.wants("zhang"))
        row = str(Instruction.objects.get().pk)
        self.done(self.post("zhang", incident, "pass-on", instruction=row, units=["field"]))
        self.assertIn("已传达，未办结", self.wants("zhang"))
        self.assertIn("签收 0/1", self.text(incident, "desk"))
        self.assertIn("赵省长批示", self.wants("li"))
        self.done(self.post("desk", incident, "finish-instruction", instruction=row, result="已扩大搜救"))
        self.assertIn("办理结果：已扩大搜救", self.text(incident, "desk").replace("： ", "："))
        self.assertNotIn("赵省长批示：", self.wants("zhang"))

    def test_of_another_incident_it_is_nothing(self) -> None:
        incident, other = a_response(3), a_response(4)
        row = instructions.receive(
            incident.pk, Received("opinion", "省工作组", "加强监测"), actor=person("desk"), at=minutes(3)
        )
        answer = self.post("zhang", other, "pass-on", instruction=str(row.pk), units=["emergency"])
        self.assertEqual(answer.status_code, 400)
        row.refresh_from_db()
        self.assertEqual(row.status, "received")


class GroupingPageTests(GroundCase):
    """The commander changes groups and tasks on the page."""

    def test_every_act_of_the_section(self) -> None:
        incident = a_response(3)
        group = group_of(incident)
        self.done(
            self.post("li", incident, "add-seat", deployment=group.pk, role="lead", unit="commerce", instead="on")
        )
        self.assertIn("与预案不同，预案中的组长", self.text(incident, "desk"))
        seat = group.seats.filter(role="member", left_at=None).first()
        assert seat
        self.done(self.post("li", incident, "drop-seat", seat=seat.pk, reason="另有任务"))
        self.done(self.post("li", incident, "give-task", text="清点帐篷", to="unit/commerce"))
        self.done(self.post("li", incident, "give-task", text="复查东坡", to=f"deployment/{group.pk}"))
        self.done(self.post("li", incident, "give-task", text="联系志愿者", bearer="联络人"))
        task = Task.objects.filter(incident=incident, item="own/1").get()
        self.done(self.post("li", incident, "release-task", task=task.pk, reason="不用了"))
        self.done(self.post("li", incident, "release-group", deployment=group.pk, reason="用不上"))
        self.done(self.post("li", incident, "call-group", group=group.key))
        self.done(self.post("li", incident, "call-group", name="舆情专班"))
        self.assertIn("舆情专班", self.text(incident, "desk"))

    def test_nobody_else_is_offered_it_and_no_row_of_another_incident_is_taken(self) -> None:
        incident, other = a_response(3), a_response(3)
        for who in ("desk", "transport", "yingxian", "auditor"):
            self.assertNotIn('id="groups"', self.page(incident, who))
        answer = self.post("li", incident, "release-group", deployment=group_of(other).pk, reason="用不上")
        self.assertEqual(answer.status_code, 400)
        self.assertEqual(group_of(other).status, "called")


class CheapTests(GroundCase):
    """As many queries for many as for few."""

    def test_a_constant_number_of_queries_on_page_and_desk(self) -> None:
        counts = []
        incident = a_landslide("yingxian", "shanyin")
        stood(incident, Commander(account="li"))
        for more in (1, 6):
            for _ in range(more):
                told = Received("opinion", "省工作组", "加强监测")
                instructions.receive(incident.pk, told, actor=person("desk"), at=minutes(6))
                support.ask(incident.pk, "增援", actor=person("desk"), at=minutes(6), county="yingxian")
                an_ended(3)
            address = reverse("incident", args=[incident.public_id])
            for who, path in (("li", address), ("zhang", "/"), ("yingxian", address)):
                client = logged_in(who)
                client.get(path)
                with CaptureQueriesContext(connection) as queries:
                    client.get(path)
                counts.append(len(queries))
        self.assertEqual(counts[:3], counts[3:])
