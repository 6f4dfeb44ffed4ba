"""What a plan makes of some facts, in words: what holds, how far the next level is, what is open, what to ask."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from plans import assessment, clocks, words
from plans.assessment import Assessment, Distance
from plans.documents import FactSpec, PlanDocument, Reading
from plans.labels import level_name
from plans.tables import Clause, table_of
from response.bearers import means_county


@dataclass(frozen=True)
class Stretch:
    """How far figures are from the next levels: `死亡人数+失踪人数`, `7`, [(10人, 三级响应), …]."""

    label: str
    current: str
    bounds: list[tuple[str, str]]  # the bounds of one level (several where a clause is open), what they mean


@dataclass(frozen=True)
class Holding:
    """One clause that holds, and what it means."""

    clause: Clause
    means: str


@dataclass(frozen=True)
class Question:
    """What to ask next, and whom."""

    label: str
    of: str


@dataclass(frozen=True)
class Judgement:
    """The plan's answer in words."""

    level: int | None
    level_words: str
    grade_words: str  # '' where the plan has no grades
    holding: list[Holding]  # the clauses that give the level
    also: list[Holding]  # the milder ones that hold too, and those of the grade
    readings: list[Reading]  # of the clauses shown
    stretches: list[Stretch]
    ask: list[Question]
    open: list[tuple[assessment.Open, str]]  # of levels: the clause, the facts it lacks


def of(
    document: PlanDocument,
    values: Mapping[str, Any],
    *,
    counties: Iterable[str] = (),
    answer: Assessment | None = None,
    level_may_move: bool = True,
) -> Judgement:
    """The judgement of known facts; no query.

    counties: the names of those it touches. answer: where it is at hand. level_may_move: before an end; afterwards only
    the grade does (interpretation 22).
    """
    specs = table_of(document).specs
    answer = answer or assessment.assess(document, values)
    here = sorted(counties)
    return Judgement(
        level=answer.level,
        level_words=_words(answer, known=bool(values)),
        grade_words=grade_words(document, answer),
        holding=[_holding(document, clause) for clause in answer.reasons if _gives_level(clause, answer)],
        also=[_holding(document, clause) for clause in answer.reasons if not _gives_level(clause, answer)],
        readings=_readings(document, answer),
        stretches=_stretches(document, values, specs) if level_may_move else [],
        ask=[_question(document, specs[name], here) for name in answer.ask_next],
        open=[(item, _names(specs, item.needs)) for item in answer.undecided if item.clause.kind == "level"],
    )


def _words(answer: Assessment, *, known: bool) -> str:
    """The level in words; where nothing is known yet, that, and not that none is reached."""
    return level_words(answer.level) if known or answer.level is not None else _("情况未报，还不能判断")


def would_become(document: PlanDocument, values: Mapping[str, Any], name: str, value: Any) -> str:
    """The level by the table if a fact were this, in words; '' where the level would stay."""
    before = assessment.assess(document, values)
    after = assessment.assess(document, {**values, name: value})
    return "" if after.level == before.level else level_words(after.level)


def level_words(level: int | None) -> str:
    """A level by the table in words."""
    return _("未达到任何级别") if level is None else level_name(level)


def label_of(spec: FactSpec) -> str:
    """A fact by its label."""
    return words.label(spec.label, spec.name)


def grade_words(document: PlanDocument, answer: Assessment) -> str:
    """The disaster grade, where the plan has grades; never confused with a level."""
    if not document.grades:
        return ""
    return document.grade(answer.grade).name if answer.grade is not None else _("未定级")


def _holding(document: PlanDocument, clause: Clause) -> Holding:
    """A clause that holds, of a level or of a grade: two scales, never one."""
    if clause.kind == "level":
        return Holding(clause, level_name(clause.value))
    return Holding(clause, _("灾害等级：%s") % document.grade(clause.value).name)


def _gives_level(clause: Clause, answer: Assessment) -> bool:
    return clause.kind == "level" and clause.value == answer.level


def _readings(document: PlanDocument, answer: Assessment) -> list[Reading]:
    """How the clauses at hand are read: those that hold, and those still open."""
    cites = {clause.cite for clause in answer.reasons} | {item.clause.cite for item in answer.undecided}
    return [reading for reading in document.readings if reading.cite in cites]


def _names(specs: Mapping[str, FactSpec], facts: Iterable[str]) -> str:
    return "、".join(label_of(specs[name]) for name in facts)


def _stretches(document: PlanDocument, values: Mapping[str, Any], specs: Mapping[str, FactSpec]) -> list[Stretch]:
    """The thresholds of levels ahead, those of the same figures on one line."""
    together: dict[tuple[str, ...], list[Distance]] = {}
    for distance in assessment.distances(document, values):
        if distance.kind == "level":
            together.setdefault(distance.facts, []).append(distance)
    return [_stretch(specs, facts, found) for facts, found in together.items()]


def _stretch(specs: Mapping[str, FactSpec], facts: tuple[str, ...], found: list[Distance]) -> Stretch:
    unit = specs[facts[0]].unit or ""
    current = next((distance.current for distance in found), None)
    label = "+".join(label_of(specs[name]) for name in facts)
    by_level: dict[int, list[float]] = {}
    for item in found:
        by_level.setdefault(item.value, []).append(item.bound)
    bounds = [
        (_(" 或 ").join(_plain(bound) + unit for bound in sorted(set(several))), level_name(level))
        for level, several in sorted(by_level.items(), reverse=True)
    ]
    return Stretch(label, _("未报") if current is None else _plain(shown(current, specs[facts[0]])), bounds)


def shown(value: Any, spec: FactSpec | None) -> Any:
    """A figure as a person reads it: hours by the clock to a tenth, never rounded up to a bound that is not reached."""
    by_clock = spec is not None and clocks.rule_of(spec) is not None
    return math.floor(value * 10) / 10 if by_clock and isinstance(value, float) else value


def _plain(number: float) -> str:
    return str(int(number)) if float(number).is_integer() else str(number)


def _asked_for(document: PlanDocument, spec: FactSpec) -> str:
    """What to ask for a fact: by its label; of one that runs by the clock, when the clock began."""
    begins = (spec.derive or {}).get("hours_since")
    if begins is None:
        return label_of(spec)
    return _("%(moment)s（据此计%(fact)s）") % {"moment": words.milestones(document)[begins], "fact": label_of(spec)}


def _question(document: PlanDocument, spec: FactSpec, here: list[str]) -> Question:
    asked = ["、".join(here) if means_county(ref) and here else ref.name for ref in spec.asked_of]
    return Question(_asked_for(document, spec), "、".join(dict.fromkeys(asked)))
