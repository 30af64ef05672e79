"""Asks MATAC before MARAC discharges a case, where the area's policy barred MATAC while MARAC had the case (E06).

Source: DHR "Jean" 14.2.4: MATAC was barred because MARAC had the case, and MARAC then discharged it.
"""

from dataclasses import replace

from sqlalchemy.orm import Session

from app.foundation.storage.transaction import Transaction
from app.meetings.repositories import case_repository
from app.ownership.models import Need, Proposal
from app.ownership.proposal_repository import declines_on_facts, proposals_of_need
from app.ownership.proposals.leads import first_proposals
from app.ownership.proposals.proposing import basis_now, propose
from app.ownership.repository import cases_for_change, current_ownership, need_for_change
from app.policies.registry import policy_of_area
from app.referrals.decisions import MadeDecision, store_decision
from app.referrals.models import Case, Decision
from app.referrals.repositories.decision_repository import last_marac_referral_at, latest_decision_of
from app.referrals.repositories.report_repository import latest_referral_of
from app.referrals.stored_records import answer_of, decision_of
from app.routing.engine.decide import decide
from app.routing.policy.refusals import REFUSERS, declined_fact
from app.routing.policy.types import Fact
from app.routing.policy.vocabulary import MaracStage
from app.routing.record.decision import RoutingDecision
from app.vocabulary import Forum, NeedKind, ProposalState

BARRED = "matac_barred"
BECAUSE_OF_DISCHARGE = "MARAC discharges the case, so MATAC may be asked"
OWNER_FACTS = {
    "owned_by_lead_agency": Forum.MAPPA_L1_LEAD_AGENCY,
    "owned_by_iom": Forum.IOM,
    "owned_by_dapp": Forum.DAPP,
}


def ask_matac_before_discharge(tx: Transaction, case: Case, forum: Forum) -> list[Proposal]:
    """Asks MATAC if it was barred.

    Returns the proposals to it that wait: made now, or at an earlier discharge request.
    """
    stored = latest_decision_of(tx.session, case.id)
    need = _perpetrator_need_for_change(tx.session, case)
    if forum is not Forum.MARAC or stored is None or need is None:
        return []
    if answer_of(stored, BARRED) == "yes":
        _propose_to_matac(tx, case, need, stored)
    if not _rests_on_discharge(tx.session, case):
        return []
    return [
        proposal
        for proposal in proposals_of_need(tx.session, need.id)
        if proposal.forum == Forum.MATAC and proposal.case_id == case.id and proposal.state == ProposalState.PROPOSED
    ]


def _perpetrator_need_for_change(session: Session, case: Case) -> Need | None:
    found = case_repository.open_perpetrator_need(session, case.id)
    if found is None:
        return None
    # A referral locks the cases before the need. The same order here means that neither waits for the other.
    cases_for_change(session, [found.id])
    return need_for_change(session, found.id)


def _rests_on_discharge(session: Session, case: Case) -> bool:
    """Returns whether the newest decision was made because MARAC discharges, and not because of a later report."""
    stored = latest_decision_of(session, case.id)
    return stored is not None and stored.because == BECAUSE_OF_DISCHARGE


def _propose_to_matac(tx: Transaction, case: Case, need: Need, before: Decision) -> None:
    """Asks MATAC as the policy does once MARAC is out of the case, unless MATAC declined on these facts."""
    basis = basis_now(tx.session, case, tx.caller.agency)
    facts = facts_after_discharge(tx.session, need, decision_of(tx.session, before), basis.facts_sha256)
    after = decide(policy_of_area(tx.session, case.area, tx.now), facts)
    asked = [lead for lead in first_proposals(after, NeedKind.PERPETRATOR) if lead.forum is Forum.MATAC]
    referral = latest_referral_of(tx.session, case.id)
    if after.outcomes[BARRED] == "yes" or not asked or referral is None:
        return
    made = MadeDecision(
        referral,
        case,
        after,
        basis.facts_sha256,
        BECAUSE_OF_DISCHARGE,
        tuple(before.stated),
        last_marac_referral_at(tx.session, case.id),
    )
    stored = store_decision(tx.session, made, tx.now)
    propose(tx.session, need, asked, replace(basis, decision_id=stored.id), tx.now)


def facts_after_discharge(session: Session, need: Need, before: RoutingDecision, facts_sha256: str) -> dict[str, Fact]:
    """Returns the facts of the last decision, with ownership and declines as they stand now, without MARAC."""
    owner = current_ownership(session, need).forum
    refused = {proposal.forum for proposal, _ in declines_on_facts(session, need.id, facts_sha256)}
    facts: dict[str, Fact] = dict(before.facts)
    # A fact that was true while somebody else owned the need came from a confirmed claim, and it stays true.
    owned = {
        name: owner == forum or (facts[name] is True and facts["held_by"] != forum)
        for name, forum in OWNER_FACTS.items()
    }
    declined = {declined_fact(forum): forum in refused for forum in REFUSERS}
    return {
        **facts,
        **owned,
        **declined,
        "refusals": len(refused),
        "held_by": owner,
        "marac_stage": MaracStage.DISCHARGED,
    }
