"""Sources that differ: each report stands until it is corrected, the table looks at all of them, an officer chooses."""

from typing import Any

import pytest

from plans import assessment
from response import facts as weighing
from response.actions import decisions, facts, incidents
from response.actions.incidents import Call
from response.facts import document_of, reports_of
from response.models import FactReport, Incident
from response.sources import differing, in_force, standing
from shuozhou_ops.deadlines.models import Deadline
from shuozhou_ops.errors import BadInput, Conflict, NotAuthorised
from shuozhou_ops.journal import readers, verification
from shuozhou_ops.journal.models import Entry
from tests.cast import NOON, a_response, an_earthquake, fresh, minutes, open_decision, person, verbs
from tests.response.web import WebCase, reported, text_of

pytestmark = [pytest.mark.django_db, pytest.mark.both]
COUNTY, HOSPITAL = "县指挥部", "县医院"


def told(incident: Incident, deaths: int | None, source: str, at: float, **options: Any) -> FactReport:
    """Somebody tells of so many dead; the report that was made."""
    facts.report(incident.pk, {"deaths": deaths}, actor=person("desk"), at=minutes(at), source=source, **options)
    return incident.fact_reports.latest("pk")


def now(incident: Incident) -> Any:
    """The number of dead in force."""
    return in_force(reports_of(incident))["deaths"].value


def sides(incident: Incident) -> list[Any]:
    """What the reports say on which sources differ; empty where they do not."""
    return [report.value for report in differing(document_of(incident), reports_of(incident)).get("deaths", [])]


def choose(report: FactReport, at: float = 20, who: str = "desk") -> FactReport:
    return facts.choose(report.pk, actor=person(who), at=minutes(at), reason="县医院有名单")


def test_a_report_corrects_the_one_of_its_own_source_and_stands_beside_any_other() -> None:
    incident = an_earthquake()
    first, other, second = told(incident, 3, COUNTY, 1), told(incident, 8, HOSPITAL, 2), told(incident, 5, COUNTY, 3)
    assert (first.corrects, other.corrects, second.corrects) == (None, None, first)
    assert standing(reports_of(incident))["deaths"] == [other, second]
    assert (now(incident), sides(incident)) == (5, [8, 5])
    assert [entry.payload.get("before") for entry in readers.stream(incident.stream)[1:]] == [{}, {}, {"deaths": 3}]
    assert readers.stream(incident.stream)[2].payload["beside"] == ["deaths"]


def test_a_source_is_the_same_however_its_name_is_typed() -> None:
    incident = an_earthquake()
    first, second = told(incident, 3, "县 医院（ICU）", 1), told(incident, 5, "县医院(icu)", 2)
    assert (second.corrects, sides(incident)) == (first, [])


def test_the_officer_may_say_that_another_source_s_figure_is_corrected() -> None:
    incident = an_earthquake()
    first, second = told(incident, 3, COUNTY, 1), told(incident, 8, HOSPITAL, 2, corrects_present=True)
    assert (second.corrects, now(incident), sides(incident)) == (first, 8, [])


def test_a_correction_cannot_tell_of_an_earlier_moment_than_what_it_corrects() -> None:
    incident = an_earthquake()
    told(incident, 3, COUNTY, 5)
    with pytest.raises(BadInput) as refused:
        told(incident, 8, HOSPITAL, 6, corrects_present=True, observed_at=minutes(1))
    assert refused.value.fields == {"observed_at"}
    assert incident.fact_reports.filter(name="deaths").count() == 1


def test_what_a_source_tells_late_of_an_earlier_moment_corrects_nothing_and_differs_from_nothing() -> None:
    incident = an_earthquake()
    told(incident, 5, COUNTY, 5)
    late = told(incident, 2, COUNTY, 6, observed_at=minutes(1))
    assert (late.corrects, now(incident), sides(incident)) == (None, 5, [])


def test_without_a_choice_the_latest_observed_is_in_force() -> None:
    incident = an_earthquake()
    told(incident, 5, COUNTY, 5)
    told(incident, 2, HOSPITAL, 6, observed_at=minutes(1))
    assert (now(incident), sides(incident)) == (5, [5, 2])


def test_what_is_withdrawn_does_not_count() -> None:
    incident = an_earthquake()
    told(incident, 3, COUNTY, 1)
    told(incident, 8, HOSPITAL, 2)
    told(incident, None, HOSPITAL, 3)
    assert (now(incident), sides(incident)) == (3, [])
    withdrawn = told(incident, None, "市应急局", 4)  # who never told anything withdraws what is in force
    assert (withdrawn.corrects.value, now(incident), sides(incident)) == (3, None, [])  # type: ignore[union-attr]


def test_the_one_that_an_officer_chose_stays_in_force_and_passes_its_force_to_its_correction() -> None:
    incident = an_earthquake()
    first = told(incident, 3, COUNTY, 1)
    told(incident, 8, HOSPITAL, 2)
    choose(first)
    assert now(incident) == 3
    told(incident, 9, HOSPITAL, 21)
    assert (now(incident), sides(incident)) == (3, [3, 9])
    told(incident, 4, COUNTY, 22)
    told(incident, 10, HOSPITAL, 23)
    assert (now(incident), sides(incident)) == (4, [4, 10])
    told(incident, 6, "市卫健委", 24, corrects_present=True)
    assert (now(incident), sides(incident)) == (6, [10, 6])


def test_choosing_says_whose_figure_why_and_what_the_others_said() -> None:
    incident = an_earthquake()
    first = told(incident, 3, COUNTY, 1)
    told(incident, 8, HOSPITAL, 2)
    choose(first, who="zhang")
    entry = readers.stream(incident.stream)[-1]
    assert (entry.verb, entry.payload["facts"], entry.payload["others"]) == (
        "fact.chosen",
        {"deaths": 3},
        {HOSPITAL: 8},
    )
    assert entry.payload["reason"] == "县医院有名单"
    assert verification.faults() == []


def test_who_may_not_report_may_not_choose_and_what_is_corrected_cannot_be_chosen() -> None:
    incident = an_earthquake()
    first = told(incident, 3, COUNTY, 1)
    second = told(incident, 8, HOSPITAL, 2)
    with pytest.raises(NotAuthorised):
        choose(first, who="yingxian")
    choose(second)
    with pytest.raises(Conflict) as again:
        choose(second)
    told(incident, 5, COUNTY, 30)
    with pytest.raises(Conflict) as gone:
        choose(first, 31)
    with pytest.raises(BadInput):
        facts.choose(incident.fact_reports.latest("pk").pk, actor=person("desk"), at=minutes(32), reason=" ")
    assert (again.value.code, gone.value.code) == ("in_force", "not_standing")
    assert verbs(incident).count("fact.chosen") == 1


def test_the_table_s_suggestion_follows_the_most_severe_and_says_whose_figures() -> None:
    incident = an_earthquake(magnitude=4.2)
    told(incident, 60, HOSPITAL, 1)
    told(incident, 3, COUNTY, 2)
    waiting = open_decision(incident)
    assert (waiting.automatic, waiting.to_level, waiting.table_level) == (True, 2, 4)
    (followed,) = waiting.contested
    assert (followed["name"], followed["value"], followed["source"]) == ("deaths", 60, HOSPITAL)
    assert waiting.figures["deaths"]["value"] == 60
    assert [clause["level"] for clause in waiting.basis] == [2]
    assert fresh(incident).grade == 4  # the grade follows the facts in force: three dead


def test_what_follows_a_source_needs_no_reason_and_shows_both_levels_for_good() -> None:
    incident = an_earthquake(magnitude=4.2)
    told(incident, 60, HOSPITAL, 1)
    told(incident, 3, COUNTY, 2)
    decided = decisions.approve(open_decision(incident).pk, actor=person("wang"), at=minutes(3))
    assert (decided.to_level, decided.table_level, decided.differs_from_table) == (2, 4, False)
    assert [item["value"] for item in decided.contested] == [60]
    with pytest.raises(BadInput):
        decisions.decide(incident.pk, 3, actor=person("wang"), at=minutes(4))


def test_once_a_figure_is_chosen_the_suggestion_says_so_and_goes_where_no_source_asks_for_it() -> None:
    incident = an_earthquake(magnitude=4.2)
    severe = told(incident, 60, HOSPITAL, 1)
    told(incident, 3, COUNTY, 2)
    choose(severe)
    waiting = open_decision(incident)
    assert (waiting.to_level, waiting.table_level, waiting.contested) == (2, 2, [])
    told(incident, 3, HOSPITAL, 21)
    assert open_decision(incident).to_level == 4


def test_verifying_settles_what_was_told_before_and_what_is_told_afterwards_may_differ_again() -> None:
    incident = an_earthquake()
    told(incident, 8, HOSPITAL, 1)
    told(incident, 3, COUNTY, 2)
    facts.verify(incident.pk, ["deaths"], actor=person("zhang"), at=minutes(3), source="公安局")
    assert (now(incident), sides(incident)) == (3, [])
    told(incident, 9, HOSPITAL, 4)
    assert sides(incident) == [3, 9]
    later = told(incident, 7, COUNTY, 5)
    assert later.corrects is not None
    assert (later.corrects.quality, sides(incident)) == ("verified", [9, 7])


def test_two_sources_that_count_the_same_hours_do_not_differ() -> None:
    fire = incidents.log(
        Call("forest_grassland_fire", "林场", "call", counties=("youyu",)), actor=person("desk"), at=NOON
    )

    def hours(count: float, source: str, at: float) -> None:
        value = {"uncontrolled_hours": count}
        facts.report(fire.pk, value, actor=person("desk"), at=minutes(at), source=source)

    hours(2, "护林员", 0)
    hours(3, "县林业局", 60)
    assert differing(document_of(fire), reports_of(fire)) == {}
    hours(5, "瞭望塔", 60)
    assert list(differing(document_of(fire), reports_of(fire))) == ["uncontrolled_hours"]


def test_the_alarm_looks_at_the_clock_of_every_source() -> None:
    """附件4 四级 1: twelve hours without control at a county boundary; the tower says it began two hours earlier."""
    fire = incidents.log(
        Call("forest_grassland_fire", "林场", "call", counties=("youyu",), facts={"border": "county"}),
        actor=person("desk"),
        at=NOON,
    )
    for count, source in ((4, "瞭望塔"), (2, "县林业局")):
        values = {"uncontrolled_hours": count}
        facts.report(fire.pk, values, actor=person("desk"), at=NOON, source=source)
    alarm = Deadline.objects.get(kind="clock", state="open")
    assert alarm.due_at == minutes(8 * 60)


def test_with_many_facts_in_doubt_the_work_stays_bounded_and_the_most_severe_still_counts() -> None:
    incident = an_earthquake(magnitude=4.2)
    specs = [spec for spec in document_of(incident).facts if spec.type in ("integer", "number")][:8]
    for place, source in enumerate(("甲", "乙", "丙")):
        values = {spec.name: min(place * 40, spec.max or 100) for spec in specs}
        facts.report(incident.pk, values, actor=person("desk"), at=minutes(place), source=source)
    ways = weighing.weigh_incident(incident, minutes(9))
    assert len(ways) <= weighing.MOST_WAYS
    severe = assessment.assess(document_of(incident), {"magnitude": 4.2, "deaths": 80, "missing": 80})
    assert (weighing.most_severe(ways).answer.level or 5) <= (severe.level or 5)
    assert [len(way.follows) for way in ways][:2] == [0, 1]


def test_with_many_facts_in_doubt_what_holds_only_together_is_found_too() -> None:
    """No count alone reaches ten; the highest of both does (附件3: deaths and missing counted together)."""
    incident = an_earthquake(magnitude=3.1, deaths=0, missing=0)
    for place, source in enumerate(("甲", "乙", "丙", "丁")):
        values = {"deaths": 1 + 2 * place, "missing": 1 + place, "magnitude": 3.2 + place / 10}
        facts.report(
            incident.pk, values, actor=person("desk"), at=minutes(1), source=source, observed_at=minutes(-60 - place)
        )
    ways = weighing.weigh_incident(incident, minutes(9))
    assert (ways[0].answer.level, len(ways)) == (None, 1 + 3 * 4 + 1)
    assert {way.answer.level for way in ways[1:-1]} == {None, 4}
    assert weighing.most_severe(ways).answer.level == 3
    assert open_decision(incident).to_level == 3


class PageTests(WebCase):
    """The page shows the conflict, and one press ends it."""

    def differing_figures(self) -> Incident:
        incident = an_earthquake(magnitude=4.2)
        told(incident, 60, HOSPITAL, 0)
        told(incident, 12, COUNTY, 1)
        return incident

    def test_each_source_with_quality_times_and_the_level_it_would_give(self) -> None:
        text = self.text(self.differing_figures(), "desk")
        self.assertIn("2 个来源不一致", text)
        self.assertRegex(text, r"60人 → 二级响应 未核实 县医院 .* 采用这个数字")
        self.assertRegex(text, r"12人 现用 → 三级响应 未核实 县指挥部")
        self.assertIn("按县医院的数字（死亡人数 60人，尚有分歧）为二级响应；按现用的数字，预案条件为三级响应", text)

    def test_the_desk_chooses_by_one_press_with_a_reason(self) -> None:
        incident = self.differing_figures()
        report = incident.fact_reports.get(source=HOSPITAL)
        page = self.page(incident, "desk")
        self.assertIn(f'id="act-choose-fact-{report.pk}"', page)
        refused = self.post("desk", incident, "choose-fact", report=str(report.pk))
        self.assertEqual(refused.status_code, 400)
        self.assertIn("请填写“采用的理由”", text_of(refused.content.decode()))
        text = self.done(self.post("desk", incident, "choose-fact", report=str(report.pk), reason="医院有名单"))
        self.assertIn("采用县医院的数字：死亡人数 60人（另有 县指挥部 死亡人数 12人），医院有名单", text)
        self.assertIn("60人 现用", text)
        self.assertNotIn("尚有分歧", text)

    def test_it_is_nobody_s_press_who_may_not_report(self) -> None:
        incident = self.differing_figures()
        report = incident.fact_reports.get(source=HOSPITAL)
        for who in ("auditor", "yingxian"):
            self.assertNotIn("act-choose-fact", self.page(incident, who))
            answer = self.post(who, incident, "choose-fact", report=str(report.pk), reason="x")
            self.assertEqual(answer.status_code, 403)

    def test_a_report_of_another_incident_cannot_be_chosen_from_here(self) -> None:
        incident, other = self.differing_figures(), self.differing_figures()
        report = other.fact_reports.get(source=HOSPITAL)
        answer = self.post("desk", incident, "choose-fact", report=str(report.pk), reason="x")
        self.assertEqual(answer.status_code, 409)
        self.assertFalse(Entry.objects.filter(verb="fact.chosen").exists())

    def test_the_tick_on_the_form_says_that_the_figure_in_force_is_corrected(self) -> None:
        incident = an_earthquake()
        self.done(self.post("desk", incident, "report-facts", **reported(deaths="3", source=COUNTY)))
        typed = {**reported(deaths="7", source=HOSPITAL), "corrects_present": "on"}
        text = self.done(self.post("desk", incident, "report-facts", **typed))
        self.assertNotIn("个来源不一致", text)
        self.assertIn("死亡人数 3人 → 7人", text)

    def test_what_was_decided_on_one_source_says_so_to_everybody_for_good(self) -> None:
        incident = self.differing_figures()
        decisions.approve(open_decision(incident).pk, actor=person("wang"), at=minutes(2))
        told(incident, 12, HOSPITAL, 2)
        for who in ("desk", "li", "auditor", "yingxian"):
            self.assertIn("按县医院的数字（死亡人数 60人，尚有分歧）为二级响应", self.text(incident, who))
        said = self.text(incident, "desk").split("经过")[-1]
        self.assertIn("按现用的数字预案条件为三级响应", said)

    def test_a_response_that_runs_is_not_raised_without_the_chain(self) -> None:
        incident = a_response(3)
        told(incident, 60, HOSPITAL, 1)
        told(incident, 3, COUNTY, 2)
        self.assertEqual((fresh(incident).level, open_decision(incident).to_level), (3, 2))
