"""Reads how old people are stated to be as when they were born, so that an age moves on with the day.

Within the statements of a case the birth stands in the place of `age`; the other two fields are part of it.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from app.foundation.clock import london_date
from app.referrals.statements.statement import AgencyStatement, StatementKind
from app.routing.facts.moving.ages import birth_of_text, born_by_age, born_in
from app.routing.facts.snapshot.births import Birth

AGE, AS_OF, YEAR = "age", "age_as_of", "birth_year"
FIELDS = (AGE, AS_OF, YEAR)
_PEOPLE = ("victim", "perpetrator")


@dataclass(frozen=True, slots=True)
class Births:
    """When the people of a case were born, as far as it is known; `children` entry by entry: authors may differ."""

    victim: Birth | None = None
    perpetrator: Birth | None = None
    children: tuple[Birth | None, ...] = ()


NOBODY_DATED = Births()


def with_births(one: AgencyStatement) -> AgencyStatement:
    """Returns the statement with each age as a birth. An age without its day counts as of the day of the report."""
    document, day = dict(one.document), _report_day(one)
    for name in _PEOPLE:
        if isinstance(document.get(name), dict):
            document[name] = _with_birth(document[name], day)
    if document.get("children"):
        document["children"] = [_with_birth(child, day) for child in document["children"]]
    return replace(one, document=document)


def _report_day(one: AgencyStatement) -> date:
    referred_on = one.document.get("referred_on") if one.kind is StatementKind.REFERRAL else None
    return date.fromisoformat(referred_on) if referred_on else london_date(one.stated_at)


def _with_birth(person: dict[str, Any], day: date) -> dict[str, Any]:
    if not any(name in person for name in FIELDS):
        return person
    birth = _birth(person, day)
    rest = {name: value for name, value in person.items() if name not in FIELDS}
    # None stays: null takes back what the author stated, by whichever of the fields.
    return {**rest, AGE: None if birth is None else str(birth)}


def _birth(person: dict[str, Any], day: date) -> Birth | None:
    if person.get(YEAR) is not None:
        return born_in(person[YEAR])
    if person.get(AGE) is None:
        return None
    as_of = person.get(AS_OF)
    return born_by_age(person[AGE], date.fromisoformat(as_of) if as_of else day)


def take_births(document: dict[str, Any]) -> Births:
    """Takes the births out of what is known of a case, where a request holds ages, and returns them."""
    people = {name: _taken(document.get(name)) for name in _PEOPLE}
    children = tuple(_taken(child) for child in document.get("children") or ())
    return Births(people["victim"], people["perpetrator"], children)


def _taken(person: dict[str, Any] | None) -> Birth | None:
    text = person.pop(AGE, None) if person else None
    return birth_of_text(text) if text else None


def as_sent(pointers: list[str], document: dict[str, Any]) -> list[str]:
    """Returns the pointers of what was taken back, each birth under the field by which this document names it."""
    return sorted(set(_named(pointers, document)))


def _named(pointers: list[str], document: dict[str, Any]) -> Iterator[str]:
    for pointer in pointers:
        section, _, name = pointer.strip("/").partition("/")
        sent = document.get(section)
        if name == AGE and isinstance(sent, dict) and AGE not in sent and YEAR in sent:
            yield f"/{section}/{YEAR}"
        else:
            yield pointer
