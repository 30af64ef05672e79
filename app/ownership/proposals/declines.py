"""What follows a "no" or a silence: nothing moves, everybody is told, somebody must ask again.

Source: DHR "Jean" 14.2.2, 14.2.4, 14.2.16: MATAC's refusal was shown as "closed" and the chair never knew.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from app.access.directory import calendar_of_area
from app.access.repository import agency_in_post
from app.actions.models import Action
from app.actions.service import Assignment, assign_duties
from app.foundation.caller import Caller
from app.foundation.clock import london_date
from app.foundation.errors import Conflict, Invalid, RequestFault
from app.ownership import repository
from app.ownership.models import Need, Proposal
from app.ownership.proposals.answers import Grounds, answer, refuse_unless_waiting, tell
from app.ownership.proposals.handshake import claim_holds, next_candidate, outranks
from app.ownership.proposals.leads import candidates_of
from app.ownership.proposals.service import LEAD, Asked, Basis, propose
from app.ownership.schemas import DeclineRequest
from app.referrals.models import Case
from app.referrals.repository import case_by_id, latest_decision_of
from app.reminders.deadline import Deadline
from app.routing.record.codec import from_dict
from app.vocabulary import EventType, Forum, ProposalState, Role

ESCALATE_AFTER = 2  # I5: the second decline in a chain goes to the strategic lead
NO_ANSWER = {ProposalState.DECLINED, ProposalState.EXPIRED}


def decline(
    session: Session, caller: Caller, proposal: Proposal, need: Need, sent: DeclineRequest, now: datetime
) -> list[Action]:
    """The decline is on record with its reason; the owner is who it was; the duty to ask again is open."""
    refuse_unless_waiting(proposal)
    if proposal.kind == LEAD and proposal.forum == Forum.HUB:
        raise Conflict("the police hub is where every need falls back to and cannot decline (I5); accept")
    grounds = _checked(session, proposal, need, sent)
    answer(session, proposal, ProposalState.DECLINED, sent.reason, caller.answerable, now, grounds)
    tell(
        session,
        EventType.LEAD_DECLINED,
        proposal,
        need,
        now,
        code=grounds.code,
        claimed_forum=grounds.claimed_forum,
        claim_holds=grounds.claim_holds,
        owner=repository.current_ownership(session, need).forum,
    )
    return ask_again(session, proposal, need, now, grounds)


def _checked(session: Session, proposal: Proposal, need: Need, sent: DeclineRequest) -> Grounds:
    """What the code must name is there and is not the thing itself; "managed elsewhere" is looked up (I3)."""
    itself = {proposal.id, proposal.need_id, proposal.case_id}
    if sent.to_area == need.area:
        raise Invalid(
            "`to_area` is the area of this need itself; name the area he belongs to",
            faults=[RequestFault("/to_area", "same_area", "name another area")],
        )
    if sent.duplicate_of in itself or (
        sent.duplicate_of is not None and not repository.is_on_record(session, sent.duplicate_of)
    ):
        raise Invalid(
            "`duplicate_of` must name another need, proposal or case on record here",
            faults=[RequestFault("/duplicate_of", "unknown", "give the id of what this repeats")],
        )
    owner = repository.current_ownership(session, need).forum
    return Grounds(
        code=sent.code,
        claimed_forum=sent.claimed_forum,
        claim_holds=claim_holds(sent.code, sent.claimed_forum, owner),
        missing=list(sent.missing) or None,
        to_area=sent.to_area,
        duplicate_of=sent.duplicate_of,
    )


def expire_overdue(session: Session, now: datetime, limit: int = 100) -> int:
    """Silence past the time to answer is an answer: the owner stays, the senders are told, somebody asks again.

    A need that somebody is answering about this moment is left for the next round.
    """
    return sum(_expire(session, seen, now) for seen in repository.overdue_proposals(session, now, limit))


def _expire(session: Session, seen: Proposal, now: datetime) -> bool:
    served = len(repository.cases_of_need(session, seen.need_id))
    if len(repository.cases_for_change(session, [seen.need_id], unless_busy=True)) < served:
        return False
    need = repository.need_for_change(session, seen.need_id, unless_busy=True)
    proposal = repository.proposal_for_change(session, seen.id) if need else None
    if need is None or proposal is None or proposal.state != ProposalState.PROPOSED:
        return False
    answer(session, proposal, ProposalState.EXPIRED, "no answer in time", "service", now)
    tell(session, EventType.LEAD_EXPIRED, proposal, need, now)
    ask_again(session, proposal, need, now, None)
    return True


def ask_again(
    session: Session, proposal: Proposal, need: Need, now: datetime, grounds: Grounds | None
) -> list[Action]:
    """The next candidate of the decision is asked at once, and the duty to see to it is open either way."""
    case = case_by_id(session, proposal.case_id)
    assert case is not None  # noqa: S101 - a foreign key
    if proposal.kind == LEAD:
        _ask_next(session, proposal, need, case, now)
    return _duties(session, proposal, need, now, grounds)


def _ask_next(session: Session, proposal: Proposal, need: Need, case: Case, now: datetime) -> None:
    """The next forum has been asked, unless one that comes before it has yet to answer."""
    stored = latest_decision_of(session, case.id)
    candidates: Sequence[Asked] = candidates_of(from_dict(stored.record), need.kind) if stored else []
    asked = {
        p.forum
        for p in repository.proposals_of_need(session, need.id)
        if p.facts_sha256 == proposal.facts_sha256 and (p.kind == LEAD or p.state in NO_ANSWER)
    }
    following = next_candidate(candidates, asked, repository.current_ownership(session, need).forum)
    waiting = repository.waiting_proposals(session, need.id, LEAD)
    if following is not None and not any(outranks(one.forum, following.forum) for one in waiting):
        basis = Basis(proposal.decision_id, proposal.facts_sha256, proposal.sender_agency)
        propose(session, need, case, [one for one in candidates if one.forum == following.forum], basis, now)


def _duties(
    session: Session, proposal: Proposal, need: Need, now: datetime, grounds: Grounds | None
) -> list[Action]:
    """D15 for the holder; from the second decline on, also a duty of the strategic lead."""
    calendar = calendar_of_area(session, need.area)
    deadline = Deadline(calendar.add(london_date(now), 1), None)
    owner = repository.current_ownership(session, need)
    again = Assignment(
        case_id=proposal.case_id,
        area=need.area,
        what=f"Propose who {_question(need)} now that {proposal.forum} has not taken it{_what_it_said(grounds)}",
        done_when="Another forum or agency has recorded its acceptance, or the holder has confirmed that it keeps the need",
        owner_role=owner.role,
        owner_agency=owner.agency,
        deadline=deadline,
        duty=f"D15:{proposal.kind}:{proposal.forum}",
        about=need.kind,
        decision_id=proposal.decision_id,
        forums=(proposal.forum,),
        told=(proposal.sender_agency,),
    )
    declines = repository.declines_on_facts(session, need.id, proposal.facts_sha256)
    if len(declines) < ESCALATE_AFTER:
        return assign_duties(session, [again], now)
    strategic_lead = agency_in_post(session, need.area, Role.STRATEGIC_LEAD)
    tell(session, EventType.LEAD_ESCALATED, proposal, need, now, also=[strategic_lead])
    return assign_duties(session, [again, _escalation(proposal, need, deadline, len(declines))], now)


def _question(need: Need) -> str:
    return "manages the perpetrator" if need.kind == "PERPETRATOR" else "leads on the victim's safety"


def _what_it_said(grounds: Grounds | None) -> str:
    """What whoever asks again must know: what is missing, where he belongs, what this repeats."""
    if grounds is None:
        return ""
    if grounds.missing:
        return f"; first find out: {'; '.join(grounds.missing)}"
    if grounds.to_area:
        return f", which says that {grounds.to_area} is the area to ask"
    return f", which says that this repeats {grounds.duplicate_of}" if grounds.duplicate_of else ""


def _escalation(proposal: Proposal, need: Need, deadline: Deadline, declines: int) -> Assignment:
    return Assignment(
        case_id=proposal.case_id,
        area=need.area,
        what=f"Decide who {_question(need)}: {declines} forums have not taken it",
        done_when="An owner that the strategic lead names has recorded its acceptance",
        owner_role=Role.STRATEGIC_LEAD,
        deadline=deadline,
        duty=f"I5:{need.kind}",
        about=need.kind,
        decision_id=proposal.decision_id,
        forums=(Forum(proposal.forum),),
        told=(proposal.sender_agency,),
    )
