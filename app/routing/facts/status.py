"""Facts about which forum already works with the perpetrator, which claims are proved, and who declined."""

from datetime import date, datetime

from app.routing.facts.dates import london_date
from app.routing.facts.snapshot.case import CaseSnapshot
from app.routing.facts.snapshot.history import OwnershipClaim
from app.routing.policy.refusals import REFUSERS, declined_fact
from app.routing.policy.types import Fact
from app.routing.policy.vocabulary import PanelStatus
from app.vocabulary import Forum, NeedKind


def claim_is_proved(case: CaseSnapshot, claim: OwnershipClaim, at: datetime) -> bool:
    """Returns whether the claimed forum owns the need: it accepted here, or it confirmed and the date is valid."""
    if claim.forum is case.current_owner:
        return True
    in_date = claim.expires_on is None or london_date(at) <= claim.expires_on
    return claim.confirmed_at is not None and claim.confirmed_at <= at and in_date


def owner_is_proved(case: CaseSnapshot, forum: Forum, at: datetime) -> bool:
    """Returns whether that forum owns the perpetrator need at the instant.

    This is a record of our own: always known. A claim of which two authors say different things is proved when both do.
    """
    if case.current_owner is forum:
        return True
    claims = [claim for claim in case.claims if claim.forum is forum]
    unproved = {claim.claimed_by for claim in claims if not claim_is_proved(case, claim, at)}
    return any(claim.claimed_by not in unproved for claim in claims)


def _is_accepted(status: PanelStatus | None, since: date | None, today: date) -> bool | None:
    """Returns whether the panel has the case: one that takes it from a later day does not have it yet."""
    if status is None:
        return None
    return status is PanelStatus.ACCEPTED and (since is None or since <= today)


def status_facts(case: CaseSnapshot, at: datetime) -> dict[str, Fact]:
    """Returns the facts about panels, proved and unproved ownership, and refusals."""
    panels, today = case.perpetrator.panels, london_date(at)
    refused = {r.forum for r in case.refusals if r.declined_at <= at}
    return {
        "iom_registered": _is_accepted(panels.iom, panels.iom_since, today),
        "matac_case_open": _is_accepted(panels.matac, panels.matac_since, today),
        "dapp_case_open": _is_accepted(panels.dapp, panels.dapp_since, today),
        "pdp_case_open": _is_accepted(panels.pdp, panels.pdp_since, today),
        "dapp_in_area": bool(case.dapp_in_area),
        "owned_by_lead_agency": owner_is_proved(case, Forum.MAPPA_L1_LEAD_AGENCY, at),
        "owned_by_iom": owner_is_proved(case, Forum.IOM, at),
        "owned_by_dapp": owner_is_proved(case, Forum.DAPP, at),
        "unproved_claim": any(not claim_is_proved(case, c, at) for c in case.claims),
        "refusals": len(refused),
        "held_by": case.current_owner,
        "victim_held_by": case.victim_owner,
        "held_elsewhere": NeedKind.PERPETRATOR in case.held_elsewhere,
        "victim_held_elsewhere": NeedKind.VICTIM_SAFETY in case.held_elsewhere,
        "marac_elsewhere": case.marac_elsewhere,
        "victim_died": NeedKind.VICTIM_SAFETY in case.deceased,
        "perpetrator_died": NeedKind.PERPETRATOR in case.deceased,
        "victim_voice_at_mappa": case.victim_voice_at_mappa,
        **{declined_fact(forum): forum in refused for forum in REFUSERS},
    }
