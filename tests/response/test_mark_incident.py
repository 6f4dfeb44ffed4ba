"""The plan's own marks: fires of higher danger are counted among the open ones, and all it counts for judged anew."""

from typing import Any

import pytest
from django.test import TestCase
from django.urls import reverse

from response.actions import decisions, endings, facts, incidents, marks, reviews
from response.actions.incidents import Call
from response.facts import standing_of
from response.models import Incident
from response.models.decisions import OPEN_STATUSES
from shuozhou_ops.errors import BadInput, Conflict, NotAuthorised
from shuozhou_ops.journal import verification
from tests.cast import fresh, minutes, person, verbs
from tests.response.web import WebCase, logged_in, text_of

FLAG, COUNT = "higher_danger", "concurrent_dangerous_fires"


def a_fire(at: float = 0, **call: Any) -> Incident:
    """A forest fire of which nothing is known yet."""
    return incidents.log(
        Call(plan="forest_grassland_fire", place="林场", source="call", counties=("youyu",), **call),
        actor=person("desk"),
        at=minutes(at),
    )


def mark(incident: Incident, bears: bool = True, at: float = 1) -> None:
    """The desk sets or takes away the mark."""
    marks.mark(incident.pk, FLAG, bears, actor=person("desk"), at=minutes(at))


def counted(incident: Incident) -> Any:
    """How many fires of higher danger this one is judged by."""
    return standing_of(fresh(incident), minutes(60)).values.get(COUNT)


def proposed(incident: Incident) -> list[int]:
    """The levels that wait to be decided."""
    return [row.to_level for row in incident.decisions.filter(status__in=OPEN_STATUSES)]


@pytest.mark.both
class MarkTests(TestCase):
    """附件4 四级 3: two or more at the same time in the city."""

    def test_the_second_mark_proposes_a_level_for_every_open_fire(self) -> None:
        first, second, third = a_fire(), a_fire(), a_fire()
        mark(first)
        self.assertEqual([counted(item) for item in (first, second)], [1, 1])
        self.assertEqual(proposed(first), [])
        mark(second)
        for item in (first, second, third):
            self.assertEqual((counted(item), proposed(item)), (2, [4]))
        self.assertEqual(verbs(first), ["incident.logged", "incident.marked", "fact.counted"])
        self.assertEqual(verification.faults(), [])

    def test_taken_away_the_others_have_one_less_and_their_proposal_goes(self) -> None:
        first, second = a_fire(), a_fire()
        mark(first)
        mark(second)
        mark(second, bears=False, at=2)
        self.assertEqual((counted(first), proposed(first)), (1, []))

    def test_marked_while_it_is_logged_it_counts_at_once(self) -> None:
        first = a_fire(flags=(FLAG,))
        second = a_fire(at=1, flags=(FLAG,))
        self.assertEqual([proposed(item) for item in (first, second)], [[4], [4]])
        self.assertEqual(fresh(second).flags, [FLAG])

    def test_an_ended_one_is_no_longer_counted(self) -> None:
        first, second = a_fire(flags=(FLAG,)), a_fire(flags=(FLAG,))
        decision = first.decisions.get(status__in=OPEN_STATUSES)
        decisions.approve(decision.pk, actor=person("zhang"), at=minutes(2))
        for place in range(len(endings.unconfirmed(fresh(first)))):
            endings.confirm(first.pk, place, actor=person("zhang"), at=minutes(3), basis="前方报告")
        endings.declare(first.pk, actor=person("zhang"), at=minutes(4))
        self.assertEqual((counted(second), proposed(second)), (1, []))
        self.assertEqual(verbs(second)[-1], "fact.counted")

    def test_one_closed_without_a_response_is_no_longer_counted(self) -> None:
        first, second = a_fire(), a_fire(flags=(FLAG,))
        mark(first)
        third = a_fire()
        mark(second, bears=False, at=2)
        incidents.verify(first.pk, actor=person("desk"), at=minutes(3))
        reviews.close(first.pk, actor=person("zhang"), at=minutes(4), reason="已扑灭，无需响应")
        self.assertIsNone(counted(third))

    def test_a_stated_total_counts_where_it_is_more(self) -> None:
        first = a_fire(flags=(FLAG,))
        facts.report(first.pk, {COUNT: 3}, actor=person("desk"), at=minutes(1), source="市森防办")
        self.assertEqual((counted(first), proposed(first)), (3, [4]))

    def test_a_replay_counts_none_and_none_counts_it(self) -> None:
        first, past = a_fire(flags=(FLAG,)), a_fire(flags=(FLAG,), replay_of="past")
        self.assertEqual((counted(first), counted(past)), (1, None))

    def test_what_cannot_be_marked_changes_nothing(self) -> None:
        incident = a_fire()
        before = verbs(incident)
        with self.assertRaises(BadInput):
            marks.mark(incident.pk, "unheard_of", True, actor=person("desk"), at=minutes(1))
        with self.assertRaises(BadInput):
            a_fire(flags=("unheard_of",))
        with self.assertRaises(Conflict):
            mark(incident, bears=False)
        with self.assertRaises(NotAuthorised):
            marks.mark(incident.pk, FLAG, True, actor=person("transport"), at=minutes(1))
        self.assertEqual((verbs(incident), Incident.objects.count()), (before, 1))


class IntakeTests(WebCase):
    """The intake judges what follows by itself: the hours since the outbreak, and the marks of the others."""

    def assess(self, **typed: Any) -> str:
        fields = {
            "plan": "forest_grassland_fire",
            "facts_of": "forest_grassland_fire",
            "fact-border": "county",
            **typed,
        }
        headers = {"HX-Request": "true", "HX-Target": "assessment"}
        return text_of(logged_in("desk").post(reverse("intake_assess"), fields, headers=headers).content.decode())

    def test_the_hours_since_the_outbreak_count(self) -> None:
        self.assertNotIn("四级响应", self.assess(occurred_at="2026-11-24T00:30").split("离更高级别")[0])
        self.assertIn("四级响应", self.assess(occurred_at="2026-11-24T00:00").split("离更高级别")[0])

    def test_a_mark_counts_with_those_of_the_others(self) -> None:
        a_fire(flags=(FLAG,))
        self.assertNotIn("四级响应", self.assess().split("离更高级别")[0])
        self.assertIn("四级响应", self.assess(flags=[FLAG]).split("离更高级别")[0])

    def test_it_is_logged_with_the_mark(self) -> None:
        typed = {"plan": "forest_grassland_fire", "facts_of": "forest_grassland_fire", "place": "林场"}
        answer = logged_in("desk").post(reverse("intake"), {**typed, "source": "call", "flags": [FLAG]})
        self.assertEqual(answer.status_code, 303)
        self.assertEqual(Incident.objects.get().flags, [FLAG])

    def test_another_kind_has_no_such_mark(self) -> None:
        page = self.assess(plan="earthquake", flags=[FLAG])
        self.assertNotIn("危险性较大的火灾", page)


class MarkPageTests(WebCase):
    """The page offers the mark, says what it would change, and takes it."""

    def test_one_press_counts_for_several_others(self) -> None:
        first, *_others = [a_fire(), a_fire(), a_fire()]
        self.done(self.post("desk", first, "mark", flag=FLAG, bears="True", idempotency_key="one press"))
        self.assertEqual([verbs(item).count("fact.counted") for item in _others], [1, 1])

    def test_it_is_set_and_taken_away_by_page(self) -> None:
        first, second = a_fire(flags=(FLAG,)), a_fire()
        self.assertIn("标记后预案条件变为：四级响应", self.text(second, "desk"))
        page = self.done(self.post("desk", second, "mark", flag=FLAG, bears="True", reason="靠近村庄"))
        self.assertIn("标记为“危险性较大的火灾”，靠近村庄", page)
        self.assertIn("取消后预案条件变为：未达到任何级别", page)
        page = self.done(self.post("desk", second, "mark", flag=FLAG, bears="False"))
        self.assertIn("取消标记“危险性较大的火灾”", page)
        self.assertIn("〔2026〕2号：同时发生的危险性较大的火灾 1起", self.text(first, "desk"))
