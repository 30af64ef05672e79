"""Counts the diversity of victims. A blank is "not collected" and never nought; small cells are not shown. Pure.

Source: SafeLives quarterly return (read through a public copy); cells under 5 are a product default [I].
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

from app.referrals.diversity.vocabulary import EthnicGroup, Sex

SMALLEST_SHOWN = 5
NOT_COLLECTED = "NOT_COLLECTED"
Cells: TypeAlias = dict[str, int | None]


@dataclass(frozen=True, slots=True)
class CountedDiversity:
    """What is counted of the victim of one case. None: not collected."""

    ethnic_group: EthnicGroup | None = None
    disabled: bool | None = None
    lgbt: bool | None = None
    sex: Sex | None = None


FIELDS: Mapping[str, tuple[EthnicGroup | Sex | bool, ...]] = {
    "ethnic_group": tuple(EthnicGroup),
    "disabled": (True, False),
    "lgbt": (True, False),
    "sex": tuple(Sex),
}


@dataclass(frozen=True, slots=True)
class StatedDiversity:
    """One statement for counting, by its agency."""

    case_id: str
    agency: str
    taken_back: bool
    fields: CountedDiversity


def by_case(statements: Iterable[StatedDiversity]) -> dict[str, CountedDiversity]:
    """Returns what stands for each case: of every field the newest statement. Statements come the oldest first."""
    of_agency: dict[tuple[str, str], CountedDiversity] = {}
    for stated in statements:
        key = (stated.case_id, stated.agency)
        before = of_agency.pop(key, CountedDiversity())  # popped, so that the newest statement stands last
        if not stated.taken_back:
            of_agency[key] = _over(before, stated.fields)
    found: dict[str, CountedDiversity] = {}
    for (case_id, _), fields in of_agency.items():
        found[case_id] = _over(found.get(case_id, CountedDiversity()), fields)
    return found


def _over(before: CountedDiversity, newer: CountedDiversity) -> CountedDiversity:
    given = {name: value for name in FIELDS if (value := getattr(newer, name)) is not None}
    return replace(before, **given)


def cells_of(field: str, victims: Sequence[CountedDiversity]) -> Cells:
    """Returns how many victims each value has, and of how many it was not collected; None: a count too small to show.

    Where one cell alone is too small, the next smallest is not shown either: the total would give the first away.
    """
    counted = Counter(getattr(victim, field) for victim in victims)
    cells: Cells = {_name(value): counted[value] for value in FIELDS[field]}
    cells[NOT_COLLECTED] = counted[None]
    small = [name for name, number in cells.items() if number and number < SMALLEST_SHOWN]
    others = sorted(
        (name for name, number in cells.items() if number and name not in small), key=lambda n: cells[n] or 0
    )
    hidden = {*small, *(others[:1] if len(small) == 1 else ())}
    return {name: None if name in hidden else number for name, number in cells.items()}


def _name(value: EthnicGroup | Sex | bool) -> str:
    return {True: "YES", False: "NO"}[value] if isinstance(value, bool) else value.value
