"""Gives the receiving area's MARAC a need that its area had of the victim before it accepted the transfer."""

from app.foundation.storage.transaction import Transaction
from app.ownership import proposal_repository, repository
from app.ownership.models import Need, Proposal, Transfer
from app.ownership.proposals.acceptance import accept_proposal
from app.ownership.proposals.leads import ANSWER_WITHIN
from app.ownership.proposals.proposing import ProposalDraft, basis_now, send_proposal
from app.ownership.vocabulary import ProposalKind
from app.referrals.models import Case
from app.vocabulary import Forum, Role

BECAUSE = "another area's victim moves here, and the co-ordinator has accepted the transfer"


def take_over_need(tx: Transaction, transfer: Transfer, need: Need, case: Case, note: str) -> None:
    """Makes MARAC the owner, by its acceptance of the transfer, of a need that somebody else owned in its area.

    Whoever owned it has accepted nothing of what comes, and does not see the case (I2).
    """
    if repository.current_ownership(tx.session, need).forum != Forum.MARAC:
        accept_proposal(tx, _asked(tx, transfer, need, case), need, note)


def _asked(tx: Transaction, transfer: Transfer, need: Need, case: Case) -> Proposal:
    """Returns the request to MARAC that waits, or one that is made now: each owner after the first was asked."""
    waiting = proposal_repository.waiting_proposals(tx.session, need.id, ProposalKind.LEAD)
    asked = next((one for one in waiting if one.forum == Forum.MARAC), None)
    if asked is not None:
        return asked
    draft = ProposalDraft(Forum.MARAC, Role.MARAC_COORDINATOR, ANSWER_WITHIN, BECAUSE, agency=transfer.receiver_agency)
    basis = basis_now(tx.session, case, transfer.receiver_agency)
    return send_proposal(tx.session, need, draft, basis, tx.now)
