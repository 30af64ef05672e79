"""Repeat cases: the same couple, inside the window, for each anchor and each kind of behaviour."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from app.routing.facts.repeats import RepeatAnchor, RepeatBehaviour, is_repeat
from app.routing.facts.snapshot.history import MaracHistory, MaracProcess
from app.routing.facts.snapshot.incidents import IncidentFacts
from tests.routing.given import AN_INSTANT, a_snapshot, an_incident

ANY, CRIMINAL = RepeatBehaviour.ANY_ABUSE, RepeatBehaviour.CRIMINAL_ONLY
REFERRED, HEARD = RepeatAnchor.LAST_REFERRAL, RepeatAnchor.LAST_HEARING
AT_MARAC = MaracHistory(last_referral_on=date(2017, 8, 1), last_heard_on=date(2017, 8, 20))


def noon(on: date) -> datetime:
    return datetime(on.year, on.month, on.day, 12, tzinfo=UTC)


def repeats(
    history: MaracHistory | None,
    *incidents: object,
    anchor: RepeatAnchor = REFERRED,
    behaviour: RepeatBehaviour = ANY,
) -> bool | None:
    case = a_snapshot(marac_history=history, incidents=incidents)
    return is_repeat(case, AN_INSTANT, 12, anchor, behaviour)


def test_further_abuse_of_the_same_couple_inside_the_window_is_a_repeat() -> None:
    assert repeats(AT_MARAC, an_incident(date(2018, 7, 7))) is True


@pytest.mark.parametrize(("on", "expected"), [(date(2018, 8, 1), True), (date(2018, 8, 2), False)])
def test_the_last_day_of_the_window_counts_and_the_next_does_not(on: date, expected: bool) -> None:
    assert repeats(MaracHistory(last_referral_on=date(2017, 8, 1)), an_incident(on)) is expected


def test_the_window_runs_from_the_referral_or_the_hearing_whichever_is_inside() -> None:
    """`proportion` 3.6: referred or heard, also elsewhere."""
    referred_long_ago = MaracHistory(last_referral_on=date(2017, 7, 1), last_heard_on=date(2017, 11, 9))
    late = an_incident(date(2018, 8, 4))

    assert repeats(referred_long_ago, late) is True
    assert repeats(MaracHistory(last_referral_on=date(2017, 7, 1)), late) is False
    assert repeats(MaracHistory(last_heard_on=date(2017, 11, 9)), late) is True


def test_the_window_runs_from_the_hearing_alone_where_the_area_says_so() -> None:
    never_heard = MaracHistory(last_referral_on=date(2018, 4, 1))
    heard_long_ago = MaracHistory(last_referral_on=date(2018, 4, 1), last_heard_on=date(2017, 6, 1))
    late = an_incident(date(2018, 8, 4))

    assert repeats(never_heard, late, anchor=REFERRED) is True
    assert repeats(never_heard, late, anchor=HEARD) is False
    assert repeats(heard_long_ago, late, anchor=HEARD) is False
    assert repeats(AT_MARAC, late, anchor=HEARD) is True


def test_behaviour_that_is_no_crime_repeats_only_under_the_present_definition() -> None:
    contact = an_incident(date(2018, 7, 7), criminal=False)

    assert repeats(AT_MARAC, contact, behaviour=ANY) is True
    assert repeats(AT_MARAC, contact, behaviour=CRIMINAL) is False


def test_behaviour_that_may_be_a_crime_leaves_the_older_definition_open() -> None:
    assert repeats(AT_MARAC, an_incident(date(2018, 7, 7)), behaviour=CRIMINAL) is None


def test_an_assault_by_somebody_else_is_another_case_and_no_repeat() -> None:
    assert repeats(AT_MARAC, an_incident(date(2018, 7, 7), perpetrator_ref="perpetrator-9")) is False


def test_a_couple_never_at_marac_does_not_repeat() -> None:
    assert repeats(MaracHistory(), an_incident(date(2018, 7, 7))) is False


def test_a_history_nobody_looked_up_is_what_our_own_records_say_unless_the_victim_has_moved() -> None:
    moved = a_snapshot({"moved_area": True}, incidents=(an_incident(date(2018, 7, 7)),))

    assert repeats(None, an_incident(date(2018, 7, 7))) is False
    assert is_repeat(moved, AN_INSTANT, 12, REFERRED, ANY) is None


def test_a_hearing_elsewhere_of_an_unknown_date_leaves_it_open() -> None:
    assert repeats(MaracHistory(heard_elsewhere_undated=True), an_incident(date(2018, 7, 7))) is None


def test_a_hearing_elsewhere_of_an_unknown_date_leaves_it_open_beside_a_referral_long_past() -> None:
    long_past = MaracHistory(last_referral_on=date(2016, 1, 1), heard_elsewhere_undated=True)
    recent = replace(long_past, last_referral_on=date(2018, 4, 1))

    assert repeats(long_past, an_incident(date(2018, 7, 7))) is None
    assert repeats(recent, an_incident(date(2018, 7, 7))) is True
    assert repeats(long_past, an_incident(date(2018, 7, 7), perpetrator_ref="perpetrator-9")) is False


def test_the_evening_of_a_hearing_elsewhere_comes_after_it() -> None:
    day = MaracHistory(last_heard_on=date(2018, 7, 7))
    evening = replace(an_incident(date(2018, 7, 7)), occurred_at=datetime(2018, 7, 7, 21, tzinfo=UTC))
    night_before = replace(an_incident(date(2018, 7, 7)), occurred_at=datetime(2018, 7, 7, 1, tzinfo=UTC))

    assert repeats(day, evening) is True
    assert repeats(day, night_before) is False
    assert repeats(MaracHistory(last_referral_on=date(2018, 7, 7)), evening) is False


def test_a_hearing_stands_in_for_a_referral_of_an_unknown_date() -> None:
    assert repeats(MaracHistory(last_heard_on=date(2018, 4, 5)), an_incident(date(2018, 7, 7))) is True


def test_an_old_event_of_a_window_long_past_that_is_told_only_now_repeats_nothing() -> None:
    long_ago = MaracHistory(last_referral_on=date(2015, 8, 1), last_heard_on=date(2015, 8, 20))

    assert repeats(long_ago, replace(an_incident(date(2015, 12, 1)), recorded_at=AN_INSTANT)) is False


def test_what_happened_before_the_referral_is_no_repeat_of_it() -> None:
    assert repeats(AT_MARAC, an_incident(date(2017, 7, 7))) is False


def reported(on: date, hour: int = 12) -> IncidentFacts:
    """An event that this service was told of on the day it happened."""
    at = datetime(on.year, on.month, on.day, hour, tzinfo=UTC)
    return replace(an_incident(on), occurred_at=at - timedelta(hours=1), recorded_at=at)


def waits_since(on: date, until: date | None = None) -> MaracProcess:
    start = datetime(on.year, on.month, on.day, 12, tzinfo=UTC)
    return MaracProcess(start, datetime(until.year, until.month, until.day, tzinfo=UTC) if until else None)


MAY, JUNE, JULY = date(2018, 5, 1), date(2018, 6, 1), date(2018, 7, 1)


def test_the_report_that_made_the_referral_never_repeats_it() -> None:
    assert repeats(MaracHistory(processes=(waits_since(MAY),)), reported(MAY)) is False


def test_an_event_between_the_referral_and_its_hearing_belongs_to_that_case() -> None:
    heard = MaracHistory(processes=(waits_since(MAY, JULY),), heard_at=(noon(date(2018, 6, 30)),))
    told_late = replace(reported(JUNE), recorded_at=datetime(2018, 7, 20, tzinfo=UTC))

    assert repeats(MaracHistory(processes=(waits_since(MAY),)), reported(MAY), reported(JUNE)) is False
    assert repeats(heard, reported(MAY), reported(JUNE)) is False
    assert repeats(heard, reported(MAY), told_late) is False


def test_a_new_event_after_the_hearing_repeats_and_stays_that_until_it_is_heard() -> None:
    heard = MaracHistory(processes=(waits_since(MAY, JUNE),), heard_at=(noon(date(2018, 5, 31)),))
    again = replace(heard, processes=(*heard.processes, waits_since(JULY)))

    assert repeats(heard, reported(MAY), reported(JULY)) is True
    assert repeats(again, reported(MAY), reported(JULY)) is True
    assert repeats(again, reported(MAY), reported(JULY), reported(date(2018, 7, 3))) is True


def test_a_new_event_after_marac_declined_repeats_the_referral() -> None:
    declined = MaracHistory(processes=(waits_since(MAY, date(2018, 5, 3)),))

    assert repeats(declined, reported(MAY), reported(JUNE)) is True


def test_an_old_event_that_is_told_after_its_window_is_no_repeat() -> None:
    long_ago = MaracHistory(
        processes=(waits_since(date(2016, 1, 1), date(2016, 1, 20)),), heard_at=(noon(date(2016, 1, 19)),)
    )
    of_that_year = replace(an_incident(date(2016, 3, 1)), recorded_at=datetime(2018, 7, 1, tzinfo=UTC))

    assert repeats(long_ago, reported(date(2018, 7, 2))) is False
    assert repeats(replace(long_ago, heard_at=()), of_that_year) is False


@pytest.mark.parametrize("told", [datetime(2018, 6, 1, 22, 30, tzinfo=UTC), datetime(2018, 6, 2, 8, tzinfo=UTC)])
def test_an_event_on_the_evening_of_the_hearing_repeats_whenever_it_is_told(told: datetime) -> None:
    heard_at = noon(JUNE)
    heard = MaracHistory(processes=(MaracProcess(noon(MAY), heard_at),), heard_at=(heard_at,))
    evening = replace(an_incident(JUNE), occurred_at=datetime(2018, 6, 1, 21, tzinfo=UTC), recorded_at=told)
    morning = replace(evening, occurred_at=datetime(2018, 6, 1, 7, tzinfo=UTC))

    assert repeats(heard, reported(MAY), evening) is True
    assert repeats(heard, reported(MAY), morning) is False
