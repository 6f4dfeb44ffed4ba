"""Who sees what of an incident, and who may do nothing. Out of sight is out of reach."""

import re

from django.urls import reverse

from response.actions import incidents, reviews, tasks, teams
from response.actions.incidents import Call
from response.models import Deployment, Incident, Paper, Task
from response.queries.visibility import incidents_visible_to
from shuozhou_ops.accounts.models import User
from shuozhou_ops.errors import NotAuthorised
from shuozhou_ops.journal.models import SecurityEvent
from shuozhou_ops.notices.models import Notice
from tests.cast import NOON, a_response, an_earthquake, an_ended, open_decision, person, verbs
from tests.response.web import WebCase, logged_in, text_of

SEE_ALL = ("desk", "zhang", "li", "wang", "deputy", "auditor")


class SeeingTests(WebCase):
    """Who sees an incident at all."""

    def test_the_desk_the_chain_and_the_auditor_see_all_of_them(self) -> None:
        incident = an_earthquake()
        for who in SEE_ALL:
            with self.subTest(who=who):
                self.assertEqual(self.get(incident, who).status_code, 200)
                self.assertIn(incident, incidents_visible_to(person(who)))

    def test_a_county_sees_what_happens_in_it_and_a_bureau_what_it_is_told(self) -> None:
        incident = an_earthquake()
        self.assertEqual(self.get(incident, "yingxian").status_code, 200)
        for who in ("shanyin", "transport", "health"):
            self.assertEqual(self.get(incident, who).status_code, 404)
            self.assertNotIn(incident, incidents_visible_to(person(who)))
        running = a_response(3)
        self.assertEqual(self.get(running, "transport").status_code, 200)
        self.assertIn(running, incidents_visible_to(person("transport")))

    def test_a_post_in_another_plan_s_chain_is_a_unit_like_any_other_here(self) -> None:
        """消防救援支队 keeps the office of the fire plan; an earthquake it sees by its own part."""
        incident = an_earthquake()
        self.assertEqual(self.get(incident, "fire_rescue").status_code, 404)
        self.assertNotIn(incident, incidents_visible_to(person("fire_rescue")))
        running = a_response(3)
        self.assertNotIn("建议或决定其他级别", self.text(running, "fire_rescue"))
        fire = incidents.log(
            Call(plan="fire_incident", place="朔城区", source="call", counties=("shuocheng",)),
            actor=person("desk"),
            at=NOON,
        )
        self.assertIn("建议或决定其他级别", self.text(fire, "fire_rescue"))

    def test_who_appoints_sees_no_incident(self) -> None:
        """任免管理员 keeps positions; what happens, and who called, is nothing to them."""
        for incident in (an_earthquake(), a_response(3)):
            self.assertEqual(self.get(incident, "appoint").status_code, 404)
            self.assertNotIn(incident, incidents_visible_to(person("appoint")))
        self.assertEqual(logged_in("appoint").get("/").status_code, 200)

    def test_a_person_without_a_post_sees_nothing(self) -> None:
        User.objects.create_user("newcomer", password="x", name="新人")
        self.assertEqual(self.get(a_response(3), "newcomer").status_code, 404)

    def test_what_is_not_there_and_what_is_out_of_sight_look_the_same(self) -> None:
        incident = an_earthquake()
        unseen = self.get(incident, "transport")
        unknown = logged_in("transport").get("/incidents/000000000000/")
        self.assertEqual((unseen.status_code, unknown.status_code), (404, 404))

    def test_what_is_sent_after_the_login_ran_out_is_said_to_be_unsaved(self) -> None:
        incident = an_earthquake()
        for address in (f"/incidents/{incident.public_id}/verify/", "/incidents/new/", "/tasks/1/accept/"):
            answer = self.client.post(address, {"basis": "x"})
            self.assertEqual(answer.status_code, 403)
            self.assertIn("登录已经过期", text_of(answer.content.decode()))
            self.assertIn("什么都没有保存", text_of(answer.content.decode()))
        live = self.client.post("/incidents/new/assess/", {}, HTTP_HX_REQUEST="true", HTTP_HX_TARGET="assessment")
        self.assertNotIn("<html", live.content.decode())
        self.assertEqual(verbs(incident), ["incident.logged"])

    def test_nobody_who_has_not_logged_in_sees_anything(self) -> None:
        address = reverse("incident", args=[an_earthquake().public_id])
        answer = self.client.get(address)
        self.assertEqual(answer.status_code, 302)
        self.assertIn("/login/", answer["Location"])


class OwnPartTests(WebCase):
    """A bureau sees its own tasks, level and figures, and no more."""

    def test_its_own_tasks_and_not_the_others_ones(self) -> None:
        incident = a_response(3)
        text = self.text(incident, "transport")
        own = Task.objects.filter(incident=incident, unit__key="transport")
        others = Task.objects.filter(incident=incident, unit__key="health")
        self.assertTrue(own.exists())
        self.assertTrue(others.exists())
        for task in own:
            self.assertIn(task.text, text)
        for task in others:
            self.assertNotIn(task.text, text)

    def test_the_level_and_the_figures_but_not_who_told_them_nor_the_caller(self) -> None:
        incident = a_response(3)
        text = self.text(incident, "transport")
        self.assertIn("三级响应", text)
        self.assertIn("5.2", text)
        self.assertNotIn("周值班 · ", text)
        self.assertNotIn("房屋晃动", text)

    def test_what_others_say_of_their_tasks_stays_off_its_timeline(self) -> None:
        incident = a_response(3)
        task = Task.objects.filter(incident=incident, unit__key="health").first()
        assert task
        tasks.decline(task.pk, "救护车不够", actor=person("health"), at=NOON)
        self.assertIn("救护车不够", self.text(incident, "li"))
        self.assertIn("救护车不够", self.text(incident, "health"))
        self.assertNotIn("救护车不够", self.text(incident, "transport"))

    def test_no_pending_decision_and_no_other_s_receipt(self) -> None:
        incident = an_earthquake()
        self.assertNotIn("决定启动三级响应", self.text(incident, "yingxian"))
        self.assertNotIn("启动三级响应", self.text(incident, "yingxian"))
        running = a_response(3)
        self.assertNotIn("未签收 4", self.text(running, "transport"))
        self.assertNotIn("市能源局", self.text(running, "transport"))

    def test_a_group_s_lead_sees_its_members_and_a_member_only_whom_to_ask(self) -> None:
        incident = a_response(3)
        lead = self.page(incident, "transport")
        self.assertIn("朔州车务段", _of_group(lead, "交通保障组"))
        member = _of_group(lead, "抢险救援组")
        self.assertIn("张局长", member)
        self.assertNotIn("成员", member)

    def test_its_own_paper_and_not_the_others_ones(self) -> None:
        incident = an_ended(3)
        reviews.open_review(incident.pk, actor=person("zhang"), at=NOON)
        own = Paper.objects.get(incident=incident, author__key="transport")
        other = Paper.objects.filter(incident=incident, author__key="health").first()
        assert other
        page = self.page(incident, "transport")
        self.assertIn(f'id="paper-{own.pk}"', page)
        self.assertNotIn(f'id="paper-{other.pk}"', page)
        typed = {f"heading-{place}": "如实填写" for place in range(len(own.headings) or 1)}
        self.assertEqual(logged_in("transport").post(f"/papers/{own.pk}/submit/", typed).status_code, 303)
        self.assertEqual(logged_in("transport").post(f"/papers/{other.pk}/submit/", typed).status_code, 403)


def _of_group(page: str, name: str) -> str:
    """What the page says of one group."""
    return page.split(f'unit__name">{name}<')[1].split("unit__name")[0]


class PersonalDataTests(WebCase):
    """Who called is for the desk."""

    def called(self) -> Incident:
        call = Call(
            plan="earthquake",
            place="应县",
            source="call",
            counties=("yingxian",),
            caller_name="王小明",
            caller_phone="13812345678",
            facts={"magnitude": 5.2},
        )
        return incidents.log(call, actor=person("desk"), at=NOON)

    def test_the_desk_reads_it_whole_the_others_masked_a_county_not_at_all(self) -> None:
        incident = self.called()
        self.assertIn("13812345678", self.page(incident, "desk"))
        for who in ("li", "auditor"):
            page = self.page(incident, who)
            self.assertNotIn("13812345678", page)
            self.assertNotIn("王小明", page)
            self.assertIn("138******78", page)
        county = self.page(incident, "yingxian")
        self.assertNotIn("138", re.sub(r'value="\w+"', "", county))


class AuditorTests(WebCase):
    """The auditor reads everything and does nothing."""

    def test_no_form_but_the_log_out(self) -> None:
        for incident in (an_earthquake(), a_response(3), an_ended(3)):
            page = self.page(incident, "auditor")
            self.assertEqual(re.findall(r'<form[^>]*action="([^"]*)"', page), ["/logout/"])
            self.assertIn("只读", text_of(page))

    def test_every_act_is_refused(self) -> None:
        incident = an_earthquake()
        waiting = open_decision(incident).pk
        before = verbs(incident)
        acts = {
            "verify": {},
            "suggest": {"to_level": "2", "reason": "x"},
            "decide": {"to_level": "3"},
            "report-facts": {"fact-deaths": "1", "source": "x", "quality": "estimated"},
            "verify-facts": {"facts": ["magnitude"], "source": "x"},
            "confirm-end": {"condition": "0", "basis": "x"},
            "close": {"reason": "x"},
        }
        for act, typed in acts.items():
            with self.subTest(act=act):
                self.assertEqual(self.post("auditor", incident, act, **typed).status_code, 403)
        for act in ("propose", "approve", "refuse"):
            with self.subTest(act=act):
                self.assertEqual(self.settle("auditor", waiting, act, reason="x").status_code, 403)
        self.assertEqual(verbs(incident), before)
        self.assertEqual(SecurityEvent.objects.filter(actor=person("auditor").ref).count(), len(acts) + 3)

    def test_the_auditor_does_no_task_of_the_bureau(self) -> None:
        team = Deployment.objects.get(incident=a_response(4), kind="team")
        teams.seat(team.pk, teams.Named("lead", unit="audit"), actor=person("zhang"), at=NOON)
        task = Task.objects.filter(deployment=team).first()
        assert task
        with self.assertRaises(NotAuthorised):
            tasks.accept(task.pk, actor=person("auditor"), at=NOON)
        tasks.accept(task.pk, actor=person("audit"), at=NOON)


class ReachingTests(WebCase):
    """What one may not see one cannot act on, by any address."""

    def test_every_address_of_an_unseen_incident_is_unknown(self) -> None:
        incident = an_earthquake()
        for act in ("verify", "suggest", "decide", "report-facts", "close", "nonsense"):
            self.assertEqual(self.post("transport", incident, act).status_code, 404)
        for act in ("propose", "approve", "refuse", "nonsense"):
            self.assertEqual(self.settle("transport", open_decision(incident).pk, act).status_code, 404)

    def test_a_unit_that_sees_it_still_decides_nothing(self) -> None:
        incident = a_response(3)
        for act, typed in (("declare-end", {}), ("decide", {"to_level": "4", "reason": "x"}), ("open-review", {})):
            self.assertEqual(self.post("transport", incident, act, **typed).status_code, 403)

    def test_reading_changes_nothing_and_acting_needs_a_post(self) -> None:
        incident = an_earthquake()
        client = logged_in("li")
        for address in (
            reverse("incident_act", args=[incident.public_id, "verify"]),
            reverse("decision_act", args=[open_decision(incident).pk, "approve"]),
        ):
            self.assertEqual(client.get(address).status_code, 405)
        self.assertEqual(Notice.objects.filter(stream=incident.stream).count(), 0)
