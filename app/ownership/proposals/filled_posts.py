"""Asks the agency that fills an empty post now to answer a proposal that was made to the post before."""

from datetime import datetime

from sqlalchemy.orm import Session

from app.access.directory import nation_of_area
from app.access.repository import agency_in_post
from app.ownership import proposal_repository, repository
from app.ownership.models import Proposal
from app.ownership.proposals.events import record_proposal_event
from app.reminders.deadline import Deadline
from app.reminders.hand_over import hand_over_ladder
from app.reminders.service import ReminderSubject
from app.vocabulary import EventType, ProposalState, SubjectType

SECOND_VERSION = 2  # of the proposal's only deadline: its post is filled once


def propose_to_filled_posts(session: Session, case_id: str, now: datetime) -> None:
    """Asks whoever fills their posts the case's unanswered proposals without an agency, and tells everyone concerned.

    The time to answer runs on. A need that somebody is changing waits for the next round of the worker.
    """
    for proposal in proposal_repository.proposals_of_filled_posts(session, case_id):
        _ask(session, proposal, now)


def _ask(session: Session, waiting: Proposal, now: datetime) -> None:
    # The worker waits for nobody, and locks in the order cases, need, proposal, as whoever answers does.
    served = len(repository.cases_of_need(session, waiting.need_id))
    if len(repository.cases_for_change(session, [waiting.need_id], unless_busy=True)) < served:
        return
    need = repository.need_for_change(session, waiting.need_id, unless_busy=True)
    proposal = proposal_repository.proposal_for_change(session, waiting.id) if need else None
    agency = agency_in_post(session, waiting.area, waiting.role)
    if need is None or proposal is None or agency is None:
        return
    if proposal.state != ProposalState.PROPOSED or proposal.agency is not None:
        return
    proposal.agency, proposal.agencies = agency, sorted({*proposal.agencies, agency})
    session.flush()
    hand_over_ladder(session, _watched(session, proposal), _answer_by(proposal), SECOND_VERSION, now)
    record_proposal_event(session, EventType.LEAD_PROPOSED, proposal, need, now)


def _watched(session: Session, proposal: Proposal) -> ReminderSubject:
    nation = nation_of_area(session, proposal.area)
    about = (SubjectType.PROPOSAL, proposal.id, proposal.case_id, proposal.area, nation)
    return ReminderSubject(*about, proposal.agency, proposal.role)


def _answer_by(proposal: Proposal) -> Deadline:
    return Deadline(None, proposal.answer_by, life_safety=False)
