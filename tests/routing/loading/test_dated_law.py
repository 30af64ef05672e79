"""The law of a policy by date: which line holds on a day, and what is asked on a day without a line (K)."""

from datetime import date

import pytest

from app.routing.engine.decide import decide
from app.routing.law.files import law_book
from app.routing.law.local import facts_of_law
from app.routing.loading.catalogue import SHIPPED
from app.routing.loading.loader import read_policy
from app.routing.policy.faults import PolicyErrors
from app.vocabulary import Role
from tests.routing.given import altered, baseline, facts, local, shipped

BASE = altered()


@pytest.mark.parametrize(
    ("day", "regime"),
    [
        (date(2025, 1, 15), "DVPO"),
        (date(2025, 3, 4), "DVPO"),
        (date(2025, 3, 5), None),
        (date(2025, 3, 10), None),
        (date(2025, 3, 11), "DAPO"),
        (date(2026, 11, 24), "DAPO"),
        (date(2026, 11, 25), None),
    ],
)
def test_kind_k_cleveland_has_its_own_dates_and_asks_where_nothing_was_read(day: date, regime: str | None) -> None:
    assert facts_of_law(shipped("cleveland-current").law, day)["protective_order_regime"] == regime


@pytest.mark.parametrize("day", [date(2024, 11, 27), date(2025, 3, 11), date(2026, 11, 24)])
def test_kind_k_an_area_outside_the_pilots_keeps_the_notices_of_2010(day: date) -> None:
    assert facts_of_law(baseline().law, day)["protective_order_regime"] == "DVPO"


@pytest.mark.parametrize("day", [date(2026, 11, 25), date(2028, 1, 1), date(2040, 1, 1)])
@pytest.mark.parametrize("name", SHIPPED)
def test_kind_k_past_the_last_day_that_was_read_every_area_is_asked(name: str, day: date) -> None:
    assert facts_of_law(shipped(name).law, day)["protective_order_regime"] is None


@pytest.mark.parametrize(("day", "basis"), [(date(2025, 11, 6), "practice"), (date(2025, 11, 7), "statute")])
def test_kind_k_schools_are_told_by_statute_from_the_seventh_of_november_2025(day: date, basis: str) -> None:
    assert facts_of_law(baseline().law, day)["school_notice_basis"] == basis


@pytest.mark.parametrize(
    ("key", "name"),
    [
        ("dapo_cleveland", "cleveland-current"),
        ("dapo_greater_manchester", "greater-manchester"),
        ("dapo_london", "london-pilot-boroughs"),
        ("dapo_north_wales", "north-wales"),
    ],
)
def test_kind_k_the_dates_of_every_pilot_are_those_of_the_instrument_that_was_read(key: str, name: str) -> None:
    pilot = next(line.provision.dates for line in law_book().statutes if line.key == key)
    line = next(line for line in shipped(name).law if line.value == "DAPO")

    assert (line.in_force, line.until) == (pilot.in_force, pilot.until)


def test_kind_k_past_the_last_day_the_inspector_is_asked_and_considers_a_notice_meanwhile() -> None:
    law = facts_of_law(shipped("cleveland-current").law, date(2026, 11, 29))

    decision = decide(shipped("cleveland-current"), facts(grade="HIGH", **law))

    duties = {duty.id for duty in decision.duties}
    assert "D31.regime" in duties
    assert not {"D31", "D31.dapn"} & duties
    asked = {
        item.fact for enquiry in decision.enquiries if enquiry.role is Role.POLICE_INSPECTOR for item in enquiry.items
    }
    assert asked == {"protective_order_regime"}


def test_kind_i_a_notice_of_the_act_of_2021_is_for_a_victim_of_sixteen_and_a_perpetrator_of_eighteen() -> None:
    for victim, perpetrator, owed in ((16, 18, True), (15, 18, False), (16, 17, False), (14, 40, False)):
        given = facts(
            victim_oldest=victim,
            perpetrator_oldest=perpetrator,
            protective_order_regime="DAPO",
            arrested_without_charge=True,
        )
        duties = {duty.id for duty in decide(baseline(), given).duties}
        assert ("D31.dapn" in duties) is owed, (victim, perpetrator)


def test_an_area_adds_the_line_of_a_later_instrument_with_its_source() -> None:
    policy = read_policy(
        local("""
[source.SI-LATER]
title = "A later instrument"
tag = "V"
says = "the pilot goes on"

[[law]]
id = "LAW-DVPO"
fact = "protective_order_regime"
value = "DVPO"
in_force = 2014-03-08
until = 2026-12-31
says = "notices of 2010"
reason = "the new notices begin"
source = "SI-LATER"

[[law]]
id = "LAW-LATER"
fact = "protective_order_regime"
value = "DAPO"
in_force = 2027-01-01
says = "notices of 2021"
reason = "the instrument names this area"
source = "SI-LATER"
"""),
        BASE,
    )

    assert facts_of_law(policy.law, date(2027, 1, 1))["protective_order_regime"] == "DAPO"
    assert ("law", "LAW-LATER", "added") in {(one.kind, one.id, one.now) for one in policy.departures}


@pytest.mark.parametrize(
    ("was", "becomes", "fault"),
    [
        ('value = "DVPO"\nin_force', 'value = "BOTH"\nin_force', "not one that protective_order_regime can have"),
        ("until = 2025-11-06", "until = 2025-11-08", "LAW-ENCOMPASS-PRACTICE still says what school_notice_basis is"),
        ("until = 2025-11-06", "until = 2025-11-05", "no line says what school_notice_basis is on 2025-11-06"),
        ("until = 2025-11-06", "until = 2012-11-06", "ends before it begins"),
        ("in_force = 2014-03-08\n", "", "must say the first day"),
        ("in_force = 2014-03-08\n", 'in_force = "March 2014"\n', "must be a day"),
        ('fact = "school_notice_basis"', 'fact = "weather"', "not a fact of this policy"),
    ],
)
def test_a_wrong_line_is_refused_with_its_place(was: str, becomes: str, fault: str) -> None:
    with pytest.raises(PolicyErrors, match=fault) as refused:
        read_policy(altered((was, becomes)))

    assert "altered.toml:" in str(refused.value)


def test_the_statutory_basis_of_telling_a_school_is_locked() -> None:
    drop = '[[drop]]\nid = "LAW-ENCOMPASS"\nreason = "we tell no schools"\nsource = "DESIGN"\n'

    with pytest.raises(PolicyErrors, match="LAW-ENCOMPASS is locked"):
        read_policy(local(drop), BASE)


def test_each_statute_says_which_parts_of_the_policy_rest_on_it_and_each_is_there() -> None:
    policy = baseline()
    parts = {part.id for kind in (policy.rules, policy.duties, policy.warnings) for part in kind}
    there = parts | policy.facts.keys() | policy.parameters.keys()

    assert [(line.key, name) for line in law_book().statutes for name in line.read_by if name not in there] == []
