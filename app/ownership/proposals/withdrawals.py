"""The sender withdraws a proposal before it is answered.

The owner stays; if nobody else is asked, the next forum is.
"""

from app.foundation.errors import Forbidden
from app.foundation.storage.transaction import Transaction
from app.ownership import proposal_repository
from app.ownership.models import Need, Proposal
from app.ownership.proposals.answers import Withdrawal, refuse_unless_waiting, withdraw_proposal
from app.ownership.proposals.next_lead import ask_next_forum
from app.ownership.schemas import WithdrawalRequest
from app.ownership.vocabulary import ProposalKind


def withdraw_by_sender(tx: Transaction, proposal: Proposal, need: Need, sent: WithdrawalRequest) -> None:
    """Withdraws the proposal. The forum did not decline, so it may be asked again on the same facts.

    Raises `Forbidden` for another agency than the sender's, and `Conflict` when the proposal has its answer.
    """
    if tx.caller.agency != proposal.sender_agency:
        raise Forbidden("only the agency that sent this proposal can withdraw it; the forum asked may decline")
    refuse_unless_waiting(proposal)
    withdraw_proposal(tx.session, proposal, need, Withdrawal(sent.reason, tx.by), tx.now)
    if proposal.kind == ProposalKind.LEAD and not proposal_repository.waiting_proposals(
        tx.session, need.id, ProposalKind.LEAD
    ):
        ask_next_forum(tx.session, proposal, need, None, tx.now)
