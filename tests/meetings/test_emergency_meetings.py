"""A new incident while a case waits joins it on its list and asks the chair again about an emergency meeting."""

from datetime import date
from typing import Any

import pytest

from app.foundation.clock import SettableClock
from tests.given import Callers
from tests.meetings.sitting import FIRST_MEETING, SECOND_MEETING, Sitting

WAIT = {"answer": "DO_NOT_HOLD", "reason": "Interim plan is in place and the victim stays with a sister"}
MEET = {
    "answer": "HOLD",
    "reason": "The perpetrator was seen at the victim's door again, and the victim asked for help",
}


@pytest.fixture
def waiting(sitting: Sitting) -> dict[str, Any]:
    """A case on the list of 26 March, twelve working days away: the chair owes an answer."""
    meetings = sitting.cycle()
    return sitting.referred() | {"meetings": meetings}


def decide(callers: Callers, case_id: str, sent: dict[str, Any]) -> Any:
    return callers.chair.post(f"/v1/cases/{case_id}/emergency-decisions", sent)


def test_long_wait_obliges_the_chair_to_answer_with_a_reason(
    sitting: Sitting, waiting: dict[str, Any], callers: Callers
) -> None:
    assert waiting["hearing"]["working_days"] == 12
    assert len(sitting.actions(waiting["case_id"], "D07")) == 1

    answer = decide(callers, waiting["case_id"], WAIT)

    assert answer.status_code == 201, answer.text
    (duty,) = sitting.ended(waiting["case_id"], "D07")
    assert duty["outcome"] == "DONE_ON_RECORD"
    assert sitting.actions(waiting["case_id"], "D07") == []


def test_answer_without_a_reason_is_refused(waiting: dict[str, Any], callers: Callers) -> None:
    assert decide(callers, waiting["case_id"], {"answer": "DO_NOT_HOLD"}).status_code == 422


def test_holding_without_a_day_is_refused(waiting: dict[str, Any], callers: Callers) -> None:
    assert decide(callers, waiting["case_id"], MEET).status_code == 422


def test_emergency_meeting_takes_the_case_from_the_later_list(
    sitting: Sitting, waiting: dict[str, Any], callers: Callers
) -> None:
    decide(callers, waiting["case_id"], MEET | {"held_on": "2026-03-12"}).raise_for_status()

    meetings = callers.coordinator.get("/v1/meetings", since="2026-03-10").json()["items"]
    emergency = meetings[0]
    assert (emergency["kind"], emergency["held_on"]) == ("EMERGENCY", "2026-03-12")
    assert [one["case_id"] for one in sitting.listed(emergency["id"])] == [waiting["case_id"]]
    assert sitting.listed(waiting["meetings"][0]["id"]) == []


def test_emergency_meeting_brings_the_research_forward(
    sitting: Sitting, waiting: dict[str, Any], callers: Callers
) -> None:
    decide(callers, waiting["case_id"], MEET | {"held_on": "2026-03-12"}).raise_for_status()

    (asked,) = sitting.actions(waiting["case_id"], "D11:ANYTOWN-COUNCIL")
    assert asked["due_on"] == "2026-03-10"


def test_chair_who_hears_a_late_case_on_the_day_on_which_marac_sits_anyway_has_its_research_asked(
    sitting: Sitting, callers: Callers
) -> None:
    sitting.cycle()
    sitting.on(date(2026, 3, 18))
    late = sitting.referred()
    before = sitting.actions(late["case_id"], "D11:ANYTOWN-COUNCIL")

    decide(callers, late["case_id"], MEET | {"held_on": "2026-03-26"}).raise_for_status()

    (asked,) = sitting.actions(late["case_id"], "D11:ANYTOWN-COUNCIL")
    assert (before, asked["due_on"]) == ([], "2026-03-23")


def test_emergency_meeting_later_than_the_hearing_is_refused(waiting: dict[str, Any], callers: Callers) -> None:
    answer = decide(callers, waiting["case_id"], MEET | {"held_on": SECOND_MEETING.isoformat()})

    assert answer.status_code == 409


def test_incident_before_the_hearing_joins_the_listed_case(sitting: Sitting, waiting: dict[str, Any]) -> None:
    sitting.on(date(2026, 3, 16))

    sitting.incident(waiting, "2026-03-15T22:00:00Z")

    (entry,) = sitting.listed(waiting["meetings"][0]["id"])
    assert (entry["case_id"], entry["incidents_since_listing"]) == (waiting["case_id"], 1)
    assert sitting.listed(waiting["meetings"][1]["id"]) == []


def test_incident_before_the_hearing_asks_anew_though_the_chair_had_answered(
    sitting: Sitting, waiting: dict[str, Any], callers: Callers
) -> None:
    """DHR "Jean" 14.1.24: the event of 24 August, before the hearing of 30 August, ended as an e-mail."""
    decide(callers, waiting["case_id"], WAIT).raise_for_status()
    sitting.on(date(2026, 3, 16))

    sitting.incident(waiting, "2026-03-15T22:00:00Z")

    (anew,) = sitting.actions(waiting["case_id"], "D07")
    assert (anew["state"], anew["due_on"]) == ("OPEN", "2026-03-17")
    assert len(sitting.ended(waiting["case_id"], "D07")) == 1


def test_incident_in_the_hour_after_the_referral_asks_anew_too(
    sitting: Sitting, waiting: dict[str, Any], callers: Callers
) -> None:
    decide(callers, waiting["case_id"], WAIT).raise_for_status()
    sitting.clock.set(sitting.clock.now().replace(hour=15))

    sitting.incident(waiting, "2026-03-10T14:30:00Z")

    assert "OPEN" in {one["state"] for one in sitting.actions(waiting["case_id"], "D07")}


def test_old_record_that_arrives_late_does_not_ask_anew(
    sitting: Sitting, waiting: dict[str, Any], callers: Callers
) -> None:
    decide(callers, waiting["case_id"], WAIT).raise_for_status()
    sitting.on(date(2026, 3, 24))

    sitting.incident(waiting, "2019-05-01T22:00:00Z", force="OTHER-FORCE")

    assert sitting.actions(waiting["case_id"], "D07") == []
    assert len(sitting.ended(waiting["case_id"], "D07")) == 1


def test_incident_of_another_couple_does_not_ask_anew(
    sitting: Sitting, waiting: dict[str, Any], callers: Callers
) -> None:
    decide(callers, waiting["case_id"], WAIT).raise_for_status()
    sitting.on(date(2026, 3, 24))

    sitting.incident(waiting, "2026-03-23T22:00:00Z", victim_ref="V-OTHER")

    assert sitting.actions(waiting["case_id"], "D07") == []
    assert len(sitting.ended(waiting["case_id"], "D07")) == 1


def test_incident_before_the_hearing_joins_the_list_and_is_no_repeat(
    sitting: Sitting, waiting: dict[str, Any], callers: Callers
) -> None:
    decide(callers, waiting["case_id"], WAIT).raise_for_status()
    sitting.on(date(2026, 3, 16))

    routed = sitting.incident(waiting, "2026-03-15T22:00:00Z")

    assert routed["decision"]["decision"]["facts"]["repeat"] is False
    assert "D43" not in {duty["id"] for duty in routed["decision"]["decision"]["duties"]}
    assert "OPEN" in {one["state"] for one in sitting.actions(waiting["case_id"], "D07")}
    assert [one["case_id"] for one in sitting.listed(waiting["meetings"][0]["id"])] == [waiting["case_id"]]


def test_incident_after_the_hearing_makes_a_repeat_and_a_fact_added_later_changes_nothing(
    sitting: Sitting, waiting: dict[str, Any], callers: Callers
) -> None:
    sitting.on(FIRST_MEETING)
    sitting.heard(waiting["case_id"], waiting["meetings"][0]["id"])
    sitting.on(date(2026, 7, 20))

    routed = sitting.incident(waiting, "2026-07-19T22:00:00Z")
    path = f"/v1/referrals/{waiting['referral_id']}/facts"
    later = callers.hub.post(path, {"perpetrator": {"in_custody": False}}).json()

    assert routed["decision"]["decision"]["facts"]["repeat"] is True
    assert later["decision"]["decision"]["facts"]["repeat"] is True


def test_case_that_is_put_off_stays_on_a_list_and_asks_anew(
    sitting: Sitting, waiting: dict[str, Any], callers: Callers
) -> None:
    decide(callers, waiting["case_id"], WAIT).raise_for_status()
    first, second = waiting["meetings"][:2]

    answer = callers.chair.post(
        f"/v1/cases/{waiting['case_id']}/deferrals",
        {
            "meeting_id": first["id"],
            "to_meeting_id": second["id"],
            "reason": "Probation could not return in time",
        },
    )

    assert answer.status_code == 201, answer.text
    assert [one["case_id"] for one in sitting.listed(second["id"])] == [waiting["case_id"]]
    assert "OPEN" in {one["state"] for one in sitting.actions(waiting["case_id"], "D07")}


def test_case_cannot_be_put_off_to_an_earlier_meeting(
    sitting: Sitting, waiting: dict[str, Any], callers: Callers
) -> None:
    first = waiting["meetings"][0]

    answer = callers.chair.post(
        f"/v1/cases/{waiting['case_id']}/deferrals",
        {
            "meeting_id": first["id"],
            "to_meeting_id": first["id"],
            "reason": "Probation could not return in time",
        },
    )

    assert answer.status_code == 409


def test_only_the_chair_decides_on_an_emergency_meeting(waiting: dict[str, Any], callers: Callers) -> None:
    answer = callers.coordinator.post(f"/v1/cases/{waiting['case_id']}/emergency-decisions", WAIT)

    assert answer.status_code == 403
    assert waiting["hearing"]["held_on"] == FIRST_MEETING.isoformat()


def test_facts_learned_after_the_hearing_do_not_bring_a_second_one(
    sitting: Sitting, waiting: dict[str, Any], callers: Callers
) -> None:
    sitting.on(FIRST_MEETING)
    sitting.heard(waiting["case_id"], waiting["meetings"][0]["id"])
    sitting.on(date(2026, 3, 27))

    path = f"/v1/referrals/{waiting['referral_id']}/facts"
    callers.hub.post(path, {"assessment": {"hub_grade": "HIGH"}}).raise_for_status()

    assert [sitting.listed(meeting["id"]) for meeting in waiting["meetings"][1:4]] == [[], [], []]


def test_rules_of_2018_call_it_no_repeat_before_the_hearing_and_the_chair_is_asked_all_the_same(
    excluding: Callers, clock: SettableClock
) -> None:
    """There the window runs from the hearing (DHR "Jean" 14.2.4); the danger does not wait for the definition."""
    oldtown = Sitting(excluding, clock)
    oldtown.cycle(area="OLDTOWN")
    body = oldtown.referred(area="OLDTOWN")
    decide(excluding, body["case_id"], WAIT).raise_for_status()
    oldtown.on(date(2026, 3, 16))

    routed = oldtown.incident(body, "2026-03-15T22:00:00Z")

    assert routed["decision"]["decision"]["facts"]["repeat"] is False
    assert "OPEN" in {one["state"] for one in oldtown.actions(body["case_id"], "D07")}


def test_rules_of_2018_call_it_a_repeat_once_the_case_was_heard(excluding: Callers, clock: SettableClock) -> None:
    oldtown = Sitting(excluding, clock)
    first, second = oldtown.cycle(area="OLDTOWN")[:2]
    body = oldtown.referred(area="OLDTOWN")
    oldtown.on(FIRST_MEETING)
    oldtown.heard(body["case_id"], first["id"])
    oldtown.on(date(2026, 3, 27))

    routed = oldtown.incident(body, "2026-03-27T02:00:00Z")

    assert routed["decision"]["decision"]["facts"]["repeat"] is True
    assert routed["hearing"]["held_on"] > second["held_on"]


def test_partners_are_told_where_a_case_waits_and_what_the_chair_decided(
    sitting: Sitting, waiting: dict[str, Any], callers: Callers
) -> None:
    decide(callers, waiting["case_id"], MEET | {"held_on": "2026-03-12"}).raise_for_status()

    events = callers.coordinator.get("/v1/events", limit=200).json()["items"]
    listed = [event["data"]["held_on"] for event in events if event["type"] == "case.listed"]
    decided = [event["data"] for event in events if event["type"] == "case.emergency_decided"]
    assert listed == [str(FIRST_MEETING), "2026-03-12"]
    assert [(data["answer"], data["held_on"]) for data in decided] == [("HOLD", "2026-03-12")]
    assert all(MEET["reason"] not in str(data) for data in decided)


def test_emergency_meeting_counts_for_no_other_case(
    sitting: Sitting, waiting: dict[str, Any], callers: Callers
) -> None:
    """An unrelated referral is heard at the next ordinary meeting, twelve working days away, and owes D07 for it."""
    decide(callers, waiting["case_id"], MEET | {"held_on": "2026-03-13"}).raise_for_status()

    other = sitting.referred("DV-2", victim={"ref": "V-2", "age": 30}, perpetrator={"ref": "P-2"})
    same = sitting.incident(waiting, "2026-03-10T09:00:00Z")

    assert (other["hearing"]["held_on"], other["hearing"]["working_days"]) == (FIRST_MEETING.isoformat(), 12)
    assert len(sitting.actions(other["case_id"], "D07")) == 1
    assert [one["case_id"] for one in sitting.listed(waiting["meetings"][0]["id"])] == [other["case_id"]]
    assert same["hearing"]["held_on"] == "2026-03-13"


def test_case_that_waits_for_a_calendar_is_not_placed_on_the_emergency_meeting_of_another(
    sitting: Sitting, callers: Callers
) -> None:
    urgent, other = sitting.referred(), sitting.referred("DV-2", victim={"ref": "V-2"}, perpetrator={"ref": "P-2"})
    made = decide(callers, urgent["case_id"], MEET | {"held_on": "2026-03-13"}).json()

    meetings = sitting.cycle()

    assert [one["case_id"] for one in sitting.listed(made["meeting_id"])] == [urgent["case_id"]]
    assert [one["case_id"] for one in sitting.listed(meetings[0]["id"])] == [other["case_id"]]


def test_decision_to_hold_names_the_emergency_meeting_and_one_to_wait_the_hearing(
    waiting: dict[str, Any], callers: Callers
) -> None:
    waits = decide(callers, waiting["case_id"], WAIT).json()
    holds = decide(callers, waiting["case_id"], MEET | {"held_on": "2026-03-13"}).json()

    (emergency,) = [
        one
        for one in callers.coordinator.get("/v1/meetings", since="2026-03-10").json()["items"]
        if one["kind"] == "EMERGENCY"
    ]
    assert (waits["meeting_id"], holds["meeting_id"]) == (waiting["meetings"][0]["id"], emergency["id"])
