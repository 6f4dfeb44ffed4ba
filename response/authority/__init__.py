"""Who may do what, and what stands in the way of an act, in words with its clause; a file a noun."""

from .decisions import add_step, as_decider, as_ender, changers, decide, goes_on, propose, settle, suggest
from .ending import WITHOUT_RESPONSE, close, confirm_end, declare_end, dismiss, may_end, review, submit_paper
from .handling import leave_to_county, take_back, tell_last_word
from .incidents import hand_in, locate, log, mark, report_fact, verify
from .kin import change_plan, follow, merge, take_on
from .obstacles import DESK, Obstacle, held_at, in_state, keeps, not_named, of_office, require, speaks_for
from .work import acknowledge, name_seats, work_on

__all__ = [
    "DESK",
    "WITHOUT_RESPONSE",
    "Obstacle",
    "acknowledge",
    "add_step",
    "as_decider",
    "as_ender",
    "change_plan",
    "changers",
    "close",
    "confirm_end",
    "decide",
    "declare_end",
    "dismiss",
    "follow",
    "goes_on",
    "hand_in",
    "held_at",
    "in_state",
    "keeps",
    "leave_to_county",
    "locate",
    "log",
    "mark",
    "may_end",
    "merge",
    "name_seats",
    "not_named",
    "of_office",
    "propose",
    "report_fact",
    "require",
    "review",
    "settle",
    "speaks_for",
    "submit_paper",
    "suggest",
    "take_back",
    "take_on",
    "tell_last_word",
    "verify",
    "work_on",
]
