"""When the rungs of a ladder fall: weekends, Christmas, the change of the clocks, nights and hours."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.foundation.clock import LONDON, london_date, london_instant
from app.foundation.working_days import WorkingDays, working_days_of
from app.reminders.deadline import Deadline
from app.reminders.ladder import Rung, repeated_rung, rungs_of
from app.reminders.ladder_file import UnusableLadder, ladders, read_ladders
from app.vocabulary import Nation

ENGLISH, WELSH = working_days_of(Nation.ENGLAND), working_days_of(Nation.WALES)
# Days on which offices elsewhere in the United Kingdom are closed and those of England and Wales are not.
CLOSED_ELSEWHERE = {
    date(year, *day) for year in range(2026, 2032) for day in ((1, 2), (3, 17), (7, 13), (8, 3), (11, 30))
}
CLOSED_MORE = replace(ENGLISH, closed=ENGLISH.closed | CLOSED_ELSEWHERE)
CALENDARS = st.sampled_from([ENGLISH, WELSH, CLOSED_MORE])
CASES = st.uuids().map(lambda number: f"cas_{number.hex}")
INSTANTS = st.timedeltas(timedelta(0), timedelta(days=1095)).map(lambda since: datetime(2026, 1, 1, tzinfo=UTC) + since)
DAYS = st.dates(date(2026, 1, 1), date(2028, 12, 31))
ORDINARY = st.one_of(
    st.builds(Deadline, DAYS, st.none(), st.just(value=False)),
    st.builds(Deadline, st.none(), INSTANTS, st.just(value=False)),
)
DANGER = st.one_of(
    st.builds(Deadline, DAYS, st.none(), st.just(value=True)),
    st.builds(Deadline, st.none(), INSTANTS, st.just(value=True)),
)


def rungs(due: Deadline, calendar: WorkingDays = ENGLISH) -> list[Rung]:
    return rungs_of(ladders().for_deadline("ANYTOWN", due), due, calendar)


def dates(found: list[Rung]) -> dict[int, date]:
    return {rung.number: london_date(rung.fire_at) for rung in found}


def on(day: date, *, life_safety: bool = False) -> Deadline:
    return Deadline(day, None, life_safety)


def test_ladder_of_an_ordinary_wednesday_begins_with_the_owner_and_climbs_only_when_it_is_late() -> None:
    found = rungs(on(date(2026, 3, 11)))

    assert dates(found) == {1: date(2026, 3, 10), 2: date(2026, 3, 12), 3: date(2026, 3, 13)}
    assert [rung.tells for rung in found] == [("OWNER",), ("OWNER", "LINE_MANAGER"), ("MARAC_COORDINATOR",)]
    assert not any(rung.danger for rung in found)


@pytest.mark.parametrize("day", [date(2026, 3, 6), date(2026, 3, 7), date(2026, 3, 8)])
def test_morning_after_a_friday_or_a_weekend_is_mondays(day: date) -> None:
    assert dates(rungs(on(day))) == {
        1: date(2026, 3, 5) if day == date(2026, 3, 6) else date(2026, 3, 6),
        2: date(2026, 3, 9),
        3: date(2026, 3, 10),
    }


def test_due_on_christmas_day_2026_does_not_press_two_rungs_into_one_morning() -> None:
    assert dates(rungs(on(date(2026, 12, 25)))) == {
        1: date(2026, 12, 24),
        2: date(2026, 12, 29),
        3: date(2026, 12, 30),
    }


def test_life_safety_with_a_date_calls_the_owner_on_the_day_and_others_day_by_day_when_it_is_late() -> None:
    found = rungs(on(date(2026, 12, 25), life_safety=True))

    assert dates(found) == {1: date(2026, 12, 24), 2: date(2026, 12, 25), 3: date(2026, 12, 26), 4: date(2026, 12, 27)}
    assert [(rung.tells, rung.danger) for rung in found] == [
        (("OWNER",), False),
        (("OWNER",), True),
        (("MARAC_COORDINATOR",), True),
        (("STRATEGIC_LEAD",), True),
    ]


def test_life_safety_hours_count_day_and_night_from_the_instant() -> None:
    due = Deadline(None, datetime(2026, 12, 25, 22, 30, tzinfo=UTC), life_safety=True)

    found = rungs(due)

    assert [rung.fire_at - due.at for rung in found if due.at] == [
        timedelta(0),
        timedelta(hours=4),
        timedelta(hours=24),
    ]
    assert [rung.tells for rung in found] == [("OWNER",), ("MARAC_COORDINATOR",), ("STRATEGIC_LEAD",)]


@pytest.mark.parametrize(
    ("hour", "first_late_morning"), [(3, date(2026, 3, 13)), (9, date(2026, 3, 13)), (17, date(2026, 3, 16))]
)
def test_instant_that_is_not_life_safety_is_late_from_the_first_working_morning_after_it(
    hour: int, first_late_morning: date
) -> None:
    found = rungs(Deadline(None, datetime(2026, 3, 13, hour, tzinfo=UTC), life_safety=False))

    assert dates(found)[1] == date(2026, 3, 12)
    assert dates(found)[2] == first_late_morning


def test_nine_in_london_is_eight_in_utc_before_the_clocks_go_back_and_nine_after() -> None:
    found = rungs(on(date(2026, 10, 26)))

    assert found[0].fire_at == datetime(2026, 10, 23, 8, 0, tzinfo=UTC)
    assert found[1].fire_at == datetime(2026, 10, 27, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize("day", [date(2026, 8, 2), date(2026, 7, 12)])
def test_calendar_decides_whether_the_offices_are_open(day: date) -> None:
    assert dates(rungs(on(day), ENGLISH))[2] == day + timedelta(days=1)
    assert dates(rungs(on(day), WELSH))[2] == day + timedelta(days=1)
    assert dates(rungs(on(day), CLOSED_MORE))[2] == day + timedelta(days=2)


def repeat_after(
    said_at: datetime, due: Deadline | None = None, calendar: WorkingDays = ENGLISH, case: str = "cas_1"
) -> Rung:
    ladder = ladders().for_deadline("ANYTOWN", due or on(date(2026, 3, 11)))
    return repeated_rung(ladder, 4, said_at, calendar, case)


def test_ladder_goes_on_weekly_to_owner_coordinator_and_strategic_lead() -> None:
    following = repeat_after(rungs(on(date(2026, 3, 11)))[-1].fire_at)

    assert (following.number, following.tells) == (5, ("OWNER", "MARAC_COORDINATOR", "STRATEGIC_LEAD"))


@given(case=CASES, since=INSTANTS)
def test_weekly_reminders_of_a_case_come_on_one_weekday_that_is_the_cases_own(case: str, since: datetime) -> None:
    open_every_weekday = replace(ENGLISH, closed=frozenset())

    first = repeat_after(since, calendar=open_every_weekday, case=case)
    second = repeat_after(first.fire_at, calendar=open_every_weekday, case=case)
    another = repeat_after(since + timedelta(days=3), calendar=open_every_weekday, case=case)

    assert london_date(second.fire_at) - london_date(first.fire_at) == timedelta(days=7)
    assert london_date(first.fire_at).weekday() == london_date(another.fire_at).weekday() < 5


@given(said_at=INSTANTS, calendar=CALENDARS, case=CASES)
def test_next_weekly_reminder_comes_within_five_working_days_at_nine_on_an_open_day(
    said_at: datetime, calendar: WorkingDays, case: str
) -> None:
    following = repeat_after(said_at, calendar=calendar, case=case)

    day = london_date(following.fire_at)
    assert 1 <= calendar.between(london_date(said_at), day) <= 5
    assert following.fire_at == london_instant(day, 9)
    assert calendar.is_open(day)


@given(said_at=INSTANTS, due=DANGER, case=CASES)
def test_danger_that_nobody_looked_at_is_said_again_within_two_days_open_or_closed_at_the_cases_own_days(
    said_at: datetime, due: Deadline, case: str
) -> None:
    following = repeat_after(said_at, due, case=case)
    again = repeat_after(following.fire_at, due, case=case)

    assert timedelta(days=1) <= london_date(following.fire_at) - london_date(said_at) <= timedelta(days=2)
    assert london_date(again.fire_at) - london_date(following.fire_at) == timedelta(days=2)
    assert following.danger


@given(due=ORDINARY, calendar=CALENDARS)
def test_every_ordinary_ladder_rises_and_speaks_at_nine_on_open_days(due: Deadline, calendar: WorkingDays) -> None:
    found = rungs(due, calendar)

    instants = [rung.fire_at for rung in found]
    assert instants == sorted(set(instants))
    assert [rung.number for rung in found] == [1, 2, 3]
    for instant in instants:
        assert instant.astimezone(LONDON).hour == 9
        assert calendar.is_open(london_date(instant))


@given(due=st.one_of(ORDINARY, DANGER), calendar=CALENDARS)
def test_nobody_above_the_owner_is_told_before_it_is_late(due: Deadline, calendar: WorkingDays) -> None:
    for rung in rungs(due, calendar):
        assert rung.tells == ("OWNER",) or rung.fire_at >= due.passes_at


@given(due=ORDINARY, calendar=CALENDARS)
def test_whatever_is_late_is_said_on_the_first_and_second_working_morning(due: Deadline, calendar: WorkingDays) -> None:
    mornings = [rung.fire_at for rung in rungs(due, calendar) if not rung.before_late]

    first = london_date(mornings[0])
    assert [calendar.between(first, london_date(at)) for at in mornings] == [0, 1]
    assert mornings[0] >= due.passes_at
    earlier = [day for day in (first - timedelta(days=n) for n in range(1, 12)) if calendar.is_open(day)]
    assert london_instant(earlier[0], 9) < due.passes_at


@given(due=ORDINARY, calendar=CALENDARS, case=CASES)
def test_strategic_lead_and_chair_hear_of_it_on_the_day_of_the_case_three_to_seven_working_days_late(
    due: Deadline, calendar: WorkingDays, case: str
) -> None:
    ladder, climbed = ladders().for_deadline("ANYTOWN", due), rungs(due, calendar)

    top = repeated_rung(ladder, climbed[-1].number, climbed[-1].fire_at, calendar, case)
    after = repeated_rung(ladder, top.number, top.fire_at, calendar, case)

    first_late = london_date(next(rung.fire_at for rung in climbed if not rung.before_late))
    assert (top.number, top.tells) == (4, ("STRATEGIC_LEAD", "MARAC_CHAIR"))
    assert 3 <= 1 + calendar.between(first_late, london_date(top.fire_at)) <= 7
    assert after.tells == ("OWNER", "MARAC_COORDINATOR", "STRATEGIC_LEAD")


@given(first=ORDINARY, second=ORDINARY, case=CASES)
def test_two_late_things_of_one_case_reach_the_strategic_lead_on_one_weekday(
    first: Deadline, second: Deadline, case: str
) -> None:
    open_every_weekday = replace(ENGLISH, closed=frozenset())
    third = [rungs(due, open_every_weekday)[-1] for due in (first, second)]
    ladder = ladders().for_deadline("ANYTOWN", first)

    days = [london_date(repeated_rung(ladder, 3, at.fire_at, open_every_weekday, case).fire_at) for at in third]

    assert days[0].weekday() == days[1].weekday()


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
repeat = { days = 7, tells = ["STRATEGIC_LEAD"] }
[life_safety_date]
tag = "I"
source = "here"
steps = [{ rung = 1, days = 0, tells = ["OWNER"] }]
repeat = { days = 1, tells = ["STRATEGIC_LEAD"] }
[life_safety_hours]
tag = "I"
source = "here"
steps = [{ rung = 1, hours = 0, tells = ["OWNER"] }]
repeat = { days = 2, tells = ["STRATEGIC_LEAD"] }
"""


def test_area_with_its_own_ladder_climbs_that_one_and_the_timer_says_so() -> None:
    own = (
        SHIPPED
        + """
[area.ELSEWHERE.standard]
tag = "B"
source = "the partnership's own protocol"
steps = [{ rung = 1, working_days = 3, tells = ["MARAC_CHAIR"] }]
repeat = { days = 2, tells = ["MARAC_CHAIR"] }
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
        ('repeat = { days = 7, tells = ["STRATEGIC_LEAD"] }', "", "repeat must tell"),
        ("{ days = 7,", "{ days = 0,", "repeat must come every 1 to 7"),
        ("{ days = 7,", "{ days = 8,", "repeat must come every 1 to 7"),
        ("{ days = 7,", "{ hours = 24,", "repeat must come every 1 to 7"),
        ('working_days = 0, tells = ["OWNER"]', 'working_days = 0, tells = ["LINE_MANAGER"]', "must tell OWNER alone"),
    ],
)
def test_ladder_that_cannot_be_climbed_is_refused_with_its_place(right: str, wrong: str, says: str) -> None:
    with pytest.raises(UnusableLadder, match=says):
        read_ladders(SHIPPED.replace(right, wrong, 1))
