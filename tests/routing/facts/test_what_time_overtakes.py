"""Facts that time overtakes: the same statements, decided at a later instant, give what is right then."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from app.routing.facts.moving.ages import born_by_age
from app.routing.facts.snapshot.case import CaseSnapshot
from app.routing.facts.snapshot.orders import Order
from app.routing.facts.snapshot.perpetrator import Conviction, Licence, Perpetrator
from app.routing.facts.statute import category_two
from app.routing.policy.types import Fact
from app.routing.policy.vocabulary import LicenceKind, OrderKind, SentenceKind
from tests.routing.given import a_snapshot, facts_at

RELEASE = date(2026, 12, 20)
HELD = a_snapshot(perpetrator={"in_custody": True, "release_on": RELEASE})


def fact(case: CaseSnapshot, name: str, on: date) -> Fact:
    return facts_at(case, datetime(on.year, on.month, on.day, 12, tzinfo=UTC))[name]


@pytest.mark.parametrize(("on", "held"), [(date(2026, 12, 19), True), (RELEASE, None), (date(2027, 6, 1), None)])
def test_from_the_day_of_release_nobody_is_known_to_be_in_custody(on: date, held: bool | None) -> None:
    assert fact(HELD, "in_custody", on) is held


def test_somebody_who_was_taken_in_again_after_the_release_is_in_custody() -> None:
    again = replace(HELD.perpetrator, custody_periods=((date(2027, 1, 5), None),))

    assert fact(replace(HELD, perpetrator=again), "in_custody", date(2027, 1, 6)) is True


def test_custody_ends_with_the_last_period_that_was_told() -> None:
    case = a_snapshot(perpetrator={"in_custody": True, "custody_periods": ((date(2026, 11, 1), date(2026, 11, 30)),)})

    assert fact(case, "in_custody", date(2026, 11, 30)) is True
    assert fact(case, "in_custody", date(2026, 12, 1)) is None


def test_a_period_that_had_ended_when_custody_was_stated_was_another_custody() -> None:
    earlier, said_on = (date(2025, 1, 1), date(2025, 6, 1)), date(2026, 3, 10)
    held = {"in_custody": True, "custody_said_on": said_on}
    case = a_snapshot(perpetrator={**held, "custody_periods": (earlier,)})
    later = a_snapshot(perpetrator={**held, "custody_periods": (earlier, (said_on, date(2026, 4, 1)))})

    assert fact(case, "in_custody", said_on) is True
    assert fact(case, "in_custody", date(2026, 9, 1)) is True
    assert fact(later, "in_custody", date(2026, 4, 2)) is None


def test_custody_without_an_end_goes_on() -> None:
    assert fact(a_snapshot(perpetrator={"in_custody": True}), "in_custody", date(2030, 1, 1)) is True


def test_statute_does_not_count_custody_that_is_over_and_asks_what_came_after() -> None:
    robbery = Conviction(
        "robbery", date(2026, 3, 1), sentence=SentenceKind.CUSTODY, sentence_months=18, suspended=False
    )
    person = Perpetrator("P", convictions=(robbery,), licences=(), in_custody=True, release_on=RELEASE)

    assert category_two(person, date(2026, 12, 19), supervised=False) is True
    assert category_two(person, RELEASE, supervised=False) is None


@pytest.mark.parametrize(("on", "supervised"), [(date(2026, 12, 20), True), (date(2026, 12, 21), False)])
def test_licence_that_has_ended_supervises_nobody(on: date, supervised: bool) -> None:
    case = a_snapshot(perpetrator={"licences": (Licence(LicenceKind.LICENCE, ends_on=RELEASE),)})

    assert fact(case, "supervised", on) is supervised


@pytest.mark.parametrize(
    ("on", "breached"), [(date(2026, 12, 20), True), (date(2027, 5, 1), True), (date(2027, 6, 21), False)]
)
def test_breach_of_an_order_counts_for_as_long_as_evidence_does_after_its_end(on: date, breached: bool) -> None:
    case = a_snapshot(orders=(Order(OrderKind.RESTRAINING_ORDER, ends_on=RELEASE, breached=True),))

    assert fact(case, "order_breached", on) is breached


def test_protection_order_that_was_granted_is_visited_under_until_it_ends() -> None:
    order = Order(OrderKind.DVPO, starts_on=date(2026, 11, 25), ends_on=RELEASE)
    case = a_snapshot(protective_order_granted=True, orders=(order,))

    assert fact(case, "protective_order_granted", RELEASE) is True
    assert fact(case, "protective_order_granted", date(2026, 12, 21)) is False
    assert fact(replace(case, orders=None), "protective_order_granted", date(2027, 1, 1)) is True


def test_ages_of_one_report_are_other_ages_when_the_case_is_decided_anew() -> None:
    told = date(2026, 11, 29)
    case = a_snapshot({"birth": born_by_age(15, told)}, {"birth": born_by_age(17, told)})

    assert [fact(case, name, told) for name in ("victim_age", "perpetrator_age")] == [15, 17]
    later = date(2028, 1, 10)
    assert [fact(case, name, later) for name in ("victim_age", "perpetrator_age")] == [16, 18]
    assert fact(case, "victim_youngest", date(2027, 3, 1)) == 15
