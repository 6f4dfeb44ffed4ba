"""The wrong plan was picked: before a start it is changed, after a start a successor goes on under the right one."""

import pytest
from django.test import TestCase
from django.urls import reverse

from plans import registry
from response.actions import command, decisions, facts, instructions, marks, places, replanning, support
from response.actions.command import Passing
from response.actions.incidents import Call, log
from response.actions.instructions import Received
from response.actions.settling import Settle
from response.facts import document_of, standing_of
from response.models import FactReport, Handover, Incident, Task
from response.sources import in_force
from shuozhou_ops.deadlines.models import Deadline
from shuozhou_ops.errors import BadInput, Conflict, NotAuthorised
from shuozhou_ops.journal import verification
from shuozhou_ops.notices.models import Notice
from tests.cast import NOON, a_response, an_earthquake, fresh, minutes, open_decision, person, verbs
from tests.response.web import WebCase

pytestmark = pytest.mark.both
FOREST, FIRE = "forest_grassland_fire", "fire_incident"


def a_forest_fire(**more: object) -> Incident:
    """Logged as a forest fire, though a house burns."""
    told = {"fire_kind": "forest", "border": "county", "deaths": 3, "forest_area_ha": 2}
    call = Call(
        plan=FOREST,
        place="应县城南",
        source="call",
        counties=("yingxian",),
        occurred_at=NOON,
        caller_phone="13800001111",
        words="浓烟",
        facts=told,
        **more,  # type: ignore[arg-type]
    )
    return log(call, actor=person("desk"), at=NOON)


def changed(incident: Incident, plan: str = FIRE, who: str = "desk") -> Incident:
    return replanning.change(incident.pk, plan, actor=person(who), at=minutes(5), reason="是民房火灾")


class ChangeTests(TestCase):
    """Before a start."""

    def test_facts_of_the_same_name_stay_and_the_others_are_kept_in_words(self) -> None:
        incident = a_forest_fire()
        before = set(FactReport.objects.filter(incident=incident, kind="fact").values_list("pk", "name"))
        changed(incident)
        incident = fresh(incident)
        self.assertEqual(document_of(incident).plan, FIRE)
        values = standing_of(incident, minutes(6)).values
        self.assertEqual(values["deaths"], 3)
        self.assertNotIn("forest_area_ha", values)
        self.assertLessEqual(before, set(FactReport.objects.filter(incident=incident).values_list("pk", "name")))
        notes = set(FactReport.objects.filter(incident=incident, kind="note").values_list("value", flat=True))
        self.assertTrue(any("2公顷" in note for note in notes), notes)
        self.assertEqual(verbs(incident)[-1], "incident.replanned")
        self.assertEqual(verification.faults(), [])

    def test_it_is_judged_anew_and_what_waited_is_stale(self) -> None:
        incident = a_forest_fire()
        waiting = open_decision(incident)
        changed(incident)
        waiting.refresh_from_db()
        self.assertEqual(waiting.status, "stale")
        self.assertEqual(open_decision(incident).to_level, 3)  # three deaths in a fire

    def test_what_the_other_plan_only_counts_is_counted_and_what_it_judges_is_judged(self) -> None:
        incident = an_earthquake(magnitude=4.2, missing=2)
        by = {"actor": person("desk"), "at": minutes(1)}
        facts.report(incident.pk, {}, figures={"serious_injuries": 12, "relocated": 300}, source="县", **by)
        facts.report(incident.pk, {}, figures={"serious_injuries": 9}, source="卫健委", **by)
        changed(incident)
        incident = fresh(incident)
        self.assertEqual(standing_of(incident, minutes(6)).values["serious_injuries"], 9)
        self.assertEqual(open_decision(incident).to_level, 3)  # twelve by the other source (annex 4, three 1)
        held = in_force(FactReport.objects.filter(incident=incident), FactReport.Kind.FIGURE)
        self.assertEqual(held["missing"].value, 2)
        facts.report(incident.pk, {"serious_injuries": 14}, source="卫健委", actor=person("desk"), at=minutes(7))
        replanning.change(incident.pk, "earthquake", actor=person("desk"), at=minutes(8), reason="还是地震")
        incident = fresh(incident)
        held = in_force(FactReport.objects.filter(incident=incident), FactReport.Kind.FIGURE)
        self.assertEqual(held["serious_injuries"].value, 14)
        self.assertEqual(standing_of(incident, minutes(9)).values["missing"], 2)
        self.assertEqual(verification.faults(), [])

    def test_what_a_county_did_by_the_old_plan_ticks_no_line_of_the_new_one_and_is_kept_in_words(self) -> None:
        incident = a_forest_fire()
        for after, plan in enumerate((FIRE, FOREST, FIRE)):
            lines = places.early_lines(fresh(incident))
            items = [item for item, _text, _cite in lines]
            by = {"actor": person("yingxian"), "at": minutes(2 + after)}
            places.tick(incident.pk, "yingxian", items, **by)  # every line is free under each plan
            replanning.change(incident.pk, plan, actor=person("desk"), at=minutes(2.5 + after), reason="另一种")
            notes = FactReport.objects.filter(incident=incident, kind="note", name="early_step")
            said = set(notes.values_list("value", flat=True))
            self.assertLessEqual({f"应县已办：{text}（{cite}）" for _item, text, cite in lines}, said)
        self.assertEqual(verification.faults(), [])

    def test_the_clocks_of_the_old_plan_are_put_out(self) -> None:
        incident = a_forest_fire()
        self.assertTrue(Deadline.objects.filter(kind="clock", state="open").exists())
        changed(incident, "earthquake")
        self.assertFalse(Deadline.objects.filter(kind="clock", state="open").exists())

    def test_marks_that_the_new_plan_has_not_are_dropped_and_the_others_counted_anew(self) -> None:
        incident, other = a_forest_fire(flags=("higher_danger",)), a_forest_fire(flags=("higher_danger",))
        changed(incident)
        self.assertEqual(fresh(incident).flags, [])
        self.assertEqual(verbs(other)[-1], "fact.counted")
        marks.mark(other.pk, "higher_danger", False, actor=person("desk"), at=minutes(9))

    def test_by_whoever_may_log_under_both_with_a_reason_and_only_before_a_start(self) -> None:
        incident = a_forest_fire()
        for who in ("yingxian", "transport", "auditor", "fire_rescue"):
            with self.assertRaises(NotAuthorised):
                changed(incident, who=who)
        with self.assertRaises(BadInput):
            replanning.change(incident.pk, FIRE, actor=person("desk"), at=minutes(5), reason=" ")
        with self.assertRaises(Conflict):
            changed(incident, FOREST)
        with self.assertRaises(registry.UnknownPlan):
            changed(incident, "flood")
        running = a_response(3)
        with self.assertRaises(Conflict):
            changed(running)

    def test_and_back_again_everything_is_known_as_before(self) -> None:
        incident = a_forest_fire()
        before = standing_of(fresh(incident), minutes(6)).values
        changed(incident)
        changed(incident, FOREST)
        self.assertEqual(standing_of(fresh(incident), minutes(6)).values, before)


class TakeOnTests(TestCase):
    """After a start: one act, both entries, both rights."""

    def running(self) -> Incident:
        incident = a_forest_fire()
        decisions.decide(incident.pk, 4, actor=person("zhang"), at=minutes(1), reason="先期处置")
        return fresh(incident)

    def take_on(self, incident: Incident, who: str = "wang", level: int = 3, **more: object) -> Incident:
        return replanning.take_on(
            incident.pk,
            FIRE,
            level,
            actor=person(who),
            at=minutes(20),
            reason="是民房火灾",
            **more,  # type: ignore[arg-type]
        )

    def test_the_old_one_ends_without_conditions_and_the_other_runs_with_everything_known(self) -> None:
        old = self.running()
        other = self.take_on(old, settle=Settle(rest="handed/yingxian"))
        old, other = fresh(old), fresh(other)
        self.assertEqual((old.status, old.level), ("closed", None))
        self.assertEqual(old.decisions.get(kind="end").manner, "continued")
        self.assertEqual((other.status, other.level, other.continues_id), ("responding", 3, old.pk))
        self.assertEqual((other.place, other.caller_phone, other.words), (old.place, old.caller_phone, old.words))
        self.assertEqual(standing_of(other, minutes(21)).values["deaths"], 3)
        self.assertEqual(set(other.places.values_list("county__key", flat=True)), {"yingxian"})
        self.assertEqual(set(old.tasks.values_list("status", flat=True)), {"handed"})
        self.assertFalse(Task.objects.filter(incident=old, phase="aftercare").exists())
        self.assertTrue(Task.objects.filter(incident=other, status="assigned").exists())
        self.assertEqual(verbs(old)[-1], "response.ended")
        self.assertEqual(verbs(other), ["incident.logged", "level.started"])
        title = Notice.objects.filter(stream=old.stream, kind="release").first()
        assert title
        self.assertIn(f"转入{other.code}", title.title)
        self.assertEqual(verification.faults(), [])

    def test_whoever_lacks_one_of_the_two_rights_is_told_which_with_its_clause(self) -> None:
        old = self.running()
        for who, lacks in (("hao", "三级响应由"), ("fire_rescue", "四级响应由"), ("desk", "四级响应由")):
            with self.assertRaises(NotAuthorised) as refused:
                self.take_on(old, who)
            self.assertIn(lacks, refused.exception.message)
            self.assertTrue(refused.exception.cite)
        self.assertEqual(fresh(old).status, "responding")
        self.assertEqual(Incident.objects.count(), 1)

    def test_a_milder_level_than_the_table_s_needs_its_reason_and_nobody_s_word_on_tasks_is_refused(self) -> None:
        old = self.running()
        with self.assertRaises(BadInput):
            self.take_on(old, settle=Settle())
        self.assertEqual((fresh(old).status, Incident.objects.count()), ("responding", 1))

    def test_what_the_other_plan_only_counts_comes_along_and_what_it_judges_is_judged(self) -> None:
        old = a_response(3, missing=2)
        figures = {"serious_injuries": 12}
        facts.report(old.pk, {}, figures=figures, actor=person("desk"), at=minutes(1), source="县")
        other = self.take_on(old)
        self.assertEqual(standing_of(other, minutes(21)).values["serious_injuries"], 12)
        held = in_force(FactReport.objects.filter(incident=other), FactReport.Kind.FIGURE)
        self.assertEqual(held["missing"].value, 2)

    def test_what_waits_and_who_commands_go_on_in_the_other_and_the_old_one_asks_no_command_back(self) -> None:
        old = self.running()
        by = {"actor": person("yingxian"), "at": minutes(2)}
        support.ask(old.pk, "急需水罐车", county="yingxian", **by)
        places.tick(old.pk, "yingxian", [places.early_lines(old)[0][0]], **by)
        told = Received("instruction", "赵省长", "全力扑救")
        row = instructions.receive(old.pk, told, actor=person("desk"), at=minutes(3))
        instructions.pass_on(old.pk, row.pk, ["emergency"], actor=person("desk"), at=minutes(4))
        taken = Passing("city", "郭县长", "李副市长", "火场")
        command.hand_over(old.pk, "yingxian", taken, actor=person("desk"), at=minutes(5))
        other = self.take_on(old)
        self.assertEqual([item.text for item in other.requests.all()], ["急需水罐车"])
        self.assertEqual([(item.text, item.status) for item in other.instructions.all()], [("全力扑救", "passed")])
        self.assertTrue(FactReport.objects.filter(incident=other, name="early_step").exists())
        place = other.places.get()
        self.assertEqual((place.commanded_by, place.commander_name), ("city", "李副市长"))
        self.assertEqual(old.places.get().commanded_by, "county")
        self.assertEqual(Handover.objects.filter(incident=old).count(), 1)
        self.assertEqual(verification.faults(), [])

    def test_what_goes_on_elsewhere_is_not_started_again_nor_twice(self) -> None:
        old = self.running()
        self.take_on(old)
        with self.assertRaises(Conflict) as refused:
            decisions.decide(old.pk, 4, actor=person("wang"), at=minutes(30), reason="复燃", again=True)
        self.assertEqual(refused.exception.code, "continued")
        with self.assertRaises(Conflict):
            self.take_on(old)

    def test_a_quake_abroad_goes_on_with_its_judgement(self) -> None:
        incident = an_earthquake(counties=(), magnitude=5.2)
        decisions.decide(incident.pk, 3, actor=person("li"), at=minutes(1), scope_judgement="震感强烈")
        facts.report(incident.pk, {"deaths": 3}, actor=person("desk"), at=minutes(2), source="邻市")
        other = self.take_on(incident)
        self.assertTrue(other.outside_city)


class WrongPlanPageTests(WebCase):
    """The page before and after."""

    def test_before_a_start_the_page_says_what_the_other_plans_would_give(self) -> None:
        incident = a_forest_fire()
        self.assertIn("火灾事故（预案条件：三级响应）", self.text(incident, "desk"))
        page = self.done(self.post("desk", incident, "change-plan", plan=FIRE, reason="是民房火灾"))
        self.assertIn("改按", page)
        self.assertIn("以文字保留的情况", page)
        self.assertIn("已失效", page)

    def test_after_a_start_each_page_links_the_other(self) -> None:
        incident = a_forest_fire()
        decisions.decide(incident.pk, 4, actor=person("zhang"), at=minutes(1), reason="先期处置")
        self.assertIn("转入并启动", self.text(incident, "wang"))
        self.done(
            self.post(
                "wang", incident, "take-on", right=f"{FIRE}/3", reason="是民房火灾", rest="dropped", idempotency_key="k"
            )
        )
        other = Incident.objects.get(continues=incident)
        self.assertIn(reverse("incident", args=[other.public_id]), self.page(incident, "desk"))
        self.assertIn(reverse("incident", args=[incident.public_id]), self.page(other, "desk"))
        self.assertIn(f"接续{incident.code}", self.text(other, "desk"))
        for who in ("desk", "wang"):
            self.assertNotIn("再次启动响应", self.text(incident, who))
            self.assertNotIn("代记口头令", self.text(incident, who))
