"""A group whose lead is the county stands first on the commander's desk while no county is known (2.2, 2.3)."""

import re
from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext

from response.actions import decisions, incidents, teams
from response.actions.incidents import Call
from response.actions.teams import Named
from response.models import Deployment, DeploymentSeat, Incident
from tests.cast import NOON, an_earthquake, fresh, minutes, open_decision, person
from tests.response.web import WebCase, logged_in, text_of

HAZARD = "geological_hazard"


def a_hazard(*counties: str, at: Any = NOON, **typed: Any) -> Incident:
    """A landslide that takes four lives, so that the table asks for level 3; in no county where none is said."""
    call = Call(HAZARD, place="桑干河边", source="call", counties=counties, facts={"deaths": 4}, **typed)
    return incidents.log(call, actor=person("desk", at), at=at)


def running(*counties: str, **typed: Any) -> Incident:
    """The same with its response running."""
    incident = a_hazard(*counties, **typed)
    decisions.approve(open_decision(incident).pk, actor=person("li"), at=minutes(1))
    return fresh(incident)


def unled(incident: Incident) -> list[Deployment]:
    groups = Deployment.objects.filter(incident=incident, kind="group").exclude(seats__role="lead")
    return list(groups.order_by("pk"))


class NameLeadsTests(WebCase):
    """Said first, answered by one act, gone when it is answered."""

    def wants(self, who: str) -> list[tuple[str, str]]:
        """What waits on a desk: the words, and where the button leads."""
        page = logged_in(who).get("/").content.decode()
        found = re.findall(r'<li class="want".*?</li>', page, re.DOTALL)
        links = [re.findall(r'<a class="btn[^"]*" href="([^"]*)"', item) for item in found]
        return [(text_of(item), "".join(link)) for item, link in zip(found, links, strict=True)]

    def asked(self, who: str) -> list[str]:
        return [words for words, _ in self.wants(who) if "没有组长" in words]

    def test_it_stands_first_and_names_the_groups_once_an_incident(self) -> None:
        graver = an_earthquake(magnitude=7.2)
        decisions.decide(graver.pk, 1, actor=person("wang"), at=NOON)
        incident = running()
        groups = unled(incident)
        self.assertTrue(groups)
        an_earthquake(magnitude=6.2, at=minutes(1))  # a level 2 for him to propose
        for who in ("li", "zhang"):
            words, link = self.wants(who)[0]
            self.assertIn("、".join(group.name for group in groups) + "没有组长：请指定", words)
            self.assertIn("事发县（市、区）未定", words)
            self.assertIn(groups[0].cite, words)
            self.assertEqual(len(self.asked(who)), 1)
            self.assertTrue(link.endswith(f"#act-seat-{groups[0].pk}"))
            self.assertIn(f'id="act-seat-{groups[0].pk}"', self.page(incident, who))

    def test_nobody_else_is_asked(self) -> None:
        running()
        for who in ("desk", "wang", "transport", "deputy", "auditor"):
            self.assertEqual(self.asked(who), [], who)

    def test_gone_once_every_group_is_led(self) -> None:
        incident = running()
        first, *rest = unled(incident)
        teams.seat(first.pk, Named("lead", unit="yingxian"), actor=person("li"), at=minutes(2))
        (left,) = self.asked("li")
        self.assertNotIn(first.name, left)
        self.assertIn(rest[0].name, left)
        for group in rest:
            teams.seat(group.pk, Named("lead", unit="yingxian"), actor=person("li"), at=minutes(2))
        self.assertEqual(self.asked("li"), [])

    def test_a_member_is_no_lead(self) -> None:
        group = unled(running())[0]
        teams.seat(group.pk, Named("member", unit="yingxian"), actor=person("li"), at=minutes(2))
        self.assertIn(group.name, self.asked("li")[0])

    def test_with_a_county_nothing_is_asked(self) -> None:
        self.assertEqual(unled(running("yingxian")), [])
        self.assertEqual(self.asked("li"), [])

    def test_before_the_start_the_county_is_asked_for_and_locating_answers(self) -> None:
        incident = a_hazard()
        words, link = self.wants("li")[0]
        self.assertIn("没有组长：请确定事发县", words)
        self.assertTrue(link.endswith("#act-locate"))
        self.assertIn('id="act-locate"', self.page(incident, "li"))
        decisions.refuse(open_decision(incident).pk, actor=person("li"), at=minutes(1), reason="再核实")
        self.assertEqual(self.asked("li"), [])
        self.done(self.post("li", other := a_hazard(), "locate", counties=["yingxian"]))
        self.assertEqual(self.asked("li"), [])
        self.assertTrue(other.decisions.exists())

    def test_where_a_bureau_leads_beside_the_county_nothing_is_asked(self) -> None:
        incident = incidents.log(
            Call("earthquake", place="河边", source="call", facts={"magnitude": 5.2}), actor=person("desk"), at=NOON
        )
        self.assertEqual(self.asked("li"), [])
        decisions.approve(open_decision(incident).pk, actor=person("li"), at=minutes(1))
        self.assertEqual(self.asked("li"), [])

    def test_outside_the_city_a_lead_is_named_and_no_county_looked_for(self) -> None:
        incident = running(outside_city=True)
        (words,) = self.asked("li")
        self.assertNotIn("未定", words)
        self.assertTrue(unled(incident))

    def test_a_constant_number_of_queries(self) -> None:
        counts = []
        for more in (1, 4):
            for _ in range(more):
                running()
                a_hazard()
            client = logged_in("li")
            client.get("/")
            with CaptureQueriesContext(connection) as queries:
                client.get("/")
            counts.append(len(queries))
        self.assertEqual(counts[0], counts[1])
        self.assertTrue(DeploymentSeat.objects.exists())
