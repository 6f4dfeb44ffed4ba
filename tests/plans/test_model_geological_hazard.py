"""What the official geological hazard plan says, held against its data: each fact of the text with its clause."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any
from unittest import TestCase

import pytest

from plans import loading, registry, showing, walking
from plans.assessment import assess
from plans.documents import Duty, Level, Measure, Ref
from plans.organisations import key_of

from .official import keys, lines_of

PLAN = loading.load(registry.LIBRARY / "geological_hazard")

MEMBERS = [  # 2.1
    name
    for row in (
        "市委宣传部 市发改委 市教育局 市工信局 市公安局 市民政局 市财政局 市规划和自然资源局",
        "市生态环境局 市住建局 市交通局 市水利局 市农业农村局 市文旅局 市卫健委 市应急局 市能源局 市红十字会",
        "市防震减灾中心 市气象局 朔州银保监分局 朔州军分区 武警朔州支队 市消防救援支队 国网朔州供电公司 朔州车务段",
        "移动朔州分公司 联通朔州市分公司 电信朔州分公司",
    )
    for name in row.split()
]

COUNTY_HEADS = ["事发地县（市、区）长", "朔州经济开发区管委会负责人"]
GROUPS = {  # key: name, leads, member units, duties (2.2.1 to 2.2.10)
    "coordination": ("综合组", ["emergency.head"], "emergency", 4),
    "rescue": (
        "抢险救援组",
        ["emergency.head", "natural_resources.head"],
        "emergency natural_resources military_subdistrict armed_police fire_rescue",
        4,
    ),
    "technical": ("技术组", ["natural_resources.head"], "housing natural_resources", 7),
    "communications": ("通信保障组", ["industry_it.head"], "industry_it mobile unicom telecom", 1),
    "persons_at_risk": ("涉险人员核查组", ["public_security.head"], "public_security", 2),
    "settlement": ("人员安置组", COUNTY_HEADS, "public_security finance civil_affairs emergency", 4),
    "logistics": ("后勤保障组", COUNTY_HEADS, "development_reform transport power_grid", 3),
    "medical": ("医学救护组", ["health.head"], "health", 4),
    "order": ("社会稳定组", ["public_security.head"], "public_security", 3),
    "publicity": ("宣传报道组", ["propaganda_dept.head"], "propaganda_dept", 3),
}
IN_NO_GROUP = (
    "education ecology water agriculture culture_tourism energy red_cross earthquake_centre meteorology"
    " banking_regulation railway"
)

# Annex 4, lower bounds: people to relocate, potential loss, deaths with missing, direct loss; 小型 has none of its own.
BOUNDS = {
    3: ("中型", 100, 5_000_000, 3, 1_000_000),
    2: ("大型", 500, 50_000_000, 10, 5_000_000),
    1: ("特大型", 1000, 100_000_000, 30, 10_000_000),
}

# Where the text says 立即, 第一时间 or 迅速; and where it says 必要时, 视情, 视情况, 根据实际情况.
AT_ONCE = {"4", "5.1", "5.2", "5.3", "5.4.2(1)", "5.4.2(2)", "附件2 市公安局"}
AS_NEEDED = {"2.2", "5.2", "5.3", "5.4.1(3)", "5.4.3", "5.4.4", "附件2 朔州军分区", "附件3 一级（红色） 1"}
IN_TIME = {  # where the text says 及时, and how often it binds somebody
    **{"4": 1, "5.2": 1, "5.4.1(1)": 1, "5.4.2(6)": 1, "5.4.2(7)": 1, "6.2": 1, "6.3": 1, "8.1": 1},
    **{"附件2 市生态环境局": 1, "附件2 朔州银保监分局": 1},
}
INCIDENTS = Path(__file__).parents[1] / "data" / "incidents.jsonl"


def charged(measure: Measure) -> list[str | None]:
    """Whom a measure falls to, by key: a unit's, a role's or a group's; the county by its kind."""
    return [(ref.key or ref.kind) if isinstance(ref, Ref) else ref for ref in measure.falls_to]


def bearing(level: Level, number: int) -> list[list[str | None]]:
    """Whom each part of this measure falls to."""
    return [charged(measure) for measure in level.measures if measure.number == number]


def row(unit: str) -> str:
    """All that annex 2 gives a unit to do."""
    return " ".join(duty.text for duty in PLAN.duties if duty.unit_key == unit)


class HeadquartersTests(TestCase):
    """2.1, 2.2 and annex 2."""

    def test_its_twenty_nine_members_are_those_of_2_1(self):
        self.assertEqual([ref.name for ref in PLAN.headquarters.members], MEMBERS)
        self.assertEqual(len(set(keys(PLAN.headquarters.members))), 29)

    def test_a_vice_mayor_commands_with_five_deputies(self):
        own = PLAN.headquarters
        self.assertEqual([ref.key for ref in own.commanders], ["vice_mayor"])
        deputies = ["deputy_secretary_general", "emergency.head", "natural_resources.head", "meteorology.head"]
        self.assertEqual([ref.key for ref in own.deputies], [*deputies, "armed_police.head"])

    def test_two_heads_direct_the_office_and_either_decides(self):
        office = PLAN.headquarters.office
        directors = ["emergency.head", "natural_resources.head"]
        self.assertEqual((key_of(office.seat), [ref.key for ref in office.directors]), ("emergency", directors))
        self.assertEqual(PLAN.headquarters.decides, "any")  # reading 12

    def test_annex_2_has_twenty_seven_rows_for_the_twenty_nine(self):
        self.assertEqual(len({duty.cite for duty in PLAN.duties}), 27)
        self.assertEqual({duty.unit_key for duty in PLAN.duties}, set(keys(PLAN.headquarters.members)))
        shared = {duty.unit_key for duty in PLAN.duties if duty.cite == "附件2 中国移动、联通、电信朔州分公司"}
        self.assertEqual(shared, {"mobile", "unicom", "telecom"})

    def test_rows_of_annex_2_keep_each_of_their_objects(self):
        words = {
            "public_security": ("搜救", "转移", "失联", "尸检", "勘验", "身份识别", "治安", "交通"),
            "natural_resources": ("调查", "隐患", "监测", "气象风险预警", "趋势", "技术支撑", "建议", "处置工程"),
            "energy": ("电力", "新能源", "可再生能源", "石油天然气"),
            "red_cross": ("志愿者", "募捐", "国内外", "专款专用", "防疫", "自救互救"),
            "housing": ("损坏程度", "直接经济损失", "重建"),
            "health": ("督导", "专家", "卫生应急队", "救治", "防疫", "心理", "医疗卫生保障"),
            "military_subdistrict": ("民兵", "驻军"),
        }
        for unit, objects in words.items():
            for word in objects:
                self.assertIn(word, row(unit))

    def test_the_field_headquarters_has_a_commander_and_eight_deputies_and_takes_over(self):
        field = PLAN.field_headquarters
        assert field is not None
        self.assertEqual((field.cite, field.composition, field.set_up), ("2.2", "listed", "on_arrival"))
        self.assertTrue(field.takes_over_command)
        self.assertEqual([(ref.name, ref.key) for ref in field.commanders], [("市政府副市长", "vice_mayor")])
        deputies = ["deputy_secretary_general", "emergency.head", "natural_resources.head"]
        deputies += ["military_subdistrict.head", "armed_police.head", "fire_rescue.head"]
        self.assertEqual([ref.key for ref in field.deputies], [*deputies, None, None])
        self.assertEqual([ref.name for ref in field.deputies[-2:]], COUNTY_HEADS)
        self.assertEqual({ref.kind for ref in field.deputies[-2:]}, {"incident_county"})
        (taking,) = PLAN.takeover
        self.assertEqual(([ref.key for ref in taking.who], taking.cite), (["commander"], "5.4.2(2)"))

    def test_2_1_tells_the_city_and_the_county_which_size_is_theirs(self):
        (city,) = (duty.text for duty in PLAN.headquarters.duties if duty.cite == "2.1")
        (county,) = (duty for duty in PLAN.early_handling if "小型" in duty.text)
        for word in ("中型", "100", "500", "3", "10"):
            self.assertIn(word, city)
        self.assertEqual((county.cite, county.who[0].kind), ("2.1", "incident_county"))

    def test_across_a_border_each_commands_its_own_and_the_one_above_coordinates(self):
        self.assertEqual({duty.cite for duty in PLAN.cross_border}, {"2.1"})
        kinds = [duty.who[0].key or duty.who[0].kind for duty in PLAN.cross_border]
        self.assertEqual(kinds, ["free", "headquarters", "incident_county", "headquarters"])


class GroupTests(TestCase):
    """2.2: ten groups of the field headquarters, set up with it."""

    def test_the_ten_with_their_leads_members_and_duties(self):
        found = {
            group.key: (
                group.name,
                [ref.key or ref.name for ref in group.leaders],
                " ".join(keys(group.members)),
                len(group.duties),
            )
            for group in PLAN.groups
        }
        self.assertEqual(found, GROUPS)

    def test_all_hang_off_the_field_headquarters_from_level_3_and_cite_their_own_clause(self):
        for number, group in enumerate(PLAN.groups, start=1):
            self.assertEqual((group.of, group.set_up, group.from_level), ("field_headquarters", "always", 3))
            self.assertEqual({group.cite, *(duty.cite for duty in group.duties)}, {f"2.2.{number}"})

    def test_the_experts_are_part_of_the_technical_group_and_nobody_is_named_to_them(self):
        (experts,) = PLAN.group("technical").subgroups
        self.assertEqual((experts.name, experts.cite, experts.leaders, experts.members), ("专家组", "2.2.3", (), ()))
        self.assertEqual([duty.cite for duty in experts.duties], ["附件1"])  # the chart has them go to the scene
        self.assertEqual([group.key for group in PLAN.groups if group.subgroups], ["technical"])

    def test_the_counties_sit_in_every_group_but_the_technical_and_the_communications_one(self):
        without = [group.key for group in PLAN.groups if all(ref.kind != "incident_county" for ref in group.members)]
        self.assertEqual(without, ["technical", "communications"])

    def test_county_heads_lead_settlement_and_logistics(self):
        led = [group.key for group in PLAN.groups if {ref.kind for ref in group.leaders} == {"incident_county"}]
        self.assertEqual(led, ["settlement", "logistics"])

    def test_words_alone_stand_for_whom_no_list_knows(self):
        free = {group.key: ref.name for group in PLAN.groups for ref in group.members if ref.kind == "free"}
        expected = {"coordination": "市直相关部门", "rescue": "社会救援队", "technical": "地质监测相关机构等"}
        self.assertEqual(free, expected)

    def test_eleven_members_sit_in_no_group_and_are_told_with_all_the_others(self):
        seated = {unit for group in PLAN.groups for unit in keys(group.members)}
        seated |= {(ref.key or "").partition(".")[0] for group in PLAN.groups for ref in group.leaders}
        left = [unit for unit in keys(PLAN.headquarters.members) if unit not in seated]
        self.assertEqual(" ".join(left), IN_NO_GROUP)
        self.assertEqual({level.tells for level in PLAN.levels}, {"all"})  # reading 18
        busy = {duty.unit_key for duty in PLAN.duties if duty.phase == "response"}
        self.assertEqual(set(left) - busy, {"earthquake_centre"})  # whose one duty serves the warnings

    def test_no_group_opens_a_call_on_the_medical_reserve(self):
        self.assertEqual([line for line in lines_of(PLAN) if isinstance(line, Duty) and line.opens], [])


class LevelTests(TestCase):
    """5.4.1 to 5.4.4 and annex 4."""

    def test_who_decides_and_by_which_chain(self):
        found = {
            level.level: (
                level.decided_by.key,
                [(step.act, step.by.key, step.to.key, step.is_) for step in level.chain],
                level.includes,
            )
            for level in PLAN.levels
        }
        proposed = [("propose", "commander", "commander_in_chief", "proposal")]
        expected = {
            4: ("office_director", [("report", "office_director", "commander", "recorded")], ()),  # reading 16
            3: ("commander", [("report", "office_director", "commander", "proposal")], ()),
            2: ("commander_in_chief", proposed, (3,)),
            1: ("commander_in_chief", proposed, (3, 2)),
        }
        self.assertEqual(found, expected)

    def test_each_numbered_measure_is_there_and_cites_its_own_number(self):
        for number, last, cite in ((4, 5, "5.4.1"), (3, 9, "5.4.2")):
            measures = PLAN.level(number).measures
            self.assertEqual(list(dict.fromkeys(measure.number for measure in measures)), list(range(1, last + 1)))
            for measure in measures:
                self.assertEqual(measure.cite, f"{cite}({measure.number})")

    def test_level_4_guides_the_county_sends_a_joint_team_and_adds_forces_as_needed(self):
        level = PLAN.level(4)
        self.assertEqual(bearing(level, 1), [["headquarters"]])
        teams = [(measure.team, measure.cite) for measure in level.measures if measure.team]
        self.assertEqual(teams, [("联合工作组", "5.4.1(2)")])
        third = [measure for measure in level.measures if measure.number == 3]
        self.assertEqual([measure.mood for measure in third], ["as_needed"] * 2)
        self.assertEqual((bearing(level, 4), bearing(level, 5)), ([["office"]], [["office"]]))

    def test_at_level_3_the_commander_comes_takes_over_and_directs(self):
        second = [measure for measure in PLAN.level(3).measures if measure.number == 2]
        self.assertEqual({key for measure in second for key in charged(measure)}, {"commander"})
        self.assertEqual([measure.mood for measure in second], ["at_once", None, None, None, "at_once"])
        self.assertIn("接管指挥权", second[1].text)

    def test_whom_the_other_measures_of_level_3_fall_to(self):
        expected = {
            1: [["office"]],
            3: [["office"], ["office"]],
            4: [["transport"], ["communications"], ["technical"], ["power_grid"]],
            5: [["field_headquarters"], ["technical"], ["meteorology"]],
            6: [["field_headquarters"], ["publicity"], ["publicity"], ["publicity"]],
            7: [["incident_county"]],
            8: [["headquarters"]],
            9: [["headquarters"], ["headquarters"]],
        }
        self.assertEqual({number: bearing(PLAN.level(3), number) for number in expected}, expected)

    def test_levels_2_and_1_follow_the_higher_team_and_may_ask_above(self):
        for number, cite in ((2, "5.4.3"), (1, "5.4.4")):
            measures = PLAN.level(number).measures
            self.assertEqual([measure.mood for measure in measures], [None, "as_needed"])
            self.assertEqual({measure.cite for measure in measures}, {cite})
            self.assertEqual({"国家" in measure.text for measure in measures}, {number == 1})

    def test_one_table_serves_levels_and_grades_with_four_clauses_each(self):
        for level in PLAN.levels:
            self.assertEqual(PLAN.grade(level.level).conditions, level.conditions)
            self.assertEqual([condition.cite for condition in level.conditions], ["附件4"] * 4)
        self.assertEqual([grade.name for grade in PLAN.grades], ["小型", "中型", "大型", "特大型"])

    def test_the_bounds_are_those_of_annex_4(self):
        for grade, (name, people, potential, dead, loss) in BOUNDS.items():
            clauses = [condition.when for condition in PLAN.grade(grade).conditions]
            expected: list[dict[str, Any]] = [
                {"fact": "people_to_relocate", "at_least": people},
                {"fact": "potential_loss_yuan", "at_least": potential},
                {"sum": ("deaths", "missing"), "at_least": dead},
                {"fact": "direct_loss_yuan", "at_least": loss},
            ]
            self.assertEqual([dict(clause) for clause in clauses], expected, name)

    def test_the_lowest_band_begins_with_one_person_or_any_loss(self):
        for facts in ({"people_to_relocate": 1}, {"potential_loss_yuan": 1}, {"missing": 1}, {"direct_loss_yuan": 0.5}):
            found = assess(PLAN, facts)
            self.assertEqual((found.grade, found.level), (4, 4), facts)
        harmless = dict.fromkeys((spec.name for spec in PLAN.facts), 0)
        self.assertIsNone(assess(PLAN, harmless).level)
        self.assertEqual(assess(PLAN, harmless).undecided, ())

    def test_every_fact_is_asked_of_the_county_first(self):
        expected = ["people_to_relocate", "potential_loss_yuan", "deaths", "missing", "direct_loss_yuan"]
        self.assertEqual([spec.name for spec in PLAN.facts], expected)
        self.assertEqual({spec.asked_of[0].kind for spec in PLAN.facts}, {"incident_county"})


class TellingTests(TestCase):
    """Chapter 4, annex 3, 5.1 to 5.3: who warns, who tells whom, who acts first."""

    def test_two_bureaus_warn_together_in_four_steps_and_the_public_hears_from_yellow(self):
        (warning,) = PLAN.warnings
        self.assertEqual((warning.cite, keys(warning.issued_by)), ("4", ["natural_resources", "meteorology"]))
        self.assertEqual((warning.consent_by, warning.lifting), (None, None))
        found = [(step.name, step.colour, step.published) for step in warning.steps]
        expected = [
            ("四级（蓝色）", "blue", False),
            ("三级（黄色）", "yellow", True),
            ("二级（橙色）", "orange", True),
            ("一级（红色）", "red", True),
        ]
        self.assertEqual(found, expected)

    def test_each_step_cites_its_own_column_of_annex_3_and_publishing_chapter_4(self):
        for step in PLAN.warnings[0].steps:
            cites = {measure.cite for measure in step.measures}
            self.assertEqual("4" in cites, step.published)
            self.assertTrue(all(cite.startswith(f"附件3 {step.name}") for cite in cites - {"4"}))
            self.assertEqual({getattr(measure, "phase", None) for measure in step.measures}, {"warning"})
        numbered = {cite.cite for cite in PLAN.outline if cite.cite.startswith("附件3 ") and cite.cite[-1].isdigit()}
        used = {measure.cite for step in PLAN.warnings[0].steps for measure in step.measures}
        self.assertEqual(len(numbered), 6)
        self.assertLessEqual(numbered, used)

    def test_yellow_patrols_twice_a_day_and_red_round_the_clock(self):
        rhythm = [(line.cite, line.every) for line in lines_of(PLAN) if isinstance(line, Duty) and line.every]
        self.assertEqual(rhythm, [("附件3 三级（黄色）", "PT12H")] * 2)
        red = PLAN.warnings[0].steps[3]
        self.assertTrue(any("24小时" in measure.text for measure in red.measures))

    def test_whoever_finds_it_reports_to_three_at_once(self):
        found = [duty for duty in PLAN.reporting if duty.cite == "5.1"]
        self.assertEqual([duty.mood for duty in found], ["at_once"] * 3)
        for duty, word in zip(found, ("政府", "自然资源", "应急管理"), strict=True):
            self.assertIn(word, duty.text)

    def test_the_office_judges_and_verifies_at_once_and_reports_in_time(self):
        found = [duty for duty in PLAN.reporting if duty.cite == "5.2"]
        self.assertEqual({ref.key for duty in found for ref in duty.who}, {"office"})
        self.assertEqual([duty.mood for duty in found], ["at_once", "at_once", None, "as_needed"])

    def test_those_on_the_spot_do_first_what_5_3_puts_first(self):
        county, *own = [duty for duty in PLAN.early_handling if duty.cite == "5.3"]
        self.assertEqual((county.mood, county.who[0].kind), ("as_needed", "incident_county"))
        self.assertEqual([duty.mood for duty in own], ["at_once"] * 4 + [None] * 4)  # 第一时间 as far as 同时


class EndTests(TestCase):
    """5.5, 5.6, chapters 6 and 7."""

    def test_two_conditions_and_those_who_declare(self):
        found = {
            ending.levels: (ending.declared_by.first.key, getattr(ending.declared_by.otherwise, "key", None))
            for ending in PLAN.ending
        }
        self.assertEqual(found, {(3, 2, 1): ("field_commander", "commander"), (4,): ("office_director", None)})
        for ending in PLAN.ending:
            self.assertEqual([condition.cite for condition in ending.conditions], ["5.6"] * 2)
            self.assertEqual(ending.also, ())
            for condition, word in zip(ending.conditions, ("救援结束", "险情得到控制"), strict=True):
                self.assertIn(word, condition.text)

    def test_the_commander_in_chief_hears_of_the_end_of_what_was_his(self):
        told = [ending.levels for ending in PLAN.ending if any("总指挥" in item.text for item in ending.then)]
        self.assertEqual(told, [(3, 2, 1)])

    def test_a_change_cites_5_5_though_a_reading_narrows_it(self):
        assert PLAN.adjusting is not None
        self.assertEqual((PLAN.adjusting.cite, PLAN.adjusting.decided_by), ("5.5", "more_severe_level"))
        own = PLAN.headquarters
        self.assertTrue(all("5.5" in {duty.cite for duty in duties} for duties in (own.duties, own.office.duties)))

    def test_the_evaluation_report_has_its_eight_headings(self):
        headings = [
            "灾害发生经过",
            "灾害类型和规模",
            "灾害成因",
            "应急响应",
            "人员伤亡",
            "灾情损失",
            "经验教训",
            "改进措施",
        ]
        self.assertEqual(list(PLAN.aftercare.report_headings), headings)
        self.assertEqual(list(PLAN.aftercare.papers[0].headings), headings)

    def test_the_bureau_the_headquarters_and_each_unit_owe_a_paper(self):
        found = [(paper.by.key, paper.each_unit, paper.cite) for paper in PLAN.aftercare.papers]
        self.assertEqual(found, [("emergency", False, "6.1"), ("headquarters", False, "6.3"), ("members", True, "6.3")])
        self.assertEqual(list(PLAN.aftercare.papers[1].headings), ["协调指挥", "组织实施", "预案执行"])
        written = PLAN.aftercare.papers[2]
        assert written.to is not None
        self.assertEqual(written.to.key, "office")

    def test_the_finance_bureau_pays_and_the_local_government_rebuilds(self):
        found = {(duty.cite, duty.who.key or duty.who.kind) for duty in PLAN.aftercare.duties}
        self.assertLessEqual({("6.2", "finance"), ("7", "incident_county"), ("7", "free")}, found)


class WordingTests(TestCase):
    """The words of the text that bind: 立即, 及时, 必要时; and the phase a duty belongs to."""

    def test_at_once_stands_where_the_text_says_so_and_nowhere_else(self):
        self.assertEqual({line.cite for line in lines_of(PLAN) if line.mood == "at_once"}, AT_ONCE)

    def test_as_needed_stands_where_the_text_says_so_and_nowhere_else(self):
        self.assertEqual({line.cite for line in lines_of(PLAN) if line.mood == "as_needed"}, AS_NEEDED)

    def test_in_time_is_not_lost(self):
        parts = [part for _, part in walking.parts(PLAN) if "及时" in getattr(part, "text", "")]
        for cite, times in IN_TIME.items():
            found = [part for part in parts if part.cite == cite]
            self.assertGreaterEqual(len(found), times, cite)

    def test_what_is_done_before_a_disaster_is_never_a_task_at_a_start(self):
        for duty in PLAN.prevention:
            self.assertIn(duty.phase, ("standing", "warning"), duty.text)
        for duty in (*PLAN.reporting, *PLAN.early_handling):
            self.assertEqual(duty.phase, "early", duty.text)
        for duty in (duty for group in PLAN.groups for duty in group.duties):
            self.assertEqual(duty.phase, "response", duty.text)

    def test_main_force_shock_force_and_auxiliaries_are_those_of_2_3(self):
        self.assertEqual([duty.cite for duty in PLAN.forces], ["2.3"] * 3)
        self.assertEqual([duty.who[0].key for duty in PLAN.forces], ["fire_rescue", None, None])

    def test_the_readings_that_bear_on_a_geological_hazard_are_all_restated(self):
        numbers = {reading.number for reading in PLAN.readings}
        self.assertEqual(numbers, {1, 2, 3, 4, 6, 11, 12, 14, 16, 18, 19, 20, 21, 22, 23, 24})

    def test_what_is_shown_loads_as_the_same_plan(self):
        shown = json.loads(json.dumps(showing.show(PLAN)))
        self.assertEqual(loading.from_tree(shown), PLAN)


def real_steps() -> Iterable[Any]:
    """Every step of every real geological hazard, with what it must come to."""
    for line in INCIDENTS.read_text(encoding="utf-8").splitlines():
        event = json.loads(line)
        if event["plan"] == PLAN.plan:
            for place, step in enumerate(event.get("timeline", [event])):
                yield pytest.param(step, id=f"{event['id']} {place}")


@pytest.mark.parametrize("step", list(real_steps()))
def test_a_real_event_comes_to_the_grade_and_level_expected(step: dict[str, Any]) -> None:
    found = assess(PLAN, step["facts"])
    assert (found.grade, found.level) == (step["expected_grade"], step["expected_level"])
