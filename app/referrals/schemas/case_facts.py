"""The facts of a case, at first or later."""

from typing import Annotated

from pydantic import Field

from app.foundation.web.schema import Text, Tri
from app.referrals.diversity.schemas import DiversityIn
from app.referrals.schemas.assessment import AssessmentIn
from app.referrals.schemas.child import ChildIn
from app.referrals.schemas.contact import ContactFactsIn
from app.referrals.schemas.disclosure import DisclosureIn
from app.referrals.schemas.history import ClaimIn, MaracHistoryIn
from app.referrals.schemas.order import OrderIn
from app.referrals.withheld.secret_text import NotForDisclosureText
from app.routing.policy.vocabulary import ConsentState, HelpSource, ReferralRoute


class CaseFactsIn(ContactFactsIn):
    """The facts of a case that an agency can send, at first or later. Every part left out is not known."""

    not_for_disclosure: NotForDisclosureText | None = None
    assessment: AssessmentIn = AssessmentIn()
    diversity: DiversityIn | None = None
    route: ReferralRoute | None = None
    help_sought_by: HelpSource | None = Field(
        default=None, description="Who asked for help, when it was the victim or somebody outside the police"
    )
    consent: ConsentState | None = None
    consent_override_reason: Text | None = None
    manager_signed_off: Tri = None
    # None is "not known" and an empty list is "none": what an agency leaves out never counts as a no.
    orders: Annotated[list[OrderIn], Field(max_length=50)] | None = None
    children: Annotated[list[ChildIn], Field(max_length=30)] | None = None
    marac_history: MaracHistoryIn | None = None
    disclosure: DisclosureIn | None = None
    claims: Annotated[tuple[ClaimIn, ...], Field(max_length=20)] | None = ()
    residing_together: Tri = None
    victim_voice_at_mappa: Tri = None
    protective_order_granted: Tri = None
    investigation_closing: Tri = None
    ongoing_event: Tri = None
    dapp_in_area: Tri = None
    joint_visit_agreed: Tri = None
