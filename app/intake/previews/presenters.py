"""Builds the answer of a preview."""

from app.intake.previews.schemas import PreviewOut
from app.intake.previews.service import Preview
from app.meetings.schemas import HearingEstimateOut
from app.referrals.presenters import explanation_out


def preview_out(preview: Preview) -> PreviewOut:
    """Returns the decision that a referral would get, with its explanation and the hearing."""
    return PreviewOut(
        case_id=preview.case_id,
        decision=preview.decision,
        explanation=explanation_out(preview.decision, preview.stated),
        hearing=HearingEstimateOut.model_validate(preview.hearing),
    )
