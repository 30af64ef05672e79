"""The words of access. Words only."""

from collections.abc import Mapping
from enum import StrEnum

from app.vocabulary import Role


class CallerRole(StrEnum):
    """What a client may call: a column of the access matrix. A post in an area's directory is a `Role`."""

    HUB_REFERRER = "hub.referrer"
    MARAC_COORDINATOR = "marac.coordinator"
    MARAC_CHAIR = "marac.chair"
    PERPETRATOR_SIDE = "partner.perpetrator_side"
    PARTNER_AGENCY = "partner.agency"
    AGENCY_ADMINISTRATOR = "agency.administrator"


class ClientKeyKind(StrEnum):
    """What a client proves itself with: at each call, or for an access token with a secret or a key pair of its own."""

    API_KEY = "API_KEY"
    CLIENT_SECRET = "CLIENT_SECRET"  # noqa: S105 - a word
    PUBLIC_KEY = "PUBLIC_KEY"


COORDINATORS = frozenset({CallerRole.MARAC_COORDINATOR, CallerRole.MARAC_CHAIR})
"""A chair may do what the co-ordinator may."""

POSTS_OF_THE_AREA = frozenset({*COORDINATORS, CallerRole.HUB_REFERRER})
"""The hub, the co-ordinator and the chair take part in every case of their area, whoever reported it."""

_POSTS: Mapping[CallerRole, frozenset[Role]] = {
    CallerRole.MARAC_COORDINATOR: frozenset({Role.MARAC_COORDINATOR}),
    CallerRole.MARAC_CHAIR: frozenset({Role.MARAC_CHAIR}),
    CallerRole.HUB_REFERRER: frozenset(
        {
            Role.PVP_HUB,
            Role.ATTENDING_SUPERVISOR,
            Role.RESPONSE_SUPERVISOR,
            Role.POLICE_SUPERVISOR,
            Role.POLICE_INSPECTOR,
            Role.INVESTIGATION_TEAM,
            Role.DVDS_TEAM,
        }
    ),
    # Rows go by agency, so a post of an agency that supervises sees no more than the perpetrator's side may.
    CallerRole.PERPETRATOR_SIDE: frozenset(
        {
            Role.MATAC_COORDINATOR,
            Role.MAPPA_COORDINATOR,
            Role.IOM_COORDINATOR,
            Role.DAPP_COORDINATOR,
            Role.PDP_COORDINATOR,
            Role.SUPERVISING_PRACTITIONER,
            Role.SENIOR_PROBATION,
            Role.PRISON_OMU,
            Role.YOUTH_JUSTICE,
            Role.VICTIM_LIAISON,
        }
    ),
}
_ROLE_BY_POST = {post: role for role, posts in _POSTS.items() for post in posts}


def role_of_post(post: Role) -> CallerRole:
    """Returns what a person in this post may call on the pages: what the systems of such agencies may."""
    return _ROLE_BY_POST.get(post, CallerRole.PARTNER_AGENCY)
