"""What was refused returns only when other clauses hold; what was made from another level is stale."""

import pytest

from response.actions import decisions, endings, facts
from response.models import Incident, LevelDecision
from response.models.decisions import OPEN_STATUSES
from shuozhou_ops.errors import Conflict
from tests.cast import a_response, an_earthquake, fresh, minutes, open_decision, person

pytestmark = [pytest.mark.django_db, pytest.mark.both]


def tell(incident: Incident, at: float, **values: object) -> None:
    facts.report(incident.pk, values, actor=person("desk"), at=minutes(at), source="县指挥部")


def waiting(incident: Incident) -> list[int | None]:
    """The levels that wait to be decided."""
    rows = incident.decisions.filter(status__in=OPEN_STATUSES)
    return list(rows.values_list("to_level", flat=True))


def refused(at: float = 1) -> Incident:
    """Twelve dead, and the commander does not start level 3."""
    incident = an_earthquake(deaths=12)
    decisions.refuse(open_decision(incident).pk, actor=person("li"), at=minutes(at), reason="先核实")
    return incident


def test_while_the_same_clauses_hold_it_stays_away() -> None:
    incident = refused()
    tell(incident, 2, deaths=20)
    tell(incident, 3, deaths=30, missing=1)
    assert waiting(incident) == []


def test_another_clause_of_the_same_level_brings_it_back() -> None:
    incident = refused()
    tell(incident, 2, magnitude=5.2, density="populated")
    assert waiting(incident) == [3]


def test_another_clause_of_a_milder_level_is_another_ground_too() -> None:
    incident = refused()
    tell(incident, 2, magnitude=4.2, density="populated")
    assert waiting(incident) == [3]


def test_what_held_when_it_was_refused_counts_and_not_when_it_was_suggested() -> None:
    incident = an_earthquake(deaths=12)
    tell(incident, 1, magnitude=5.2, density="populated")
    decisions.refuse(open_decision(incident).pk, actor=person("li"), at=minutes(2), reason="先核实")
    tell(incident, 3, deaths=13)
    assert waiting(incident) == []


def test_the_same_set_again_stays_away_a_new_one_does_not() -> None:
    incident = refused()
    tell(incident, 2, deaths=60)
    assert waiting(incident) == [2]
    tell(incident, 3, deaths=12)
    assert waiting(incident) == []


def test_it_stays_away_though_a_milder_level_was_started_instead() -> None:
    incident = an_earthquake(magnitude=6.2)
    decisions.refuse(open_decision(incident).pk, actor=person("wang"), at=minutes(1), reason="先按三级")
    decisions.decide(incident.pk, 3, actor=person("li"), at=minutes(2), reason="总指挥不批准二级")
    tell(incident, 3, deaths=0)
    assert waiting(incident) == []
    tell(incident, 4, deaths=12)
    assert waiting(incident) == [2]


def test_another_response_asks_anew() -> None:
    incident = an_earthquake(magnitude=6.2)
    decisions.refuse(open_decision(incident).pk, actor=person("wang"), at=minutes(1), reason="先按三级")
    decisions.decide(incident.pk, 3, actor=person("li"), at=minutes(2), reason="总指挥不批准二级")
    for place in range(len(endings.unconfirmed(fresh(incident)))):
        endings.confirm(incident.pk, place, actor=person("zhang"), at=minutes(3), basis="各组报告")
    endings.declare(incident.pk, actor=person("li"), at=minutes(4))
    decisions.decide(incident.pk, 3, actor=person("li"), at=minutes(5), reason="强余震", again=True)
    tell(incident, 6, missing=0)
    assert waiting(incident) == [2]


def test_while_it_waits_it_names_the_clauses_that_hold_now() -> None:
    incident = an_earthquake(deaths=12)
    tell(incident, 1, magnitude=5.2, density="populated")
    assert len(open_decision(incident).basis) == 2
    tell(incident, 2, deaths=0)
    waits = open_decision(incident)
    assert (len(waits.basis), waits.figures["deaths"]["value"]) == (1, 0)


def test_one_open_automatic_proposal_however_often_the_facts_move() -> None:
    incident = an_earthquake(deaths=12)
    for at, deaths in enumerate((60, 12, 60, 400), start=1):
        tell(incident, at, deaths=deaths)
        assert LevelDecision.objects.filter(incident=incident, automatic=True, status__in=OPEN_STATUSES).count() == 1
    assert waiting(incident) == [1]


def test_a_proposal_from_a_level_no_longer_in_force_is_stale() -> None:
    incident = a_response(4)
    suggested = decisions.suggest(incident.pk, 3, actor=person("desk"), at=minutes(1), reason="余震频繁")
    decisions.decide(incident.pk, 2, actor=person("wang"), at=minutes(2), reason="临近学校")
    suggested = LevelDecision.objects.get(pk=suggested.pk)
    assert (suggested.status, suggested.settled_reason) == ("stale", "级别已变动")
    with pytest.raises(Conflict) as late:
        decisions.approve(suggested.pk, actor=person("wang"), at=minutes(3))
    assert late.value.code == "already_settled"
