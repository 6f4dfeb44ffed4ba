"""What acts draw from: people, words, facts, and one row of several."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Manager, QuerySet
from hypothesis import strategies as st

from response.models import Incident
from tests.cast import EARTHQUAKE

FIRE = "forest_grassland_fire"
PLANS = (EARTHQUAKE, FIRE)
PEOPLE = (
    "desk",
    "zhang",
    "li",
    "wang",
    "hao",
    "jin",
    "deputy",
    "natural_resources",
    "yingxian",
    "shanyin",
    "transport",
    "health",
    "auditor",
    "appoint",
)
OFFICE = ("desk", "zhang", "li", "hao")
CHAIN = ("wang", "zhang", "li", "wang", "hao")
UNITS = ("yingxian", "transport", "health", "zhang", "natural_resources")

Draw = Callable[[st.SearchStrategy[Any]], Any]
Run = Callable[..., Any]  # takes actor and at
LEVELS = st.sampled_from([4, 3, 2, 1])
WORDS = st.sampled_from(["按现场报告", ""])
REASONS = st.sampled_from(["灾情变化，综合研判", ""])
QUALITIES = st.sampled_from(["estimated", "verified"])
FACTS = {
    EARTHQUAKE: {
        "magnitude": [4.2, 5.2, 6.2, 7.2, 2.0],
        "deaths": [0, 1, 60, 400],
        "missing": [0, 20],
        "density": ["dense", "populated"],
    },
    FIRE: {
        "forest_area_ha": [0.5, 5, 150, 1200],
        "deaths": [0, 1, 12],
        "spreading": [True, False],
        "border": ["county", "none", "city", "province"],
        "fire_kind": ["forest"],
    },
    "fire_incident": {"deaths": [0, 3, 12], "burned_area_m2": [200, 3000]},
}
MOMENTS = ("controlled_at", "extinguished_at", "flared_up_at")


@dataclass(frozen=True)
class Act:
    """One act: what it is called in the security log, how it is prepared, and who does it on an ordinary day."""

    name: str
    prepare: Callable[[Draw, Incident], Run | None]
    usual: Sequence[str]


def one(draw: Draw, rows: QuerySet[Any] | Manager[Any] | Sequence[Any]) -> Any:
    """One of these rows, the latest first; None where there are none."""
    found = list(rows.order_by("-pk")[:12]) if isinstance(rows, QuerySet | Manager) else list(rows)
    return draw(st.sampled_from(found)) if found else None


def some_facts(draw: Draw, plan: str) -> dict[str, Any]:
    """One or two facts of a plan."""
    names = draw(st.lists(st.sampled_from(list(FACTS[plan])), min_size=1, max_size=2, unique=True))
    return {name: draw(st.sampled_from(FACTS[plan][name])) for name in names}


def plan_of(incident: Incident) -> str:
    """The plan an incident is under, by key."""
    return incident.plan_version.plan.key


def another(draw: Draw, incident: Incident) -> Incident:
    """An incident to merge it into or to link it to; now and then itself."""
    return draw(st.sampled_from(list(Incident.objects.order_by("pk"))))
