"""From a decision to who is asked: the leads in order, the interim holder, and the forums asked to support."""

from collections.abc import Sequence

from app.ownership.proposals.service import LEAD, SUPPORT, Asked
from app.routing.policy.types import DueRule, DueUnit
from app.routing.record.decision import Lead, RoutingDecision
from app.vocabulary import Forum, NeedKind, Role

FORUM_ROLES = {
    Forum.MARAC: Role.MARAC_COORDINATOR,
    Forum.MATAC: Role.MATAC_COORDINATOR,
    Forum.MAPPA_L3: Role.MAPPA_COORDINATOR,
    Forum.MAPPA_L2: Role.MAPPA_COORDINATOR,
    Forum.MAPPA_L1_LEAD_AGENCY: Role.SUPERVISING_PRACTITIONER,
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


def candidates_of(decision: RoutingDecision, kind: str) -> list[Asked]:
    """Every forum that may be asked to lead this need, in the order to ask."""
    is_victim = kind == NeedKind.VICTIM_SAFETY
    leads = decision.victim_candidates if is_victim else decision.perpetrator_candidates
    return [_asked(lead) for lead in leads]


def asked_first(decision: RoutingDecision, kind: str) -> list[Asked]:
    """Who is asked at once: the lead, and the agency that is to hold the need until the lead accepts.

    For the perpetrator, also the forums that are to support (DHR "Jean" 14.2.15: row 22).
    """
    lead = decision.victim if kind == NeedKind.VICTIM_SAFETY else decision.perpetrator
    asked = [_asked(lead)]
    if lead.holder not in {lead.forum, Forum.HUB, Forum.REFERRING_AGENCY}:
        asked.append(
            Asked(
                lead.holder, FORUM_ROLES[lead.holder], lead.accept_within, f"holds until {lead.forum} accepts"
            )
        )
    return asked + (_supports(decision) if kind == NeedKind.PERPETRATOR else [])


def _asked(lead: Lead) -> Asked:
    return Asked(lead.forum, lead.role, lead.accept_within, lead.because, LEAD)


def _supports(decision: RoutingDecision) -> list[Asked]:
    forums: Sequence[tuple[Forum, Role, str]] = [
        (support.forum, support.role, support.because)
        for support in decision.supports
        if support.forum not in {None, Forum.HUB, Forum.MARAC, decision.perpetrator.forum}
        and support.forum is not None
    ]
    return [Asked(forum, role, ANSWER_WITHIN, because, SUPPORT) for forum, role, because in forums]
