"""The words of access. Words only."""

from enum import StrEnum


class CallerRole(StrEnum):
    """What a client may call: a column of the access matrix. A post in an area's directory is a `Role`."""

    HUB_REFERRER = "hub.referrer"
    MARAC_COORDINATOR = "marac.coordinator"
    MARAC_CHAIR = "marac.chair"
    PERPETRATOR_SIDE = "partner.perpetrator_side"
    PARTNER_AGENCY = "partner.agency"
    AGENCY_ADMINISTRATOR = "agency.administrator"


COORDINATORS = frozenset({CallerRole.MARAC_COORDINATOR, CallerRole.MARAC_CHAIR})
"""A chair may do what the co-ordinator may."""
