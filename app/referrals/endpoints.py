"""Reads referrals and their decisions over HTTP. `intake` receives them."""

from typing import Annotated

from fastapi import APIRouter, Query

from app.access.calls import Reading
from app.access.vocabulary import POSTS_OF_THE_AREA
from app.audit.service import Category, record_act
from app.foundation.errors import NotFound
from app.foundation.web.pagination import MOST_ITEMS, Page, page_of
from app.referrals.before_contact.perpetrators_side import reads_for_perpetrator, without_victims_side
from app.referrals.lookup import NO_DECISION, find_decision, find_referral
from app.referrals.presenters import decision_out, referral_out, submission_out
from app.referrals.repositories import decision_repository, report_repository
from app.referrals.repositories.report_repository import SubmissionFilter
from app.referrals.response_schemas import DecisionOut, DecisionsOut, ReferralOut, ReferralQuery, SubmissionOut

router = APIRouter(prefix="/v1", tags=["referrals"])


@router.get("/referrals", operation_id="listReferrals", summary="What your own agency has submitted, the newest first")
def list_referrals(call: Reading, query: Annotated[ReferralQuery, Query()]) -> Page[SubmissionOut]:
    """After a time-out, `source_reference` says whether the referral arrived. A reference must name nobody."""
    limit = min(query.limit, MOST_ITEMS)
    wanted = SubmissionFilter(query.source_system, query.source_reference)
    key = call.cursor_key(f"referrals {wanted}")
    before = key.read_instant(query.cursor) if query.cursor else None
    rows = report_repository.submissions_of(call.session, call.caller.agency, wanted, before, limit + 1)
    record_act(call.tx, Category.CONSULTATION, "referral", "list")
    here = f"/v1/referrals?{call.query_without_cursor()}"
    page = page_of(rows, limit, key, lambda row: (row.received_at.isoformat(), row.id), here)
    of_area = call.caller.role in POSTS_OF_THE_AREA
    items = [submission_out(row, names_case=of_area) for row in page.items]
    return Page(items=items, page=page.page, links=page.links)


@router.get("/referrals/{referral_id}", operation_id="getReferral", summary="A referral as it was sent")
def get_referral(referral_id: str, call: Reading) -> ReferralOut:
    """An agency that supervises the perpetrator is shown nothing that only the victim's side may know."""
    referral = find_referral(call.session, referral_id)
    record_act(call.tx, Category.CONSULTATION, "referral", referral.id)
    learned = report_repository.learned_about(call.session, referral.id)
    withheld = report_repository.not_for_disclosure_of(call.session, referral.id)
    shown = referral_out(referral, learned, withheld)
    return without_victims_side(shown) if reads_for_perpetrator(call, referral.id) else shown


@router.get(
    "/referrals/{referral_id}/decisions",
    operation_id="listDecisions",
    summary="Every decision about a referral, with its reasons",
)
def list_decisions(referral_id: str, call: Reading) -> DecisionsOut:
    """An agency that supervises the perpetrator reads none: a decision rests on what the victim's side knows."""
    referral = find_referral(call.session, referral_id)
    _refuse_perpetrators_side(call, referral.id)
    record_act(call.tx, Category.CONSULTATION, "referral", referral.id)
    rows = decision_repository.decisions_of_referral(call.session, referral.id)
    return DecisionsOut(items=[decision_out(call.session, row) for row in rows])


@router.get("/decisions/{decision_id}", operation_id="getDecision", summary="One decision in full, with its reasons")
def get_decision(decision_id: str, call: Reading) -> DecisionOut:
    """The whole record, printed from the policy that made it, and whether it is the one that was made.

    An agency that supervises the perpetrator reads none: a decision rests on what the victim's side knows.
    """
    row = find_decision(call.session, decision_id)
    _refuse_perpetrators_side(call, row.referral_id)
    record_act(call.tx, Category.CONSULTATION, "decision", row.id)
    return decision_out(call.session, row)


def _refuse_perpetrators_side(call: Reading, referral_id: str) -> None:
    # Facts, reasons, warnings and duties all repeat what the victim's side said, so no part of it can be shown apart.
    if reads_for_perpetrator(call, referral_id):
        raise NotFound(NO_DECISION)
