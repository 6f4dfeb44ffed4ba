"""A response that turns out to have no event: dismissed, no condition asked, everything recalled, everyone told."""

import pytest
from django.test import TestCase

from response.actions import decisions, endings, facts, reviews
from response.models import Deployment, Incident, LevelDecision, Task
from shuozhou_ops.errors import BadInput, Conflict, NotAuthorised
from shuozhou_ops.journal.models import Entry
from shuozhou_ops.notices.models import Notice
from tests.cast import a_response, an_ended, fresh, minutes, person, verbs
from tests.response.web import WebCase

pytestmark = pytest.mark.both


class DismissTests(TestCase):
    """The action."""

    def test_everything_is_recalled_and_everyone_told_in_one_entry(self) -> None:
        incident = a_response(3)
        facts.report(incident.pk, {"deaths": 60}, actor=person("desk"), at=minutes(1), source="误传")
        before = Entry.objects.filter(stream=incident.stream).count()
        told = set(Notice.objects.filter(stream=incident.stream, unit__isnull=False).values_list("unit", flat=True))
        decision = endings.dismiss(incident.pk, actor=person("li"), at=minutes(2), reason="仪器误报")
        incident = fresh(incident)
        self.assertEqual((incident.status, incident.level, decision.manner), ("dismissed", None, "no_event"))
        self.assertEqual(Entry.objects.filter(stream=incident.stream).count() - before, 1)
        self.assertFalse(Deployment.objects.filter(incident=incident).exclude(status="released").exists())
        self.assertEqual(set(Task.objects.filter(incident=incident).values_list("status", flat=True)), {"released"})
        released = Notice.objects.filter(stream=incident.stream, kind="release", unit__isnull=False)
        self.assertEqual(set(released.values_list("unit", flat=True)), told)
        self.assertFalse(LevelDecision.objects.filter(incident=incident, status__in=["suggested", "proposed"]).exists())

    def test_by_whoever_may_declare_the_end_at_that_level_and_with_a_reason(self) -> None:
        for level, may_not, may in ((4, "desk", "zhang"), (3, "zhang", "li"), (2, "transport", "wang")):
            incident = a_response(level)
            with self.assertRaises(NotAuthorised):
                endings.dismiss(incident.pk, actor=person(may_not), at=minutes(2), reason="误报")
            with self.assertRaises(BadInput):
                endings.dismiss(incident.pk, actor=person(may), at=minutes(2), reason="  ")
            endings.dismiss(incident.pk, actor=person(may), at=minutes(2), reason="误报")

    def test_nothing_comes_after_it(self) -> None:
        incident = a_response(4)
        endings.dismiss(incident.pk, actor=person("zhang"), at=minutes(2), reason="误报")
        for act in (
            lambda: endings.dismiss(incident.pk, actor=person("zhang"), at=minutes(3), reason="误报"),
            lambda: decisions.decide(incident.pk, 4, actor=person("zhang"), at=minutes(3), reason="又震", again=True),
            lambda: decisions.suggest(incident.pk, 4, actor=person("desk"), at=minutes(3), reason="又震"),
            lambda: facts.report(incident.pk, {"deaths": 1}, actor=person("desk"), at=minutes(3), source="县"),
        ):
            with self.assertRaises(Conflict):
                act()
        self.assertEqual(verbs(incident).count("response.dismissed"), 1)

    def test_one_that_was_started_again_is_not_dismissed_with_the_first(self) -> None:
        incident = an_ended(3)
        reviews.open_review(incident.pk, actor=person("zhang"), at=minutes(3))
        decisions.decide(incident.pk, 4, actor=person("zhang"), at=minutes(4), reason="余震", again=True)
        with self.assertRaises(Conflict) as refused:
            endings.dismiss(incident.pk, actor=person("zhang"), at=minutes(5), reason="余震是误报")
        self.assertEqual(refused.exception.code, "not_first")
        self.assertEqual(fresh(incident).status, "responding")


class DismissPageTests(WebCase):
    """The form beside the end."""

    def test_the_page_says_what_it_recalls_and_afterwards_that_there_was_no_event(self) -> None:
        incident: Incident = a_response(3)
        self.assertIn("不问结束条件", self.text(incident, "li"))
        self.assertEqual(self.post("li", incident, "dismiss").status_code, 400)
        page = self.done(self.post("li", incident, "dismiss", reason="仪器误报"))
        self.assertIn("已排除", page)
        self.assertIn("没有发生事件，撤销三级响应", page)
