"""Creates an area ready for referrals: its agencies and their people, who fills which post, a key for each caller."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from app.access.models import Account, Agency, Area, Post
from app.access.service import add_client, scope_to_system
from app.foundation.identifiers import new_id
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


COLLEAGUES: Mapping[str, str] = {"ana.lima": "Ana Lima", "jo.smith": "Jo Smith", "sam.reid": "Sam Reid"}
"""Synthetic people whom every agency has beside the one named for each of its posts."""


DAYS_OF_A_DEMONSTRATION = 3650  # a replay of some years is no test of how keys end


@dataclass(frozen=True, slots=True)
class DemoArea:
    """An area that is ready for referrals, and the key of each of its callers."""

    code: str
    keys: Mapping[str, str]


def create_demo_area(session: Session, area: str, profile: str, now: datetime, *, name: str = "Anytown") -> DemoArea:
    """Creates the area in England with its agencies, posts and people, and one client for each kind of caller."""
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
        caller: add_client(
            session,
            name=f"{name} {caller}",
            agency=f"{area}-{kind}",
            role=role,
            areas=[area],
            now=now,
            speaks_for_people=True,
            days=DAYS_OF_A_DEMONSTRATION,
        )[1]
        for caller, (kind, role) in CALLERS.items()
    }
    scope_to_system(session)
    session.add_all(_account(person, area, now) for person in _people(area, name))
    session.flush()
    return DemoArea(area, keys)


def _people(area: str, area_name: str) -> Iterator[dict[str, str | Role]]:
    """Yields a person for each post, named for it, and the colleagues of each agency."""
    for kind, posts in POSTS.items():
        agency = f"{area}-{kind}"
        for post in posts:
            words = post.lower().replace("_", " ")
            named = {"name": words.replace(" ", "."), "full_name": f"{area_name} {words}"}
            yield {"agency": agency, "post": post, **named}
        for name, full_name in COLLEAGUES.items():
            yield {"agency": agency, "post": posts[0], "name": name, "full_name": full_name}


def _account(person: dict[str, str | Role], area: str, now: datetime) -> Account:
    return Account(
        id=new_id("acc"), team="Domestic abuse", areas=[area], added_at=now, subject=None, suspended_at=None, **person
    )
