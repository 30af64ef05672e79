"""After a decline, an expiry or a withdrawal: asks the next forum, and opens the duty to propose again.

Source: DHR "Jean" 14.2.2, 14.2.4, 14.2.16: MATAC's refusal was shown as "closed" and the chair never knew.
"""

from dataclasses import replace
from datetime import datetime

from sqlalchemy.orm import Session

from app.access.directory import calendar_of_area
from app.access.repository import agency_in_post
from app.actions.models import Action
from app.actions.recording.assignment import assign_duties
from app.actions.recording.draft import Assignment
from app.foundation.clock import london_date
from app.outbox.service import record_event
from app.ownership import proposal_repository, repository
from app.ownership.duty_ids import name_an_owner, propose_again
from app.ownership.models import Need, Ownership, Proposal
from app.ownership.proposals.answers import DeclineGrounds
from app.ownership.proposals.events import proposal_event
from app.ownership.proposals.lead_rules import next_candidate
from app.ownership.proposals.leads import lead_candidates
from app.ownership.proposals.proposing import ProposalBasis, propose
from app.ownership.proposals.standing_now import standing_now
from app.ownership.vocabulary import ProposalKind
from app.referrals.models import Case
from app.referrals.repositories.case_repository import case_by_id
from app.referrals.repositories.decision_repository import latest_decision_of
from app.referrals.stored_records import decision_of
from app.reminders.deadline import Deadline
from app.routing.record.owners import outranks
from app.vocabulary import EventType, NeedKind, ProposalState, Role

ESCALATE_AFTER = 2  # I5: the second decline in a chain goes to the strategic lead
NOT_TAKEN = {ProposalState.DECLINED, ProposalState.EXPIRED}


def ask_next_forum(
    session: Session, proposal: Proposal, need: Need, grounds: DeclineGrounds | None, now: datetime
) -> list[Action]:
    """Asks the next candidate of the decision at once, and opens the duty to propose again in any case."""
    case = case_by_id(session, proposal.case_id)
    assert case is not None  # noqa: S101 - a foreign key
    if proposal.kind == ProposalKind.LEAD:
        _propose_next(session, proposal, need, case, now)
    return _open_duties(session, proposal, need, grounds, now)


def _propose_next(session: Session, proposal: Proposal, need: Need, case: Case, now: datetime) -> None:
    """Asks the next forum, unless one that comes before it has yet to answer."""
    stored = latest_decision_of(session, case.id)
    if stored is None:
        return
    candidates = lead_candidates(decision_of(session, stored), need.kind)
    asked = {
        p.forum
        for p in proposal_repository.proposals_of_need(session, need.id)
        if p.facts_sha256 == proposal.facts_sha256 and (p.kind == ProposalKind.LEAD or p.state in NOT_TAKEN)
    }
    following = next_candidate(candidates, asked, standing_now(session, need, stored))
    waiting = proposal_repository.waiting_proposals(session, need.id, ProposalKind.LEAD)
    if following is not None and not any(outranks(one.forum, following.forum) for one in waiting):
        basis = ProposalBasis(case, proposal.decision_id, proposal.facts_sha256, proposal.sender_agency)
        propose(session, need, [one for one in candidates if one.forum == following.forum], basis, now)


def _open_duties(
    session: Session, proposal: Proposal, need: Need, grounds: DeclineGrounds | None, now: datetime
) -> list[Action]:
    """Asks the owner to propose again (D15.propose) and, from the second decline, the strategic lead to decide (I5)."""
    deadline = Deadline(calendar_of_area(session, need.area).add(london_date(now), 1), None)
    owner = repository.current_ownership(session, need)
    again = _propose_again_duty(proposal, need, owner, grounds, deadline)
    # Counted on the same facts: with new facts the chain begins anew, for everybody may be asked again.
    declines = len(proposal_repository.declines_on_facts(session, need.id, proposal.facts_sha256))
    if declines < ESCALATE_AFTER:
        return assign_duties(session, [again], now)
    _record_escalated(session, proposal, need, now)
    return assign_duties(session, [again, _strategic_duty(proposal, need, deadline, declines)], now)


def _propose_again_duty(
    proposal: Proposal, need: Need, owner: Ownership, grounds: DeclineGrounds | None, deadline: Deadline
) -> Assignment:
    return Assignment(
        case_id=proposal.case_id,
        area=need.area,
        what=f"Propose who {_question(need)} now that {proposal.forum} has not taken it{_in_words(grounds)}",
        done_when=(
            "Another forum or agency has recorded its acceptance, or the holder has confirmed that it keeps the need"
        ),
        owner_role=owner.role,
        owner_agency=owner.agency,
        deadline=deadline,
        duty=propose_again(proposal.kind, proposal.forum),
        about=need.kind,
        decision_id=proposal.decision_id,
        forums=(proposal.forum,),
        informed=(proposal.sender_agency,),
    )


def _record_escalated(session: Session, proposal: Proposal, need: Need, now: datetime) -> None:
    event = proposal_event(session, EventType.LEAD_ESCALATED, proposal, need)
    strategic_lead = agency_in_post(session, need.area, Role.STRATEGIC_LEAD)
    record_event(session, replace(event, agencies=(*event.agencies, strategic_lead)), now)


def _strategic_duty(proposal: Proposal, need: Need, deadline: Deadline, declines: int) -> Assignment:
    return Assignment(
        case_id=proposal.case_id,
        area=need.area,
        what=f"Decide who {_question(need)}: {declines} forums have not taken it",
        done_when="An owner that the strategic lead names has recorded its acceptance",
        owner_role=Role.STRATEGIC_LEAD,
        deadline=deadline,
        duty=name_an_owner(need.kind),
        about=need.kind,
        decision_id=proposal.decision_id,
        forums=(proposal.forum,),
        informed=(proposal.sender_agency,),
    )


def _question(need: Need) -> str:
    return "manages the perpetrator" if need.kind == NeedKind.PERPETRATOR else "leads on the victim's safety"


def _in_words(grounds: DeclineGrounds | None) -> str:
    """Returns what the decline tells whoever proposes again.

    What is missing, which area to ask, or what this repeats.
    """
    if grounds is None:
        return ""
    if grounds.missing:
        return f"; first find out: {'; '.join(grounds.missing)}"
    if grounds.to_area:
        return f", which says that {grounds.to_area} is the area to ask"
    return f", which says that this repeats {grounds.duplicate_of}" if grounds.duplicate_of else ""
