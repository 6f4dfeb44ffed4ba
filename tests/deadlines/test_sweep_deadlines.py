"""The one sweep: what is due is dealt with once, what is not due costs nothing, one bad row holds nobody up."""

from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test import TestCase
from django.test.utils import CaptureQueriesContext

from shuozhou_ops import clock
from shuozhou_ops.deadlines import jobs, sweeping
from shuozhou_ops.deadlines.models import Deadline
from tests.cast import NOON, minutes

pytestmark = pytest.mark.both


class SweepTests(TestCase):
    """A kind of the tests' own, whose answer settles its row."""

    def setUp(self) -> None:
        self.dealt_with: list[str] = []
        sweeping.answered_by("test", self._settle)
        sweeping.answered_by("bad", self._fail)
        self.addCleanup(lambda: [sweeping._answers.pop(kind) for kind in ("test", "bad")])

    def _settle(self, pk: int, at: datetime) -> None:
        deadline = Deadline.objects.get(pk=pk)
        if deadline.state == Deadline.State.OPEN:
            self.dealt_with.append(deadline.subject)
            Deadline.objects.filter(pk=pk).update(state=Deadline.State.FIRED, settled_at=at)

    def _fail(self, _pk: int, _at: datetime) -> None:
        raise RuntimeError("broken")

    def due(self, subject: str, at: datetime, kind: str = "test") -> None:
        Deadline.objects.create(kind=kind, subject=subject, due_at=at)

    def test_what_is_due_is_dealt_with_in_order_and_once(self) -> None:
        self.due("b", minutes(2))
        self.due("a", minutes(1))
        self.due("later", minutes(3))
        self.assertEqual(sweeping.sweep(minutes(2)), 2)
        self.assertEqual(sweeping.sweep(minutes(2)), 0)
        self.assertEqual(self.dealt_with, ["a", "b"])

    def test_one_query_where_nothing_is_due_however_many_wait(self) -> None:
        for place in range(50):
            self.due(f"x/{place}", NOON + timedelta(days=1))
        with CaptureQueriesContext(connection) as queries:
            sweeping.sweep(NOON)
        self.assertEqual(len(queries), 1)

    def test_one_that_cannot_be_dealt_with_holds_up_no_other_and_is_tried_again(self) -> None:
        self.due("first", minutes(1), kind="bad")
        self.due("unheard", minutes(1), kind="nobody answers")
        self.due("second", minutes(2))
        with self.assertLogs("shuozhou_ops.deadlines", "ERROR"):
            sweeping.sweep(minutes(2))
        self.assertEqual(self.dealt_with, ["second"])
        self.assertEqual(Deadline.objects.filter(state=Deadline.State.OPEN).count(), 2)

    def test_the_job_takes_the_time_from_the_clock(self) -> None:
        self.due("a", minutes(1))
        with clock.at(NOON):
            self.assertEqual(jobs.sweep(), 0)
        with clock.at(minutes(1)):
            self.assertEqual(jobs.sweep(), 1)
