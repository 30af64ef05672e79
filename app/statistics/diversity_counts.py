"""Counts the diversity of victims by quarter. A blank is "not collected" and never nought; small cells hide. Pure.

Source: SafeLives quarterly return (read through a public copy); cells under 5 are a product default [I].
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TypeAlias

from app.referrals.diversity.vocabulary import EthnicGroup, Sex
from app.statistics.counting import Period

SMALLEST_SHOWN = 5
SETTLES_AFTER = timedelta(days=28)  # [I] forms are completed until then
_ONE_DAY = timedelta(days=1)
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

    Where one is too small, noughts are not shown either, nor the next smallest until the hidden ones together are
    enough: the total would give them away.
    """
    counted = Counter(getattr(victim, field) for victim in victims)
    cells = {_name(value): counted[value] for value in (*FIELDS[field], None)}
    hidden = _hidden(cells)
    return {name: None if name in hidden else number for name, number in cells.items()}


def _hidden(cells: Mapping[str, int]) -> set[str]:
    smallest_first = sorted(cells, key=lambda name: cells[name])
    if not any(0 < number < SMALLEST_SHOWN for number in cells.values()):
        return set()
    hidden = {name for name in cells if cells[name] < SMALLEST_SHOWN}
    for name in smallest_first:
        if len(hidden) > 1 and sum(cells[one] for one in hidden) >= SMALLEST_SHOWN:
            break
        hidden.add(name)
    return hidden


def together(tables: Sequence[Cells]) -> Cells:
    """Returns the sum of what is shown of each quarter; None where one of them does not show it.

    A sum of what is hidden would give it away by difference from a longer or a shorter period.
    """
    if not tables:
        return {}
    first, *others = tables
    found = dict(first)
    for table in others:
        found = {name: _sum(number, table[name]) for name, number in found.items()}
    return found


def _sum(one: int | None, other: int | None) -> int | None:
    return None if one is None or other is None else one + other


def settled_quarters(period: Period, today: date) -> list[Period]:
    """Returns the quarters that lie whole in the period and settled before today.

    Two periods differ by whole quarters then, and what is stated of a case later moves no count that was read.
    """
    quarters = []
    for year in range(period.first.year, period.last.year + 1):
        for month in (1, 4, 7, 10):
            following = date(year + month // 10, (month + 3) % 12, 1)
            quarters.append(Period(date(year, month, 1), following - _ONE_DAY))
    return [
        one for one in quarters if period.first <= one.first and one.last <= period.last and settled_on(one) <= today
    ]


def settled_on(quarter: Period) -> date:
    """Returns the day before which a statement counts in the quarter, and from which the quarter is shown."""
    return quarter.last + SETTLES_AFTER


def _name(value: EthnicGroup | Sex | bool | None) -> str:
    if value is None:
        return NOT_COLLECTED
    return {True: "YES", False: "NO"}[value] if isinstance(value, bool) else value.value
