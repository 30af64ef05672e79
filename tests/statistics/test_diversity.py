"""Counting fields are kept apart: they are counted, small counts are not shown, and no case shows them."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, text

from app.foundation.clock import SettableClock
from app.foundation.storage.row_scope import open_row_scope
from app.referrals.diversity.vocabulary import EthnicGroup, Sex
from app.statistics.counting import Period
from app.statistics.diversity_counts import (
    FIELDS,
    NOT_COLLECTED,
    CountedDiversity,
    StatedDiversity,
    by_case,
    cells_of,
    settled_quarters,
    together,
)
from tests.given import Callers, a_referral, not_high_risk

STATED = {"ethnic_group": "ASIAN", "disabled": False, "lgbt": True, "sex": "MALE"}
PERIOD = {"area": "ANYTOWN", "from": "2026-01-01", "to": "2026-03-31"}
SETTLED = datetime(2026, 4, 28, 9, tzinfo=UTC)  # 28 days after the last day of March


def victims(number: int, group: EthnicGroup | None) -> list[CountedDiversity]:
    return [CountedDiversity(ethnic_group=group)] * number


def referred(callers: Callers, number: int, **changes: Any) -> dict[str, Any]:
    people = {"victim": {"ref": f"V-{number}"}, "perpetrator": {"ref": f"P-{number}"}}
    answer = callers.hub.post(
        "/v1/referrals", a_referral(f"DV-{number}", assessment=not_high_risk(), **people, **changes)
    )
    assert answer.status_code == 201, answer.text
    routed: dict[str, Any] = answer.json()
    return routed


def counted(callers: Callers, **period: str) -> dict[str, Any]:
    found: dict[str, Any] = callers.coordinator.get("/v1/statistics", **PERIOD | period).json()
    return found


def test_a_blank_is_counted_as_not_collected_and_never_as_a_value() -> None:
    cells = cells_of("ethnic_group", [*victims(6, EthnicGroup.ASIAN), *victims(7, None)])

    assert (cells["ASIAN"], cells[NOT_COLLECTED], cells["BLACK"]) == (6, 7, 0)


def test_cells_under_five_are_not_shown_nor_told_by_the_total() -> None:
    cells = cells_of(
        "ethnic_group", [*victims(4, EthnicGroup.ASIAN), *victims(6, EthnicGroup.BLACK), *victims(9, None)]
    )

    assert (cells["ASIAN"], cells["BLACK"], cells[NOT_COLLECTED]) == (None, None, 9)


def test_two_small_cells_hide_each_other() -> None:
    sizes = ((4, EthnicGroup.ASIAN), (1, EthnicGroup.MIXED), (6, EthnicGroup.BLACK))
    cells = cells_of("ethnic_group", [one for number, group in sizes for one in victims(number, group)])

    assert (cells["ASIAN"], cells["MIXED"], cells["BLACK"]) == (None, None, 6)


def test_one_victim_is_not_found_among_noughts() -> None:
    for field in FIELDS:
        assert set(cells_of(field, [CountedDiversity(EthnicGroup.ASIAN, True, True, Sex.MALE)]).values()) == {None}


@pytest.mark.parametrize("larger", [5, 6, 20])
def test_what_is_hidden_is_never_known_from_the_total(larger: int) -> None:
    cells = cells_of("disabled", [CountedDiversity(disabled=True), *[CountedDiversity(disabled=False)] * larger])

    assert cells == {"YES": None, "NO": None, NOT_COLLECTED: None}


def test_cell_of_five_is_shown_and_noughts_with_it_where_none_is_small() -> None:
    assert cells_of("disabled", [CountedDiversity(disabled=True)] * 5) == {"YES": 5, "NO": 0, NOT_COLLECTED: 0}


def test_sum_of_two_quarters_tells_no_count_that_one_of_them_hides() -> None:
    assert together([{"YES": 6, "NO": 7}, {"YES": None, "NO": 8}]) == {"YES": None, "NO": 15}


@pytest.mark.parametrize(
    ("first", "last", "today", "quarters"),
    [
        (date(2026, 3, 10), date(2026, 3, 10), date(2026, 12, 1), []),
        (date(2026, 1, 1), date(2026, 3, 30), date(2026, 12, 1), []),
        (date(2026, 1, 2), date(2026, 6, 29), date(2026, 12, 1), []),
        (date(2026, 1, 1), date(2026, 3, 31), date(2026, 4, 27), []),
        (date(2026, 1, 1), date(2026, 3, 31), date(2026, 4, 28), [date(2026, 1, 1)]),
        (date(2025, 9, 1), date(2026, 5, 1), date(2026, 12, 1), [date(2025, 10, 1), date(2026, 1, 1)]),
    ],
)
def test_only_whole_quarters_that_have_settled_are_counted(
    first: date, last: date, today: date, quarters: list[date]
) -> None:
    assert [one.first for one in settled_quarters(Period(first, last), today)] == quarters


def test_one_day_is_not_counted_and_no_difference_of_two_periods_tells_of_a_case(
    callers: Callers, clock: SettableClock
) -> None:
    for number in range(6):
        referred(callers, number, diversity={"sex": "FEMALE"})
    clock.set(clock.now() + timedelta(days=1))
    referred(callers, 7, diversity={"sex": "MALE"})
    clock.set(SETTLED)

    day, before = (
        counted(callers, **{"from": first, "to": last})["diversity"]
        for first, last in (("2026-03-11", "2026-03-11"), ("2026-01-01", "2026-03-30"))
    )

    nothing = {"quarters": [], "ethnic_group": {}, "disabled": {}, "lgbt": {}, "sex": {}}
    assert day == before == nothing
    assert set(counted(callers)["diversity"]["sex"].values()) == {None}


def test_what_is_stated_after_the_quarter_settled_moves_no_count(callers: Callers, clock: SettableClock) -> None:
    for number in range(6):
        referred(callers, number, diversity={"sex": "FEMALE"})
    late = referred(callers, 7, diversity={"sex": "FEMALE"})["referral_id"]
    clock.set(SETTLED)
    before = counted(callers)["diversity"]

    callers.hub.post(f"/v1/referrals/{late}/facts", {"diversity": {"disabled": True}}).raise_for_status()

    assert counted(callers)["diversity"] == before


def test_the_newest_statement_of_each_field_stands_and_each_agency_takes_back_its_own() -> None:
    asian, disabled = CountedDiversity(ethnic_group=EthnicGroup.ASIAN), CountedDiversity(disabled=True)
    stated = [StatedDiversity("case", "HUB", False, asian), StatedDiversity("case", "IDVA", False, disabled)]

    assert by_case(stated) == {"case": CountedDiversity(ethnic_group=EthnicGroup.ASIAN, disabled=True)}
    taken_back = StatedDiversity("case", "HUB", True, CountedDiversity())
    assert by_case([*stated, taken_back]) == {"case": disabled}


def test_what_is_counted_is_in_no_referral_case_decision_or_timeline(callers: Callers, owner_engine: Engine) -> None:
    routed = referred(callers, 1, diversity=STATED)
    referral, case = routed["referral_id"], routed["case_id"]

    paths = (
        f"/v1/referrals/{referral}", f"/v1/referrals/{referral}/decisions", f"/v1/referrals/{referral}/assessments",
        f"/v1/cases/{case}", f"/v1/cases/{case}/timeline",
    )  # fmt: skip
    shown = "".join(callers.coordinator.get(path).text for path in paths)

    assert "ethnic" not in shown
    assert "ASIAN" not in shown
    with owner_engine.begin() as connection:
        assert connection.execute(text("SELECT ethnic_group FROM diversity")).scalars().all() == ["ASIAN"]
        documents = connection.execute(text("SELECT document::text FROM referral")).scalars().all()
        assert "ASIAN" not in "".join(documents)
        assert "ASIAN" not in "".join(
            connection.execute(text("SELECT row_to_json(event)::text FROM event AS event")).scalars().all()
        )


def test_routing_is_the_same_with_and_without_it(callers: Callers) -> None:
    with_it, without = referred(callers, 1, diversity=STATED), referred(callers, 2)

    assert with_it["decision"]["decision"]["facts"] == without["decision"]["decision"]["facts"]


def test_no_agency_reads_a_row(callers: Callers, app_engine: Engine) -> None:
    referred(callers, 1, diversity=STATED)

    for scope in ("area", "agency"):
        with app_engine.begin() as connection:
            open_row_scope(connection, scope, "ANYTOWN-POLICE", "ANYTOWN")
            assert connection.execute(text("SELECT count(*) FROM diversity")).scalar() == 0


def test_later_facts_add_to_it_and_null_takes_it_back(callers: Callers, clock: SettableClock) -> None:
    ids = [referred(callers, number, diversity={"sex": "FEMALE"})["referral_id"] for number in range(6)]
    for referral in ids:
        callers.hub.post(f"/v1/referrals/{referral}/facts", {"diversity": {"disabled": True}})
    clock.set(SETTLED)
    assert counted(callers)["diversity"]["sex"]["FEMALE"] == 6
    assert counted(callers)["diversity"]["disabled"]["YES"] == 6
    for referral in ids:
        callers.hub.post(f"/v1/referrals/{referral}/facts", {"diversity": None})

    assert counted(callers)["diversity"]["sex"][NOT_COLLECTED] == 6


def test_referrals_are_counted_by_the_source_that_their_agency_is(callers: Callers) -> None:
    referred(callers, 1)

    sources = counted(callers)["referral_sources"]

    assert (sources["POLICE"], sources["IDVA"], sum(sources.values())) == (1, 0, 1)


@pytest.mark.parametrize("body", [{"ethnic_group": "WELSH"}, {"religion": "none"}, {"sex": "M"}])
def test_a_word_that_is_not_counted_is_refused_by_name(callers: Callers, body: dict[str, Any]) -> None:
    answer = callers.hub.post("/v1/referrals", a_referral(diversity=body))

    assert answer.status_code == 422
    assert [fault["pointer"] for fault in answer.json()["errors"]] == [f"/diversity/{next(iter(body))}"]
