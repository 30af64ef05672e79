"""The request schema for help that somebody asks for outside the police. It needs no police identifier."""

from typing import Annotated

from pydantic import Field

from app.foundation.web.schema import CivilDate, Code
from app.referrals.schemas.case_facts import CaseFactsIn
from app.referrals.schemas.incident import IncidentIn
from app.referrals.schemas.perpetrator import PerpetratorIn
from app.referrals.schemas.requests import ReferralRequest
from app.referrals.schemas.victim import VictimIn
from app.routing.policy.vocabulary import HelpSource

NOBODY_IDENTIFIED = PerpetratorIn(known=False)


class HelpRequest(CaseFactsIn):
    """The victim asks for help, or somebody outside the police asks for them. Four parts are required.

    The perpetrator may be left out: the hub then owns finding out who it is, and nothing waits for that.
    """

    source_system: Code
    source_reference: Code
    area: Code = Field(description="The victim's MARAC area")
    help_sought_by: HelpSource = Field(description="Who asked for help")
    referred_on: CivilDate | None = Field(default=None, description="The day on which help was asked for")
    victim: VictimIn
    perpetrator: PerpetratorIn = NOBODY_IDENTIFIED
    incidents: Annotated[list[IncidentIn], Field(max_length=200, default_factory=list)]

    def referral(self) -> ReferralRequest:
        """Converts this request to a referral; every part left out is not known."""
        # Only what was sent: a default that is handed on would be stored as if the agency had stated it.
        given = {name: getattr(self, name) for name in self.model_fields_set}
        parts = {"referrer_role": "REFERRER", "perpetrator": self.perpetrator, "incidents": self.incidents}
        return ReferralRequest(**parts | given)
