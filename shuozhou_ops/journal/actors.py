"""Who acts, as the journal knows them: a reference in text, a name, the positions held at that moment."""

from dataclasses import dataclass, field, replace


@dataclass(frozen=True)
class Actor:
    """One who acts. `posts` are position keys held (or acted for) at the moment of acting, `units` organisation keys.

    `functions` are the few powers that no plan names (desk, audit, appoint).
    """

    ref: str
    name: str
    posts: frozenset[str] = frozenset()
    units: frozenset[str] = frozenset()
    functions: frozenset[str] = frozenset()
    post_names: tuple[tuple[str, str], ...] = field(default=())

    def name_of_post(self) -> str:
        """The printed name of the post spoken in: the first one held, or '' where none is."""
        return next((name for _key, name in self.post_names), "")

    def as_holder_of(self, *sets: frozenset[str]) -> "Actor":
        """The same person speaking first in one of these posts: in one of the first set if held, else of the next."""

        def rank(key: str) -> int:
            return next((place for place, posts in enumerate(sets) if key in posts), len(sets))

        ordered = sorted(self.post_names, key=lambda named: rank(named[0]))
        return replace(self, post_names=tuple(ordered))


SYSTEM = Actor(ref="system/sweep", name="系统")
