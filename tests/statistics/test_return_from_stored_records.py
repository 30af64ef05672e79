"""Each column of the quarterly return follows from a field that this service stores, as the derivation table says."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest
from sqlalchemy.orm import Session, sessionmaker

from app.access.models import Agency
from app.access.service import scope_to_system
from app.statistics.quarterly_return import COLUMNS, SOURCES, Cell, faults_of
from app.statistics.referral_sources import ReferralSource
from app.vocabulary import AgencyKind
from tests.meetings.sitting import FIRST_MEETING, Sitting
from tests.statistics.stored_return import stored_row

THIRD_MEETING = date(2026, 4, 23)  # what comes on the day of the first is late for the second
AT_HOME = {"ref": "C-1", "in_household": True, "age": 6}
KIND_OF_SOURCE = {source: AgencyKind(source.value) for source in ReferralSource}


class ReturnOf:
    """A meeting of MARAC in March, and the row that its stored records give."""

    def __init__(self, sitting: Sitting, sessions: sessionmaker[Session]) -> None:
        self.sitting, self.sessions = sitting, sessions
        self.meetings = sitting.cycle()

    def row(self, *referrals: Mapping[str, Any]) -> dict[str, Cell]:
        """Refers each of them, lets the first meeting hear them, and returns its row."""
        self.heard(*referrals)
        return self.stored(0)

    def heard(self, *referrals: Mapping[str, Any]) -> list[dict[str, Any]]:
        cases = [self.sitting.referred(f"DV-{n}", **_people(n) | dict(one)) for n, one in enumerate(referrals)]
        self.hears(cases, meeting=0, on=FIRST_MEETING)
        return cases

    def hears(self, cases: list[dict[str, Any]], meeting: int, on: date) -> None:
        self.sitting.on(on)
        for case in cases:
            self.sitting.heard(case["case_id"], self.meetings[meeting]["id"])

    def stored(self, meeting: int) -> dict[str, Cell]:
        with self.sessions() as session:
            return stored_row(session, self.meetings[meeting]["id"])


def _people(number: int) -> dict[str, Any]:
    return {
        "victim": {"ref": f"V-{number}", "age": 34},
        "perpetrator": {"ref": f"P-{number}", "age": 41, "in_custody": False, "mappa": {"not_managed": True}},
    }


@pytest.fixture
def returned(sitting: Sitting, sessions: sessionmaker[Session]) -> ReturnOf:
    return ReturnOf(sitting, sessions)


def test_a_b_and_c_are_the_meeting_of_the_calendar_and_what_it_heard(returned: ReturnOf) -> None:
    row = returned.row({}, {})

    assert [row[letter] for letter in "ABCD"] == ["Anytown", FIRST_MEETING, 2, 0]
    assert list(row) == list(COLUMNS)
    assert faults_of(row) == []


def test_d_is_a_case_that_is_referred_again_within_twelve_months(returned: ReturnOf) -> None:
    (case,) = returned.heard({})
    returned.sitting.incident(case, "2026-03-26T11:00:00Z")
    returned.hears([case], meeting=2, on=THIRD_MEETING)

    assert (returned.stored(0)["D"], returned.stored(2)["D"]) == (0, 1)


@pytest.mark.parametrize(("day", "repeats"), [("2025-04-01", 1), ("2025-02-01", 0)])
def test_d_counts_what_another_marac_heard_where_the_history_tells_it(
    day: str, repeats: int, returned: ReturnOf
) -> None:
    assert returned.row({"marac_history": {"last_referral_on": day}})["D"] == repeats


@pytest.mark.parametrize(
    ("children", "cells"),
    [
        ([AT_HOME, AT_HOME | {"ref": "C-2", "age": 18}], [1, 1]),
        ([], [0, 0]),
        (None, [None, None]),
        ([AT_HOME | {"in_household": None}], [None, None]),
    ],
)
def test_e_and_f_are_the_children_of_the_household_and_blank_where_nobody_said(
    children: list[dict[str, Any]] | None, cells: list[int | None], returned: ReturnOf
) -> None:
    row = returned.row({} if children is None else {"children": children})

    assert [row["E"], row["F"]] == cells


@pytest.mark.parametrize(("letter", "source"), SOURCES.items())
def test_g_to_t_are_the_kind_of_the_agency_that_refers(
    letter: str, source: ReferralSource, returned: ReturnOf, sessions: sessionmaker[Session]
) -> None:
    with sessions.begin() as session:
        scope_to_system(session)
        session.get_one(Agency, "ANYTOWN-POLICE").kind = KIND_OF_SOURCE[source]

    row = returned.row({})

    assert {name for name in SOURCES if row[name]} == {letter}
    assert faults_of(row) == []


@pytest.mark.parametrize(("everybody_said", "cell"), [(True, 1), (False, None)])
@pytest.mark.parametrize(
    ("letter", "counted", "other"),
    [
        ("V", {"lgbt": True}, {"lgbt": False}),
        ("W", {"disabled": True}, {"disabled": False}),
        ("X", {"sex": "MALE"}, {"sex": "FEMALE"}),
        *(
            (letter, {"ethnic_group": group}, {"ethnic_group": "WHITE_BRITISH"})
            for letter, group in (
                ("AB", "ASIAN"),
                ("AC", "BLACK"),
                ("AD", "MIXED"),
                ("AE", "WHITE_OTHER"),
                ("AF", "OTHER"),
            )
        ),
    ],
)
def test_v_to_x_and_ab_to_af_are_the_counting_fields_and_a_blank_is_not_nought(
    letter: str,
    counted: dict[str, Any],
    other: dict[str, Any],
    everybody_said: bool,
    cell: int | None,
    returned: ReturnOf,
) -> None:
    assert returned.row({"diversity": counted}, {"diversity": other} if everybody_said else {})[letter] == cell


@pytest.mark.parametrize(
    ("letter", "person", "ages", "cell"),
    [
        ("Y", "victim", (16, 17, 18), 2),
        ("Z", "perpetrator", (17, 18), 1),
        ("AA", "victim", (65, 64), 1),
        *(
            ("Y", "victim", (17, None), None),
            ("Z", "perpetrator", (17, None), None),
            ("AA", "victim", (65, None), None),
        ),
    ],
)
def test_y_z_and_aa_are_ages_and_an_age_that_nobody_stated_is_blank(
    letter: str, person: str, ages: tuple[int | None, ...], cell: int | None, returned: ReturnOf
) -> None:
    people = [{person: _people(number)[person] | {"age": age}} for number, age in enumerate(ages)]

    assert returned.row(*people)[letter] == cell


def test_u_stays_blank_because_the_template_does_not_say_which_groups_it_holds(returned: ReturnOf) -> None:
    assert returned.row({"diversity": {"ethnic_group": "ASIAN"}})["U"] is None
