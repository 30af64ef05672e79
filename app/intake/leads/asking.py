"""Asks the forums that a decision wants to lead or to support."""

from collections.abc import Mapping
from dataclasses import dataclass

from app.foundation.storage.transaction import Transaction
from app.intake.leads.unmet_criteria import take_back_request_to_marac, tell_chair
from app.ownership.models import Need
from app.ownership.proposals.leads import first_proposals
from app.ownership.proposals.proposing import ProposalBasis, ProposalDraft, propose
from app.ownership.repository import current_ownership
from app.referrals.decisions import MadeDecision
from app.referrals.models import Decision
from app.referrals.stored_records import answer_of
from app.vocabulary import Forum, NeedKind


@dataclass(frozen=True, slots=True)
class LeadRequest:
    """A decision, its stored row, and the row of the decision before it on the same case, if there is one."""

    made: MadeDecision
    stored: Decision
    before: Decision | None


def ask_leads(tx: Transaction, needs: Mapping[NeedKind, Need], request: LeadRequest) -> None:
    """Asks each forum that the decision wants asked. A request to MARAC that it makes no more is taken back."""
    made = request.made
    basis = ProposalBasis(made.case, request.stored.id, made.told_sha256, tx.caller.agency)
    for kind, need in needs.items():
        drafts = first_proposals(made.decision, kind)
        if kind == NeedKind.VICTIM_SAFETY and made.decision.outcomes["marac"] == "no":
            drafts = _without_marac(tx, need, request, drafts)
        propose(tx.session, need, drafts, basis, tx.now)


def _without_marac(
    tx: Transaction, need: Need, request: LeadRequest, drafts: list[ProposalDraft]
) -> list[ProposalDraft]:
    """Returns whom to ask when MARAC's criteria are not met. What MARAC has accepted stays with it."""
    take_back_request_to_marac(tx, need)
    if current_ownership(tx.session, need).forum != Forum.MARAC:
        return drafts
    # Once for each change: the chair is not asked again by every later decision.
    if request.before is not None and answer_of(request.before, "marac") != "no":
        tell_chair(tx, request.made.case, request.stored)
    return [draft for draft in drafts if draft.forum is not Forum.REFERRING_AGENCY]
