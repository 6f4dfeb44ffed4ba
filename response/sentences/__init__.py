"""Each verb of an incident's journal in words: the row stores data, this owns the words; a file a noun."""

from . import decisions, ending, facts, handling, incidents, kin, work
from .common import Sentences

SENTENCES: Sentences = {
    **incidents.SENTENCES,
    **handling.SENTENCES,
    **kin.SENTENCES,
    **facts.SENTENCES,
    **decisions.SENTENCES,
    **work.SENTENCES,
    **ending.SENTENCES,
}
