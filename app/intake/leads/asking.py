"""Asks the forums that a decision wants to lead or to support."""

from collections.abc import Mapping
from dataclasses import dataclass

from app.foundation.storage.transaction import Transaction
from app.intake.leads.unmet_criteria import another_case_waits_for_marac, take_back_request_to_marac, tell_chair
from app.ownership.models import Need
from app.ownership.proposals.leads import first_proposals
from app.ownership.proposals.proposing import ProposalBasis, ProposalDraft, propose
from app.ownership.repository import current_ownership
from app.referrals.decisions import MadeDecision
from app.referrals.models import Decision
from app.referrals.stored_records import answer_of
from app.vocabulary import Forum, NeedKind

_FALLING = ("yes", "open", "no")


@dataclass(frozen=True, slots=True)
class LeadRequest:
    """A decision, its stored row, and the row of the decision before it on the same case, if there is one."""

    made: MadeDecision
    stored: Decision
    before: Decision | None


def ask_leads(tx: Transaction, needs: Mapping[NeedKind, Need], request: LeadRequest) -> None:
    """Asks each forum that the decision wants asked. A request to MARAC that no case makes any more is taken back."""
    made = request.made
    basis = ProposalBasis(made.case, request.stored.id, made.told_sha256, tx.caller.agency)
    for kind, need in needs.items():
        drafts = first_proposals(made.decision, kind)
        if kind == NeedKind.VICTIM_SAFETY and made.decision.outcomes["marac"] != "yes":
            drafts = _without_marac(tx, need, request, drafts)
        propose(tx.session, need, drafts, basis, tx.now)


def _without_marac(
    tx: Transaction, need: Need, request: LeadRequest, drafts: list[ProposalDraft]
) -> list[ProposalDraft]:
    """Returns whom to ask when the case does not meet MARAC's criteria. What MARAC has accepted stays with it.

    The need is the victim's, over every perpetrator: while another case of it waits for MARAC, MARAC stays asked.
    """
    case, answer = request.made.case, request.made.decision.outcomes["marac"]
    meets_elsewhere = another_case_waits_for_marac(tx.session, need, case)
    if answer == "no" and not meets_elsewhere:
        take_back_request_to_marac(tx, need)
    if current_ownership(tx.session, need).forum != Forum.MARAC:
        return drafts
    if not meets_elsewhere and _has_fallen(request.before, answer):
        tell_chair(tx, case, request.stored)
    return [draft for draft in drafts if draft.forum is not Forum.REFERRING_AGENCY]


def _has_fallen(before: Decision | None, answer: str) -> bool:
    """Returns whether the answer about MARAC is lower than the one before, so that the chair is told once of each."""
    was = answer_of(before, "marac") if before is not None else answer
    return _FALLING.index(answer) > (_FALLING.index(was) if was in _FALLING else 0)
