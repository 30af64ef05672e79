"""When an order runs, whom it protects, whose breach the police may arrest for, and where a perpetrator lives."""

from datetime import date, timedelta

import pytest

from app.routing.facts.incident_counts import more_elsewhere
from app.routing.facts.orders import bail_breach_suspected, in_force, order_protects_another
from app.routing.facts.reports.lasting_answers import lasting_answers
from app.routing.facts.safety import antisocial_behaviour, roles_reversed
from app.routing.facts.snapshot.answers import EarlierAnswer
from app.routing.facts.snapshot.orders import Order
from app.routing.facts.snapshot.perpetrator import Licence, Mappa, Perpetrator
from app.routing.facts.supervision import area_of_perpetrator, days_to_licence_end
from app.routing.policy.parameters import Parameters
from app.routing.policy.types import Fact
from app.routing.policy.vocabulary import LicenceKind, OrderKind
from tests.routing.given import AN_INSTANT, a_snapshot, an_incident, baseline, parameters

TODAY = AN_INSTANT.date()
A_DAY = timedelta(days=1)
A_LICENCE = Licence(LicenceKind.LICENCE)


@pytest.mark.parametrize(("starts_on", "runs"), [(TODAY - A_DAY, True), (TODAY, True), (TODAY + A_DAY, False)])
def test_order_runs_from_the_day_on_which_it_starts(starts_on: date, runs: bool) -> None:
    assert in_force(Order(OrderKind.RESTRAINING_ORDER, starts_on=starts_on), TODAY) is runs


def test_order_that_protects_the_victim_protects_nobody_else() -> None:
    of_victim = Order(OrderKind.RESTRAINING_ORDER, "victim-1")

    assert order_protects_another(a_snapshot(orders=(of_victim,)), TODAY) is False


@pytest.mark.parametrize("on_bail", [None, False])
def test_suspected_breach_of_somebody_supervised_goes_to_the_service_that_supervises(on_bail: bool | None) -> None:
    person = {"breach_suspected": True, "on_bail": on_bail, "licences": (A_LICENCE,)}

    assert bail_breach_suspected(a_snapshot(perpetrator=person, orders=()), TODAY) is on_bail


def test_perpetrator_lives_where_they_are_said_to_live_before_where_they_are_supervised() -> None:
    supervised = Licence(LicenceKind.LICENCE, area="Durham")
    person = Perpetrator("P", home_area="Cleveland", licences=(supervised,), mappa=Mappa(area="Leeds"))

    assert area_of_perpetrator(person, TODAY) == "Cleveland"


@pytest.mark.parametrize(("ends_on", "left"), [(TODAY, 0), (TODAY - A_DAY, None)])
def test_licence_that_ends_today_has_no_day_left(ends_on: date, left: int | None) -> None:
    person = Perpetrator("P", licences=(Licence(LicenceKind.LICENCE, ends_on=ends_on),))

    assert days_to_licence_end(person, TODAY) == left


def test_roles_are_never_the_other_way_round_with_somebody_unidentified() -> None:
    unnamed = an_incident(TODAY, victim_ref=None, perpetrator_ref=None)
    by_victim = an_incident(TODAY, victim_ref=None, perpetrator_ref="victim-1")

    assert roles_reversed(a_snapshot(incidents=(unnamed,))) is False
    assert roles_reversed(a_snapshot(perpetrator={"ref": None}, incidents=(unnamed, by_victim))) is False


@pytest.mark.parametrize(
    ("answered", "ago", "stands"),
    [(3, 365, True), (3, 366, False), (2, 1, False)],
    ids=["meets its threshold on the first day of the window", "the day before", "under its threshold"],
)
def test_count_that_was_looked_up_stands_while_it_meets_its_threshold_in_its_window(
    answered: int, ago: int, stands: bool
) -> None:
    looked_up = EarlierAnswer("incidents_in_window", answered, AN_INSTANT - ago * A_DAY)
    known: dict[str, Fact] = {"incidents_in_window": 1}

    found = lasting_answers(
        a_snapshot(answered_earlier=(looked_up,)), known, AN_INSTANT, Parameters(parameters(baseline()))
    )

    assert found == ({"incidents_in_window": 3} if stands else {})


def test_antisocial_behaviour_of_somebody_unidentified_against_nobody_named_may_hide_abuse() -> None:
    reported = an_incident(TODAY - A_DAY, victim_ref=None, perpetrator_ref=None, asb_linked=True)

    assert antisocial_behaviour(a_snapshot(perpetrator={"ref": None}, incidents=(reported,)), AN_INSTANT) is True


@pytest.mark.parametrize(("disputed", "more"), [("/victim/home_area", True), ("/victim/age", False)])
def test_two_authors_who_name_different_areas_are_a_sign_of_more_elsewhere(disputed: str, more: bool) -> None:
    assert more_elsewhere(a_snapshot(disputed=(disputed,))) is more
