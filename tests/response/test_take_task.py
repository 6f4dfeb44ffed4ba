"""Level 4 where no county is known, or several: every task has somebody who can take it, and nobody else can."""

import pytest

from response.actions import decisions, tasks, teams
from response.models import Deployment, Incident, Task
from response.queries.desk import desk
from shuozhou_ops.errors import NotAuthorised
from tests.cast import NOON, an_earthquake, minutes, open_decision, person
from tests.response.web import WebCase, logged_in

COUNTY_LEADS = "level/4/0"  # 5.3.1(1): the county's own headquarters leads


def started(*counties: str) -> Incident:
    """A response at level 4."""
    incident = an_earthquake(counties=counties, magnitude=4.2)
    judged = "" if counties else "邻市地震，我市震感强烈"
    decisions.approve(open_decision(incident).pk, actor=person("zhang"), at=NOON, scope_judgement=judged)
    return incident


@pytest.mark.both
class PlacesTests(WebCase):
    """No county, several counties."""

    def test_outside_the_city_the_office_sees_to_what_is_a_county_s(self) -> None:
        incident = started()
        task = Task.objects.get(incident=incident, item=COUNTY_LEADS)
        self.assertEqual((task.unit, task.position), (None, None))
        for who in ("yingxian", "desk", "wang", "auditor"):
            with self.assertRaises(NotAuthorised):
                tasks.accept(task.pk, actor=person(who), at=NOON)
        self.assertIn(f"/tasks/{task.pk}/accept/", self.page(incident, "zhang", "?unfold=1"))
        shown = next(pile for pile in desk(person("zhang"), NOON).piles if pile.incident == incident)
        everything = Task.objects.filter(incident=incident, status="assigned")
        self.assertEqual(shown.count, everything.count())  # all of them are the office's or its bureau's
        self.assertEqual(logged_in("zhang").post(f"/tasks/{task.pk}/finish/").status_code, 303)

    def test_a_task_that_somebody_bears_is_not_the_office_s(self) -> None:
        incident = started("yingxian")
        task = Task.objects.get(incident=incident, item=COUNTY_LEADS)
        with self.assertRaises(NotAuthorised):
            tasks.accept(task.pk, actor=person("zhang"), at=NOON)

    def test_of_several_counties_each_has_its_own_task(self) -> None:
        incident = started("yingxian", "shanyin")
        for who in ("yingxian", "shanyin"):
            task = Task.objects.get(incident=incident, item=COUNTY_LEADS, unit__key=who)
            tasks.finish(task.pk, "已成立", actor=person(who), at=minutes(1))
        self.assertEqual(Task.objects.filter(incident=incident, item=COUNTY_LEADS, status="done").count(), 2)

    @pytest.mark.unfolded("takes the unit away from tasks past the actions, as no plan here has it")
    def test_once_a_team_has_a_leader_its_tasks_are_no_longer_the_office_s(self) -> None:
        incident = started()
        team = Deployment.objects.get(incident=incident, kind="team")
        Task.objects.filter(deployment=team).update(unit=None)
        task = Task.objects.filter(deployment=team)[0]
        tasks.accept(task.pk, actor=person("zhang"), at=NOON)
        teams.seat(team.pk, teams.Named("lead", unit="health"), actor=person("zhang"), at=NOON)
        with self.assertRaises(NotAuthorised):
            tasks.finish(task.pk, "", actor=person("zhang"), at=NOON)
        tasks.finish(task.pk, "", actor=person("health"), at=NOON)
