"""Reads from a decision which forums to ask: the candidates in order, the interim holder, the forums that support."""

from app.ownership.proposals.proposing import ProposalDraft
from app.ownership.vocabulary import ProposalKind
from app.routing.policy.types import DueRule, DueUnit
from app.routing.record.decision import Lead, RoutingDecision
from app.vocabulary import Forum, NeedKind, Role

FORUM_ROLES = {
    Forum.MARAC: Role.MARAC_COORDINATOR,
    Forum.MATAC: Role.MATAC_COORDINATOR,
    Forum.MAPPA_L3: Role.MAPPA_COORDINATOR,
    Forum.MAPPA_L2: Role.MAPPA_COORDINATOR,
    Forum.MAPPA_L1_LEAD_AGENCY: Role.SUPERVISING_PRACTITIONER,
    Forum.SUPERVISING_SERVICE: Role.SUPERVISING_PRACTITIONER,
    Forum.IOM: Role.IOM_COORDINATOR,
    Forum.DAPP: Role.DAPP_COORDINATOR,
    Forum.PDP: Role.PDP_COORDINATOR,
    Forum.HUB: Role.PVP_HUB,
    Forum.REFERRING_AGENCY: Role.REFERRER,
    Forum.YOUTH_JUSTICE: Role.YOUTH_JUSTICE,
    Forum.CHILDRENS_SOCIAL_CARE: Role.CHILDRENS_SOCIAL_CARE,
    Forum.PRISON_OMU: Role.PRISON_OMU,
}
ANSWER_WITHIN = DueRule(DueUnit.WORKING_DAYS, 3, "decision")  # [I] the product's default time to answer


def lead_candidates(decision: RoutingDecision, kind: str) -> list[ProposalDraft]:
    """Returns every forum that may be asked to lead this need, in the order to ask."""
    is_victim = kind == NeedKind.VICTIM_SAFETY
    leads = decision.victim_candidates if is_victim else decision.perpetrator_candidates
    return [_lead_draft(lead) for lead in leads]


def first_proposals(decision: RoutingDecision, kind: str) -> list[ProposalDraft]:
    """Returns who is asked at once: the lead, and the agency that is to hold the need until the lead accepts.

    For the perpetrator, also the forums that are to support (DHR "Jean" 14.2.15: row 22).
    """
    lead = decision.victim if kind == NeedKind.VICTIM_SAFETY else decision.perpetrator
    drafts = [_lead_draft(lead)]
    # The hub and the referring agency own new needs from intake; any other holder must say yes first.
    if lead.holder not in {lead.forum, Forum.HUB, Forum.REFERRING_AGENCY}:
        because = f"holds until {lead.forum} accepts"
        drafts.append(ProposalDraft(lead.holder, FORUM_ROLES[lead.holder], lead.accept_within, because))
    return drafts + (_support_drafts(decision) if kind == NeedKind.PERPETRATOR else [])


def _lead_draft(lead: Lead) -> ProposalDraft:
    return ProposalDraft(lead.forum, lead.role, lead.accept_within, lead.because, ProposalKind.LEAD)


def _support_drafts(decision: RoutingDecision) -> list[ProposalDraft]:
    """Returns a draft for each supporting forum, except the hub, MARAC and the lead itself."""
    left_out = {Forum.HUB, Forum.MARAC, decision.perpetrator.forum}
    return [
        ProposalDraft(support.forum, support.role, ANSWER_WITHIN, support.because, ProposalKind.SUPPORT)
        for support in decision.supports
        if support.forum is not None and support.forum not in left_out
    ]
