"""Referrals and their decisions, to read. Sending them is the business of `intake`."""

from fastapi import APIRouter

from app.access.dependencies import AuthorisedCaller, DatabaseSession, TheClock
from app.audit.service import Category, record_act
from app.referrals import repository
from app.referrals.lookup import find_referral
from app.referrals.presenters import show_decision
from app.referrals.response_schemas import DecisionsOut, ReferralOut

router = APIRouter(prefix="/v1", tags=["referrals"])


@router.get("/referrals/{referral_id}", operation_id="getReferral", summary="A referral as it was sent")
def get_referral(
    referral_id: str, caller: AuthorisedCaller, session: DatabaseSession, clock: TheClock
) -> ReferralOut:
    referral = find_referral(session, referral_id)
    record_act(session, caller, Category.CONSULTATION, "referral", referral.id, clock.now())
    learned = [row.document for row in repository.learned_about(session, referral.id)]
    own = {
        name: getattr(referral, name)
        for name in ReferralOut.model_fields
        if name not in {"learned", "not_for_disclosure"}
    }
    withheld = repository.not_for_disclosure_of(session, referral.id)
    where = f"/v1/referrals/{referral.id}/not-for-disclosure" if withheld else None
    return ReferralOut(**own, learned=learned, not_for_disclosure=where)


@router.get(
    "/referrals/{referral_id}/decisions",
    operation_id="listDecisions",
    summary="Every decision about a referral, with its reasons",
)
def list_decisions(
    referral_id: str, caller: AuthorisedCaller, session: DatabaseSession, clock: TheClock
) -> DecisionsOut:
    referral = find_referral(session, referral_id)
    record_act(session, caller, Category.CONSULTATION, "referral", referral.id, clock.now())
    rows = repository.decisions_of_referral(session, referral.id)
    return DecisionsOut(items=[show_decision(row) for row in rows])
