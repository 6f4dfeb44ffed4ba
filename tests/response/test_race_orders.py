"""A spoken order is written down while somebody approves the same start: one of them counts, the other is told so."""

import pytest
from django.db import DatabaseError

from response.actions import decisions, orders
from response.actions.orders import Said
from response.models import Incident, LevelDecision, SpokenOrder
from shuozhou_ops.journal import verification
from tests.cast import fresh, minutes, person, user, verbs
from tests.response.test_races import (
    ROUNDS,
    Act,
    a_proposal,
    all_past_the_question,
    first_then,
    in_words,
    refusing,
    started_once,
    without_the_index,
    without_the_row_lock,
)

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


def ordering(incident: Incident) -> Act:
    """The desk writes down that the commander ordered level 3 by phone."""
    said = Said(giver=user("li").pk, said_at=minutes(1), means="phone")
    return lambda: orders.take_down(incident.pk, 3, said, actor=person("desk"), at=minutes(2))


def approving(decision: LevelDecision) -> Act:
    """The commander in chief approves the proposal."""
    return lambda: decisions.approve(decision.pk, actor=person("wang"), at=minutes(2))


def test_of_a_spoken_order_and_an_approval_exactly_one_starts_it() -> None:
    for round_ in range(ROUNDS):
        decision = a_proposal()
        acts = [ordering(decision.incident), approving(decision)]
        won, lost = first_then(*(acts if round_ % 2 else reversed(acts)))
        if round_ % 2:
            assert isinstance(won, SpokenOrder), won
            assert in_words(lost, "already_settled"), lost
        else:
            assert isinstance(won, LevelDecision), won
            assert in_words(lost, "same_level"), lost
        assert LevelDecision.objects.get(incident=decision.incident).status == "approved"
        assert SpokenOrder.objects.filter(decision=decision).count() == round_ % 2
        started_once(decision.incident)
    assert verification.faults() == []


@pytest.mark.unfolded("takes an index out, and afterwards the deadlines that would break it")
def test_without_lock_and_index_both_start_it() -> None:
    """With the lock alone taken out the loser falls on the one open deadline that a decision may have."""

    def both_start() -> bool:
        decision = a_proposal()
        with without_the_row_lock():
            all_past_the_question(ordering(decision.incident), approving(decision))
        return verbs(decision.incident).count("level.started") == 2

    with without_the_index():
        assert any(both_start() for _ in range(ROUNDS))


def test_without_the_row_lock_the_loser_falls_on_the_database() -> None:
    def loser_falls() -> bool:
        decision = a_proposal()
        with without_the_row_lock():
            results = all_past_the_question(ordering(decision.incident), approving(decision))
        return any(isinstance(result, DatabaseError) for result in results)

    assert any(loser_falls() for _ in range(ROUNDS))


def test_without_the_row_lock_an_order_is_in_effect_and_its_proposal_refused() -> None:
    def both_happen() -> bool:
        decision = a_proposal()
        with without_the_row_lock():
            all_past_the_question(ordering(decision.incident), refusing(decision))
        return {"level.started", "level.refused"} <= set(verbs(decision.incident))

    assert any(both_happen() for _ in range(ROUNDS))


def test_of_a_countersignature_and_a_dispute_exactly_one_counts() -> None:
    for round_ in range(ROUNDS):
        decision = a_proposal()
        ordering(decision.incident)()
        acts: list[Act] = [
            lambda pk=decision.pk: orders.countersign(pk, actor=person("li"), at=minutes(3)),  # type: ignore[misc]
            lambda pk=decision.pk: orders.dispute(pk, actor=person("li"), at=minutes(3), reason="没有"),  # type: ignore[misc]
        ]
        won, lost = first_then(*(acts if round_ % 2 else reversed(acts)))
        assert isinstance(won, SpokenOrder), won
        assert in_words(lost, "order_settled"), lost
        assert SpokenOrder.objects.get(decision=decision).status == ("countersigned" if round_ % 2 else "disputed")
        assert fresh(decision.incident).level == 3
    assert verification.faults() == []
