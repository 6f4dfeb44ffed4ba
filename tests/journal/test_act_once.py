"""A key makes an act happen once: repeated it is answered alike, with other content it is refused."""

import pytest
from django.http import HttpRequest, QueryDict
from django.test import RequestFactory

from response.actions import decisions, incidents, tasks
from response.models import Incident, Task
from shuozhou_ops import clock
from shuozhou_ops.accounts import acting
from shuozhou_ops.errors import Conflict, NotAuthorised
from shuozhou_ops.journal import requests
from shuozhou_ops.journal.models import Entry, SecurityEvent
from shuozhou_ops.journal.requests import Key
from tests.cast import NOON, a_response, an_earthquake, fresh, minutes, open_decision, person, user, verbs

pytestmark = [pytest.mark.django_db, pytest.mark.both]


def posted(username: str, **fields: str) -> HttpRequest:
    """A form posted by one of the cast."""
    request = RequestFactory().post("/")
    request.user = user(username)
    form = QueryDict(mutable=True)
    form.update(fields)
    request.POST = form
    return request


def test_the_same_key_twice_is_one_effect_and_the_same_answer() -> None:
    incident = an_earthquake()
    key = Key("k", requests.fingerprint(["verify"]))

    def verify() -> None:
        incidents.verify(incident.pk, actor=person("desk"), at=NOON)

    assert requests.once(person("desk"), key, verify) is None
    made = Entry.objects.get(stream=incident.stream, verb="incident.verified")
    assert (made.idempotency_key, made.fingerprint) == ("k", key.fingerprint)
    assert [requests.once(person("desk"), key, verify) for _ in range(3)] == [made] * 3
    assert verbs(incident).count("incident.verified") == 1


def test_the_same_key_with_other_content_is_refused_and_does_nothing() -> None:
    incident = an_earthquake()
    run: list[int] = []
    requests.once(person("desk"), Key("k", "one"), lambda: incidents.verify(incident.pk, actor=person("desk"), at=NOON))
    with pytest.raises(Conflict) as refusal:
        requests.once(person("desk"), Key("k", "another"), lambda: run.append(1))
    assert (refusal.value.code, run) == ("key_reused", [])


def test_two_people_may_use_the_same_key() -> None:
    first, second = an_earthquake(), an_earthquake()
    key = Key("k", "same")
    for incident, who in ((first, "desk"), (second, "zhang")):
        done = requests.once(
            person(who),
            key,
            lambda incident=incident, who=who: incidents.verify(incident.pk, actor=person(who), at=NOON),
        )
        assert done is None
    assert [fresh(incident).status for incident in (first, second)] == ["verified", "verified"]


def test_an_act_that_was_refused_leaves_its_key_free() -> None:
    incident = an_earthquake()
    key = Key("k", "same")
    with pytest.raises(NotAuthorised):
        requests.once(person("yingxian"), key, lambda: incidents.verify(incident.pk, actor=person("yingxian"), at=NOON))
    assert (
        requests.once(person("desk"), key, lambda: incidents.verify(incident.pk, actor=person("desk"), at=NOON)) is None
    )


def test_a_key_is_used_up_by_one_act_and_not_by_the_next_without_one() -> None:
    incident = an_earthquake()
    requests.once(person("desk"), Key("k", "one"), lambda: incidents.verify(incident.pk, actor=person("desk"), at=NOON))
    decisions.approve(open_decision(incident).pk, actor=person("li"), at=NOON)
    assert Entry.objects.get(stream=incident.stream, verb="level.started").idempotency_key is None


def test_a_form_sent_twice_is_one_act_and_its_second_answer_names_what_the_first_did() -> None:
    form = {"idempotency_key": acting.new_key(), "place": "应县"}
    call = incidents.Call(plan="earthquake", place="应县", source="call")
    first, second = (
        acting.perform(
            posted("desk", **form), "incident.log", "", lambda actor, at: incidents.log(call, actor=actor, at=at)
        )
        for _ in range(2)
    )
    assert (first.ok, first.repeated, second.ok, second.repeated) == (True, False, True, True)
    assert Incident.objects.count() == 1
    assert second.entry is not None
    assert second.entry.stream == first.result.stream


def test_a_form_sent_again_with_other_words_is_refused_in_words() -> None:
    incident = a_response(3)
    task = Task.objects.filter(incident=incident, unit__key="transport")[0]

    def send(text: str) -> acting.Outcome:
        return acting.perform(
            posted("transport", idempotency_key="k", text=text),
            "task.report",
            f"task/{task.pk}",
            lambda actor, at: tasks.report(task.pk, text, actor=actor, at=at),
        )

    assert send("已出动 3 台").ok
    refused = send("已出动 5 台")
    assert refused.error is not None
    assert (refused.error.code, refused.status) == ("key_reused", 409)
    assert Task.objects.get(pk=task.pk).progress == "已出动 3 台"


@pytest.mark.parametrize(
    ("who", "code"),
    [("yingxian", "not_named"), ("auditor", "not_named"), ("desk", "not_named"), ("zhang", "not_named")],
)
def test_a_refused_act_leaves_one_line_in_the_security_log_and_nothing_else(who: str, code: str) -> None:
    incident = an_earthquake()
    decision = open_decision(incident)
    before = (verbs(incident), Incident.objects.values().get(), list(incident.decisions.values()))
    with clock.at(minutes(5)):
        outcome = acting.perform(
            posted(who, reason="我来"),
            "level.approve",
            f"leveldecision/{decision.pk}",
            lambda actor, at: decisions.approve(decision.pk, actor=actor, at=at, reason="我来"),
        )
    assert outcome.error is not None
    assert (outcome.ok, outcome.status, outcome.error.code) == (False, 403, code)
    assert outcome.error.cite == "5.3.2"
    assert (verbs(incident), Incident.objects.values().get(), list(incident.decisions.values())) == before
    event = SecurityEvent.objects.get()
    assert (event.at, event.actor, event.act) == (minutes(5), user(who).ref, "level.approve")
    assert (event.subject, event.code) == (f"leveldecision/{decision.pk}", code)


def test_what_the_state_machine_refuses_comes_back_in_words_too() -> None:
    task = Task.objects.filter(incident=a_response(3), unit__key="transport")[0]
    for status in (200, 409):
        outcome = acting.perform(
            posted("transport"),
            "task.accept",
            f"task/{task.pk}",
            lambda actor, at: tasks.accept(task.pk, actor=actor, at=at),
        )
        assert outcome.status == status
    assert outcome.error is not None
    assert outcome.error.code == "wrong_state"
    assert SecurityEvent.objects.get().code == "wrong_state"
