"""A decision rests on the facts of its moment, not of the suggestion; a refusal speaks for its own level only."""

import pytest

from response.actions import decisions, facts, incidents, reviews
from response.models import Incident
from shuozhou_ops.errors import BadInput, Conflict
from shuozhou_ops.journal import readers, record
from tests.cast import NOON, an_earthquake, fresh, minutes, open_decision, person
from tests.response.web import WebCase, text_of


def worse(incident: Incident) -> None:
    """Sixty dead are told: the table gives level 2."""
    facts.report(incident.pk, {"deaths": 60}, actor=person("desk"), at=minutes(1), source="县指挥部")


class WeighTests(WebCase):
    """Approving after the facts have moved."""

    def proposed(self) -> tuple[Incident, int]:
        incident = an_earthquake()
        suggested = decisions.suggest(incident.pk, 3, actor=person("desk"), at=NOON)
        decisions.propose(suggested.pk, actor=person("zhang"), at=NOON)
        return incident, suggested.pk

    def test_milder_than_the_table_is_now_needs_a_reason(self) -> None:
        incident, proposal = self.proposed()
        worse(incident)
        with self.assertRaises(BadInput):
            decisions.approve(proposal, actor=person("li"), at=minutes(2))
        decided = decisions.approve(proposal, actor=person("li"), at=minutes(2), reason="先启动三级，已报总指挥")
        self.assertEqual((decided.table_level, decided.to_level, decided.differs_from_table), (2, 3, True))
        entry = readers.stream(incident.stream)[-1]
        self.assertEqual((entry.verb, entry.payload["table"]), ("level.started", 2))
        self.assertEqual(readers.fold([entry])[record.thing(decided)]["table_level"], 2)

    def test_the_page_says_that_the_facts_moved_and_asks_for_the_reason(self) -> None:
        incident, proposal = self.proposed()
        self.assertNotIn("提出以后情况有变", self.text(incident, "li"))
        worse(incident)
        self.assertIn("提出以后情况有变：按现有情况，预案条件为二级响应", self.text(incident, "li"))
        answer = self.settle("li", proposal, "approve")
        self.assertEqual(answer.status_code, 400)
        self.assertIn("与预案条件给出的二级响应不同，请写明理由", text_of(answer.content.decode()))

    def test_figures_verified_after_the_suggestion_stand_as_verified(self) -> None:
        incident = an_earthquake()
        facts.verify(incident.pk, ["magnitude"], actor=person("desk"), at=minutes(1), source="台网")
        decided = decisions.approve(open_decision(incident).pk, actor=person("li"), at=minutes(2))
        self.assertEqual(decided.figures["magnitude"], {"value": 5.2, "quality": "verified"})


@pytest.mark.django_db
class TestClosing:
    """Closing without a response, where a level holds."""

    def verified(self) -> Incident:
        incident = an_earthquake()
        incidents.verify(incident.pk, actor=person("desk"), at=NOON)
        return incident

    def close(self, incident: Incident) -> None:
        reviews.close(incident.pk, actor=person("zhang"), at=minutes(5), reason="无须响应")

    def test_refusing_a_milder_level_does_not_refuse_the_one_that_holds(self) -> None:
        incident = self.verified()
        milder = decisions.suggest(incident.pk, 4, actor=person("desk"), at=NOON, reason="影响轻微")
        decisions.refuse(milder.pk, actor=person("zhang"), at=NOON, reason="不合条件")
        with pytest.raises(Conflict) as refused:
            self.close(incident)
        assert refused.value.code == "level_holds"

    def test_nor_is_it_closed_while_a_start_waits(self) -> None:
        incident = self.verified()
        waiting = open_decision(incident)
        again = decisions.suggest(incident.pk, 3, actor=person("desk"), at=NOON)
        decisions.refuse(again.pk, actor=person("li"), at=NOON, reason="重复")
        with pytest.raises(Conflict):
            self.close(incident)
        decisions.refuse(waiting.pk, actor=person("li"), at=minutes(1), reason="误报")
        self.close(incident)
        assert fresh(incident).status == "closed"
