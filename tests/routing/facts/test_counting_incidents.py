"""Counts in windows: whose incidents, how far back, and what an unidentified person leaves open."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from app.routing.facts.dates import months_before, utc
from app.routing.facts.incident_counts import CountRule, CountScope, count_incidents
from app.routing.facts.serial_victims import custody_days, distinct_victims, lookback_start
from tests.routing.given import AN_INSTANT, a_snapshot, an_incident

JULY = [date(2018, 7, day) for day in (7, 9, 22)]


def the_count(incidents: tuple, scope: CountScope = CountScope.DYAD, months: int = 12, threshold: int = 3):
    return count_incidents(a_snapshot(incidents=incidents), AN_INSTANT, CountRule(months, scope, threshold))


def test_count_is_a_least_number_so_incidents_nobody_told_of_add_none() -> None:
    assert the_count(None) == 0
    assert the_count(()) == 0


@pytest.mark.parametrize(
    "sign",
    [
        {"victim": {"moved_area": True}},
        {"victim": {"home_area": "ANYTOWN"}, "perpetrator": {"home_area": "OTHERTOWN"}},
        {"incidents": (an_incident(JULY[0]), an_incident(date(2017, 1, 1), force="Durham"))},
    ],
    ids=["the victim has moved", "two areas", "two forces"],
)
def test_sign_of_more_elsewhere_leaves_a_count_under_the_threshold_open(sign: dict) -> None:
    case = a_snapshot(**{"incidents": (an_incident(JULY[0]),), **sign})

    assert count_incidents(case, AN_INSTANT, CountRule(12, CountScope.DYAD, 3)) is None
    assert distinct_victims(case, AN_INSTANT, 36, 2) is None
    assert count_incidents(case, AN_INSTANT, CountRule(12, CountScope.DYAD, 1)) == 1


def test_one_area_named_is_no_sign_of_more() -> None:
    case = a_snapshot(victim={"home_area": "ANYTOWN"}, incidents=(an_incident(JULY[0]),))

    assert count_incidents(case, AN_INSTANT, CountRule(12, CountScope.DYAD, 3)) == 1


def test_three_incidents_of_the_couple_in_a_year_are_counted() -> None:
    assert the_count(tuple(an_incident(on) for on in JULY)) == 3


@pytest.mark.parametrize(("on", "counted"), [(date(2017, 8, 5), 1), (date(2017, 8, 4), 0)])
def test_the_first_day_of_the_window_counts_and_the_day_before_does_not(on: date, counted: int) -> None:
    assert the_count((an_incident(on),)) == counted


def test_an_incident_after_the_instant_is_not_counted_in_a_replay() -> None:
    assert the_count((an_incident(date(2018, 8, 24)),)) == 0


def test_incidents_of_any_force_count_for_the_perpetrator_and_not_for_the_couple() -> None:
    durham = an_incident(date(2018, 2, 1), force="Durham", victim_ref="victim-5")

    assert the_count((durham,), CountScope.PERPETRATOR) == 1
    assert the_count((durham,), CountScope.DYAD) == 0
    assert the_count((durham,), CountScope.VICTIM) == 0


def test_an_assault_by_somebody_else_counts_for_the_victim_only() -> None:
    other = an_incident(date(2018, 7, 1), perpetrator_ref="perpetrator-9")

    assert the_count((other,), CountScope.VICTIM) == 1
    assert the_count((other,), CountScope.DYAD) == 0


def test_an_unidentified_attacker_leaves_the_count_open_only_where_it_could_matter() -> None:
    unidentified = an_incident(date(2018, 7, 1), perpetrator_ref=None)
    two = tuple(an_incident(on) for on in JULY[:2])

    assert the_count((*two, unidentified), threshold=3) is None
    assert the_count((*two, unidentified), threshold=4) == 2
    assert the_count((*two, unidentified), threshold=2) == 2


def test_antisocial_behaviour_counts_only_where_the_area_says_so() -> None:
    case = a_snapshot(incidents=(an_incident(date(2018, 6, 27), asb_linked=True),))

    assert count_incidents(case, AN_INSTANT, CountRule(12, CountScope.DYAD, 3)) == 0
    assert count_incidents(case, AN_INSTANT, CountRule(12, CountScope.DYAD, 3, count_asb=True)) == 1


@pytest.mark.parametrize(
    ("day", "months", "first"),
    [
        (date(2018, 8, 31), 6, date(2018, 2, 28)),
        (date(2020, 8, 31), 6, date(2020, 2, 29)),
        (date(2018, 1, 15), 1, date(2017, 12, 15)),
        (date(2018, 12, 31), 12, date(2017, 12, 31)),
        (date(2018, 5, 28), -6, date(2018, 11, 28)),
    ],
)
def test_months_are_calendar_months_and_short_months_end_early(day: date, months: int, first: date) -> None:
    assert months_before(day, months) == first


def test_late_evening_in_summer_belongs_to_the_next_day_in_london() -> None:
    late = an_incident(date(2017, 8, 4))
    after_midnight = datetime(2017, 8, 4, 23, 30, tzinfo=UTC)

    counted = the_count((type(late)(after_midnight, after_midnight, "Cleveland", "victim-1", "perpetrator-1"),))

    assert counted == 1


def test_victims_are_counted_across_forces_and_the_present_one_counts() -> None:
    case = a_snapshot(incidents=(an_incident(date(2018, 2, 1), force="Durham", victim_ref="victim-5"),))

    assert distinct_victims(case, AN_INSTANT, 36, 2) == 2


def test_the_same_victim_twice_is_one_victim() -> None:
    case = a_snapshot(incidents=tuple(an_incident(on) for on in JULY))

    assert distinct_victims(case, AN_INSTANT, 36, 2) == 1


def test_whoever_does_the_harm_is_none_of_the_victims() -> None:
    case = a_snapshot()
    person = case.perpetrator.ref
    harmed = replace(an_incident(JULY[0]), perpetrator_ref=person, also_harmed=(str(person),))

    assert distinct_victims(replace(case, incidents=(harmed,)), AN_INSTANT, 36, 2) == 1


def test_an_unnamed_victim_leaves_serial_open_until_there_are_two_named() -> None:
    unnamed = an_incident(date(2018, 2, 1), victim_ref=None)
    named = an_incident(date(2018, 3, 1), victim_ref="victim-5")

    assert distinct_victims(a_snapshot(incidents=(unnamed,)), AN_INSTANT, 36, 2) is None
    assert distinct_victims(a_snapshot(incidents=(unnamed, named)), AN_INSTANT, 36, 2) == 2


def test_victims_of_a_perpetrator_nobody_has_identified_are_not_known() -> None:
    case = a_snapshot(perpetrator={"ref": None, "known": False}, incidents=())

    assert distinct_victims(case, AN_INSTANT, 36, 2) is None


def test_three_years_in_custody_hide_earlier_victims_unless_custody_is_left_out() -> None:
    earlier = an_incident(date(2013, 11, 1), victim_ref="victim-3")
    inside = ((date(2014, 1, 1), date(2017, 8, 24)),)
    case = a_snapshot(perpetrator={"custody_periods": inside}, incidents=(earlier,))

    assert distinct_victims(case, AN_INSTANT, 36, 2) == 1
    assert custody_days(case.perpetrator, date(2015, 8, 5), date(2018, 8, 5)) == 751
    assert lookback_start(case.perpetrator, date(2018, 8, 5), 36, exclude_custody=True) == date(2013, 7, 15)
    assert distinct_victims(case, AN_INSTANT, 36, 2, exclude_custody=True) == 2


def test_unknown_custody_leaves_the_longer_look_back_unknown() -> None:
    case = a_snapshot(incidents=())

    assert distinct_victims(case, AN_INSTANT, 36, 2, exclude_custody=True) is None


def test_an_instant_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="must carry its zone"):
        utc(datetime(2018, 8, 5))  # noqa: DTZ001 - the point of the test
