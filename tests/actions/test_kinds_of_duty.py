"""The case shows what becomes of each duty: what is to do, what comes later, and what is refused until it holds."""

from tests.given import Callers, a_serial_perpetrator


def test_case_shows_what_comes_later_and_what_is_refused_until_it_holds(callers: Callers) -> None:
    body = callers.hub.post("/v1/referrals", a_serial_perpetrator()).json()

    case = callers.coordinator.get(f"/v1/cases/{body['case_id']}").json()

    assert {"D13", "D38", "D40", "D41"} <= {one["duty"] for one in case["guards"]}
    assert {"D17.periodic", "D48"} <= {one["duty"] for one in case["later"]}
    assert all(one["opens_on"] > "2026-03-10" for one in case["later"])
    assert {one["duty"] for one in case["open_actions"]}.isdisjoint(one["duty"] for one in case["later"])


def test_agency_that_is_not_of_marac_reads_no_guard(callers: Callers) -> None:
    body = callers.hub.post("/v1/referrals", a_serial_perpetrator()).json()

    assert callers.hub.get(f"/v1/cases/{body['case_id']}").json()["guards"] == []
