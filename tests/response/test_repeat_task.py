"""A duty with a rhythm is a task again and again; a line of the checklist is a task once someone gives it (附件4)."""

import pytest
from django.test import TestCase

from plans import registry, rhythms
from response.actions import decisions, endings, incidents, places, tasks
from response.actions.incidents import Call
from response.models import Incident, Task
from shuozhou_ops.deadlines import sweeping
from shuozhou_ops.deadlines.models import Deadline
from shuozhou_ops.errors import BadInput, Conflict, NotAuthorised
from shuozhou_ops.journal import verification
from tests.cast import NOON, a_response, fresh, minutes, person, verbs
from tests.response.test_run_unseen_plan import a_plan, started
from tests.response.web import WebCase

DAY = 24 * 60


@pytest.mark.parametrize(
    ("every", "at", "wanted", "steps"),
    [("P1D", 0, DAY, 1), ("P1D", DAY, 2 * DAY, 2), ("P1D", 3.5 * DAY, 4 * DAY, 4), ("PT12H", 60, DAY / 2, 1)],
)
def test_the_next_time_is_the_first_that_is_still_to_come(every: str, at: float, wanted: float, steps: int) -> None:
    assert rhythms.next_after(NOON, every, minutes(at)) == (minutes(wanted), steps)


@pytest.mark.parametrize("every", ["", "P", "PT", "P0D", "P1", "daily", "P99999Y", "P101Y"])
def test_what_is_no_rhythm_is_none(every: str) -> None:
    assert rhythms.parts_of(every) is None


@pytest.mark.both
class RepeatTests(TestCase):
    """The small plan's group sums up every day."""

    def setUp(self) -> None:
        self.incident = started(a_plan())
        self.start = 1

    def times(self) -> list[tuple[int, str]]:
        return [(row.occurrence, row.status) for row in Task.objects.filter(text="汇总情况").order_by("occurrence")]

    def test_it_is_due_after_a_day_and_given_again_then(self) -> None:
        self.assertEqual(Task.objects.get(text="汇总情况").due_at, minutes(self.start + DAY))
        sweeping.sweep(minutes(DAY))
        self.assertEqual(self.times(), [(1, "assigned")])
        for _again in range(2):
            sweeping.sweep(minutes(self.start + DAY))
        self.assertEqual(self.times(), [(1, "assigned"), (2, "assigned")])
        self.assertEqual(verification.faults(), [])

    def test_of_the_times_missed_one_is_given(self) -> None:
        sweeping.sweep(minutes(self.start + 5 * DAY))
        self.assertEqual([time for time, _status in self.times()], [1, 6])

    def test_after_the_end_it_is_not_given_again(self) -> None:
        endings.confirm(self.incident.pk, 0, actor=person("water"), at=minutes(2), basis="看过")
        endings.declare(self.incident.pk, actor=person("li"), at=minutes(3))
        sweeping.sweep(minutes(self.start + DAY))
        self.assertEqual(self.times(), [(1, "released")])
        self.assertFalse(Deadline.objects.filter(kind="again", state="open").exists())


@pytest.mark.both
class RepeatAgainTests(TestCase):
    """A group that goes home and is called again takes its rhythm up where it stood."""

    def test_lowered_and_raised_it_is_given_again(self) -> None:
        incident = a_response(3)
        lines = registry.in_force("earthquake").emergency_measures
        place = next(place for place, duty in enumerate(lines) if duty.every)
        tasks.assign(incident.pk, (place,), actor=person("zhang"), at=minutes(1))
        first = Task.objects.get(item=f"checklist/{place}", bearer="市卫健委")
        tasks.finish(first.pk, "无疫情", actor=person("health"), at=minutes(2))
        sweeping.sweep(minutes(1 + DAY))
        decisions.decide(incident.pk, 4, actor=person("li"), at=minutes(2 * DAY), reason="缓和")
        self.assertFalse(Task.objects.filter(item=f"checklist/{place}", status="assigned").exists())
        decisions.decide(incident.pk, 3, actor=person("li"), at=minutes(2 * DAY + 1), reason="又加重")
        tasks.assign(incident.pk, (place,), actor=person("zhang"), at=minutes(2 * DAY + 2))
        rows = Task.objects.filter(item=f"checklist/{place}", bearer="市卫健委").order_by("occurrence")
        self.assertEqual(
            [(row.occurrence, row.status) for row in rows], [(1, "done"), (2, "released"), (3, "assigned")]
        )
        self.assertEqual(verification.faults(), [])

    def test_what_was_done_before_the_group_went_home_is_not_given_to_it_again(self) -> None:
        incident = a_response(3)
        lines = registry.in_force("earthquake").emergency_measures
        place = next(place for place, duty in enumerate(lines) if duty.every)
        tasks.assign(incident.pk, (place,), actor=person("zhang"), at=minutes(1))
        for task in Task.objects.filter(item=f"checklist/{place}"):
            tasks.finish(task.pk, "无疫情", actor=person("health"), at=minutes(2))
        decisions.decide(incident.pk, 4, actor=person("li"), at=minutes(3), reason="缓和")
        sweeping.sweep(minutes(1 + DAY))
        self.assertFalse(Task.objects.filter(deployment__status="released", status="assigned").exists())
        self.assertEqual(verbs(incident).count("task.recurred"), 2)
        self.assertFalse(Deadline.objects.filter(kind="again", state="open", due_at__lte=minutes(1 + DAY)).exists())


@pytest.mark.both
class CountyRhythmTests(TestCase):
    """A duty that each county has, again and again."""

    def test_what_a_county_had_done_comes_not_again_once_it_is_dropped(self) -> None:
        counties = [{"name": "事发县", "kind": "incident_county"}]
        line = {"who": counties, "text": "报告转移人数", "cite": "5.3", "phase": "response", "every": "P1D"}
        incident = started(a_plan(emergency_measures=[line]), "yingxian", "shanyin")
        tasks.assign(incident.pk, (0,), actor=person("li"), at=minutes(4))
        theirs = incident.tasks.filter(every="P1D", unit__is_county=True)
        for task in theirs:
            tasks.finish(task.pk, "已转移", actor=person(task.unit.key), at=minutes(5))
        places.drop(incident.pk, "yingxian", actor=person("desk"), at=minutes(6), reason="不在")
        sweeping.sweep(minutes(10 + DAY))
        again = theirs.filter(occurrence=2).values_list("unit__key", flat=True)
        self.assertEqual((theirs.filter(occurrence=1).count(), list(again)), (2, ["shanyin"]))


@pytest.mark.both
class AssignTests(TestCase):
    """附件4 二: the daily report on epidemics, by the medical group and 市卫健委."""

    def setUp(self) -> None:
        self.incident = a_response(3)
        lines = registry.in_force("earthquake").emergency_measures
        self.place = next(place for place, duty in enumerate(lines) if duty.every)

    def assign(self, who: str = "zhang", *places: int) -> Incident:
        return tasks.assign(self.incident.pk, places or (self.place,), actor=person(who), at=minutes(1))

    def test_no_line_is_a_task_before_it_is_given(self) -> None:
        self.assertFalse(Task.objects.filter(item__startswith="checklist/").exists())

    def test_given_it_is_the_task_of_all_it_names_every_day(self) -> None:
        self.assign()
        given = Task.objects.filter(item=f"checklist/{self.place}")
        self.assertEqual({task.bearer for task in given}, {"医学救援组", "市卫健委"})
        self.assertIsNotNone(given.get(bearer="医学救援组").deployment)
        sweeping.sweep(minutes(1 + DAY))
        self.assertEqual(given.all().count(), 4)
        self.assertEqual(verbs(self.incident).count("task.assigned"), 1)

    def test_twice_or_by_another_or_unheard_of_it_is_refused(self) -> None:
        with self.assertRaises(NotAuthorised):
            self.assign("transport")
        with self.assertRaises(BadInput):
            self.assign("zhang", 9999)
        self.assign()
        with self.assertRaises(Conflict):
            self.assign()


class AssignPageTests(WebCase):
    """By page."""

    def test_a_line_is_given_and_no_longer_listed(self) -> None:
        incident = a_response(3)
        lines = registry.in_force("earthquake").emergency_measures
        place = next(place for place, duty in enumerate(lines) if duty.every)
        self.assertIn(f"{lines[place].text}（每1天一次）", self.text(incident, "zhang"))
        page = self.done(self.post("zhang", incident, "assign", lines=[str(place)]))
        self.assertIn("交办给医学救援组、市卫健委", page)
        self.assertNotIn(f"{lines[place].text}（每1天一次）", page)
        self.assertEqual(self.post("zhang", incident, "assign").status_code, 400)
        self.assertEqual(fresh(incident).level, 3)


def test_an_earthquake_gives_no_recurring_task_by_itself(db: None) -> None:
    call = Call(plan="earthquake", place="应县", source="call", counties=("yingxian",), facts={"magnitude": 5.2})
    incident = incidents.log(call, actor=person("desk"), at=NOON)
    decisions.decide(incident.pk, 3, actor=person("li"), at=NOON)
    assert not Task.objects.exclude(every="").exists()
