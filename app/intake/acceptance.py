"""A forum accepts a need. MARAC then hears the case: it comes on the list of the next meeting that it can make."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.access.directory import area_of
from app.actions.changes import OwnerPost
from app.actions.models import Action
from app.actions.outcomes.reassignment import reassign_action
from app.foundation.errors import Conflict, Forbidden
from app.foundation.storage.transaction import Transaction
from app.intake.service import marac_hearing
from app.meetings.lists.case_listing import list_case
from app.ownership import repository
from app.ownership.models import Need, Proposal
from app.ownership.proposals.acceptance import accept_proposal
from app.ownership.vocabulary import ProposalKind
from app.referrals.models import Case
from app.vocabulary import Forum, NeedKind


def accept(tx: Transaction, proposal: Proposal, need: Need, cases: Sequence[Case], note: str | None) -> None:
    """Gives the need to the forum that was asked, and lists the cases of a victim whose safety MARAC has accepted.

    A case that waits on the list of a meeting to come stays there. Raises what `accept_proposal` raises.
    """
    accept_proposal(tx, proposal, need, note)
    asked_to_lead = proposal.kind == ProposalKind.LEAD and need.kind == NeedKind.VICTIM_SAFETY
    if asked_to_lead and proposal.forum == Forum.MARAC:
        for case in cases:
            list_case(tx, case, marac_hearing(tx, case, area_of(tx.session, case.area)), accepted=True)


@dataclass(frozen=True, slots=True)
class TakenNeed:
    """A need that a forum has just taken: by which proposal, from which agency, for which post, in which cases."""

    proposal: Proposal
    from_agency: str
    post: OwnerPost
    case_ids: frozenset[str]


def take(tx: Transaction, proposal: Proposal, need: Need, cases: Sequence[Case], note: str | None) -> TakenNeed:
    """Does what `accept` does, and returns from whom the need was taken and for whom."""
    before = repository.current_ownership(tx.session, need).agency
    accept(tx, proposal, need, cases, note)
    post = OwnerPost(proposal.agency or tx.caller.agency, proposal.role)
    return TakenNeed(proposal, before, post, frozenset(case.id for case in cases))


def take_on(tx: Transaction, taken: TakenNeed, action: Action) -> None:
    """Gives the action to the forum that took the need, unless it came along with the lead.

    Raises `Conflict` for an action of another case or for a forum that only supports, and `Forbidden` when its owner
    is neither the owner before nor nobody: such an owner keeps it.
    """
    if taken.proposal.kind != ProposalKind.LEAD or action.case_id not in taken.case_ids:
        raise Conflict("an acceptance to lead takes on actions of the cases of its need")
    if (action.owner_agency, action.owner_role) == (taken.post.agency, taken.post.role):
        return
    if action.owner_agency not in {None, taken.from_agency}:
        raise Forbidden("another agency than the owner before has this action; ask its owner or the co-ordinator")
    reason = f"{taken.proposal.forum} accepted the lead, and this action with it"
    reassign_action(tx, action, taken.post, reason, None)
