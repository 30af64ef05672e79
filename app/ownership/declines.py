"""What follows a "no" or a silence: nothing moves, everybody is told, somebody must ask again.

Source: DHR "Jean" 14.2.2, 14.2.4, 14.2.16: MATAC's refusal was shown as "closed" and the chair never knew.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from app.access.repository import area_by_code
from app.actions.lifecycle import Deadline
from app.actions.models import Action
from app.actions.service import Assignment, assign_duties, person
from app.foundation.caller import Caller
from app.foundation.clock import london_date
from app.foundation.working_days import working_days_of
from app.ownership import repository
from app.ownership.handshake import claim_holds, next_candidate
from app.ownership.models import Need, Proposal
from app.ownership.schemas import DeclineRequest
from app.ownership.service import LEAD, Asked, Basis, answer, propose, refuse_unless_waiting, tell
from app.referrals.models import Case
from app.reminders.service import cancel_ladder
from app.vocabulary import EventType, Forum, ProposalState, Role

ESCALATE_AFTER = 2  # I5: the second decline in a chain goes to the strategic lead


def decline(
    session: Session,
    caller: Caller,
    proposal: Proposal,
    need: Need,
    case: Case,
    candidates: Sequence[Asked],
    sent: DeclineRequest,
    now: datetime,
) -> list[Action]:
    """The decline is on record with its reason; the owner is who it was; the duty to ask again is open."""
    refuse_unless_waiting(proposal)
    owner = repository.current_ownership(session, need)
    holds = claim_holds(sent.code, sent.claimed_forum, owner.forum)
    answer(
        session,
        proposal,
        ProposalState.DECLINED,
        sent.reason,
        person(caller),
        now,
        code=sent.code,
        claimed_forum=sent.claimed_forum,
        claim_holds=holds,
    )
    tell(
        session,
        EventType.LEAD_DECLINED,
        proposal,
        need,
        now,
        code=sent.code,
        claimed_forum=sent.claimed_forum,
        claim_holds=holds,
        owner=owner.forum,
    )
    return _ask_again(session, proposal, need, case, candidates, now)


def expire_overdue(session: Session, now: datetime, limit: int = 100) -> int:
    """Silence past the time to answer is an answer: the owner stays, the senders are told, somebody asks again."""
    overdue = repository.overdue_proposals(session, now, limit)
    for proposal in overdue:
        need = repository.need_for_change(session, proposal.need_id)
        assert need is not None  # noqa: S101 - a foreign key
        answer(session, proposal, ProposalState.EXPIRED, "no answer in time", "service", now)
        tell(session, EventType.LEAD_EXPIRED, proposal, need, now)
        _ask_again_duty(session, proposal, need, now)
        cancel_ladder(session, proposal.id, "expired", now)
    return len(overdue)


def _ask_again(
    session: Session,
    proposal: Proposal,
    need: Need,
    case: Case,
    candidates: Sequence[Asked],
    now: datetime,
) -> list[Action]:
    """The next candidate of the decision is asked at once, and the duty to see to it is open either way."""
    cancel_ladder(session, proposal.id, "declined", now)
    if proposal.kind == LEAD:
        owner = repository.current_ownership(session, need).forum
        asked = {
            p.forum
            for p in repository.proposals_of_need(session, need.id)
            if p.facts_sha256 == proposal.facts_sha256
        }
        following = next_candidate(candidates, asked, owner)
        if following is not None:
            basis = Basis(proposal.decision_id, proposal.facts_sha256, proposal.sender_agency)
            propose(
                session, need, case, [one for one in candidates if one.forum == following.forum], basis, now
            )
    return _ask_again_duty(session, proposal, need, now)


def _ask_again_duty(session: Session, proposal: Proposal, need: Need, now: datetime) -> list[Action]:
    """D15 for the holder; from the second decline on, also a duty of the strategic lead."""
    area = area_by_code(session, need.area)
    calendar = working_days_of(area.nation if area else "ENG")
    deadline = Deadline(calendar.add(london_date(now), 1), None)
    owner = repository.current_ownership(session, need)
    duties = [
        Assignment(
            case_id=proposal.case_id,
            area=need.area,
            what=f"Propose who {_question(need)} now that {proposal.forum} has not taken it",
            done_when="Another forum or agency has recorded its acceptance, or the holder has confirmed that it keeps the need",
            owner_role=owner.role,
            owner_agency=owner.agency,
            deadline=deadline,
            duty=f"D15:{proposal.kind}:{proposal.forum}",
            decision_id=proposal.decision_id,
            forums=(proposal.forum,),
            told=(proposal.sender_agency,),
        )
    ]
    declines = repository.declines_on_facts(session, need.id, proposal.facts_sha256)
    if len(declines) >= ESCALATE_AFTER:
        duties.append(_escalation(proposal, need, deadline, len(declines)))
        tell(session, EventType.LEAD_ESCALATED, proposal, need, now)
    return assign_duties(session, duties, now)


def _question(need: Need) -> str:
    return "manages the perpetrator" if need.kind == "PERPETRATOR" else "leads on the victim's safety"


def _escalation(proposal: Proposal, need: Need, deadline: Deadline, declines: int) -> Assignment:
    return Assignment(
        case_id=proposal.case_id,
        area=need.area,
        what=f"Decide who {_question(need)}: {declines} forums have not taken it",
        done_when="An owner that the strategic lead names has recorded its acceptance",
        owner_role=Role.STRATEGIC_LEAD,
        deadline=deadline,
        duty=f"I5:{need.kind}",
        decision_id=proposal.decision_id,
        forums=(Forum(proposal.forum),),
        told=(proposal.sender_agency,),
    )
