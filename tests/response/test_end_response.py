"""Ending: each condition by name, by the one whom the plan names, of the ground as it is now."""

import pytest
from django.test import TestCase

from response.actions import decisions, endings
from response.models import Deployment, Incident, Task
from shuozhou_ops.errors import BadInput, Conflict, NotAuthorised
from shuozhou_ops.journal.models import Entry
from shuozhou_ops.notices.models import Notice
from tests.cast import NOON, a_response, fresh, minutes, person, verbs

pytestmark = pytest.mark.both


def _confirm(incident: Incident, who: str = "zhang") -> None:
    for place in range(len(endings.unconfirmed(incident))):
        endings.confirm(incident.pk, place, actor=person(who), at=minutes(1), basis="各组报告")


class ConfirmTests(TestCase):
    """Confirming one condition."""

    def test_by_name_once_with_a_basis(self) -> None:
        incident = a_response(3)
        endings.confirm(incident.pk, 0, actor=person("zhang"), at=minutes(1), basis="抢险救援组报告")
        self.assertEqual(incident.confirmations.get().confirmed_by.username, "zhang")
        with self.assertRaises(Conflict):
            endings.confirm(incident.pk, 0, actor=person("li"), at=minutes(2), basis="再报")
        for place in (-1, 5):
            with self.assertRaises(BadInput):
                endings.confirm(incident.pk, place, actor=person("li"), at=minutes(2), basis="x")
        self.assertEqual(verbs(incident).count("end.confirmed"), 1)

    def test_not_by_the_desk_nor_a_bureau(self) -> None:
        incident = a_response(3)
        for who in ("desk", "transport", "yingxian", "auditor"):
            with self.assertRaises(NotAuthorised):
                endings.confirm(incident.pk, 0, actor=person(who), at=minutes(1), basis="x")

    def test_a_level_that_changed_asks_every_condition_anew(self) -> None:
        incident = a_response(3)
        _confirm(incident)
        self.assertEqual(endings.unconfirmed(fresh(incident)), [])
        decisions.decide(incident.pk, 2, actor=person("wang"), at=minutes(2), reason="余震造成新的伤亡")
        self.assertEqual(len(endings.unconfirmed(fresh(incident))), 5)
        with self.assertRaises(Conflict) as refused:
            endings.declare(incident.pk, actor=person("li"), at=minutes(3))
        self.assertEqual(refused.exception.code, "not_confirmed")
        _confirm(fresh(incident))
        endings.declare(incident.pk, actor=person("li"), at=minutes(4))
        self.assertEqual(incident.confirmations.count(), 10)


class DeclareTests(TestCase):
    """Declaring the end (5.6): levels 3 to 1 the commander, level 4 the office director; a superior may too."""

    def test_who_may_and_who_may_not(self) -> None:
        for level, may, may_not in ((4, ("zhang", "li", "wang"), ("desk", "yingxian", "deputy")),) + tuple(
            (level, ("li", "wang"), ("zhang", "desk", "deputy", "transport")) for level in (3, 2, 1)
        ):
            for who in may:
                incident = a_response(level)
                _confirm(incident)
                for other in may_not:
                    with self.subTest(level=level, who=other), self.assertRaises(NotAuthorised):
                        endings.declare(incident.pk, actor=person(other), at=minutes(2))
                endings.declare(incident.pk, actor=person(who), at=minutes(2))
                self.assertEqual((fresh(incident).status, fresh(incident).level), ("ended", None))

    def test_everything_is_released_everybody_told_and_after_care_given_in_one_entry(self) -> None:
        incident = a_response(2)
        _confirm(incident)
        before = Entry.objects.filter(stream=incident.stream).count()
        told = set(Notice.objects.filter(stream=incident.stream, unit__isnull=False).values_list("unit", flat=True))
        endings.declare(incident.pk, actor=person("li"), at=minutes(2))
        self.assertEqual(Entry.objects.filter(stream=incident.stream).count() - before, 1)
        self.assertFalse(Deployment.objects.filter(incident=incident).exclude(status="released").exists())
        self.assertFalse(Task.objects.filter(incident=incident, phase="response").exclude(status="released").exists())
        self.assertTrue(Task.objects.filter(incident=incident, phase="aftercare", status="assigned").exists())
        released = Notice.objects.filter(stream=incident.stream, kind="release", unit__isnull=False)
        self.assertEqual(set(released.values_list("unit", flat=True)), told)
        self.assertTrue(Notice.objects.filter(stream=incident.stream, position__key="commander_in_chief").exists())

    def test_twice_is_once(self) -> None:
        incident = a_response(4)
        _confirm(incident)
        endings.declare(incident.pk, actor=person("zhang"), at=NOON)
        with self.assertRaises(Conflict):
            endings.declare(incident.pk, actor=person("li"), at=NOON)
        self.assertEqual(verbs(incident).count("response.ended"), 1)
