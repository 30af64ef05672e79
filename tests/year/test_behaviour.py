"""How promptly the people of a simulated year answer: drawn once for each thing, by the shares of the file."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta

import pytest

from app.foundation.clock import LONDON, london_date
from app.foundation.working_days import working_days_of
from app.vocabulary import Nation
from bench.year.behaviour import Reaction, answered_at, arrivals, reaction_to, read_behaviour

BEHAVIOUR, CALENDAR = read_behaviour(), working_days_of(Nation.ENGLAND)
MANY = 10_000
MONDAY = datetime(2026, 1, 12, 10, 5, tzinfo=UTC)
FRIDAY_EVENING = datetime(2026, 1, 9, 18, 5, tzinfo=UTC)
NEXT_DAY = timedelta(days=1)


def test_shares_are_those_of_the_file() -> None:
    drawn = [reaction_to(BEHAVIOUR, f"thing {number}") for number in range(MANY)]

    counted = Counter(one.promptness for one in drawn)
    assert {name: counted[name] / MANY for name in BEHAVIOUR.promptness} == pytest.approx(
        BEHAVIOUR.promptness, abs=0.02
    )
    assert sum(one.declines for one in drawn) / MANY == pytest.approx(BEHAVIOUR.declines, abs=0.02)


def test_same_thing_is_answered_alike_in_every_run() -> None:
    assert reaction_to(BEHAVIOUR, "see the victim alone") == reaction_to(BEHAVIOUR, "see the victim alone")


@pytest.mark.parametrize("place", [0.0, 0.5, 0.999])
def test_who_is_on_time_answers_before_it_is_late_and_in_office_hours_if_some_are_left(place: float) -> None:
    at = answered_at(Reaction("on_time", 0, False, place), FRIDAY_EVENING, MONDAY, CALENDAR)

    assert at is not None
    assert FRIDAY_EVENING < at < MONDAY
    assert (london_date(at), at.astimezone(LONDON).hour) == (date(2026, 1, 12), 9)


def test_who_is_on_time_for_what_is_late_already_answers_at_once() -> None:
    assert answered_at(Reaction("on_time", 0, False, 0.5), MONDAY, MONDAY, CALENDAR) == MONDAY


@pytest.mark.parametrize(("days", "answered"), [(1, date(2026, 1, 14)), (5, date(2026, 1, 20))])
def test_who_is_late_answers_so_many_working_days_after_the_last_day(days: int, answered: date) -> None:
    midnight_after = datetime(2026, 1, 14, tzinfo=UTC)

    at = answered_at(Reaction("late_1_to_5", days, False, 0.5), MONDAY, midnight_after, CALENDAR)

    assert at is not None
    assert london_date(at) == answered


def test_who_never_answers_does_not() -> None:
    assert answered_at(Reaction("never", 0, False, 0.5), MONDAY, MONDAY + NEXT_DAY, CALENDAR) is None


def test_referrals_of_a_year_come_in_on_its_days_in_order() -> None:
    came = list(arrivals(BEHAVIOUR, scale=0.1))

    assert len(came) == round(BEHAVIOUR.referrals * 0.1)
    assert came == sorted(came)
    last = BEHAVIOUR.first_day + timedelta(days=7 * BEHAVIOUR.weeks - 1)
    assert BEHAVIOUR.first_day <= came[0][0] <= came[-1][0] <= last
