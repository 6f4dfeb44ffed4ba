"""What is left to a county in sentences."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from plans.documents import PlanDocument

from .common import Payload, Said, Sentences, clock_of, quoted


def _left(payload: Payload, _document: PlanDocument) -> Said:
    text = _("交由%(counties)s处置") % {"counties": "、".join(payload.get("counties", ()))}
    return text + quoted(payload.get("reason")), ""


def _told(payload: Payload, _document: PlanDocument) -> Said:
    told = {
        "county": payload.get("county"),
        "by": payload.get("said_by"),
        "at": clock_of(payload.get("said_at")),
        "text": payload.get("text"),
    }
    return _("%(county)s报告处置结果（%(by)s，%(at)s）：%(text)s") % told, ""


def _taken_back(payload: Payload, _document: PlanDocument) -> Said:
    return _("县级处置结束，转为已核实") + last_words_of(payload.get("counties", ())) + quoted(
        payload.get("reason")
    ), ""


def last_words_of(told: Iterable[dict[str, str]]) -> str:
    """The counties' last words on which something rests; '' where there are none."""
    said = "；".join(
        _("%(who)s %(at)s：%(text)s") % {"who": word["who"], "at": clock_of(word["said_at"]), "text": word["text"]}
        for word in told
    )
    return _("（%s）") % said if said else ""


SENTENCES: Sentences = {
    "incident.left_to_county": _left,
    "report.county_told": _told,
    "incident.taken_back": _taken_back,
}
