"""Response schemas of referrals and decisions, and the filters of their list."""

from typing import Annotated, Any

from pydantic import BaseModel, Field, PlainSerializer

from app.foundation.web.pagination import DEFAULT_LIMIT
from app.foundation.web.schema import Code, Instant, Shown
from app.routing.record.codec import to_dict
from app.routing.record.decision import RoutingDecision
from app.routing.stored.printing import Printing


class PassageOut(Shown):
    """One part of an explanation: a heading and its sentences."""

    heading: str
    sentences: list[str]


class DecisionOut(Shown):
    """A decision as it was made: who is asked to lead on each need and why, what must be done, and its policy."""

    id: str
    referral_id: str
    case_id: str
    decided_at: Instant
    because: str
    printing: Printing = Field(
        description=(
            "A decision is stored as its facts and ids, and printed again from its policy. `as made`: the fingerprint "
            "is the one that was stored. `by ids`: another version of the engine made it; these are the parts that "
            "were stored, in the words of its policy. `altered`: the stored row was changed; ask an administrator"
        )
    )
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


class ReferralQuery(BaseModel):
    """The filters of a list of submissions, and which page of it."""

    source_system: Code | None = None
    source_reference: Code | None = None
    limit: Annotated[int, Field(ge=1)] = DEFAULT_LIMIT
    cursor: Annotated[str | None, Field(max_length=500)] = None


class SubmissionOut(Shown):
    """A referral that your agency submitted, and where the rest is. It shows no person.

    `case_id` names its case to the hub and MARAC; whoever sends a report from outside them learns of no case by it.
    """

    id: str
    case_id: str | None
    area: str
    source_system: str
    source_reference: str
    received_at: Instant
    links: dict[str, str]
