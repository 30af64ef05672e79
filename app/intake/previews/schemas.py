"""The response of a preview."""

from typing import Annotated

from pydantic import PlainSerializer

from app.foundation.web.schema import Shown
from app.meetings.schemas import HearingEstimateOut
from app.referrals.response_schemas import PassageOut
from app.routing.record.codec import to_dict
from app.routing.record.decision import RoutingDecision


class PreviewOut(Shown):
    """The decision that the referral would get, and why. Nothing is stored, and no agency is asked or told."""

    preview: bool = True
    case_id: str | None
    decision: Annotated[RoutingDecision, PlainSerializer(to_dict)]
    explanation: list[PassageOut]
    hearing: HearingEstimateOut
