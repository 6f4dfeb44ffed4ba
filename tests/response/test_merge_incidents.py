"""Two calls of one event: the one without a level is merged away, the other keeps everything that was told."""

import pytest
from django.test import TestCase
from django.urls import reverse

from response.actions import (
    decisions,
    endings,
    facts,
    handling,
    instructions,
    merging,
    places,
    reports,
    situation,
    support,
)
from response.actions.incidents import Call, log
from response.actions.instructions import Received
from response.actions.roster import Roster
from response.facts import document_of, standing_of
from response.models import EarlyStep, FactReport, Incident, Task
from response.slots import slots_of
from shuozhou_ops.errors import Conflict, NotAuthorised
from shuozhou_ops.journal import verification
from shuozhou_ops.journal.models import Entry
from shuozhou_ops.notices.models import Notice
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
        known = {spec.name for spec in (*document_of(into).facts, *document_of(into).figures)}
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

    def test_what_the_one_judges_and_the_other_counts_is_counted_there(self) -> None:
        into, away = an_earthquake(), log_fire("yingxian")
        facts.report(away.pk, {"serious_injuries": 12}, actor=person("desk"), at=minutes(5), source="医院")
        merged(away, into)
        row = FactReport.objects.get(incident=into, name="serious_injuries")
        self.assertEqual((row.kind, row.value, row.source), ("figure", 12, f"医院（{away.code}）"))

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


class MergeGroundTests(TestCase):
    """What the counties did, ask and wait for."""

    def test_a_county_that_turned_out_not_to_be_touched_does_not_come_along(self) -> None:
        into, away = an_earthquake(), an_earthquake(counties=("yingxian", "shanyin"))
        places.drop(away.pk, "shanyin", actor=person("desk"), at=minutes(1), reason="核实不在该县")
        merged(away, into)
        self.assertEqual([place.county.key for place in fresh(into).ground], ["yingxian"])

    def test_a_running_response_gains_the_county_with_its_tasks_and_what_is_left_to_counties_tells_it(self) -> None:
        running, away = a_response(3), an_earthquake(counties=("shanyin",))
        merged(away, running)
        both = Task.objects.filter(incident=running, unit__key="shanyin").exclude(status="released")
        self.assertTrue(both.exists())
        self.assertTrue(Notice.objects.filter(stream=running.stream, unit__key="shanyin", needs_receipt=True).exists())
        left, other = an_earthquake(magnitude=3.1), an_earthquake(counties=("shanyin",), magnitude=3.1)
        handling.leave(left.pk, actor=person("desk"), at=NOON, reason="县里核查")
        merged(other, left)
        self.assertTrue(Notice.objects.filter(stream=left.stream, unit__key="shanyin").exists())
        self.assertEqual(verification.faults(), [])

    def test_what_still_waits_goes_on_waiting_in_the_other(self) -> None:
        into, away = a_response(3), an_earthquake()
        support.ask(away.pk, "急需挖掘机", actor=person("yingxian"), at=minutes(1), county="yingxian")
        support.ask(away.pk, "急需帐篷", actor=person("yingxian"), at=minutes(1), county="yingxian")
        answered = away.requests.get(text="急需帐篷")
        support.answer(away.pk, answered.pk, granted=True, actor=person("li"), at=minutes(2), text="即派")
        told = Received("instruction", "张某", "全力搜救", giver_post="省领导")
        instructions.receive(away.pk, told, actor=person("desk"), at=minutes(3))
        merged(away, into)
        request, instruction = into.requests.get(), into.instructions.get()
        self.assertEqual((request.text, request.asked_at, request.status), ("急需挖掘机", minutes(1), "open"))
        self.assertEqual((instruction.text, instruction.status), ("全力搜救", "received"))
        support.answer(into.pk, request.pk, granted=True, actor=person("li"), at=minutes(12), text="即派")
        self.assertEqual(verification.faults(), [])

    def test_what_the_county_did_by_itself_counts_here_too(self) -> None:
        into, away = an_earthquake(), an_earthquake()
        items = [item for item, _text, _cite in places.early_lines(into)][:2]
        by = {"actor": person("yingxian"), "at": minutes(2)}
        places.tick(into.pk, "yingxian", items[:1], **by)
        places.tick(away.pk, "yingxian", items, **by)
        places.own_response(away.pk, "yingxian", 3, by="郭县长", **by)
        merged(away, into)
        steps = EarlyStep.objects.filter(place__incident=into)
        self.assertEqual(sorted(steps.values_list("item", flat=True)), items)
        place = into.places.get()
        self.assertEqual((place.own_level, place.own_level_by, place.own_level_at), (3, "郭县长", minutes(2)))

    def test_under_another_plan_what_it_did_is_kept_in_words(self) -> None:
        into, away = log_fire("yingxian"), an_earthquake()
        (item, text, cite), *_more = places.early_lines(away)
        places.tick(away.pk, "yingxian", [item], actor=person("yingxian"), at=minutes(2))
        merged(away, into)
        self.assertFalse(EarlyStep.objects.filter(place__incident=into).exists())
        note = FactReport.objects.get(incident=into, name="early_step")
        self.assertEqual(note.value, f"应县已办：{text}（{cite}）")


class MergeKinTests(TestCase):
    """What follows what, and who reports."""

    def test_merged_into_its_own_secondary_one_that_follows_nothing_any_more(self) -> None:
        grand, first, second = an_earthquake(), an_earthquake(), an_earthquake()
        merging.follow(second.pk, first.pk, actor=person("desk"), at=minutes(1))
        merging.follow(first.pk, grand.pk, actor=person("desk"), at=minutes(2))
        merged(first, second)
        self.assertEqual(fresh(second).follows_id, grand.pk)
        merged(grand, second)
        self.assertIsNone(fresh(second).follows_id)

    def test_of_which_it_is_a_secondary_one_comes_along_where_the_other_follows_none(self) -> None:
        first, away, into = an_earthquake(), an_earthquake(), an_earthquake()
        merging.follow(away.pk, first.pk, actor=person("desk"), at=minutes(1))
        merged(away, into)
        self.assertEqual(fresh(into).follows_id, first.pk)
        last = an_earthquake()
        merging.follow(last.pk, into.pk, actor=person("desk"), at=minutes(11))
        merged(last, first)  # the first is what brought the other about: it does not follow it
        self.assertIsNone(fresh(first).follows_id)

    def test_a_draft_that_nobody_signed_is_dropped_and_none_is_signed_afterwards(self) -> None:
        into, away = an_earthquake(), an_earthquake()
        draft = situation.draft(away.pk, actor=person("desk"), at=minutes(1))
        situation.edit(draft.pk, text="x", sent_to=["市委"], actor=person("desk"), at=minutes(1))
        merged(away, into)
        draft.refresh_from_db()
        self.assertEqual(draft.status, "dropped")
        with self.assertRaises(Conflict):
            situation.send(draft.pk, actor=person("zhang"), at=minutes(11))


def log_fire(county: str = "huairen") -> Incident:
    call = Call(plan="fire_incident", place="怀仁", source="call", counties=(county,))
    return log(call, actor=person("desk"), at=NOON)


class MergePageTests(WebCase):
    """Offered where a duplicate is likely; afterwards one page."""

    def test_what_was_merged_into_one_that_was_merged_is_read_here_with_the_report_it_had_sent(self) -> None:
        first = log(
            Call(plan="earthquake", place="南河种", source="call", counties=("yingxian",), words="墙倒了"),
            actor=person("desk"),
            at=NOON,
        )
        draft = situation.draft(first.pk, actor=person("desk"), at=minutes(1))
        situation.edit(draft.pk, text="x", sent_to=["市委"], actor=person("desk"), at=minutes(1))
        situation.send(draft.pk, actor=person("zhang"), at=minutes(2))
        second, last = an_earthquake(), an_earthquake()
        merged(first, second)
        merged(second, last)
        page = self.page(last, "desk")
        self.assertIn("墙倒了", page)
        self.assertIn(reverse("situation", args=[draft.pk]), page)
        self.assertIn(f"{first.code}已并入本事件", text_of(page))
        self.assertEqual(logged_in("desk").get(reverse("situation", args=[draft.pk])).status_code, 200)
        answer = logged_in("desk").get(reverse("incident", args=[first.public_id]), follow=True)
        self.assertEqual(answer.redirect_chain[-1][0], reverse("incident", args=[last.public_id]))

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
