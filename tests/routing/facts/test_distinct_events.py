"""An event counts once, however often it is sent.

One event has the same force and crime number, or the same force, instant and people.
"""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from app.routing.facts.events import distinct_events
from app.routing.facts.incident_counts import CountRule, CountScope, count_incidents
from app.routing.facts.repeats import RepeatAnchor, RepeatBehaviour, is_repeat
from app.routing.facts.serial_victims import distinct_victims
from app.routing.facts.snapshot.history import MaracHistory
from app.routing.facts.snapshot.incidents import IncidentFacts
from app.routing.policy.vocabulary import IncidentOutcome
from tests.routing.given import AN_INSTANT, a_snapshot, an_incident

DAY = date(2018, 7, 9)
NUMBERED = an_incident(DAY, source_reference="CR-777")


def count_of(*incidents) -> int:
    return len(distinct_events(incidents))


def test_one_crime_number_of_a_force_is_one_event() -> None:
    three = (NUMBERED, NUMBERED, NUMBERED)

    assert count_of(*three) == 1
    assert count_incidents(a_snapshot(incidents=three), AN_INSTANT, CountRule(12, CountScope.DYAD, 3)) == 1


def test_corrected_time_under_one_number_is_one_event_at_the_later_time() -> None:
    corrected = replace(NUMBERED, occurred_at=NUMBERED.occurred_at + timedelta(minutes=5))

    (event,) = distinct_events((corrected, NUMBERED))

    assert event.occurred_at == corrected.occurred_at


@pytest.mark.parametrize(
    "changed",
    [
        {"source_reference": "CR-778"},
        {"force": "Durham"},
        {"victim_ref": "victim-2"},
        {"perpetrator_ref": "perpetrator-2"},
    ],
)
def test_another_number_force_or_person_is_another_event(changed: dict[str, str]) -> None:
    assert count_of(NUMBERED, replace(NUMBERED, **changed)) == 2


def test_without_a_number_the_same_force_instant_and_pair_is_one_event() -> None:
    report = an_incident(DAY)

    assert count_of(report, report) == 1
    assert count_of(report, replace(report, occurred_at=report.occurred_at + timedelta(minutes=1))) == 2
    assert count_of(report, replace(report, victim_ref="victim-2")) == 2


def test_report_without_a_number_joins_the_event_that_has_one_in_any_order() -> None:
    bare = an_incident(DAY)

    assert count_of(bare, NUMBERED) == count_of(NUMBERED, bare) == 1
    assert count_of(bare, NUMBERED, replace(NUMBERED, source_reference="CR-778")) == 2


def test_later_report_completes_the_earlier() -> None:
    first = replace(NUMBERED, outcome=IncidentOutcome.ARRESTED, asb_linked=False, perpetrator_ref=None)
    later = replace(NUMBERED, reported_at=NUMBERED.reported_at + timedelta(days=1), criminal=True, outcome=None)

    (event,) = distinct_events((later, first))

    assert (event.outcome, event.criminal, event.asb_linked) == (IncidentOutcome.ARRESTED, True, False)
    assert event.perpetrator_ref == "perpetrator-1"
    assert event.reported_at == first.reported_at


def test_of_two_contradicting_reports_the_answer_by_which_the_event_counts_stands() -> None:
    denied = replace(NUMBERED, criminal=False, asb_linked=True)
    asserted = replace(NUMBERED, criminal=True, asb_linked=False)

    for reports in ((denied, asserted), (asserted, denied)):
        (event,) = distinct_events(reports)
        assert (event.criminal, event.asb_linked) == (True, False)


def test_victims_are_counted_once_for_each_event_and_never_merged() -> None:
    unnamed = replace(NUMBERED, victim_ref=None)
    other = replace(NUMBERED, victim_ref="victim-2")

    assert distinct_victims(a_snapshot(incidents=(NUMBERED, unnamed)), AN_INSTANT, 36, 2) == 1
    assert distinct_victims(a_snapshot(incidents=(NUMBERED, other)), AN_INSTANT, 36, 2) == 2


def test_event_before_the_hearing_sent_again_after_it_is_no_repeat() -> None:
    heard = MaracHistory(last_referral_on=date(2018, 7, 20), last_heard_on=date(2018, 7, 20))
    again = replace(NUMBERED, reported_at=AN_INSTANT)
    case = a_snapshot(incidents=(NUMBERED, again), marac_history=heard)

    assert is_repeat(case, AN_INSTANT, 12, RepeatAnchor.LAST_HEARING, RepeatBehaviour.ANY_ABUSE) is False


def test_event_after_the_instant_is_left_out() -> None:
    assert distinct_events((an_incident(date(2018, 8, 24)),), AN_INSTANT) == ()


@pytest.mark.parametrize(("told", "counts"), [(None, None), (False, False), (True, True)])
def test_event_is_antisocial_behaviour_only_where_every_report_says_so(told: bool | None, counts: bool | None) -> None:
    (event,) = distinct_events((replace(NUMBERED, asb_linked=told), replace(NUMBERED, asb_linked=True)))

    assert event.asb_linked is counts


@pytest.mark.parametrize(("told", "criminal"), [(None, None), (False, False), (True, True)])
def test_event_is_no_crime_only_where_every_report_says_so(told: bool | None, criminal: bool | None) -> None:
    (event,) = distinct_events((replace(NUMBERED, criminal=told), replace(NUMBERED, criminal=False)))

    assert event.criminal is criminal


def recorded(hour: int, **changed: object) -> IncidentFacts:
    return an_incident(DAY, recorded_at=AN_INSTANT - timedelta(hours=24 - hour), **changed)


def test_number_told_for_another_time_takes_no_event_away() -> None:
    other = NUMBERED.occurred_at + timedelta(days=1)
    first = (recorded(1), recorded(1, occurred_at=other, source_reference="CR-777"))
    later = (recorded(2, source_reference="CR-777"), recorded(3, source_reference="CR-9", occurred_at=other))

    assert count_of(*first) == 2
    assert count_of(*first, *later[:1]) == 2
    assert count_of(*first, *later) >= 2


def test_first_report_that_we_had_says_when_the_event_was_reported() -> None:
    first, backdated = recorded(1, source_reference="C"), recorded(2, source_reference="C", reported_at=AN_INSTANT)
    backdated = replace(backdated, reported_at=first.reported_at - timedelta(days=30))

    (event,) = distinct_events((backdated, first))

    assert event.reported_at == first.reported_at


def test_event_did_not_happen_after_it_was_on_record() -> None:
    first = recorded(1, source_reference="C")

    (event,) = distinct_events((first, replace(first, occurred_at=AN_INSTANT)))

    assert event.occurred_at == first.occurred_at


CHARGED, OPEN = IncidentOutcome.CHARGED, IncidentOutcome.OPEN


@pytest.mark.parametrize(
    ("told", "outcome"),
    [
        ([("A", True, None), ("B", False, CHARGED)], None),
        ([("B", False, CHARGED), ("A", True, OPEN)], OPEN),
        ([("A", True, OPEN), ("A", True, CHARGED)], CHARGED),
        ([("A", True, CHARGED), ("A", True, None)], CHARGED),
        ([("A", True, CHARGED), ("B", True, OPEN)], OPEN),
        ([("B", False, None), ("C", False, CHARGED)], None),
    ],
)
def test_suspect_was_caught_once_whoever_may_say_it_says_so(
    told: list[tuple[str, bool, IncidentOutcome | None]], outcome: IncidentOutcome | None
) -> None:
    reports = [
        recorded(hour, source_reference="C", author=author, may_say=may_say, outcome=says)
        for hour, (author, may_say, says) in enumerate(told)
    ]

    (event,) = distinct_events(reports)

    assert event.outcome is outcome
