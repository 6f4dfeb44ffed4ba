"""What each plan's text says row by row, counted again: no row, duty, phase, decider or type goes missing unnoticed.

A row is a string with a letter for each duty, in the order of the text: S standing (防范、建设、日常), W warning,
E early (先期), R response, A aftercare (恢复、调查、善后). Only R becomes a task at a start (reading 18).
"""

import pytest

from plans import registry
from plans.documents import PlanDocument, Ref
from plans.organisations import key_of

LETTERS = {"standing": "S", "warning": "W", "early": "E", "response": "R", "aftercare": "A"}
PLANS = {key: registry.from_library(key) for key in registry.library_keys()}

ANNEX_2 = {
    "earthquake": (
        "propaganda_dept=RS cyberspace_office=RR development_reform=SSR education=SSSSSRRRAA industry_it=RRA"
        " public_security=RRRR civil_affairs=RR justice=RR finance=RRS natural_resources=RRRRA ecology=RRRRR"
        " housing=RRRRA city_management=RRR transport=RRRR water=RR agriculture=RRRRSAA commerce=RRRA"
        " culture_tourism=SRR health=RRRRR emergency=SRRRRRRRRRA foreign_affairs=RRR market_regulation=RRRR"
        " energy=RRA civil_air_defence=RR youth_league=R red_cross=RRRS earthquake_centre=RRRS meteorology=RR"
        " banking_regulation=R military_subdistrict=RR armed_police=RRRR fire_rescue=RR railway=RR unicom=SR"
        " mobile=SR telecom=SR power_grid=RR"
    ),
    "forest_grassland_fire": (
        "propaganda_dept=RR development_reform=S education=SS industry_it=RR public_security=RRR civil_affairs=SR"
        " finance=RS natural_resources=SSSWEEEERR transport=RR water=RR agriculture=SRR culture_tourism=SSRR"
        " health=RRR emergency=SSSSSRRR energy=RRA meteorology=SWWRR military_subdistrict=R armed_police=R"
        " fire_rescue=R railway=RSR mobile=RR unicom=RR telecom=RR power_grid=R"
    ),
    "geological_hazard": (
        "propaganda_dept=RR development_reform=RRRA education=RRS public_security=RRRRRRR civil_affairs=R"
        " finance=RRRR natural_resources=RRRRWRRRR ecology=RR housing=RRA transport=RRR water=RR agriculture=RRRAA"
        " culture_tourism=SRA health=RRRRRR emergency=SRRRRA energy=RR red_cross=RRRRS earthquake_centre=W"
        " meteorology=RW industry_it=R banking_regulation=R military_subdistrict=RR armed_police=RRR fire_rescue=R"
        " power_grid=RR mobile=RR unicom=RR telecom=RR railway=RR"
    ),
    "fire_incident": (
        "propaganda_dept=RR industry_it=RARR public_security=RRRRR civil_affairs=AA finance=RR ecology=RR"
        " housing=RRRAA city_management=RR transport=R health=RRR emergency=SSRR energy=RA culture_tourism=RA"
        " civil_air_defence=RA meteorology=RR armed_police=RR fire_rescue=SRRRSSAAAR power_grid=RRRRR"
    ),
}

GROUPS = {  # 2.2.1, 2.3.1, 2.2.1, 2.3.1 and on, a subgroup after its group; - has no duty of its own
    "earthquake": "RRR RRRR RRRRR RRRRR RRRR RRRRRRRR RRRRRRRRRRRR RRRRRRRRR RRRRR RRR",
    "forest_grassland_fire": "RRRR RRRRRR RRRR - RRR R RRR RRR RRR RRR RR RRR",
    "geological_hazard": "RRRR RRRR RRRRRRR R R RR RRRR RRR RRRR RRR RRR",
    "fire_incident": "RRRR RRRR RRRR RR RRRR RRRRR RRRRRR RRR RRRR RAAAAA",
}

LEVELS = {  # the clauses of levels 4 to 1, who is told (reading 18), and how many measures each has
    "earthquake": ("5.3.1 5.3.2 5.3.3 5.3.4", "main", [7, 38, 3, 3]),
    "forest_grassland_fire": ("5.4.1 5.4.2 5.4.3 5.4.4", "ticked", [5, 20, 2, 2]),
    "geological_hazard": ("5.4.1 5.4.2 5.4.3 5.4.4", "all", [6, 23, 2, 2]),
    "fire_incident": ("5.3.1 5.3.2 5.3.3 5.3.4", "ticked", [5, 40, 3, 3]),
}

BEARERS = {  # of level 3 by the number of the measure: named by the text, else by 2.2, 2.3 or annex 2
    "earthquake": (
        "1 coordination industry_it industry_it fire_rescue 2 commander commander commander 3 rescue military"
        " 4 settlement finance emergency settlement commerce 5 medical medical medical"
        " 6 communications power_grid energy transport city_management 7 monitoring rescue"
        " 8 earthquake_centre earthquake_centre monitoring earthquake_centre 9 order justice order"
        " 10 coordination other_counties settlement 11 culture_tourism public_security 12 office publicity"
        " 13 communications"
    ),
    "fire_incident": (
        "1 office office 2 commander field_commander field_commander experts firefighting support field_commander"
        " 3 firefighting medical firefighting firefighting evacuation evacuation"
        " 4 environment firefighting firefighting firefighting 5 firefighting support 6 order order aftermath"
        " 7 city_management power_grid support transport industry_it meteorology medical environment support"
        " 8 firefighting 9 office publicity publicity 10 headquarters 11 headquarters office"
    ),
}

TYPES = {  # of the facts in their order; a choice with its values; ? where the text leaves it to a person's judgement
    "earthquake": "number dense|populated integer integer",
    "forest_grassland_fire": (
        "forest|grassland|both number number boolean integer integer number number number boolean boolean? boolean?"
        " none|county|city|province integer none|threatened|severe?"
    ),
    "geological_hazard": "integer number integer integer number",
    "fire_incident": (
        "integer integer number integer integer number number number 1|2|3|0 boolean integer boolean 4|3|2|0 boolean"
        " none|possible|caused? 4|3|2|1|0?"
    ),
}

AFTER_THE_END = {  # what an end of levels 3 to 1 leads to; that of level 4 to the same without what is its first line's
    "earthquake": ("解读 11 6.1 6.2", "6.1 6.2"),
    "forest_grassland_fire": ("5.5.2 5.5.2 解读 11 6.1 6.3", "6.1 6.3"),
    "geological_hazard": ("解读 11 6.1 6.3 7", "6.1 6.3 7"),
    "fire_incident": ("解读 11 7.1 7.2", "7.1 7.2"),
}

every_plan = pytest.mark.parametrize("plan", PLANS.values(), ids=PLANS)


@every_plan
def test_each_row_of_annex_2_keeps_its_duties_and_their_phases(plan: PlanDocument) -> None:
    rows: dict[str, str] = {}
    for duty in plan.duties:
        rows[duty.unit_key or ""] = rows.get(duty.unit_key or "", "") + LETTERS[duty.phase]
    assert rows == dict(row.split("=") for row in ANNEX_2[plan.plan].split())


@every_plan
def test_each_duty_of_annex_2_cites_its_own_row(plan: PlanDocument) -> None:
    shared = {"mobile", "unicom", "telecom"}  # one row for the three
    for duty in plan.duties:
        annex, _, name = duty.cite.partition(" ")
        assert annex == "附件2"
        if duty.unit_key in shared:
            assert all(word in name for word in ("移动", "联通", "电信"))
        else:
            assert key_of(Ref(name, None, "unit")) == duty.unit_key, duty.text


@every_plan
def test_each_group_keeps_its_duties_and_their_phases(plan: PlanDocument) -> None:
    standing = [one for group in plan.groups for one in (group, *group.subgroups)]
    rows = ["".join(LETTERS[duty.phase] for duty in group.duties) or "-" for group in standing]
    assert rows == GROUPS[plan.plan].split()


@every_plan
def test_each_level_keeps_its_clause_its_measures_and_whom_it_tells(plan: PlanDocument) -> None:
    cites, tells, counts = LEVELS[plan.plan]
    levels = sorted(plan.levels, key=lambda level: -level.level)
    assert [level.cite for level in levels] == cites.split()
    assert {level.tells for level in levels} == {tells}
    assert [len(level.measures) for level in levels] == counts


@pytest.mark.parametrize("key", BEARERS)
def test_each_measure_of_level_3_falls_to_those_it_should(key: str) -> None:
    found: dict[int | None, list[str]] = {}
    for measure in PLANS[key].level(3).measures:
        bearers = [ref if isinstance(ref, str) else ref.key or ref.name for ref in measure.falls_to]
        found.setdefault(measure.number, []).extend(bearers)
    assert " ".join(f"{number} {' '.join(bearers)}" for number, bearers in found.items()) == BEARERS[key]


@every_plan
def test_each_fact_keeps_its_type_and_bounds(plan: PlanDocument) -> None:
    types = [f"{'|'.join(map(str, spec.values or [spec.type]))}{'?' * spec.judgement}" for spec in plan.facts]
    assert types == TYPES[plan.plan].split()
    for spec in plan.facts:
        if spec.type in ("number", "integer"):
            assert (spec.min, spec.max) == (0, 10 if spec.name == "magnitude" else 10**12)


@every_plan
def test_an_end_keeps_what_follows_it_and_each_paper_its_levels(plan: PlanDocument) -> None:
    found = {ending.levels: [item.cite for item in ending.then] for ending in plan.ending}
    severe, mild = AFTER_THE_END[plan.plan]
    assert {levels: " ".join(cites) for levels, cites in found.items()} == {(3, 2, 1): severe, (4,): mild}
    papers = plan.aftercare.papers
    assert [paper.cite for paper in papers if paper.levels != (1, 2, 3, 4)] == (
        ["5.5.2"] if plan.plan == "forest_grassland_fire" else []  # the site, after levels 3 to 1
    )
    assert [paper.name for paper in papers if not paper.before_closing] == (
        ["恢复重建计划"]
        if plan.plan == "forest_grassland_fire"
        else []  # 7: drawn up while rebuilding, after the closing
    )
