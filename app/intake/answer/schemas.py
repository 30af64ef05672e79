"""The answer to a referral, an incident, facts or a request for a new decision."""

from typing import Annotated, Literal

from fastapi import Query
from pydantic import Field

from app.enquiries.schemas import EnquiryBriefOut
from app.foundation.web.schema import Instant, Shown
from app.meetings.schemas import HearingEstimateOut
from app.ownership.vocabulary import ProposalKind
from app.referrals.response_schemas import DecisionOut
from app.vocabulary import Forum, NeedKind, ProposalState

Expand = Annotated[
    Literal["decision"] | None,
    Query(description="`decision` adds the whole record of the decision, as GET /v1/decisions/{id} shows it"),
]


class OwnerBrief(Shown):
    """Who has accepted a need and owns it now."""

    forum: Forum
    role: str
    agency: str


class ProposalBrief(Shown):
    """A forum that is asked and has not answered. It owns nothing yet."""

    id: str
    kind: ProposalKind
    forum: Forum
    agency: str | None
    answer_by: Instant
    state: ProposalState


class NeedBrief(Shown):
    """Who is asked about a need and who owns it meanwhile; `says` is the same in one sentence."""

    id: str
    kind: NeedKind
    owner: OwnerBrief | None
    proposals: list[ProposalBrief]
    says: str


class OpenBrief(Shown):
    """A question that facts nobody knows leave open, until when it may stay so, and what ends it then."""

    outcome: str
    says: str
    until: Instant | None
    then: str


class ActionBrief(Shown):
    """Who does what by when. `due` is a civil date in London, or an instant."""

    id: str
    duty: str | None
    what: str
    owner_role: str
    owner_agency: str | None
    due: str
    life_safety: bool


class LeftOut(Shown):
    """How many entries there was no room for; the links show them."""

    actions: int = 0
    retracted: int = 0


class RoutedOut(Shown):
    """What follows from a referral: who is asked and who owns meanwhile, what is open, who does what, the hearing.

    At most 8,000 bytes without `expand`.
    """

    referral_id: str
    case_id: str
    case_reference: str
    decision_id: str
    needs: list[NeedBrief]
    open: list[OpenBrief]
    actions: list[ActionBrief] = Field(description="Those for safety of life first, then by deadline")
    enquiries: list[EnquiryBriefOut]
    hearing: HearingEstimateOut
    deceased: str | None = Field(
        description="One sentence when a person of the case died: the report is kept, and nobody is sent to that person"
    )
    retracted: list[str] = Field(description="JSON pointers of the facts that this request took back by null")
    not_lowered: str | None = Field(
        description="When a report or a level is stated lower: that the higher one stands, and how to lower it"
    )
    left_out: LeftOut
    links: dict[str, str]
    decision: DecisionOut | None = Field(description="The whole record; null unless `expand=decision` was asked for")
