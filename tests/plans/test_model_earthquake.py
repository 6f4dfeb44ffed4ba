"""What the official earthquake plan says, held against its data: each fact of the text with its clause."""

import itertools
from unittest import TestCase

from plans import loading, registry, walking
from plans.documents import Measure, Ref
from plans.organisations import key_of

from .official import charged, keys, lines_of

PLAN = loading.load(registry.LIBRARY / "earthquake")

MEMBERS = [  # 2.1
    name
    for row in (
        "市委宣传部 市委网信办 市发改委 市教育局 市工信局 市公安局 市民政局 市司法局",
        "市财政局 市规划和自然资源局 市生态环境局 市住建局 市城市管理局 市交通局 市水利局 市农业农村局",
        "市商务局 市文旅局 市卫健委 市应急局 市政府外事办 市市场监管局 市能源局 市人防办",
        "团市委 市红十字会 市防震减灾中心 市气象局 朔州银保监分局 朔州军分区 武警朔州支队 市消防救援支队",
        "朔州车务段 中国移动 联通 电信朔州分公司 国网朔州供电公司",
    )
    for name in row.split()
]

GROUPS = {  # key: name, leads, member units (2.2.1 to 2.2.10)
    "coordination": ("综合协调组", ["emergency.head"], "emergency foreign_affairs"),
    "military": ("军队工作组", ["military_subdistrict.head"], "military_subdistrict armed_police"),
    "rescue": (
        "抢险救援组",
        ["emergency.head"],
        "transport emergency military_subdistrict armed_police fire_rescue red_cross railway",
    ),
    "communications": ("通信保障组", ["industry_it.head"], "emergency industry_it mobile unicom telecom"),
    "transport": (
        "交通保障组",
        ["transport.head"],
        "public_security transport emergency military_subdistrict railway",
    ),
    "medical": (
        "医学救援组",
        ["health.head"],
        "industry_it transport agriculture health military_subdistrict red_cross railway",
    ),
    "monitoring": (
        "监测评估组",
        ["emergency.deputy"],
        "industry_it finance natural_resources ecology housing transport water emergency energy earthquake_centre"
        " meteorology fire_rescue",
    ),
    "settlement": (
        "安置救助组",
        ["development_reform.deputy", "emergency.deputy", "事发地县（市、区）长", "朔州经济开发区管委会负责人"],
        "development_reform emergency education industry_it civil_affairs finance housing transport water agriculture"
        " market_regulation energy civil_air_defence youth_league red_cross banking_regulation railway",
    ),
    "order": (
        "社会治安组",
        ["public_security.head"],
        "public_security cyberspace_office justice health armed_police",
    ),
    "publicity": (
        "新闻宣传组",
        ["propaganda_dept.deputy"],
        "propaganda_dept cyberspace_office emergency earthquake_centre",
    ),
}

# Where the text says 立即, 第一时间 or 迅速; and where it says 必要时, 视情, 根据需要, 根据实际情况.
AT_ONCE = {"1.4", "4.2", "5.1", "5.2", "8.5", "附件4 一", "附件4 二"}
AS_NEEDED = {"2.2", "2.2.2", "5.1", "5.3", "5.3.1(4)", "5.3.2(5)", "5.3.2(11)", "5.3.3", "5.3.4", "9.3"} | {
    "附件4 二",
    "附件4 三",
    "附件4 六",
    "附件4 八",
}
IN_TIME = {  # where the text says 及时, and how often it binds somebody
    **{"2.2.7": 2, "4.1": 1, "5.1": 13, "5.2": 1, "5.3.1(2)": 1, "6.2": 1, "8.3": 1, "8.5": 1},
    **{"附件2 市财政局": 1, "附件2 市规划和自然资源局": 1, "附件2 市农业农村局": 1, "附件2 市卫生健康委员会": 1},
    **{"附件2 市气象局": 1, "附件2 朔州银保监分局": 1},
    **{"附件4 一": 1, "附件4 二": 2, "附件4 六": 1, "附件4 八": 1, "附件4 九": 1},
}


def kinds_of(measure: Measure) -> list[str]:
    return [ref.kind if isinstance(ref, Ref) else "group" for ref in measure.falls_to]


class HeadquartersTests(TestCase):
    """2.1 and annex 2."""

    def test_its_thirty_seven_members_are_those_of_2_1(self):
        self.assertEqual([ref.name for ref in PLAN.headquarters.members], MEMBERS)
        self.assertEqual(len(set(keys(PLAN.headquarters.members))), 37)

    def test_a_vice_mayor_commands_with_five_deputies(self):
        own = PLAN.headquarters
        self.assertEqual([ref.key for ref in own.commanders], ["vice_mayor"])
        deputies = ["deputy_secretary_general", "emergency.head", "earthquake_centre.head", "meteorology.head"]
        self.assertEqual([ref.key for ref in own.deputies], [*deputies, "armed_police.head"])

    def test_the_office_sits_in_the_emergency_bureau_whose_head_directs_it(self):
        office = PLAN.headquarters.office
        self.assertEqual(
            (key_of(office.seat), [ref.key for ref in office.directors]), ("emergency", ["emergency.head"])
        )

    def test_annex_2_has_thirty_five_rows_for_the_thirty_seven(self):
        self.assertEqual(len({duty.cite for duty in PLAN.duties}), 35)
        self.assertEqual({duty.unit_key for duty in PLAN.duties}, set(keys(PLAN.headquarters.members)))
        shared = {duty.unit_key for duty in PLAN.duties if duty.cite == "附件2 联通、移动、电信朔州分公司"}
        self.assertEqual(shared, {"unicom", "mobile", "telecom"})

    def test_the_chart_of_annex_1_says_when_it_guides_and_when_it_leads(self):
        (duty,) = (duty for duty in PLAN.headquarters.duties if duty.cite == "附件1")
        for word in ("四级", "指导", "三级以上", "领导"):
            self.assertIn(word, duty.text)

    def test_rows_of_annex_2_keep_each_of_their_objects(self):
        words = {
            "education": ("开发区", "山区", "采空区"),
            "public_security": ("社会治安", "社会秩序", "交通秩序"),
            "market_regulation": ("救灾物品", "餐饮", "药品", "电梯", "锅炉"),
        }
        for unit, objects in words.items():
            row = " ".join(duty.text for duty in PLAN.duties if duty.unit_key == unit)
            for word in objects:
                self.assertIn(word, row)

    def test_5_3_2_2_names_a_field_headquarters_and_nobody_in_it(self):
        field = PLAN.field_headquarters
        assert field is not None
        self.assertEqual((field.cite, field.set_up, field.takes_over_command), ("5.3.2(2)", "at_meeting", False))
        self.assertEqual((field.commanders, field.deputies), ((), ()))


class GroupTests(TestCase):
    """2.2: ten groups of the headquarters, from level 3, as needed."""

    def test_the_ten_with_their_leads_and_members(self):
        found = {
            group.key: (group.name, [ref.key or ref.name for ref in group.leaders], " ".join(keys(group.members)))
            for group in PLAN.groups
        }
        self.assertEqual(found, GROUPS)

    def test_all_hang_off_the_headquarters_from_level_3_and_cite_their_own_clause(self):
        for number, group in enumerate(PLAN.groups, start=1):
            self.assertEqual((group.of, group.set_up, group.from_level), ("headquarters", "as_needed", 3))
            self.assertEqual({group.cite, *(duty.cite for duty in group.duties)}, {f"2.2.{number}"})

    def test_the_counties_sit_in_every_group_but_the_military_one(self):
        without = [group.key for group in PLAN.groups if all(ref.kind != "incident_county" for ref in group.members)]
        self.assertEqual(without, ["military"])

    def test_two_of_the_four_leads_of_settlement_come_from_where_it_happened(self):
        kinds = [ref.kind for ref in PLAN.group("settlement").leaders]
        self.assertEqual(kinds, ["post", "post", "incident_county", "incident_county"])

    def test_only_the_medical_group_opens_a_call_on_the_medical_reserve(self):
        opening = [(group.key, duty.opens) for group in PLAN.groups for duty in group.duties if duty.opens]
        self.assertEqual(opening, [("medical", "requisition")])  # 2.2.6, its last sentence

    def test_the_four_members_in_no_group_bear_a_measure_of_level_3_so_that_they_are_told(self):
        seated = {unit for group in PLAN.groups for unit in keys(group.members)}
        left = set(keys(PLAN.headquarters.members)) - seated
        self.assertEqual(left, {"commerce", "city_management", "culture_tourism", "power_grid"})
        bearing = {unit for measure in PLAN.level(3).measures for unit in keys(measure.falls_to)}
        self.assertLessEqual(left, bearing)


class LevelTests(TestCase):
    """5.3.1 to 5.3.4."""

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
            4: ("office_director", [], ()),
            3: ("commander", [("report", "office_director", "commander", "proposal")], ()),
            2: ("commander_in_chief", proposed, (3,)),
            1: ("commander_in_chief", proposed, (3, 2)),
        }
        self.assertEqual(found, expected)

    def test_each_numbered_measure_is_there_and_cites_its_own_number(self):
        for number, last, cite in ((4, 5, "5.3.1"), (3, 13, "5.3.2")):
            measures = PLAN.level(number).measures
            self.assertEqual(list(dict.fromkeys(measure.number for measure in measures)), list(range(1, last + 1)))
            for measure in measures:
                self.assertEqual(measure.cite, f"{cite}({measure.number})")

    def test_level_4_leaves_command_to_the_county_and_sends_a_joint_team(self):
        first, *_, last = PLAN.level(4).measures
        self.assertEqual((kinds_of(first), first.number), (["incident_county"], 1))
        self.assertEqual((charged(last), last.number), (["office"], 5))
        teams = [(measure.team, measure.cite) for measure in PLAN.level(4).measures if measure.team]
        self.assertEqual(teams, [("联合工作组", "5.3.1(3)")])

    def test_the_office_speaks_with_one_voice_and_the_publicity_group_spreads_it(self):
        twelfth = [charged(measure) for measure in PLAN.level(3).measures if measure.number == 12]
        self.assertEqual(twelfth, [["office"], ["publicity"]])

    def test_levels_2_and_1_follow_the_higher_team_and_may_ask_above(self):
        for number, cite in ((2, "5.3.3"), (1, "5.3.4")):
            measures = PLAN.level(number).measures
            self.assertEqual([measure.mood for measure in measures], [None, None, "as_needed"])
            self.assertEqual({measure.cite for measure in measures}, {cite})
            self.assertEqual("国家" in measures[1].text, number == 1)

    def test_one_table_serves_levels_and_grades(self):
        for level in PLAN.levels:
            self.assertEqual(PLAN.grade(level.level).conditions, level.conditions)
        self.assertEqual([grade.name for grade in PLAN.grades], ["一般", "较大", "重大", "特别重大"])

    def test_a_place_in_either_district_proposes_the_built_up_city_and_a_person_confirms(self):
        derived = {spec.name: dict(spec.derive) for spec in PLAN.facts if spec.derive}
        rule = {"place_in": ("shuocheng", "pinglu"), "then": "dense", "else": "populated", "confirm": True}
        self.assertEqual(derived, {"density": rule})  # the note of annex 3, reading 10


class TellingTests(TestCase):
    """4.2, 4.3 and 5.1: who tells whom."""

    def test_ten_bureaus_report_what_they_know(self):
        common = [duty for duty in PLAN.reporting if duty.cite == "5.1" and "所知情况" in duty.text]
        bureaus = (
            "public_security industry_it transport water housing education health natural_resources energy railway"
        )
        self.assertEqual(" ".join(key_of(duty.who[0]) for duty in common), bureaus)

    def test_the_centre_reports_and_tells_at_once(self):
        centre = [duty for duty in PLAN.reporting if duty.cite == "4.2"]
        self.assertEqual({key_of(duty.who[0]) for duty in centre}, {"earthquake_centre"})
        self.assertEqual([duty.mood for duty in centre], ["at_once", "at_once", None, None, None])

    def test_the_county_does_first_what_5_2_puts_first_and_moves_people_in_time(self):
        own = [duty for duty in PLAN.early_handling if duty.cite == "5.2"]  # 立即, then 第一时间 as far as 及时
        self.assertEqual([duty.mood for duty in own], ["at_once"] * 5 + [None] * 5)
        self.assertIn("及时", own[5].text)

    def test_the_warning_needs_consent_and_goes_out_by_five_channels(self):
        (warning,) = PLAN.warnings
        self.assertEqual((warning.cite, keys(warning.issued_by)), ("4.3", ["earthquake_centre"]))
        assert warning.consent_by is not None
        self.assertEqual(warning.consent_by.key, "headquarters")
        (step,) = warning.steps
        channels = ("地震预警设施", "广播电视", "手机短信", "网络媒体", "公众服务平台")
        self.assertTrue(step.published and step.colour is None and warning.lifting is None)
        for channel, measure in itertools.zip_longest(channels, step.measures):
            self.assertIn(channel, measure.text)


class MeasuresOfAnnex4Tests(TestCase):
    """Annex 4: twelve items, the checklist of the groups."""

    def test_all_twelve_items_are_there_in_order(self):
        items = list(dict.fromkeys(duty.cite for duty in PLAN.emergency_measures))
        numbers = ["一", "二", "三", "四", "五", "六", "七", "八", "九", "十", "十一", "十二"]
        self.assertEqual(items, [f"附件4 {number}" for number in numbers])

    def test_epidemics_are_reported_every_day(self):
        daily = [(duty.cite, duty.every) for duty in PLAN.emergency_measures if duty.every]
        self.assertEqual(daily, [("附件4 二", "P1D")])

    def test_the_two_bureaus_that_watch_the_ground_also_lessen_the_harm(self):
        fifth = {key_of(duty.who[0]): duty.text for duty in PLAN.emergency_measures if duty.cite == "附件4 五"}
        for unit in ("natural_resources", "ecology"):
            self.assertIn("消除危害", fifth[unit])

    def test_each_headquarters_publishes_at_its_own_level(self):
        (ninth,) = (duty for duty in PLAN.emergency_measures if duty.cite == "附件4 九")
        self.assertEqual([ref.kind for ref in ninth.who], ["role", "incident_county"])

    def test_ten_bureaus_look_into_the_damage_beside_the_centre(self):
        alone, *together = [duty for duty in PLAN.emergency_measures if duty.cite == "附件4 十一"]
        self.assertEqual(keys(alone.who), ["earthquake_centre"])
        bureaus = "emergency industry_it agriculture natural_resources housing water transport ecology energy"
        for duty in together:
            self.assertEqual(keys(duty.who), [*bureaus.split(), "earthquake_centre"])


class EndTests(TestCase):
    """5.5, 5.6, chapter 6."""

    def test_five_conditions_and_the_two_who_declare(self):
        found = {ending.levels: ending.declared_by.first.key for ending in PLAN.ending}
        self.assertEqual(found, {(3, 2, 1): "commander", (4,): "office_director"})
        for ending in PLAN.ending:
            self.assertIsNone(ending.declared_by.otherwise)
            self.assertEqual([condition.cite for condition in ending.conditions], ["5.6"] * 5)
            self.assertEqual(ending.also, ("附件4 十二",))  # which says otherwise: reading 15

    def test_a_change_cites_5_5_though_a_reading_narrows_it(self):
        assert PLAN.adjusting is not None
        self.assertEqual((PLAN.adjusting.cite, PLAN.adjusting.decided_by), ("5.5", "more_severe_level"))
        own = PLAN.headquarters
        self.assertTrue(all("5.5" in {duty.cite for duty in duties} for duties in (own.duties, own.office.duties)))

    def test_the_evaluation_report_has_its_eight_headings(self):
        headings = [
            "地震发生经过",
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
        self.assertEqual(found, [("emergency", False, "6.1"), ("headquarters", False, "6.2"), ("members", True, "6.2")])
        written = PLAN.aftercare.papers[2]
        assert written.to is not None
        self.assertEqual(written.to.key, "office")


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

    def test_what_is_done_before_an_earthquake_is_never_a_task_at_a_start(self):
        for duty in PLAN.prevention:
            self.assertIn(duty.phase, ("standing", "warning"), duty.text)
        for duty in (*PLAN.reporting, *PLAN.early_handling):
            self.assertEqual(duty.phase, "early", duty.text)
        for duty in (*PLAN.emergency_measures, *(duty for group in PLAN.groups for duty in group.duties)):
            self.assertIn(duty.phase, ("response", "aftercare"), duty.text)

    def test_the_readings_that_bear_on_an_earthquake_are_all_restated(self):
        numbers = {reading.number for reading in PLAN.readings}
        self.assertEqual(numbers, {1, 2, 3, 4, 6, 10, 11, 14, 15, 18, 19, 20, 22, 23})
