"""Who may leave an incident to its county, speak for the county, and take it back."""

from collections.abc import Collection

from django.utils.translation import gettext as _

from response.facts import document_of
from response.models import Incident
from response.models.incidents import Status
from shuozhou_ops.journal.actors import Actor

from .obstacles import Obstacle, in_state, keeps, of_office


def leave_to_county(incident: Incident, actor: Actor, counties: Collection[str]) -> list[Obstacle]:
    """May this person leave it to the counties where it happened? One has to be known. counties: their keys."""
    found = in_state(incident, Status.REPORTED, Status.VERIFIED) + of_office(incident, actor)
    if not counties:
        found.append(Obstacle("place_unknown", _("事发县（市、区）还没有确定，请先确定，才能交由县级处置。")))
    return found


def tell_last_word(incident: Incident, actor: Actor, county: str, name: str) -> list[Obstacle]:
    """May this person say for a county what came of it? The county does, or the desk and the office write it down."""
    found = in_state(incident, Status.COUNTY_HANDLING)
    if county in actor.units or keeps(actor, document_of(incident)):
        return found
    words = _("%(county)s的处置结果由%(county)s报告，或由值班台代记。") % {"county": name}
    return [*found, Obstacle("not_author", words, authority=True)]


def take_back(incident: Incident, actor: Actor, *, told: bool) -> list[Obstacle]:
    """May this person take it back from the county? On the county's last word."""
    return in_state(incident, Status.COUNTY_HANDLING) + of_office(incident, actor) + no_last_word(incident, told=told)


def no_last_word(incident: Incident, *, told: bool) -> list[Obstacle]:
    """That a county which answers by itself has not said yet what came of it.

    One word is enough to take it back, for then the city looks again; of several counties each says its own before it
    is closed.
    """
    if incident.status != Status.COUNTY_HANDLING or told:
        return []
    return [Obstacle("no_last_word", _("事发县（市、区）还没有报告处置结果。"))]
