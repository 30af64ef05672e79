"""Due times: hours are elapsed, days are those of London, and a duty waits for a date that nobody knows."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import pytest

from app.routing.engine.decide import decide
from app.routing.engine.due_dates import due_on, schedule, time_of_rule
from app.routing.policy.types import DueRule, DueUnit
from app.routing.record.decision import Anchors, DueDuty
from tests.routing.given import baseline, facts

FRIDAY_NIGHT = datetime(2018, 8, 3, 22, 30, tzinfo=UTC)
"""23:30 on a Friday in London."""


@dataclass(frozen=True)
class Weekdays:
    """A calendar without bank holidays: enough to see that working days are asked of the calendar."""

    version: str = "weekdays"

    def add(self, start: date, days: int) -> date:
        step = timedelta(days=1 if days > 0 else -1)
        left = abs(days)
        while left:
            start += step
            left -= start.weekday() < 5
        return start


def due(
    code: str, dates: dict[str, date | None] | None = None, at: datetime = FRIDAY_NIGHT, **changed: object
) -> DueDuty:
    decision = decide(baseline(), facts(**changed))
    scheduled = schedule(decision, Anchors(at, dates or {}), Weekdays())
    assert [each.duty for each in scheduled] == list(decision.duties)
    (found,) = (each for each in scheduled if each.duty.id == code)
    return found


def test_twenty_four_hours_run_through_the_weekend() -> None:
    found = due("D08", grade="MEDIUM")

    assert (found.due_at, found.due_on) == (datetime(2018, 8, 4, 22, 30, tzinfo=UTC), None)


def test_hours_are_elapsed_across_the_night_the_clocks_go_back() -> None:
    before = datetime(2018, 10, 27, 23, 30, tzinfo=UTC)

    assert due("D08", at=before, grade="MEDIUM").due_at == datetime(2018, 10, 28, 23, 30, tzinfo=UTC)


def test_the_same_day_for_a_life_ends_at_midnight_in_london() -> None:
    assert due("D02", judged_high=True).due_at == datetime(2018, 8, 3, 22, 59, 59, tzinfo=UTC)


def test_the_same_day_half_an_hour_later_is_the_next_day() -> None:
    later = datetime(2018, 8, 3, 23, 5, tzinfo=UTC)

    assert due("D02", at=later, judged_high=True).due_at == datetime(2018, 8, 4, 22, 59, 59, tzinfo=UTC)


def test_at_once_is_within_the_hour_of_the_decision() -> None:
    assert due("D09", safe_contact_recorded=False, grade="MEDIUM").due_at == FRIDAY_NIGHT + timedelta(hours=1)


def test_working_days_start_the_day_after_and_skip_the_weekend() -> None:
    assert due("D42").due_on == date(2018, 8, 6)
    assert due("D04", judged_high=True).due_on == date(2018, 8, 7)


def test_a_duty_before_the_hearing_counts_working_days_back() -> None:
    found = due("D10", {"next_hearing": date(2018, 8, 30)}, judged_high=True)

    assert (found.due_on, found.awaiting) == (date(2018, 8, 20), None)


def test_a_duty_at_a_hearing_nobody_has_dated_awaits_it() -> None:
    found = due("D13", {"next_hearing": None}, judged_high=True)

    assert (found.due_at, found.due_on, found.awaiting) == (None, None, "next_hearing")


def test_schools_are_told_before_the_next_school_day_begins() -> None:
    found = due("D25.school", {"next_school_day": date(2018, 9, 4)}, child_affected=True, child_at_school=True)

    assert found.due_on == date(2018, 9, 3)


def test_thirty_days_before_the_licence_ends_are_calendar_days() -> None:
    assert due("D47", {"licence_end": date(2018, 10, 1)}, licence_ends_soon=True).due_on == date(2018, 9, 1)


def test_the_periodic_review_is_six_calendar_months_after_the_last() -> None:
    found = due("D17.periodic", {"last_level_review": date(2018, 5, 28)}, mappa_level="1")

    assert found.due_on == date(2018, 11, 28)


@pytest.mark.parametrize(
    ("last", "agreed", "expected"),
    [
        (date(2018, 5, 28), date(2018, 9, 3), date(2018, 9, 3)),
        (date(2018, 5, 28), date(2018, 12, 3), date(2018, 9, 17)),
        (None, date(2018, 12, 3), date(2018, 12, 3)),
        (None, date(2018, 8, 1), date(2018, 8, 3)),
        (date(2018, 5, 28), None, date(2018, 9, 17)),
    ],
)
def test_a_review_is_due_on_the_day_that_was_set_for_it_and_never_later_than_the_policy_allows(
    last: date | None, agreed: date | None, expected: date
) -> None:
    anchors = Anchors(FRIDAY_NIGHT, {"last_level_review": last}, {"last_level_review": agreed})

    assert due_on(DueRule(DueUnit.WEEKS, 16, "last_level_review"), anchors, Weekdays()) == expected


def test_a_level_two_review_is_sixteen_weeks_after_the_last() -> None:
    found = due("D17.l2", {"last_level_review": date(2018, 5, 28)}, mappa_level="2")

    assert found.due_on == date(2018, 9, 17)


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        (DueRule(DueUnit.WORKING_DAYS, 3, "decision"), date(2018, 8, 8)),
        (DueRule(DueUnit.HOURS, 25, "decision"), date(2018, 8, 5)),
        (DueRule(DueUnit.DAYS, 1, "nobody_knows"), None),
    ],
)
def test_a_forum_has_until_a_civil_date_to_answer(rule: DueRule, expected: date | None) -> None:
    assert due_on(rule, Anchors(FRIDAY_NIGHT, {}), Weekdays()) == expected


def test_a_decision_instant_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="must carry its zone"):
        due("D08", at=FRIDAY_NIGHT.replace(tzinfo=None))


def test_the_clock_of_an_enquiry_runs_in_elapsed_hours_and_a_question_about_a_child_ends_before_school() -> None:
    decision = decide(baseline(), facts(grade="MEDIUM", child_affected=True, child_at_school=None))
    (enquiry,) = decision.enquiries
    anchors = Anchors(FRIDAY_NIGHT, {"next_school_day": date(2018, 8, 6)})

    (school,) = (item for item in enquiry.items if item.fact == "child_at_school")
    assert time_of_rule(enquiry.clock, anchors, Weekdays()) == (datetime(2018, 8, 4, 22, 30, tzinfo=UTC), None)
    assert time_of_rule(school.due, anchors, Weekdays()) == (None, date(2018, 8, 5))
