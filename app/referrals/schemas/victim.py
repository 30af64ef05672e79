"""The victim, as an agency states them."""

from typing import Annotated

from pydantic import Field

from app.foundation.web.schema import CivilDate, Code, Tri
from app.people.schemas import Identifiers
from app.referrals.schemas.ages import Aged
from app.referrals.schemas.support import SupportNeeds
from app.routing.policy.vocabulary import AccessNeed, LostContactChoice, TenancyHolder, Tenure

LANGUAGE = r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,4}$"


class VictimLearned(Aged):
    """What is known of the victim.

    Identifiers only serve to recognise the person; only keyed hashes of them are stored.
    """

    identifiers: Identifiers = ()
    home_area: Code | None = None
    supervised_by: Code | None = None
    under_supervision: Tri = None
    care_needs: Tri = None
    at_risk_of_abuse: Tri = None
    unable_to_protect_self: Tri = None
    capacity_doubted: Tri = None
    advocate_needed: Tri = None
    due_on: CivilDate | None = Field(default=None, description="The day on which a child of the victim is due")
    support_needs: SupportNeeds = None
    interpreter_needed: Tri = None
    language: str | None = Field(
        default=None,
        pattern=LANGUAGE,
        max_length=35,
        description="The victim's language as a tag of the internet: cy, pl, ur-PK; bfi is British Sign Language",
    )
    access_needs: Annotated[list[AccessNeed], Field(max_length=6)] | None = None
    address_known_to_perpetrator: Tri = None
    on_lost_contact: LostContactChoice | None = Field(
        default=None, description="What the victim wants done when nobody can reach them; left out: ask first"
    )
    recourse_to_public_funds: Tri = None
    tenure: Tenure | None = None
    tenancy_holder: TenancyHolder | None = None
    home_insecure: Tri = None
    moved_area: Tri = None


class VictimIn(VictimLearned):
    """The victim in this referral, by a pseudonym that every partner shares."""

    ref: Code = Field(description="Pseudonym shared by partners; never a name or a national number")
