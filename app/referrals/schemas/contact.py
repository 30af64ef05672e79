"""Who the two people are to each other, and what whoever reaches the victim must know first, as agencies state it."""

from typing import Annotated

from pydantic import Field

from app.foundation.web.schema import CivilDate, Code, Strict, Tri
from app.referrals.withheld.secret_text import SealedText
from app.routing.policy.vocabulary import (
    BannedListener,
    ClaimedCriterion,
    ContactChannel,
    PoliceContactWish,
    Relationship,
    SharingGround,
    VictimAwareness,
    VisitRisk,
)


class SafeContactIn(Strict):
    """How the victim is reached safely. The number itself stays with the agency that holds it.

    An empty list of channels says that no way is safe: nobody makes contact before it is agreed whether and how.
    """

    channels: Annotated[list[ContactChannel], Field(max_length=6)] | None = None
    message_safe: Tri = Field(default=None, description="A message may be left")
    withheld_number: Tri = Field(default=None, description="Call from a withheld number only")
    hours: SealedText | None = Field(default=None, description="When it is safe, in words; sealed")
    ask_agency: Code | None = Field(default=None, description="The agency that holds the number")


class BannedListenerIn(Strict):
    """Somebody who must not be told, beside the perpetrator. The reason is sealed and may name the person."""

    who: BannedListener
    reason: SealedText | None = None


class ContactFactsIn(Strict):
    """The couple, the contact and the form's own particulars. Every part left out is not known."""

    relationship: Relationship | None = Field(default=None, description="What the perpetrator is to the victim")
    separated_on: CivilDate | None = None
    victim_aware: VictimAwareness | None = None
    safe_contact: SafeContactIn | None = None
    must_not_be_told: Annotated[list[BannedListenerIn], Field(max_length=20)] | None = None
    also_feared: Annotated[list[Code], Field(max_length=20)] | None = Field(
        default=None, description="Pseudonyms of others whom the victim fears"
    )
    visit_risks: Annotated[list[VisitRisk], Field(max_length=5)] | None = None
    consent_limits: SealedText | None = Field(
        default=None, description="The limits that the victim set, such as no report to the police; sealed"
    )
    sharing_grounds: Annotated[list[SharingGround], Field(max_length=7)] | None = None
    police_contact_wanted: PoliceContactWish | None = None
    victim_wishes: SealedText | None = Field(
        default=None, description="What would make the victim safer, in the victim's words; sealed"
    )
    criteria_claimed: Annotated[list[ClaimedCriterion], Field(max_length=5)] | None = None
    referrer_attends: Tri = Field(default=None, description="The referrer comes to the meeting and presents the case")
