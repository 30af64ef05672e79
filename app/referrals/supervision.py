"""Finds which agencies work with the perpetrator: the one that supervises, the level 1 lead agency, MAPPA itself.

Source: DHR "Jean" 14.1.5, 14.1.11-14.1.13: each service was told about its own person only. MAPPA guidance, chapter 7:
probation, police, youth justice or mental health can lead at level 1.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from sqlalchemy.orm import Session

from app.access.repository import agency_exists, agency_in_post
from app.routing.policy.vocabulary import LicenceKind
from app.vocabulary import Role

# Who supervises where the licence or order names no service. Everybody else is supervised by probation.
_SUPERVISED_BY: Mapping[LicenceKind, Role] = {
    LicenceKind.YOUTH_REHABILITATION_ORDER: Role.YOUTH_JUSTICE,
    LicenceKind.HOSPITAL_CONDITIONS: Role.MENTAL_HEALTH,
}


class _Supervision(Protocol):
    @property
    def kind(self) -> LicenceKind: ...
    @property
    def service(self) -> str | None: ...
    @property
    def ends_on(self) -> date | None: ...


class _Management(Protocol):
    @property
    def level(self) -> int | None: ...
    @property
    def lead_agency(self) -> str | None: ...
    @property
    def area(self) -> str | None: ...


class Managed(Protocol):
    """A perpetrator as a request states them, or as routing sees them."""

    @property
    def licences(self) -> Sequence[_Supervision] | None: ...
    @property
    def mappa(self) -> _Management: ...


@dataclass(frozen=True, slots=True)
class PerpetratorServices:
    """The agency of each post that works with the perpetrator; None where nobody is named and nobody fills the post."""

    supervisor: str | None
    level_1_lead: str | None
    mappa_coordinator: str | None


def perpetrator_services(session: Session, area: str, person: Managed, today: date) -> PerpetratorServices:
    """Returns who is named for the perpetrator, if it is an agency here, else who fills the post in the area.

    Without a licence or order that names a service, the level 1 lead agency is the one that works with them.
    """
    usual = _usual_service(session, area, _running(person, today))
    service = agency_here(session, _service_of(person, today))
    lead = agency_here(session, person.mappa.lead_agency) if person.mappa.level == 1 else None
    elsewhere = agency_in_post(session, person.mappa.area, Role.MAPPA_COORDINATOR) if person.mappa.area else None
    return PerpetratorServices(
        supervisor=service or lead or usual,
        level_1_lead=lead or service or usual,
        mappa_coordinator=elsewhere or agency_in_post(session, area, Role.MAPPA_COORDINATOR),
    )


def agency_here(session: Session, named: str | None) -> str | None:
    """Returns the named agency if it is one of this service's, else None."""
    return named if named is not None and agency_exists(session, named) else None


def _usual_service(session: Session, area: str, running: Sequence[_Supervision]) -> str | None:
    """Returns who supervises under the order that ends last, else probation's post."""
    role = _SUPERVISED_BY.get(running[0].kind) if running else None
    by_kind = agency_in_post(session, area, role) if role is not None else None
    return by_kind or agency_in_post(session, area, Role.SUPERVISING_PRACTITIONER)


def _service_of(person: Managed, today: date) -> str | None:
    """Returns the service named on a licence or order that has not ended. Of several, the one that ends last counts."""
    return next((one.service for one in _running(person, today) if one.service), None)


def _running(person: Managed, today: date) -> list[_Supervision]:
    """Returns the licences and orders that have not ended, the one that ends last first."""
    running = [one for one in person.licences or () if one.ends_on is None or today <= one.ends_on]
    # An end that is not known counts as the latest: supervision may go on.
    return sorted(running, key=lambda one: one.ends_on or date.max, reverse=True)
