"""Each verb of an incident's journal in words: the row stores data, this owns the words; a file a noun."""

from . import command, decisions, ending, facts, groups, handling, incidents, kin, orders, situation, work
from .common import Sentences

SENTENCES: Sentences = {
    **incidents.SENTENCES,
    **handling.SENTENCES,
    **kin.SENTENCES,
    **facts.SENTENCES,
    **decisions.SENTENCES,
    **orders.SENTENCES,
    **work.SENTENCES,
    **ending.SENTENCES,
    **command.SENTENCES,
    **groups.SENTENCES,
    **situation.SENTENCES,
}
