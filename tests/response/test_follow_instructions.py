"""Instructions and opinions of those above: received, passed on with a receipt, followed until done (5.4.2(9))."""

import pytest
from django.urls import reverse

from response.actions import endings, instructions, receipts, reviews, support
from response.actions.instructions import FIELD, Received
from response.actions.standing import Commander
from response.models import Incident, Instruction
from shuozhou_ops.errors import BadInput, Conflict, NotAuthorised
from shuozhou_ops.notices.models import Notice
from tests.cast import a_response, an_ended, hand_in_every_paper, minutes, person, verbs
from tests.response.test_stand_headquarters import a_landslide, stood
from tests.response.web import WebCase, logged_in, text_of

pytestmark = [pytest.mark.django_db, pytest.mark.both]


def received(incident: Incident) -> Instruction:
    told = Received("instruction", "赵省长", "全力搜救", "省长", minutes(1), "5.4.2(9)")
    return instructions.receive(incident.pk, told, actor=person("desk"), at=minutes(2))


def test_received_passed_on_to_the_scene_and_done() -> None:
    incident = a_landslide()
    stood(incident, Commander(account="li"))
    row = received(incident)
    with pytest.raises(Conflict) as refused:
        instructions.finish(incident.pk, row.pk, "已办", actor=person("zhang"), at=minutes(5))
    assert refused.value.code == "not_passed"
    instructions.pass_on(incident.pk, row.pk, [FIELD, "emergency"], actor=person("zhang"), at=minutes(5))
    notices = Notice.objects.filter(subject=f"instruction/{row.pk}")
    assert {str(notice.unit or notice.position.key) for notice in notices if notice.unit or notice.position} == {
        "市应急局",
        "vice_mayor",
    }
    assert all(notice.needs_receipt and notice.body == "全力搜救" for notice in notices)
    at_scene = notices.get(position__key="vice_mayor")
    receipts.acknowledge(at_scene.pk, actor=person("li"), at=minutes(6))
    instructions.finish(incident.pk, row.pk, "搜救范围扩大到全村", actor=person("zhang"), at=minutes(7))
    row.refresh_from_db()
    assert (row.status, row.done_at) == ("done", minutes(7))
    assert verbs(incident)[-4:] == [
        "instruction.received",
        "instruction.passed",
        "notice.received",
        "instruction.done",
    ]


def test_passed_on_again_reaches_those_who_were_not_told() -> None:
    incident = a_response(3)
    row = received(incident)
    for units in (["emergency"], ["emergency", "health"]):
        instructions.pass_on(incident.pk, row.pk, units, actor=person("zhang"), at=minutes(5))
    assert Notice.objects.filter(subject=f"instruction/{row.pk}").count() == 2
    with pytest.raises(Conflict) as refused:
        instructions.pass_on(incident.pk, row.pk, ["health"], actor=person("zhang"), at=minutes(6))
    assert refused.value.code == "told_before"


def test_where_no_field_headquarters_stands_units_are_chosen() -> None:
    incident = a_response(3)
    row = received(incident)
    with pytest.raises(Conflict) as refused:
        instructions.pass_on(incident.pk, row.pk, [FIELD], actor=person("zhang"), at=minutes(5))
    assert refused.value.code == "no_field"
    for units in ([], ["no_such"]):
        with pytest.raises(BadInput):
            instructions.pass_on(incident.pk, row.pk, units, actor=person("zhang"), at=minutes(5))


def test_nobody_else_and_nothing_half() -> None:
    incident = a_response(3)
    row = received(incident)
    for who in ("transport", "yingxian", "auditor"):
        with pytest.raises(NotAuthorised):
            instructions.receive(incident.pk, Received("opinion", "工作组", "x"), actor=person(who), at=minutes(3))
        with pytest.raises(NotAuthorised):
            instructions.pass_on(incident.pk, row.pk, ["health"], actor=person(who), at=minutes(3))
        with pytest.raises(NotAuthorised):
            instructions.finish(incident.pk, row.pk, "x", actor=person(who), at=minutes(3))
    with pytest.raises(BadInput) as refused:
        instructions.receive(incident.pk, Received("order", "", ""), actor=person("desk"), at=minutes(3))
    assert {error.field for error in refused.value.errors} == {"kind", "giver_name", "text"}
    assert verbs(incident)[-1] == "instruction.received"


class AfterClosingTests(WebCase):
    """It is followed until it is done, whatever becomes of the incident."""

    def closed(self) -> tuple[Incident, Instruction]:
        """An incident that was closed with an instruction and a request still open."""
        incident = an_ended(3)
        row = received(incident)
        support.ask(incident.pk, "急需帐篷", actor=person("yingxian"), at=minutes(2), county="yingxian")
        reviews.open_review(incident.pk, actor=person("zhang"), at=minutes(3))
        hand_in_every_paper(incident)
        reviews.close(incident.pk, actor=person("zhang"), at=minutes(4))
        return incident, row

    def test_it_waits_on_the_director_s_desk_and_is_passed_on_and_done_on_the_page(self) -> None:
        incident, row = self.closed()
        self.clock_at(minutes(9))
        self.assertIn("全力搜救", text_of(logged_in("zhang").get(reverse("desk")).content.decode()))
        self.done(self.post("zhang", incident, "pass-on", instruction=row.pk, units=["emergency"]))
        page = self.done(
            self.post("zhang", incident, "finish-instruction", instruction=row.pk, result="搜救范围扩大到全村")
        )
        self.assertIn("搜救范围扩大到全村", page)
        self.assertNotIn("未办结", page)
        self.assertNotIn("全力搜救", text_of(logged_in("zhang").get(reverse("desk")).content.decode()))

    def test_a_request_is_answered_and_nothing_new_is_taken_down(self) -> None:
        incident, _row = self.closed()
        request = incident.requests.get()
        support.answer(incident.pk, request.pk, granted=True, actor=person("li"), at=minutes(9), text="已调拨")
        with pytest.raises(Conflict):
            received(incident)
        with pytest.raises(Conflict):
            support.ask(incident.pk, "急需水", actor=person("yingxian"), at=minutes(9), county="yingxian")

    def test_after_a_dismissal_too(self) -> None:
        incident = a_response(3)
        row = received(incident)
        endings.dismiss(incident.pk, actor=person("li"), at=minutes(3), reason="误报")
        self.clock_at(minutes(9))
        self.done(self.post("zhang", incident, "pass-on", instruction=row.pk, units=["emergency"]))
