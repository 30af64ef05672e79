"""A forum accepts a need. MARAC then hears the case: it comes on the list of the next meeting that it can make."""

from collections.abc import Sequence

from app.access.directory import area_of
from app.foundation.storage.transaction import Transaction
from app.intake.service import marac_hearing
from app.meetings.lists.case_listing import list_case
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
