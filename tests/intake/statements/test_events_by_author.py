"""A later report completes an event, and by it the event never counts for less, whoever sends it."""

from datetime import timedelta
from typing import Any

import pytest

from app.foundation.clock import SettableClock
from tests.given import Caller, Callers, a_referral, an_incident, not_high_risk

Body = dict[str, Any]
DAYS = ("2026-01-03", "2026-02-03", "2026-03-09")
EVENTS = [an_incident(f"{day}T21:00:00Z", source_reference=f"CR-{number}") for number, day in enumerate(DAYS)]
PERPETRATOR = {"ref": "P-1", "age": 41, "in_custody": False, "mappa": {"not_managed": True}, "convictions": []}


def escalated(callers: Callers, clock: SettableClock, events: list[Body] = EVENTS, **changes: Any) -> Body:
    """A MEDIUM case, of which MARAC is asked because of three incidents."""
    sent = a_referral(assessment=not_high_risk(), perpetrator=PERPETRATOR, incidents=events) | changes
    routed: Body = callers.hub.post("/v1/referrals", sent).json()
    clock.set(clock.now() + timedelta(hours=1))
    return routed


def marac_is_asked(callers: Callers, routed: Body) -> bool:
    needs = callers.chair.get(f"/v1/cases/{routed['case_id']}").json()["needs"]
    states = {one["state"] for need in needs for one in need["proposals"] if one["forum"] == "MARAC"}
    return "PROPOSED" in states and "WITHDRAWN" not in states


def told_again(caller: Caller, routed: Body, event: Body) -> None:
    path = f"/v1/cases/{routed['case_id']}/incidents"
    answer = caller.post(path, {"incident": event})
    assert answer.status_code == 201, answer.text


def newest_facts(callers: Callers, routed: Body) -> Body:
    facts: Body = callers.hub.get(f"/v1/referrals/{routed['referral_id']}/decisions").json()["items"][-1]["decision"][
        "facts"
    ]
    return facts


@pytest.mark.parametrize("author", ["idva", "hub"])
@pytest.mark.parametrize("less", [{"asb_linked": True}, {"criminal": False}, {"asb_linked": True, "criminal": False}])
def test_event_told_again_as_less_counts_as_before(
    author: str, less: Body, callers: Callers, clock: SettableClock
) -> None:
    routed = escalated(callers, clock)
    assert marac_is_asked(callers, routed)

    told_again(getattr(callers, author), routed, EVENTS[0] | less)

    assert marac_is_asked(callers, routed)
    assert newest_facts(callers, routed)["incidents_in_window"] == 3


def test_event_without_a_number_told_again_as_less_counts_as_before(callers: Callers, clock: SettableClock) -> None:
    bare = [an_incident(one["occurred_at"]) for one in EVENTS]
    routed = escalated(callers, clock, bare)

    told_again(callers.idva, routed, bare[0] | {"asb_linked": True})

    assert marac_is_asked(callers, routed)


def test_one_number_for_three_times_makes_no_three_events_one(callers: Callers, clock: SettableClock) -> None:
    bare = [an_incident(one["occurred_at"]) for one in EVENTS]
    routed = escalated(callers, clock, bare)

    for event in bare:
        told_again(callers.idva, routed, event | {"source_reference": "CR-9"})

    assert marac_is_asked(callers, routed)
    assert newest_facts(callers, routed)["incidents_in_window"] >= 3


@pytest.mark.parametrize("event", [EVENTS[2], an_incident("2026-03-09T23:00:00Z", source_reference="CR-7")])
def test_partner_s_word_that_the_suspect_was_charged_ends_no_arrest_plan(
    event: Body, callers: Callers, clock: SettableClock
) -> None:
    routed = escalated(callers, clock, assessment=not_high_risk() | {"officer_grade": "HIGH"})

    told_again(callers.idva, routed, event | {"outcome": "CHARGED"})

    assert newest_facts(callers, routed)["suspect_outstanding"] is None
    told_again(callers.hub, routed, EVENTS[2] | {"outcome": "CHARGED"})
    if event is EVENTS[2]:
        assert newest_facts(callers, routed)["suspect_outstanding"] is False
