"""What callers see of policies: figures, rules, proof, cases and differences."""

from typing import Any

from app.foundation.web.schema import Instant, Shown


class PolicyLine(Shown):
    """One policy version in service."""

    id: str
    version: str
    title: str
    in_force: Instant
    applies_to: str
    extends: str | None
    sha256: str
    standing: str
    decides_now: bool
    links: dict[str, str]


class PoliciesOut(Shown):
    """Every policy version in service."""

    items: list[PolicyLine]


class FigureOut(Shown):
    """A figure or switch, the limits an area may set it in, and how far it may be trusted."""

    name: str
    label: str
    value: bool | int | str
    unit: str
    low: int
    high: int
    values: list[str]
    locked: bool
    confidence: str
    confidence_means: str
    source: str


class RuleOut(Shown):
    """A rule, row, support, duty or warning: when it holds, what it says, where it comes from."""

    id: str
    kind: str
    when: list[str]
    answers: str
    says: str
    source: str
    locked: bool = False


class DepartureOut(Shown):
    """One way this policy differs from the one it extends, and why."""

    kind: str
    id: str
    was: str
    now: str
    reason: str
    source: str


class SourceOut(Shown):
    """Where a rule or figure comes from."""

    id: str
    title: str
    paragraph: str
    says: str
    confidence: str
    url: str | None


class PolicyOut(PolicyLine):
    """A policy whole. The decision names its fingerprint, so this is what a decision can be checked against."""

    figures: list[FigureOut]
    rules: list[RuleOut]
    departures: list[DepartureOut]
    sources: list[SourceOut]


class ProvedOut(Shown):
    """What was proved, over how many situations."""

    what: str
    situations: int


class ProofOut(Shown):
    """The proof that was run when the policy was loaded, run again for this answer."""

    policy: str
    sha256: str
    holds: bool
    situations: int
    proved: list[ProvedOut]
    laws: list[str]


class PolicyExampleOut(Shown):
    """A case beside the policy: what differs from an ordinary referral, what must come out, what does."""

    name: str
    source: str
    given: dict[str, Any]
    expect: dict[str, Any]
    holds: bool
    differs: list[str]


class CasesOut(Shown):
    """Every case that ships beside the policy, run now."""

    ran: int
    failed: int
    items: list[PolicyExampleOut]


class ShiftOut(Shown):
    """One answer that changes, in how many situations, and exactly in which, in words."""

    kind: str
    subject: str
    label: str
    was: str
    now: str
    situations: int
    out_of: int
    where: list[str]


class ChangedOut(Shown):
    """A figure that moved or a part that was written differently, in words."""

    what: str


class DiffOut(Shown):
    """The exact difference between two policies. `text` is the same as lines to print."""

    old: str
    new: str
    same: bool
    figures: list[ChangedOut]
    shifts: list[ShiftOut]
    text: list[str]
