"""What the engine answers: one decision with everything that made it so. Shape only.

Everything is frozen and holds what it quotes, so a stored decision explains itself years later.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from app.routing.policy.conditions import Comparison
from app.routing.policy.types import DueRule, Fact, Source
from app.vocabulary import Forum, NeedKind, Role


@dataclass(frozen=True, slots=True)
class Finding:
    """A rule that fired, with the sentence, the comparisons and the source."""

    rule: str
    outcome: str
    effect: str
    because: str
    used: tuple[Comparison, ...]
    source: Source


@dataclass(frozen=True, slots=True)
class NearMiss:
    """An inclusion rule that was one condition short, and in words what would have met it."""

    rule: str
    outcome: str
    missing: Comparison
    needed: str
    source: Source


@dataclass(frozen=True, slots=True)
class Unsettled:
    """A question that an unknown fact leaves open, and how it is read meanwhile."""

    outcome: str
    possible: tuple[str, ...]
    decided_by: tuple[str, ...]
    taken_as: str
    says: str


@dataclass(frozen=True, slots=True)
class Lead:
    """Who is asked to lead, and who keeps the need until they accept."""

    row: str
    forum: Forum
    role: Role
    holder: Forum
    accept_within: DueRule
    because: str
    source: Source


@dataclass(frozen=True, slots=True)
class Support:
    rule: str
    forum: Forum | None
    role: Role
    because: str
    source: Source


@dataclass(frozen=True, slots=True)
class WhyNot:
    """Why a forum does not lead on that need, and the rule that says so, if one does."""

    need: NeedKind
    forum: Forum
    because: str
    rule: str | None


@dataclass(frozen=True, slots=True)
class Duty:
    """A duty that this decision creates. `certain` False: a fact it depends on is not known."""

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
    """A warning with its sentence."""

    id: str
    says: str
    source: Source


@dataclass(frozen=True, slots=True)
class RoutingDecision:
    """Everything decided about one set of facts under one policy, and why.

    Candidates are in the order to ask, the proposed lead first, each with what leads if the one
    before it declines. `held_by` owns the perpetrator need until a candidate accepts.
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
    """The instants and dates that due rules count from, passed in and never looked up."""

    decision: datetime
    dates: Mapping[str, date | None]


@dataclass(frozen=True, slots=True)
class DueDuty:
    """A duty with its time: `due_at` for clocks in hours, `due_on` for civil dates.

    Both None means that it is tied to an event without a date yet, named by `awaiting`.
    """

    duty: Duty
    due_at: datetime | None
    due_on: date | None
    awaiting: str | None
