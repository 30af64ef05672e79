"""The facts about MAPPA: categories, levels, escalation, licence."""

from dataclasses import replace
from datetime import date

import pytest

from app.routing.facts.moving.custody import in_custody
from app.routing.facts.perpetrator import (
    escalation_evidence,
    escalation_kinds,
    l1_review_overdue,
    licence_ends_soon,
    rosh_contradiction,
    rosh_high,
    rosh_outdated,
    serious_harm_likely,
)
from app.routing.facts.snapshot.orders import Order
from app.routing.facts.snapshot.perpetrator import Conviction, Escalation, Licence, Mappa, Perpetrator, Rosh
from app.routing.facts.statute import CCB, automatic_mappa, capability_shown, listed_offence
from app.routing.facts.supervision import days_to_licence_end, supervised_on
from app.routing.facts.three_valued import three_valued_or
from app.routing.policy.vocabulary import EscalationKind, LicenceKind, OrderKind, RoshLevel, SentenceKind
from tests.routing.given import AN_INSTANT, a_snapshot, an_incident

TODAY = date(2018, 8, 5)
NOBODY_SPECIAL = {"notification_requirement": False, "terrorism_risk": False, "hospital_order": False}


def a_person(**changed: object) -> Perpetrator:
    return Perpetrator("perpetrator-1", **{**NOBODY_SPECIAL, "in_custody": False, **changed})


def robbery(**changed: object) -> Conviction:
    return Conviction(
        **{
            "offence": "robbery",
            "convicted_on": date(2017, 10, 1),
            "sentence": SentenceKind.CUSTODY,
            "sentence_months": 72,
            **changed,
        }
    )


def test_a_listed_offence_with_six_years_on_licence_is_automatic() -> None:
    assert automatic_mappa(a_person(convictions=(robbery(),)), TODAY, supervised=True) is True


@pytest.mark.parametrize(("months", "expected"), [(12, True), (11, False), (None, None)])
def test_twelve_months_qualify_and_eleven_do_not(months: int | None, expected: bool | None) -> None:
    person = a_person(convictions=(robbery(sentence_months=months),))

    assert automatic_mappa(person, TODAY, supervised=True) is expected


def test_a_suspended_sentence_of_twelve_months_qualifies() -> None:
    person = a_person(convictions=(robbery(sentence_months=12, suspended=True),))

    assert automatic_mappa(person, TODAY, supervised=True) is True


def test_category_two_ends_with_the_sentence_and_not_with_the_word_that_no_licence_runs() -> None:
    ended = robbery(sentence_ended_on=date(2018, 8, 4))

    assert automatic_mappa(a_person(convictions=(ended,)), TODAY, supervised=False) is False
    assert automatic_mappa(a_person(convictions=(robbery(),)), TODAY, supervised=False) is None


@pytest.mark.parametrize(
    ("suspended", "convicted_on", "expected"),
    [
        (False, date(2017, 8, 5), True),
        (False, date(2017, 8, 4), None),
        (True, date(2016, 8, 5), True),
        (True, date(2016, 8, 4), None),
        (None, date(2016, 8, 5), True),
        (None, date(2016, 8, 4), None),
    ],
)
def test_a_sentence_whose_months_have_passed_is_not_known_to_be_the_one_that_is_supervised(
    suspended: bool | None, convicted_on: date, expected: bool | None
) -> None:
    person = a_person(convictions=(robbery(sentence_months=12, suspended=suspended, convicted_on=convicted_on),))

    assert automatic_mappa(person, TODAY, supervised=True) is expected


def test_controlling_behaviour_is_automatic_from_the_third_of_february_2025() -> None:
    person = a_person(convictions=(robbery(offence=CCB, sentence_months=18, convicted_on=date(2024, 6, 1)),))

    assert automatic_mappa(person, date(2025, 2, 2), supervised=True) is False
    assert automatic_mappa(person, date(2025, 2, 3), supervised=True) is True


def test_an_offence_the_reference_data_does_not_know_is_unknown() -> None:
    assert listed_offence("witchcraft", TODAY) is None
    assert listed_offence("theft", TODAY) is False
    assert automatic_mappa(a_person(convictions=(robbery(offence="witchcraft"),)), TODAY, supervised=True) is None


@pytest.mark.parametrize("fact", ["notification_requirement", "terrorism_risk"])
def test_notification_and_terrorism_are_automatic_without_a_sentence(fact: str) -> None:
    person = a_person(**{"convictions": (), fact: True})

    assert automatic_mappa(person, TODAY, supervised=False) is True


def test_convictions_nobody_looked_up_are_unknown_and_none_shows_no_capability() -> None:
    assert capability_shown(a_person()) is None
    assert capability_shown(a_person(convictions=())) is False
    assert capability_shown(a_person(convictions=(robbery(caution=True),))) is True


def test_one_yes_settles_and_one_unknown_leaves_open() -> None:
    assert three_valued_or((False, None, True)) is True
    assert three_valued_or((False, None)) is None
    assert three_valued_or((False, False)) is False
    assert three_valued_or(()) is False


def test_high_risk_to_any_group_is_high() -> None:
    assert rosh_high(Rosh(public=RoshLevel.HIGH)) is True
    assert rosh_high(Rosh(public=RoshLevel.LOW)) is None
    low = Rosh(RoshLevel.LOW, RoshLevel.MEDIUM, RoshLevel.LOW, RoshLevel.LOW)
    assert rosh_high(low) is False
    assert serious_harm_likely(a_person(rosh=low, serious_harm_likely=True)) is True


def test_low_risk_to_a_known_adult_beside_an_order_is_a_contradiction() -> None:
    low = {"rosh": Rosh(known_adult=RoshLevel.LOW)}
    order = Order(OrderKind.RESTRAINING_ORDER, "victim-3")

    ended = replace(order, ends_on=date(2018, 8, 4))
    ahead = replace(order, starts_on=date(2018, 8, 6))

    assert rosh_contradiction(a_snapshot(perpetrator=low, orders=(order,)), TODAY) is True
    assert rosh_contradiction(a_snapshot(perpetrator=low, orders=(ended, ahead)), TODAY) is False
    assert rosh_contradiction(a_snapshot(perpetrator=low, orders=()), TODAY) is False
    assert rosh_contradiction(a_snapshot(perpetrator=low), TODAY) is None


@pytest.mark.parametrize(("assessed_on", "expected"), [(date(2018, 6, 26), True), (date(2018, 6, 27), False)])
def test_a_risk_level_from_before_the_newest_incident_is_outdated(assessed_on: date, expected: bool) -> None:
    assessed = {"ref": "perpetrator-1", "rosh": Rosh(assessed_on=assessed_on)}
    case = a_snapshot(perpetrator=assessed, incidents=(an_incident(date(2018, 6, 27)),))

    assert rosh_outdated(case, AN_INSTANT) is expected


def test_incident_on_record_whose_number_a_piece_of_evidence_gives_is_that_evidence() -> None:
    evidence = Escalation(EscalationKind.OTHER_FORCE_INCIDENT, date(2018, 6, 28), "C-1")
    person = {"ref": "perpetrator-1", "escalations": (evidence,)}
    incident = an_incident(date(2018, 6, 27))

    same = a_snapshot(perpetrator=person, incidents=(replace(incident, source_reference="C-1"),))
    other = a_snapshot(perpetrator=person, incidents=(replace(incident, source_reference="C-2"),))

    assert escalation_kinds(same, AN_INSTANT) == {EscalationKind.OTHER_FORCE_INCIDENT}
    assert escalation_evidence(other, AN_INSTANT) == 2
    assert escalation_evidence(replace(other, incidents=other.incidents + same.incidents), AN_INSTANT) == 2


@pytest.mark.parametrize(
    ("period", "expected"),
    [
        ((date(2018, 8, 5), None), True),
        ((date(2018, 1, 1), date(2018, 8, 5)), True),
        ((date(2018, 8, 6), None), None),
        ((date(2018, 1, 1), date(2018, 8, 4)), None),
    ],
)
def test_a_period_of_custody_that_runs_today_says_that_the_perpetrator_is_in_custody(
    period: tuple[date, date | None], expected: bool | None
) -> None:
    assert in_custody(a_person(in_custody=None, custody_periods=(period,)), TODAY) is expected
    assert in_custody(a_person(in_custody=False, custody_periods=(period,)), TODAY) is False


def a_watched_person(**changed: object) -> dict[str, object]:
    quiet = {
        "escalations": (),
        "new_relationship": False,
        "missed_supervision": False,
        "address_approved": True,
        "mappa": Mappa(level=1, last_reviewed_on=date(2018, 5, 28)),
    }
    return quiet | changed


@pytest.mark.parametrize(
    ("changed", "kind"),
    [
        ({"new_relationship": True}, EscalationKind.NEW_RELATIONSHIP),
        ({"missed_supervision": True}, EscalationKind.MISSED_SUPERVISION),
        ({"address_approved": False}, EscalationKind.UNAPPROVED_ADDRESS),
        (
            {"escalations": (Escalation(EscalationKind.POLICE_INTELLIGENCE, date(2018, 6, 21)),)},
            EscalationKind.POLICE_INTELLIGENCE,
        ),
    ],
)
def test_each_sign_since_the_review_is_escalation(changed: dict, kind: EscalationKind) -> None:
    case = a_snapshot(perpetrator=a_watched_person(**changed), incidents=())

    assert escalation_kinds(case, AN_INSTANT) == frozenset({kind})
    assert escalation_evidence(case, AN_INSTANT) == 1


def test_an_incident_since_the_review_is_escalation_and_one_before_is_not() -> None:
    person = a_watched_person()

    assert (
        escalation_evidence(a_snapshot(perpetrator=person, incidents=(an_incident(date(2018, 7, 7)),)), AN_INSTANT) == 1
    )
    assert (
        escalation_evidence(a_snapshot(perpetrator=person, incidents=(an_incident(date(2018, 5, 1)),)), AN_INSTANT) == 0
    )


def test_evidence_is_a_least_number_so_signs_that_nobody_told_of_add_none() -> None:
    nothing_told = a_snapshot(perpetrator=a_watched_person(missed_supervision=None, new_relationship=None))
    one = a_snapshot(perpetrator=a_watched_person(missed_supervision=None, new_relationship=True))

    assert escalation_evidence(nothing_told, AN_INSTANT) == 0
    assert escalation_evidence(one, AN_INSTANT) == 1


def a_licence(ends_on: date | None) -> Licence:
    return Licence(LicenceKind.LICENCE, date(2017, 8, 24), ends_on, "NPS")


def test_a_licence_runs_to_its_last_day_and_unknown_licences_are_unknown() -> None:
    person = a_person(licences=(a_licence(date(2020, 8, 24)),))

    assert supervised_on(person, date(2020, 8, 24)) is True
    assert supervised_on(person, date(2020, 8, 25)) is False
    assert supervised_on(a_person(), TODAY) is None
    assert days_to_licence_end(person, date(2020, 8, 14)) == 10


@pytest.mark.parametrize(("ends_on", "soon"), [(date(2018, 10, 4), True), (date(2018, 10, 5), False), (None, None)])
def test_supervision_that_ends_in_sixty_days_ends_soon(ends_on: date | None, soon: bool | None) -> None:
    assert licence_ends_soon(a_person(licences=(a_licence(ends_on),)), TODAY, 60) is soon


def test_nobody_supervised_has_no_supervision_to_end() -> None:
    assert licence_ends_soon(a_person(licences=()), TODAY, 60) is False


@pytest.mark.parametrize(
    ("today", "months", "overdue"),
    [
        (date(2018, 11, 28), 6, True),
        (date(2018, 11, 27), 6, False),
        (date(2018, 8, 28), 3, True),
        (date(2018, 8, 27), 3, False),
    ],
)
def test_a_level_one_review_is_due_after_the_areas_months(today: date, months: int, overdue: bool) -> None:
    case = a_snapshot(perpetrator={"mappa": Mappa(level=1, last_reviewed_on=date(2018, 5, 28))})

    assert l1_review_overdue(case, today, months) is overdue
    assert l1_review_overdue(a_snapshot(), today, months) is None


def test_a_level_that_was_never_reviewed_runs_from_its_beginning_unless_authors_differ_on_a_review() -> None:
    began = a_snapshot(perpetrator={"mappa": Mappa(level=1, started_on=date(2018, 5, 28))})
    differ = replace(began, disputed=("/perpetrator/mappa/last_reviewed_on",))

    assert l1_review_overdue(began, date(2018, 11, 27), 6) is False
    assert l1_review_overdue(began, date(2018, 11, 28), 6) is True
    assert l1_review_overdue(differ, date(2018, 11, 27), 6) is None


@pytest.mark.parametrize(("today", "overdue"), [(date(2018, 12, 2), False), (date(2018, 12, 3), True)])
def test_a_review_that_was_set_for_a_day_is_due_on_that_day_whatever_the_months_say(today: date, overdue: bool) -> None:
    set_for = Mappa(level=1, last_reviewed_on=date(2017, 1, 1), next_review_on=date(2018, 12, 3))

    assert l1_review_overdue(a_snapshot(perpetrator={"mappa": set_for}), today, 6) is overdue


def test_whoever_tells_convictions_has_looked_so_what_they_leave_out_is_not_so() -> None:
    told, silent = Perpetrator("p", convictions=()), Perpetrator("p")

    assert automatic_mappa(told, TODAY, supervised=None) is False
    assert automatic_mappa(silent, TODAY, supervised=None) is None
