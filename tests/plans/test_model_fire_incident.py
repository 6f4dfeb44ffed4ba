"""What the official fire incident plan says, held against its data: each fact of the text with its clause."""

import json
from pathlib import Path
from unittest import TestCase

import pytest

from plans import loading, registry, showing, walking
from plans.assessment import assess
from plans.documents import Duty, Measure
from plans.organisations import key_of

from .official import charged, keys, lines_of

PLAN = loading.load(registry.LIBRARY / "fire_incident")
EVENTS = Path(__file__).parents[1] / "data" / "incidents.jsonl"

MEMBERS = [  # 2.1
    name
    for row in (
        "市委宣传部 市工信局 市公安局 市民政局 市财政局 市生态环境局 市住建局 市城市管理局 市交通局",
        "市卫健委 市应急局 市能源局 市文旅局 市人防办 市气象局 武警朔州支队 市消防救援支队 国网朔州供电公司",
    )
    for name in row.split()
]

COUNTY = ["county.head", "朔州经济开发区管委会主要负责人"]
GROUPS = {  # key: name, leads, member units (2.3.1 to 2.3.10)
    "coordination": ("综合协调组", ["emergency.head"], "emergency"),
    "firefighting": ("灭火救援组", ["fire_rescue.head"], ""),
    "experts": ("专家技术组", ["fire_rescue.head"], ""),
    "evacuation": ("人员疏散组", ["public_security.deputy"], "public_security transport armed_police"),
    "medical": ("医学救护组", ["health.head"], "health"),
    "order": ("社会稳定组", ["public_security.deputy"], "public_security armed_police"),
    "support": (
        "应急保障组",
        COUNTY,
        "finance housing transport industry_it meteorology power_grid fire_rescue",
    ),
    "publicity": (
        "宣传报道组",
        ["propaganda_dept.deputy"],
        "propaganda_dept public_security health emergency fire_rescue",
    ),
    "environment": ("环境监测组", ["ecology.head"], "ecology meteorology"),
    "aftermath": (
        "善后工作组",
        COUNTY,
        "industry_it public_security culture_tourism civil_affairs finance housing emergency energy civil_air_defence"
        " fire_rescue",
    ),
}

CONDITIONS = {  # annex 4: the clauses of each level, an alternative that the text joins by 或 a clause each
    4: [1, 1, 1, 1, 2, 2, 3, 4, 5, 6, 7],
    3: [1, 1, 1, 1, 2, 2, 3, 4, 5, 6, 7],
    2: [1, 1, 1, 1, 2, 2, 3, 4, 5, 6, 7],
    1: [1, 1, 1, 1, 2, 2, 3, 4, 5],
}
NAMES = {4: "四级", 3: "三级", 2: "二级", 1: "一级"}
HARM = ("deaths", "possible_deaths", "serious_injuries", "possible_serious_injuries")  # clause 1, in its order
LOSS = ("direct_loss_yuan", "possible_loss_yuan")  # clause 2
BANDS = {4: (1, 1, 1_000_000), 3: (3, 10, 10_000_000), 2: (10, 50, 50_000_000), 1: (30, 100, 100_000_000)}

# Where the text says 立即 or 迅速; and where it says 视情, 根据需要, 必要时, 根据实际.
AT_ONCE = {"4.1", "5.1", "5.2", "5.3.2(1)", "5.3.2(2)", "5.3.2(4)", "6"}
AS_NEEDED = {"2.1", "2.3", "5.1", "5.3.1", "5.3.2(3)", "5.3.2(4)", "5.3.2(5)", "5.3.3", "5.3.4"} | {
    "附件2 市消防救援支队",
    "附件2 国网朔州供电公司",
}
IN_TIME = {  # where the text says 及时, and how often it binds somebody
    **{"4.1": 1, "4.2": 3, "5.3.2(9)": 1, "5.3.2(11)": 1, "7.2": 2, "8.1": 1},
}


def levels(**facts: object) -> tuple[int | None, int | None]:
    """Grade and level for these facts."""
    found = assess(PLAN, facts)
    return found.grade, found.level


class HeadquartersTests(TestCase):
    """2.1, 2.3 and annex 2."""

    def test_the_version_is_the_date_of_the_notice(self):
        self.assertEqual((PLAN.document, PLAN.version), ("朔政办发〔2021〕18号", "2021-04-17"))

    def test_its_eighteen_members_are_those_of_2_1(self):
        self.assertEqual([ref.name for ref in PLAN.headquarters.members], MEMBERS)
        self.assertEqual(len(set(keys(PLAN.headquarters.members))), 18)

    def test_a_vice_mayor_commands_with_five_deputies(self):
        own = PLAN.headquarters
        self.assertEqual([ref.key for ref in own.commanders], ["vice_mayor"])
        deputies = ["deputy_secretary_general", "public_security.head", "emergency.head", "housing.head"]
        self.assertEqual([ref.key for ref in own.deputies], [*deputies, "fire_rescue.head"])

    def test_the_commander_may_draw_in_more_members(self):
        drawn = [duty for duty in PLAN.headquarters.duties if duty.cite == "2.1"]
        self.assertEqual([(duty.who[0].key, duty.mood) for duty in drawn], [("commander", "as_needed")])

    def test_the_office_sits_in_the_fire_brigade_whose_head_directs_it(self):
        office = PLAN.headquarters.office
        self.assertEqual(
            (key_of(office.seat), [ref.key for ref in office.directors]), ("fire_rescue", ["fire_rescue.head"])
        )

    def test_annex_2_has_a_row_for_each_of_the_eighteen(self):
        rows = list(dict.fromkeys(duty.cite for duty in PLAN.duties))
        self.assertEqual(rows, [f"附件2 {name}" for name in MEMBERS])
        for duty in PLAN.duties:
            self.assertEqual(duty.cite, f"附件2 {duty.unit}")

    def test_rows_of_annex_2_keep_each_of_their_objects(self):
        words = {
            "public_security": ("违法犯罪", "治安", "交通", "撤离", "地区", "场所", "人群", "物资设备"),
            "city_management": ("供水", "供暖", "燃气", "防护", "巡查", "抢修", "排险", "次生灾害"),
            "housing": ("鉴定", "房屋损坏", "抢险加固", "调查评估", "重建规划"),
            "emergency": ("救援力量", "专业队伍", "联动机制", "扑救"),
            "power_grid": ("供电", "断电", "临时线路", "应急供电设备", "专家", "带电"),
            "fire_rescue": ("日常", "收集", "上传下达", "演练", "修订", "原因", "损失", "总队"),
        }
        for unit, objects in words.items():
            row = " ".join(duty.text for duty in PLAN.duties if duty.unit_key == unit)
            for word in objects:
                self.assertIn(word, row)

    def test_four_bureaus_look_into_fires_of_their_own_afterwards(self):
        for unit in ("industry_it", "energy", "culture_tourism", "civil_air_defence"):
            phases = [duty.phase for duty in PLAN.duties if duty.unit_key == unit and "参与" in duty.text]
            self.assertEqual(phases, ["response", "aftercare"])

    def test_2_3_lists_who_commands_in_the_field_and_2_2_that_command_passes(self):
        field = PLAN.field_headquarters
        assert field is not None
        self.assertEqual((field.cite, field.set_up, field.composition), ("2.3", "as_needed", "listed"))
        self.assertTrue(field.takes_over_command)
        self.assertEqual([ref.key for ref in field.commanders], ["vice_mayor"])
        self.assertEqual([ref.key for ref in field.deputies[:5]], [ref.key for ref in PLAN.headquarters.deputies])
        places = [(ref.name, ref.key, ref.kind) for ref in field.deputies[5:]]
        self.assertEqual(places[0], ("事发地县（市、区）长", "county.head", "post"))
        self.assertEqual((places[1][0], places[1][2]), ("朔州经济开发区管委会负责人", "incident_county"))

    def test_the_lower_headquarters_joins_the_upper_one_and_goes_on_helping(self):
        found = [([ref.kind for ref in duty.who], duty.cite) for duty in PLAN.takeover]
        self.assertEqual(found, [(["incident_county"], "2.2")] * 2 + [(["role"], "2.2")] * 2)

    def test_fires_of_forest_grassland_and_mines_are_not_of_this_plan(self):
        inside, outside = PLAN.scope
        self.assertEqual((inside.cite, outside.cite), ("1.4", "1.4"))
        for word in ("森林", "草原", "井下"):
            self.assertIn(word, outside.text)


class GroupTests(TestCase):
    """2.3: ten groups of the field headquarters, set up with it at 5.3.2(2)."""

    def test_the_ten_with_their_leads_and_members(self):
        found = {
            group.key: (group.name, [ref.key or ref.name for ref in group.leaders], " ".join(keys(group.members)))
            for group in PLAN.groups
        }
        self.assertEqual(found, GROUPS)

    def test_all_hang_off_the_field_headquarters_from_level_3_and_cite_their_own_clause(self):
        for number, group in enumerate(PLAN.groups, start=1):
            self.assertEqual((group.of, group.set_up, group.from_level), ("field_headquarters", "always", 3))
            self.assertEqual({group.cite, *(duty.cite for duty in group.duties)}, {f"2.3.{number}"})

    def test_the_members_of_the_experts_group_depend_on_the_fire(self):
        self.assertEqual(PLAN.group("experts").members, ())

    def test_the_counties_sit_in_every_other_group(self):
        without = [group.key for group in PLAN.groups if all(ref.kind != "incident_county" for ref in group.members)]
        self.assertEqual(without, ["experts"])

    def test_fire_services_and_social_forces_fight_the_fire(self):
        free = [ref.name for ref in PLAN.group("firefighting").members if ref.kind == "free"]
        self.assertEqual(free, ["相关县（市、区）、开发区消防部门", "专职消防队", "社会救援力量"])

    def test_no_group_opens_a_call_on_the_medical_reserve(self):
        self.assertEqual([duty for group in PLAN.groups for duty in group.duties if duty.opens], [])

    def test_the_one_member_in_no_group_bears_a_measure_of_level_3_so_that_it_is_told(self):
        leads = {(ref.key or "").split(".")[0] for group in PLAN.groups for ref in group.leaders}
        seated = {unit for group in PLAN.groups for unit in keys(group.members)} | leads
        self.assertEqual(set(keys(PLAN.headquarters.members)) - seated, {"city_management"})
        bearing = {unit for measure in PLAN.level(3).measures for unit in keys(measure.falls_to)}
        self.assertIn("city_management", bearing)

    def test_claims_reconstruction_and_inquiry_come_afterwards(self):
        phases = [duty.phase for duty in PLAN.group("aftermath").duties]
        self.assertEqual(phases, ["response", *["aftercare"] * 5])


class LevelTests(TestCase):
    """5.3.1 to 5.3.4."""

    def test_who_decides_and_by_which_chain(self):
        found = {
            level.level: (
                level.decided_by.key,
                [(step.act, step.by.key, step.to.key, step.is_) for step in level.chain],
                level.includes,
                level.tells,
            )
            for level in PLAN.levels
        }
        proposed = [("propose", "commander", "commander_in_chief", "proposal")]
        expected = {
            4: ("office_director", [], (), "ticked"),
            3: ("commander", [("report", "office_director", "commander", "proposal")], (), "ticked"),
            2: ("commander_in_chief", proposed, (3,), "ticked"),
            1: ("commander_in_chief", proposed, (2,), "ticked"),
        }
        self.assertEqual(found, expected)

    def test_level_1_builds_on_level_2_and_so_on_level_3(self):
        self.assertEqual({level for level, _ in PLAN.measures_at(1)}, {1, 2, 3})

    def test_the_measures_of_level_4_have_no_numbers_and_are_the_offices(self):
        measures = PLAN.level(4).measures
        self.assertEqual([measure.mood for measure in measures], [None, None, "as_needed", "as_needed", "as_needed"])
        for measure in measures:
            self.assertEqual((measure.number, measure.cite, charged(measure)), (None, "5.3.1", ["office"]))
        self.assertEqual([measure.team for measure in measures if measure.team], ["工作组"])

    def test_each_of_the_eleven_measures_of_level_3_is_there_and_cites_its_own_number(self):
        measures = PLAN.level(3).measures
        self.assertEqual(list(dict.fromkeys(measure.number for measure in measures)), list(range(1, 12)))
        for measure in measures:
            self.assertEqual(measure.cite, f"5.3.2({measure.number})")

    def test_the_headquarters_goes_to_the_scene_and_takes_over(self):
        first, second = (
            [(charged(measure), measure.mood) for measure in PLAN.level(3).measures if measure.number == number]
            for number in (1, 2)
        )
        self.assertEqual(first, [(["office"], "at_once")] * 2)
        self.assertEqual(second[:2], [(["commander"], "at_once"), (["field_commander"], None)])
        self.assertIn("接管指挥权", PLAN.level(3).measures[3].text)

    def test_rescuers_are_protected_and_withdrawn_if_need_be(self):
        fourth = [measure.mood for measure in PLAN.level(3).measures if measure.number == 4]
        self.assertEqual(fourth, [None, None, "at_once", "as_needed"])

    def test_nine_kinds_of_support_are_given(self):
        seventh = [measure.text for measure in PLAN.level(3).measures if measure.number == 7]
        words = ("供水", "供电", "供油", "交通", "通信", "气象", "医疗卫生", "环境保护", "生活")
        self.assertEqual(len(seventh), 9)
        for word, text in zip(words, seventh, strict=True):
            self.assertIn(word, text)

    def test_the_office_speaks_with_one_voice_and_passes_on_what_is_demanded_above(self):
        ninth = [charged(measure) for measure in PLAN.level(3).measures if measure.number == 9]
        self.assertEqual(ninth, [["office"], ["publicity"], ["publicity"]])
        eleventh = [charged(measure) for measure in PLAN.level(3).measures if measure.number == 11]
        self.assertEqual(eleventh, [["headquarters"], ["office"]])

    def test_levels_2_and_1_reinforce_follow_the_higher_team_and_may_ask_above(self):
        for number, cite in ((2, "5.3.3"), (1, "5.3.4")):
            measures = PLAN.level(number).measures
            self.assertEqual([measure.mood for measure in measures], [None, None, "as_needed"])
            self.assertEqual({measure.cite for measure in measures}, {cite})
            self.assertEqual(["国家" in measure.text for measure in measures[1:]], [number == 1] * 2)
        (tenth,) = (measure for measure in PLAN.level(3).measures if measure.number == 10)
        self.assertIn("国家", tenth.text)  # as printed


class ScaleTests(TestCase):
    """Annexes 3 and 4: two tables, of what has been caused and of what is caused or likely."""

    def test_every_clause_of_annex_4_is_there_by_its_number(self):
        for level, numbers in CONDITIONS.items():
            cites = [condition.cite for condition in PLAN.level(level).conditions]
            self.assertEqual(cites, [f"附件4 {NAMES[level]} {number}" for number in numbers])

    def test_the_bands_of_clauses_1_and_2_hold_from_their_lower_bound(self):
        for level, (deaths, injuries, loss) in BANDS.items():
            bounds = [*zip(HARM, (deaths, deaths, injuries, injuries), strict=True), *((name, loss) for name in LOSS)]
            for fact, bound in bounds:
                self.assertEqual(levels(**{fact: bound})[1], level, fact)
                below = level + 1 if level < 4 else None
                self.assertEqual(levels(**{fact: bound - 1})[1], below, fact)

    def test_the_grade_counts_what_has_been_caused_and_never_what_may_be(self):
        for grade, (deaths, injuries, loss) in BANDS.items():
            found = [levels(deaths=deaths)[0], levels(serious_injuries=injuries)[0], levels(direct_loss_yuan=loss)[0]]
            self.assertEqual(found, [grade] * 3)
        for fact in (*HARM[1::2], LOSS[1]):
            self.assertEqual(levels(**{fact: 200_000_000}), (4, 1))
        self.assertEqual([grade.name for grade in PLAN.grades], ["一般", "较大", "重大", "特别重大"])

    def test_a_known_fire_is_at_least_of_grade_4_and_may_have_no_level(self):
        self.assertEqual(levels(), (None, None))
        for spec in PLAN.facts:
            least = {"boolean": False, "choice": (spec.values or (None,))[-1]}.get(spec.type, 0)
            self.assertEqual(levels(**{spec.name: least})[0], 4, spec.name)
        self.assertEqual(levels(deaths=0, serious_injuries=0, direct_loss_yuan=0), (4, None))

    def test_the_lowest_grade_begins_with_one_person_or_any_loss_and_says_so_by_annex_3(self):
        for facts in ({"deaths": 1}, {"serious_injuries": 1}, {"direct_loss_yuan": 0.5}):
            held = [clause.cite for clause in assess(PLAN, facts).reasons if clause.kind == "grade"]
            self.assertEqual(held, ["附件3", "解读 4"], facts)
            none = [clause.cite for clause in assess(PLAN, dict.fromkeys(facts, 0)).reasons]
            self.assertEqual(none, ["解读 4"], facts)

    def test_two_hours_are_not_over_two_hours_and_2000_square_metres_are_enough(self):
        self.assertEqual(levels(firefighting_hours=2), (4, None))
        self.assertEqual(levels(firefighting_hours=2.01), (4, 4))
        self.assertEqual([levels(burned_area_m2=area)[1] for area in (1999.9, 2000)], [None, 4])

    def test_brigades_weather_and_targets(self):
        found = [levels(reinforcing_brigades=number)[1] for number in (1, 2, 4, 5)]
        self.assertEqual(found, [None, 3, 3, 2])
        self.assertEqual([levels(severe_weather=value)[1] for value in (False, True)], [None, 3])
        self.assertEqual([levels(threatens_key_targets=value)[1] for value in (False, True)], [None, 4])

    def test_class_loss_of_control_and_judgement_each_hold_the_one_clause_that_names_them(self):
        self.assertEqual([levels(heritage_risk_class=value)[1] for value in (3, 2, 1, 0)], [4, 3, 2, None])
        self.assertEqual([levels(uncontrolled_at_level=value)[1] for value in (4, 3, 2, 0)], [3, 2, 1, None])
        self.assertEqual([levels(judged_level=value)[1] for value in (4, 3, 2, 1, 0)], [4, 3, 2, 1, None])
        for facts in ({"heritage_risk_class": 1}, {"uncontrolled_at_level": 2}, {"judged_level": 1}):
            held = [clause for clause in assess(PLAN, facts).reasons if clause.kind == "level"]
            self.assertEqual(len(held), 1)

    def test_a_key_occasion_needs_an_impact_and_an_impact_that_happened_was_possible(self):
        expected = {"none": None, "possible": 2, "caused": 1}
        for impact, level in expected.items():
            self.assertEqual(levels(key_occasion_or_site=True, social_impact=impact)[1], level)
            self.assertEqual(levels(key_occasion_or_site=False, social_impact=impact)[1], None)
        both = assess(PLAN, {"key_occasion_or_site": True, "social_impact": "caused"})
        cites = [clause.cite for clause in both.reasons if clause.kind == "level"]
        self.assertEqual(cites, ["附件4 一级 3", "附件4 二级 5"])
        opened = assess(PLAN, {"key_occasion_or_site": True}).undecided
        needs = [item.needs for item in opened if item.clause.cite == "附件4 二级 5"]
        self.assertEqual(needs, [("social_impact",)])

    def test_firefighting_goes_on_until_the_fire_is_out_and_again_from_a_flare_up(self):
        derive = {spec.name: spec.derive for spec in PLAN.facts if spec.derive}
        rule = {"hours_since": "occurred_at", "until": ("extinguished_at",), "again": ("flared_up_at",)}
        self.assertEqual({name: dict(found) for name, found in derive.items()}, {"firefighting_hours": rule})

    def test_two_facts_are_judgements_of_the_office(self):
        judged = {spec.name: [ref.key for ref in spec.asked_of] for spec in PLAN.facts if spec.judgement}
        self.assertEqual(judged, {"social_impact": ["office"], "judged_level": ["office"]})

    def test_its_facts_are_the_agreed_ones_in_their_order(self):
        names = (
            "deaths serious_injuries direct_loss_yuan possible_deaths possible_serious_injuries possible_loss_yuan"
            " firefighting_hours burned_area_m2 heritage_risk_class threatens_key_targets reinforcing_brigades"
            " severe_weather uncontrolled_at_level key_occasion_or_site social_impact judged_level"
        )
        self.assertEqual(" ".join(spec.name for spec in PLAN.facts), names)


class TellingTests(TestCase):
    """4.1, 4.2, 5.1, 5.2: who tells whom, who acts first."""

    def test_the_brigade_sends_reports_at_once_follows_up_and_tells_the_members(self):
        own = [duty for duty in PLAN.reporting if keys(duty.who) == ["fire_rescue"]]
        self.assertEqual([duty.mood for duty in own], [None, "at_once", None, "as_needed"])
        self.assertEqual({duty.cite for duty in own}, {"5.1"})
        self.assertIn("等级力量", own[0].text)
        self.assertIn("续报", own[2].text)

    def test_the_local_service_and_the_county_act_at_once(self):
        own = [([ref.kind for ref in duty.who], duty.mood) for duty in PLAN.early_handling if duty.cite == "5.2"]
        self.assertEqual(own, [(["free"], "at_once"), *[(["incident_county"], "at_once")] * 2])

    def test_four_kinds_of_notice_without_colours_or_consent(self):
        (warning,) = PLAN.warnings
        self.assertEqual((warning.cite, keys(warning.issued_by), warning.consent_by), ("4.2", ["fire_rescue"], None))
        self.assertIsNone(warning.lifting)
        kinds = ("公告", "预警", "警示", "通报")
        for kind, step in zip(kinds, warning.steps, strict=True):
            self.assertIn(kind, step.name)
            self.assertTrue(step.published and step.colour is None)
            self.assertEqual(
                [keys(part.falls_to) for part in step.measures if isinstance(part, Measure)], [["fire_rescue"]]
            )

    def test_no_clause_has_a_rhythm_in_figures(self):
        self.assertEqual([line for line in lines_of(PLAN) if isinstance(line, Duty) and line.every], [])


class SupportTests(TestCase):
    """Chapter 6."""

    def test_the_county_is_in_charge_of_eight_kinds_of_resources(self):
        moved = [
            duty
            for duty in (*PLAN.forces, *PLAN.emergency_measures, *PLAN.money)
            if duty.cite == "6" and duty.mood == "at_once"
        ]
        for duty in moved:
            self.assertEqual([ref.kind for ref in duty.who], ["incident_county"])
        words = ("队伍", "信息", "通信", "物资", "医疗", "交通", "技术", "经费")
        for word, duty in zip(words, moved, strict=True):
            self.assertIn(word, duty.text)


class EndTests(TestCase):
    """5.3.5, 5.3.6, chapter 7."""

    def test_one_condition_and_the_two_who_declare(self):
        found = {
            ending.levels: (
                ending.declared_by.first.key,
                ending.declared_by.otherwise and ending.declared_by.otherwise.key,
            )
            for ending in PLAN.ending
        }
        self.assertEqual(found, {(3, 2, 1): ("field_commander", "commander"), (4,): ("office_director", None)})
        for ending in PLAN.ending:
            self.assertEqual([condition.cite for condition in ending.conditions], ["5.3.6"])
            self.assertEqual(ending.also, ())

    def test_a_change_cites_5_3_5_though_a_reading_narrows_it(self):
        assert PLAN.adjusting is not None
        self.assertEqual((PLAN.adjusting.cite, PLAN.adjusting.decided_by), ("5.3.5", "more_severe_level"))
        own = PLAN.headquarters
        self.assertTrue(all("5.3.5" in {duty.cite for duty in duties} for duties in (own.duties, own.office.duties)))

    def test_the_governments_team_investigates_seven_points(self):
        points = ["发生原因", "性质", "经过", "人员伤亡情况及直接经济损失", "教训", "责任", "工作措施"]
        self.assertEqual(list(PLAN.aftercare.report_headings), points)
        paper = PLAN.aftercare.papers[0]
        self.assertEqual((paper.by.kind, paper.cite, list(paper.headings)), ("free", "7.2", points))

    def test_the_office_sums_up_and_no_unit_owes_a_paper_of_its_own(self):
        papers = PLAN.aftercare.papers
        self.assertEqual([paper.each_unit for paper in papers], [False, False])
        self.assertEqual((papers[1].by.key, papers[1].cite), ("office", "7.2"))
        self.assertEqual(list(papers[1].headings), ["火灾发生原因", "灭火救援情况", "应吸取的教训", "改进措施"])

    def test_the_county_settles(self):
        own = [duty.text for duty in PLAN.aftercare.duties if duty.cite == "7.1"]
        for word in ("安置", "慰问", "抚恤", "医疗", "赔（补）偿", "征用", "救援费用", "重建", "污染物"):
            self.assertTrue(any(word in text for text in own), word)
        self.assertEqual({duty.who.kind for duty in PLAN.aftercare.duties if duty.cite == "7.1"}, {"incident_county"})


class WordingTests(TestCase):
    """The words of the text that bind: 立即, 及时, 必要时; and the phase a duty belongs to."""

    def test_at_once_stands_where_the_text_says_so_and_nowhere_else(self):
        self.assertEqual({line.cite for line in lines_of(PLAN) if line.mood == "at_once"}, AT_ONCE)

    def test_as_needed_stands_where_the_text_says_so_and_nowhere_else(self):
        self.assertEqual({line.cite for line in lines_of(PLAN) if line.mood == "as_needed"}, AS_NEEDED)

    def test_in_time_is_not_lost(self):
        parts = [part for _, part in walking.parts(PLAN) if "及时" in getattr(part, "text", "")]
        for cite, times in IN_TIME.items():
            found = [part for part in parts if getattr(part, "cite", None) == cite]
            self.assertGreaterEqual(len(found), times, cite)

    def test_what_is_done_before_a_fire_is_never_a_task_at_a_start(self):
        for duty in PLAN.prevention:
            self.assertIn(duty.phase, ("standing", "warning"), duty.text)
        for duty in (*PLAN.reporting, *PLAN.early_handling):
            self.assertEqual(duty.phase, "early", duty.text)
        for duty in (*PLAN.emergency_measures, *(duty for group in PLAN.groups for duty in group.duties)):
            self.assertIn(duty.phase, ("response", "aftercare"), duty.text)

    def test_the_readings_that_bear_on_a_fire_incident_are_all_restated(self):
        numbers = {reading.number for reading in PLAN.readings}
        self.assertEqual(numbers, {1, 2, 3, 4, 7, 8, 11, 14, 18, 19, 20, 21, 22, 23, 24})

    def test_what_is_shown_loads_as_the_same(self):
        again = loading.from_text(json.dumps(showing.show(PLAN), ensure_ascii=False), "shown.json")
        self.assertEqual((again, showing.canonical(again)), (PLAN, showing.canonical(PLAN)))


def real_steps():
    """Every step of every real fire: facts, expected grade, expected level."""
    for line in EVENTS.read_text(encoding="utf-8").splitlines():
        event = json.loads(line)
        if event["plan"] == PLAN.plan:
            for place, step in enumerate([event, *event.get("timeline", [])]):
                yield pytest.param(step, id=f"{event['id']} {place}")


@pytest.mark.parametrize("step", list(real_steps()))
def test_a_real_fire_is_judged_as_expected(step):
    assert levels(**step["facts"]) == (step["expected_grade"], step["expected_level"])
