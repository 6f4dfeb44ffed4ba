"""Closing: after a review with its papers, or without a response where no level holds."""

import pytest
from django.urls import reverse

from response.actions import decisions, incidents, reviews
from response.models import Incident, Paper
from shuozhou_ops.errors import Conflict
from tests.cast import (
    NOON,
    an_earthquake,
    an_ended,
    fresh,
    hand_in_every_paper,
    minutes,
    open_decision,
    person,
)
from tests.response.web import WebCase, logged_in, text_of


class PapersTests(WebCase):
    """After the end."""

    def test_each_unit_that_took_part_owes_its_own_summary_the_county_among_them(self) -> None:
        incident = an_ended(3)
        self.done(self.post("zhang", incident, "open-review"))
        owed = set(Paper.objects.filter(incident=incident, cite="6.2").values_list("author__key", flat=True))
        self.assertLessEqual({"yingxian", "transport", "health", "commerce"}, owed)  # 6.2: whoever took part
        self.assertNotIn("audit", owed)

    def test_a_paper_half_filled_keeps_what_was_typed(self) -> None:
        incident = an_ended(3)
        self.done(self.post("zhang", incident, "open-review"))
        paper = Paper.objects.filter(incident=incident).first()
        assert paper
        answer = logged_in("zhang").post(reverse("paper_submit", args=[paper.pk]), {"heading-0": "凌晨发生"})
        self.assertEqual(answer.status_code, 400)
        self.assertIn("凌晨发生", answer.content.decode())
        self.assertIn(f"请填写“{paper.headings[1]}”", text_of(answer.content.decode()))

    def test_closing_waits_for_the_papers(self) -> None:
        incident = an_ended(3)
        self.post("zhang", incident, "open-review")
        self.assertEqual(self.post("zhang", incident, "close").status_code, 409)
        hand_in_every_paper(incident)
        self.done(self.post("zhang", incident, "close"))


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
