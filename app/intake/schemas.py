"""What came of a referral, and a whole case, as they are shown over HTTP."""

from app.actions.response_schemas import ActionOut
from app.foundation.web.schema import Instant, Shown
from app.meetings.schemas import DischargeOut, HearingEstimate
from app.ownership.response_schemas import NeedOut
from app.referrals.response_schemas import DecisionOut


class RoutedOut(Shown):
    """What came of a referral: the decision, who owns each need now and who was asked, every action, the hearing."""

    referral_id: str
    case_id: str
    case_reference: str
    decision: DecisionOut
    needs: list[NeedOut]
    actions: list[ActionOut]
    hearing: HearingEstimate


class CaseOut(Shown):
    """A case over every forum: who owns each need, who was asked, and what is not finished."""

    id: str
    reference: str
    area: str
    opened_at: Instant
    needs: list[NeedOut]
    open_actions: list[ActionOut]
    discharges: list[DischargeOut]
