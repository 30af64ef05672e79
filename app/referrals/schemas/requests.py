"""The requests: a referral, facts learned later, a further incident."""

from typing import Annotated

from pydantic import Field, field_validator

from app.foundation.web.schema import CivilDate, Code
from app.referrals.schemas.case_facts import CaseFactsIn
from app.referrals.schemas.incident import IncidentIn
from app.referrals.schemas.perpetrator import PerpetratorIn
from app.referrals.schemas.victim import VictimIn, VictimLearned


class ReferralRequest(CaseFactsIn):
    """A referral as a hub sends it. Six parts are required; any other part left out is not known."""

    source_system: Code
    source_reference: Code
    area: Code = Field(description="The victim's MARAC area")
    referrer_role: Code = "PVP_HUB"
    referred_on: CivilDate | None = Field(
        default=None,
        description="The day of the report itself, if it was made before it is sent: its clocks run from there",
    )
    victim: VictimIn
    perpetrator: PerpetratorIn
    incidents: Annotated[list[IncidentIn], Field(max_length=200)]

    @field_validator("perpetrator")
    @classmethod
    def _is_named_or_not_known(cls, given: PerpetratorIn) -> PerpetratorIn:
        if given.known and given.ref is None:
            raise ValueError("give `ref`, or say `known: false` while nobody has identified the perpetrator")
        return given


class LearnedRequest(CaseFactsIn):
    """Facts learned since the referral. Only the parts given change; the earlier ones are kept with their dates.

    `null` takes back what your own agency stated for that part, in the referral or later: the case is decided without
    it, or on what another agency stated. An empty list says "none"; `null` for a list takes the list back.
    """

    victim: VictimLearned = VictimLearned()
    perpetrator: PerpetratorIn = PerpetratorIn()

    @field_validator("perpetrator")
    @classmethod
    def _names_a_person(cls, given: PerpetratorIn) -> PerpetratorIn:
        if "ref" in given.model_fields_set and given.ref is None:
            raise ValueError("leave `ref` out: who the perpetrator is cannot be taken back by null")
        return given


class IncidentRequest(LearnedRequest):
    """A further incident, with any facts learned from it."""

    incident: IncidentIn
