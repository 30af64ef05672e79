"""Previews a referral's decision over HTTP."""

from fastapi import APIRouter

from app.access.calls import Reading
from app.access.service import area_or_refuse
from app.audit.service import Category, record_act
from app.foundation.storage.read_only import read_only
from app.intake.previews import service
from app.intake.previews.presenters import preview_out
from app.intake.previews.schemas import PreviewOut
from app.referrals.schemas.requests import ReferralRequest

router = APIRouter(prefix="/v1", tags=["policies"])


@router.post(
    "/routing-previews",
    operation_id="previewRouting",
    summary="Preview the decision that a referral would get; nothing is stored",
)
def preview_routing(sent: ReferralRequest, call: Reading) -> PreviewOut:
    """Takes the same body and makes the same checks and refusals as a referral. The database refuses any write."""
    area_or_refuse(call.session, call.caller, sent.area)
    # Sees across agencies as routing does, and the database refuses every write meanwhile.
    with call.as_system(), read_only(call.session):
        preview = service.preview_referral(call.tx, sent)
    case_id = preview.case_id or "none"
    record_act(call.tx, Category.CONSULTATION, "routing-preview", case_id)
    return preview_out(preview)
