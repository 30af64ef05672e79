"""Asks the forums that a decision wants to lead or to support."""

from collections.abc import Mapping
from dataclasses import dataclass

from app.access.repository import agency_in_post
from app.access.vocabulary import CallerRole
from app.foundation.storage.transaction import Transaction
from app.intake.leads.unmet_criteria import (
    end_question_to_chair,
    leave_lists_of_marac,
    take_back_request_to_marac,
    tell_chair,
)
from app.ownership.models import Need
from app.ownership.proposals.leads import first_proposals
from app.ownership.proposals.proposing import ProposalBasis, ProposalDraft, propose
from app.ownership.repository import current_ownership
from app.ownership.vocabulary import ProposalKind
from app.referrals.decisions import MadeDecision
from app.referrals.models import Case, Decision
from app.referrals.stored_records import answer_of
from app.routing.record.owners import Standing, standing
from app.vocabulary import Forum, NeedKind, Role

_FALLING = ("yes", "open", "no")


@dataclass(frozen=True, slots=True)
class LeadRequest:
    """A decision, its stored row, and the row of the decision before it on the same case, if there is one."""

    made: MadeDecision
    stored: Decision
    before: Decision | None


def ask_leads(tx: Transaction, needs: Mapping[NeedKind, Need], request: LeadRequest) -> None:
    """Asks each forum that the decision wants asked. A request to MARAC that no case makes any more is taken back."""
    made, decision = request.made, request.made.decision
    basis = ProposalBasis(made.case, request.stored.id, made.told_sha256, _asks(tx, made.case))
    for kind, need in needs.items():
        if kind == NeedKind.VICTIM_SAFETY:
            _settle_with_marac(tx, need, request)
        # What the decision says of who is asked rests on the same rule (`routing.handbook.holders`).
        now = standing(kind, decision.outcomes, decision.facts)
        drafts = [one for one in first_proposals(decision, kind) if _may_be_asked(one, now)]
        propose(tx.session, need, drafts, basis, tx.now)


def _asks(tx: Transaction, case: Case) -> str:
    """Returns the agency that asks: the caller, or the area's hub for a partner that takes no part in the case.

    Whoever asks is told of the answer, and a report from outside a case tells its sender nothing of it.
    """
    caller = tx.caller
    if caller.role != CallerRole.PARTNER_AGENCY or caller.agency in case.agencies:
        return caller.agency
    return agency_in_post(tx.session, case.area, Role.PVP_HUB) or caller.agency


def _may_be_asked(draft: ProposalDraft, now: Standing) -> bool:
    return draft.kind == ProposalKind.SUPPORT or now.may_be_asked(draft.forum)


def _settle_with_marac(tx: Transaction, need: Need, request: LeadRequest) -> None:
    """Takes a request to MARAC back, or tells its chair, when no case of the victim waits for it any more.

    Where a case meets its criteria again, what the chair was asked ends.

    The need is the victim's, over every perpetrator: while another case of it waits for MARAC, MARAC stays asked. What
    MARAC has accepted stays with it.
    """
    decision = request.made.decision
    answer = decision.outcomes["marac"]
    marac_owns = current_ownership(tx.session, need).forum == Forum.MARAC
    if answer == "yes" and marac_owns:
        end_question_to_chair(tx, need)
    if answer == "yes" or decision.facts["marac_elsewhere"] is True:
        return
    if answer == "no":
        take_back_request_to_marac(tx, need)
    if answer == "no" and not marac_owns:
        leave_lists_of_marac(tx, need)
    if marac_owns and _has_fallen(request.before, answer):
        tell_chair(tx, request.made.case, request.stored)


def _has_fallen(before: Decision | None, answer: str) -> bool:
    """Returns whether the answer about MARAC is lower than the one before, so that the chair is told once of each."""
    was = answer_of(before, "marac") if before is not None else answer
    return _FALLING.index(answer) > (_FALLING.index(was) if was in _FALLING else 0)
