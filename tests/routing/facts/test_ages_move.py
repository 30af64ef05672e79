"""An age moves on with the day, and what lies inside its uncertain year is open."""

from datetime import UTC, date, datetime

import pytest

from app.routing.facts.moving.ages import (
    born_by_age,
    born_in,
    combined,
    contradict,
    of_school_age,
    oldest,
    settled_age,
    under,
    youngest,
)
from app.routing.facts.snapshot.births import Birth
from app.routing.facts.snapshot.children import Child
from app.routing.policy.parameters import Parameters
from tests.routing.given import a_snapshot, baseline, facts_at, parameters

NOVEMBER = date(2026, 11, 29)


@pytest.mark.parametrize(
    ("on", "least", "most"),
    [
        (date(2026, 11, 29), 15, 15),
        (date(2026, 11, 30), 15, 16),
        (date(2027, 11, 28), 15, 16),
        (date(2027, 11, 29), 16, 16),
        (date(2028, 1, 10), 16, 17),
        (date(2025, 11, 29), 14, 14),
    ],
)
def test_age_that_was_told_for_a_day_is_one_of_two_until_the_same_day_a_year_later(
    on: date, least: int, most: int
) -> None:
    birth = born_by_age(15, NOVEMBER)

    assert (youngest(birth, on), oldest(birth, on)) == (least, most)


@pytest.mark.parametrize(("on", "least", "most"), [(date(2026, 1, 1), 15, 16), (date(2026, 12, 31), 16, 16)])
def test_year_of_birth_leaves_two_ages_until_the_last_day_of_the_year(on: date, least: int, most: int) -> None:
    assert (youngest(born_in(2010), on), oldest(born_in(2010), on)) == (least, most)


def test_somebody_born_on_a_leap_day_is_a_year_older_on_the_first_of_march() -> None:
    leap_day = Birth(date(2008, 2, 29), date(2008, 2, 29))

    assert (youngest(leap_day, date(2025, 2, 28)), youngest(leap_day, date(2025, 3, 1))) == (16, 17)
    assert oldest(born_by_age(15, date(2024, 2, 29)), date(2024, 2, 29)) == 15


def test_nobody_is_younger_than_nought_and_no_age_outgrows_the_fact() -> None:
    assert youngest(born_in(2026), NOVEMBER) == 0
    assert oldest(born_in(1900), NOVEMBER) == 120


def test_age_is_settled_while_no_limit_lies_inside_its_year() -> None:
    birth, later = born_by_age(15, NOVEMBER), date(2027, 3, 1)

    assert settled_age(birth, later, [18]) == 15
    assert settled_age(birth, later, [16, 18]) is None
    assert settled_age(None, later, [18]) is None
    assert [under(birth, later, limit) for limit in (15, 16, 17)] == [False, None, True]


def test_two_statements_that_agree_narrow_a_birth_and_two_that_do_not_leave_all_open() -> None:
    told, year = born_by_age(15, date(2026, 3, 1)), born_in(2010)

    assert not contradict([told, year])
    assert (combined([told, year]).earliest, combined([told, year]).latest) == (date(2010, 3, 2), date(2010, 12, 31))
    assert contradict([told, born_in(2005)])
    assert (youngest(both := combined([told, born_in(2005)]), NOVEMBER), oldest(both, NOVEMBER)) == (15, 21)


@pytest.mark.parametrize(
    ("year", "told"), [(2024, False), (2022, None), (2021, True), (2009, True), (2008, True), (2007, False)]
)
def test_school_is_told_of_the_younger_age_at_eighteen_and_asked_about_at_four(year: int, told: bool | None) -> None:
    assert of_school_age(born_in(year), NOVEMBER, Parameters(parameters(baseline()))) is told


DUE = Child("C-1", unborn_due_on=date(2026, 6, 1), in_household=True)


@pytest.mark.parametrize(
    ("on", "at_school"),
    [
        (date(2026, 3, 10), False),
        (date(2026, 6, 2), False),
        (date(2030, 6, 3), None),
        (date(2031, 6, 3), True),
        (date(2040, 6, 3), True),
    ],
)
def test_an_unborn_child_is_born_about_the_day_that_was_told_and_grows_up(on: date, at_school: bool | None) -> None:
    found = facts_at(a_snapshot(children=(DUE,)), datetime(on.year, on.month, on.day, 12, tzinfo=UTC))

    assert (found["child_affected"], found["child_at_school"]) == (True, at_school)


def test_an_unborn_child_of_long_ago_has_grown_up() -> None:
    found = facts_at(a_snapshot(children=(DUE,)), datetime(2045, 1, 1, 12, tzinfo=UTC))

    assert (found["child_affected"], found["child_at_school"]) == (False, False)
