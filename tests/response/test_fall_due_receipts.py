"""Receipts that do not come: the office is told once, by the sweep, on a settable clock."""

import pytest
from django.test import TestCase

from response.actions import endings, receipts
from shuozhou_ops.deadlines import sweeping
from shuozhou_ops.deadlines.models import Deadline
from shuozhou_ops.journal import verification
from shuozhou_ops.notices.models import Notice
from tests.cast import a_response, minutes, person, verbs

pytestmark = pytest.mark.both


class FallDueTests(TestCase):
    """A response at level 4: two units have to answer within a quarter of an hour."""

    def setUp(self) -> None:
        self.incident = a_response(4)
        self.told = Notice.objects.filter(stream=self.incident.stream, needs_receipt=True)

    def answer(self, *, but: int) -> None:
        """Every unit but so many acknowledges."""
        for notice in list(self.told)[but:]:
            assert notice.unit
            receipts.acknowledge(notice.pk, actor=person(_who(notice.unit.key)), at=minutes(5))

    def test_before_its_time_nothing_happens(self) -> None:
        before = verbs(self.incident)
        sweeping.sweep(minutes(14))
        self.assertEqual(verbs(self.incident), before)

    def test_the_office_is_told_who_is_silent_once(self) -> None:
        self.answer(but=1)
        for at in (15, 15, 16):
            sweeping.sweep(minutes(at))
        reminder = Notice.objects.get(stream=self.incident.stream, kind=Notice.Kind.REMINDER)
        silent = self.told.exclude(kind=Notice.Kind.REMINDER).get(received_at__isnull=True)
        self.assertEqual((reminder.position.key, reminder.body), ("emergency.head", str(silent.unit)))
        self.assertEqual(verbs(self.incident).count("receipt.overdue"), 1)
        self.assertEqual(Deadline.objects.get().state, Deadline.State.FIRED)
        self.assertEqual(verification.faults(), [])

    def test_where_all_have_answered_nobody_is_told(self) -> None:
        self.answer(but=0)
        sweeping.sweep(minutes(15))
        self.assertFalse(Notice.objects.filter(kind=Notice.Kind.REMINDER).exists())
        self.assertEqual(Deadline.objects.get().state, Deadline.State.MET)

    def test_after_the_end_nobody_is_told(self) -> None:
        for place in range(5):
            endings.confirm(self.incident.pk, place, actor=person("zhang"), at=minutes(1), basis="报告")
        endings.declare(self.incident.pk, actor=person("zhang"), at=minutes(2))
        sweeping.sweep(minutes(15))
        self.assertFalse(Notice.objects.filter(kind=Notice.Kind.REMINDER).exists())


def _who(unit: str) -> str:
    """Who speaks for a unit."""
    return {"emergency": "zhang"}.get(unit, unit)
