"""Each column of the quarterly return follows from the cases that a meeting heard; a blank is not nought."""

from datetime import date

import pytest

from app.referrals.diversity.vocabulary import EthnicGroup, Sex
from app.statistics.diversity_counts import CountedDiversity
from app.statistics.quarterly_return import COLUMNS, SOURCES, Cell, CountedChild, HeardCase, faults_of, return_row
from app.statistics.referral_sources import NOT_KNOWN, ReferralSource, count_sources, source_of
from app.vocabulary import AgencyKind

DAY = date(2026, 3, 26)
AT_HOME = CountedChild("C-1", in_household=True, age=6)


def row_of(*cases: HeardCase) -> dict[str, Cell]:
    return return_row("Anytown", DAY, cases)


def a_case(*, repeat: bool = False, source: ReferralSource | None = ReferralSource.POLICE, **said: object) -> HeardCase:
    return HeardCase(repeat, source, **said)


def counting(**fields: object) -> HeardCase:
    return a_case(diversity=CountedDiversity(**fields))


def test_the_row_has_thirty_two_columns_in_the_order_of_the_template() -> None:
    assert list(row_of()) == list(COLUMNS)
    assert (len(COLUMNS), COLUMNS[0], COLUMNS[-1]) == (32, "A", "AF")


def test_a_to_d_are_the_meeting_its_cases_and_its_repeats() -> None:
    row = row_of(a_case(repeat=True), a_case())

    assert [row[letter] for letter in "ABCD"] == ["Anytown", DAY, 2, 1]


@pytest.mark.parametrize(
    ("children", "cells"),
    [
        ((AT_HOME, CountedChild("C-2", in_household=True, age=17)), [2, 1]),
        ((CountedChild("C-3", in_household=True, age=18),), [0, 0]),
        ((CountedChild("C-4", in_household=False, age=6),), [0, 0]),
        ((), [0, 0]),
        (None, [None, None]),
        ((CountedChild("C-5", in_household=None, age=6),), [None, None]),
        ((CountedChild("C-6", in_household=True, age=None),), [None, None]),
    ],
)
def test_e_and_f_count_children_of_the_household_under_18_and_stay_blank_where_nobody_said(
    children: tuple[CountedChild, ...] | None, cells: list[int | None]
) -> None:
    row = row_of(a_case(children=children))

    assert [row["E"], row["F"]] == cells


def test_a_child_of_two_cases_of_one_meeting_is_one_child() -> None:
    row = row_of(a_case(children=(AT_HOME,)), a_case(children=(AT_HOME,)))

    assert [row["E"], row["F"]] == [1, 2]


@pytest.mark.parametrize(("letter", "source"), SOURCES.items())
def test_g_to_t_count_each_source_once(letter: str, source: ReferralSource) -> None:
    row = row_of(a_case(source=source))

    assert {name for name in SOURCES if row[name]} == {letter}
    assert faults_of(row) == []


def test_the_minoritised_total_stays_blank() -> None:
    assert row_of(counting(ethnic_group=EthnicGroup.ASIAN))["U"] is None


@pytest.mark.parametrize(
    ("letter", "counted", "other"),
    [
        ("V", counting(lgbt=True), counting(lgbt=False)),
        ("W", counting(disabled=True), counting(disabled=False)),
        ("X", counting(sex=Sex.MALE), counting(sex=Sex.NOT_STATED)),
        ("Y", a_case(victim_age=16), a_case(victim_age=18)),
        ("Y", a_case(victim_age=17), a_case(victim_age=15)),
        ("Z", a_case(perpetrator_age=17), a_case(perpetrator_age=18)),
        ("AA", a_case(victim_age=65), a_case(victim_age=64)),
        ("AB", counting(ethnic_group=EthnicGroup.ASIAN), counting(ethnic_group=EthnicGroup.NOT_STATED)),
        ("AC", counting(ethnic_group=EthnicGroup.BLACK), counting(ethnic_group=EthnicGroup.ASIAN)),
        ("AD", counting(ethnic_group=EthnicGroup.MIXED), counting(ethnic_group=EthnicGroup.ASIAN)),
        ("AE", counting(ethnic_group=EthnicGroup.WHITE_OTHER), counting(ethnic_group=EthnicGroup.WHITE_BRITISH)),
        ("AF", counting(ethnic_group=EthnicGroup.OTHER), counting(ethnic_group=EthnicGroup.ASIAN)),
    ],
)
def test_v_to_af_count_who_is_in_the_band_and_a_blank_is_not_nought(
    letter: str, counted: HeardCase, other: HeardCase
) -> None:
    assert row_of(counted, other)[letter] == 1
    assert row_of(other)[letter] == 0
    assert row_of(counted, a_case())[letter] is None


def test_a_case_heard_twice_counts_twice() -> None:
    case = a_case()

    assert row_of(case, case)["C"] == 2


def test_each_of_the_three_checks_is_broken_by_its_own_fault() -> None:
    row = row_of(a_case())

    assert faults_of(row | {"D": 2}) == ["D: more repeats than cases"]
    assert faults_of(row | {"F": 2}) == ["F: more cases with children than cases"]
    assert faults_of(row_of(a_case(source=None))) == ["G to T: the sources do not add up to the cases"]


@pytest.mark.parametrize(
    ("kind", "role", "source"),
    [
        (AgencyKind.POLICE, "PVP_HUB", ReferralSource.POLICE),
        (AgencyKind.VOLUNTARY_SECTOR, "IDVA", ReferralSource.IDVA),
        (AgencyKind.VOLUNTARY_SECTOR, "REFERRER", ReferralSource.VOLUNTARY_SECTOR),
        (AgencyKind.COUNCIL, "CHILDRENS_SOCIAL_CARE", ReferralSource.CHILDRENS_SOCIAL_CARE),
        (AgencyKind.COUNCIL, "ADULT_SOCIAL_CARE", ReferralSource.ADULT_SAFEGUARDING),
        (AgencyKind.COUNCIL, "HOUSING", ReferralSource.HOUSING),
        (AgencyKind.COUNCIL, "REFERRER", None),
        (AgencyKind.HEALTH, "REFERRER", None),
        (AgencyKind.MASH, "REFERRER", ReferralSource.MASH),
        (None, "PVP_HUB", None),
    ],
)
def test_a_kind_that_does_not_decide_gives_no_source(
    kind: AgencyKind | None, role: str, source: ReferralSource | None
) -> None:
    assert source_of(kind, role) is source


def test_sources_that_are_not_known_are_counted_as_not_known() -> None:
    counted = count_sources([(AgencyKind.POLICE, "PVP_HUB"), (None, "PVP_HUB")])

    assert (counted["POLICE"], counted[NOT_KNOWN], counted["HOUSING"]) == (1, 1, 0)
