"""A plan as typed, immutable objects: the shape of a plan document and nothing else. No Django here.

The field names are those of the exchange format (`manage.py plans show PLAN --json`); tuples stand for its lists.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

Phase = Literal["standing", "warning", "early", "response", "aftercare"]
Mood = Literal["at_once", "as_needed"]
RefKind = Literal["unit", "post", "role", "incident_county", "free"]
MILESTONES = ("occurred_at", "controlled_at", "extinguished_at", "flared_up_at", "rescue_ended_at")  # of every plan
Expr = Mapping[str, Any]  # {"all": [...]}, {"fact": ..., "at_least": ...}, …; validated by the loader


@dataclass(frozen=True)
class Ref:
    """Whom the text means: its own name, and the unit, post, role or county behind the name."""

    name: str
    key: str | None
    kind: RefKind


@dataclass(frozen=True)
class OutlineItem:
    """One numbered place of the official text, with a heading of ours."""

    cite: str
    heading: str


@dataclass(frozen=True)
class FactSpec:
    """A fact the plan judges by: its type, bounds, labels and how it may be derived."""

    name: str
    type: Literal["number", "integer", "boolean", "choice"]
    label: Mapping[str, str]
    unit: str | None = None
    values: tuple[Any, ...] | None = None
    min: float | None = None
    max: float | None = None
    derive: Mapping[str, Any] | None = None
    value_labels: Mapping[str, Mapping[str, str]] | None = None
    asked_of: tuple[Ref, ...] = ()
    judgement: bool = False


@dataclass(frozen=True)
class Duty:
    """What somebody does, in our words, with its clause. `unit` is set in the plan's duty list, `who` elsewhere."""

    text: str
    cite: str
    phase: Phase = "response"
    mood: Mood | None = None
    every: str | None = None
    opens: Literal["requisition"] | None = None
    unit: str | None = None
    unit_key: str | None = None
    who: tuple[Ref, ...] = ()


@dataclass(frozen=True)
class Office:
    """The office of the headquarters: where it sits and who directs it."""

    seat: Ref
    directors: tuple[Ref, ...]
    duties: tuple[Duty, ...] = ()


@dataclass(frozen=True)
class Headquarters:
    """The headquarters: commanders, deputies, members, their office. `decides: any`: either commander decides."""

    name: str
    commanders: tuple[Ref, ...]
    deputies: tuple[Ref, ...]
    members: tuple[Ref, ...]
    office: Office
    cite: str
    decides: Literal["any"] = "any"
    duties: tuple[Duty, ...] = ()


@dataclass(frozen=True)
class FieldHeadquarters:
    """The field headquarters: when it is set up and who makes it up."""

    set_up: Literal["as_needed", "on_arrival", "at_meeting"]
    composition: Literal["listed", "by_commander"]
    cite: str
    commanders: tuple[Ref, ...] = ()
    deputies: tuple[Ref, ...] = ()
    takes_over_command: bool = False


@dataclass(frozen=True)
class Group:
    """A working group with its leads, members and duties."""

    key: str
    name: str
    cite: str
    leaders: tuple[Ref, ...] = ()
    members: tuple[Ref, ...] = ()
    duties: tuple[Duty, ...] = ()
    of: Literal["headquarters", "field_headquarters"] | None = None
    set_up: Literal["always", "as_needed"] | None = None
    from_level: int | None = None
    subgroups: tuple["Group", ...] = ()


@dataclass(frozen=True)
class Condition:
    """One clause: a condition of one level or grade. `when` is what the assessment evaluates."""

    cite: str
    text: str
    when: Expr


@dataclass(frozen=True)
class ChainStep:
    """One step on the way to a decision: who reports or proposes to whom, and whether the next one decides on it."""

    act: Literal["report", "propose"]
    by: Ref
    to: Ref
    is_: Literal["recorded", "proposal"]


@dataclass(frozen=True)
class Measure:
    """What a level demands and whom it falls to (a REF, or the key of a group as text)."""

    text: str
    cite: str
    number: int | None = None
    falls_to: tuple[Ref | str, ...] = ()
    team: str | None = None
    mood: Mood | None = None


@dataclass(frozen=True)
class Level:
    """A response level: who decides it by which chain, on which conditions, and what it sets going."""

    level: int
    decided_by: Ref
    cite: str
    chain: tuple[ChainStep, ...] = ()
    conditions: tuple[Condition, ...] = ()
    measures: tuple[Measure, ...] = ()
    includes: tuple[int, ...] = ()
    tells: Literal["all", "main", "ticked"] = "main"


@dataclass(frozen=True)
class Grade:
    """A disaster grade and its conditions."""

    grade: int
    name: str
    cite: str
    conditions: tuple[Condition, ...] = ()


@dataclass(frozen=True)
class Adjusting:
    """Who decides a change of level: the authority of the more severe level, or the named ones."""

    decided_by: Literal["more_severe_level"] | tuple[Ref, ...]
    cite: str


@dataclass(frozen=True)
class EndCondition:
    """One thing to be confirmed before an end, or to be done after it."""

    text: str
    cite: str


@dataclass(frozen=True)
class DeclaredBy:
    """Who declares an end: the first, or the other where the first does not stand."""

    first: Ref
    otherwise: Ref | None = None


@dataclass(frozen=True)
class Ending:
    """How a response at these levels ends."""

    levels: tuple[int, ...]
    declared_by: DeclaredBy
    conditions: tuple[EndCondition, ...] = ()
    then: tuple[EndCondition, ...] = ()
    also: tuple[str, ...] = ()


@dataclass(frozen=True)
class Paper:
    """A paper the plan demands after the end."""

    name: str
    by: Ref
    cite: str
    to: Ref | None = None
    headings: tuple[str, ...] = ()
    each_unit: bool = False
    levels: tuple[int, ...] = (1, 2, 3, 4)
    before_closing: bool = True


@dataclass(frozen=True)
class AftercareDuty:
    """What somebody does after the end."""

    who: Ref
    text: str
    cite: str


@dataclass(frozen=True)
class Aftercare:
    """Papers and duties after the end."""

    report_headings: tuple[str, ...] = ()
    papers: tuple[Paper, ...] = ()
    duties: tuple[AftercareDuty, ...] = ()


@dataclass(frozen=True)
class WarningStep:
    """One step of a public warning scale."""

    name: str
    meaning: str
    colour: str | None = None
    published: bool = True
    measures: tuple[Measure | Duty, ...] = ()


@dataclass(frozen=True)
class PublicWarning:
    """A public warning: who issues it with whose consent, and its steps."""

    name: str
    issued_by: tuple[Ref, ...]
    cite: str
    consent_by: Ref | None = None
    steps: tuple[WarningStep, ...] = ()
    lifting: Duty | None = None


@dataclass(frozen=True)
class Scope:
    """Which events the plan is for."""

    text: str
    cite: str
    when: Expr | None = None
    needs_judgement: bool = False


@dataclass(frozen=True)
class Named:
    """A flag, milestone or figure of the plan's own."""

    name: str
    label: Mapping[str, str]


@dataclass(frozen=True)
class Reading:
    """How an unclear place of the text is read."""

    number: int
    cite: str
    text: str


@dataclass(frozen=True)
class Unmodelled:
    """A place of the text that is not modelled, and why."""

    cite: str
    why: str


DUTY_LISTS = (
    "prevention",
    "reporting",
    "early_handling",
    "takeover",
    "cross_border",
    "emergency_measures",
    "forces",
    "money",
    "upkeep",
)


@dataclass(frozen=True)
class PlanDocument:
    """One version of one plan, whole."""

    plan: str
    name: str
    document: str
    version: str
    headquarters: Headquarters
    outline: tuple[OutlineItem, ...] = ()
    facts: tuple[FactSpec, ...] = ()
    field_headquarters: FieldHeadquarters | None = None
    groups: tuple[Group, ...] = ()
    duties: tuple[Duty, ...] = ()
    levels: tuple[Level, ...] = ()
    grades: tuple[Grade, ...] = ()
    warnings: tuple[PublicWarning, ...] = ()
    adjusting: Adjusting | None = None
    ending: tuple[Ending, ...] = ()
    aftercare: Aftercare = field(default_factory=Aftercare)
    flags: tuple[Named, ...] = ()
    milestones: tuple[Named, ...] = ()
    figures: tuple[Named, ...] = ()
    scope: tuple[Scope, ...] = ()
    prevention: tuple[Duty, ...] = ()
    reporting: tuple[Duty, ...] = ()
    early_handling: tuple[Duty, ...] = ()
    takeover: tuple[Duty, ...] = ()
    cross_border: tuple[Duty, ...] = ()
    emergency_measures: tuple[Duty, ...] = ()
    forces: tuple[Duty, ...] = ()
    money: tuple[Duty, ...] = ()
    upkeep: tuple[Duty, ...] = ()
    readings: tuple[Reading, ...] = ()
    unmodelled: tuple[Unmodelled, ...] = ()

    def level(self, number: int) -> Level:
        """The level of this number; KeyError where the plan has none."""
        return next((level for level in self.levels if level.level == number), None) or _missing(number)

    def grade(self, number: int) -> Grade:
        """The grade of this number; KeyError where the plan has none."""
        return next((grade for grade in self.grades if grade.grade == number), None) or _missing(number)

    def fact(self, name: str) -> FactSpec:
        """The fact of this name; KeyError where the plan has none."""
        return next((fact for fact in self.facts if fact.name == name), None) or _missing(name)

    def group(self, key: str) -> Group:
        """The group or subgroup of this key; KeyError where the plan has none."""
        whole = self.whole_group(key)
        return next((group for group in (whole, *whole.subgroups) if group.key == key), None) or _missing(key)

    def whole_group(self, key: str) -> Group:
        """The group of this key, or the one whose subgroup it is; KeyError where the plan has none."""
        found = (group for group in self.groups if key in {group.key, *(part.key for part in group.subgroups)})
        return next(found, None) or _missing(key)

    def ending_of(self, level: int) -> Ending | None:
        """How a response at this level ends."""
        return next((ending for ending in self.ending if level in ending.levels), None)

    def measures_at(self, number: int) -> Iterator[tuple[int, Measure]]:
        """The measures of a level and of every level it builds on, each once, as (level they stand under, measure)."""
        seen: set[int] = set()
        waiting = [number]
        while waiting:
            current = waiting.pop(0)
            if current in seen:
                continue
            seen.add(current)
            level = self.level(current)
            yield from ((current, measure) for measure in level.measures)
            waiting.extend(level.includes)


def _missing(what: object) -> Any:
    raise KeyError(what)
