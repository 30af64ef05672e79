"""A notice that nobody received goes back to whoever owes the step, and what the record shows ends the telling.

Source: design note on proportion, section 4; DHR "Jean" 14.2.16 and 14.3.15.
"""

from datetime import datetime, timedelta
from typing import Any

import pytest

from tests.actions.given_actions import if_match
from tests.journeys.hours import HIGH, MORNING, Hours

Row = dict[str, Any]
LICENCE = {"kind": "LICENCE", "service": "ANYTOWN-PROBATION", "ends_on": "2027-06-01"}
LEVEL_1 = {
    "mappa": {"level": 1, "category": 2},
    "licences": [LICENCE],
    "escalations": [{"kind": "NEW_RELATIONSHIP", "observed_on": "2026-03-01"}],
}
UNHEARD = 2.5  # hours after which nobody has received what was sent


def returned(hours: Hours, *steps: str) -> list[Row]:
    """The senders' unfinished actions for notices that carry one of the steps, the oldest first."""
    ids = {one["action_id"] for one in hours.notices() if not steps or {*steps} & {*one["steps"]}} - {None}
    return [one for one in hours.actions() if one["id"] in ids]


def history(hours: Hours, action_id: str) -> Row:
    answer = hours.callers.coordinator.get(f"/v1/actions/{action_id}")
    assert answer.status_code == 200, answer.text
    row: Row = answer.json()
    return row


def ended(hours: Hours, action: Row) -> str:
    """Why the record ended the action; empty while it goes on."""
    now = history(hours, action["id"])
    if now["state"] != "ENDED":
        return ""
    return str([one["reason"] for one in now["changes"] if one["what"] == "ended"][-1])


def instant(text: str) -> datetime:
    return datetime.fromisoformat(text)


def test_each_sender_has_the_action_for_its_own_steps(hours: Hours) -> None:
    hours.report(HIGH, perpetrator={"ref": "P-1", **LEVEL_1})
    hours.at(UNHEARD)

    (word,) = returned(hours, "D23")
    assert (word["owner_agency"], word["recipient_agency"]) == ("ANYTOWN-POLICE", "ANYTOWN-PROBATION")
    assert "Tell the supervising probation service" in word["what"]
    assert "level 2" not in word["what"]
    (senior,) = returned(hours, "D16.senior")
    assert senior["owner_agency"] == "ANYTOWN-PROBATION"


def test_no_agency_is_asked_to_tell_itself(hours: Hours) -> None:
    hours.report(HIGH, perpetrator={"ref": "P-1", **LEVEL_1})
    hours.at(UNHEARD)

    given = returned(hours)
    themselves = [one for one in given if one["owner_agency"] == one["recipient_agency"]]
    assert themselves
    assert not [one for one in themselves if one["what"].startswith("Tell ANYTOWN")]
    assert [one["what"] for one in given if one["what"].startswith("Flag and tag both people")]


def test_step_that_protects_goes_back_with_its_hour_and_others_on_a_working_day(hours: Hours) -> None:
    hours.report(HIGH, perpetrator={"ref": "P-1", "licences": [LICENCE]})
    (sent,) = [one for one in hours.notices() if "D03" in one["steps"]]
    hours.at(UNHEARD)

    (refer,) = returned(hours, "D03")
    assert refer["life_safety"] is True
    assert instant(refer["due_at"]) == instant(sent["sent_at"]) + timedelta(hours=24)
    (word,) = returned(hours, "D23")
    assert (word["life_safety"], word["due_on"], word["due_at"]) == (False, "2026-03-11", None)


@pytest.mark.parametrize("late_by", [26, 24 * 4])  # the worker stood still until Wednesday, until Saturday
def test_nothing_goes_back_late(hours: Hours, late_by: int) -> None:
    hours.report(HIGH, perpetrator={"ref": "P-1", "licences": [LICENCE]})
    hours.at(late_by)

    now = MORNING + timedelta(hours=late_by)
    (refer,), (word,) = returned(hours, "D03"), returned(hours, "D23")
    assert instant(refer["due_at"]) == now + timedelta(hours=1)
    assert word["due_on"] == ("2026-03-11" if late_by == 26 else "2026-03-16")


@pytest.mark.parametrize("answer", ["acceptances", "declines"])
@pytest.mark.parametrize("before", [True, False])
def test_forum_that_answers_knows(hours: Hours, answer: str, before: bool) -> None:
    hours.report(HIGH)
    hours.at(1 if before else UNHEARD)
    given = returned(hours, "D03")
    (asked,) = [one for one in hours._proposals("PROPOSED") if one["forum"] == "MARAC"]
    sent = {} if answer == "acceptances" else {"code": "CAPACITY", "reason": "There is no room before next month"}

    hours.callers.coordinator.post(f"/v1/proposals/{asked['id']}/{answer}", sent).raise_for_status()

    (notice,) = [one for one in hours.notices() if "D03" in one["steps"]]
    assert notice["received_by"].startswith("ANYTOWN-MARAC")
    assert [ended(hours, one) for one in given] == ([] if before else ["MARAC has answered, and so knows"])
    hours.at(30)
    assert not returned(hours, "D03")


@pytest.mark.parametrize("before", [True, False])
def test_service_that_reports_its_contact_with_the_victim_knows_of_the_case(hours: Hours, before: bool) -> None:
    report = hours.report(HIGH)
    hours.at(1 if before else UNHEARD)
    given = returned(hours, "D02")
    (contact,) = [one for one in hours.owed(report) if one["duty"] == "D06"]
    sent = {"outcome": "COMPLETED", "note": "Spoke to the victim by the safe route"}

    path = f"/v1/actions/{contact['id']}/outcomes"
    hours.callers.idva.post(path, sent, **if_match(contact)).raise_for_status()

    (notice,) = [one for one in hours.notices() if "D02" in one["steps"]]
    assert notice["received_by"].startswith("ANYTOWN-IDVA")
    assert [bool(ended(hours, one)) for one in given] == ([] if before else [True])
    hours.at(30)
    assert not returned(hours, "D02")


def test_reading_the_feed_is_receiving(hours: Hours) -> None:
    hours.report(HIGH)
    hours.at(UNHEARD)
    (refer,) = returned(hours, "D03")

    hours.callers.hub.get("/v1/events", limit=200).raise_for_status()
    assert not ended(hours, refer)
    hours.callers.coordinator.get("/v1/events", type="reminder.digest").raise_for_status()
    assert not ended(hours, refer)
    hours.callers.coordinator.get("/v1/events", limit=200).raise_for_status()

    assert ended(hours, refer) == "The receiver has received the notice"
    assert all(one["received_by"] for one in hours.notices() if one["agency"] == "ANYTOWN-MARAC")


def test_feed_that_was_read_in_time_opens_nothing(hours: Hours) -> None:
    hours.report(HIGH)
    hours.callers.coordinator.get("/v1/events", limit=200).raise_for_status()
    hours.at(UNHEARD)

    assert not returned(hours, "D03")


def test_persons_receipt_ends_the_telling(hours: Hours) -> None:
    hours.report(HIGH)
    hours.at(UNHEARD)
    (refer,) = returned(hours, "D03")
    (notice,) = [one for one in hours.notices() if "D03" in one["steps"]]

    hours.callers.coordinator.post(f"/v1/notices/{notice['id']}/receipts", {}).raise_for_status()

    assert ended(hours, refer) == "The receiver has received the notice"


@pytest.mark.parametrize("before", [True, False])
def test_grade_that_a_person_lowers_ends_the_telling(hours: Hours, before: bool) -> None:
    body = hours.report(HIGH | {"ticks": 5, "judged_high": False})
    hours.at(1 if before else UNHEARD)
    given = returned(hours, "D03")
    assert bool(given) is not before

    hours.lower(body, "STANDARD")

    assert all("no longer owes" in ended(hours, one) for one in given)
    hours.at(UNHEARD + 1)
    assert not returned(hours, "D03")


def test_fact_that_lists_the_case_does_not_end_the_telling(hours: Hours) -> None:
    """The next decision finds the case on the list and no longer owes the referral; nobody at MARAC knows for that."""
    body = hours.report(HIGH)
    hours.learn(body, {"residing_together": True})
    hours.at(UNHEARD)

    assert returned(hours, "D03")


@pytest.mark.parametrize("before", [True, False])
def test_nobody_is_told_what_was_owed_about_a_perpetrator_who_died(hours: Hours, before: bool) -> None:
    hours.report(HIGH, perpetrator={"ref": "P-1", "licences": [LICENCE]})
    hours.at(1 if before else UNHEARD)
    given = returned(hours, "D23")
    assert bool(given) is not before

    hours._end({"need": "PERPETRATOR"}, MORNING)

    assert all("DECEASED" in ended(hours, one) for one in given)
    hours.at(UNHEARD + 1)
    assert not returned(hours, "D23")
    assert returned(hours, "D03")


def test_second_incident_doubles_nothing(hours: Hours) -> None:
    body = hours.report(HIGH, perpetrator={"ref": "P-1", "licences": [LICENCE]})
    hours.at(UNHEARD)
    (first,) = returned(hours, "D23")
    incident = {"occurred_at": "2026-03-10T11:00:00Z", "reported_at": "2026-03-10T11:30:00Z", "force": "ANYTOWN-POLICE"}
    sent = {"incident": incident}
    hours.callers.hub.post(f"/v1/referrals/{body['referral_id']}/incidents", sent).raise_for_status()
    hours.at(2 * UNHEARD)

    (still,) = returned(hours, "D23")
    assert still["id"] == first["id"]
    assert len([one for one in hours.notices() if "D23" in one["steps"]]) == 2
    assert len([one for one in hours.actions() if one["recipient_agency"] == "ANYTOWN-MARAC"]) == len(
        {one["what"] for one in hours.actions() if one["recipient_agency"] == "ANYTOWN-MARAC"}
    )


def test_what_was_told_again_is_received_when_both_are(hours: Hours) -> None:
    test_second_incident_doubles_nothing(hours)
    (word,) = returned(hours, "D23")
    notices = [one for one in hours.notices() if "D23" in one["steps"]]

    for number, notice in enumerate(notices):
        assert bool(ended(hours, word)) is (number == 2)
        hours.callers.probation.post(f"/v1/notices/{notice['id']}/receipts", {}).raise_for_status()

    assert ended(hours, word)
