"""Working days, checked against the delays that the review counts."""

from datetime import date

import pytest

from app.foundation.working_days import working_days_of
from app.vocabulary import Nation


@pytest.mark.parametrize(
    ("start", "end", "days"),
    [
        (date(2018, 8, 4), date(2018, 8, 30), 18),
        (date(2018, 8, 5), date(2018, 8, 30), 18),
        (date(2018, 8, 30), date(2018, 9, 5), 4),
        (date(2018, 8, 30), date(2018, 9, 11), 8),
        (date(2018, 8, 30), date(2018, 9, 19), 14),
        (date(2018, 7, 9), date(2018, 8, 6), 20),
        (date(2018, 7, 4), date(2018, 8, 8), 25),
    ],
)
def test_working_days_between_two_dates_are_those_the_review_counted(start: date, end: date, days: int) -> None:
    assert working_days_of(Nation.ENGLAND).between(start, end) == days


def test_a_bank_holiday_monday_is_not_a_working_day() -> None:
    calendar = working_days_of(Nation.ENGLAND)

    assert not calendar.is_open(date(2018, 8, 27))
    assert calendar.add(date(2018, 8, 24), 1) == date(2018, 8, 28)


def test_counting_back_from_a_monday_lands_on_the_friday_before() -> None:
    assert working_days_of(Nation.ENGLAND).add(date(2026, 3, 9), -1) == date(2026, 3, 6)


def test_a_date_on_christmas_day_rolls_to_the_first_working_day_after() -> None:
    assert working_days_of(Nation.ENGLAND).on_or_after(date(2026, 12, 25)) == date(2026, 12, 29)


@pytest.mark.parametrize("nation", list(Nation))
def test_each_nation_has_a_calendar_of_its_own_name(nation: Nation) -> None:
    calendar = working_days_of(nation)

    assert calendar.version.startswith(f"GB-{nation} ")
    assert calendar.is_open(date(2026, 8, 3))  # closed in Scotland
    assert not calendar.is_open(date(2026, 8, 31))  # the summer bank holiday of England and Wales


@pytest.mark.parametrize("code", ["SCT", "NIR", "GB"])
def test_nation_that_this_service_does_not_serve_has_no_calendar(code: str) -> None:
    with pytest.raises(ValueError, match=code):
        Nation(code)
