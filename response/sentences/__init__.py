"""Each verb of an incident's journal in words: the row stores data, this owns the words; a file a noun."""

from . import decisions, ending, facts, incidents, situation, work
from .common import Sentences

SENTENCES: Sentences = {
    **incidents.SENTENCES,
    **facts.SENTENCES,
    **decisions.SENTENCES,
    **work.SENTENCES,
    **ending.SENTENCES,
    **situation.SENTENCES,
}
