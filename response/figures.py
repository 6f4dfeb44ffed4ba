"""The figures of a plan: told like its facts and counted in situation reports; nothing judges them. Pure."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from plans import facts as incoming
from plans.documents import FactSpec, PlanDocument

FIGURE = "figure-"  # before a figure's name in a form, where a fact may have the same


def as_facts(document: PlanDocument) -> PlanDocument:
    """The same plan with its figures in the place of its facts, for what reads, checks and says facts.

    A figure is a number that is not negative. Source: the exchange format's `figures`.
    """
    specs = [
        FactSpec(item.name, "number", item.label, min=incoming.LOWEST, max=incoming.HIGHEST)
        for item in document.figures
    ]
    return replace(document, facts=tuple(specs))


def validate(document: PlanDocument, figures: Mapping[str, Any]) -> dict[str, Any]:
    """The known figures, normalised, null ones left out. Raises BadFacts with every fault at once."""
    return incoming.validate({spec.name: spec for spec in as_facts(document).facts}, figures)
