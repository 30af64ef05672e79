"""What is a repeat, what waits, and what neither of the two may be: forgotten.

Sources: `proportion` 3.3 and 3.6; rows 15 and 16 of the portfolio; SafeLives' definition of a repeat case.
"""

from typing import Any

import pytest

from tests.actions.given_actions import if_match
from tests.journeys.hours import HALF_ANSWERED, HIGH, LAPSE, STANDARD, Hours

MEETING = 16 * 24  # Thursday 26 March at 9:30, the day of the first meeting


@pytest.mark.parametrize("told_after", [13.5, 24])
def test_attack_on_the_evening_of_the_hearing_is_a_repeat_whenever_it_is_told(told_after: float, hours: Hours) -> None:
    first = hours.report(HALF_ANSWERED)
    hours.at(LAPSE)
    hours.accepts()
    hours.answered("ticks", 8)
    hours.at(MEETING)
    hours.hears(first)
    hours.at(MEETING + told_after)
    again = hours.report(STANDARD, incidents=[{"at": "2026-03-26T22:00:00Z", "number": "E-1"}])

    assert hours.newest(again)["facts"]["repeat"] is True
    assert hours.lists(again) == ["2026-03-26", "2026-04-23"]


def test_attack_on_the_evening_of_a_hearing_that_is_recorded_the_next_day_is_a_repeat(hours: Hours) -> None:
    first = hours.report(HIGH)
    hours.accepts()
    hours.at(MEETING + 24)
    meeting = hours.meetings[0]["id"]
    path = f"/v1/cases/{first['case_id']}/hearings"
    hours.callers.chair.post(path, {"meeting_id": meeting}).raise_for_status()
    hours.at(MEETING + 25)
    again = hours.report(STANDARD, incidents=[{"at": "2026-03-26T22:00:00Z", "number": "E-1"}])

    assert hours.newest(again)["facts"]["repeat"] is True


def test_event_that_was_told_before_the_hearing_on_its_day_belongs_to_the_hearing(hours: Hours) -> None:
    first = hours.report(HIGH)
    hours.accepts()
    hours.at(MEETING - 1)
    hours.report(STANDARD, incidents=[{"at": "2026-03-26T07:00:00Z", "number": "E-1"}])
    hours.at(MEETING)
    hours.hears(first)
    hours.learn(first, {"victim": {"home_insecure": True}})

    assert hours.newest(first)["facts"]["repeat"] is False
    assert hours.lists(first) == ["2026-03-26"]


def test_case_that_its_meeting_did_not_hear_joins_the_next_list_when_something_new_is_reported(hours: Hours) -> None:
    first = hours.report(HALF_ANSWERED)
    hours.at(LAPSE)
    hours.accepts()
    hours.answered("ticks", 8)
    hours.at(300 * 24)
    again = hours.report(STANDARD)

    facts = hours.newest(again)["facts"]
    assert again["case_id"] == first["case_id"]
    assert (facts["repeat"], facts["marac_stage"]) == (False, "LISTED")
    assert hours.lists(again) == ["2027-01-28"]
    assert any(one["duty"] == "D07" for one in hours.owed(again))


def test_case_that_is_lowered_before_marac_accepts_leaves_the_list_and_the_next_report_counts_from_the_referral(
    hours: Hours,
) -> None:
    first = hours.report({**HIGH, "ticks": 3})
    listed = hours.lists(first)
    hours.lower(first, "STANDARD")
    left = hours.lists(first)
    hours.at(60 * 24)
    again = hours.report(STANDARD)

    newest = hours.newest(again)
    assert (listed, left) == (["2026-03-26"], [])
    assert (newest["facts"]["repeat"], newest["outcomes"]["marac"]) == (True, "yes")
    assert hours.asked()[-1] == "PROPOSED"
    assert hours.lists(again) != []


def test_case_that_is_lowered_while_another_case_of_the_victim_waits_stays_on_the_list(hours: Hours) -> None:
    first = hours.report({**HIGH, "ticks": 3})
    second = hours.report({**HIGH, "ticks": 3}, "P-2")
    hours.lower(first, "STANDARD")
    kept = hours.lists(first)
    hours.lower(second, "STANDARD")

    assert (kept, hours.lists(first), hours.lists(second)) == (["2026-03-26"], [], [])


def research_of(hours: Hours, report: dict[str, Any]) -> set[str]:
    return {one["duty"] for one in hours.owed(report) if (one["duty"] or "").startswith(("D11:", "D12"))}


def test_research_is_asked_when_marac_accepts_and_not_before(hours: Hours) -> None:
    report = hours.report(HIGH)
    before = research_of(hours, report)

    hours.accepts()

    assert hours.lists(report) == ["2026-03-26"]
    assert before == set()
    assert {"D11:ANYTOWN-COUNCIL", "D11:ANYTOWN-IDVA", "D11:ANYTOWN-POLICE"} <= research_of(hours, report)


def test_nobody_looks_anything_up_for_a_case_that_marac_declines_to_hear(hours: Hours) -> None:
    report = hours.report(HIGH)
    (asked,) = [one for one in hours.safety["proposals"] if one["forum"] == "MARAC"]
    declined = {"code": "BELOW_THRESHOLD", "reason": "The form was filled in for another couple"}
    hours.callers.coordinator.post(f"/v1/proposals/{asked['id']}/declines", declined).raise_for_status()

    hours.learn(report, {"victim": {"home_insecure": True}})

    assert research_of(hours, report) == set()
    assert hours.callers.council.get("/v1/research-requests").json()["items"] == []


def test_research_of_a_case_that_comes_back_on_the_same_list_is_asked_with_the_acceptance_and_ends_when_returned(
    hours: Hours,
) -> None:
    first = hours.report({**HIGH, "ticks": 3})
    hours.lower(first, "STANDARD")
    hours.at(2)
    again = hours.report({**HIGH, "ticks": 3})
    hours.accepts()
    (asked,) = [one for one in hours.owed(again) if one["duty"] == "D11:ANYTOWN-COUNCIL"]
    (request,) = hours.callers.council.get("/v1/research-requests").json()["items"]
    path = f"/v1/research-requests/{request['id']}/returns"
    hours.callers.council.post(path, {"nothing_held": True}).raise_for_status()

    assert hours.lists(again) == ["2026-03-26"]
    assert request["action_id"] == asked["id"]
    assert "D11:ANYTOWN-COUNCIL" not in {one["duty"] for one in hours.owed(again)}


def test_hearing_is_recorded_afterwards_although_the_case_has_come_on_the_next_list(hours: Hours) -> None:
    first = hours.report(HIGH)
    hours.accepts()
    hours.at(MEETING + 24)
    hours.report(STANDARD)
    moved = hours.lists(first)
    path = f"/v1/cases/{first['case_id']}/hearings"
    answer = hours.callers.chair.post(path, {"meeting_id": hours.meetings[0]["id"]})

    assert (moved, answer.status_code) == (["2026-04-23"], 201)
    assert hours.lists(first) == ["2026-03-26", "2026-04-23"]


def test_case_that_marac_accepts_after_its_meeting_has_passed_is_heard_at_the_next(hours: Hours) -> None:
    first = hours.report(HIGH, victim={"ref": "V-1"})
    hours.clock.set(hours.clock.now().replace(day=27))  # before the worker finds that nobody answered
    hours.accepts()

    assert hours.lists(first) == ["2026-04-23"]


def test_request_that_nobody_answered_is_no_time_at_marac(hours: Hours) -> None:
    first = hours.report(HALF_ANSWERED)
    hours.at(LAPSE)
    hours.at(LAPSE + 14 * 24)
    expired = hours.asked()
    again = hours.report(HALF_ANSWERED)

    newest = hours.newest(again)
    assert (again["case_id"], expired) == (first["case_id"], ["EXPIRED"])
    assert newest["facts"]["repeat"] is False
    assert "MARAC-06" not in {one["rule"] for one in newest["findings"]}
    assert "D43" not in hours.duties(again)
    assert hours.asked() == ["EXPIRED", "PROPOSED"]


def test_report_after_an_unanswered_request_that_was_answered_no_more_repeats_the_referral(hours: Hours) -> None:
    """Nobody waits for ever: once MARAC is asked no more, the next report counts from the referral."""
    hours.report(HALF_ANSWERED)
    hours.at(LAPSE)
    hours.at(LAPSE + 14 * 24)
    hours.answered("ticks", 8)
    hours.at(LAPSE + 15 * 24)
    again = hours.report(STANDARD)

    newest = hours.newest(again)
    (says,) = [one["because"] for one in newest["findings"] if one["rule"] == "MARAC-06"]
    assert (
        says == "something happened between the same two people within 12 months of their referral or hearing at MARAC"
    )
    assert hours.asked()[-1] == "PROPOSED"


@pytest.mark.parametrize(
    ("history", "repeat"),
    [
        ({"last_referral_on": "2025-03-01", "last_heard_on": "2025-11-09"}, True),
        ({"last_referral_on": "2025-11-09", "last_heard_on": "2025-03-01"}, True),
        ({"last_referral_on": "2025-03-01", "last_heard_on": "2025-03-01"}, False),
        ({"heard": True, "last_referral_on": "2024-01-01"}, None),
        ({"heard": True}, None),
    ],
)
def test_history_elsewhere_repeats_from_either_date_and_is_open_without_one(
    history: dict[str, object], repeat: bool | None, hours: Hours
) -> None:
    body = hours.report(STANDARD, marac_history=history)

    assert hours.newest(body)["facts"]["repeat"] is repeat


def test_what_another_perpetrators_case_asks_later_makes_no_ended_waiting_go_on(hours: Hours) -> None:
    first = hours.report({**HIGH, "ticks": 3}, "P-2")
    hours.at(1)
    hours.lower(first, "STANDARD")
    hours.at(59 * 24)
    hours.report({**HIGH, "ticks": 3})
    hours.at(60 * 24)
    again = hours.report(STANDARD, "P-2")

    assert hours.newest(again)["facts"]["repeat"] is True
    assert hours.newest(again)["outcomes"]["marac"] == "yes"


def test_declined_work_is_not_opened_again_beside_the_same_that_a_newer_decision_plans(hours: Hours) -> None:
    first = hours.report(STANDARD)
    hours.at(13 * 24)
    (ask,) = [one for one in hours.owed(first, state="OPEN") if one["duty"] == "D48"]
    declined = {
        "outcome": "DECLINED_BY_RECIPIENT",
        "note": "The holder has left the force; somebody else must be asked",
    }
    hub, coordinator = hours.callers.hub, hours.callers.coordinator
    hub.post(f"/v1/actions/{ask['id']}/outcomes", declined, **if_match(ask)).raise_for_status()
    hours.report(STANDARD)
    (planned,) = [one for one in hours.owed(first, state="PLANNED") if one["duty"] == "D48"]
    (returned,) = [one for one in hours.owed(first, state="RETURNED") if one["duty"] == "D48"]

    owner = {"owner_agency": "ANYTOWN-POLICE", "owner_role": "PVP_HUB", "reason": "The hub asks the next holder"}
    answer = coordinator.post(f"/v1/actions/{ask['id']}/reassignments", owner, **if_match(returned))

    assert (answer.status_code, answer.json()["superseded_by"]) == (409, planned["id"])
    gives_way = {"outcome": "SUPERSEDED", "superseded_by": planned["id"], "note": "The hub asks again in two weeks"}
    ended = coordinator.post(f"/v1/actions/{ask['id']}/outcomes", gives_way, **if_match(returned))
    assert (ended.status_code, ended.json()["state"]) == (201, "REPORTED")
