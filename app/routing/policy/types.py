"""What a policy is made of. No rule, no figure, no behaviour but shape.

Everything is frozen. `None` as a fact is "not known"; a missing key is an error. The module
is long because it is one vocabulary of small shapes.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TypeAlias

from app.vocabulary import Forum, NeedKind, Role

Fact: TypeAlias = bool | int | str | None
Facts: TypeAlias = Mapping[str, Fact]
Value: TypeAlias = bool | int | str


class Tag(StrEnum):
    """How far a figure may be trusted; B and I are labelled defaults and never law."""

    READ = "V"
    REPORTED = "S"
    BACKGROUND = "B"
    DESIGN = "I"
    SEED = "SEED"


class DueUnit(StrEnum):
    """What a due rule counts in. Hours are elapsed; working days are the area's."""

    HOURS = "hours"
    WORKING_DAYS = "working days"
    DAYS = "days"
    WEEKS = "weeks"
    MONTHS = "months"
    SAME_DAY = "same day"
    AT_ONCE = "at once"
    AT = "at"
    BEFORE = "before"


@dataclass(frozen=True, slots=True)
class Source:
    """Where a rule or a figure comes from, down to the paragraph."""

    id: str
    title: str
    tag: Tag
    paragraph: str = ""
    says: str = ""
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Parameter:
    """A figure or switch that areas set differently, with the limits they may set it in."""

    name: str
    value: Value
    label: str
    unit: str
    source: str
    tag: Tag
    low: int = 0
    high: int = 0
    values: tuple[str, ...] = ()
    locked: bool = False


@dataclass(frozen=True, slots=True)
class DueRule:
    """`amount` units after (or, negative, before) the event named by `counted_from`."""

    unit: DueUnit
    amount: int
    counted_from: str


@dataclass(frozen=True, slots=True)
class FindOut:
    """Who finds out a fact that is not known, and by when."""

    owner: Role
    due: DueRule


@dataclass(frozen=True, slots=True)
class FactType:
    """What a fact may be, how to ask for it, and who finds it out when it is not known.

    `riskier` is "up" when more of it is more risk, or empty. `recorded` is a record of our own, so
    it is always known. `needs_identity` cannot be found out before the perpetrator is identified.
    """

    name: str
    kind: str
    label: str
    low: int = 0
    high: int = 0
    values: tuple[str, ...] = ()
    ask: str = ""
    find_out: FindOut | None = None
    riskier: str = ""
    recorded: bool = False
    needs_identity: bool = False


@dataclass(frozen=True, slots=True)
class Condition:
    """`left operator right`; left is a fact, an outcome or a setting. `param` names the figure used."""

    left: str
    operator: str
    right: tuple[Value, ...]
    param: str | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    """All conditions hold, therefore the effect. Two rules for one effect mean "or"."""

    id: str
    outcome: str
    value: str
    when: tuple[Condition, ...]
    says: str
    source: str
    locked: bool = False
    cover: bool = False
    exclusion: bool = False


@dataclass(frozen=True, slots=True)
class LeadRow:
    """One row of a lead table. `holder` keeps the need until the lead accepts it."""

    id: str
    when: tuple[Condition, ...]
    lead: Forum
    role: Role
    holder: Forum
    accept_within: DueRule
    says: str
    source: str


@dataclass(frozen=True, slots=True)
class SupportTemplate:
    """A role asked to help without owning; `forum` is None for a service that is no forum."""

    id: str
    forum: Forum | None
    role: Role
    when: tuple[Condition, ...]
    says: str
    source: str


@dataclass(frozen=True, slots=True)
class DutyTemplate:
    """What somebody must do, by role, and when it counts as done. Any of `when_any` suffices.

    `waits` True: while a fact it depends on is not known it does not arise yet. Otherwise an
    unknown makes the duty arise, because not knowing is never a reason to do less. `waits_for` holds
    the facts for which alone it waits. A duty about life may do so only while its `stand_in`, which
    waits for nothing, arises in every way it could be owed. `about` is the question it serves, where it
    serves one. `repeats_every`: reported, it is owed again so long after, while it still arises.
    `again_within`: reported as not done, it is owed again so soon, and the chair is told.
    """

    id: str
    do: str
    owner: Role
    support: tuple[Role, ...]
    due: DueRule
    done_when: str
    recipient: str
    life_safety: bool
    waits: bool
    waits_for: tuple[str, ...]
    stand_in: str
    when_any: tuple[tuple[Condition, ...], ...]
    says: str
    source: str
    about: NeedKind | None = None
    repeats_every: DueRule | None = None
    again_within: DueRule | None = None


@dataclass(frozen=True, slots=True)
class WarningTemplate:
    """Something a reader must see that changes neither lead nor duty."""

    id: str
    when: tuple[Condition, ...]
    says: str
    source: str


@dataclass(frozen=True, slots=True)
class Departure:
    """One way a local policy differs from the one it extends, and why."""

    kind: str
    id: str
    was: str
    now: str
    reason: str
    source: str


@dataclass(frozen=True, slots=True)
class OutcomeType:
    """A question the rules answer: its values, and how an unsettled one is read meanwhile."""

    name: str
    label: str
    values: tuple[str, ...]
    unknown_as: str


@dataclass(frozen=True, slots=True, eq=False)
class Policy:
    """A loaded policy. `in_force` is when it begins to apply; the hash covers the whole text chain.

    Each is itself and no other, so that what is prepared for one is never taken for a changed copy.
    """

    id: str
    version: str
    title: str
    in_force: datetime
    applies_to: str
    sha256: str
    extends: str | None
    parameters: Mapping[str, Parameter]
    facts: Mapping[str, FactType]
    outcomes: Mapping[str, OutcomeType]
    rules: tuple[Rule, ...]
    victim_rows: tuple[LeadRow, ...]
    perpetrator_rows: tuple[LeadRow, ...]
    supports: tuple[SupportTemplate, ...]
    duties: tuple[DutyTemplate, ...]
    warnings: tuple[WarningTemplate, ...]
    sources: Mapping[str, Source]
    departures: tuple[Departure, ...]
