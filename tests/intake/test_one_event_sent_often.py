"""An incident that is sent again, in one referral, in another or by a partner, is one event and counts once."""

from datetime import UTC, datetime
from typing import Any

import pytest

from app.foundation.clock import SettableClock
from tests.given import Callers, a_referral, an_incident, not_high_risk

Body = dict[str, Any]
NUMBERED = {"source_reference": "CR-2026-777", "criminal": True}


@pytest.fixture(autouse=True)
def in_november(clock: SettableClock) -> None:
    clock.set(datetime(2026, 11, 29, 9, 30, tzinfo=UTC))


def an_event(**changes: Any) -> Body:
    return an_incident("2026-11-27T21:40:00Z") | NUMBERED | changes


def refer(callers: Callers, reference: str, incidents: list[Body], **changes: Any) -> Body:
    sent = a_referral(reference, **{"assessment": not_high_risk(), "incidents": incidents} | changes)
    answer = callers.hub.post("/v1/referrals", sent)
    assert answer.status_code == 201, answer.text
    body: Body = answer.json()
    return body


def count_in(routed: Body) -> int:
    counted: int = routed["decision"]["decision"]["facts"]["incidents_in_window"]
    return counted


def test_one_crime_number_three_times_in_a_referral_counts_once_and_meets_no_escalation(
    callers: Callers,
) -> None:
    routed = refer(callers, "R-18", [an_event(), an_event(), an_event()])

    assert count_in(routed) == 1
    findings = routed["decision"]["decision"]["findings"]
    assert "marac" not in {finding["outcome"] for finding in findings}


def test_one_crime_number_over_two_referrals_counts_once(callers: Callers) -> None:
    refer(callers, "R-1", [an_event()])

    assert count_in(refer(callers, "R-2", [an_event()])) == 1
    assert count_in(refer(callers, "R-3", [an_event(source_reference="CR-2026-778")])) == 2


def test_one_crime_number_sent_by_a_partner_too_counts_once_and_both_reports_are_kept(
    callers: Callers,
) -> None:
    high = a_referral()["assessment"]
    routed = refer(callers, "R-1", [an_event()], assessment=high)
    case = routed["case_id"]
    told = {"incident": an_event(occurred_at="2026-11-27T21:45:00Z", outcome="ARRESTED")}

    callers.idva.post(f"/v1/cases/{case}/incidents", told).raise_for_status()

    decided = callers.hub.get(f"/v1/referrals/{routed['referral_id']}/decisions").json()["items"]
    assert [one["decision"]["facts"]["incidents_in_window"] for one in decided] == [1, 1]
    entries = callers.coordinator.get(f"/v1/cases/{case}/timeline").json()["items"]
    assert sum("ncident" in entry["what"] for entry in entries) >= 2


def test_without_a_number_the_same_force_instant_and_people_under_linked_pseudonyms_count_once(
    callers: Callers,
) -> None:
    known = [{"kind": "NHS", "value": "9434765919"}]
    bare = an_incident("2026-11-27T21:40:00Z")
    refer(callers, "R-1", [bare], victim={"ref": "V-1", "age": 34, "identifiers": known})

    again = refer(callers, "R-2", [bare], victim={"ref": "V-2", "age": 34, "identifiers": known})

    assert count_in(again) == 1


def test_event_sent_again_is_no_new_fact_for_a_forum_that_declined(callers: Callers) -> None:
    routed = refer(callers, "R-1", [an_event()])
    waiting = callers.probation.get("/v1/proposals", state="PROPOSED").json()["items"]
    for proposal in waiting:
        said = {"code": "BELOW_THRESHOLD", "reason": "Formal meetings would not add value at present"}
        callers.probation.post(f"/v1/proposals/{proposal['id']}/declines", said).raise_for_status()
    asked = len(callers.probation.get("/v1/proposals").json()["items"])

    path = f"/v1/referrals/{routed['referral_id']}/incidents"
    callers.hub.post(path, {"incident": an_event()}).raise_for_status()

    assert waiting
    assert len(callers.probation.get("/v1/proposals").json()["items"]) == asked
