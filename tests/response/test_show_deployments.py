"""Groups, tasks and receipts on the page of an incident."""

import re

from django.urls import reverse

from response.actions import decisions, incidents, receipts
from response.actions.incidents import Call
from response.models import Task
from shuozhou_ops.notices.models import Notice
from tests.cast import (
    NOON,
    a_response,
    minutes,
    open_decision,
    person,
)
from tests.response.web import WebCase, logged_in, text_of


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


class DutiesOfMembersTests(WebCase):
    """A level without groups may tell every member: all have their duties, and the page stays readable (reading 18)."""

    def test_they_fold_by_unit_each_with_its_count(self) -> None:
        call = Call(plan="geological_hazard", place="高石庄", source="call", counties=("pinglu",), facts={"deaths": 1})
        incident = incidents.log(call, actor=person("desk"), at=NOON)
        decisions.approve(open_decision(incident).pk, actor=person("zhang"), at=NOON)
        duties = Task.objects.filter(incident=incident, item__startswith="duty/")
        bearers = set(duties.values_list("bearer", flat=True))
        page = self.page(incident, "zhang")
        part = page[page.index("不在工作组的成员单位职责") :]
        folds = re.findall(r'<details class="unit"( open)?>\s*<summary><span class="unit__name">([^<]+)', part)
        self.assertEqual({name for _open, name in folds} & bearers, bearers)
        self.assertNotIn(" open", {opened for opened, _name in folds})
        education = duties.filter(bearer="市教育局").count()
        self.assertIn(f"市教育局 任务 0/{education}", text_of(part))

    def test_one_who_bears_them_alone_needs_no_fold(self) -> None:
        text = self.text(a_response(4), "zhang")
        self.assertNotIn("市应急管理局 任务", text[text.index("不在工作组的成员单位职责") :])
