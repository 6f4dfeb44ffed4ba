"""What a level sets going, read from the plan: deployments, tasks, and who is told. Pure: no queries."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from plans.documents import Group, Measure, PlanDocument, Ref
from plans.organisations import ROLES, key_of, unit_of

from .bearers import Bearer, Ground, bearers, bearers_or_words, posts, posts_of

OWN = "own/"  # begins the key of what is of no place of the plan
HEADQUARTERS = ("headquarters", "headquarters")
FIELD_HEADQUARTERS = ("field_headquarters", "field_headquarters")
LED_FROM = {  # the roles that several may hold, and the deployment they lead: an office's directors lead none
    "commander": HEADQUARTERS,
    "field_commander": FIELD_HEADQUARTERS,
    "field_headquarters": FIELD_HEADQUARTERS,
    "office_director": None,
}


@dataclass(frozen=True)
class Seat:
    """One seat of a deployment."""

    role: str
    bearer: Bearer


@dataclass(frozen=True)
class Called:
    """One headquarters, group or team to be called."""

    kind: str
    key: str
    name: str
    cite: str
    seats: tuple[Seat, ...]

    @property
    def leads(self) -> tuple[Bearer, ...]:
        """Who leads it; empty where nobody is known."""
        return tuple(seat.bearer for seat in self.seats if seat.role == "lead")


@dataclass(frozen=True)
class Order:
    """One task to be given, from one place of the plan. `to` names the deployment that does it."""

    item: str
    bearer: Bearer
    text: str
    cite: str
    mood: str
    phase: str = "response"
    to: tuple[str, str] | None = None
    every: str = ""  # an ISO 8601 duration: given again and again


@dataclass(frozen=True)
class Activation:
    """Everything a level sets going."""

    called: tuple[Called, ...]
    orders: tuple[Order, ...]
    told: tuple[str, ...]  # units that must acknowledge
    informed: tuple[str, ...]  # members that get an information copy
    posts: frozenset[str]  # posts of no unit that lead or bear something: they must acknowledge too
    must: frozenset[str]  # units that lead a group, bear a measure or stay told: nobody unticks them


def what_starts(
    document: PlanDocument,
    level: int,
    ground: Ground,
    *,
    ticked: Collection[str] | None = None,
    stay: Collection[str] = (),
) -> Activation:
    """What this level sets going on this ground.

    Tasks: the level's measures with those it builds on (interpretation 19), the duties of its groups to the lead, the
    response duties of told members that sit in no group (interpretation 18).
    ticked: the members to tell, by key, where the plan leaves that to ticks; None where nobody touched them.
    stay: units told before, which a raise does not leave out.
    """
    groups = [group for group in document.groups if _deployed(group, document, level)]
    called = [*_headquarters(document, level, ground), *(_group(group, document, ground) for group in groups)]
    by_key = {item.key: item for item in called if item.kind == "group"}
    orders = list(_measures(document, level, ground, by_key))
    called += _teams(document, level)
    orders += [order for group in groups for order in _duties_of(group, by_key[group.key])]
    seated = {seat.bearer.unit for item in by_key.values() for seat in item.seats if seat.bearer.unit}
    charged = [*(order.bearer for order in orders), *(lead for item in called for lead in item.leads)]
    bearing = {bearer.unit for bearer in charged if bearer.unit}
    chosen = seated if document.level(level).tells != "ticked" or ticked is None else set(ticked)
    told = _told(document, level, chosen.union(bearing, stay), seated | bearing, ground)
    orders += _member_duties(document, set(told) - seated)
    return Activation(
        called=tuple(called),
        orders=tuple(orders),
        told=told,
        informed=tuple(unit for unit in members_of(document) if unit not in told),
        posts=frozenset(bearer.post for bearer in charged if bearer.post and not bearer.unit),
        must=frozenset(bearing).union(stay),
    )


def still_asked(
    document: PlanDocument, level: int, ground: Ground, *, ticked: Collection[str] | None = None
) -> tuple[set[tuple[str, str]], set[str]]:
    """What a lowering to this level leaves alone: the deployments and plan items that it or a milder level asks for."""
    milder = [item.level for item in document.levels if item.level >= level]
    asked = [what_starts(document, item, ground, ticked=ticked) for item in milder]
    called = {(item.kind, item.key) for wanted in asked for item in wanted.called}
    return called, {order.item for wanted in asked for order in wanted.orders}


def checklist_orders(document: PlanDocument, place: int, ground: Ground) -> list[Order]:
    """The tasks of one line of the plan's checklist: a task only once someone assigns it.

    A group that the line names by its name does it as a group: its lead bears it. Raises IndexError.
    Source: the exchange format (annex 4 of the earthquake plan is the groups' checklist).
    """
    duty = document.emergency_measures[place]
    named = {group.name: group for group in document.groups}
    orders = []
    for ref in duty.who:
        group = named.get(ref.name)
        found: list[tuple[Bearer, tuple[str, str] | None]]
        if group is not None:
            found = [(_lead(_group(group, document, ground)), ("group", group.key))]
        else:
            found = [(bearer, None) for bearer in bearers_or_words(ref, document, ground)]
        orders += [
            Order(f"checklist/{place}", bearer, duty.text, duty.cite, duty.mood or "", duty.phase, to, duty.every or "")
            for bearer, to in found
        ]
    return orders


def aftercare_orders(
    document: PlanDocument, ground: Ground, *, groups: Collection[str], told: Collection[str]
) -> list[Order]:
    """The tasks after the end: those the plan sets then, and the duties for then of who took part.

    groups: the keys of those that were deployed; their lead does it. told: the units that were told.
    Nobody is given by a group or annex what the very clause has given them already.
    """
    orders = [
        Order(f"aftercare/{place}", bearer, duty.text, duty.cite, mood="", phase="aftercare")
        for place, duty in enumerate(document.aftercare.duties)
        for bearer in bearers_or_words(duty.who, document, ground)
    ]
    deployed = [group for group in document.groups if group.key in groups]
    theirs = [_duties_of(group, _group(group, document, ground), "aftercare") for group in deployed]
    for more in (*theirs, _member_duties(document, set(told), "aftercare")):
        given = {(order.bearer.unit, order.cite) for order in orders}
        orders += [order for order in more if order.bearer.unit is None or (order.bearer.unit, order.cite) not in given]
    return orders


def group_of(document: PlanDocument, key: str, ground: Ground) -> tuple[Called, list[Order]]:
    """One group of the plan as it would be called here, and its duties. Raises KeyError where there is none."""
    group = document.group(key)
    called = _group(group, document, ground)
    return called, list(_duties_of(group, called))


def own(key: str) -> bool:
    """Whether a group or task is the commander's own, of no place of the plan."""
    return key.startswith(OWN)


def members_of(document: PlanDocument) -> tuple[str, ...]:
    """The member units by key, each once, in the plan's order."""
    return tuple(dict.fromkeys(key_of(ref) for ref in document.headquarters.members if ref.kind == "unit"))


def _deployed(group: Group, document: PlanDocument, level: int) -> bool:
    return commanded(document, level) if group.from_level is None else level <= group.from_level


def commanded(document: PlanDocument, level: int) -> bool:
    """Whether more than the office works at this level: at every one but a mildest that the office decides by itself.

    Source: ours, where a plan does not say from which level on; it is what the texts do (5.3.1 and 5.3.2, the like).
    """
    mildest = max(item.level for item in document.levels)
    offices = posts_of(document.headquarters.office.directors, document)
    return level < mildest or not posts(document.level(level).decided_by, document) & offices


def _seats(role: str, refs: Iterable[Ref], document: PlanDocument, ground: Ground) -> Iterator[Seat]:
    """A seat for everyone these REFs mean, each once: several REFs may mean the same county."""
    yield from dict.fromkeys(Seat(role, bearer) for ref in refs for bearer in bearers(ref, document, ground))


def _headquarters(document: PlanDocument, level: int, ground: Ground) -> Iterator[Called]:
    own = document.headquarters
    yield Called(
        "headquarters",
        "headquarters",
        own.name,
        own.cite,
        (
            *_seats("lead", own.commanders, document, ground),
            *_seats("deputy", own.deputies, document, ground),
            *_seats("member", own.members, document, ground),
        ),
    )
    field = document.field_headquarters
    if field and commanded(document, level):
        seats = (
            *_seats("lead", field.commanders, document, ground),
            *_seats("deputy", field.deputies, document, ground),
        )
        yield Called("field_headquarters", "field_headquarters", ROLES["field_headquarters"], field.cite, seats)


def _group(group: Group, document: PlanDocument, ground: Ground) -> Called:
    seats = (*_seats("lead", group.leaders, document, ground), *_seats("member", group.members, document, ground))
    return Called("group", group.key, group.name, group.cite, seats)


def _teams(document: PlanDocument, level: int) -> list[Called]:
    teams = {measure.team: measure.cite for _, measure in document.measures_at(level) if measure.team}
    return [Called("team", name, name, cite, ()) for name, cite in teams.items()]


def _lead(called: Called, otherwise: Called | None = None) -> Bearer:
    """The lead as bearer of a group's task: the first one's unit, under the group's name.

    otherwise: the group whose subgroup this is; its lead bears what falls to a subgroup that has none of its own.
    """
    first = next(iter((*called.leads, *(otherwise.leads if otherwise else ()))), Bearer(called.name))
    return Bearer(called.name, first.unit, first.post)


def _measures(document: PlanDocument, level: int, ground: Ground, groups: dict[str, Called]) -> Iterator[Order]:
    for under, measure in document.measures_at(level):
        item = f"level/{under}/{document.level(under).measures.index(measure)}"
        for bearer, to in _bearers_of(measure, document, level, ground, groups):
            if measure.team and to is None:
                to = ("team", measure.team)
            yield Order(item, bearer, measure.text, measure.cite, measure.mood or "", to=to)


def _bearers_of(
    measure: Measure, document: PlanDocument, level: int, ground: Ground, groups: dict[str, Called]
) -> Iterator[tuple[Bearer, tuple[str, str] | None]]:
    if not measure.falls_to:
        own = document.headquarters
        yield Bearer(own.name, unit=key_of(own.office.seat)), None
    for ref in measure.falls_to:
        if isinstance(ref, str):
            group, whole = document.group(ref), document.whole_group(ref)
            if whole.key in groups:
                lead = _lead(_group(group, document, ground), otherwise=groups[whole.key])
                yield lead, ("group", whole.key)
            else:  # the group is not set up at this level: its office sees to it
                yield Bearer(group.name, unit=key_of(document.headquarters.office.seat)), None
        elif ref.kind == "role" and ref.key in LED_FROM and len(posts(ref, document)) > 1:
            yield Bearer(ref.name), _led_from(ref.key, document, level)
        else:
            yield from ((bearer, None) for bearer in bearers_or_words(ref, document, ground))


def _led_from(role: str, document: PlanDocument, level: int) -> tuple[str, str] | None:
    """Where those lead who hold one role together: what falls to the role is one task, which either of them takes.

    Nobody's task is the office's (`authority.work_on`), so the office's directors need no place of their own.
    Source: interpretation 12; where no field headquarters stands, the headquarters' commanders (interpretation 11).
    """
    place = LED_FROM[role]
    return HEADQUARTERS if place == FIELD_HEADQUARTERS and not commanded(document, level) else place


def _duties_of(group: Group, called: Called, phase: str = "response") -> Iterator[Order]:
    bearer = _lead(called)
    whole = [(group.key, group.duties), *((f"{group.key}/{sub.key}", sub.duties) for sub in group.subgroups)]
    for key, duties in whole:
        for place, duty in enumerate(duties):
            if duty.phase == phase:
                item, to = f"group/{key}/{place}", ("group", group.key)
                yield Order(item, bearer, duty.text, duty.cite, duty.mood or "", phase, to, duty.every or "")


def _member_duties(document: PlanDocument, units: set[str], phase: str = "response") -> list[Order]:
    return [
        Order(
            f"duty/{place}",
            Bearer(duty.unit or "", unit=unit),
            duty.text,
            duty.cite,
            duty.mood or "",
            phase,
            every=duty.every or "",
        )
        for place, duty in enumerate(document.duties)
        if duty.phase == phase and (unit := key_of(unit_of(duty))) in units
    ]


def _told(document: PlanDocument, level: int, chosen: set[str], main: set[str], ground: Ground) -> tuple[str, ...]:
    """Who must be told at this level: of the members every one or the chosen, and whoever else the plan charges."""
    members = members_of(document)
    told = [unit for unit in members if unit in chosen or document.level(level).tells == "all"]
    told += [county.key for county in ground.affected]
    told += sorted(main.difference(members))
    return tuple(dict.fromkeys(told))
