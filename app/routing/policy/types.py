"""The parts of a policy as frozen dataclasses, which say no more than follows from their own fields.

A fact that is None is "not known"; a missing fact is an error. The module is long because it lists one
vocabulary of small types.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from itertools import chain
from typing import TypeAlias

from app.routing.policy.duty_ids import AGREE_CONTACT, ARREST_PLAN, CONTACT_VICTIM, CONTACT_WHO_ASKED_FOR_HELP
from app.vocabulary import Forum, NeedKind, Role

Fact: TypeAlias = bool | int | str | None
Facts: TypeAlias = Mapping[str, Fact]
Value: TypeAlias = bool | int | str


class Tag(StrEnum):
    """How far a rule or parameter may be trusted. B and I mark defaults that an area confirms; they are not law."""

    READ = "V"
    REPORTED = "S"
    BACKGROUND = "B"
    DESIGN = "I"
    SEED = "SEED"


class DueUnit(StrEnum):
    """The unit of a due rule. Hours are elapsed hours; working days are those of the area."""

    HOURS = "hours"
    WORKING_DAYS = "working days"
    DAYS = "days"
    WEEKS = "weeks"
    MONTHS = "months"
    SAME_DAY = "same day"
    AT_ONCE = "at once"
    AT = "at"
    BEFORE = "before"


class DutyKind(StrEnum):
    """What becomes of a duty that a decision owes.

    ACT: one person does it, in an action. STEP: the service sees it happen, and it becomes an action of its owner only
    where it did not. GUARD: a rule that is enforced at its moment. ENQUIRY: an item of the enquiry of its owner. LATER:
    an action that opens at a stage or some time before its date.
    """

    ACT = "act"
    STEP = "step"
    GUARD = "guard"
    ENQUIRY = "enquiry"
    LATER = "later"


class DutySubject(StrEnum):
    """What a duty is about: it is owed once for that, in however many cases it arises."""

    VICTIM = "victim"
    CHILDREN = "children"
    PERPETRATOR = "perpetrator"
    COUPLE = "couple"
    REPORT = "report"


@dataclass(frozen=True, slots=True)
class Source:
    """Where a rule or a parameter comes from, down to the paragraph."""

    id: str
    title: str
    tag: Tag
    paragraph: str = ""
    says: str = ""
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Parameter:
    """A number, switch or choice that areas set differently, and the limits in which they may set it."""

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
    """`amount` units after the event `counted_from`; a negative amount is before it."""

    unit: DueUnit
    amount: int
    counted_from: str


@dataclass(frozen=True, slots=True)
class FindOut:
    """Which role finds out a fact that is not known, and by when."""

    owner: Role
    due: DueRule


class ClockEnd(StrEnum):
    """What follows when nobody answers an open question in time."""

    ASKED = "ASKED"
    ESCALATED = "ESCALATED"


class Silence(StrEnum):
    """How it is read that nobody has stated a fact.

    NO: an assertion that nobody has made. OURS: a record of this service, so it is always known.
    ASK: it is to be looked up; until then it is not known, which is neither no nor yes.
    """

    NO = "no"
    OURS = "ours"
    ASK = "ask"


class Concerns(StrEnum):
    """Whom a fact concerns: about a person who died nobody is asked any more."""

    VICTIM_SAFETY = "VICTIM_SAFETY"
    PERPETRATOR = "PERPETRATOR"
    CHILDREN = "CHILDREN"

    @property
    def need(self) -> NeedKind | None:
        """The need of the person; None for the children."""
        return None if self is Concerns.CHILDREN else NeedKind(self.value)


@dataclass(frozen=True, slots=True)
class FactType:
    """The values of a fact, how its silence is read and why, and who looks it up.

    `riskier` is "up" when more of it is more risk, else empty. `meanwhile` stands for a fact that is not known until
    it is known. `needs_identity` marks a fact that nobody can look up before the perpetrator is identified.
    `supervisor_knows` marks one that the service which supervises the perpetrator is asked too. `concerns` says whom it
    is about, wherever somebody looks it up.
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
    silence: Silence = Silence.ASK
    because: str = ""
    meanwhile: Value | None = None
    needs_identity: bool = False
    supervisor_knows: bool = False
    concerns: Concerns | None = None

    @property
    def recorded(self) -> bool:
        """Whether it is a record of this service, which is never unknown."""
        return self.silence is Silence.OURS

    @property
    def may_be_unknown(self) -> bool:
        """Whether it can be neither yes nor no: it is looked up, and nothing stands for it meanwhile."""
        return self.silence is Silence.ASK and self.meanwhile is None

    @property
    def unsaid(self) -> Value | None:
        """The value that stands while nobody has stated the fact; None: it is not known."""
        if self.silence is Silence.NO:
            return self.low if self.kind == "number" else False
        return self.meanwhile


@dataclass(frozen=True, slots=True)
class DatedLine:
    """One line of law of a policy: from when until when, both days included, a fact has a value.

    On a day that no line of the fact covers nobody has read what the law is: the fact is not known, and is asked.
    """

    id: str
    fact: str
    value: Value
    in_force: date
    until: date | None
    says: str
    source: str

    def covers(self, on: date) -> bool:
        """Returns whether the line is of that day."""
        return self.in_force <= on and (self.until is None or on <= self.until)


@dataclass(frozen=True, slots=True)
class Condition:
    """`left operator right`. `left` is a fact, a question or a parameter; `param` names the parameter of `right`."""

    left: str
    operator: str
    right: tuple[Value, ...]
    param: str | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    """When all conditions hold, the question `outcome` has the answer `value`. Two rules for one answer mean "or".

    `exclusion`: the answer is "no", whatever other rules say. `locked`: no local policy may change it.
    `cover`: it decides no situation alone, on purpose.
    """

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
    """One row of a lead table: which forum is asked to lead. `holder` keeps the need until the lead accepts it."""

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
    """A role that is asked to help without owning the need. `forum` is None for a service that is no forum."""

    id: str
    forum: Forum | None
    role: Role
    when: tuple[Condition, ...]
    says: str
    source: str


@dataclass(frozen=True, slots=True)
class DutyTemplate:
    """What a role must do, by when, and when it counts as done. It arises when one group of `when_any` holds.

    It arises on what is known; what it owes while a fact is not known is one of its groups (`is unknown`). `kind` says
    what becomes of it, and `once_for` for what it is owed once. When `shown_by` holds, the record shows it as done.
    `opens`: how long before its date a later duty opens; None: at once. `screens`: it is the hub's review of a report.
    `about` is the need that it serves, if it serves one; with `about_both` it is owed only while both people live.
    `repeats_every`: after a report it is owed again after that time, while it still arises. `again_within`: reported as
    not done, it is owed again within that time, and the chair is told. `reaches_victim`: whoever does it reaches the
    victim or the family, and first reads what to know before contact. `life_safety_when`: a decision owes a duty marked
    `life_safety` as a danger where one of these groups holds; without groups always.
    """

    id: str
    kind: DutyKind
    once_for: DutySubject
    do: str
    owner: Role
    support: tuple[Role, ...]
    due: DueRule
    done_when: str
    recipient: str
    life_safety: bool
    screens: bool
    when_any: tuple[tuple[Condition, ...], ...]
    says: str
    source: str
    about: NeedKind | None = None
    repeats_every: DueRule | None = None
    again_within: DueRule | None = None
    about_both: bool = False
    shown_by: tuple[Condition, ...] = ()
    opens: DueRule | None = None
    reaches_victim: bool = False
    life_safety_when: tuple[tuple[Condition, ...], ...] = ()

    @property
    def conditions(self) -> Iterator[Condition]:
        """Every condition that the duty reads: those under which it arises, and those under which it is a danger."""
        return chain.from_iterable((*self.when_any, *self.life_safety_when))

    @property
    def danger_any(self) -> tuple[tuple[Condition, ...], ...]:
        """The groups of conditions of which one must hold for it to be owed as a danger; empty where it never is."""
        marked = (self.life_safety_when or ((),)) if self.life_safety else ()
        return tuple((*owed, *danger) for owed in self.when_any for danger in marked)

    @property
    def protects(self) -> bool:
        """Whether it protects somebody at once: it is marked so, or it is the plan to arrest.

        So does the agreement on contact that could harm: without it nobody ever reaches the victim who waits for it.
        """
        return self.life_safety or self.id in {ARREST_PLAN, AGREE_CONTACT}

    @property
    def lasts_until_done(self) -> bool:
        """Whether no later decision ends it: it protects, or somebody was to reach the victim.

        Nothing but its own fact, a person or the end of the need does.
        """
        return self.protects or self.id in {CONTACT_VICTIM, CONTACT_WHO_ASKED_FOR_HELP}


@dataclass(frozen=True, slots=True)
class WarningTemplate:
    """A sentence that a reader must see; it changes neither lead nor duty."""

    id: str
    when: tuple[Condition, ...]
    says: str
    source: str


@dataclass(frozen=True, slots=True)
class Departure:
    """One way in which a local policy differs from the one that it extends, and why."""

    kind: str
    id: str
    was: str
    now: str
    reason: str
    source: str


@dataclass(frozen=True, slots=True)
class OutcomeType:
    """How the policy words a question, and who is asked while it is open, until when, and what ends that.

    `clock_end` is ASKED (the forum is asked when nobody answers in time) or ESCALATED (a named post is told).
    """

    name: str
    label: str
    values: tuple[str, ...]
    open_role: Role | None = None
    open_clock: DueRule | None = None
    clock_end: ClockEnd | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Policy:
    """A loaded policy. It applies from `in_force`; `sha256` covers its text and the text that it extends.

    Two policies are equal only when they are the same object: what is prepared for one is cached by identity
    and never used for a changed copy.
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
    law: tuple[DatedLine, ...]
    sources: Mapping[str, Source]
    departures: tuple[Departure, ...]
