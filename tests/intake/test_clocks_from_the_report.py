"""Clocks that run from the report itself, and not from when this service heard of it; nothing is born late."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from app.foundation.clock import SettableClock
from app.foundation.working_days import working_days_of
from app.intake.report_time import next_school_morning
from app.vocabulary import Nation
from tests.given import Callers, a_referral, an_incident

CHILD = [{"ref": "C-1", "age": 8, "in_household": True}]


def school_is_told_by(callers: Callers, **changes: Any) -> str:
    body = callers.hub.post("/v1/referrals", a_referral(children=CHILD, **changes)).json()
    actions = callers.hub.get("/v1/actions", case_id=body["case_id"], limit=200).json()["items"]
    (due,) = [one["due_at"] for one in actions if one["duty"] == "D25.school"]
    return str(due)


def review_is_due(callers: Callers, **changes: Any) -> str:
    body = callers.hub.post("/v1/referrals", a_referral(**changes)).json()
    enquiries = callers.hub.get("/v1/enquiries", case_id=body["case_id"]).json()["items"]
    (until,) = [item["until"] for one in enquiries for item in one["items"] if item["fact"] == "hub_review"]
    return str(until)


def test_report_of_the_night_reaches_the_school_before_that_morning(callers: Callers, clock: SettableClock) -> None:
    clock.set(datetime(2026, 3, 10, 3, 0, tzinfo=UTC))

    assert school_is_told_by(callers, incidents=[an_incident("2026-03-10T01:20:00Z")]) == "2026-03-10T08:30:00Z"


def test_report_of_friday_evening_reaches_the_school_before_monday(callers: Callers, clock: SettableClock) -> None:
    clock.set(datetime(2026, 3, 7, 10, 0, tzinfo=UTC))

    assert school_is_told_by(callers, incidents=[an_incident("2026-03-06T20:00:00Z")]) == "2026-03-09T08:30:00Z"


def test_school_morning_that_was_missed_before_this_service_heard_is_due_within_the_hour(callers: Callers) -> None:
    assert school_is_told_by(callers, incidents=[an_incident("2026-03-09T21:00:00Z")]) == "2026-03-10T10:30:00Z"


@pytest.mark.parametrize(
    ("after", "opens"),
    [
        (datetime(2026, 7, 6, 7, 29, tzinfo=UTC), datetime(2026, 7, 6, 7, 30, tzinfo=UTC)),
        (datetime(2026, 7, 6, 7, 30, tzinfo=UTC), datetime(2026, 7, 7, 7, 30, tzinfo=UTC)),
        (datetime(2026, 4, 2, 12, 0, tzinfo=UTC), datetime(2026, 4, 7, 7, 30, tzinfo=UTC)),
    ],
)
def test_school_day_begins_by_the_clock_of_london_and_not_on_a_bank_holiday(after: datetime, opens: datetime) -> None:
    assert next_school_morning(after, "08:30", working_days_of(Nation.ENGLAND)) == opens


def test_review_of_a_high_report_counts_from_when_it_was_reported(callers: Callers) -> None:
    reported = an_incident("2026-03-10T01:00:00Z")

    assert review_is_due(callers, incidents=[reported]) == "2026-03-10T13:00:00Z"


def test_review_that_should_have_been_made_is_due_within_the_hour(callers: Callers) -> None:
    assert review_is_due(callers, incidents=[an_incident("2026-03-01T21:00:00Z")]) == "2026-03-10T10:30:00Z"


def test_day_that_the_referral_gives_for_its_report_goes_before_its_incidents(callers: Callers) -> None:
    today, yesterday = date(2026, 3, 10).isoformat(), date(2026, 3, 9).isoformat()
    old = [an_incident("2026-03-01T21:00:00Z")]

    assert review_is_due(callers, incidents=old, referred_on=today) == "2026-03-10T21:30:00Z"
    # The end of a day stands for a report without an hour.
    of_yesterday = {"victim": {"ref": "V-2"}, "source_reference": "DV-2", "referred_on": yesterday}
    assert review_is_due(callers, incidents=old, **of_yesterday) == "2026-03-10T11:59:59Z"


def test_report_without_a_time_of_its_own_counts_from_when_it_came(callers: Callers) -> None:
    assert review_is_due(callers, incidents=[]) == "2026-03-10T21:30:00Z"
