"""Units and posts that a plan names: those that are not in the database yet are created with it."""

from collections.abc import Iterable

from plans import walking
from plans.documents import PlanDocument, Ref
from plans.organisations import COUNTY, DEPUTY, HEAD, Directory, Post, Unit, directory, key_of, unit_of_post
from shuozhou_ops.accounts.models import Organisation, Position
from shuozhou_ops.journal.record import Changes


def create_unknown(document: PlanDocument, changes: Changes) -> None:
    """Create what is missing of the organisations' list, and the units and posts that only this plan knows.

    A created post has no holder until somebody is appointed. Two reads and two inserts, however long the plan.
    """
    named = {(ref.kind, key_of(ref)): ref for _, ref in walking.refs(document) if ref.kind in ("unit", "post")}
    known = directory()
    units = {**known.units, **_new_units(named.values(), known)}
    organisations = _create_units(units.values(), changes)
    posts = {**_posts_of_units(units.values()), **known.posts, **_new_posts(named.values(), known)}
    _create_posts([post for key, post in posts.items() if unit_of_post(key) != COUNTY], organisations, changes)


def _new_units(refs: Iterable[Ref], known: Directory) -> dict[str, Unit]:
    return {key_of(ref): Unit(key_of(ref), ref.name) for ref in refs if ref.kind == "unit" and not known.knows(ref)}


def _new_posts(refs: Iterable[Ref], known: Directory) -> dict[str, Post]:
    return {
        key_of(ref): Post(key_of(ref), ref.name, unit_of_post(key_of(ref)))
        for ref in refs
        if ref.kind == "post" and not known.knows(ref)
    }


def _posts_of_units(units: Iterable[Unit]) -> dict[str, Post]:
    titles = [
        (unit, title, end) for unit in units for title, end in ((unit.head_title, HEAD), (unit.deputy_title, DEPUTY))
    ]
    return {unit.key + end: Post(unit.key + end, unit.name + title, unit.key) for unit, title, end in titles}


def _create_units(units: Iterable[Unit], changes: Changes) -> dict[str, Organisation]:
    """Create those that are in the database neither by key nor by name; all of them, by key."""
    there = {row.key: row for row in Organisation.objects.all()}
    names = {row.name for row in there.values()}
    rows = [
        Organisation(
            key=unit.key,
            name=unit.name,
            aliases=list(unit.aliases),
            is_county=unit.county,
            division_code=unit.division_code or "",
            note=unit.note or "",
        )
        for unit in units
        if unit.key not in there and unit.name not in names
    ]
    return there | {row.key: row for row in changes.create_all(Organisation, rows)}


def _create_posts(posts: Iterable[Post], organisations: dict[str, Organisation], changes: Changes) -> None:
    there = set(Position.objects.values_list("key", flat=True))
    changes.create_all(
        Position,
        [
            Position(key=post.key, name=post.name, organisation=organisations.get(post.unit or ""))
            for post in posts
            if post.key not in there
        ],
    )
