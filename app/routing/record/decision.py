"""A routing decision as frozen dataclasses, without behaviour.

A decision holds everything that it quotes, so a stored one can be explained years later.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from app.routing.policy.conditions import Comparison
from app.routing.policy.types import DueRule, Fact, Source
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
class Unsettled:
    """A question that unknown facts leave open: the possible answers, the facts that decide, the answer taken now."""

    outcome: str
    possible: tuple[str, ...]
    decided_by: tuple[str, ...]
    taken_as: str
    says: str


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
    """A duty that the decision creates. `certain` False: a fact on which it depends is not known."""

    id: str
    do: str
    owner: Role
    support: tuple[Role, ...]
    due: DueRule
    done_when: str
    recipient: str
    life_safety: bool
    certain: bool
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
    the one before it declines. `held_by` owns the perpetrator need until a candidate accepts.
    """

    policy_id: str
    policy_version: str
    policy_sha256: str
    engine_version: str
    primacy_row: int
    provisional: bool
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
    unsettled: tuple[Unsettled, ...]
    duties: tuple[Duty, ...]
    warnings: tuple[WarningNotice, ...]
    facts: Mapping[str, Fact]
    facts_sha256: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Anchors:
    """The instants and dates from which due rules count; None: the date is not known yet."""

    decision: datetime
    dates: Mapping[str, date | None]


@dataclass(frozen=True, slots=True)
class DueDuty:
    """A duty with its due time: `due_at` is an instant in UTC, `due_on` a civil date.

    Both are None while the event `awaiting` has no date.
    """

    duty: Duty
    due_at: datetime | None
    due_on: date | None
    awaiting: str | None
