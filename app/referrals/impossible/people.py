"""Finds one person in two roles that nobody has at once, and what happened to somebody before they were born."""

from collections.abc import Iterator
from datetime import date
from typing import Any, NamedTuple

from app.foundation.clock import london_date
from app.foundation.errors import RequestFault
from app.routing.facts.dates import months_before
from app.routing.facts.moving.ages import born_by_age, born_in

_ONE_PERSON = "victim and perpetrator are one person here; correct one of them"

# Children and Young Persons Act 1933, section 50 [V]: no child under ten can be guilty of any offence; before the
# Children and Young Persons Act 1963, section 16, eight. The day on which ten came in is as commonly known [B].
_TEN_YEARS, _TEN_SINCE = 12 * 10, date(1964, 2, 1)


class Couple(NamedTuple):
    """The pseudonyms of the two people of a report; None: nobody is identified as the perpetrator."""

    victim: str
    perpetrator: str | None


def impossible_people(document: dict[str, Any], couple: Couple, today: date) -> Iterator[RequestFault]:
    """Yields a fault for each place at which a person cannot be who the request says."""
    if couple.victim == couple.perpetrator:
        yield RequestFault("/perpetrator/ref", "same_person", _ONE_PERSON)
    yield from _shared_identifiers(document)
    for pointer, incident in _incidents(document):
        victim = incident.get("victim_ref") or couple.victim
        given = incident.get("perpetrator_ref")
        if victim == (given or couple.perpetrator) and couple.victim != couple.perpetrator:
            field = "perpetrator_ref" if given else "victim_ref"
            yield RequestFault(f"{pointer}/{field}", "same_person", _ONE_PERSON)
    for place, order in enumerate(document.get("orders") or ()):
        if couple.perpetrator is not None and order.get("protected_ref") == couple.perpetrator:
            detail = "an order protects a person from the perpetrator, and this names the perpetrator"
            yield RequestFault(f"/orders/{place}/protected_ref", "same_person", detail)
    yield from _among_others(document, couple)
    yield from _before_birth(document, couple, today)
    yield from _before_ten(document.get("perpetrator") or {}, today)


def _among_others(document: dict[str, Any], couple: Couple) -> Iterator[RequestFault]:
    """Yields a fault where others are listed and the perpetrator, or who is feared besides, is one of the two."""
    for pointer, incident in _incidents(document):
        perpetrator = incident.get("perpetrator_ref") or couple.perpetrator
        for place, ref in enumerate(incident.get("also_harmed") or ()):
            if ref == perpetrator:
                yield RequestFault(f"{pointer}/also_harmed/{place}", "same_person", "the perpetrator is no victim here")
    for place, ref in enumerate(document.get("also_feared") or ()):
        if ref in {couple.victim, couple.perpetrator}:
            detail = "name whom the victim fears besides the perpetrator; this is one of the two"
            yield RequestFault(f"/also_feared/{place}", "same_person", detail)


def _shared_identifiers(document: dict[str, Any]) -> Iterator[RequestFault]:
    victim, perpetrator = (_identifiers(document.get(name)) for name in ("victim", "perpetrator"))
    for place, identifier in enumerate(perpetrator):
        if identifier in victim:
            yield RequestFault(f"/perpetrator/identifiers/{place}", "same_person", _ONE_PERSON)


def _identifiers(person: dict[str, Any] | None) -> list[tuple[str, str]]:
    given = (person or {}).get("identifiers") or ()
    return [(one["kind"], one["value"].get_secret_value()) for one in given]


def _incidents(document: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    if document.get("incident"):
        yield "/incident", document["incident"]
    for place, incident in enumerate(document.get("incidents") or ()):
        yield f"/incidents/{place}", incident


def _before_birth(document: dict[str, Any], couple: Couple, today: date) -> Iterator[RequestFault]:
    """Yields a fault for each event before a person of it was born, by the age or the year that this request states."""
    day_of_ages = document.get("referred_on") or today
    victim, perpetrator = (_born(document.get(name), day_of_ages) for name in ("victim", "perpetrator"))
    for pointer, incident in _incidents(document):
        day = london_date(incident["occurred_at"])
        unborn = _is_before(day, victim) and incident.get("victim_ref") in {None, couple.victim}
        if unborn or (_is_before(day, perpetrator) and incident.get("perpetrator_ref") in {None, couple.perpetrator}):
            yield RequestFault(f"{pointer}/occurred_at", "before_birth", "a person of this event was not born yet")
    for place, conviction in enumerate((document.get("perpetrator") or {}).get("convictions") or ()):
        if _is_before(conviction["convicted_on"], perpetrator):
            pointer = f"/perpetrator/convictions/{place}/convicted_on"
            yield RequestFault(pointer, "before_birth", "the perpetrator was not born yet")
    separated = document.get("separated_on")
    if separated is not None and (_is_before(separated, victim) or _is_before(separated, perpetrator)):
        yield RequestFault("/separated_on", "before_birth", "one of the two was not born yet")


def _is_before(day: date, born: date | None) -> bool:
    return born is not None and day < born


def _before_ten(person: dict[str, Any], today: date) -> Iterator[RequestFault]:
    """Yields a fault for each conviction of somebody who, at the oldest that they can be, was not yet ten."""
    born = _born(person, today)
    for place, conviction in enumerate(person.get("convictions") or ()):
        day = conviction["convicted_on"]
        unborn = _is_before(day, born)  # before the birth: that is said already
        if not unborn and day >= _TEN_SINCE and _is_before(months_before(day, _TEN_YEARS), born):
            pointer = f"/perpetrator/convictions/{place}/convicted_on"
            yield RequestFault(pointer, "before_ten", "nobody under ten is guilty of any offence")


def _born(person: dict[str, Any] | None, day_of_ages: date) -> date | None:
    """Returns the first day on which the person can have been born, as this request states it."""
    stated = person or {}
    if stated.get("birth_year") is not None:
        return born_in(stated["birth_year"]).earliest
    if stated.get("age") is None:
        return None
    return born_by_age(stated["age"], stated.get("age_as_of") or day_of_ages).earliest
