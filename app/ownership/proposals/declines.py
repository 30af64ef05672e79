"""A forum declines a proposal: the owner stays, everyone is told, and the next forum is asked.

Source: DHR "Jean" 14.2.2, 14.2.4, 14.2.16: MATAC's refusal was shown as "closed" and the chair never knew.
"""

from dataclasses import replace

from app.actions.models import Action
from app.foundation.errors import Conflict, Invalid, RequestFault
from app.foundation.storage.transaction import Transaction
from app.outbox.service import record_event
from app.ownership import repository
from app.ownership.models import Need, Proposal
from app.ownership.proposals.answers import (
    AnswerDraft,
    DeclineGrounds,
    receive_what_was_sent,
    record_answer,
    refuse_unless_waiting,
)
from app.ownership.proposals.events import proposal_event
from app.ownership.proposals.lead_rules import claim_holds
from app.ownership.proposals.next_lead import ask_next_forum
from app.ownership.schemas import DeclineRequest
from app.ownership.vocabulary import ProposalKind
from app.vocabulary import EventType, Forum, ProposalState


def decline_proposal(tx: Transaction, proposal: Proposal, need: Need, sent: DeclineRequest) -> list[Action]:
    """Records the decline with its reason, and returns the duties to propose again. The owner does not change.

    Raises `Conflict` when the proposal has its answer or the police hub declines a lead, and `Invalid` when what the
    code names is not another area, or not another thing on record.
    """
    refuse_unless_waiting(proposal)
    if proposal.kind == ProposalKind.LEAD and proposal.forum == Forum.HUB:
        raise Conflict("the police hub is where every need falls back to and cannot decline (I5); accept")
    grounds = _checked_grounds(tx, proposal, need, sent)
    draft = AnswerDraft(ProposalState.DECLINED, sent.reason, tx.by, grounds)
    record_answer(tx.session, proposal, draft, tx.now)
    receive_what_was_sent(tx, proposal)
    _record_declined(tx, proposal, need, grounds)
    return ask_next_forum(tx.session, proposal, need, grounds, tx.now)


def _record_declined(tx: Transaction, proposal: Proposal, need: Need, grounds: DeclineGrounds) -> None:
    event = proposal_event(tx.session, EventType.LEAD_DECLINED, proposal, need)
    details = event.details | {
        "code": grounds.code,
        "claimed_forum": grounds.claimed_forum,
        "claim_holds": grounds.claim_holds,
        "owner": repository.current_ownership(tx.session, need).forum,
    }
    record_event(tx.session, replace(event, details=details), tx.now)


def _checked_grounds(tx: Transaction, proposal: Proposal, need: Need, sent: DeclineRequest) -> DeclineGrounds:
    """Returns the grounds, once what the code names has been checked; "managed elsewhere" against the records (I3)."""
    _refuse_own_area(need, sent)
    _refuse_unknown_duplicate(tx, proposal, sent)
    owner = repository.current_ownership(tx.session, need).forum
    return DeclineGrounds(
        code=sent.code,
        claimed_forum=sent.claimed_forum,
        claim_holds=claim_holds(sent.code, sent.claimed_forum, owner),
        missing=list(sent.missing) or None,
        to_area=sent.to_area,
        duplicate_of=sent.duplicate_of,
    )


def _refuse_own_area(need: Need, sent: DeclineRequest) -> None:
    if sent.to_area == need.area:
        raise Invalid(
            "`to_area` is the area of this need itself; name the area that should be asked",
            faults=[RequestFault("/to_area", "same_area", "name another area")],
        )


def _refuse_unknown_duplicate(tx: Transaction, proposal: Proposal, sent: DeclineRequest) -> None:
    if sent.duplicate_of is None:
        return
    itself = {proposal.id, proposal.need_id, proposal.case_id}
    if sent.duplicate_of in itself or not repository.is_on_record(tx.session, sent.duplicate_of):
        raise Invalid(
            "`duplicate_of` must name another need, proposal or case on record here",
            faults=[RequestFault("/duplicate_of", "unknown", "give the id of what this repeats")],
        )
