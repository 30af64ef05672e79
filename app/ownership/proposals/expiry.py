"""Expires proposals that nobody answered in time: the owner stays, the senders are told, the next forum is asked."""

from datetime import datetime

from sqlalchemy.orm import Session

from app.ownership import proposal_repository, repository
from app.ownership.models import Proposal
from app.ownership.proposals.answers import AnswerDraft, record_answer
from app.ownership.proposals.events import record_proposal_event
from app.ownership.proposals.next_lead import ask_next_forum
from app.vocabulary import EventType, ProposalState

NO_ANSWER = AnswerDraft(ProposalState.EXPIRED, "no answer in time", "service")


def expire_overdue(session: Session, now: datetime, limit: int = 100) -> int:
    """Expires the proposals that nobody answered in time and returns how many.

    A need that somebody is changing waits for the next round of the worker.
    """
    overdue = proposal_repository.overdue_proposals(session, now, limit)
    return sum(_expire(session, proposal, now) for proposal in overdue)


def _expire(session: Session, overdue: Proposal, now: datetime) -> bool:
    # The worker waits for nobody: it goes on only when it got every lock at once, in the order cases, need, proposal.
    served = len(repository.cases_of_need(session, overdue.need_id))
    if len(repository.cases_for_change(session, [overdue.need_id], unless_busy=True)) < served:
        return False
    need = repository.need_for_change(session, overdue.need_id, unless_busy=True)
    proposal = proposal_repository.proposal_for_change(session, overdue.id) if need else None
    if need is None or proposal is None or proposal.state != ProposalState.PROPOSED:
        return False
    record_answer(session, proposal, NO_ANSWER, now)
    record_proposal_event(session, EventType.LEAD_EXPIRED, proposal, need, now)
    ask_next_forum(session, proposal, need, None, now)
    return True
