"""Figures beside the facts: told, corrected and verified like facts; no plan judges them."""

import pytest

from response.actions import facts
from response.facts import assess, in_force, reports_of
from response.models import FactReport, Incident, LevelDecision
from shuozhou_ops.errors import BadFacts, BadInput
from tests.cast import NOON, an_earthquake, minutes, person, verbs
from tests.response.web import WebCase, text_of

FIGURE = FactReport.Kind.FIGURE


def counted(incident: Incident) -> dict[str, FactReport]:
    return in_force(reports_of(incident), FIGURE)


def tell(incident: Incident, minute: float = 1, **figures: object) -> None:
    facts.report(incident.pk, {}, figures=figures, actor=person("desk"), at=minutes(minute), source="县指挥部")


@pytest.mark.django_db
class TestTelling:
    def test_it_is_kept_beside_the_facts_and_a_correction_names_what_it_corrects(self) -> None:
        incident = an_earthquake()
        tell(incident, 1, relocated=300, trapped=8)
        tell(incident, 2, relocated=420)
        rows = FactReport.objects.filter(incident=incident, kind=FIGURE, name="relocated")
        first, second = rows.order_by("pk")
        assert (first.value, second.value, second.corrects) == (300, 420, first)
        assert {name: report.value for name, report in counted(incident).items()} == {"relocated": 420, "trapped": 8}
        assert verbs(incident)[-2:] == ["fact.reported", "fact.reported"]

    def test_no_plan_judges_it(self) -> None:
        incident = an_earthquake()
        before = assess(incident, minutes(1))
        open_before = LevelDecision.objects.filter(incident=incident).count()
        tell(incident, 1, trapped=5000, serious_injuries=5000, direct_loss_yuan=9e9)
        standing, answer = assess(incident, minutes(1))
        assert (standing.values, answer) == (before[0].values, before[1])
        assert not set(standing.reports) & {"trapped", "serious_injuries", "direct_loss_yuan"}
        assert LevelDecision.objects.filter(incident=incident).count() == open_before

    def test_a_withdrawn_one_is_unknown_again_and_its_history_stays(self) -> None:
        incident = an_earthquake()
        tell(incident, 1, trapped=8)
        tell(incident, 2, trapped=None)
        assert counted(incident)["trapped"].value is None
        assert FactReport.objects.filter(incident=incident, name="trapped").count() == 2

    @pytest.mark.parametrize(("figures", "code"), [({"trapped": -1}, "too_small"), ({"dragons": 1}, "unknown_fact")])
    def test_what_cannot_be_changes_nothing(self, figures: dict[str, int], code: str) -> None:
        incident = an_earthquake()
        said = verbs(incident)
        with pytest.raises(BadFacts) as refused:
            tell(incident, 1, **figures)
        assert [item.code for item in refused.value.errors] == [code]
        assert (counted(incident), verbs(incident)) == ({}, said)

    def test_nothing_at_all_is_no_report(self) -> None:
        with pytest.raises(BadInput):
            tell(an_earthquake())

    def test_it_is_verified_as_it_stands(self) -> None:
        incident = an_earthquake()
        tell(incident, 1, trapped=8)
        facts.verify(incident.pk, [], figures=["trapped"], actor=person("desk"), at=minutes(2), source="搜救队")
        now = counted(incident)["trapped"]
        assert (now.value, now.quality, now.source) == (8, "verified", "搜救队")


class PageTests(WebCase):
    """On the same form as the facts, in a fold of its own."""

    def report(self, incident: Incident, **typed: str):
        return self.post("desk", incident, "report-facts", source="县指挥部", quality="estimated", **typed)

    def test_it_is_typed_beside_the_facts_and_shown_with_its_history(self) -> None:
        incident = an_earthquake()
        text = self.done(self.report(incident, **{"figure-relocated": "300", "fact-deaths": "2"}))
        self.assertIn("紧急转移安置人数 300", text.split("其他统计")[1])
        self.assertIn("死亡人数 2人、紧急转移安置人数 300", text)
        text = self.done(self.report(incident, **{"figure-relocated": "420"}))
        self.assertIn("紧急转移安置人数 300 → 420", text)
        self.assertIn("先前 1 次", text.split("其他统计")[1])
        self.assertIn("紧急转移安置人数 420", self.text(incident, "yingxian"))
        done = self.done(self.post("desk", incident, "verify-facts", facts=["figure-relocated"], source="民政局"))
        self.assertIn("核实：紧急转移安置人数 420", done)

    def test_a_fault_stands_at_its_field_and_keeps_what_was_typed(self) -> None:
        incident = an_earthquake()
        answer = self.report(incident, **{"figure-trapped": "-3", "fact-deaths": "2", "figure-relocated": "12"})
        self.assertEqual(answer.status_code, 400)
        page = text_of(answer.content.decode())
        self.assertIn("被困人数（trapped）：不能小于0", page)
        self.assertIn('value="12"', answer.content.decode())
        self.assertFalse(FactReport.objects.filter(incident=incident, told_at__gt=NOON).exists())

    def test_one_that_is_known_can_be_withdrawn(self) -> None:
        incident = an_earthquake()
        tell(incident, 1, trapped=8)
        self.assertIn("撤回", self.done(self.report(incident, **{"withdraw-figure-trapped": "on"})))
        self.assertIsNone(counted(incident)["trapped"].value)
