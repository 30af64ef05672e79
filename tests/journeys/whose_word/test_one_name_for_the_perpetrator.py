"""What is said of a person goes to the case of that person: a statement that names another one is refused.

Sources: decision 12; kind F of the reports (what contradicts itself is refused with its field).
"""

from typing import Any

import pytest

from tests.journeys.hours import HIGH, Hours

LEVEL_3 = {"mappa": {"level": 3}}


def refused(hours: Hours, body: dict[str, Any], perpetrator: dict[str, Any]) -> tuple[int, str]:
    """How the hub's facts about the perpetrator are answered: the status, and the field that is named."""
    answer = hours.callers.hub.post(f"/v1/referrals/{body['referral_id']}/facts", {"perpetrator": perpetrator})
    return answer.status_code, answer.json()["errors"][0]["pointer"]


def with_incident(hours: Hours, body: dict[str, Any], perpetrator: dict[str, Any]) -> Any:
    at = "2026-03-10T09:00:00Z"
    event = {"occurred_at": at, "reported_at": at, "force": "ANYTOWN-POLICE"}
    path = f"/v1/referrals/{body['referral_id']}/incidents"
    return hours.callers.hub.post(path, {"incident": event, "perpetrator": perpetrator})


@pytest.mark.parametrize("ref", ["P-9", "V-1"])
def test_facts_of_another_person_are_refused_and_nothing_is_stored(ref: str, hours: Hours) -> None:
    report = hours.report(HIGH)

    assert refused(hours, report, {"ref": ref, **LEVEL_3}) == (422, "/perpetrator/ref")
    assert hours.newest(report)["facts"].get("mappa_level") is None


def test_second_name_for_somebody_who_was_unidentified_is_refused(hours: Hours) -> None:
    report = hours.report(HIGH, None)
    with_incident(hours, report, {"ref": "P-2"}).raise_for_status()

    assert refused(hours, report, {"ref": "P-1", **LEVEL_3}) == (422, "/perpetrator/ref")
    assert hours.newest(report)["facts"].get("mappa_level") is None


def test_incident_with_the_facts_of_another_person_is_refused(hours: Hours) -> None:
    report = hours.report(HIGH)
    answer = with_incident(hours, report, {"ref": "P-9", **LEVEL_3})

    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "/perpetrator/ref")


@pytest.mark.parametrize("perpetrator", [{"known": False}, {"known": False, "ref": "P-1"}])
def test_nobody_knows_who_it_is_is_refused_once_somebody_does(perpetrator: dict[str, Any], hours: Hours) -> None:
    report = hours.report(HIGH)

    assert refused(hours, report, perpetrator) == (422, "/perpetrator/known")
    assert hours.newest(report)["facts"]["perpetrator_known"] is True


@pytest.mark.parametrize("ref", ["P-1", None])
def test_facts_under_the_case_s_name_or_no_name_are_kept(ref: str | None, hours: Hours) -> None:
    report = hours.report(HIGH)
    hours.learn(report, {"perpetrator": {"ref": ref, **LEVEL_3} if ref else LEVEL_3})

    assert hours.newest(report)["facts"]["mappa_level"] == "3"
