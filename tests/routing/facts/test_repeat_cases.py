"""Repeat cases: the same couple, inside the window, for each anchor and each kind of behaviour."""

from datetime import date

import pytest

from app.routing.facts.repeats import RepeatAnchor, RepeatBehaviour, is_repeat
from app.routing.facts.snapshot import MaracHistory
from tests.routing.given import AN_INSTANT, a_snapshot, an_incident

ANY, CRIMINAL = RepeatBehaviour.ANY_ABUSE, RepeatBehaviour.CRIMINAL_ONLY
REFERRED, HEARD = RepeatAnchor.LAST_REFERRAL, RepeatAnchor.LAST_HEARING
AT_MARAC = MaracHistory(last_referral_on=date(2017, 8, 1), last_heard_on=date(2017, 8, 20))


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
    assert repeats(AT_MARAC, an_incident(on)) is expected


def test_the_window_runs_from_the_hearing_where_the_area_says_so() -> None:
    late = an_incident(date(2018, 8, 4))

    assert repeats(AT_MARAC, late, anchor=REFERRED) is False
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


def test_a_history_nobody_looked_up_leaves_repeat_unknown() -> None:
    assert repeats(None, an_incident(date(2018, 7, 7))) is None


def test_what_happened_before_the_referral_is_no_repeat_of_it() -> None:
    assert repeats(AT_MARAC, an_incident(date(2017, 7, 7))) is False
