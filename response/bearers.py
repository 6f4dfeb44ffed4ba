"""Whom a plan's REF means in an incident: units, posts, the counties where it happened. Pure: no queries."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace

from plans.documents import PlanDocument, Ref
from plans.organisations import COUNTY, HEAD, key_of, unit_of_post
from shuozhou_ops.accounts.models import Organisation

FIELD = ("field_commander", "field_headquarters")
WHO_SPEAKS = {"headquarters": "commander", "office": "office_director"}  # whose word is theirs


@dataclass(frozen=True)
class County:
    """One county-level unit."""

    key: str
    name: str


@dataclass(frozen=True)
class Ground:
    """Where an incident is: its counties, and every county of the city."""

    affected: tuple[County, ...]
    every: tuple[County, ...]

    @property
    def others(self) -> tuple[County, ...]:
        """The counties it does not touch."""
        return tuple(county for county in self.every if county not in self.affected)


def ground_among(units: Iterable[Organisation], affected: Collection[str]) -> Ground:
    """The counties among these units, and those of them that are affected (by key)."""
    every = tuple(County(unit.key, unit.name) for unit in units if unit.is_county)
    return Ground(tuple(county for county in every if county.key in affected), every)


@dataclass(frozen=True)
class Bearer:
    """One who bears something: the printed name, and the unit or post behind it (neither: words alone)."""

    name: str
    unit: str | None = None
    post: str | None = None


def bearers(ref: Ref, document: PlanDocument, ground: Ground) -> tuple[Bearer, ...]:
    """Everyone a REF means; empty where it means the county and none is known.

    Source: the exchange format (REF); the headquarters and its office are reached through the office's seat.
    """
    if ref.kind == "unit":
        return (Bearer(ref.name, unit=key_of(ref)),)
    if means_county(ref):
        return tuple(Bearer(county.name, unit=county.key) for county in ground.affected)
    if ref.kind == "post":
        post = key_of(ref)
        return (Bearer(ref.name, unit=unit_of_post(post), post=post),)
    if ref.kind == "role":
        return _of_role(ref, document, ground)
    return (Bearer(ref.name),)


def means_county(ref: Ref) -> bool:
    """Whether a REF means each county of the incident, or its head, which is the same."""
    return ref.kind == "incident_county" or (ref.kind == "post" and unit_of_post(ref.key or "") == COUNTY)


def bearers_or_words(ref: Ref, document: PlanDocument, ground: Ground) -> tuple[Bearer, ...]:
    """Everyone a REF means; its words alone where that is nobody, so that what falls to it is never lost."""
    return bearers(ref, document, ground) or (Bearer(ref.name),)


def _of_role(ref: Ref, document: PlanDocument, ground: Ground) -> tuple[Bearer, ...]:
    headquarters, field = document.headquarters, document.field_headquarters
    seat = headquarters.office.seat
    if ref.key == "commander":
        return _all(headquarters.commanders, document, ground)
    if ref.key == "deputy":
        return _all(headquarters.deputies, document, ground)
    if ref.key == "office_director":
        return _all(headquarters.office.directors, document, ground)
    if ref.key == "members":
        return _all(headquarters.members, document, ground)
    if ref.key == "other_counties":
        return tuple(Bearer(county.name, unit=county.key) for county in ground.others)
    if ref.key in FIELD and field and field.commanders:
        return _all(field.commanders, document, ground)
    return (Bearer(ref.name, unit=key_of(seat)),)


def _all(refs: Iterable[Ref], document: PlanDocument, ground: Ground) -> tuple[Bearer, ...]:
    return tuple(bearer for ref in refs for bearer in bearers(ref, document, ground))


def posts(ref: Ref, document: PlanDocument) -> frozenset[str]:
    """The posts a REF gives an authority to: the roles' posts, a unit's head; none where no field commander is named.

    Work for a headquarters falls to its office, but its authority is that of whoever commands it (interpretation 11).
    """
    field = document.field_headquarters
    if ref.kind == "role" and ref.key in FIELD and not (field and field.commanders):
        return frozenset()
    if ref.kind == "role" and ref.key in WHO_SPEAKS:
        ref = replace(ref, key=WHO_SPEAKS[ref.key])
    found = bearers(ref, document, Ground((), ()))
    return frozenset(bearer.post or f"{bearer.unit}{HEAD}" for bearer in found if bearer.post or bearer.unit)


def posts_of(refs: Iterable[Ref], document: PlanDocument) -> frozenset[str]:
    """The posts that any of these REFs gives an authority to."""
    return frozenset().union(*(posts(ref, document) for ref in refs))
