"""The events of a proposal: everyone whom it concerns is told in the same commit (I7)."""

from datetime import datetime

from sqlalchemy.orm import Session

from app.access.repository import agency_in_post
from app.outbox.service import URGENT, EventDraft, record_event
from app.ownership.models import Need, Proposal
from app.referrals.repositories.case_repository import case_by_id
from app.vocabulary import EventType, Role, SubjectType


def proposal_event(session: Session, kind: EventType, proposal: Proposal, need: Need) -> EventDraft:
    """Returns the event draft.

    For the sender, the forum asked, the MARAC chair and co-ordinator, and every referrer.
    """
    chair_and_coordinator = [
        agency_in_post(session, proposal.area, role) for role in (Role.MARAC_CHAIR, Role.MARAC_COORDINATOR)
    ]
    case = case_by_id(session, proposal.case_id)
    referrers = case.agencies if case else []
    return EventDraft(
        type=kind,
        subject_type=SubjectType.PROPOSAL,
        subject_id=proposal.id,
        area=proposal.area,
        agencies=(*proposal.agencies, *chair_and_coordinator, *need.agencies, *referrers),
        case_id=proposal.case_id,
        forums=(proposal.forum,),
        owner_agency=proposal.agency,
        details={
            "need_id": need.id,
            "need": need.kind,
            "forum": proposal.forum,
            "kind": proposal.kind,
            "state": proposal.state,
            "answer_by": proposal.answer_by,
        },
        priority=URGENT,
        # Without an agency the post's set-up fault and its first reminder tell the co-ordinator.
        asked_roles=(proposal.role,) if kind is EventType.LEAD_PROPOSED and proposal.agency else (),
    )


def record_proposal_event(session: Session, kind: EventType, proposal: Proposal, need: Need, now: datetime) -> None:
    """Records the event in the commit of the change that it reports."""
    record_event(session, proposal_event(session, kind, proposal, need), now)
