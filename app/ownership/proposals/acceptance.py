"""A forum accepts a proposal. Accepting a lead moves the need; accepting to support moves nothing."""

from datetime import datetime

from app.actions.action_transfer import LeadForum, move_actions_to_lead
from app.foundation.errors import Conflict
from app.foundation.storage.transaction import Transaction
from app.ownership import proposal_repository, repository
from app.ownership.models import Need, Ownership, Proposal
from app.ownership.ownership_periods import NewOwner, hand_over
from app.ownership.proposals.answers import (
    AnswerDraft,
    Withdrawal,
    receive_what_was_sent,
    record_answer,
    refuse_unless_waiting,
    withdraw_proposal,
)
from app.ownership.proposals.events import record_proposal_event
from app.ownership.proposals.lead_rules import may_replace, stays_asked
from app.ownership.proposals.standing_now import owner_stays
from app.ownership.vocabulary import ProposalKind
from app.vocabulary import EventType, NeedKind, ProposalState


def accept_proposal(tx: Transaction, proposal: Proposal, need: Need, note: str | None) -> None:
    """Gives the need to the forum from now on, and ends the earlier owner's span at the same instant (I2).

    Raises `Conflict` when the proposal has its answer, or when the need would move down the order.
    """
    refuse_unless_waiting(proposal)
    accepted_at = _move_need(tx, proposal, need) if proposal.kind == ProposalKind.LEAD else tx.now
    draft = AnswerDraft(ProposalState.ACCEPTED, note or "accepted", tx.by)
    record_answer(tx.session, proposal, draft, accepted_at)
    receive_what_was_sent(tx, proposal)
    record_proposal_event(tx.session, EventType.LEAD_ACCEPTED, proposal, need, tx.now)


def _move_need(tx: Transaction, proposal: Proposal, need: Need) -> datetime:
    """Gives the need to the accepting forum, and with it the unfinished actions about a perpetrator.

    Returns the instant from which the forum owns it.
    """
    present = repository.current_ownership(tx.session, need)
    _refuse_moving_down(tx, proposal, need, present)
    was = LeadForum(present.forum, present.agency, present.role)
    # Where nobody filled the post when the forum was asked, the agency that records the acceptance owns.
    agency = proposal.agency or tx.caller.agency
    owner = NewOwner(proposal.forum, proposal.role, agency, tx.by, proposal.id)
    owns_from = hand_over(tx.session, need, present, owner, tx.now)
    _withdraw_lower_forums(tx, need, proposal)
    if need.kind == NeedKind.PERPETRATOR:
        cases = repository.cases_of_need(tx.session, need.id)
        move_actions_to_lead(tx, cases, was, LeadForum(proposal.forum, agency, proposal.role))
    return owns_from


def _refuse_moving_down(tx: Transaction, proposal: Proposal, need: Need, present: Ownership) -> None:
    """Refuses to move a perpetrator down the order while the owner's ground stands.

    A chair's override of the owner whom the chair saw moves it all the same.
    """
    if may_replace(need.kind, present.forum, proposal.forum) or not owner_stays(tx.session, need):
        return
    override = repository.override_of_proposal(tx.session, proposal.id)
    if override is None:
        raise Conflict(
            f"{present.forum} owns this need and comes before {proposal.forum}; decline, or agree to support"
        )
    if override.stands_against != present.id:
        raise Conflict(f"{present.forum} has taken this need since the chair decided; the chair must decide anew")


def _withdraw_lower_forums(tx: Transaction, need: Need, accepted: Proposal) -> None:
    """Withdraws the proposals to forums below the new owner; those above it are still asked.

    Whom a chair named is asked all the same: the chair decides against the order.
    """
    withdrawal = Withdrawal(f"{accepted.forum} accepted", tx.by)
    for other in proposal_repository.waiting_proposals(tx.session, need.id, ProposalKind.LEAD):
        if other.id == accepted.id or stays_asked(need.kind, accepted.forum, other.forum):
            continue
        if need.kind == NeedKind.PERPETRATOR or repository.override_of_proposal(tx.session, other.id) is None:
            withdraw_proposal(tx.session, other, need, withdrawal, tx.now)
