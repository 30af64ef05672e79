"""The words of ownership. Words only."""

from collections.abc import Mapping
from enum import StrEnum

from app.vocabulary import NeedKind, Role


class ProposalKind(StrEnum):
    """What a forum is asked: to lead, or to support whoever leads."""

    LEAD = "LEAD"
    SUPPORT = "SUPPORT"


CONFIRMING_POSTS: Mapping[NeedKind, tuple[Role, ...]] = {
    NeedKind.VICTIM_SAFETY: (Role.IDVA, Role.MARAC_COORDINATOR, Role.MARAC_CHAIR, Role.PVP_HUB),
    NeedKind.PERPETRATOR: (Role.MARAC_COORDINATOR, Role.MARAC_CHAIR, Role.PVP_HUB),
}
"""Who confirms that a need ends. The first that another agency fills is asked: for a victim whoever speaks for them."""


class DeathSource(StrEnum):
    """Who certified or reported a death."""

    REGISTRAR = "REGISTRAR"
    CORONER = "CORONER"
    DOCTOR = "DOCTOR"
    POLICE = "POLICE"
    PRISON = "PRISON"


class DeathReference(StrEnum):
    """What the reference of a death is: an entry of the register, a coroner's file, a certificate or a report."""

    REGISTER_ENTRY = "REGISTER_ENTRY"
    CORONERS_FILE = "CORONERS_FILE"
    MEDICAL_CERTIFICATE = "MEDICAL_CERTIFICATE"
    SUDDEN_DEATH_REPORT = "SUDDEN_DEATH_REPORT"
    DEATH_IN_CUSTODY_REPORT = "DEATH_IN_CUSTODY_REPORT"
