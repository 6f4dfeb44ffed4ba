"""What a row of these tables is."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import QueryDict

from response.authority import Obstacle
from response.forms.acts import (
    ActForm,
)
from response.queries.case import Case
from shuozhou_ops.journal.actors import Actor

TOLD = "messages"  # where the page says what was done; acts done in a row stay in their own section
Run = Callable[[Case, dict[str, Any], Actor, datetime], object]
RunOnDecision = Callable[[int, dict[str, Any], Actor, datetime], object]


@dataclass(frozen=True)
class Act:
    """One act on an incident: how the security log names it, its form, what it does, where the page shows it.

    guard: who may, where the form offers choices only to them: asked first, of what was posted.
    """

    verb: str
    form: Callable[[Case, Any], ActForm]
    run: Run
    anchor: str
    guard: Callable[[Case, QueryDict], list[Obstacle]] = lambda _case, _posted: []
