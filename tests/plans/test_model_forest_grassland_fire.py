"""What the official forest and grassland fire plan says, held against its data: each fact with its clause."""

import json
from pathlib import Path
from typing import Any
from unittest import TestCase

from plans import loading, registry, showing, walking
from plans.assessment import assess
from plans.documents import Duty, Measure, Ref
from plans.organisations import key_of

from .official import keys, lines_of

KEY = "forest_grassland_fire"
PLAN = loading.load(registry.LIBRARY / KEY)
EVENTS = Path(__file__).parents[1] / "data" / "incidents.jsonl"

MEMBERS = [  # 2.1
    name
    for row in (
        "市委宣传部 市发改委 市教育局 市工信局 市公安局 市民政局 市财政局 市规划和自然资源局 市交通局 市水利局",
        "市农业农村局 市文旅局 市卫健委 市应急局 市能源局 市气象局 朔州军分区 武警朔州支队 市消防救援支队",
        "朔州车务段 移动朔州分公司 联通朔州市分公司 电信朔州分公司 国网朔州供电公司",
    )
    for name in row.split()
]

COUNTY_LEADS = ["事发地县（市、区）长", "朔州经济开发区管委会负责人"]
GROUPS = {  # name: leads, member units (2.3.1 to 2.3.11)
    "综合组": (["emergency.head"], "emergency"),
    "扑救组": (
        ["emergency.head", "natural_resources.head"],
        "emergency natural_resources military_subdistrict armed_police fire_rescue",
    ),
    "技术组": (["natural_resources.head"], "natural_resources"),
    "气象服务组": (["meteorology.head"], "meteorology"),
    "通信保障组": (["industry_it.head"], "industry_it mobile unicom telecom"),
    "人员安置组": (COUNTY_LEADS, "public_security emergency civil_affairs finance"),
    "后勤保障组": (COUNTY_LEADS, "development_reform transport"),
    "社会稳定组": (["public_security.head"], "public_security"),
    "医学救护组": (["health.head"], "health"),
    "火案侦破组": (["public_security.head"], "public_security"),
    "宣传报道组": (["propaganda_dept.deputy"], "propaganda_dept"),
}

# Where the text says 立即; and where it says 视情, 根据需要, 必要时, 根据 … 情况 or 态势. Those of chapter 7 stand
# in words alone: the after-care has no mood.
AT_ONCE = {"4.2", "5.1", "5.3", "5.4.2(1)"}
AS_NEEDED = {
    "2.3",
    "5.3",
    "5.4.1",
    "5.4.2(4)",
    "5.4.2(6)",
    "8.1",
    "附件2 市卫健委",
    "附件2 市应急局",
    "附件4 四级 措施 2",
}
IN_TIME = {  # where the text says 及时, and how often it binds somebody
    **{"4.1": 1, "4.2": 1, "6.1": 1, "6.2": 1, "6.3": 1, "附件2 市农业农村局": 2, "附件2 市气象局": 1},
    **{"附件3 红色": 1, "附件4 四级 措施 1": 1},
}
TIMELY = {"5.3": 1, "8.1": 1, "附件2 市应急局": 1, "附件2 市气象局": 1, "附件3 橙色": 1, "附件3 红色": 1}  # 适时


def charged(measure: Measure) -> list[str]:
    """Whom a measure falls to, by key: a unit's, a role's or a group's; a county or words alone by name."""
    return [(ref.key or ref.name) if isinstance(ref, Ref) else ref for ref in measure.falls_to]


def key_of_role(duty: Duty) -> str | None:
    return duty.who[0].key if duty.who else None


def key_of_group(name: str) -> str:
    (group,) = (group for group in PLAN.groups if group.name == name)
    return group.key


def answer(**facts: Any) -> tuple[int | None, int | None]:
    """Grade and level."""
    found = assess(PLAN, facts)
    return found.grade, found.level


def level(**facts: Any) -> int | None:
    return answer(**facts)[1]


def grade(kind: str, **facts: Any) -> int | None:
    return answer(fire_kind=kind, **facts)[0]


class HeadquartersTests(TestCase):
    """2.1, 2.3 and annex 2."""

    def test_its_twenty_four_members_are_those_of_2_1(self):
        self.assertEqual([ref.name for ref in PLAN.headquarters.members], MEMBERS)
        self.assertEqual(len(set(keys(PLAN.headquarters.members))), 24)

    def test_two_vice_mayors_command_and_either_decides(self):
        own = PLAN.headquarters
        self.assertEqual([ref.key for ref in own.commanders], ["vice_mayor_emergency", "vice_mayor_natural_resources"])
        self.assertEqual((own.decides, own.cite), ("any", "2.1"))
        deputies = ["deputy_secretary_general", "emergency.head", "natural_resources.head", "meteorology.head"]
        self.assertEqual([ref.key for ref in own.deputies], [*deputies, "armed_police.head"])

    def test_the_office_sits_in_the_emergency_bureau_and_has_two_directors(self):
        office = PLAN.headquarters.office
        self.assertEqual(key_of(office.seat), "emergency")
        self.assertEqual([ref.key for ref in office.directors], ["emergency.head", "natural_resources.head"])

    def test_annex_2_has_twenty_two_rows_for_the_twenty_four(self):
        self.assertEqual(len({duty.cite for duty in PLAN.duties}), 22)
        self.assertEqual({duty.unit_key for duty in PLAN.duties}, set(keys(PLAN.headquarters.members)))
        shared = {duty.unit_key for duty in PLAN.duties if duty.cite == "附件2 移动、联通、电信"}
        self.assertEqual(shared, {"unicom", "mobile", "telecom"})

    def test_rows_of_annex_2_keep_each_of_their_objects(self):
        words = {
            "education": ("宣传教育", "避险"),
            "industry_it": ("频率", "超短波", "紧急状态", "物资"),
            "public_security": ("案件", "治安", "交通"),
            "civil_affairs": ("祭祀", "火化"),
            "finance": ("分级负担", "扑救", "项目", "监管"),
            "natural_resources": ("早期处置", "热点", "市森防办", "会商", "现场指挥部", "标准化", "市森防指"),
            "transport": ("公路、水路", "滞留人员", "绿色通道"),
            "water": ("水源地", "消防水车"),
            "agriculture": ("生产信息", "农田剩余物", "监控"),
            "culture_tourism": ("旅行社", "旅游团队", "旅游设施", "广播电视"),
            "health": ("伤病员", "医疗卫生保障", "市级力量"),
            "emergency": ("防控", "扑救", "预警监测", "上传下达", "演练", "修订", "省森防指", "日常"),
            "energy": ("监测", "抢险", "恢复"),
            "meteorology": ("短期", "中、长期", "雷电", "云图", "人工影响天气"),
            "military_subdistrict": ("民兵", "驻军"),
            "railway": ("运力", "铁路沿线"),
        }
        for unit, objects in words.items():
            row = " ".join(duty.text for duty in PLAN.duties if duty.unit_key == unit)
            for word in objects:
                self.assertIn(word, row)

    def test_what_is_done_before_a_fire_is_no_duty_of_the_response(self):
        response = {duty.unit_key for duty in PLAN.duties if duty.phase == "response"}
        self.assertEqual(set(keys(PLAN.headquarters.members)) - response, {"development_reform", "education"})

    def test_a_vice_mayor_commands_in_the_field_with_ten_deputies(self):
        field = PLAN.field_headquarters
        assert field is not None
        self.assertEqual([ref.name for ref in field.commanders], ["市人民政府副市长"])
        deputies = ["deputy_secretary_general", "emergency.head", "natural_resources.head", "meteorology.head"]
        deputies += ["public_security.deputy", "military_subdistrict.head", "armed_police.head", "fire_rescue.head"]
        self.assertEqual([ref.key or ref.name for ref in field.deputies], [*deputies, *COUNTY_LEADS])
        self.assertEqual([ref.kind for ref in field.deputies[-2:]], ["incident_county"] * 2)
        self.assertEqual((field.cite, field.set_up, field.composition), ("2.3", "as_needed", "listed"))
        self.assertFalse(field.takes_over_command)  # the text does not say it

    def test_the_field_commander_may_change_the_groups(self):
        own = {key_of_role(duty): duty.text for duty in PLAN.headquarters.duties if duty.cite == "2.3"}
        for word in ("设立", "组成单位", "职责"):
            self.assertIn(word, own["field_commander"])


class GroupTests(TestCase):
    """2.3: eleven groups of the field headquarters."""

    def test_the_eleven_with_their_leads_and_members(self):
        found = {
            group.name: ([ref.key or ref.name for ref in group.leaders], " ".join(keys(group.members)))
            for group in PLAN.groups
        }
        self.assertEqual(found, GROUPS)
        self.assertEqual(list(found), list(GROUPS))

    def test_all_hang_off_the_field_headquarters_from_level_3_and_cite_their_own_clause(self):
        for number, group in enumerate(PLAN.groups, start=1):
            self.assertEqual((group.of, group.set_up, group.from_level), ("field_headquarters", "as_needed", 3))
            self.assertEqual({group.cite, *(duty.cite for duty in group.duties)}, {f"2.3.{number}"})

    def test_the_counties_sit_in_every_group_but_the_telecoms(self):
        without = [group.name for group in PLAN.groups if all(ref.kind != "incident_county" for ref in group.members)]
        self.assertEqual(without, ["通信保障组"])

    def test_the_county_leads_two_groups(self):
        led = [group.name for group in PLAN.groups if group.leaders[0].kind == "incident_county"]
        self.assertEqual(led, ["人员安置组", "后勤保障组"])

    def test_the_experts_are_under_the_technical_group(self):
        found = [(group.name, [part.name for part in group.subgroups]) for group in PLAN.groups if group.subgroups]
        self.assertEqual(found, [("技术组", ["专家组"])])

    def test_each_group_has_its_duties(self):
        words = {
            "综合组": ("报送", "文秘", "会务", "督促", "交办"),
            "扑救组": ("动态", "方案", "调配", "扑救", "看守", "验收", "移交"),
            "技术组": ("分布图", "地形图", "技术方案", "监测", "态势", "测绘"),
            "气象服务组": ("监测", "预报", "人工影响天气"),
            "通信保障组": ("通信网络",),
            "人员安置组": ("转移", "安置", "抚恤", "善后"),
            "后勤保障组": ("生活物资", "油料", "集结"),
            "社会稳定组": ("治安", "交通", "安置点"),
            "医学救护组": ("伤员", "医疗卫生保障", "市级医疗资源"),
            "火案侦破组": ("侦破", "肇事者"),
            "宣传报道组": ("媒体", "发布", "舆论"),
        }
        for group in PLAN.groups:
            said = " ".join(duty.text for duty in group.duties)
            for word in words[group.name]:
                self.assertIn(word, said)


class LevelTests(TestCase):
    """5.4.1 to 5.4.4 and the measures of annex 4."""

    def test_who_decides_and_by_which_chain(self):
        found = {
            level.level: (
                level.decided_by.key,
                [(step.act, step.by.key, step.to.key, step.is_) for step in level.chain],
                level.includes,
                level.cite,
            )
            for level in PLAN.levels
        }
        proposed = [("propose", "commander", "commander_in_chief", "proposal")]
        expected = {
            4: ("office_director", [], (), "5.4.1"),
            3: ("commander", [("report", "office_director", "commander", "proposal")], (), "5.4.2"),
            2: ("commander_in_chief", proposed, (3,), "5.4.3"),
            1: ("commander_in_chief", proposed, (3, 2), "5.4.4"),
        }
        self.assertEqual(found, expected)

    def test_those_concerned_are_told(self):
        self.assertEqual({level.tells for level in PLAN.levels}, {"ticked"})  # 有关成员单位, reading 18

    def test_level_4_has_two_measures_of_annex_4_and_one_of_5_4_1_all_of_the_office(self):
        measures = PLAN.level(4).measures
        self.assertEqual([measure.number for measure in measures], [1, 1, 2, 2, None])
        cites = ["附件4 四级 措施 1"] * 2 + ["附件4 四级 措施 2"] * 2 + ["5.4.1"]
        self.assertEqual([measure.cite for measure in measures], cites)
        self.assertEqual([charged(measure) for measure in measures], [["office"]] * 5)
        self.assertEqual([measure.team for measure in measures if measure.team], ["工作组"])
        self.assertEqual([measure.mood for measure in measures], [None, None, None, "as_needed", "as_needed"])

    def test_level_3_has_nine_numbered_measures_with_their_own_cites(self):
        measures = PLAN.level(3).measures
        self.assertEqual(list(dict.fromkeys(measure.number for measure in measures)), list(range(1, 10)))
        for measure in measures:
            self.assertEqual(measure.cite, f"5.4.2({measure.number})")

    def test_whom_the_measures_of_level_3_fall_to(self):
        found: dict[int | None, list[str]] = {}
        for measure in PLAN.level(3).measures:
            found.setdefault(measure.number, []).extend(charged(measure))
        communications, technical = key_of_group("通信保障组"), key_of_group("技术组")
        weather, publicity = key_of_group("气象服务组"), key_of_group("宣传报道组")
        expected = {
            1: ["office", "deputy", "有关成员单位负责人等相关人员"],
            2: ["commander"] * 3,
            3: ["transport", "railway", communications, technical, "power_grid", "energy"],
            4: [weather, weather],
            5: ["fire_rescue", "energy"],
            6: ["field_headquarters", "field_headquarters"],
            7: [publicity] * 3,
            8: ["headquarters"],
            9: ["headquarters", "headquarters"],
        }
        self.assertEqual(found, expected)

    def test_traffic_telecoms_mapping_and_power_are_all_kept_up(self):
        third = [measure.text for measure in PLAN.level(3).measures if measure.number == 3]
        for word, text in zip(("交通", "通信", "测绘", "电力"), third, strict=True):
            self.assertIn(word, text)

    def test_levels_2_and_1_reinforce_the_field_and_fight_under_a_higher_team(self):
        for number in (2, 1):
            first, second = PLAN.level(number).measures
            self.assertIn("加强现场指挥部", first.text)
            self.assertIn("省森防指工作组", second.text)
            self.assertEqual("国家" in second.text, number == 1)
            self.assertEqual((first.number, second.number), (None, None))
            self.assertEqual({first.cite, second.cite}, {PLAN.level(number).cite})

    def test_the_conditions_cite_each_their_own_line_of_annex_4(self):
        for number, words, count in ((4, "四级", 3), (3, "三级", 4), (2, "二级", 4), (1, "一级", 4)):
            cites = list(dict.fromkeys(condition.cite for condition in PLAN.level(number).conditions))
            self.assertEqual(cites, [f"附件4 {words} {line}" for line in range(1, count + 1)])

    def test_members_in_no_group_with_a_part_in_5_4_2_bear_one_of_its_measures(self):
        seated = {unit for group in PLAN.groups for unit in keys(group.members)}
        left = set(keys(PLAN.headquarters.members)) - seated
        bearing = {unit for measure in PLAN.level(3).measures for unit in keys(measure.falls_to)}
        self.assertEqual(left & bearing, {"power_grid", "energy", "railway"})
        self.assertEqual(left - bearing, {"education", "water", "agriculture", "culture_tourism"})


class ConditionsOfAnnex4Tests(TestCase):
    """The table of annex 4, line by line."""

    def test_level_4(self):
        for there in ({"sensitive_period": True}, {"sensitive_area": True}, {"border": "county"}):
            self.assertEqual(level(uncontrolled_hours=12, **there), 4)
            self.assertIsNone(level(uncontrolled_hours=11.9, **there))
        self.assertIsNone(level(uncontrolled_hours=23, border="none", sensitive_period=False))
        self.assertEqual(level(uncontrolled_hours=24, border="none"), 4)
        self.assertEqual(level(uncontrolled_hours=24), 4)
        self.assertEqual(level(concurrent_dangerous_fires=2), 4)
        self.assertIsNone(level(concurrent_dangerous_fires=1))

    def test_level_3(self):
        self.assertEqual(level(deaths=1), 3)
        self.assertEqual(level(serious_injuries=1), 3)
        self.assertEqual((level(forest_area_ha=100), level(forest_area_ha=99)), (3, None))
        self.assertEqual((level(grassland_area_ha=1000), level(grassland_area_ha=999)), (3, None))
        for there in ({"sensitive_period": True}, {"sensitive_area": True}, {"border": "city"}):
            self.assertEqual(level(uncontrolled_hours=24, **there), 3)
            self.assertEqual(level(uncontrolled_hours=23, **there), 4)
        self.assertEqual(level(uncontrolled_hours=24, border="county"), 4)
        self.assertEqual(level(uncontrolled_hours=12, border="province"), 3)
        self.assertIsNone(level(uncontrolled_hours=11, border="province"))

    def test_level_2(self):
        self.assertEqual((level(deaths=3), level(deaths=2)), (2, 3))
        self.assertEqual((level(serious_injuries=10), level(serious_injuries=9)), (2, 3))
        self.assertEqual(level(forest_area_ha=500, spreading=True), 2)
        self.assertEqual(level(forest_area_ha=600, spreading=False), 3)  # reading 3
        self.assertEqual(level(grassland_area_ha=5000, spreading=True), 2)
        for there in ({"sensitive_period": True}, {"sensitive_area": True}, {"border": "province"}):
            self.assertEqual(level(burning_hours=48, spreading=True, **there), 2)
            self.assertIsNone(level(burning_hours=48, spreading=False, **there))
            self.assertIsNone(level(burning_hours=47, spreading=True, **there))
        self.assertIsNone(level(burning_hours=48, spreading=True, border="city"))
        self.assertEqual(level(threat="threatened"), 2)

    def test_level_1(self):
        self.assertEqual((level(deaths=10), level(deaths=9)), (1, 2))
        self.assertEqual((level(serious_injuries=50), level(serious_injuries=49)), (1, 2))
        self.assertEqual(level(forest_area_ha=1000, spreading=True), 1)
        self.assertEqual(level(grassland_area_ha=8000, spreading=True), 1)
        self.assertEqual(level(grassland_area_ha=8000, spreading=False), 3)
        for there in ({"sensitive_period": True}, {"sensitive_area": True}, {"border": "province"}):
            self.assertEqual(level(burning_hours=72, spreading=True, **there), 1)
            self.assertEqual(level(burning_hours=71, spreading=True, **there), 2)
        self.assertEqual(level(threat="severe"), 1)
        held = [clause.cite for clause in assess(PLAN, {"threat": "severe"}).reasons]
        self.assertEqual(held, ["附件4 一级 4", "附件4 二级 4"])  # who is severely threatened is threatened
        self.assertIsNone(level(threat="none"))

    def test_the_kind_of_fire_does_not_matter_to_the_level(self):
        for kind in ("forest", "grassland", "both"):
            self.assertEqual(level(fire_kind=kind, deaths=3), 2)


class GradesOfAnnex5Tests(TestCase):
    """The two tables of annex 5."""

    def test_forest_fires(self):
        for facts, expected in (
            ({"forest_area_ha": 0.1}, 4),
            ({"forest_area_ha": 0}, None),
            ({"other_woodland": True}, 4),
            ({"forest_area_ha": 1}, 3),
            ({"forest_area_ha": 100}, 2),
            ({"forest_area_ha": 1000}, 1),
            ({"deaths": 1}, 4),
            ({"deaths": 3}, 3),
            ({"deaths": 10}, 2),
            ({"deaths": 30}, 1),
            ({"serious_injuries": 1}, 4),
            ({"serious_injuries": 10}, 3),
            ({"serious_injuries": 50}, 2),
            ({"serious_injuries": 100}, 1),
            ({"direct_loss_yuan": 9_000_000}, None),
            ({"grassland_area_ha": 9000}, None),
        ):
            self.assertEqual(grade("forest", **facts), expected, facts)

    def test_grassland_fires(self):
        for facts, expected in (
            ({"grassland_area_ha": 9.9}, None),
            ({"grassland_area_ha": 10}, 4),
            ({"grassland_area_ha": 1000}, 3),
            ({"grassland_area_ha": 5000}, 2),
            ({"grassland_area_ha": 8000}, 1),
            ({"deaths": 1}, 3),  # 死亡3人以下: reading 9
            ({"deaths": 3}, 2),
            ({"deaths": 10}, 1),
            ({"serious_injuries": 1}, 4),
            ({"serious_injuries": 3}, 3),
            ({"serious_injuries": 10}, 2),
            ({"deaths": 2, "serious_injuries": 8}, 2),
            ({"deaths": 2, "serious_injuries": 18}, 1),
            ({"direct_loss_yuan": 4999}, None),
            ({"direct_loss_yuan": 5000}, 4),
            ({"direct_loss_yuan": 500_000}, 3),
            ({"direct_loss_yuan": 3_000_000}, 2),
            ({"direct_loss_yuan": 5_000_000}, 1),
            ({"other_woodland": True}, None),
            ({"forest_area_ha": 9000}, None),
        ):
            self.assertEqual(grade("grassland", **facts), expected, facts)

    def test_both_take_the_more_severe_and_an_unknown_kind_has_no_grade(self):
        facts = {"deaths": 1, "grassland_area_ha": 10, "forest_area_ha": 5}
        self.assertEqual(grade("both", **facts), 3)
        self.assertEqual(answer(**facts), (None, 3))
        kind = {need for item in assess(PLAN, facts).undecided if item.clause.kind == "grade" for need in item.needs}
        self.assertIn("fire_kind", kind)

    def test_the_four_names(self):
        self.assertEqual([grade.name for grade in PLAN.grades], ["一般", "较大", "重大", "特别重大"])


class FactTests(TestCase):
    """What is derived and what is judged."""

    def test_the_names_stand_in_the_agreed_order(self):
        names = "fire_kind forest_area_ha grassland_area_ha other_woodland deaths serious_injuries direct_loss_yuan"
        names += " uncontrolled_hours burning_hours spreading sensitive_period sensitive_area border"
        self.assertEqual(" ".join(spec.name for spec in PLAN.facts), f"{names} concurrent_dangerous_fires threat")

    def test_two_facts_run_by_the_clock_and_one_counts_incidents(self):
        derived = {spec.name: dict(spec.derive) for spec in PLAN.facts if spec.derive}
        self.assertEqual(list(derived), ["uncontrolled_hours", "burning_hours", "concurrent_dangerous_fires"])
        first, second, third = derived.values()
        for rule in (first, second):
            self.assertEqual((rule["hours_since"], list(rule["again"])), ("occurred_at", ["flared_up_at"]))
        self.assertEqual(list(first["until"]), ["controlled_at", "extinguished_at"])  # what is out is under control
        self.assertEqual(list(second["until"]), ["extinguished_at"])
        self.assertEqual(third["open_incidents_like"], PLAN.flags[0].name)

    def test_what_the_text_does_not_define_is_judged(self):
        judged = {spec.name for spec in PLAN.facts if spec.judgement}
        self.assertEqual(judged, {"sensitive_period", "sensitive_area", "threat"})
        self.assertTrue(all(spec.asked_of for spec in PLAN.facts))


class WarningTests(TestCase):
    """4.2 and annex 3."""

    def test_four_colours_of_which_blue_is_not_published(self):
        (warning,) = PLAN.warnings
        found = [(step.colour, step.published) for step in warning.steps]
        self.assertEqual(found, [("blue", False), ("yellow", True), ("orange", True), ("red", True)])
        self.assertEqual([ref.key for ref in warning.issued_by], ["office"])
        self.assertIsNone(warning.consent_by)
        self.assertTrue(all("级" not in step.name for step in warning.steps))  # they have no numbers

    def test_the_measures_of_each_colour(self):
        words = {
            "blue": (),
            "yellow": ("宣传教育", "巡护", "瞭望", "火源", "装备、物资", "待命"),
            "orange": ("宣传教育", "审批", "禁止野外用火", "设卡", "火种", "巡查瞭望", "检查组", "靠前布防", "临战"),
            "red": (
                "值班调度",
                "禁火令",
                "一切野外用火",
                "巡护",
                "瞭望时间",
                "设卡",
                "火种",
                "居民生活用火",
                "严防死守",
            )
            + ("戒备", "蹲点", "工作组"),
        }
        for step in PLAN.warnings[0].steps:
            said = " ".join(measure.text for measure in step.measures)
            for word in words[step.colour or ""]:
                self.assertIn(word, said)
            self.assertEqual({measure.cite for measure in step.measures} | {"附件3"}, {"附件3"} | self.cites(step.name))

    def cites(self, name: str) -> set[str]:
        return set() if name.startswith("蓝") else {f"附件3 {name.removesuffix('预警')}"}

    def test_governments_ban_fire_and_the_armed_police_stand_ready_at_red(self):
        red = [measure for measure in PLAN.warnings[0].steps[3].measures if isinstance(measure, Measure)]
        banned = next(measure for measure in red if "禁火令" in measure.text)
        self.assertEqual([ref.name for ref in banned.falls_to if isinstance(ref, Ref)], ["市人民政府", "县人民政府"])
        ready = next(measure for measure in red if "戒备" in measure.text)
        self.assertEqual(charged(ready), ["森林消防专业队", "armed_police"])

    def test_it_is_lifted_at_once(self):
        lifting = PLAN.warnings[0].lifting
        assert lifting is not None
        self.assertEqual((lifting.cite, lifting.mood), ("4.2", "at_once"))


class TellingTests(TestCase):
    """5.1 to 5.3 and 2.2: who tells whom, who acts first."""

    def test_whoever_finds_a_fire_reports_at_once(self):
        finder, upward, *_ = PLAN.reporting
        self.assertEqual((finder.cite, finder.mood), ("5.1", "at_once"))
        for word in ("12119", "119", "森防办"):
            self.assertIn(word, finder.text)
        self.assertIn("逐级", upward.text)

    def test_the_natural_resources_bureau_verifies_hot_spots(self):
        own = [duty for duty in PLAN.reporting if duty.cite == "5.2"]
        self.assertEqual([keys(duty.who) for duty in own], [["natural_resources"]] * 2)

    def test_early_handling_is_the_forestry_departments_and_the_county_starts_its_own_response(self):
        own = [duty for duty in PLAN.early_handling if duty.cite == "5.3"]
        self.assertEqual([duty.mood for duty in own], [None, "at_once", "as_needed", "at_once"])
        self.assertEqual(keys(own[0].who), ["natural_resources"])
        self.assertEqual([ref.kind for ref in own[2].who], ["incident_county"])

    def test_across_a_border_each_commands_and_the_upper_one_coordinates(self):
        self.assertEqual({duty.cite for duty in PLAN.cross_border}, {"2.2"})
        found = [(duty.who[0].key or duty.who[0].kind) for duty in PLAN.cross_border]
        self.assertEqual(found, ["headquarters", "headquarters", "incident_county", "headquarters"])
        self.assertEqual(PLAN.takeover, ())


class EndTests(TestCase):
    """5.5, chapters 6 and 7."""

    def test_the_fire_is_out_and_the_site_of_levels_3_to_1_is_handed_over(self):
        found = {ending.levels: [condition.cite for condition in ending.conditions] for ending in PLAN.ending}
        self.assertEqual(found, {(3, 2, 1): ["5.5.2"], (4,): ["5.5.1"]})
        for ending in PLAN.ending:
            self.assertEqual([condition.text for condition in ending.conditions], ["火灾消除"])
            after = [item.text for item in ending.then if item.cite.startswith("5.5")]
            self.assertEqual(len(after), 2 if 3 in ending.levels else 0)

    def test_who_declares_is_built_like_the_other_plans(self):  # reading 11
        first, second = (ending.declared_by for ending in PLAN.ending)
        assert first.otherwise is not None
        self.assertEqual((first.first.key, first.otherwise.key), ("field_commander", "commander"))
        self.assertEqual((second.first.key, second.otherwise), ("office_director", None))

    def test_no_clause_speaks_of_a_change_of_level(self):
        assert PLAN.adjusting is not None
        self.assertEqual((PLAN.adjusting.cite, PLAN.adjusting.decided_by), ("解读 17", "more_severe_level"))

    def test_the_evaluation_has_its_six_headings(self):
        headings = ["火灾发生原因", "过火面积", "受害面积", "蓄积", "人员伤亡", "经济损失"]
        self.assertEqual(list(PLAN.aftercare.report_headings), headings)
        self.assertEqual(list(PLAN.aftercare.papers[0].headings), headings)

    def test_the_office_owes_two_papers_the_county_a_plan_and_the_units_none(self):
        found = [(paper.by.key or paper.by.kind, paper.cite, paper.before_closing) for paper in PLAN.aftercare.papers]
        expected = [("office", "6.1", True), ("office", "6.3", True), ("incident_county", "7", False)]
        expected += [("emergency", "5.5.2", True)]  # the site, by 2.3.2 the work of the firefighting group it leads
        self.assertEqual(found, expected)
        self.assertFalse(any(paper.each_unit for paper in PLAN.aftercare.papers))
        self.assertEqual(list(PLAN.aftercare.papers[1].headings), ["火灾发生原因", "经验教训", "改进措施"])

    def test_the_site_is_handed_over_after_levels_3_to_1(self):
        paper = PLAN.aftercare.papers[3]
        assert paper.to is not None
        self.assertEqual((paper.by.name, paper.to.kind, paper.levels), ("扑救组", "free", (3, 2, 1)))
        self.assertEqual(list(paper.headings), ["火场清理", "火场看守", "检查验收", "移交"])

    def test_the_city_pays_what_was_called_up(self):
        (paid,) = (duty for duty in PLAN.aftercare.duties if duty.cite == "6.2")
        self.assertEqual(paid.who.key, "finance")
        for word in ("专业救援队伍", "人工影响天气", "医学救援", "调查评估"):
            self.assertIn(word, paid.text)

    def test_the_county_plans_at_once_and_the_city_asks_the_province(self):
        own = [duty.text for duty in PLAN.aftercare.duties if duty.cite == "7"]
        self.assertIn("立即", own[1])
        self.assertTrue(own[3].startswith("需要省援助"))


class KeepingTests(TestCase):
    """Chapters 2.4, 3, 4.1 and 8."""

    def test_five_kinds_of_forces(self):
        kinds = ["专业力量", "主力", "突击力量", "协同力量", "补充力量"]
        self.assertEqual([word for word, duty in zip(kinds, PLAN.forces, strict=True) if word in duty.text], kinds)
        self.assertEqual(keys(PLAN.forces[1].who), ["fire_rescue"])

    def test_five_ways_of_watching(self):
        (watch,) = (duty for duty in PLAN.prevention if duty.cite == "4.1")
        for word in ("卫星", "空中", "视频", "瞭望", "地面"):
            self.assertIn(word, watch.text)
        self.assertEqual(keys(watch.who), ["emergency", "natural_resources", "meteorology"])

    def test_training_and_exercise_come_every_year(self):
        yearly = [(duty.cite, duty.every) for duty in lines_of(PLAN) if isinstance(duty, Duty) and duty.every]
        self.assertEqual(yearly, [("8.1", "P1Y")])

    def test_it_is_for_what_burns_outside_the_urban_area(self):
        self.assertEqual({scope.cite for scope in PLAN.scope}, {"1.4"})
        for scope in PLAN.scope:
            self.assertIn("城市市区以外", scope.text)


class WordingTests(TestCase):
    """The words of the text that bind: 立即, 及时, 适时, 视情; and the phase a duty belongs to."""

    def test_at_once_stands_where_the_text_says_so_and_nowhere_else(self):
        self.assertEqual({line.cite for line in lines_of(PLAN) if line.mood == "at_once"}, AT_ONCE)

    def test_as_needed_stands_where_the_text_says_so_and_nowhere_else(self):
        self.assertEqual({line.cite for line in lines_of(PLAN) if line.mood == "as_needed"}, AS_NEEDED)

    def test_in_time_and_at_the_right_time_are_not_lost(self):
        for word, times in (("及时", IN_TIME), ("适时", TIMELY)):
            parts = [part for _, part in walking.parts(PLAN) if word in getattr(part, "text", "")]
            for cite, count in times.items():
                found = [part for part in parts if part.cite == cite]
                self.assertGreaterEqual(len(found), count, f"{cite} {word}")

    def test_what_is_done_before_a_fire_is_never_a_task_at_a_start(self):
        for duty in (*PLAN.prevention, *PLAN.upkeep):
            self.assertIn(duty.phase, ("standing", "warning"), duty.text)
        for duty in (*PLAN.reporting, *PLAN.early_handling):
            self.assertEqual(duty.phase, "early", duty.text)
        for duty in (*PLAN.cross_border, *(duty for group in PLAN.groups for duty in group.duties)):
            self.assertEqual(duty.phase, "response", duty.text)

    def test_the_readings_that_bear_on_a_fire_are_all_restated(self):
        numbers = {reading.number for reading in PLAN.readings}
        self.assertEqual(numbers, {*range(1, 8), 9, *range(11, 15), *range(17, 25)})


class ExchangeTests(TestCase):
    """What `show` prints is the whole plan."""

    def test_it_comes_back_as_it_was_shown(self):
        self.assertEqual(loading.from_tree(json.loads(json.dumps(showing.show(PLAN)))), PLAN)


class RealFireTests(TestCase):
    """Real fires, judged by this plan."""

    def test_each_step_has_its_expected_grade_and_level(self):
        events = [json.loads(line) for line in EVENTS.read_text(encoding="utf-8").splitlines()]
        own = [event for event in events if event["plan"] == KEY]
        self.assertGreaterEqual(len(own), 7)
        for event in own:
            for step in (event, *event.get("timeline", ())):
                found = assess(PLAN, step["facts"])
                self.assertEqual((found.grade, found.level), (step["expected_grade"], step["expected_level"]))
