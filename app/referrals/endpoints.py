"""Reads referrals and their decisions over HTTP. `intake` receives them."""

from fastapi import APIRouter

from app.access.calls import Reading
from app.audit.service import Category, record_act
from app.referrals import repository
from app.referrals.lookup import find_referral
from app.referrals.presenters import decision_out, referral_out
from app.referrals.response_schemas import DecisionsOut, ReferralOut

router = APIRouter(prefix="/v1", tags=["referrals"])


@router.get("/referrals/{referral_id}", operation_id="getReferral", summary="A referral as it was sent")
def get_referral(referral_id: str, call: Reading) -> ReferralOut:
    referral = find_referral(call.session, referral_id)
    record_act(call.tx, Category.CONSULTATION, "referral", referral.id)
    learned = repository.learned_about(call.session, referral.id)
    withheld = repository.not_for_disclosure_of(call.session, referral.id)
    return referral_out(referral, learned, withheld)


@router.get(
    "/referrals/{referral_id}/decisions",
    operation_id="listDecisions",
    summary="Every decision about a referral, with its reasons",
)
def list_decisions(referral_id: str, call: Reading) -> DecisionsOut:
    referral = find_referral(call.session, referral_id)
    record_act(call.tx, Category.CONSULTATION, "referral", referral.id)
    rows = repository.decisions_of_referral(call.session, referral.id)
    return DecisionsOut(items=[decision_out(row) for row in rows])
