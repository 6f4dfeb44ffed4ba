"""The names of the places on a plan's page. No Django here."""

import re

BETWEEN = re.compile(r"[^\w.]+")
FACTS = "facts"


def of_cite(cite: str) -> str:
    """The anchor of a clause: `5.3.2(7)` is `c-5.3.2-7`."""
    return "c-" + BETWEEN.sub("-", cite).strip("-")


def of_unmodelled(number: int) -> str:
    """The anchor of a line in the list of what is not modelled, counted from 1."""
    return f"u-{number}"
