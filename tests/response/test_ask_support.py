"""What a county asks of the city, and the city of those above (5.2, 5.4.3), until it is answered."""

import pytest

from response.actions import support
from response.models import SupportRequest
from shuozhou_ops.errors import BadInput, Conflict, NotAuthorised
from shuozhou_ops.journal import readers
from shuozhou_ops.notices.models import Notice
from tests.cast import a_response, minutes, person, verbs

pytestmark = [pytest.mark.django_db, pytest.mark.both]


def test_a_county_asks_the_city_and_is_told_the_answer() -> None:
    incident = a_response(3)
    request = support.ask(incident.pk, "请增派两台挖掘机", actor=person("yingxian"), at=minutes(2), county="yingxian")
    assert request.to_name == "市抗震救灾指挥部"
    support.answer(incident.pk, request.pk, True, actor=person("zhang"), at=minutes(4), text="已调两台，40 分钟到")
    request.refresh_from_db()
    assert (request.status, request.answered_at) == ("granted", minutes(4))
    told = Notice.objects.get(stream=incident.stream, subject=f"supportrequest/{request.pk}")
    assert (told.unit and told.unit.key, told.needs_receipt) == ("yingxian", False)
    assert "已调两台" in told.body
    assert readers.stream(incident.stream)[-1].payload["granted"] is True
    with pytest.raises(Conflict):
        support.answer(incident.pk, request.pk, False, actor=person("li"), at=minutes(5), text="不了")


def test_the_city_asks_those_above_and_the_desk_writes_their_answer_down() -> None:
    incident = a_response(2)
    with pytest.raises(BadInput) as refused:
        support.ask(incident.pk, "", actor=person("desk"), at=minutes(2))
    assert {error.field for error in refused.value.errors} == {"text", "to_name"}
    request = support.ask(incident.pk, "请派省级救援队", actor=person("desk"), at=minutes(2), to_name="省指挥部")
    assert request.place is None
    support.answer(incident.pk, request.pk, False, actor=person("desk"), at=minutes(9), text="队伍在外地")
    assert SupportRequest.objects.get().status == "refused"


def test_nobody_else_asks_or_answers() -> None:
    incident = a_response(3)
    for who in ("shanyin", "transport", "auditor"):
        with pytest.raises(NotAuthorised):
            support.ask(incident.pk, "请增援", actor=person(who), at=minutes(2), county="yingxian")
        with pytest.raises(NotAuthorised):
            support.ask(incident.pk, "请增援", actor=person(who), at=minutes(2), to_name="省指挥部")
    request = support.ask(incident.pk, "请增援", actor=person("desk"), at=minutes(2), county="yingxian")
    for who in ("desk", "yingxian", "transport", "auditor"):
        with pytest.raises(NotAuthorised):
            support.answer(incident.pk, request.pk, True, actor=person(who), at=minutes(3), text="好")
    with pytest.raises(BadInput):
        support.answer(incident.pk, request.pk, True, actor=person("zhang"), at=minutes(3), text=" ")
    with pytest.raises(BadInput):
        support.answer(a_response(4).pk, request.pk, True, actor=person("zhang"), at=minutes(3), text="好")
    assert verbs(incident)[-1] == "request.asked"
