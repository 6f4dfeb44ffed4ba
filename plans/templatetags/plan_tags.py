"""Clauses, people, conditions and intervals of a plan in a template."""

from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import quote

from django import template
from django.template import Context
from django.urls import reverse
from django.utils.html import format_html
from django.utils.http import urlencode
from django.utils.safestring import SafeString

from plans import anchors, checking, labels, words
from plans.documents import Expr, FactSpec, Reading, Ref
from plans.queries import Marks
from plans.searching import Hit

register = template.Library()


@register.filter
def cite_anchor(cite: str) -> str:
    """The id of a clause on its plan's page: `5.3.2(7)` is `c-5.3.2-7`."""
    return anchors.of_cite(cite)


@register.simple_tag
def cite(clause: str, plan_key: str) -> SafeString:
    """The chip of a clause, leading to its place on the plan's page, its official words unfolded there.

    Nothing where there is no clause.
    """
    if not clause:
        return SafeString("")
    return format_html('<a class="cite" href="{}">{}</a>', _address(clause, plan_key, cite_anchor(clause)), clause)


@register.simple_tag
def hit_address(hit: Hit, plan_key: str) -> str:
    """Where a hit stands, its clause's official words unfolded."""
    return _address(hit.cite, plan_key, hit.anchor)


@register.inclusion_tag("plans/_clause.html", takes_context=True)
def clause(context: Context, cite: str, quiet: bool = False) -> dict[str, Any]:
    """The chip of a clause on its own plan's page: its heading there, else its first place, is the anchor.

    It is followed by the clause's readings where they have not been shown yet, and at the anchor by its official words;
    `quiet` (in a heading) leaves them to `readings`.
    """
    marks: Marks = context["marks"]
    first = marks.first(cite, heading=quiet)
    return {
        "cite": cite,
        "first": first,
        "readings": () if quiet else marks.untold(cite),
        "passage": marks.unquoted(cite) if first and not quiet else None,
        "opened": marks.opened == cite,
    }


@register.inclusion_tag("plans/_clause_readings.html", takes_context=True)
def readings(context: Context, cite: str) -> dict[str, Any]:
    """The readings of a clause below its heading and its official words, where they have not been shown yet."""
    marks: Marks = context["marks"]
    return {
        "cite": cite,
        "readings": marks.untold(cite),
        "passage": marks.unquoted(cite),
        "opened": marks.opened == cite,
    }


@register.filter
def names(refs: Iterable[Ref]) -> str:
    """Several REFs by name."""
    return words.names(refs)


@register.filter
def bearers(falls_to: Iterable[Ref | str], group_names: Mapping[str, str]) -> str:
    """Whom a measure falls to, groups by their names."""
    return words.listed(bearer.name if isinstance(bearer, Ref) else group_names[bearer] for bearer in falls_to)


@register.filter
def reading_cite(reading: Reading) -> str:
    """How a clause cites this reading."""
    return checking.reading_cite(reading)


@register.filter
def choice(fact: FactSpec, value: Any) -> str:
    """A value of a fact in words."""
    return words.value(fact, value)


@register.filter
def level_name(level: int | None) -> str:
    """A response level written out, never a number alone."""
    return labels.level_name(level)


@register.filter
def in_words(when: Expr, specs: Mapping[str, FactSpec]) -> str:
    """A condition in words."""
    return words.condition(when, specs)


@register.filter
def label(labels: Mapping[str, str]) -> str:
    """A label in the reader's language."""
    return words.label(labels)


@register.simple_tag
def fact_label(name: str, specs: Mapping[str, FactSpec]) -> str:
    """A fact by its label."""
    return words.label(specs[name].label, name)


@register.simple_tag
def fact_as_known(name: str, value: Any, specs: Mapping[str, FactSpec]) -> str:
    """A fact with its value: `死亡人数 3人`."""
    return f"{words.label(specs[name].label, name)} {words.value(specs[name], value)}"


@register.filter
def every(duration: str) -> str:
    """An ISO 8601 duration in words: P1D is 每1天."""
    return words.every(duration)


def _address(clause: str, plan_key: str, anchor: str) -> str:
    return f"{reverse('plan', args=[plan_key])}?{urlencode({'clause': clause})}#{quote(anchor)}"
