"""Every act that somebody can try on an incident, one line each in ACTS, for the test that lives any life.

An act picks what it acts on from what is there, and gives back the action with its arguments but for `actor` and `at`;
None where there is nothing to act on. It must not care whether it is lawful: that is what is tried.
"""

from tests.response.acts import ground, levels, states, work
from tests.response.acts.drawing import CHAIN, PEOPLE, PLANS, Act
from tests.response.acts.levels import log

ACTS = (*levels.ACTS, *work.ACTS, *states.ACTS, *ground.ACTS)
# What moves an incident on; tried more often than the rest, or no life comes far.
IN_COMMAND = tuple(act for act in (*levels.ACTS, *states.ACTS) if act.usual is CHAIN)
LIKELY = {  # what an incident in each state is likely to see next, by name
    "reported": (
        "incident.verify level.decide level.propose level.approve level.refuse level.suggest "
        "spoken_order.take_down incident.leave incident.change_plan incident.merge incident.follow fact.report "
        "fact.choose fact.verify incident.mark place.add situation.draft situation.edit situation.send "
        "incident.locate"
    ),
    "verified": (
        "level.decide level.approve spoken_order.take_down incident.leave incident.close incident.merge "
        "incident.change_plan fact.report"
    ),
    "county_handling": "incident.last_word incident.take_back incident.close level.decide incident.last_word",
    "responding": (
        "deployment.stand deployment.appoint command.hand_over end.confirm_the_rest end.declare response.dismiss "
        "response.take_on level.decide level.suggest level.propose level.approve level.refuse level.add_step "
        "level.revoke spoken_order.take_down spoken_order.countersign spoken_order.dispute fact.report fact.choose "
        "fact.verify incident.mark task.accept task.report task.finish task.decline task.assign task.give "
        "task.release deployment.seat deployment.unseat deployment.call deployment.release notice.acknowledge "
        "report.hand_in situation.draft situation.edit situation.refresh situation.send situation.drop place.add "
        "place.drop place.own_response place.tick request.ask request.answer instruction.receive "
        "instruction.pass_on instruction.finish incident.follow"
    ),
    "ended": (
        "review.open level.decide_again spoken_order.take_down spoken_order.dispute level.approve situation.draft "
        "situation.edit situation.send"
    ),
    "reviewing": "paper.submit paper.submit_the_rest incident.close level.decide_again task.finish",
    "closed": "level.decide_again paper.submit spoken_order.take_down",
    "dismissed": "incident.close level.decide_again situation.draft",
}

__all__ = ["ACTS", "IN_COMMAND", "LIKELY", "PEOPLE", "PLANS", "Act", "log"]
