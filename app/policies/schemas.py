"""What callers see of policies: parameters, rules, proof, examples and differences."""

from typing import Any

from app.foundation.web.schema import Instant, Shown


class PolicySummaryOut(Shown):
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

    items: list[PolicySummaryOut]


class ParameterOut(Shown):
    """A number, switch or choice that an area may set, with its limits and how far it may be trusted."""

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
    """One way in which this policy differs from the one that it extends, and why."""

    kind: str
    id: str
    was: str
    now: str
    reason: str
    source: str


class SourceOut(Shown):
    """Where a rule or parameter comes from."""

    id: str
    title: str
    paragraph: str
    says: str
    confidence: str
    url: str | None


class PolicyOut(PolicySummaryOut):
    """A whole policy. A decision names the `sha256` of its policy, so it can be checked against this text."""

    parameters: list[ParameterOut]
    rules: list[RuleOut]
    departures: list[DepartureOut]
    sources: list[SourceOut]


class ProvedOut(Shown):
    """What was proved, over how many situations."""

    what: str
    situations: int


class ProofOut(Shown):
    """What holds in every situation. The proof runs when the policy is loaded, and again for this answer."""

    policy: str
    sha256: str
    holds: bool
    situations: int
    proved: list[ProvedOut]
    claims: list[str]


class PolicyExampleOut(Shown):
    """An example that ships with the policy: the facts, the expected decision, and where the decision differs."""

    name: str
    source: str
    given: dict[str, Any]
    expect: dict[str, Any]
    holds: bool
    differs: list[str]


class PolicyExamplesOut(Shown):
    """Every example that ships with the policy, run now."""

    ran: int
    failed: int
    items: list[PolicyExampleOut]


class AnswerChangeOut(Shown):
    """One answer that changes: from what to what, in how many of all situations, and in which, in words."""

    kind: str
    subject: str
    label: str
    was: str
    now: str
    situations: int
    out_of: int
    where: list[str]


class ParameterChangeOut(Shown):
    """A parameter that changes, in words."""

    what: str


class DiffOut(Shown):
    """The exact difference between two policies. `text` says the same as lines to print."""

    old: str
    new: str
    same: bool
    parameters: list[ParameterChangeOut]
    answer_changes: list[AnswerChangeOut]
    text: list[str]
