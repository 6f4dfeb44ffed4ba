"""Clauses, people, conditions and intervals of a plan in a template."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from django import template
from django.template import Context
from django.urls import reverse
from django.utils.html import format_html
from django.utils.http import urlencode
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from plans import checking, labels, words
from plans.documents import Expr, FactSpec, Reading, Ref
from plans.queries import Marks

register = template.Library()
BETWEEN = re.compile(r"[^\w.]+")
DURATION = re.compile(r"P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?")


@register.filter
def cite_anchor(cite: str) -> str:
    """The id of a clause on its plan's page: `5.3.2(7)` is `c-5.3.2-7`."""
    return "c-" + BETWEEN.sub("-", cite).strip("-")


@register.simple_tag
def cite(clause: str, plan_key: str) -> SafeString:
    """The chip of a clause, leading to its place on the plan's page; nothing where there is no clause."""
    if not clause:
        return SafeString("")
    return format_html(
        '<a class="cite" href="{}#{}">{}</a>', reverse("plan", args=[plan_key]), _escaped(clause), clause
    )


@register.inclusion_tag("plans/_clause.html", takes_context=True)
def clause(context: Context, cite: str, quiet: bool = False) -> dict[str, Any]:
    """The chip of a clause on its own plan's page: its heading there, else its first place, is the anchor.

    It is followed by the clause's readings where they have not been shown yet; `quiet` (in a heading) leaves them to
    `readings`.
    """
    marks: Marks = context["marks"]
    return {"cite": cite, "first": marks.first(cite, heading=quiet), "readings": () if quiet else marks.untold(cite)}


@register.inclusion_tag("plans/_clause_readings.html", takes_context=True)
def readings(context: Context, cite: str) -> dict[str, Any]:
    """The readings of a clause below its heading, where they have not been shown yet."""
    marks: Marks = context["marks"]
    return {"readings": marks.untold(cite)}


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
    found = DURATION.fullmatch(duration)
    units = (_("年"), _("个月"), _("周"), _("天"), _("小时"), _("分钟"), _("秒"))
    parts = [f"{number}{unit}" for number, unit in zip(found.groups(), units, strict=True) if number] if found else []
    return _("每%(interval)s一次") % {"interval": "".join(parts) or duration}


def _escaped(clause: str) -> str:
    return urlencode({"": cite_anchor(clause)})[1:]
