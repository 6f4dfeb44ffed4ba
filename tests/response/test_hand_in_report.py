"""Units that the plan charges with a report (5.1): an empty slot each, filled by themselves or at the desk."""

import pytest
from django.test import TestCase

from response.actions import reports
from response.models import Incident, UnitReport
from response.queries.case import read
from response.queries.reports import of_case
from response.slots import slots_of
from shuozhou_ops.errors import BadInput, NotAuthorised
from shuozhou_ops.journal import verification
from tests.cast import a_response, an_earthquake, minutes, person, verbs
from tests.response.web import WebCase

TEN = {"公安局", "工信局", "交通局", "水利局", "住建局", "教育局", "卫健委", "规划和自然资源局", "能源局", "朔州车务段"}


def key_of(incident: Incident, bearer: str) -> str:
    """The first slot of a unit."""
    case = read(incident.public_id, person("desk"), minutes(2))
    return next(slot.key for slot in slots_of(case.document, case.ground) if slot.bearer.name == bearer)


@pytest.mark.both
class HandInTests(TestCase):
    """Ten bureaus tell what they know of an earthquake."""

    def test_each_charged_unit_has_its_slot_and_the_county_its_own(self) -> None:
        case = read(an_earthquake(counties=("yingxian", "huairen")).public_id, person("desk"), minutes(2))
        names = {teller.name for teller in of_case(case, None).tellers}
        self.assertLessEqual({f"市{name}" if name != "朔州车务段" else name for name in TEN}, names)
        self.assertLessEqual({"应县", "怀仁市"}, names)

    def test_what_the_desk_writes_down_fills_it_and_a_later_one_continues_it(self) -> None:
        incident = an_earthquake()
        slot = key_of(incident, "市公安局")
        for text in ("道路拥堵", "道路已畅通"):
            reports.hand_in(incident.pk, slot, text, actor=person("desk"), at=minutes(2))
        case = read(incident.public_id, person("desk"), minutes(2))
        found = of_case(case, None)
        told = next(teller for teller in found.tellers if teller.name == "市公安局")
        self.assertEqual([report.text for report in told.lines[0].told], ["道路已畅通", "道路拥堵"])
        self.assertEqual((told.empty, found.empty), (0, len(found.tellers) - 1))
        self.assertEqual(verbs(incident)[-2:], ["report.received"] * 2)
        self.assertEqual(verification.faults(), [])

    def test_a_unit_fills_its_own_and_no_other(self) -> None:
        incident = a_response(3)
        mine, others = key_of(incident, "市交通局"), key_of(incident, "市公安局")
        row = reports.hand_in(incident.pk, mine, "京大高速一处塌方", actor=person("transport"), at=minutes(2))
        self.assertEqual(row.unit and row.unit.key, "transport")
        with self.assertRaises(NotAuthorised) as refused:
            reports.hand_in(incident.pk, others, "塌方", actor=person("transport"), at=minutes(2))
        self.assertEqual(refused.exception.cite, "5.1")

    def test_what_cannot_be_kept_changes_nothing(self) -> None:
        incident = an_earthquake()
        slot = key_of(incident, "市公安局")
        for wanted, text in (("reporting/999/市公安局", "情况"), (slot, " "), (slot, "长" * 2001)):
            with self.assertRaises(BadInput):
                reports.hand_in(incident.pk, wanted, text, actor=person("desk"), at=minutes(2))
        self.assertFalse(UnitReport.objects.exists())


class HandInPageTests(WebCase):
    """By page."""

    def test_the_empty_slot_shows_and_is_filled(self) -> None:
        incident = an_earthquake()
        page = self.text(incident, "desk")
        self.assertRegex(page, r"市公安局 待报 1 及时把所知情况报市政府，通报市应急局 5.1 还没有报告。")
        typed = {"slot": key_of(incident, "市公安局"), "text": "道路拥堵", "observed_at": ""}
        page = self.done(self.post("desk", incident, "hand-in", **typed))
        self.assertRegex(page, r"市公安局 已报 .*“道路拥堵”")

    def test_a_unit_sees_its_own_slots_alone(self) -> None:
        incident = a_response(3)
        page = self.text(incident, "transport")
        self.assertIn("各单位报告 1 个单位，1 个还没有报告", page)

    def test_a_refused_report_keeps_what_was_typed(self) -> None:
        incident = an_earthquake()
        answer = self.post("desk", incident, "hand-in", slot="", text="道路拥堵", observed_at="")
        self.assertEqual(answer.status_code, 400)
        self.assertIn("请选择“谁报告什么”。", answer.content.decode())
        self.assertIn("道路拥堵</textarea>", answer.content.decode())
