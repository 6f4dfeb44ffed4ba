"""A step of the chain that was taken without the system is written down: it moves nothing and blocks nothing."""

import pytest

from response.actions import decisions, incidents, reviews, steps
from response.actions.incidents import Call
from response.models import DecisionStep, Incident, LevelDecision
from shuozhou_ops.errors import BadInput, Conflict, NotAuthorised
from shuozhou_ops.journal import readers, verification
from shuozhou_ops.notices.models import Notice
from tests.cast import (
    NOON,
    a_response,
    an_earthquake,
    an_ended,
    fresh,
    hand_in_every_paper,
    minutes,
    open_decision,
    person,
    verbs,
)
from tests.response.web import WebCase, text_of

pytestmark = [pytest.mark.django_db, pytest.mark.both]


def a_landslide() -> Incident:
    """One dead: level 4, which the office director starts after a report to the commander (5.4.1)."""
    call = Call(plan="geological_hazard", place="高石庄", source="call", counties=("pinglu",), facts={"deaths": 1})
    return incidents.log(call, actor=person("desk"), at=NOON)


def started() -> LevelDecision:
    return decisions.approve(open_decision(a_landslide()).pk, actor=person("zhang"), at=minutes(1))


def test_the_report_is_written_down_after_the_start_with_time_and_means() -> None:
    decision = started()
    made = steps.add(
        decision.pk, "report", actor=person("zhang"), at=minutes(9), said_at=NOON, means="phone", note="已同意先启动"
    )
    assert (made.by_name, made.to_post, made.at, made.means) == ("张局长", "指挥长", NOON, "phone")
    entry = readers.stream(decision.incident.stream)[-1]
    assert (entry.verb, entry.payload["means"]) == ("level.step_added", "phone")
    told = Notice.objects.get(subject=f"leveldecision/{decision.pk}", title__contains="向指挥长报告")
    assert told.position
    assert (told.position.key, told.needs_receipt) == ("vice_mayor", False)
    assert (fresh(decision.incident).level, verification.faults()) == (4, [])


def test_before_the_start_as_well_and_the_start_waits_for_nobody() -> None:
    incident = a_landslide()
    waiting = open_decision(incident)
    steps.add(waiting.pk, "report", actor=person("natural_resources"), at=NOON)
    assert open_decision(incident).status == "suggested"
    decisions.approve(waiting.pk, actor=person("zhang"), at=minutes(1))
    assert verbs(incident)[-2:] == ["level.step_added", "level.started"]


def test_it_is_written_down_once() -> None:
    decision = started()
    steps.add(decision.pk, "report", actor=person("zhang"), at=minutes(2))
    with pytest.raises(Conflict) as refused:
        steps.add(decision.pk, "report", actor=person("zhang"), at=minutes(3))
    assert refused.value.code == "step_there"


@pytest.mark.parametrize("who", ["desk", "li", "transport"])
def test_only_the_one_who_reported_writes_it_down(who: str) -> None:
    decision = started()
    with pytest.raises(NotAuthorised) as refused:
        steps.add(decision.pk, "report", actor=person(who), at=minutes(2))
    assert (refused.value.cite, verbs(decision.incident)[-1]) == ("5.4.1", "level.started")


def test_a_moment_to_come_and_a_means_that_is_none_are_refused() -> None:
    decision = started()
    for typed in ({"said_at": minutes(60)}, {"means": "pigeon"}, {"note": "长" * 501}):
        with pytest.raises(BadInput) as refused:
            steps.add(decision.pk, "report", actor=person("zhang"), at=minutes(2), **typed)
        assert refused.value.fields == set(typed)
    assert DecisionStep.Act.REPORT not in decision.acts_taken


def test_a_step_that_the_superior_left_out_can_be_added_once_it_is_decided() -> None:
    incident = an_earthquake()
    waiting = open_decision(incident)
    with pytest.raises(Conflict) as refused:
        steps.add(waiting.pk, "report", actor=person("zhang"), at=NOON)
    assert refused.value.code == "not_decided"
    decisions.approve(waiting.pk, actor=person("li"), at=minutes(1))
    steps.add(waiting.pk, "report", actor=person("zhang"), at=minutes(2), means="spoken")
    assert LevelDecision.objects.get(pk=waiting.pk).acts_taken == {"suggest", "report", "decide"}


def test_after_the_closing_too_what_was_missing_is_added() -> None:
    incident = an_ended(3)
    reviews.open_review(incident.pk, actor=person("zhang"), at=minutes(2))
    hand_in_every_paper(incident)
    reviews.close(incident.pk, actor=person("zhang"), at=minutes(3))
    start = incident.decisions.get(kind="start")
    steps.add(start.pk, "report", actor=person("zhang"), at=minutes(4), said_at=NOON, means="phone")
    assert (fresh(incident).status, start.steps.filter(act="report").count()) == ("closed", 1)


def test_what_was_refused_and_an_end_get_no_step() -> None:
    waiting = open_decision(a_landslide())
    decisions.refuse(waiting.pk, actor=person("zhang"), at=minutes(1), reason="已排除")
    with pytest.raises(Conflict) as refused:
        steps.add(waiting.pk, "report", actor=person("zhang"), at=minutes(2))
    assert refused.value.code == "already_settled"


class StepPageTests(WebCase):
    def form(self, decision: LevelDecision) -> str:
        return f"/decisions/{decision.pk}/add-report/"

    def test_the_director_has_the_form_and_the_others_only_see_that_it_is_missing(self) -> None:
        decision = started()
        incident = decision.incident
        for who, offered in (("zhang", True), ("natural_resources", True), ("li", False), ("desk", False)):
            page = self.page(incident, who)
            self.assertEqual(self.form(decision) in page, offered, who)
            self.assertIn("还没有记录，不影响决定", text_of(page))

    def test_written_down_it_shows_as_done_with_its_time(self) -> None:
        decision = started()
        typed = {"said_at": "2026-11-24T11:58", "means": "phone", "note": "报告险情"}
        text = self.done(self.settle("zhang", decision.pk, "add-report", **typed))
        self.assertIn("记录向指挥长报告启动四级响应（电话，11-24 11:58），报告险情", text)
        self.assertRegex(text, r"报告 市应急局局长 张局长 → 指挥长 11-24 11:58:00 电话 “报告险情”")
        self.assertNotIn("还没有记录", text)

    def test_a_bad_moment_is_said_at_its_field_and_what_was_typed_stays(self) -> None:
        decision = started()
        typed = {"said_at": "2027-01-01T00:00", "means": "phone", "note": "报告险情"}
        answer = self.settle("zhang", decision.pk, "add-report", **typed)
        self.assertEqual(answer.status_code, 400)
        self.assertIn("时间不能晚于现在", text_of(answer.content.decode()))
        self.assertIn('value="报告险情"', answer.content.decode())

    def test_a_step_left_out_is_offered_to_whom_it_was(self) -> None:
        incident = a_response(3)
        decision = incident.decisions.get()
        self.assertIn(self.form(decision), self.page(incident, "zhang"))
        self.done(self.settle("zhang", decision.pk, "add-report", means="spoken"))
        self.assertNotIn("缺这一步", self.text(incident, "zhang"))
