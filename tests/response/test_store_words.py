"""What is typed is stored as it is recorded, and the longest of it hinders nothing."""

import pytest

from response.actions import decisions, endings, incidents
from response.actions.incidents import Call
from response.models import Incident
from shuozhou_ops.journal import readers, record
from shuozhou_ops.notices.models import Notice
from tests.cast import NOON, an_earthquake, open_decision, person

pytestmark = [pytest.mark.django_db, pytest.mark.both]


def test_blanks_around_words_are_neither_stored_nor_recorded() -> None:
    call = Call(plan="earthquake", place=" 应县 " + " " * 250, source="call", caller_name="王 ", words="晃\r\n动\n")
    incident = incidents.log(call, actor=person("desk"), at=NOON)
    stored = Incident.objects.get(pk=incident.pk)
    assert (stored.place, stored.caller_name, stored.words) == ("应县", "王", "晃\n动")
    recorded = readers.fold(readers.stream(incident.stream))[record.thing(incident)]
    for name in ("place", "caller_name", "words"):
        assert recorded[name] == record.journaled_value(stored, Incident._meta.get_field(name))


def test_what_is_recorded_of_a_suggestion_is_what_is_stored() -> None:
    incident = an_earthquake()
    decision = decisions.suggest(incident.pk, 2, actor=person("desk"), at=NOON, reason="学校受损" + " " * 600)
    step = decision.steps.get()
    assert readers.fold(readers.stream(incident.stream))[record.thing(step)]["note"] == step.note == "学校受损"


def test_the_longest_place_keeps_no_one_from_deciding_and_every_title_says_what_happened() -> None:
    call = Call(plan="earthquake", place="长" * 200, source="call", counties=("yingxian",), facts={"magnitude": 5.2})
    incident = incidents.log(call, actor=person("desk"), at=NOON)
    decisions.approve(open_decision(incident).pk, actor=person("li"), at=NOON)
    for place in range(5):
        endings.confirm(incident.pk, place, actor=person("zhang"), at=NOON, basis="各组报告")
    endings.declare(incident.pk, actor=person("li"), at=NOON)
    titles = set(Notice.objects.filter(stream=incident.stream).values_list("title", flat=True))
    assert {len(title) for title in titles} == {200}
    assert {title[-6:] for title in titles} >= {"启动三级响应", "三级响应结束"}
