"""A flare-up or an aftershock after the end: another start of the same incident; the first end stands."""

from datetime import timedelta

import pytest
from django.test import TestCase
from django.urls import reverse

from response.actions import clocks, decisions, endings, facts, reviews
from response.actions.incidents import Call, log
from response.actions.settling import Settle
from response.models import Deployment, Incident, LevelDecision, Paper, Task
from response.queries import case as cases
from response.queries import tallies
from shuozhou_ops.deadlines.models import Deadline
from shuozhou_ops.errors import BadInput, Conflict, NotAuthorised
from shuozhou_ops.journal import verification
from shuozhou_ops.notices.models import Notice
from tests.cast import (
    NOON,
    a_response,
    an_ended,
    fresh,
    hand_in_every_paper,
    minutes,
    person,
    verbs,
)
from tests.response.web import WebCase, logged_in, text_of

pytestmark = pytest.mark.both
FOREST = "forest_grassland_fire"


def again(incident: Incident, level: int = 3, at: float = 60) -> LevelDecision:
    return decisions.decide(
        incident.pk, level, actor=person("wang"), at=minutes(at), reason="余震造成新的伤亡", again=True
    )


def end(incident: Incident, at: float = 120, who: str = "li") -> None:
    for place in range(len(endings.unconfirmed(fresh(incident)))):
        endings.confirm(incident.pk, place, actor=person(who), at=minutes(at), basis="各组报告")
    endings.declare(incident.pk, actor=person(who), at=minutes(at))


class StartAgainTests(TestCase):
    """The earthquake: every state after an end."""

    def test_from_ended_reviewing_and_closed(self) -> None:
        ended, reviewing, closed = an_ended(3), an_ended(3), an_ended(3)
        for incident in (reviewing, closed):
            reviews.open_review(incident.pk, actor=person("zhang"), at=minutes(10))
        hand_in_every_paper(closed)
        reviews.close(closed.pk, actor=person("zhang"), at=minutes(20))
        for incident in (ended, reviewing, closed):
            again(incident)
            incident = fresh(incident)
            self.assertEqual((incident.status, incident.level, incident.response_no), ("responding", 3, 2))
            self.assertEqual((incident.started_at, incident.ended_at), (minutes(60), None))
            self.assertEqual(verbs(incident)[-1], "level.started")

    def test_the_first_end_stands_with_its_decision_confirmations_and_papers(self) -> None:
        incident = an_ended(3)
        reviews.open_review(incident.pk, actor=person("zhang"), at=minutes(10))
        before = set(Paper.objects.filter(incident=incident).values_list("pk", "status"))
        again(incident)
        self.assertEqual(incident.decisions.filter(kind="end", status="approved").count(), 1)
        self.assertEqual(incident.confirmations.count(), 5)
        self.assertEqual(set(Paper.objects.filter(incident=incident).values_list("pk", "status")), before)

    def test_it_says_what_happened_and_knows_that_a_response_has_ended(self) -> None:
        incident = an_ended(3)
        with self.assertRaises(BadInput) as refused:
            decisions.decide(incident.pk, 3, actor=person("li"), at=minutes(60), again=True)
        self.assertEqual(refused.exception.errors[0].field, "reason")
        with self.assertRaises(Conflict):  # a change of level that an end has overtaken starts nothing
            decisions.decide(incident.pk, 2, actor=person("wang"), at=minutes(60), reason="提高")
        with self.assertRaises(BadInput):
            decisions.suggest(incident.pk, 3, actor=person("desk"), at=minutes(60))
        self.assertEqual(fresh(incident).status, "ended")

    def test_only_by_the_one_whom_the_plan_names(self) -> None:
        incident = an_ended(3)
        for who in ("zhang", "desk", "yingxian", "auditor"):
            with self.assertRaises(NotAuthorised):
                decisions.decide(incident.pk, 3, actor=person(who), at=minutes(60), reason="余震", again=True)

    def test_up_the_chain_too_suggested_proposed_approved(self) -> None:
        incident = an_ended(3)
        reviews.open_review(incident.pk, actor=person("zhang"), at=minutes(10))
        hand_in_every_paper(incident)
        reviews.close(incident.pk, actor=person("zhang"), at=minutes(20))
        made = decisions.suggest(incident.pk, 3, actor=person("desk"), at=minutes(60), reason="余震 5.4 级")
        decisions.propose(made.pk, actor=person("zhang"), at=minutes(61))
        decisions.approve(made.pk, actor=person("li"), at=minutes(62))
        self.assertEqual((fresh(incident).status, fresh(incident).response_no), ("responding", 2))

    def test_facts_after_an_end_propose_nothing(self) -> None:
        incident = an_ended(3)
        facts.report(incident.pk, {"deaths": 400}, actor=person("desk"), at=minutes(30), source="应县")
        self.assertFalse(incident.decisions.filter(status="suggested").exists())
        self.assertEqual(fresh(incident).grade, 1)

    def test_everything_is_called_given_and_told_anew_and_open_after_care_goes_on(self) -> None:
        incident = an_ended(3)
        after = set(Task.objects.filter(incident=incident, phase="aftercare").values_list("pk", "status"))
        first = Task.objects.filter(incident=incident, response_no=1, phase="response").count()
        again(incident)
        second = Task.objects.filter(incident=incident, response_no=2)
        self.assertEqual(second.count(), first)
        self.assertEqual(set(second.values_list("status", flat=True)), {"assigned"})
        standing = Deployment.objects.filter(incident=incident, status="called")
        self.assertEqual(set(standing.values_list("called_at", flat=True)), {minutes(60)})
        told = Notice.objects.filter(stream=incident.stream, kind="activation", sent_at=minutes(60))
        self.assertTrue(told.filter(unit__key="yingxian").exists())
        self.assertEqual(
            set(Task.objects.filter(incident=incident, phase="aftercare").values_list("pk", "status")), after
        )

    def test_the_second_end_asks_its_own_conditions_and_gives_no_after_care_twice(self) -> None:
        incident = an_ended(3)
        after = Task.objects.filter(incident=incident, phase="aftercare").count()
        again(incident)
        self.assertEqual(len(endings.unconfirmed(fresh(incident))), 5)
        with self.assertRaises(Conflict):
            endings.declare(incident.pk, actor=person("li"), at=minutes(70))
        end(incident)
        self.assertEqual(incident.decisions.filter(kind="end", status="approved").count(), 2)
        self.assertEqual(Task.objects.filter(incident=incident, phase="aftercare").count(), after)

    def test_the_second_review_has_papers_of_its_own_and_closes_it_again(self) -> None:
        incident = an_ended(2)
        reviews.open_review(incident.pk, actor=person("zhang"), at=minutes(10))
        hand_in_every_paper(incident)
        reviews.close(incident.pk, actor=person("zhang"), at=minutes(20))
        again(incident, 4)
        end(incident)
        reviews.open_review(incident.pk, actor=person("zhang"), at=minutes(130))
        owed = Paper.objects.filter(incident=incident, response_no=2)
        self.assertTrue(owed.exists())
        took_part = set(Task.objects.filter(incident=incident, response_no=2).values_list("unit__key", flat=True))
        self.assertLessEqual(
            set(owed.filter(cite="6.2").values_list("author__key", flat=True)), took_part | {"yingxian", "emergency"}
        )
        hand_in_every_paper(incident)
        reviews.close(incident.pk, actor=person("zhang"), at=minutes(140))
        self.assertEqual((fresh(incident).status, fresh(incident).response_no), ("closed", 2))
        self.assertEqual(verification.faults(), [])

    def test_where_the_first_was_never_reviewed_the_review_is_of_both(self) -> None:
        incident = an_ended(2)
        took_part = set(
            Task.objects.filter(incident=incident, phase="response", unit__isnull=False).values_list("unit__key")
        )
        again(incident, 4)
        end(incident)
        reviews.open_review(incident.pk, actor=person("zhang"), at=minutes(130))
        papers = Paper.objects.filter(incident=incident)
        self.assertEqual(set(papers.values_list("response_no", flat=True)), {2})
        self.assertLessEqual(took_part, set(papers.values_list("author__key")))

    def test_what_the_response_had_is_what_the_present_one_had(self) -> None:
        incident = an_ended(2)
        again(incident, 4)
        case = cases.read(incident.public_id, person("desk"), minutes(61))
        self.assertEqual((case.highest_level(), case.round), (4, 2))
        tally = tallies.of([fresh(incident)], person("desk"), whole=True)[incident.pk]
        self.assertEqual(tally.confirmed, 0)
        now = Task.objects.filter(incident=incident, response_no=2).count()
        after = Task.objects.filter(incident=incident, response_no=1, phase="aftercare").count()
        self.assertEqual(tally.tasks, now + after)


class ForestTests(TestCase):
    """The whole circle of a forest fire that flares up: its clocks run again."""

    def fire(self) -> Incident:
        call = Call(
            plan=FOREST,
            place="南山林场",
            source="call",
            counties=("youyu",),
            occurred_at=NOON,
            facts={"fire_kind": "forest", "border": "county", "forest_area_ha": 3},
            flags=("higher_danger",),
        )
        return log(call, actor=person("desk"), at=NOON)

    def test_ended_flared_up_started_again_ended_again(self) -> None:
        incident = self.fire()
        other = self.fire()
        decisions.decide(incident.pk, 4, actor=person("zhang"), at=minutes(5), reason="先期启动")
        facts.report(
            incident.pk,
            {},
            actor=person("desk"),
            at=minutes(60),
            source="现场",
            moments={"extinguished_at": minutes(60)},
        )
        end(incident, 70, "hao")
        counted = [verb for verb in verbs(other) if verb == "fact.counted"]
        decisions.decide(incident.pk, 3, actor=person("hao"), at=minutes(200), reason="余火复燃", again=True)
        self.assertEqual(len([verb for verb in verbs(other) if verb == "fact.counted"]), len(counted) + 1)
        facts.report(
            incident.pk,
            {},
            actor=person("desk"),
            at=minutes(201),
            source="现场",
            moments={"flared_up_at": minutes(190)},
        )
        alarm = Deadline.objects.get(kind="clock", subject=f"incident/{incident.pk}", state="open")
        self.assertGreater(alarm.due_at, minutes(200))
        clocks.come_due(alarm.pk, alarm.due_at)
        end(incident, 60 * 24, "hao")
        self.assertEqual((fresh(incident).status, fresh(incident).response_no), ("ended", 2))
        self.assertEqual(verification.faults(), [])

    def test_a_mild_second_response_does_not_let_the_handover_of_the_site_be_forgotten(self) -> None:
        incident = self.fire()
        decisions.decide(incident.pk, 3, actor=person("hao"), at=minutes(5), reason="林场有险情")
        end(incident, 60, "hao")
        decisions.decide(incident.pk, 4, actor=person("zhang"), at=minutes(70), reason="余火复燃", again=True)
        end(incident, 90, "hao")
        reviews.open_review(incident.pk, actor=person("zhang"), at=minutes(100))
        self.assertTrue(Paper.objects.filter(incident=incident, name__contains="移交").exists())

    def test_the_whole_circle_with_the_papers_of_each_response_apart(self) -> None:
        incident = self.fire()
        decisions.decide(incident.pk, 3, actor=person("hao"), at=minutes(5), reason="林场有险情")
        end(incident, 60, "hao")
        reviews.open_review(incident.pk, actor=person("zhang"), at=minutes(70))
        first = {paper.pk: paper.status for paper in Paper.objects.filter(incident=incident)}
        self.assertTrue(Paper.objects.filter(pk__in=first, name__contains="移交").exists())
        site = Paper.objects.get(pk__in=first, name__contains="移交")
        reviews.submit_paper(
            site.pk,
            dict.fromkeys(site.sections, "已看守72小时"),
            actor=person("zhang"),
            at=minutes(75),
            signed=reviews.Signed(taken_over_by="林场"),
        )
        with self.assertRaises(Conflict):  # the others are owed still
            reviews.close(incident.pk, actor=person("zhang"), at=minutes(80))
        reviews.close(incident.pk, actor=person("hao"), at=minutes(80), reason="另报")
        decisions.decide(incident.pk, 3, actor=person("hao"), at=minutes(200), reason="余火复燃", again=True)
        self.assertEqual(Paper.objects.filter(incident=incident).count(), len(first))
        end(incident, 260, "hao")
        reviews.open_review(incident.pk, actor=person("zhang"), at=minutes(270))
        second = Paper.objects.filter(incident=incident, response_no=2)
        self.assertEqual(
            sorted(second.values_list("item", "author_name")),
            sorted(Paper.objects.filter(pk__in=first).values_list("item", "author_name")),
        )
        self.assertEqual(set(second.values_list("status", flat=True)), {"owed"})  # the site is handed over anew
        hand_in_every_paper(incident, minutes(280))
        self.assertEqual(Paper.objects.filter(incident=incident, status="owed").count(), 0)
        reviews.close(incident.pk, actor=person("zhang"), at=minutes(290))
        incident = fresh(incident)
        self.assertEqual((incident.status, incident.response_no, incident.closing_reason), ("closed", 2, ""))
        self.assertEqual(verification.faults(), [])


class StartAgainPageTests(WebCase):
    """The page and the desk."""

    def test_the_page_offers_another_start_with_words_and_the_desk_brings_a_closed_one_back(self) -> None:
        incident = an_ended(3)
        page = self.page(incident, "li")
        self.assertIn("再次启动响应", page)
        self.assertIn('name="again"', page)
        self.assertEqual(self.post("li", incident, "decide", to_level="3", again="1").status_code, 400)
        told = self.done(self.post("li", incident, "decide", to_level="3", again="1", reason="余震 5.4 级"))
        self.assertIn("再次响应（第 2 次）", told)

    def test_a_suggestion_on_a_closed_one_waits_on_the_director_s_desk(self) -> None:
        incident = an_ended(3)
        reviews.open_review(incident.pk, actor=person("zhang"), at=NOON)
        hand_in_every_paper(incident)
        reviews.close(incident.pk, actor=person("zhang"), at=NOON)
        self.done(self.post("desk", incident, "suggest", to_level="3", reason="余震 5.4 级"))
        self.assertIn("启动三级响应", text_of(logged_in("zhang").get(reverse("desk")).content.decode()))

    def test_the_papers_of_each_response_are_told_apart_on_the_page_and_the_desk(self) -> None:
        incident = an_ended(3)
        reviews.open_review(incident.pk, actor=person("zhang"), at=NOON)
        reviews.close(incident.pk, actor=person("li"), at=NOON, reason="材料另报")
        self.assertNotIn("次响应", self.text(incident, "transport"))
        again(incident, at=1)
        end(incident, 2)
        reviews.open_review(incident.pk, actor=person("zhang"), at=minutes(2))
        text = self.text(incident, "zhang")
        self.assertLess(text.index("待提交 第 2 次响应"), text.index("待提交 第 1 次响应"))
        desk = text_of(logged_in("transport").get(reverse("desk")).content.decode())
        self.assertIn("，第 1 次响应", desk)
        self.assertIn("，第 2 次响应", desk)

    def test_a_page_from_before_the_end_starts_nothing(self) -> None:
        incident = a_response(3)
        self.clock_at(NOON + timedelta(hours=2))
        end(incident, 100)
        answer = self.post("wang", incident, "decide", to_level="2", reason="余震")
        self.assertEqual(answer.status_code, 409)
        self.assertEqual(fresh(incident).status, "ended")

    def test_settled_at_the_second_end_are_only_the_tasks_of_that_response(self) -> None:
        incident = an_ended(3)
        again(incident)
        for place in range(5):
            endings.confirm(incident.pk, place, actor=person("li"), at=minutes(70), basis="报告")
        endings.declare(incident.pk, actor=person("li"), at=minutes(80), settle=Settle(rest="done"))
        self.assertEqual(
            set(Task.objects.filter(response_no=1, phase="response").values_list("status")), {("released",)}
        )
        self.assertEqual(open_count(incident), 0)


def open_count(incident: Incident) -> int:
    return Task.objects.filter(incident=incident, phase="response", status__in=["assigned", "accepted"]).count()
