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
    def area(self) -> str | None: ...
    @property
    def starts_on(self) -> date | None: ...
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


class Held(Managed, Protocol):
    """The same, with whether they are in prison."""

    @property
    def in_custody(self) -> bool | None: ...


@dataclass(frozen=True, slots=True)
class PerpetratorServices:
    """The agency of each post that works with the perpetrator; None where nobody is named and nobody fills the post.

    `others` supervise the perpetrator too, under another licence or order. `not_here` are agencies that were named and
    that have no access to this service: nobody reaches them from here.
    """

    supervisor: str | None
    senior_officer: str | None
    level_1_lead: str | None
    mappa_coordinator: str | None
    others: tuple[str, ...] = ()
    not_here: tuple[str, ...] = ()

    @property
    def everyone(self) -> frozenset[str]:
        """Every agency here that works with the perpetrator, whatever its part."""
        return _here(self.supervisor, self.senior_officer, self.level_1_lead, self.mappa_coordinator, *self.others)


@dataclass(frozen=True, slots=True)
class _UnderOne:
    """The perpetrator under one licence or order alone, or under none."""

    licences: Sequence[_Supervision]
    mappa: _Management


def perpetrator_services(session: Session, area: str, person: Managed, today: date) -> PerpetratorServices:
    """Returns who is named for the perpetrator, else who fills the post where they are supervised, else in the area.

    Without a licence or order that names a service or an area, the level 1 lead agency is the one that works with them.
    """
    named = _running_and_named(person, today)
    licence = named[0] if named else None
    usual = _usual_service(session, area, _running(person, today))
    services = [_service_of(session, one) for one in named]
    service = services[0] if services else None
    lead = _level_1_lead(session, person) if person.mappa.level == 1 else None
    supervisor = service or lead or usual
    return PerpetratorServices(
        supervisor=supervisor,
        senior_officer=_senior_officer(session, area, licence, supervisor),
        level_1_lead=lead or service or usual,
        mappa_coordinator=_in_post_of(session, person.mappa.area, Role.MAPPA_COORDINATOR)
        or agency_in_post(session, area, Role.MAPPA_COORDINATOR),
        others=tuple(dict.fromkeys(one for one in services if one and one != supervisor)),
        not_here=_named_elsewhere(session, named, person),
    )


def services_ever(session: Session, area: str, person: Held, today: date) -> frozenset[str]:
    """Returns every agency that duties about the perpetrator go to now, have gone to, or will.

    Under each licence or order alone, on a day on which it runs; and who leads or manages at whatever level.
    """
    found = perpetrator_services(session, area, person, today).everyone
    for one in person.licences or ():
        under_it = _UnderOne([one], person.mappa)
        found |= perpetrator_services(session, area, under_it, _day_of(one, today)).everyone
        found |= _here(_service_of(session, one), _usual_service(session, area, [one]))
    usual = agency_in_post(session, area, Role.SUPERVISING_PRACTITIONER)
    in_prison = agency_in_post(session, area, Role.PRISON_OMU) if person.in_custody else None
    return found | _here(_level_1_lead(session, person), usual, in_prison)


def _here(*agencies: str | None) -> frozenset[str]:
    return frozenset(one for one in agencies if one is not None)


def _day_of(one: _Supervision, today: date) -> date:
    """Returns a day on which the licence or order runs: today, else its last day, else its first."""
    if runs(one, today):
        return today
    return one.ends_on if one.ends_on is not None and one.ends_on < today else one.starts_on or today


def agency_here(session: Session, named: str | None) -> str | None:
    """Returns the named agency if it is one of this service's, else None."""
    return named if named is not None and agency_exists(session, named) else None


def runs(one: _Supervision, today: date) -> bool:
    """Returns whether the licence or order runs on that day; one without a start or end date runs there."""
    return (one.starts_on is None or one.starts_on <= today) and (one.ends_on is None or today <= one.ends_on)


def _usual_service(session: Session, area: str, running: Sequence[_Supervision]) -> str | None:
    """Returns who supervises there under the first of these licences and orders, else probation's post."""
    by_kind = agency_in_post(session, area, _supervised_by(running[0])) if running else None
    return by_kind or agency_in_post(session, area, Role.SUPERVISING_PRACTITIONER)


def _supervised_by(one: _Supervision) -> Role:
    return _SUPERVISED_BY.get(one.kind, Role.SUPERVISING_PRACTITIONER)


def _service_of(session: Session, one: _Supervision) -> str | None:
    return agency_here(session, one.service) or _in_post_of(session, one.area, _supervised_by(one))


def _in_post_of(session: Session, area: str | None, role: Role) -> str | None:
    return agency_in_post(session, area, role) if area else None


def _level_1_lead(session: Session, person: Managed) -> str | None:
    """Returns the lead agency that is named; without a name, the supervising service of the area that manages."""
    named = person.mappa.lead_agency
    if named is not None:
        return agency_here(session, named)
    return _in_post_of(session, person.mappa.area, Role.SUPERVISING_PRACTITIONER)


def _senior_officer(session: Session, area: str, licence: _Supervision | None, supervisor: str | None) -> str | None:
    """Returns the agency of the senior officer: that of the service that supervises, where it is not the area's own."""
    if supervisor is None or supervisor == agency_in_post(session, area, Role.SUPERVISING_PRACTITIONER):
        return agency_in_post(session, area, Role.SENIOR_PROBATION)
    return _in_post_of(session, licence.area if licence else None, Role.SENIOR_PROBATION) or supervisor


def _named_elsewhere(session: Session, licences: Sequence[_Supervision], person: Managed) -> tuple[str, ...]:
    named = [*(one.service for one in licences), person.mappa.lead_agency if person.mappa.level == 1 else None]
    return tuple(dict.fromkeys(one for one in named if one and not agency_exists(session, one)))


def _running_and_named(person: Managed, today: date) -> list[_Supervision]:
    return [one for one in _running(person, today) if one.service or one.area]


def _running(person: Managed, today: date) -> list[_Supervision]:
    """Returns the licences and orders that run.

    A licence comes first: its service alone can recall. Of several, the one that ends last; an end that is not known
    counts as the latest: supervision may go on.
    """
    running = [one for one in person.licences or () if runs(one, today)]
    last_first = sorted(running, key=lambda one: one.ends_on or date.max, reverse=True)
    return sorted(last_first, key=lambda one: one.kind is not LicenceKind.LICENCE)
