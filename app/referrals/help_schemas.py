"""Help that was asked for outside the police: what is known of it, however little, and not one police identifier."""

from typing import Annotated

from pydantic import Field

from app.foundation.web.schema import Code
from app.referrals.schemas import IncidentIn, PerpetratorIn, ReferralRequest, Sections, VictimIn
from app.routing.policy.vocabulary import HelpSource

NOBODY_IDENTIFIED = PerpetratorIn(known=False)


class HelpRequest(Sections):
    """She asks for help herself, or somebody outside the police asks for her. Four parts are required.

    Who harms her may be left out: finding that out is then owned by the hub, and nobody waits for it.
    """

    source_system: Code
    source_reference: Code
    area: Code = Field(description="The victim's MARAC area")
    help_sought_by: HelpSource = Field(description="Who asked for help")
    victim: VictimIn
    perpetrator: PerpetratorIn = NOBODY_IDENTIFIED
    incidents: Annotated[list[IncidentIn], Field(max_length=200, default_factory=list)]

    def referral(self) -> ReferralRequest:
        """The same, as a referral whose every part left out is not known."""
        given = {name: getattr(self, name) for name in self.model_fields_set}
        parts = {"referrer_role": "REFERRER", "perpetrator": self.perpetrator, "incidents": self.incidents}
        return ReferralRequest(**parts | given)
