"""Who decides, proposes and ends at each level, read from the plan's chain. Pure: no queries."""

from collections.abc import Collection

from plans.documents import ChainStep, PlanDocument, Ref

from .bearers import FIELD, posts, posts_of


def deciders(document: PlanDocument, level: int) -> frozenset[str]:
    """The posts that may decide at this level: the one the plan names and every superior in the chain.

    Source: the level's `decided_by`; interpretation 11 (a superior may decide for an inferior).
    """
    named = [item for item in document.levels if item.level <= level]
    return posts_of((item.decided_by for item in named), document)


def ladder(document: PlanDocument) -> list[frozenset[str]]:
    """The posts that decide, from the mildest level's to the most severe's, each set once."""
    ordered = sorted(document.levels, key=lambda item: -item.level)
    return list(dict.fromkeys(posts(item.decided_by, document) for item in ordered))


def all_posts(document: PlanDocument) -> frozenset[str]:
    """Every post that decides, reports or proposes in this plan, those of its headquarters, and who declares an end."""
    own = document.headquarters
    named = [step.by for level in document.levels for step in level.chain]
    named += [*own.commanders, *own.deputies, *own.office.directors]
    named += [declarer(document, level.level) for level in document.levels]
    return frozenset().union(*ladder(document), posts_of(named, document))


def office_posts(document: PlanDocument) -> frozenset[str]:
    """The directors of the headquarters' office."""
    return posts_of(document.headquarters.office.directors, document)


def proposal_step(document: PlanDocument, level: int) -> ChainStep | None:
    """The step of this level's chain on which the next one decides, or None where nobody has to ask."""
    return next((step for step in document.level(level).chain if step.is_ == "proposal"), None)


def left_out(document: PlanDocument, level: int, taken: Collection[str]) -> list[ChainStep]:
    """The steps of this level's chain that have not been taken, where these acts have."""
    return [step for step in document.level(level).chain if step.act not in taken]


def commanding(document: PlanDocument) -> frozenset[str]:
    """The commanders of the headquarters and every post above them in the chain."""
    commanders = posts_of(document.headquarters.commanders, document)
    steps = ladder(document)
    first = next((place for place, step in enumerate(steps) if step & commanders), 0)
    return commanders.union(*steps[first:])


def enders(document: PlanDocument, level: int, *, field: bool = True) -> frozenset[str]:
    """The posts that may declare the end at this level: the one named and every superior (interpretation 11).

    field: whether the plan's own field commanders count; without, as where none of them stands.
    """
    if document.ending_of(level) is None:
        return deciders(document, level)
    named = declarer(document, level, field=field)
    return with_superiors(document, frozenset[str]() if in_field(named) and not field else posts(named, document))


def with_superiors(document: PlanDocument, named: frozenset[str]) -> frozenset[str]:
    """These posts and every superior of theirs in the chain.

    The superiors of one who decides no level (a commander in the field) begin with the headquarters' commanders.
    """
    steps = ladder(document)
    at = next((place for place, step in enumerate(steps) if step & named), None)
    return named.union(*steps[at + 1 :]) if at is not None else named | commanding(document)


def declarer(document: PlanDocument, level: int, *, field: bool = True) -> Ref:
    """Who declares the end at this level: the first named, or the other where the first does not stand.

    field: whether a commander in the field stands. Where the plan names nobody: the one who decides (ours).
    """
    ending = document.ending_of(level)
    if ending is None:
        return document.level(level).decided_by
    declared = ending.declared_by
    stands = posts(declared.first, document) and (field or not in_field(declared.first))
    return declared.first if declared.otherwise is None or stands else declared.otherwise


def in_field(ref: Ref) -> bool:
    """Whether a REF means whoever commands in the field."""
    return ref.kind == "role" and ref.key in FIELD


def ending_cite(document: PlanDocument, level: int) -> str:
    """The clause by which a response at this level ends; the level's own where the plan has none for it."""
    ending = document.ending_of(level)
    return ending.conditions[0].cite if ending and ending.conditions else document.level(level).cite
