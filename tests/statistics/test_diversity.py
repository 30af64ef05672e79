"""Counting fields are kept apart: they are counted, small counts are not shown, and no case shows them."""

from typing import Any

import pytest
from sqlalchemy import Engine, text

from app.referrals.diversity.vocabulary import EthnicGroup
from app.statistics.diversity_counts import NOT_COLLECTED, CountedDiversity, StatedDiversity, by_case, cells_of
from tests.given import Callers, a_referral, not_high_risk

STATED = {"ethnic_group": "ASIAN", "disabled": False, "lgbt": True, "sex": "MALE"}
PERIOD = {"area": "ANYTOWN", "from": "2026-03-01", "to": "2026-03-31"}


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


def counted(callers: Callers) -> dict[str, Any]:
    found: dict[str, Any] = callers.coordinator.get("/v1/statistics", **PERIOD).json()
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
            scoped = (
                "SELECT set_config('app.row_scope', :scope, true), set_config('app.agency', 'ANYTOWN-POLICE', true)"
            )
            connection.execute(text(scoped), {"scope": scope})
            connection.execute(text("SELECT set_config('app.areas', 'ANYTOWN', true)"))
            assert connection.execute(text("SELECT count(*) FROM diversity")).scalar() == 0


def test_later_facts_add_to_it_and_null_takes_it_back(callers: Callers) -> None:
    ids = [referred(callers, number, diversity={"sex": "FEMALE"})["referral_id"] for number in range(6)]
    assert counted(callers)["diversity"]["sex"]["FEMALE"] == 6

    for referral in ids:
        callers.hub.post(f"/v1/referrals/{referral}/facts", {"diversity": {"disabled": True}})
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
