"""What the page says an act will do is what the act then does."""

from collections.abc import Callable

from response.actions import decisions, facts, tasks
from response.models import Incident, Task
from shuozhou_ops.journal.models import Entry
from tests.cast import (
    NOON,
    a_response,
    an_earthquake,
    open_decision,
    person,
)
from tests.response.web import WebCase


class SayingBeforeTests(WebCase):
    """What the page says an act will do is what the act then does."""

    def said_and_done(self, incident: Incident, who: str, said: str, act: Callable[[], object]) -> None:
        before = self.text(incident, who)
        act()
        done = Entry.objects.filter(stream=incident.stream).latest("seq")
        self.assertIn(said + _going(done), before)

    def test_a_start(self) -> None:
        for level, who in ((4, "zhang"), (3, "li"), (2, "wang")):
            with self.subTest(level=level):
                incident = an_earthquake(magnitude={4: 4.2, 3: 5.2, 2: 6.2}[level])
                waiting = open_decision(incident).pk
                self.said_and_done(
                    incident, who, "", lambda pk=waiting, who=who: decisions.approve(pk, actor=person(who), at=NOON)
                )

    def test_a_raise_names_only_what_is_new(self) -> None:
        incident = a_response(3)
        facts.report(incident.pk, {"deaths": 60}, actor=person("desk"), at=NOON, source="县")
        waiting = open_decision(incident).pk
        self.assertNotIn("提高至二级响应：1 个指挥部", self.text(incident, "wang"))
        self.said_and_done(incident, "wang", "", lambda: decisions.approve(waiting, actor=person("wang"), at=NOON))

    def test_a_lowering_names_what_is_released(self) -> None:
        incident = a_response(3)
        finished = Task.objects.filter(incident=incident, unit__key="transport").first()
        assert finished
        tasks.finish(finished.pk, "", actor=person("transport"), at=NOON)
        self.said_and_done(
            incident,
            "li",
            "",
            lambda: decisions.decide(incident.pk, 4, actor=person("li"), at=NOON, reason="灾情减轻"),
        )

    def test_an_end(self) -> None:
        incident = a_response(3)
        for place in range(5):
            self.post("zhang", incident, "confirm-end", condition=str(place), basis="报告")
        self.assertRegex(
            self.text(incident, "li"), r"结束三级响应：解除 1 个指挥部、.*；交办善后任务 \d+ 项；通知 \d+ 个单位"
        )
        before = self.text(incident, "li")
        self.done(self.post("li", incident, "declare-end", rest="dropped"))
        entry = Entry.objects.filter(stream=incident.stream).latest("seq").payload["deployed"]
        self.assertIn(f"；交办善后任务 {entry['tasks']} 项", before)
        self.assertIn(f"其中 {entry['tasks_released']} 项任务还没有完成", before)


def _going(entry: Entry) -> str:
    """What an entry says was set going, as the page says it before: from the first figure on."""
    from plans import registry
    from response.sentences import common

    return common.set_going(entry.payload, registry.in_force("earthquake"))
