"""The tasks that an end leaves open, and the form that asks what becomes of each."""

from typing import Any

from django.utils.text import Truncator

from response.actions.settling import AFTERCARE
from response.forms.settling import SettleForm

from .case import Case, once


def settle_form(case: Case, data: Any = None, **options: Any) -> SettleForm:
    """The form of an act that ends the response. options: those of a form with a reason. No query."""
    return SettleForm(data, tasks=open_by_bearer(case), counties=counties(case), **options)


@once
def open_by_bearer(case: Case) -> list[tuple[str, list[tuple[int, str]]]]:
    """The tasks that end with the response and are not done: primary key and words, by bearer."""
    found: dict[str, list[tuple[int, str]]] = {}
    for task in case.tasks:
        if task.is_open and task.phase != AFTERCARE:
            words = f"{Truncator(task.text).chars(60)}（{task.get_status_display()}）"
            found.setdefault(task.bearer, []).append((task.pk, words))
    return list(found.items())


def counties(case: Case) -> list[tuple[str, str]]:
    """The counties of the incident that a task may be handed to."""
    return [(place.county.key, place.county.name) for place in case.incident.places.all() if not place.left_at]
