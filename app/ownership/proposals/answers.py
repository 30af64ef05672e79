"""A proposal has one answer, and everyone whom it concerns is told of it in the same commit (I7)."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from app.access.repository import agency_in_post
from app.foundation.errors import Conflict
from app.foundation.identifiers import new_id
from app.outbox.service import URGENT, EventDraft, record_event
from app.ownership import repository
from app.ownership.models import Need, Proposal, ProposalAnswer
from app.referrals.repository import case_by_id
from app.reminders.service import cancel_ladder
from app.vocabulary import EventType, ProposalState, Role


@dataclass(frozen=True, slots=True)
class Grounds:
    """Why a forum says no: its code, and what that code must name. A claim is checked; only that may be false."""

    code: str
    claimed_forum: str | None = None
    claim_holds: bool | None = None
    missing: list[str] | None = None
    to_area: str | None = None
    duplicate_of: str | None = None


def refuse_unless_waiting(proposal: Proposal) -> None:
    """A proposal is answered once; its answer is history."""
    if proposal.state != ProposalState.PROPOSED:
        raise Conflict(f"this proposal is already {proposal.state}; propose again to ask anew")


def answer(
    session: Session,
    proposal: Proposal,
    state: ProposalState,
    reason: str,
    by: str,
    now: datetime,
    grounds: Grounds | None = None,
) -> ProposalAnswer:
    """The proposal has its one answer, and nothing reminds of it any more."""
    proposal.state = state
    made = ProposalAnswer(
        id=new_id("ans"),
        proposal_id=proposal.id,
        area=proposal.area,
        agencies=proposal.agencies,
        state=state,
        reason=reason,
        answered_by=by,
        answered_at=now,
        **(asdict(grounds) if grounds else {}),
    )
    session.add(made)
    session.flush()
    cancel_ladder(session, proposal.id, state.lower(), now)
    return made


def withdraw(session: Session, proposal: Proposal, need: Need, reason: str, by: str, now: datetime) -> None:
    """The forum is no longer asked, and knows it."""
    answer(session, proposal, ProposalState.WITHDRAWN, reason, by, now)
    tell(session, EventType.LEAD_WITHDRAWN, proposal, need, now)


def withdraw_waiting(session: Session, need: Need, reason: str, by: str, now: datetime) -> None:
    """Nobody is asked about this need any more."""
    for proposal in repository.waiting_proposals(session, need.id):
        withdraw(session, proposal, need, reason, by, now)


def tell(
    session: Session,
    kind: EventType,
    proposal: Proposal,
    need: Need,
    now: datetime,
    *,
    also: Iterable[str | None] = (),
    **details: str | bool | None,
) -> None:
    """The sender, the forum asked, the sending chair, the co-ordinator and every referrer are told (I7)."""
    chair_and_coordinator = [
        agency_in_post(session, proposal.area, role) for role in (Role.MARAC_CHAIR, Role.MARAC_COORDINATOR)
    ]
    case = case_by_id(session, proposal.case_id)
    referrers = case.agencies if case else []
    news = EventDraft(
        type=kind,
        subject_type="proposal",
        subject_id=proposal.id,
        area=proposal.area,
        agencies=(*proposal.agencies, *chair_and_coordinator, *need.agencies, *referrers, *also),
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
            **details,
        },
        priority=URGENT,
    )
    record_event(session, news, now)
