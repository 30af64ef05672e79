"""A routing decision as frozen dataclasses, without behaviour.

A decision holds everything that it quotes, so a stored one can be explained years later.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from app.routing.policy.conditions import Comparison
from app.routing.policy.types import DueRule, DutyKind, DutySubject, Fact, Source
from app.vocabulary import Forum, NeedKind, Role


@dataclass(frozen=True, slots=True)
class Finding:
    """A rule that held, with its sentence, the comparisons that it made and its source."""

    rule: str
    outcome: str
    effect: str
    because: str
    used: tuple[Comparison, ...]
    source: Source


@dataclass(frozen=True, slots=True)
class NearMiss:
    """A rule that failed by one condition only, and in words what would meet that condition."""

    rule: str
    outcome: str
    missing: Comparison
    needed: str
    source: Source


@dataclass(frozen=True, slots=True)
class OpenQuestion:
    """A question that is neither met nor not met: which facts decide it, in words for a reader."""

    outcome: str
    decided_by: tuple[str, ...]
    says: str


@dataclass(frozen=True, slots=True)
class EnquiryItem:
    """One fact to look up: how it is asked for, by when, and which questions and duties it decides."""

    fact: str
    ask: str
    due: DueRule
    decides: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Enquiry:
    """Everything that one post is asked to look up. `reviews`: it is the hub's review of the report as well.

    `clock` says when the enquiry ends unanswered. `because` says why the hub reviews; empty for any other enquiry.
    """

    role: Role
    reviews: bool
    clock: DueRule
    items: tuple[EnquiryItem, ...]
    because: str


@dataclass(frozen=True, slots=True)
class Lead:
    """The forum that is asked to lead, and the `holder` that keeps the need until the forum accepts."""

    row: str
    forum: Forum
    role: Role
    holder: Forum
    accept_within: DueRule
    because: str
    source: Source


@dataclass(frozen=True, slots=True)
class Support:
    """A forum or service that is asked to help without owning the need."""

    rule: str
    forum: Forum | None
    role: Role
    because: str
    source: Source


@dataclass(frozen=True, slots=True)
class WhyNot:
    """Why a forum does not lead on that need, and the rule that excludes it, if one does."""

    need: NeedKind
    forum: Forum
    because: str
    rule: str | None


@dataclass(frozen=True, slots=True)
class Duty:
    """A duty that the decision creates."""

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
    because: str
    source: Source


@dataclass(frozen=True, slots=True)
class WarningNotice:
    """A warning that a reader must see, with its sentence."""

    id: str
    says: str
    source: Source


@dataclass(frozen=True, slots=True)
class RoutingDecision:
    """Everything that is decided on one set of facts under one policy, and why.

    Candidates are in the order in which they are asked: the proposed lead first, then the forum that leads when
    the one before it declines. `held_by` owns the perpetrator need until a candidate accepts. `outcomes` holds
    `open` where a question is open. `not_looked_up` are facts that nobody is asked for.
    """

    policy_id: str
    policy_version: str
    policy_sha256: str
    engine_version: str
    primacy_rows: tuple[int, ...]
    outcomes: Mapping[str, str]
    victim: Lead
    perpetrator: Lead
    victim_candidates: tuple[Lead, ...]
    perpetrator_candidates: tuple[Lead, ...]
    held_by: Forum
    supports: tuple[Support, ...]
    why_not: tuple[WhyNot, ...]
    findings: tuple[Finding, ...]
    near_misses: tuple[NearMiss, ...]
    open: tuple[OpenQuestion, ...]
    enquiries: tuple[Enquiry, ...]
    not_looked_up: tuple[str, ...]
    duties: tuple[Duty, ...]
    warnings: tuple[WarningNotice, ...]
    facts: Mapping[str, Fact]
    facts_sha256: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Anchors:
    """The instants and dates from which due rules count; None: the date is not known yet.

    `agreed` are days that somebody set for what runs from the date of that name. `instants` are events that are known
    to the hour; one that is not there and has no date either is the decision, if it is the report.
    """

    decision: datetime
    dates: Mapping[str, date | None]
    agreed: Mapping[str, date | None] = field(default_factory=dict)
    instants: Mapping[str, datetime] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class DueDuty:
    """A duty with its due time: `due_at` is an instant in UTC, `due_on` a civil date.

    Both are None while the event `awaiting` has no date.
    """

    duty: Duty
    due_at: datetime | None
    due_on: date | None
    awaiting: str | None
