"""What this service itself knows of a case when something new arrives: gathered once, passed down."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from app.actions.repository import unfinished_actions_of_case
from app.foundation.clock import london_date
from app.meetings.repository import discharges_of, last_heard_on, listing_ahead
from app.meetings.schemas import HearingEstimate
from app.ownership.models import Need
from app.ownership.proposal_repository import declines_on_facts
from app.ownership.repository import current_ownership
from app.referrals.decisions import basis_of
from app.referrals.models import Case, Referral
from app.referrals.repository import last_marac_referral_at, related_incidents
from app.referrals.service import as_now_known
from app.referrals.snapshots import History, snapshot_of
from app.routing.facts.snapshot import CaseSnapshot, Refusal
from app.routing.policy.vocabulary import MaracStage
from app.vocabulary import DeclineCode, Forum


@dataclass(frozen=True, slots=True)
class CaseKnowledge:
    """A case as routing sees it now, and a hash of the bare facts that says whether anything is new."""

    snapshot: CaseSnapshot
    basis: str


def gather(
    session: Session,
    case: Case,
    referral: Referral,
    perpetrator_need: Need,
    hearing: HearingEstimate,
    now: datetime,
) -> CaseKnowledge:
    """Everything routing may look at: the referral as now known, every related incident, our own records."""
    told = as_now_known(session, referral)
    incidents = related_incidents(session, case.victim_ref, case.perpetrator_ref, now)
    basis = basis_of(snapshot_of(told, incidents, History()))
    history = _history(session, case, perpetrator_need, basis, hearing)
    return CaseKnowledge(snapshot_of(told, incidents, history), basis)


def _history(session: Session, case: Case, need: Need, basis: str, hearing: HearingEstimate) -> History:
    referred_at = last_marac_referral_at(session, case.id)
    return History(
        refusals=tuple(_refusals(session, need, basis)),
        current_owner=Forum(current_ownership(session, need).forum),
        working_days_to_hearing=hearing.working_days,
        last_referral_on=london_date(referred_at) if referred_at else None,
        last_heard_on=last_heard_on(session, case.id, Forum.MARAC),
        marac_stage=_marac_stage(session, case, referred=referred_at is not None),
        open_actions=len(unfinished_actions_of_case(session, case.id)),
    )


def _marac_stage(session: Session, case: Case, *, referred: bool) -> MaracStage:
    """How far the case has come at MARAC: the furthest of listed, discharged, heard and referred that is true now."""
    if listing_ahead(session, case.id, Forum.MARAC) is not None:
        return MaracStage.LISTED
    if discharges_of(session, case.id):
        return MaracStage.DISCHARGED
    if last_heard_on(session, case.id, Forum.MARAC) is not None:
        return MaracStage.HEARD
    return MaracStage.REFERRED if referred else MaracStage.NOT_REFERRED


def _refusals(session: Session, need: Need, basis: str) -> list[Refusal]:
    """Who declined on these very facts; once the facts change they may be asked again."""
    return [
        Refusal(Forum(proposal.forum), answer.answered_at, DeclineCode(answer.code or DeclineCode.CAPACITY))
        for proposal, answer in declines_on_facts(session, need.id, basis)
    ]
