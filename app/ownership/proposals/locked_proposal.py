"""Locks a proposal with the need that its answer changes."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.ownership import proposal_repository, repository
from app.ownership.models import Need, Proposal
from app.referrals.models import Case


@dataclass(frozen=True, slots=True)
class LockedProposal:
    """A proposal, the need that it asks about, and all cases that the need serves, each locked."""

    proposal: Proposal
    need: Need
    cases: list[Case]


def lock_proposal(session: Session, proposal_id: str, need_id: str) -> LockedProposal:
    """Locks the cases, then the need, then the proposal, so that answers about a need come one after another.

    Call it as the system, and only once the proposal was found among the caller's own rows: hidden rows are not locked.
    """
    cases = repository.cases_for_change(session, [need_id])
    need = repository.need_for_change(session, need_id)
    proposal = proposal_repository.proposal_for_change(session, proposal_id)
    assert need is not None and proposal is not None  # noqa: S101, PT018 - found above, never deleted
    return LockedProposal(proposal, need, cases)
