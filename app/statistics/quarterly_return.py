"""Derives one row of the SafeLives quarterly return from the cases that a meeting heard. Pure; nothing is sent.

Source: the 2025 template, read through a public copy whose tests compare its two editions [S]. Its headings were not
seen, so that columns have letters. Ours differ where that copy guesses: an age nobody knows leaves the cell blank.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TypeAlias

from app.referrals.diversity.vocabulary import EthnicGroup, Sex
from app.statistics.diversity_counts import CountedDiversity
from app.statistics.referral_sources import ReferralSource

Cell: TypeAlias = str | date | int | None
ADULT, OLDEST_BAND = 18, 65
YOUNG_VICTIM = range(16, 18)
SOURCES: Mapping[str, ReferralSource] = dict(zip("GHIJKLMNOPQRST", ReferralSource, strict=True))
GROUPS: Mapping[str, EthnicGroup] = {
    "AB": EthnicGroup.ASIAN,
    "AC": EthnicGroup.BLACK,
    "AD": EthnicGroup.MIXED,
    "AE": EthnicGroup.WHITE_OTHER,
    "AF": EthnicGroup.OTHER,
}
COLUMNS = (*"ABCDEFGHIJKLMNOPQRSTUVWXYZ", "AA", *GROUPS)


@dataclass(frozen=True, slots=True)
class CountedChild:
    """A child as it was on the day of the hearing. None: not known."""

    ref: str
    in_household: bool | None
    age: int | None


@dataclass(frozen=True, slots=True)
class HeardCase:
    """A case that the meeting heard. Ages are those of that day. `children` None: nobody stated any, or none."""

    repeat: bool
    source: ReferralSource | None = None
    children: tuple[CountedChild, ...] | None = None
    diversity: CountedDiversity = field(default_factory=CountedDiversity)
    victim_age: int | None = None
    perpetrator_age: int | None = None


def return_row(marac: str, held_on: date, cases: Sequence[HeardCase]) -> dict[str, Cell]:
    """Returns the row by column. None is a blank, which says "not collected"; a nought says "none".

    A case heard twice counts twice [I]. U, the minoritised total, stays blank: whether it holds AE is nowhere said.
    """
    row: dict[str, Cell] = dict.fromkeys(COLUMNS)
    diversity = [case.diversity for case in cases]
    groups = [one.ethnic_group for one in diversity]
    ages = [case.victim_age for case in cases]
    row |= {"A": marac, "B": held_on, "C": len(cases), "D": sum(case.repeat for case in cases)}
    row |= _children(cases)
    row |= {letter: sum(case.source is source for case in cases) for letter, source in SOURCES.items()}
    row |= {
        "V": _count([one.lgbt for one in diversity], lambda lgbt: lgbt),
        "W": _count([one.disabled for one in diversity], lambda disabled: disabled),
        "X": _count([one.sex for one in diversity], lambda sex: sex is Sex.MALE),
        "Y": _count(ages, lambda age: age in YOUNG_VICTIM),
        "Z": _count([case.perpetrator_age for case in cases], lambda age: age < ADULT),
        "AA": _count(ages, lambda age: age >= OLDEST_BAND),
    }
    return row | {letter: _count_of(groups, group) for letter, group in GROUPS.items()}


def faults_of(row: Mapping[str, Cell]) -> list[str]:
    """Returns which of the return's three checks the row breaks, in words."""
    heard = _number(row["C"])
    found = []
    if _number(row["D"]) > heard:
        found.append("D: more repeats than cases")
    if _number(row["F"]) > heard:
        found.append("F: more cases with children than cases")
    if sum(_number(row[letter]) for letter in SOURCES) != heard:
        found.append("G to T: the sources do not add up to the cases")
    return found


def _children(cases: Sequence[HeardCase]) -> dict[str, Cell]:
    """Returns E and F: children of the household under 18, each once, and cases with one; blank unless all say."""
    children = [child for case in cases for child in case.children or ()]
    if any(case.children is None for case in cases) or any(None in (one.in_household, one.age) for one in children):
        return {"E": None, "F": None}
    return {
        "E": len({child.ref for child in children if _counts(child)}),
        "F": sum(any(_counts(child) for child in case.children or ()) for case in cases),
    }


def _counts(child: CountedChild) -> bool:
    return bool(child.in_household) and child.age is not None and child.age < ADULT


def _count(values: Iterable[object], counts: Callable[..., object]) -> int | None:
    """Returns how many count; None unless every case says."""
    known = list(values)
    return None if None in known else sum(bool(counts(value)) for value in known)


def _count_of(values: Sequence[EthnicGroup | None], group: EthnicGroup) -> int | None:
    return _count(values, lambda value: value is group)


def _number(cell: Cell) -> int:
    return cell if isinstance(cell, int) else 0
