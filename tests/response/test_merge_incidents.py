"""Two calls of one event: the one without a level is merged away, the other keeps everything that was told."""

import pytest
from django.test import TestCase
from django.urls import reverse

from response.actions import decisions, endings, facts, handling, merging, reports
from response.actions.incidents import Call, log
from response.actions.roster import Roster
from response.facts import document_of, standing_of
from response.models import FactReport, Incident
from response.slots import slots_of
from shuozhou_ops.errors import Conflict, NotAuthorised
from shuozhou_ops.journal import verification
from shuozhou_ops.journal.models import Entry
from tests.cast import NOON, a_response, an_earthquake, fresh, minutes, open_decision, person, verbs
from tests.response.web import WebCase, logged_in, text_of

pytestmark = pytest.mark.both


def merged(away: Incident, into: Incident, who: str = "desk") -> Incident:
    return merging.merge(away.pk, into.pk, actor=person(who), at=minutes(10), reason="同一起")


class MergeTests(TestCase):
    """The action."""

    def test_the_other_keeps_every_report_with_its_moments_and_whose_number_it_came_under(self) -> None:
        into, away = an_earthquake(), an_earthquake(magnitude=5.3)
        facts.report(away.pk, {"deaths": 2}, actor=person("desk"), at=minutes(5), source="乡镇", observed_at=minutes(3))
        merged(away, into)
        row = FactReport.objects.get(incident=into, name="deaths")
        self.assertEqual((row.value, row.observed_at, row.told_at), (2, minutes(3), minutes(5)))
        self.assertEqual(row.source, f"乡镇（{away.code}）")
        self.assertEqual(FactReport.objects.filter(incident=into, name="magnitude").count(), 2)
        self.assertEqual(standing_of(fresh(into), minutes(11)).values["deaths"], 2)
        away = fresh(away)
        self.assertEqual((away.status, away.merged_into_id), ("merged", into.pk))
        self.assertEqual((verbs(away)[-1], verbs(into)[-1]), ("incident.merged", "incident.absorbed"))
        self.assertFalse(away.decisions.filter(status="suggested").exists())
        self.assertEqual(verification.faults(), [])

    def test_what_a_response_is_told_by_it_makes_the_table_suggest(self) -> None:
        into, away = a_response(3), an_earthquake()
        facts.report(away.pk, {"deaths": 60}, actor=person("desk"), at=minutes(5), source="乡镇")
        merged(away, into)
        self.assertEqual(open_decision(into).to_level, 2)

    def test_a_figure_that_was_taken_back_comes_over_in_words_alone(self) -> None:
        into, away = an_earthquake(), an_earthquake()
        facts.report(into.pk, {"deaths": 5}, actor=person("desk"), at=minutes(1), source="县")
        facts.report(away.pk, {"deaths": 9}, actor=person("desk"), at=minutes(2), source="乡镇")
        facts.report(away.pk, {"deaths": None}, actor=person("desk"), at=minutes(3), source="乡镇")
        merged(away, into)
        self.assertEqual(standing_of(fresh(into), minutes(11)).values["deaths"], 5)
        notes = FactReport.objects.filter(incident=into, kind="note", name="deaths").values_list("value", flat=True)
        self.assertEqual(list(notes), ["死亡人数 9人", "死亡人数 撤回"])

    def test_its_moments_never_take_the_place_of_those_that_are_known(self) -> None:
        into, away = an_earthquake(), an_earthquake()
        facts.report(
            away.pk, {}, actor=person("desk"), at=minutes(5), source="乡镇", moments={"rescue_ended_at": minutes(4)}
        )
        before = fresh(into).occurred_at
        merged(away, into)
        self.assertEqual(fresh(into).occurred_at, before)
        self.assertEqual(FactReport.objects.filter(incident=into, kind="milestone", name="occurred_at").count(), 1)
        self.assertTrue(FactReport.objects.filter(incident=into, kind="milestone", name="rescue_ended_at").exists())
        self.assertTrue(FactReport.objects.filter(incident=into, kind="note", name="occurred_at").exists())

    def test_under_another_plan_what_it_does_not_know_is_kept_in_words(self) -> None:
        into = an_earthquake()
        call = Call(
            plan="fire_incident", place="应县", source="call", counties=("yingxian",), facts={"deaths": 1, "trapped": 2}
        )
        known = {spec.name for spec in document_of(into).facts}
        names = [
            spec.name for spec in document_of(log_fire()).facts if spec.name not in known and spec.type == "integer"
        ]
        call.facts.pop("trapped")
        call.facts[names[0]] = 2
        away = log(call, actor=person("desk"), at=minutes(1))
        merged(away, into)
        self.assertEqual(standing_of(fresh(into), minutes(11)).values["deaths"], 1)
        self.assertNotIn(names[0], standing_of(fresh(into), minutes(11)).values)
        self.assertTrue(FactReport.objects.filter(incident=into, kind="note", name=names[0]).exists())

    def test_what_units_told_and_further_counties_come_along_before_a_start(self) -> None:
        into, away = an_earthquake(), an_earthquake(counties=("yingxian", "shanyin"))
        slot = next(
            item
            for item in slots_of(document_of(away), Roster().ground_of(away))
            if item.bearer.unit == "shanyin" or item.bearer.unit == "transport"
        )
        reports.hand_in(away.pk, slot.key, "道路中断", actor=person("desk"), at=minutes(2))
        merged(away, into)
        self.assertEqual(into.unit_reports.get().text, "道路中断")
        self.assertEqual(set(into.places.values_list("county__key", flat=True)), {"yingxian", "shanyin"})

    def test_only_one_without_a_level_is_merged_away_and_only_into_one_that_is_not_over(self) -> None:
        running, other = a_response(3), an_earthquake()
        with self.assertRaises(Conflict):
            merged(running, other)
        over = a_response(4)
        endings.dismiss(over.pk, actor=person("zhang"), at=minutes(2), reason="误报")
        with self.assertRaises(Conflict) as refused:
            merged(other, over)
        self.assertEqual(refused.exception.code, "target_over")
        with self.assertRaises(Conflict):
            merged(other, other)
        for who in ("yingxian", "transport", "auditor"):
            with self.assertRaises(NotAuthorised):
                merged(other, running, who)
        left = an_earthquake()
        handling.leave(left.pk, actor=person("desk"), at=NOON, reason="县里核查")
        merged(left, running)
        self.assertEqual(fresh(left).status, "merged")

    def test_the_caller_s_words_and_number_never_enter_the_journal(self) -> None:
        into = an_earthquake()
        call = Call(
            plan="earthquake", place="应县", source="call", counties=("yingxian",), words="我的电话 13800001111"
        )
        away = log(call, actor=person("desk"), at=NOON)
        merged(away, into)
        self.assertFalse(any("13800001111" in entry.set_json + entry.payload_json for entry in Entry.objects.all()))


def log_fire() -> Incident:
    call = Call(plan="fire_incident", place="怀仁", source="call", counties=("huairen",))
    return log(call, actor=person("desk"), at=NOON)


class MergePageTests(WebCase):
    """Offered where a duplicate is likely; afterwards one page."""

    def test_the_duplicate_is_offered_and_the_merged_one_leads_to_the_other(self) -> None:
        into, away = an_earthquake(), an_earthquake()
        self.assertIn("可能重复 1 起", self.text(away, "desk"))
        page = self.post("desk", away, "merge", into=into.public_id, idempotency_key="one press")
        self.assertEqual(page.status_code, 303)
        client = logged_in("desk")
        answer = client.get(reverse("incident", args=[away.public_id]))
        self.assertRedirects(answer, reverse("incident", args=[into.public_id]), fetch_redirect_response=False)
        told = text_of(client.get(answer["Location"]).content.decode())
        self.assertIn(f"{away.code}已并入{into.code}", told)
        self.assertIn(f"{away.code}已并入本事件", told)
        self.assertIn("房屋晃动，有人受伤", told)
        self.assertIn(away.code, text_of(client.get(reverse("desk")).content.decode()))

    def test_an_act_on_the_merged_one_is_refused_in_words(self) -> None:
        into, away = an_earthquake(), an_earthquake()
        merged(away, into)
        answer = self.post("desk", away, "verify")
        self.assertEqual(answer.status_code, 409)
        self.assertIn("已并入", text_of(answer.content.decode()))
        with self.assertRaises(Conflict):
            decisions.decide(away.pk, 3, actor=person("li"), at=minutes(20))
