"""Records the one answer of a proposal, and withdraws proposals that need no answer."""

from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from app.actions.changes import OwnerPost
from app.actions.outcomes.notice_receipt import receive_by_answer
from app.foundation.errors import Conflict
from app.foundation.identifiers import new_id
from app.foundation.storage.transaction import Transaction
from app.ownership import proposal_repository, repository
from app.ownership.models import Need, Proposal, ProposalAnswer
from app.ownership.proposals.events import record_proposal_event
from app.reminders.service import cancel_ladder
from app.vocabulary import EventType, ProposalState


@dataclass(frozen=True, slots=True)
class DeclineGrounds:
    """Why a forum declines: its code, and what that code must name. `claim_holds` is the result of our check."""

    code: str
    claimed_forum: str | None = None
    claim_holds: bool | None = None
    missing: list[str] | None = None
    to_area: str | None = None
    duplicate_of: str | None = None


@dataclass(frozen=True, slots=True)
class AnswerDraft:
    """An answer about to be recorded: the state it brings, the reason, who gives it, and the grounds of a decline."""

    state: ProposalState
    reason: str
    by: str
    grounds: DeclineGrounds | None = None


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """Why a proposal is withdrawn, and by whom."""

    reason: str
    by: str


def refuse_unless_waiting(proposal: Proposal) -> None:
    """Raises `Conflict` for a proposal that has its answer: an answer is never changed."""
    if proposal.state != ProposalState.PROPOSED:
        raise Conflict(f"this proposal is already {proposal.state}; propose again to ask anew")


def record_answer(session: Session, proposal: Proposal, draft: AnswerDraft, now: datetime) -> ProposalAnswer:
    """Records the answer and cancels the reminders of the proposal."""
    proposal.state = draft.state
    answer = ProposalAnswer(
        id=new_id("ans"),
        proposal_id=proposal.id,
        area=proposal.area,
        agencies=proposal.agencies,
        state=draft.state,
        reason=draft.reason,
        answered_by=draft.by,
        answered_at=now,
        **(asdict(draft.grounds) if draft.grounds else {}),
    )
    session.add(answer)
    session.flush()
    cancel_ladder(session, proposal.id, draft.state.lower(), now)
    return answer


def receive_what_was_sent(tx: Transaction, proposal: Proposal) -> None:
    """Records that the post which answers knows what it was sent about the cases of the need.

    Where nobody filled the post when it was asked, it is the agency that answers.
    """
    cases = repository.cases_of_need(tx.session, proposal.need_id)
    post = OwnerPost(proposal.agency or tx.caller.agency, proposal.role)
    receive_by_answer(tx, cases, post, proposal.forum)


def withdraw_proposal(session: Session, proposal: Proposal, need: Need, withdrawal: Withdrawal, now: datetime) -> None:
    """Withdraws the proposal and tells the forum that was asked."""
    draft = AnswerDraft(ProposalState.WITHDRAWN, withdrawal.reason, withdrawal.by)
    record_answer(session, proposal, draft, now)
    record_proposal_event(session, EventType.LEAD_WITHDRAWN, proposal, need, now)


def withdraw_waiting_proposals(session: Session, need: Need, withdrawal: Withdrawal, now: datetime) -> None:
    """Withdraws every unanswered proposal of the need."""
    for proposal in proposal_repository.waiting_proposals(session, need.id):
        withdraw_proposal(session, proposal, need, withdrawal, now)
