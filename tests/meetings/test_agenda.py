"""The agenda begins with unfinished actions, and it is completed only when everything on it is accounted for."""

from datetime import date
from typing import Any

import pytest

from tests.given import Callers
from tests.meetings.sitting import FIRST_MEETING, SECOND_MEETING, Sitting, an_action

NEXT_DATE = date(2026, 4, 20)


@pytest.fixture
def second(sitting: Sitting) -> dict[str, Any]:
    """A case heard on 26 March with one agreed action that its recipient declined; today is the next meeting."""
    first, following = sitting.cycle()[:2]
    body = sitting.referred()
    sitting.on(FIRST_MEETING)
    sitting.heard(body["case_id"], first["id"])
    action = sitting.planned(body["case_id"], first["id"]).json()["action"]
    declined = {"outcome": "DECLINED_BY_RECIPIENT", "note": "Managed by another process, so not taken"}
    sitting.callers.hub.post(
        f"/v1/actions/{action['id']}/outcomes", declined, **{"If-Match": f'"{action["version"]}"'}
    ).raise_for_status()
    sitting.on(SECOND_MEETING)
    return {
        "case_id": body["case_id"],
        "action_id": action["id"],
        "meeting": following["id"],
        "first": first["id"],
    }


def review(callers: Callers, meeting_id: str, action_id: str, finding: str, **changes: Any) -> Any:
    line = {
        "action_id": action_id,
        "finding": finding,
        "note": "Taken up with the agency at the table",
        **changes,
    }
    return callers.chair.post(f"/v1/meetings/{meeting_id}/reviews", {"reviews": [line]})


def test_declined_action_of_the_last_meeting_stands_first_on_the_next_agenda(
    sitting: Sitting, second: dict[str, Any]
) -> None:
    """DHR "Jean" 14.2.2: MATAC's refusal was shown as closed, and no chair saw it."""
    agenda = sitting.agenda(second["meeting"])

    waiting = [line for line in agenda["unfinished_actions"] if line["needs_review"]]
    assert second["action_id"] in {line["action"]["id"] for line in waiting}
    assert agenda["unfinished_actions"][: len(waiting)] == waiting


def test_agenda_cannot_be_completed_before_the_chair_has_seen_the_declined_action(
    sitting: Sitting, second: dict[str, Any]
) -> None:
    sitting.everyone_attends(second["meeting"])

    answer = sitting.completed(second["meeting"])

    assert (answer.status_code, answer.json()["code"]) == (409, "agenda-not-done")
    unreviewed = {one["action_id"]: one["state"] for one in answer.json()["unreviewed_actions"]}
    assert unreviewed[second["action_id"]] == "RETURNED"


def test_agenda_is_completed_once_every_unfinished_action_was_reviewed_there(
    sitting: Sitting, second: dict[str, Any], callers: Callers
) -> None:
    review(
        callers, second["meeting"], second["action_id"], "REASSIGNED",
        owner_agency="ANYTOWN-IDVA", owner_role="IDVA", due_on=NEXT_DATE.isoformat(),
    ).raise_for_status()  # fmt: skip
    sitting.everything_reviewed(second["meeting"], NEXT_DATE)

    answer = sitting.completed(second["meeting"])

    assert answer.status_code == 201, answer.text
    assert sitting.agenda(second["meeting"])["completed_at"] is not None
    (told,) = (
        event
        for event in callers.coordinator.get("/v1/events", limit=200).json()["items"]
        if event["type"] == "meeting.completed"
    )
    read = callers.coordinator.get(told["data"]["detail_url"])
    assert (read.status_code, read.json()["id"]) == (200, second["meeting"])


def test_review_at_one_meeting_does_not_serve_the_next(
    sitting: Sitting, second: dict[str, Any], callers: Callers
) -> None:
    sitting.on(date(2026, 4, 23))
    third = callers.coordinator.get("/v1/meetings", since="2026-04-23").json()["items"][0]
    review(callers, second["meeting"], second["action_id"], "ESCALATED").raise_for_status()

    waiting = [one for one in sitting.agenda(third["id"])["unfinished_actions"] if one["needs_review"]]

    assert second["action_id"] in {one["action"]["id"] for one in waiting}


def test_declined_action_cannot_be_waved_through_as_on_course(second: dict[str, Any], callers: Callers) -> None:
    answer = review(callers, second["meeting"], second["action_id"], "ON_COURSE")

    assert (answer.status_code, answer.json()["code"]) == (409, "not-on-course")


def test_declined_action_that_is_given_to_another_agency_is_open_again(
    second: dict[str, Any], callers: Callers
) -> None:
    answer = review(
        callers, second["meeting"], second["action_id"], "REASSIGNED",
        owner_agency="ANYTOWN-IDVA", owner_role="IDVA", due_on=NEXT_DATE.isoformat(),
    )  # fmt: skip

    assert answer.status_code == 201, answer.text
    action = callers.chair.get(f"/v1/actions/{second['action_id']}").json()
    assert (action["owner_agency"], action["state"], action["due_on"]) == (
        "ANYTOWN-IDVA", "OPEN", NEXT_DATE.isoformat()
    )  # fmt: skip


def test_escalated_action_becomes_a_duty_of_the_strategic_lead(
    sitting: Sitting, second: dict[str, Any], callers: Callers
) -> None:
    review(callers, second["meeting"], second["action_id"], "ESCALATED").raise_for_status()

    (duty,) = sitting.actions(second["case_id"], f"D40:{second['action_id']}")
    assert (duty["owner_role"], duty["owner_agency"]) == ("STRATEGIC_LEAD", "ANYTOWN-BOARD")


def test_late_action_needs_a_new_date_and_gets_it_from_the_review(
    sitting: Sitting, second: dict[str, Any], callers: Callers
) -> None:
    late = next(
        line["action"]
        for line in sitting.agenda(second["meeting"])["unfinished_actions"]
        if line["needs_review"] and line["action"]["state"] == "OPEN"
    )
    assert review(callers, second["meeting"], late["id"], "CONTINUES").status_code == 422

    answer = review(callers, second["meeting"], late["id"], "CONTINUES", due_on=NEXT_DATE.isoformat())

    assert answer.status_code == 201, answer.text
    assert callers.chair.get(f"/v1/actions/{late['id']}").json()["due_on"] == NEXT_DATE.isoformat()


def test_agreed_action_that_is_not_yet_due_is_reviewed_as_on_course(
    sitting: Sitting, second: dict[str, Any], callers: Callers
) -> None:
    sitting.on(FIRST_MEETING)
    later = an_action(what="Obtain an occupation order with the victim's solicitor", due_on="2026-05-20")
    action = sitting.planned(second["case_id"], second["first"], action=later).json()["action"]
    sitting.on(SECOND_MEETING)

    answer = review(callers, second["meeting"], action["id"], "ON_COURSE")

    assert answer.status_code == 201, answer.text
    assert callers.chair.get(f"/v1/actions/{action['id']}").json()["due_on"] == "2026-05-20"


def test_action_of_a_case_that_was_never_on_a_list_is_not_on_the_agenda(
    sitting: Sitting, second: dict[str, Any], callers: Callers
) -> None:
    answer = review(callers, second["meeting"], "act_" + "0" * 32, "ESCALATED")

    assert answer.status_code == 404


def test_case_that_was_neither_heard_nor_put_off_keeps_the_agenda_open(sitting: Sitting) -> None:
    first = sitting.cycle()[0]["id"]
    body = sitting.referred()
    sitting.on(FIRST_MEETING)
    sitting.everyone_attends(first)
    sitting.everything_reviewed(first, NEXT_DATE)

    answer = sitting.completed(first)

    assert answer.status_code == 409
    assert answer.json()["unheard_cases"] == [body["case_id"]]


def test_agency_whose_part_nobody_recorded_keeps_the_agenda_open(sitting: Sitting, callers: Callers) -> None:
    """DHR "Jean" 14.1.25: a practitioner was absent and sent nothing, and nobody wrote it down."""
    first = sitting.cycle()[0]["id"]
    body = sitting.referred()
    sitting.on(FIRST_MEETING)
    sitting.heard(body["case_id"], first)
    sitting.everything_reviewed(first, NEXT_DATE)
    lines = [
        {"agency": "ANYTOWN-POLICE", "how": "PRESENT"},
        {"agency": "ANYTOWN-IDVA", "how": "PRESENT"},
        {"agency": "ANYTOWN-COUNCIL", "how": "SENT_INFORMATION"},
    ]
    callers.coordinator.post(f"/v1/meetings/{first}/attendance", {"agencies": lines}).raise_for_status()

    answer = sitting.completed(first)

    assert answer.json()["attendance_missing"] == ["ANYTOWN-PROBATION"]


def test_agency_that_neither_came_nor_sent_anything_is_recorded_as_neither(sitting: Sitting, callers: Callers) -> None:
    first = sitting.cycle()[0]["id"]
    sitting.taken()
    sitting.on(FIRST_MEETING)
    line = {"agency": "ANYTOWN-PROBATION", "how": "NEITHER", "note": "On leave, no cover named"}

    callers.coordinator.post(f"/v1/meetings/{first}/attendance", {"agencies": [line]}).raise_for_status()

    shown = {one["agency"]: one["how"] for one in sitting.agenda(first)["attendance"]}
    assert (shown["ANYTOWN-PROBATION"], shown["ANYTOWN-COUNCIL"]) == ("NEITHER", None)


def test_observer_is_recorded_with_the_statement_and_sent_information_with_its_day(
    sitting: Sitting, callers: Callers
) -> None:
    first = sitting.cycle()[0]["id"]
    sitting.referred()
    sitting.on(FIRST_MEETING)
    lines = [
        {"agency": "ANYTOWN-BOARD", "how": "OBSERVER", "statement_signed": True},
        {"agency": "ANYTOWN-COUNCIL", "how": "SENT_INFORMATION", "received_on": "2026-03-23"},
    ]

    callers.coordinator.post(f"/v1/meetings/{first}/attendance", {"agencies": lines}).raise_for_status()

    shown = {one["agency"]: one for one in sitting.agenda(first)["attendance"]}
    assert (shown["ANYTOWN-BOARD"]["how"], shown["ANYTOWN-BOARD"]["statement_signed"]) == ("OBSERVER", True)
    assert shown["ANYTOWN-COUNCIL"]["received_on"] == "2026-03-23"


@pytest.mark.parametrize(
    "line",
    [
        {"agency": "ANYTOWN-BOARD", "how": "OBSERVER"},
        {"agency": "ANYTOWN-BOARD", "how": "PRESENT", "statement_signed": True},
        {"agency": "ANYTOWN-BOARD", "how": "NEITHER", "received_on": "2026-03-23"},
        {"agency": "ANYTOWN-BOARD", "how": "SENT_INFORMATION", "received_on": "2026-12-01"},
    ],
)
def test_attendance_that_does_not_fit_its_kind_is_refused(
    sitting: Sitting, callers: Callers, line: dict[str, Any]
) -> None:
    first = sitting.cycle()[0]["id"]
    sitting.referred()
    sitting.on(FIRST_MEETING)

    answer = callers.coordinator.post(f"/v1/meetings/{first}/attendance", {"agencies": [line]})

    assert answer.status_code == 422


def test_later_record_of_attendance_corrects_the_earlier_one(sitting: Sitting, callers: Callers) -> None:
    first = sitting.cycle()[0]["id"]
    sitting.referred()
    sitting.on(FIRST_MEETING)
    for how in ("NEITHER", "SENT_INFORMATION"):
        line = {"agency": "ANYTOWN-PROBATION", "how": how}
        callers.coordinator.post(f"/v1/meetings/{first}/attendance", {"agencies": [line]}).raise_for_status()

    shown = {one["agency"]: one["how"] for one in sitting.agenda(first)["attendance"]}

    assert shown["ANYTOWN-PROBATION"] == "SENT_INFORMATION"


def test_meeting_cannot_be_completed_before_its_day(sitting: Sitting) -> None:
    first = sitting.cycle()[0]["id"]

    assert sitting.completed(first).status_code == 409


def test_completed_agenda_takes_no_more_reviews(sitting: Sitting, second: dict[str, Any], callers: Callers) -> None:
    review(
        callers, second["meeting"], second["action_id"], "REASSIGNED",
        owner_agency="ANYTOWN-IDVA", owner_role="IDVA", due_on=NEXT_DATE.isoformat(),
    ).raise_for_status()  # fmt: skip
    sitting.everything_reviewed(second["meeting"], NEXT_DATE)
    sitting.completed(second["meeting"]).raise_for_status()

    answer = review(callers, second["meeting"], second["action_id"], "ESCALATED")

    assert answer.status_code == 409


def test_only_the_chair_reviews_actions_at_a_meeting(second: dict[str, Any], callers: Callers) -> None:
    line = {"action_id": second["action_id"], "finding": "ESCALATED", "note": "Taken up at the table today"}

    answer = callers.coordinator.post(f"/v1/meetings/{second['meeting']}/reviews", {"reviews": [line]})

    assert answer.status_code == 403


def test_case_whose_twelve_months_end_is_announced_at_the_meeting_after(sitting: Sitting) -> None:
    sitting.cycle()
    body = sitting.referred()
    later = sitting.callers.coordinator.get("/v1/meetings", since="2027-03-10").json()["items"][0]

    passing = sitting.agenda(later["id"])["passing_window"]

    assert [(one["case_id"], one["window_ended_on"]) for one in passing] == [(body["case_id"], "2027-03-10")]


def test_case_is_announced_at_one_meeting_only(sitting: Sitting) -> None:
    sitting.cycle()
    sitting.referred()
    following = sitting.callers.coordinator.get("/v1/meetings", since="2027-03-10").json()["items"][1]

    assert sitting.agenda(following["id"])["passing_window"] == []


def test_minutes_are_due_three_working_days_after_the_hearing(sitting: Sitting) -> None:
    first = sitting.cycle()[0]["id"]
    body = sitting.referred()
    sitting.on(FIRST_MEETING)

    heard = sitting.heard(body["case_id"], first)

    assert heard["minutes_due_on"] == "2026-03-31"
    (duty,) = sitting.actions(body["case_id"], f"MINUTES:{first}")
    assert (duty["owner_role"], duty["due_on"]) == ("MARAC_COORDINATOR", "2026-03-31")


def test_agenda_is_not_done_while_the_plan_of_a_case_does_nothing_about_the_perpetrator(sitting: Sitting) -> None:
    """DHR "Jean": every action was about the victim, and nobody managed the perpetrator."""
    first = sitting.cycle()[0]["id"]
    body = sitting.referred()
    sitting.on(FIRST_MEETING)
    sitting.heard(body["case_id"], first)
    sitting.planned(body["case_id"], first).raise_for_status()
    sitting.everyone_attends(first)
    sitting.everything_reviewed(first, NEXT_DATE)

    refused = sitting.completed(first)
    arrest = an_action(what="Arrest the perpetrator for the breach reported on Monday")
    sitting.planned(body["case_id"], first, aimed_at="PERPETRATOR", action=arrest).raise_for_status()

    assert (refused.status_code, refused.json()["unplanned_cases"]) == (409, [body["case_id"]])
    assert sitting.completed(first).status_code == 201


def test_minutes_that_go_out_after_their_day_are_recorded_as_late(sitting: Sitting, callers: Callers) -> None:
    first = sitting.cycle()[0]["id"]
    body = sitting.referred()
    sitting.on(FIRST_MEETING)
    sitting.heard_with_plan(body["case_id"], first)
    sitting.everyone_attends(first)
    sitting.everything_reviewed(first, NEXT_DATE)
    sitting.completed(first).raise_for_status()
    sitting.on(date(2026, 4, 1))

    sent = {"sent_to": ["ANYTOWN-POLICE", "ANYTOWN-IDVA"]}
    answer = callers.coordinator.post(f"/v1/meetings/{first}/minutes", sent)

    assert (answer.status_code, answer.json()["late"]) == (201, True)
    (duty,) = sitting.ended(body["case_id"], f"MINUTES:{first}")
    assert duty["outcome"] == "DONE_ON_RECORD"


def test_minutes_tell_fact_from_opinion_case_by_case(sitting: Sitting, callers: Callers) -> None:
    first = sitting.cycle()[0]["id"]
    body = sitting.taken()
    (entry,) = sitting.listed(first)
    asked = next(one["id"] for one in entry["research"] if one["agency"] == "ANYTOWN-COUNCIL")
    items = [{"about": "VICTIM", "text": f"Text of a {basis}", "basis": basis} for basis in ("FACT", "OPINION")]
    callers.council.post(f"/v1/research-requests/{asked}/returns", {"items": items}).raise_for_status()
    sitting.on(FIRST_MEETING)
    sitting.heard_with_plan(body["case_id"], first)
    sitting.everyone_attends(first)
    sitting.everything_reviewed(first, NEXT_DATE)
    sitting.completed(first).raise_for_status()

    answer = callers.coordinator.post(f"/v1/meetings/{first}/minutes", {"sent_to": ["ANYTOWN-POLICE"]})

    (case,) = answer.json()["cases"]
    shared = case["shared_research"]
    assert [[one["text"] for one in shared[part]] for part in ("facts", "opinions")] == [
        ["Text of a FACT"], ["Text of a OPINION"]
    ]  # fmt: skip


def test_minutes_of_an_unfinished_meeting_are_refused(sitting: Sitting, callers: Callers) -> None:
    first = sitting.cycle()[0]["id"]
    sitting.on(FIRST_MEETING)

    answer = callers.coordinator.post(f"/v1/meetings/{first}/minutes", {"sent_to": ["ANYTOWN-POLICE"]})

    assert answer.status_code == 409


def test_partner_sees_on_the_agenda_only_what_names_its_agency(
    sitting: Sitting, second: dict[str, Any], callers: Callers
) -> None:
    seen = callers.idva.get(f"/v1/meetings/{second['meeting']}/agenda").json()

    owners = {line["action"]["owner_agency"] for line in seen["unfinished_actions"]}
    whole = {line["action"]["owner_agency"] for line in sitting.agenda(second["meeting"])["unfinished_actions"]}
    assert "ANYTOWN-PROBATION" in whole
    assert "ANYTOWN-PROBATION" not in owners


def test_meeting_of_another_area_does_not_exist_for_a_caller(callers: Callers) -> None:
    assert callers.chair.get("/v1/meetings/mtg_" + "0" * 32 + "/agenda").status_code == 404
