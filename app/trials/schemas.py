"""What callers send and see of a trial: what-ifs, and open cases for a person to confirm."""

from typing import Annotated

from pydantic import Field

from app.foundation.web.schema import Code, Instant, Shown
from app.policies.change_schemas import DraftRequest


class WhatIfRequest(DraftRequest):
    """A policy, and the areas whose stored decisions it is tried on; none means every area of the caller."""

    areas: Annotated[list[Code], Field(max_length=100)] | None = None


class MovedOut(Shown):
    """One thing the draft answers differently from the stored decision."""

    what: str
    was: str
    now: str


class ChangedDecisionOut(Shown):
    """A stored decision that the draft would have made differently."""

    decision_id: str
    case_id: str
    area: str
    moved: list[MovedOut]
    duties_gained: list[str]
    duties_lost: list[str]


class AreaImpactOut(Shown):
    """What the draft would have meant in one area. Hearings are MARAC hearings."""

    decisions: int
    changed: int
    hearings_more: int
    hearings_fewer: int
    first_decided_at: Instant
    last_decided_at: Instant


class ImpactOut(Shown):
    """What was found on stored decisions: each case's latest, decided again on the facts of its own day."""

    changed: list[ChangedDecisionOut]
    changed_more: int
    undecidable: list[str]
    areas: dict[str, AreaImpactOut]
    moves: dict[str, int]


class WhatIfOut(Shown):
    """What a draft would change: exactly over all situations, and on stored decisions. Nothing is routed."""

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


class ToConfirmOut(Shown):
    """An open case that the new policy would route differently. It stays as it is until a person has it decided anew."""

    case_id: str
    reference: str
    area: str
    decision_id: str
    decided_at: Instant
    policy: str
    decidable: bool
    moved: list[MovedOut]
    duties_gained: list[str]
    duties_lost: list[str]
    confirm: str


class ToConfirmListOut(Shown):
    """The open cases for a person to look at, the longest decided first. None of them has been routed anew."""

    activation_id: str
    policy: str
    in_force: Instant
    open_cases: int
    items: list[ToConfirmOut]
