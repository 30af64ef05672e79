"""What callers send and see of what-ifs, and of open cases for a person to confirm."""

from typing import Annotated

from pydantic import Field

from app.foundation.web.schema import Code, Instant, Shown
from app.policies.change_schemas import PolicyTextRequest


class WhatIfRequest(PolicyTextRequest):
    """A policy, and the areas whose stored decisions it is tried on; without `areas`, every area of the caller."""

    areas: Annotated[list[Code], Field(max_length=100)] | None = None


class DecisionChangeOut(Shown):
    """One answer that the policy gives differently from the stored decision."""

    what: str
    was: str
    now: str


class ChangedDecisionOut(Shown):
    """A stored decision that the policy would make differently."""

    decision_id: str
    case_id: str
    area: str
    changes: list[DecisionChangeOut]
    duties_gained: list[str]
    duties_lost: list[str]


class AreaImpactOut(Shown):
    """What the policy would change in one area. Hearings are MARAC hearings."""

    decisions: int
    changed: int
    hearings_more: int
    hearings_fewer: int
    first_decided_at: Instant
    last_decided_at: Instant


class ImpactOut(Shown):
    """What the policy would change on stored decisions: the latest of each case, decided again on its own facts.

    `undecidable` are decisions whose facts the policy cannot decide on. `changed_more` counts the changed
    decisions that are not listed. `change_counts` says how often each answer changes.
    """

    changed: list[ChangedDecisionOut]
    changed_more: int
    undecidable: list[str]
    areas: dict[str, AreaImpactOut]
    change_counts: dict[str, int]


class WhatIfOut(Shown):
    """What a policy would change: exactly over all situations, and on stored decisions. Nothing is routed."""

    id: str | None
    preview: bool = True
    policy: str
    follows: str
    difference: list[str]
    total: int
    done: int
    finished: bool
    impact: ImpactOut
    links: dict[str, str]


class CaseToConfirmOut(Shown):
    """An open case that the new policy would route differently. It stays so until a person has it decided anew."""

    case_id: str
    reference: str
    area: str
    decision_id: str
    decided_at: Instant
    policy: str
    decidable: bool
    changes: list[DecisionChangeOut]
    duties_gained: list[str]
    duties_lost: list[str]
    confirm: str


class CasesToConfirmOut(Shown):
    """The open cases for a person to look at, the earliest decided first. None of them is routed anew."""

    activation_id: str
    policy: str
    in_force: Instant
    open_cases: int
    items: list[CaseToConfirmOut]
