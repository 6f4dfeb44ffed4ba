"""Going through a whole plan, part by part. No Django here."""

import dataclasses
from collections.abc import Iterator
from typing import Any

from .documents import Duty, PlanDocument, Ref
from .organisations import unit_of

Place = tuple[str, Any]  # where it stands, such as `levels[0].measures[2]`, and the part


def parts(part: Any, path: str = "") -> Iterator[Place]:
    """Every part of a plan (its levels, duties, REFs …) with its place, the whole first."""
    if isinstance(part, tuple):
        for place, item in enumerate(part):
            yield from parts(item, f"{path}[{place}]")
    elif dataclasses.is_dataclass(part):
        yield path, part
        for field in dataclasses.fields(part):
            yield from parts(getattr(part, field.name), f"{path}.{field.name}" if path else field.name)


def refs(document: PlanDocument) -> Iterator[tuple[str, Ref]]:
    """Everybody the plan names, the units of its duty list among them."""
    for path, part in parts(document):
        if isinstance(part, Ref):
            yield path, part
        elif isinstance(part, Duty) and part.unit:
            yield f"{path}.unit", unit_of(part)
