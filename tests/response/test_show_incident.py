"""The page of one incident: clauses beside buttons, the timeline, the marks, and how much it costs."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from response.actions import facts
from response.models import Incident, Task
from tests.cast import (
    NOON,
    a_response,
    an_earthquake,
    an_ended,
    fresh,
    person,
)
from tests.response.web import WebCase, logged_in, reported

MOST_QUERIES = 26


class ClauseTests(WebCase):
    """Every button that decides carries its clause."""

    def test_beside_the_button_stands_the_clause(self) -> None:
        incident = an_earthquake()
        for who, label, cite in (("zhang", "报请启动三级响应", "5.3.2"), ("li", "决定启动三级响应", "5.3.2")):
            self.assertIn(f"{label} {cite}", self.text(incident, who))
        self.assertIn("核实事件属实 5.1", self.text(incident, "desk"))
        running = a_response(4)
        for place in range(5):
            self.post("zhang", running, "confirm-end", condition=str(place), basis="报告")
        self.assertIn("宣布结束四级响应 5.6", self.text(running, "zhang"))
        self.assertIn("开展评估总结 6.1", self.text(an_ended(3), "zhang"))


class ReadingTests(WebCase):
    """The timeline, the marks, and how much the page costs."""

    def test_the_timeline_is_filtered_without_javascript(self) -> None:
        incident = a_response(3)
        self.post("desk", incident, "report-facts", **reported(deaths="2"))
        timeline = self.text(incident, "li", "?show=facts").split("经过")[-1]
        self.assertIn("报告情况", timeline)
        self.assertNotIn("已启动三级响应", timeline)
        self.assertIn("已启动三级响应", self.text(incident, "li", "?show=decisions").split("经过")[-1])
        for nonsense in ("?show=x", "?before=x", "?before=99999999999999", "?before=²"):
            self.assertEqual(self.get(incident, "li", nonsense).status_code, 200)

    def test_no_two_fields_share_an_id_so_a_label_marks_its_own(self) -> None:
        incident = a_response(3)
        facts.report(incident.pk, {"deaths": 60}, actor=person("desk"), at=NOON, source="县")
        for who in ("desk", "li", "wang"):
            ids = re.findall(r' id="([^"]+)"', self.page(incident, who))
            self.assertEqual(sorted(ids), sorted(set(ids)))

    @pytest.mark.unfolded("makes a replay of an incident past the actions")
    def test_a_replay_says_so(self) -> None:
        incident = an_earthquake()
        Incident.objects.filter(pk=incident.pk).update(replay_of="2008-x")
        self.assertIn("回放", self.text(incident, "desk"))

    @pytest.mark.unfolded("copies tasks past the actions, to have many")
    def test_as_many_queries_for_three_hundred_tasks_as_for_ten(self) -> None:
        for level in (4, 3):
            incident = a_response(level)
            facts.report(incident.pk, {"deaths": 60}, actor=person("desk"), at=NOON, source="县")
            if level == 3:
                _more_tasks(incident, 300)
            for who in ("desk", "zhang", "li", "wang", "auditor", "transport", "yingxian"):
                with self.subTest(level=level, who=who):
                    self.assert_cheap(incident, who)

    def test_as_cheap_in_every_other_state(self) -> None:
        reported, ended, reviewing = an_earthquake(), an_ended(3), an_ended(3)
        self.post("zhang", reviewing, "open-review")
        for incident in (reported, ended, reviewing):
            for who in ("desk", "zhang", "li", "auditor", "yingxian"):
                with self.subTest(status=fresh(incident).status, who=who):
                    self.assert_cheap(incident, who)

    def assert_cheap(self, incident: Incident, who: str) -> None:
        client, address = logged_in(who), reverse("incident", args=[incident.public_id])
        answer = client.get(address)  # the plan is at hand from here on
        with CaptureQueriesContext(connection) as queries:
            client.get(address)
        if answer.status_code == 200:
            self.assertLessEqual(len(queries), MOST_QUERIES, [query["sql"][:120] for query in queries])

    def test_an_ended_response_is_not_called_one_that_never_ran(self) -> None:
        text = self.text(an_ended(3), "li")
        self.assertIn("三级响应已结束", text)
        self.assertNotIn("未启动响应 响应结束", text)


def _more_tasks(incident: Incident, wanted: int) -> None:
    """Copies of what there is, until there are so many."""
    there = list(Task.objects.filter(incident=incident))
    copies = []
    for place in range(wanted - len(there)):
        task = there[place % len(there)]
        task.pk, task.occurrence = None, 2 + place // len(there)
        copies.append(Task(**{field.attname: getattr(task, field.attname) for field in Task._meta.concrete_fields}))
    Task.objects.bulk_create(copies)
