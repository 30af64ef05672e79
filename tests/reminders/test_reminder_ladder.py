"""When the rungs of a ladder fall: weekends, Christmas, the change of the clocks, nights and hours."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.foundation.clock import LONDON, london_date, london_instant
from app.foundation.working_days import WorkingDays, working_days_of
from app.reminders.deadline import Deadline
from app.reminders.ladder import SPREAD_SECONDS, Rung, repeated_rung, rungs_of
from app.reminders.ladder_file import UnusableLadder, ladders, read_ladders
from app.vocabulary import Nation

QUARTER_TO_NINE, NINE = time(8, 45), time(9, 0)


ENGLISH, WELSH = working_days_of(Nation.ENGLAND), working_days_of(Nation.WALES)
# Days on which offices elsewhere in the United Kingdom are closed and those of England and Wales are not.
CLOSED_ELSEWHERE = {
    date(year, *day) for year in range(2026, 2032) for day in ((1, 2), (3, 17), (7, 13), (8, 3), (11, 30))
}
CLOSED_MORE = replace(ENGLISH, closed=ENGLISH.closed | CLOSED_ELSEWHERE)
CALENDARS = st.sampled_from([ENGLISH, WELSH, CLOSED_MORE])


def rungs(due: Deadline, calendar: WorkingDays = ENGLISH, subject: str = "act_1") -> list[Rung]:
    return rungs_of(ladders().for_deadline("ANYTOWN", due), due, calendar, subject)


def dates(found: list[Rung]) -> dict[int, date]:
    return {rung.number: london_date(rung.fire_at) for rung in found}


def on(day: date, *, life_safety: bool = False) -> Deadline:
    return Deadline(day, None, life_safety)


def test_ladder_of_an_ordinary_wednesday_climbs_from_owner_to_strategic_lead() -> None:
    found = rungs(on(date(2026, 3, 11)))

    assert dates(found) == {
        1: date(2026, 3, 10),
        2: date(2026, 3, 11),
        3: date(2026, 3, 12),
        4: date(2026, 3, 18),
    }
    assert [rung.tells for rung in found] == [
        ("OWNER",),
        ("OWNER", "LINE_MANAGER"),
        ("MARAC_CHAIR", "MARAC_COORDINATOR"),
        ("STRATEGIC_LEAD",),
    ]


def test_working_days_of_the_ladder_step_over_a_weekend() -> None:
    found = rungs(on(date(2026, 3, 9)))

    assert dates(found) == {
        1: date(2026, 3, 6),
        2: date(2026, 3, 9),
        3: date(2026, 3, 10),
        4: date(2026, 3, 16),
    }


def test_due_on_christmas_day_2026_does_not_press_two_rungs_into_one_morning() -> None:
    found = rungs(on(date(2026, 12, 25)))

    assert dates(found)[1] == date(2026, 12, 24)
    assert dates(found)[2] == date(2026, 12, 29)
    assert dates(found)[3] == date(2026, 12, 30)


def test_life_safety_due_on_christmas_day_also_reminds_on_the_day_itself() -> None:
    found = rungs(on(date(2026, 12, 25), life_safety=True))

    assert dates(found) == {
        1: date(2026, 12, 24),
        2: date(2026, 12, 25),
        3: date(2026, 12, 29),
        4: date(2026, 12, 30),
        5: date(2027, 1, 6),
    }


def test_life_safety_due_on_a_working_day_has_no_second_reminder_that_morning() -> None:
    found = rungs(on(date(2026, 3, 11), life_safety=True))

    assert sorted(dates(found)) == [1, 2, 4, 5]


def test_life_safety_hours_count_day_and_night_from_the_instant() -> None:
    due = Deadline(None, datetime(2026, 12, 25, 22, 30, tzinfo=UTC), life_safety=True)

    found = rungs(due)

    assert [rung.fire_at - due.at for rung in found if due.at] == [
        timedelta(0),
        timedelta(hours=4),
        timedelta(hours=24),
    ]


def test_instant_that_is_not_life_safety_reminds_at_the_instant_and_then_on_working_mornings() -> None:
    due = Deadline(None, datetime(2026, 3, 13, 17, 0, tzinfo=UTC), life_safety=False)

    found = rungs(due)

    assert found[1].fire_at == due.at
    assert dates(found) == {
        1: date(2026, 3, 12),
        2: date(2026, 3, 13),
        3: date(2026, 3, 16),
        4: date(2026, 3, 20),
    }


def test_nine_in_london_is_eight_in_utc_before_the_clocks_go_back_and_nine_after() -> None:
    found = rungs(on(date(2026, 10, 26)))

    assert found[0].fire_at <= datetime(2026, 10, 23, 8, 0, tzinfo=UTC)
    assert datetime(2026, 10, 26, 8, 45, tzinfo=UTC) <= found[1].fire_at <= datetime(2026, 10, 26, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize("day", [date(2026, 8, 3), date(2026, 7, 13)])
def test_calendar_decides_whether_the_offices_are_open(day: date) -> None:
    assert dates(rungs(on(day), ENGLISH))[2] == day
    assert dates(rungs(on(day), WELSH))[2] == day
    assert dates(rungs(on(day), CLOSED_MORE))[2] == day + timedelta(days=1)


def repeat_after(said_at: datetime, due: Deadline | None = None, calendar: WorkingDays = ENGLISH) -> Rung:
    ladder = ladders().for_deadline("ANYTOWN", due or on(date(2026, 3, 11)))
    return repeated_rung(ladder, 4, said_at, calendar, "act_1")


def test_ladder_goes_on_to_strategic_lead_and_coordinator_five_working_days_after_its_last_rung() -> None:
    last = rungs(on(date(2026, 3, 11)))[-1]

    following = repeat_after(last.fire_at)

    assert (following.number, following.tells) == (5, ("STRATEGIC_LEAD", "MARAC_COORDINATOR"))
    assert following.fire_at == last.fire_at + timedelta(days=7)


def test_five_working_days_of_a_repeat_step_over_christmas_and_the_new_year() -> None:
    following = repeat_after(datetime(2026, 12, 23, 9, 0, tzinfo=UTC))

    assert london_date(following.fire_at) == date(2027, 1, 4)


@pytest.mark.parametrize(
    "due",
    [
        on(date(2026, 3, 11), life_safety=True),
        Deadline(None, datetime(2026, 3, 11, 22, 30, tzinfo=UTC), life_safety=True),
    ],
)
def test_danger_that_nobody_looked_at_is_repeated_the_very_next_day_open_or_closed(due: Deadline) -> None:
    in_the_night_of_friday = datetime(2026, 3, 13, 22, 30, tzinfo=UTC)

    following = repeat_after(in_the_night_of_friday, due)

    assert london_date(following.fire_at) == date(2026, 3, 14)


@given(
    since=st.timedeltas(timedelta(0), timedelta(days=1095)),
    calendar=CALENDARS,
)
def test_every_ordinary_repeat_comes_later_than_what_it_repeats_on_an_open_day_by_nine(
    since: timedelta, calendar: WorkingDays
) -> None:
    said_at = datetime(2026, 1, 1, tzinfo=UTC) + since

    following = repeat_after(said_at, calendar=calendar)

    assert london_date(following.fire_at) > london_date(said_at)
    assert calendar.is_open(london_date(following.fire_at))
    assert QUARTER_TO_NINE <= following.fire_at.astimezone(LONDON).time() <= NINE


@given(
    day=st.dates(date(2026, 1, 1), date(2028, 12, 31)),
    calendar=CALENDARS,
    subject=st.text(max_size=20),
)
def test_every_dated_ladder_rises_and_speaks_between_quarter_to_nine_and_nine(
    day: date, calendar: WorkingDays, subject: str
) -> None:
    found = rungs(on(day), calendar, subject)

    instants = [rung.fire_at for rung in found]
    assert instants == sorted(set(instants))
    assert [rung.number for rung in found] == [1, 2, 3, 4]
    for instant in instants:
        assert QUARTER_TO_NINE <= instant.astimezone(LONDON).time() <= NINE
        assert calendar.is_open(london_date(instant))


def test_same_subject_is_always_spread_to_the_same_second_and_subjects_differ() -> None:
    def second(subject: str) -> datetime:
        return rungs(on(date(2026, 3, 11)), subject=subject)[1].fire_at

    spread = {second(f"act_{n}") for n in range(200)}

    assert second("act_7") == second("act_7")
    assert len(spread) > 100
    assert max(spread) - min(spread) <= timedelta(seconds=SPREAD_SECONDS)
    assert max(spread) <= london_instant(date(2026, 3, 11), 9)


@pytest.mark.parametrize("wrong", [(None, None), (date(2026, 3, 1), datetime(2026, 3, 1, tzinfo=UTC))])
def test_deadline_that_is_not_exactly_one_of_date_and_instant_is_refused(
    wrong: tuple[date | None, datetime | None],
) -> None:
    with pytest.raises(ValueError, match="exactly one"):
        Deadline(*wrong, life_safety=False)


SHIPPED = """
version = "test"
[standard]
tag = "I"
source = "here"
steps = [{ rung = 1, working_days = 0, tells = ["OWNER"] }]
repeat = { working_days = 5, tells = ["STRATEGIC_LEAD"] }
[life_safety_date]
tag = "I"
source = "here"
steps = [{ rung = 1, days = 0, tells = ["OWNER"] }]
repeat = { days = 1, tells = ["STRATEGIC_LEAD"] }
[life_safety_hours]
tag = "I"
source = "here"
steps = [{ rung = 1, hours = 0, tells = ["OWNER"] }]
repeat = { hours = 24, tells = ["STRATEGIC_LEAD"] }
"""


def test_area_with_its_own_ladder_climbs_that_one_and_the_timer_says_so() -> None:
    own = (
        SHIPPED
        + """
[area.ELSEWHERE.standard]
tag = "B"
source = "the partnership's own protocol"
steps = [{ rung = 1, working_days = 3, tells = ["MARAC_CHAIR"] }]
repeat = { working_days = 2, tells = ["MARAC_CHAIR"] }
"""
    )

    found = read_ladders(own)

    due = on(date(2026, 3, 11))
    assert found.for_deadline("ELSEWHERE", due).version == "test/ELSEWHERE"
    assert found.for_deadline("ANYTOWN", due).version == "test"


@pytest.mark.parametrize(
    ("right", "wrong", "says"),
    [
        ('steps = [{ rung = 1, working_days = 0, tells = ["OWNER"] }]', "steps = []", "rungs that rise"),
        ('["OWNER"]', '["NOBODY"]', "must tell OWNER or known roles"),
        ("working_days = 0", "working_days = 0, hours = 1", "exactly one of"),
        ('tag = "I"', 'tag = "X"', "needs a `tag`"),
        ('repeat = { working_days = 5, tells = ["STRATEGIC_LEAD"] }', "", "repeat must tell"),
        ("{ working_days = 5,", "{ working_days = 0,", "repeat must come after"),
        ("{ working_days = 5,", "{ working_days = 5, hours = 1,", "repeat needs exactly one of"),
    ],
)
def test_ladder_that_cannot_be_climbed_is_refused_with_its_place(right: str, wrong: str, says: str) -> None:
    with pytest.raises(UnusableLadder, match=says):
        read_ladders(SHIPPED.replace(right, wrong, 1))
