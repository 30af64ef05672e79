"""Response schemas of referrals and decisions."""

from typing import Annotated, Any

from pydantic import Field, PlainSerializer

from app.foundation.web.schema import Instant, Shown
from app.routing.record.codec import to_dict
from app.routing.record.decision import RoutingDecision


class PassageOut(Shown):
    """One part of an explanation: a heading and its sentences."""

    heading: str
    sentences: list[str]


class DecisionOut(Shown):
    """A decision as it was made: who leads on each need and why, what must be done, and under which policy."""

    id: str
    referral_id: str
    case_id: str
    decided_at: Instant
    because: str
    decision: Annotated[RoutingDecision, PlainSerializer(to_dict)]
    explanation: list[PassageOut]


class DecisionsOut(Shown):
    """Every decision about a referral, the oldest first. A decision is never edited."""

    items: list[DecisionOut]


class ReferralOut(Shown):
    """A referral as it was sent, and the facts learned since."""

    id: str
    case_id: str
    area: str
    source_system: str
    source_reference: str
    referring_agency: str
    received_at: Instant
    document: dict[str, Any]
    learned: list[dict[str, Any]]
    not_for_disclosure: str | None = Field(
        description=(
            "The URL where a named person reads what the perpetrator must never learn; null when nothing is withheld"
        )
    )
