"""Who speaks for a forum: its chair's post in the area, or the owner itself where nobody fills that post."""

from app.access.repository import agency_in_post
from app.access.vocabulary import CallerRole
from app.foundation.errors import Forbidden
from app.foundation.storage.transaction import Transaction
from app.ownership.models import Need, Ownership
from app.vocabulary import Forum, Role

CHAIRS = {
    Forum.MARAC: Role.MARAC_CHAIR,
    Forum.MATAC: Role.MATAC_COORDINATOR,
    Forum.MAPPA_L3: Role.MAPPA_COORDINATOR,
    Forum.MAPPA_L2: Role.MAPPA_COORDINATOR,
    Forum.MAPPA_L1_LEAD_AGENCY: Role.SENIOR_PROBATION,
    Forum.SUPERVISING_SERVICE: Role.SENIOR_PROBATION,
    Forum.IOM: Role.IOM_COORDINATOR,
    Forum.DAPP: Role.DAPP_COORDINATOR,
    Forum.PDP: Role.PDP_COORDINATOR,
    Forum.HUB: Role.PVP_HUB,
    Forum.YOUTH_JUSTICE: Role.YOUTH_JUSTICE,
    Forum.CHILDRENS_SOCIAL_CARE: Role.CHILDRENS_SOCIAL_CARE,
    Forum.PRISON_OMU: Role.PRISON_OMU,
}  # [I] a level 1 lead agency's "chair" is the supervising practitioner's senior


def refuse_unless_chair(tx: Transaction, need: Need, owner: Ownership) -> Role:
    """Returns the role in which the caller speaks for the forum that owns the need, or raises `Forbidden` (I4)."""
    role = CHAIRS.get(owner.forum)
    speaks = (agency_in_post(tx.session, need.area, role) if role else None) or owner.agency
    # MARAC's chair and co-ordinator may call for one agency, and then only the role of the key tells them apart.
    if tx.caller.agency != speaks or (owner.forum == Forum.MARAC and tx.caller.role != CallerRole.MARAC_CHAIR):
        raise Forbidden(f"only the chair of {owner.forum}, which owns this need, may say this")
    return role or owner.role
