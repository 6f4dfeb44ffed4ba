"""Who may do what, and what stands in the way of an act, in words with its clause; a file a noun."""

from .decisions import add_step, as_decider, as_ender, changers, decide, propose, revoke, settle, suggest
from .ending import close, confirm_end, declare_end, review, submit_paper
from .incidents import choose_fact, hand_in, locate, log, mark, report_fact, verify
from .obstacles import DESK, Obstacle, held_at, in_state, keeps, not_named, of_office, require, speaks_for
from .orders import answer_order, give_order, own_order, take_down
from .work import acknowledge, name_seats, work_on

__all__ = [
    "DESK",
    "Obstacle",
    "acknowledge",
    "add_step",
    "answer_order",
    "as_decider",
    "as_ender",
    "changers",
    "choose_fact",
    "close",
    "confirm_end",
    "decide",
    "declare_end",
    "give_order",
    "hand_in",
    "held_at",
    "in_state",
    "keeps",
    "locate",
    "log",
    "mark",
    "name_seats",
    "not_named",
    "of_office",
    "own_order",
    "propose",
    "report_fact",
    "require",
    "review",
    "revoke",
    "settle",
    "speaks_for",
    "submit_paper",
    "suggest",
    "take_down",
    "verify",
    "work_on",
]
