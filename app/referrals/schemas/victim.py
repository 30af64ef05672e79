"""The victim, as an agency states them."""

from pydantic import Field

from app.foundation.web.schema import Code, Tri
from app.people.schemas import Identifiers
from app.referrals.schemas.ages import Aged


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
    home_insecure: Tri = None
    moved_area: Tri = None


class VictimIn(VictimLearned):
    """The victim in this referral, by a pseudonym that every partner shares."""

    ref: Code = Field(description="Pseudonym shared by partners; never a name or a national number")
