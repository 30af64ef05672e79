"""Creates an area ready for referrals: its agencies, who fills which post, and a key for each kind of caller."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from app.access.models import Agency, Area, Post
from app.access.service import add_client
from app.vocabulary import AgencyKind, Nation, Role

POSTS: Mapping[str, tuple[Role, ...]] = {
    "POLICE": (
        Role.PVP_HUB,
        Role.ATTENDING_SUPERVISOR,
        Role.RESPONSE_SUPERVISOR,
        Role.POLICE_SUPERVISOR,
        Role.POLICE_INSPECTOR,
        Role.INVESTIGATION_TEAM,
        Role.DVDS_TEAM,
        Role.PDP_COORDINATOR,
        Role.REFERRER,
    ),
    "MARAC": (Role.MARAC_COORDINATOR, Role.MARAC_CHAIR),
    "MATAC": (Role.MATAC_COORDINATOR,),
    "PROBATION": (Role.SUPERVISING_PRACTITIONER, Role.SENIOR_PROBATION, Role.VICTIM_LIAISON),
    "MAPPA": (Role.MAPPA_COORDINATOR,),
    "IDVA": (Role.IDVA,),
    "COUNCIL": (Role.CHILDRENS_SOCIAL_CARE, Role.ADULT_SOCIAL_CARE, Role.HOUSING, Role.YOUTH_JUSTICE),
    "BOARD": (Role.STRATEGIC_LEAD, Role.LINE_MANAGER),
}
KINDS: Mapping[str, AgencyKind] = {
    "POLICE": AgencyKind.POLICE,
    "PROBATION": AgencyKind.PROBATION,
    "IDVA": AgencyKind.IDVA,
    "COUNCIL": AgencyKind.COUNCIL,
}
CALLERS: Mapping[str, tuple[str, str]] = {
    "hub": ("POLICE", "hub.referrer"),
    "coordinator": ("MARAC", "marac.coordinator"),
    "chair": ("MARAC", "marac.chair"),
    "matac": ("MATAC", "partner.perpetrator_side"),
    "probation": ("PROBATION", "partner.perpetrator_side"),
    "mappa": ("MAPPA", "partner.perpetrator_side"),
    "idva": ("IDVA", "partner.agency"),
    "council": ("COUNCIL", "partner.agency"),
}


@dataclass(frozen=True, slots=True)
class DemoArea:
    """An area that is ready for referrals, and the key of each of its callers."""

    code: str
    keys: Mapping[str, str]


def create_demo_area(session: Session, area: str, profile: str, now: datetime, *, name: str = "Anytown") -> DemoArea:
    """Creates the area in England with its agencies, their posts and one client for each kind of caller."""
    session.add(Area(code=area, name=name, nation=Nation.ENGLAND, policy_profile=profile))
    session.add_all(
        Agency(code=f"{area}-{kind}", name=f"{name} {kind.lower()}", kind=KINDS.get(kind)) for kind in POSTS
    )
    session.flush()
    session.add_all(
        Post(area=area, role=role, agency=f"{area}-{kind}") for kind, roles in POSTS.items() for role in roles
    )
    session.flush()
    keys = {
        caller: add_client(session, name=f"{name} {caller}", agency=f"{area}-{kind}", role=role, areas=[area], now=now)[
            1
        ]
        for caller, (kind, role) in CALLERS.items()
    }
    return DemoArea(area, keys)
