"""Checks the national identifiers of a person and brings each into one form. Pure: no database, no clock, no key.

The check letter of PNC and CRO is modulus 23 over year and serial; the check digit of the NHS number is modulus 11
(NHS Data Dictionary). An error message never repeats the value, because an identifier is personal data.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from app.people.vocabulary import IdentifierKind

CHECK_LETTERS = "ZABCDEFGHJKLMNPQRTUVWXY"
# A two-digit year below 50 means 20xx. The pivot is fixed, so that an identifier does not change as time passes.
CENTURY_PIVOT = 50
PNC_SERIAL, CRO_SERIAL = 7, 6
NHS_DIGITS = 10

# ASCII only: without it `\d` also matches digits of other scripts, which no identifier has.
_PNC = re.compile(r"^((?:19|20)?\d{2})/(\d{1,7})([A-Z])$|^((?:19|20)?\d{2})(\d{7})([A-Z])$", re.ASCII)
_CRO = re.compile(r"^(\d{1,6})/(\d{2})([A-Z])$", re.ASCII)
_CRO_FILE = re.compile(r"^SF(\d{2})/(\d{1,6})([A-Z])$", re.ASCII)
_CRN = re.compile(r"^[A-Z]\d{6}$", re.ASCII)
_NOMIS = re.compile(r"^[A-Z]\d{4}[A-Z]{2}$", re.ASCII)
# [I] No published form of a ViSOR reference was found, so only what cannot be one is refused.
_VISOR = re.compile(r"^[A-Z0-9]{1,8}(/[A-Z0-9]{1,12})?$", re.ASCII)
_NHS = re.compile(r"^\d{10}$", re.ASCII)


# A person has only one of each of these kinds, so two different values mean two persons.
ONE_PER_PERSON = frozenset({IdentifierKind.PNC, IdentifierKind.NHS})


@dataclass(frozen=True, slots=True)
class Identifier:
    """A valid identifier in its one form. Its value appears in no log and no error message."""

    kind: IdentifierKind
    value: str = field(repr=False)


def parse_identifier(kind: IdentifierKind, written: str) -> Identifier:
    """Reads an identifier in any of its usual spellings. Raises `ValueError`, which says what is wrong."""
    return Identifier(kind, _FORMS[kind](written.strip().upper()))


def _pnc(written: str) -> str:
    match = _PNC.match(written.replace(" ", ""))
    if match is None:
        raise ValueError("a PNC id is a year, a slash, up to seven digits and a check letter")
    year, serial, letter = (part for part in match.groups() if part is not None)
    serial = serial.zfill(PNC_SERIAL)
    _refuse_unless_fits(year[-2:] + serial, serial, letter)
    return f"{_full_year(year)}/{serial}{letter}"


def _full_year(year: str) -> str:
    if len(year) == len("2026"):
        return year
    return f"{20 if int(year) < CENTURY_PIVOT else 19}{year}"


def _cro(written: str) -> str:
    written = written.replace(" ", "")
    if match := _CRO_FILE.match(written):
        year, serial, letter = match.groups()
        _refuse_unless_fits(year + serial, serial, letter)
        return f"SF{year}/{serial}{letter}"
    if match := _CRO.match(written):
        serial, year, letter = match.groups()
        serial = serial.zfill(CRO_SERIAL)
        _refuse_unless_fits(year + serial, serial, letter)
        return f"{serial}/{year}{letter}"
    raise ValueError("a CRO number is up to six digits, a slash, a year and a check letter, or SF and a file number")


def _refuse_unless_fits(number: str, serial: str, letter: str) -> None:
    if int(serial) == 0:
        raise ValueError("a serial of noughts stands for nobody; leave the identifier out")
    if CHECK_LETTERS[int(number) % len(CHECK_LETTERS)] != letter:
        raise ValueError("the check letter does not fit; look at the record, or leave the identifier out")


def _nhs(written: str) -> str:
    digits = re.sub(r"[ -]", "", written)
    if not _NHS.match(digits):
        raise ValueError("an NHS number is ten digits")
    if len(set(digits)) == 1:
        raise ValueError("one digit ten times stands for nobody; leave the identifier out")
    weighted = sum(int(digit) * (NHS_DIGITS - place) for place, digit in enumerate(digits[:-1]))
    if (11 - weighted % 11) % 11 != int(digits[-1]):
        raise ValueError("the check digit does not fit; look at the record, or leave the identifier out")
    return digits


def _crn(written: str) -> str:
    if not _CRN.match(written):
        raise ValueError("a CRN is a letter and six digits")
    return written


def _nomis(written: str) -> str:
    if not _NOMIS.match(written):
        raise ValueError("a NOMIS number is a letter, four digits and two letters")
    return written


def _visor(written: str) -> str:
    written = written.replace(" ", "")
    if not _VISOR.match(written) or not any(sign.isdigit() for sign in written):
        raise ValueError("a ViSOR reference is letters and digits, with at most one slash")
    return written


_FORMS: Mapping[IdentifierKind, Callable[[str], str]] = {
    IdentifierKind.PNC: _pnc,
    IdentifierKind.CRO: _cro,
    IdentifierKind.NHS: _nhs,
    IdentifierKind.CRN: _crn,
    IdentifierKind.NOMIS: _nomis,
    IdentifierKind.VISOR: _visor,
}
