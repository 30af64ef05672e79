"""A cycle puts a forum's meetings and their cut-offs in the calendar, and every waiting case is placed."""

from datetime import date

from sqlalchemy.orm import Session, sessionmaker

from app.access.service import scope_to_system
from app.foundation.clock import SettableClock
from app.meetings.lists.cycles import extend_cycles
from tests.given import Callers
from tests.meetings.sitting import FIRST_MEETING, SECOND_MEETING, Sitting, a_cycle, noon


def test_cycle_puts_its_meetings_in_the_calendar_ahead(sitting: Sitting) -> None:
    meetings = sitting.cycle(weeks_ahead=4)

    assert [meeting["held_on"] for meeting in meetings] == ["2026-03-26", "2026-04-09", "2026-04-23"]
    assert {meeting["kind"] for meeting in meetings} == {"ORDINARY"}


def test_cut_off_nine_working_days_before_reproduces_the_review(sitting: Sitting) -> None:
    """16 August 2018 closed on 3 August (DHR "Jean" 14.2.12); 30 August over the bank holiday on 17 August."""
    sitting.on(date(2018, 7, 1))

    meetings = sitting.cycle(first_on="2018-08-16", weeks_ahead=2)

    assert [(one["held_on"], one["cut_off_on"]) for one in meetings] == [
        ("2018-08-16", "2018-08-03"),
        ("2018-08-30", "2018-08-16"),
    ]


def test_cut_off_in_calendar_days_takes_no_account_of_closed_days(sitting: Sitting) -> None:
    meetings = sitting.cycle(cut_off_days=13, cut_off_unit="CALENDAR_DAYS", weeks_ahead=2)

    assert [one["cut_off_on"] for one in meetings] == ["2026-03-13", "2026-03-27"]


def test_meeting_that_falls_on_a_bank_holiday_is_held_the_next_working_day(sitting: Sitting) -> None:
    good_friday, after_easter = "2026-04-03", "2026-04-07"

    meetings = sitting.cycle(first_on=good_friday, weeks_ahead=2)

    assert [one["held_on"] for one in meetings] == [after_easter, "2026-04-17"]


def test_new_rhythm_cannot_begin_inside_the_old_one(sitting: Sitting, callers: Callers) -> None:
    sitting.cycle(weeks_ahead=4)

    answer = callers.coordinator.post("/v1/meeting-cycles", a_cycle(first_on="2026-04-16", every_days=7))

    assert (answer.status_code, answer.json()["code"]) == (409, "cycle-overlaps")


def test_worker_keeps_half_a_year_of_meetings_in_the_calendar(
    sitting: Sitting, sessions: sessionmaker[Session], clock: SettableClock
) -> None:
    sitting.cycle(weeks_ahead=2)

    with sessions.begin() as session:
        scope_to_system(session)
        added = extend_cycles(session, clock.now())
        again = extend_cycles(session, clock.now())

    assert (added, again) == (10, 0)


def test_high_risk_case_without_any_meeting_waits_and_is_listed_when_one_is_scheduled(
    sitting: Sitting,
) -> None:
    routed = sitting.referred()
    assert routed["hearing"]["meeting_id"] is None

    meetings = sitting.cycle()

    assert [entry["case_id"] for entry in sitting.listed(meetings[0]["id"])] == [routed["case_id"]]


def test_referral_after_the_cut_off_waits_for_the_meeting_after(sitting: Sitting) -> None:
    meetings = sitting.cycle()
    sitting.clock.set(noon(date(2026, 3, 14)))

    hearing = sitting.referred()["hearing"]

    assert hearing["held_on"] == SECOND_MEETING.isoformat()
    assert hearing["missed_meeting_on"] == FIRST_MEETING.isoformat()
    assert sitting.listed(meetings[0]["id"]) == []


def test_partner_may_not_change_the_calendar(callers: Callers) -> None:
    answer = callers.probation.post("/v1/meeting-cycles", a_cycle())

    assert answer.status_code == 403
