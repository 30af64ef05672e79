"""Gathers what this service knows of a case at the moment of a decision."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.actions.repository import unfinished_actions_of_case
from app.foundation.clock import london_date
from app.foundation.storage.transaction import Transaction
from app.meetings.lists.hearing_estimate import HearingEstimate
from app.meetings.repositories.case_repository import discharges_of
from app.meetings.repositories.listing_repository import last_heard_on, listing_ahead
from app.ownership.models import Need
from app.ownership.proposal_repository import declines_on_facts
from app.ownership.repository import current_ownership
from app.referrals.decisions import hash_of_reported_facts
from app.referrals.models import Case, Referral
from app.referrals.repository import last_marac_referral_at, related_incidents
from app.referrals.service import as_now_known
from app.referrals.snapshots import History, snapshot_of
from app.routing.facts.snapshot import CaseSnapshot, Refusal
from app.routing.policy.vocabulary import MaracStage
from app.vocabulary import DeclineCode, Forum


@dataclass(frozen=True, slots=True)
class CaseKnowledge:
    """A case as routing sees it now. `told_sha256` hashes the facts that agencies reported: equal means no new fact."""

    snapshot: CaseSnapshot
    told_sha256: str


def gather_case_knowledge(
    tx: Transaction, case: Case, referral: Referral, perpetrator_need: Need | None, hearing: HearingEstimate
) -> CaseKnowledge:
    """Gathers all that routing may read: the referral as now known, all related incidents, and our own records.

    `perpetrator_need` is the open one, or None when there is none.
    """
    reported = as_now_known(tx.session, referral)
    incidents = related_incidents(tx.session, case.victim_ref, case.perpetrator_ref, tx.now)
    # With an empty history: our own records do not make the facts new ones (I5).
    told_sha256 = hash_of_reported_facts(snapshot_of(reported, incidents, History()))
    history = _history(tx.session, case, perpetrator_need, told_sha256, hearing)
    return CaseKnowledge(snapshot_of(reported, incidents, history), told_sha256)


def _history(session: Session, case: Case, need: Need | None, told_sha256: str, hearing: HearingEstimate) -> History:
    referred_at = last_marac_referral_at(session, case.id)
    return History(
        refusals=tuple(_refusals(session, need, told_sha256)) if need else (),
        current_owner=current_ownership(session, need).forum if need else Forum.HUB,
        working_days_to_hearing=hearing.working_days,
        last_referral_on=london_date(referred_at) if referred_at else None,
        last_heard_on=last_heard_on(session, case.id, Forum.MARAC),
        marac_stage=_marac_stage(session, case, referred=referred_at is not None),
        open_actions=len(unfinished_actions_of_case(session, case.id)),
    )


def _marac_stage(session: Session, case: Case, *, referred: bool) -> MaracStage:
    """Returns how far the case is at MARAC: the first that is true of listed, discharged, heard and referred."""
    if listing_ahead(session, case.id, Forum.MARAC) is not None:
        return MaracStage.LISTED
    if discharges_of(session, case.id):
        return MaracStage.DISCHARGED
    if last_heard_on(session, case.id, Forum.MARAC) is not None:
        return MaracStage.HEARD
    return MaracStage.REFERRED if referred else MaracStage.NOT_REFERRED


def _refusals(session: Session, need: Need, told_sha256: str) -> list[Refusal]:
    """Returns who declined on exactly these facts. Once the facts change they may be asked again (I5)."""
    return [
        Refusal(proposal.forum, answer.answered_at, answer.code or DeclineCode.CAPACITY)
        for proposal, answer in declines_on_facts(session, need.id, told_sha256)
    ]
