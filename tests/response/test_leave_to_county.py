"""What a county answers by itself: clocks and suggestions go on, and on its last word the office decides."""

from datetime import timedelta

import pytest
from django.test import TestCase
from django.urls import reverse

from response.actions import decisions, facts, handling, incidents, places, reviews
from response.models import Incident, LevelDecision
from shuozhou_ops.errors import BadInput, Conflict, NotAuthorised
from shuozhou_ops.notices.models import Notice
from tests.cast import NOON, an_earthquake, fresh, minutes, open_decision, person, verbs
from tests.response.web import WebCase, logged_in, text_of

pytestmark = pytest.mark.both


def left(*, verified: bool = False, **known: float) -> Incident:
    """A quake that the desk has left to 应县."""
    incident = an_earthquake(**(known or {"magnitude": 3.1}))
    if verified:
        incidents.verify(incident.pk, actor=person("desk"), at=NOON)
    handling.leave(incident.pk, actor=person("desk"), at=NOON, reason="震感轻微，由县里核查")
    return fresh(incident)


def told(incident: Incident, text: str = "已处置完毕，无伤亡") -> None:
    handling.tell(incident.pk, "yingxian", text, actor=person("yingxian"), at=minutes(30))


class LeaveTests(TestCase):
    """reported, verified → county_handling."""

    def test_from_reported_and_from_verified_with_words_and_the_county_is_told(self) -> None:
        for verified in (False, True):
            incident = left(verified=verified)
            self.assertEqual((incident.status, incident.county_since), ("county_handling", NOON))
            notice = Notice.objects.get(stream=incident.stream, unit__key="yingxian")
            self.assertEqual((notice.needs_receipt, notice.body), (True, "震感轻微，由县里核查"))
            self.assertEqual(verbs(incident)[-1], "incident.left_to_county")

    def test_a_county_has_to_be_known_and_words_said(self) -> None:
        nowhere = an_earthquake(counties=(), magnitude=3.1)
        with self.assertRaises(Conflict) as refused:
            handling.leave(nowhere.pk, actor=person("desk"), at=NOON, reason="县里核查")
        self.assertEqual(refused.exception.code, "place_unknown")
        with self.assertRaises(BadInput):
            handling.leave(an_earthquake().pk, actor=person("desk"), at=NOON, reason=" ")

    def test_not_by_a_bureau_the_county_or_the_auditor_nor_while_a_response_runs(self) -> None:
        incident = an_earthquake()
        for who in ("yingxian", "transport", "auditor"):
            with self.assertRaises(NotAuthorised):
                handling.leave(incident.pk, actor=person(who), at=NOON, reason="x")
        decisions.approve(open_decision(incident).pk, actor=person("li"), at=NOON)
        with self.assertRaises(Conflict):
            handling.leave(incident.pk, actor=person("desk"), at=NOON, reason="x")

    def test_the_table_goes_on_suggesting_there(self) -> None:
        incident = left()
        facts.report(incident.pk, {"deaths": 3}, actor=person("desk"), at=minutes(5), source="应县")
        self.assertIsNotNone(open_decision(incident).to_level)


class LastWordTests(TestCase):
    """What the county says, and what follows from it."""

    def test_the_county_says_it_or_the_desk_writes_down_who_said_it(self) -> None:
        incident = left()
        told(incident)
        with self.assertRaises(BadInput) as refused:
            handling.tell(incident.pk, "yingxian", "无伤亡", actor=person("desk"), at=minutes(31))
        self.assertEqual(refused.exception.errors[0].field, "said_by")
        row = handling.tell(
            incident.pk,
            "yingxian",
            "无伤亡",
            actor=person("desk"),
            at=minutes(31),
            said_by="王县长",
            said_at=minutes(29),
        )
        self.assertEqual((row.bearer, row.observed_at, row.told_at), ("应县 王县长", minutes(29), minutes(31)))

    def test_no_other_county_speaks_for_it(self) -> None:
        incident = left()
        for who in ("shanyin", "transport", "auditor"):
            with self.assertRaises(NotAuthorised):
                handling.tell(incident.pk, "yingxian", "x", actor=person(who), at=minutes(30))
        with self.assertRaises(BadInput):
            handling.tell(incident.pk, "shanyin", "x", actor=person("desk"), at=minutes(30), said_by="某")

    def test_before_the_last_word_it_is_neither_taken_back_nor_closed(self) -> None:
        incident = left()
        with self.assertRaises(Conflict) as refused:
            handling.take_back(incident.pk, actor=person("desk"), at=minutes(40))
        self.assertEqual(refused.exception.code, "no_last_word")
        with self.assertRaises(Conflict):
            reviews.close(incident.pk, actor=person("zhang"), at=minutes(40), reason="县里办完")

    def test_then_it_is_verified(self) -> None:
        incident = left()
        told(incident)
        handling.take_back(incident.pk, actor=person("desk"), at=minutes(40))
        self.assertEqual(fresh(incident).status, "verified")
        self.assertEqual(verbs(incident)[-1], "incident.taken_back")

    def test_or_closed_with_a_reason_on_what_the_county_said(self) -> None:
        incident = left()
        told(incident)
        with self.assertRaises(BadInput):
            reviews.close(incident.pk, actor=person("zhang"), at=minutes(40))
        reviews.close(incident.pk, actor=person("zhang"), at=minutes(40), reason="县里处置完毕")
        self.assertEqual(fresh(incident).status, "closed")

    def test_or_a_response_starts_directly(self) -> None:
        incident = left(magnitude=5.2)
        told(incident, "伤亡超出县里能力")
        decisions.approve(open_decision(incident).pk, actor=person("li"), at=minutes(41))
        self.assertEqual((fresh(incident).status, fresh(incident).level), ("responding", 3))

    def test_left_to_it_a_second_time_the_first_last_word_is_no_longer_one(self) -> None:
        incident = left()
        told(incident)
        handling.take_back(incident.pk, actor=person("desk"), at=minutes(40))
        handling.leave(incident.pk, actor=person("desk"), at=minutes(50), reason="再查")
        with self.assertRaises(Conflict):
            handling.take_back(incident.pk, actor=person("desk"), at=minutes(60))


class OtherCountiesTests(TestCase):
    """Which counties answer it may change, and there may be several."""

    def test_one_added_is_told_that_it_answers_it_too(self) -> None:
        incident = left()
        places.add(incident.pk, "shanyin", actor=person("desk"), at=minutes(5), reason="山阴也有震感")
        notice = Notice.objects.get(stream=incident.stream, unit__key="shanyin")
        self.assertEqual((notice.needs_receipt, notice.body), (True, "山阴也有震感"))
        self.assertIn("交由县级处置", notice.title)

    def test_the_last_one_stays_until_the_right_one_is_there(self) -> None:
        incident = left()
        with self.assertRaises(Conflict) as refused:
            places.drop(incident.pk, "yingxian", actor=person("desk"), at=minutes(5), reason="不在应县")
        self.assertEqual(refused.exception.code, "last_county")
        places.add(incident.pk, "shanyin", actor=person("desk"), at=minutes(6))
        places.drop(incident.pk, "yingxian", actor=person("desk"), at=minutes(7), reason="不在应县")
        self.assertEqual([place.county.key for place in fresh(incident).ground], ["shanyin"])

    def test_what_one_said_that_is_not_touched_is_no_last_word(self) -> None:
        incident = left()
        told(incident, "不在我县")
        places.add(incident.pk, "shanyin", actor=person("desk"), at=minutes(31))
        places.drop(incident.pk, "yingxian", actor=person("desk"), at=minutes(32), reason="不在应县")
        for act in (
            lambda: reviews.close(incident.pk, actor=person("zhang"), at=minutes(40), reason="县里办完"),
            lambda: handling.take_back(incident.pk, actor=person("desk"), at=minutes(40)),
        ):
            with self.assertRaises(Conflict) as refused:
                act()
            self.assertEqual(refused.exception.code, "no_last_word")

    def test_of_several_each_says_its_own_before_it_is_closed_but_one_is_enough_to_take_it_back(self) -> None:
        incident = left()
        places.add(incident.pk, "shanyin", actor=person("desk"), at=minutes(5))
        told(incident)
        with self.assertRaises(Conflict):
            reviews.close(incident.pk, actor=person("zhang"), at=minutes(40), reason="县里办完")
        handling.tell(incident.pk, "shanyin", "需要市级支援", actor=person("shanyin"), at=minutes(41))
        closing, taking = incident, left()
        reviews.close(closing.pk, actor=person("zhang"), at=minutes(42), reason="两县办完")
        places.add(taking.pk, "shanyin", actor=person("desk"), at=minutes(5))
        told(taking)
        handling.take_back(taking.pk, actor=person("desk"), at=minutes(42))
        self.assertEqual((fresh(closing).status, fresh(taking).status), ("closed", "verified"))


class PageTests(WebCase):
    """Desk and page."""

    def test_the_board_and_the_page_say_so_and_the_county_finds_its_form(self) -> None:
        incident = an_earthquake(magnitude=3.1)
        self.done(self.post("desk", incident, "leave-to-county", reason="由县里核查"))
        self.assertIn("县级处置", text_of(logged_in("desk").get(reverse("desk")).content.decode()))
        self.clock_at(NOON + timedelta(minutes=20))
        self.assertIn("处置结束后报告结果", text_of(logged_in("yingxian").get(reverse("desk")).content.decode()))
        self.done(self.post("yingxian", incident, "last-word", county="yingxian", text="已排查完毕"))
        self.assertIn("收回、启动或办结", text_of(logged_in("zhang").get(reverse("desk")).content.decode()))
        self.assertIn("已排查完毕", self.text(incident, "zhang"))
        page = self.done(self.post("zhang", incident, "close", reason="县里处置完毕"))
        self.assertIn("已排查完毕", page)
        self.assertFalse(LevelDecision.objects.filter(incident=incident).exists())
