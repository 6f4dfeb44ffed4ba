"""Who may do what, and what stands in the way of an act, in words with its clause; a file a noun."""

from .decisions import add_step, as_decider, as_ender, changers, decide, propose, settle, suggest
from .ending import close, confirm_end, declare_end, review, submit_paper
from .incidents import hand_in, locate, log, mark, report_fact, verify
from .obstacles import DESK, Obstacle, held_at, in_state, keeps, not_named, of_office, require, speaks_for
from .situation import change_situation, draft_situation, may_be_final, sign_situation, signers
from .work import acknowledge, name_seats, work_on

__all__ = [
    "DESK",
    "Obstacle",
    "acknowledge",
    "add_step",
    "as_decider",
    "as_ender",
    "change_situation",
    "changers",
    "close",
    "confirm_end",
    "decide",
    "declare_end",
    "draft_situation",
    "hand_in",
    "held_at",
    "in_state",
    "keeps",
    "locate",
    "log",
    "mark",
    "may_be_final",
    "name_seats",
    "not_named",
    "of_office",
    "propose",
    "report_fact",
    "require",
    "review",
    "settle",
    "sign_situation",
    "signers",
    "speaks_for",
    "submit_paper",
    "suggest",
    "verify",
    "work_on",
]
