"""A form sent twice is one act, and the second press is answered like the first, whatever the act took away."""

import pytest
from django.db import OperationalError

from response.actions import decisions
from response.models import Incident
from shuozhou_ops.journal.models import Entry, SecurityEvent
from tests.cast import NOON, a_response, an_earthquake, fresh, person, verbs
from tests.response.web import WebCase, text_of


class RepeatTests(WebCase):
    """The second press, after the act took away what the form offered."""

    def twice(self, who: str, incident: Incident, act: str, verb: str, **typed: object) -> None:
        for _ in range(2):
            self.done(self.post(who, incident, act, idempotency_key="one", **typed))
        self.assertEqual(verbs(incident).count(verb), 1)

    def test_deciding_a_level_that_is_no_choice_any_more(self) -> None:
        self.twice("li", an_earthquake(), "decide", "level.started", to_level="3")

    def test_verifying_figures_that_are_verified_now(self) -> None:
        self.twice("desk", an_earthquake(), "verify-facts", "fact.verified", facts=["magnitude"], source="台网")

    def test_withdrawing_a_figure_that_is_gone(self) -> None:
        typed = {"withdraw-magnitude": "on", "source": "台网", "quality": "estimated"}
        self.twice("desk", an_earthquake(), "report-facts", "fact.reported", **typed)

    def test_with_other_content_it_stays_a_form_that_cannot_be_read(self) -> None:
        incident = an_earthquake()
        self.done(self.post("li", incident, "decide", idempotency_key="one", to_level="3"))
        answer = self.post("li", incident, "decide", idempotency_key="one", to_level="3", reason="另一个理由")
        self.assertEqual(answer.status_code, 400)
        self.assertIn("另一个理由", answer.content.decode())

    def test_a_key_of_one_decision_does_not_answer_for_another(self) -> None:
        incident = an_earthquake()
        suggested = [decisions.suggest(incident.pk, 3, actor=person("desk"), at=NOON) for _ in range(2)]
        first, second = (
            self.settle("li", item.pk, "refuse", reason="先核实", idempotency_key="one") for item in suggested
        )
        self.done(first)
        self.assertEqual(second.status_code, 409)
        self.assertIn("key_reused", second.content.decode())


@pytest.mark.both
class OddKeyTests(WebCase):
    """What is no key is no reason to fail."""

    def test_a_key_with_signs_no_column_holds_counts_as_none(self) -> None:
        for key in ("a\x00b", "键", " ", "k" * 101):
            incident = an_earthquake()
            self.done(self.post("desk", incident, "verify", idempotency_key=key))
            self.assertIsNone(Entry.objects.get(stream=incident.stream, verb="incident.verified").idempotency_key)


class BusyTests(WebCase):
    """A database that stays locked is said in words."""

    def test_the_refusal_is_not_written_where_nothing_can_be_written(self) -> None:
        incident = a_response(3)

        def locked(*_args: object, **_options: object) -> None:
            raise OperationalError("database is locked")

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(decisions, "decide", locked)
            patch.setattr(SecurityEvent.objects, "create", locked)
            answer = self.post("li", incident, "decide", to_level="4", reason="灾情减轻")
        self.assertEqual(answer.status_code, 409)
        self.assertIn("系统正忙", text_of(answer.content.decode()))
        self.assertIn("灾情减轻", answer.content.decode())
        self.assertEqual(fresh(incident).level, 3)
