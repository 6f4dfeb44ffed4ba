"""Facts that are judgements carry who judged, at which post, when and why (附件4, 研判认为应当响应)."""

import pytest
from django.test import TestCase
from django.urls import reverse

from response.actions import facts, incidents
from response.actions.facts import Judged
from response.actions.incidents import Call
from response.models import FactReport, Incident
from shuozhou_ops.errors import BadInput
from tests.cast import minutes, person, verbs
from tests.response.web import WebCase, logged_in, reported

WHOSE = Judged("郝建国", "市消防救援支队支队长", "高层建筑，人员密集")
TYPED = {"judged_by": WHOSE.by, "judged_post": WHOSE.post, "judged_reason": WHOSE.reason}


def a_fire(**call: object) -> Incident:
    """A fire of which the place is known."""
    wanted = Call(plan="fire_incident", place="朔城区", source="call", counties=("shuocheng",), **call)  # type: ignore[arg-type]
    return incidents.log(wanted, actor=person("desk"), at=minutes(0))


@pytest.mark.both
class JudgeTests(TestCase):
    """Without whose it is, no judgement is kept."""

    def test_it_is_kept_with_the_report_and_named_in_the_journal(self) -> None:
        incident = a_fire()
        facts.report(
            incident.pk,
            {"judged_level": 3, "deaths": 0},
            actor=person("desk"),
            at=minutes(1),
            source="支队",
            judged=WHOSE,
        )
        judged = FactReport.objects.get(name="judged_level")
        self.assertEqual(
            (judged.judged_by, judged.judged_post, judged.judged_reason), (WHOSE.by, WHOSE.post, WHOSE.reason)
        )
        self.assertEqual(FactReport.objects.get(name="deaths").judged_by, "")

    def test_without_whose_it_is_nothing_is_kept(self) -> None:
        incident = a_fire()
        for judged, missing in (
            (Judged(), ["judged_by", "judged_post", "judged_reason"]),
            (Judged("郝建国", " ", "理由"), ["judged_post"]),
        ):
            with self.assertRaises(BadInput) as refused:
                facts.report(
                    incident.pk,
                    {"social_impact": "possible", "deaths": 3},
                    actor=person("desk"),
                    at=minutes(1),
                    source="支队",
                    judged=judged,
                )
            self.assertEqual([item.field for item in refused.exception.errors], missing)
        self.assertEqual(verbs(incident), ["incident.logged"])

    def test_withdrawing_one_asks_for_nobody(self) -> None:
        incident = a_fire(facts={"judged_level": 3}, judged=WHOSE)
        facts.report(incident.pk, {"judged_level": None}, actor=person("desk"), at=minutes(1), source="支队")
        self.assertEqual(verbs(incident)[-1], "fact.reported")

    def test_logging_one_asks_for_it_too(self) -> None:
        with self.assertRaises(BadInput):
            a_fire(facts={"judged_level": 3})
        self.assertFalse(Incident.objects.exists())

    def test_verified_it_stays_whose_it_was(self) -> None:
        incident = a_fire(facts={"judged_level": 3}, judged=WHOSE)
        facts.verify(incident.pk, ["judged_level"], actor=person("desk"), at=minutes(1), source="支队")
        self.assertEqual(FactReport.objects.get(quality="verified").judged_reason, WHOSE.reason)


class JudgePageTests(WebCase):
    """By page."""

    def test_the_form_takes_whoever_fills_it_in_until_they_say_otherwise(self) -> None:
        page = self.page(a_fire(), "desk")
        self.assertIn('name="judged_by" value="周值班"', page)
        self.assertIn("研判（填了", page)

    def test_it_is_shown_beside_the_figure_and_in_the_timeline(self) -> None:
        incident = a_fire()
        page = self.done(self.post("desk", incident, "report-facts", **reported(judged_level="3"), **TYPED))
        self.assertIn("市消防救援支队支队长郝建国研判：高层建筑，人员密集", page)
        self.assertIn("市消防救援支队支队长郝建国研判，理由：高层建筑，人员密集", page)

    def test_what_is_missing_stands_at_its_field(self) -> None:
        answer = self.post(
            "desk", a_fire(), "report-facts", **reported(judged_level="3"), **{**TYPED, "judged_reason": ""}
        )
        self.assertEqual(answer.status_code, 400)
        self.assertIn("是研判，请写明研判的理由。", answer.content.decode())

    def test_the_intake_asks_for_it_too(self) -> None:
        typed = {"plan": "fire_incident", "place": "鄯阳街", "counties": ["shuocheng"], "source": "call"}
        typed |= {"facts_of": "fire_incident", "fact-judged_level": "3", "judged_by": "郝建国", "judged_post": "支队长"}
        desk = logged_in("desk")
        answer = desk.post(reverse("intake"), typed)
        self.assertEqual(answer.status_code, 400)
        self.assertIn("是研判，请写明研判的理由。", answer.content.decode())
        self.assertEqual(desk.post(reverse("intake"), {**typed, "judged_reason": "人员密集"}).status_code, 303)
        self.assertEqual(FactReport.objects.get().judged_reason, "人员密集")

    def test_a_plan_without_judgements_asks_for_none(self) -> None:
        call = Call(plan="earthquake", place="应县", source="call", counties=("yingxian",))
        incident = incidents.log(call, actor=person("desk"), at=minutes(0))
        self.assertNotIn("judged_by", self.page(incident, "desk"))
