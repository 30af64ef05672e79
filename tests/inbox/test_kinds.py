"""Every kind of thing that is asked of a post is in its inbox while it waits, and goes when it is done."""

from datetime import date, timedelta
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session, sessionmaker

from app.access.service import scope_to_system
from app.foundation.clock import SettableClock
from app.inbox.vocabulary import InboxKind
from app.outbox.service import EventDraft, record_event
from app.vocabulary import EventType, SubjectType
from tests.actions.given_actions import agree
from tests.given import Caller, Callers, a_referral
from tests.inbox.reading import Item, asked, inbox, the
from tests.meetings.sitting import FIRST_MEETING, Sitting, a_supervision_return

DONE = {"outcome": "COMPLETED", "note": "Seen alone at the office on Monday"}
DECLINED = {"code": "NOT_SERIAL", "reason": "One victim only in the window of this panel"}
IDVAS = {"owner_agency": "ANYTOWN-IDVA", "owner_role": "IDVA"}


def report(caller: Caller, item: Item, version: int = 1, **changes: str) -> None:
    answer = caller.post(item["links"]["act"], DONE | changes, **{"If-Match": f'"{version}"'})
    assert answer.status_code == 201, answer.text


def of_action(caller: Caller, action_id: str) -> list[str]:
    """The kinds under which the caller reads of this action."""
    return [one["kind"] for one in asked(caller) if one["subject_id"] == action_id]


def test_matac_is_asked_until_it_has_answered(callers: Callers, routed: dict[str, Any]) -> None:
    item = the(callers.matac, "PROPOSAL")
    assert item["what"] == "Accept or decline: MATAC is asked to support whoever leads"
    assert (item["owner_role"], item["owner_agency"], item["case_id"]) == (
        "MATAC_COORDINATOR",
        "ANYTOWN-MATAC",
        routed["case_id"],
    )

    callers.matac.post(item["links"]["decline"], DECLINED).raise_for_status()

    assert asked(callers.matac) == []


def test_decline_comes_back_to_the_holder_who_must_propose_next(callers: Callers, routed: dict[str, Any]) -> None:
    callers.matac.post(the(callers.matac, "PROPOSAL")["links"]["decline"], DECLINED).raise_for_status()

    item = the(callers.hub, "DECLINE")

    assert (item["section"], item["owner_role"]) == ("CAME_BACK", "PVP_HUB")
    assert item["what"] == "Propose who manages the perpetrator now that MATAC has not taken it"
    assert item["subject_id"] not in {one["subject_id"] for one in asked(callers.hub, "ACTION")}
    report(callers.hub, item)
    assert asked(callers.hub, "DECLINE") == []


def test_chair_reads_of_the_refusal_in_the_same_minute_with_its_doubt_until_somebody_accepts(
    callers: Callers, routed: dict[str, Any], clock: SettableClock
) -> None:
    claim = {
        "code": "MANAGED_ELSEWHERE",
        "reason": "Managed at level 2, so outside the remit of this panel",
        "claimed_forum": "MAPPA_L2",
    }
    callers.matac.post(the(callers.matac, "PROPOSAL")["links"]["decline"], claim).raise_for_status()

    item = the(callers.chair, "NOT_TAKEN")

    assert (item["section"], item["owner_role"], item["case_id"]) == ("CAME_BACK", "MARAC_CHAIR", routed["case_id"])
    assert item["what"] == (
        "MATAC declined: managed elsewhere, by MAPPA level 2. No acceptance by MAPPA level 2 is on record. "
        "The police PVP hub still owns it: decide who is asked next"
    )
    assert asked(callers.hub, "NOT_TAKEN") == []
    clock.set(clock.now() + timedelta(hours=1))
    callers.mappa.post(the(callers.mappa, "PROPOSAL")["links"]["accept"], {}).raise_for_status()
    assert asked(callers.chair, "NOT_TAKEN") == []


def test_action_that_its_recipient_declined_comes_back_to_the_chair(callers: Callers, routed: dict[str, Any]) -> None:
    action = agree(callers, routed["case_id"], **IDVAS)
    (mine,) = (one for one in asked(callers.idva, "ACTION") if one["subject_id"] == action["id"])
    report(callers.idva, mine, outcome="DECLINED_BY_RECIPIENT")

    item = the(callers.chair, "DECLINE")

    assert (item["subject_id"], item["section"], item["owner_role"]) == (action["id"], "CAME_BACK", "MARAC_CHAIR")
    assert item["what"] == f"Its recipient declined it, give it to somebody: {action['what']}"
    assert of_action(callers.idva, action["id"]) == []
    given = {"owner_agency": "ANYTOWN-COUNCIL", "owner_role": "HOUSING", "reason": "Housing can enter the flat"}
    moved = callers.chair.post(item["links"]["act"], given, **{"If-Match": '"2"'})
    assert moved.status_code == 201, moved.text
    assert asked(callers.chair, "DECLINE") == []
    assert of_action(callers.council, action["id"]) == ["ACTION"]


def test_hub_answers_an_enquiry_and_it_goes(callers: Callers, routed: dict[str, Any]) -> None:
    item = the(callers.hub, "ENQUIRY")
    enquiry = callers.hub.get(item["links"]["subject"]).json()
    open_now = [one for one in enquiry["items"] if one["ended"] is None]
    assert item["what"] == f"Answer {len(open_now)} questions about this case"
    assert item["due_at"] == enquiry["until"]

    graded = {"kind": "VALUE", "value": "HIGH", "reason": "Judged by the hub on the recording"}
    not_known = {"kind": "CANNOT_FIND_OUT", "reason": "The record is with another force"}
    said = [
        {"fact": one["fact"], "report_id": one["report_id"]} | (graded if one["fact"] == "hub_review" else not_known)
        for one in open_now
    ]
    answer = callers.hub.post(item["links"]["act"], {"answers": said}, **callers.hub.on_behalf_of("jo.smith"))

    assert answer.status_code == 201, answer.text
    assert asked(callers.hub, "ENQUIRY") == []


def test_reported_action_waits_for_a_second_person_and_never_for_the_reporter(
    callers: Callers, routed: dict[str, Any]
) -> None:
    action = agree(callers, routed["case_id"], **IDVAS)
    (mine,) = (one for one in asked(callers.idva, "ACTION") if one["subject_id"] == action["id"])
    report(callers.idva, mine)

    item = the(callers.coordinator, "REVIEW")

    assert of_action(callers.idva, action["id"]) == []
    assert item["what"] == f"Check what was reported: {action['what']}"
    assert (item["subject_id"], item["due_on"]) == (action["id"], "2026-03-12")  # two working days
    accepted = {"verdict": "ACCEPTED", "note": "Record read and found complete"}
    callers.chair.post(item["links"]["act"], accepted, **{"If-Match": '"2"'}).raise_for_status()
    assert asked(callers.coordinator, "REVIEW") == []


def test_nobody_is_asked_to_review_their_own_report(http: TestClient, callers: Callers, routed: dict[str, Any]) -> None:
    action = agree(callers, routed["case_id"], owner_agency="ANYTOWN-MARAC", owner_role="MARAC_COORDINATOR")
    first, second = {"X-On-Behalf-Of": "Jo.Smith"}, {"X-On-Behalf-Of": " jo.smith"}
    path = f"/v1/actions/{action['id']}/outcomes"
    callers.coordinator.post(path, DONE, **{"If-Match": '"1"'} | first).raise_for_status()

    def reviews(**headers: str) -> int:
        called = callers.coordinator.client.get(
            "/v1/inbox?kind=REVIEW", headers=callers.coordinator._headers() | headers
        )
        return len(called.json()["items"])

    # Whoever uses the system that names nobody may be the reporter.
    assert (reviews(**first), reviews(**second), reviews()) == (0, 0, 0)
    assert reviews(**callers.coordinator.on_behalf_of("sam.reid")) == 1


def test_whoever_covers_is_asked_and_the_owner_who_is_away_is_not(callers: Callers, routed: dict[str, Any]) -> None:
    action = agree(callers, routed["case_id"], **IDVAS)
    away = {
        "area": "ANYTOWN", "owner_agency": "ANYTOWN-IDVA", "owner_role": "IDVA", "away_from": "2026-03-10",
        "away_until": "2026-03-20", "cover_agency": "ANYTOWN-COUNCIL", "cover_role": "HOUSING",
        "owner_account": "idva", "cover_account": "housing",
        "reason": "On leave; named at the handover meeting",
    }  # fmt: skip
    cover = callers.coordinator.post("/v1/covers", away)
    assert cover.status_code == 201, cover.text

    (item,) = (one for one in asked(callers.council, "ACTION") if one["subject_id"] == action["id"])

    assert (item["owner_agency"], item["owner_role"]) == ("ANYTOWN-COUNCIL", "HOUSING")
    assert of_action(callers.idva, action["id"]) == []
    callers.coordinator.post(f"/v1/covers/{cover.json()['id']}/endings", {"reason": "Back from leave today"})
    assert of_action(callers.idva, action["id"]) == ["ACTION"]


@pytest.fixture
def listed(sitting: Sitting, callers: Callers) -> dict[str, Any]:
    """A case that MARAC has accepted, on the list of 26 March."""
    meetings = sitting.cycle()
    body = sitting.referred()
    for item in asked(callers.chair, "PROPOSAL"):
        callers.chair.post(item["links"]["accept"], {}).raise_for_status()
    return body | {"meeting": meetings[0]["id"]}


def test_agency_returns_its_research_once_and_is_asked_no_more(callers: Callers, listed: dict[str, Any]) -> None:
    item = the(callers.council, "RESEARCH")
    assert (item["due_on"], item["links"]["meeting"]) == ("2026-03-23", f"/v1/meetings/{listed['meeting']}")
    assert [one["kind"] for one in asked(callers.council)] == ["RESEARCH"]  # and not the action that carries it

    filed = callers.council.post(item["links"]["act"], {"nothing_held": True})

    assert filed.status_code == 201, filed.text
    assert asked(callers.council) == []


def test_supervising_service_returns_research_countersigned(callers: Callers, listed: dict[str, Any]) -> None:
    item = the(callers.probation, "RESEARCH")

    sender = callers.probation.on_behalf_of("supervising.practitioner")
    callers.probation.post(item["links"]["act"], a_supervision_return(), **sender).raise_for_status()

    waiting = the(callers.probation, "COUNTERSIGNATURE")
    assert (waiting["owner_role"], waiting["due_on"]) == ("SUPERVISING_PRACTITIONER", item["due_on"])
    assert asked(callers.probation, "RESEARCH") == []
    second = callers.probation.on_behalf_of("senior.probation")
    callers.probation.post(waiting["links"]["act"], None, **second).raise_for_status()
    assert asked(callers.probation, "RESEARCH", "COUNTERSIGNATURE") == []


def test_coordinator_prepares_a_meeting_until_its_minutes_are_sent(
    callers: Callers, sitting: Sitting, listed: dict[str, Any]
) -> None:
    case_id, meeting = listed["case_id"], listed["meeting"]
    first = the(callers.coordinator, "MEETING")
    assert (first["subject_id"], first["due_on"]) == (meeting, "2026-03-13")
    assert first["what"] == "Prepare MARAC on 2026-03-26, 1 case: the list closes on 2026-03-13"
    sitting.on(FIRST_MEETING)
    held = the(callers.coordinator, "MEETING")
    assert (held["section"], held["what"]) == ("TODAY", "Hold MARAC on 2026-03-26, 1 case, and complete its agenda")

    sitting.heard_with_plan(case_id, meeting)
    sitting.everything_reviewed(meeting, date(2026, 4, 2))
    sitting.everyone_attends(meeting)
    completed = sitting.completed(meeting)
    assert completed.status_code == 201, completed.text

    minutes = the(callers.coordinator, "MEETING")
    assert (minutes["what"], minutes["due_on"]) == ("Send the minutes of MARAC on 2026-03-26, 1 case", "2026-03-31")
    assert not [one for one in asked(callers.coordinator, "ACTION") if one["what"].startswith("Send the minutes")]
    sent = callers.coordinator.post(minutes["links"]["act"], {"sent_to": ["ANYTOWN-IDVA"]})
    assert sent.status_code == 201, sent.text
    assert asked(callers.coordinator, "MEETING") == []


def test_receiving_coordinator_is_asked_to_take_over(
    callers: Callers, routed: dict[str, Any], elsewhere: Callers
) -> None:
    carried = {
        "to_area": "BORDER",
        "plan": "Weekly contact by the IDVA; locks changed; alarm fitted at the old address",
        "minutes": "Not heard yet; the list for the next meeting is not out",
        "idva_handover": "Call on the number a sister keeps, mornings only, and never leave a message",
    }
    callers.coordinator.post(f"/v1/cases/{routed['case_id']}/transfers", carried).raise_for_status()

    item = the(elsewhere.coordinator, "TRANSFER")

    assert (item["area"], item["case_id"]) == ("BORDER", routed["case_id"])
    assert asked(callers.coordinator, "TRANSFER") == []
    elsewhere.coordinator.post(item["links"]["decline"], {"reason": "The new address is across the border"})
    assert asked(elsewhere.coordinator, "TRANSFER") == []


def test_area_without_a_calendar_says_so_until_it_has_one(callers: Callers, clock: SettableClock) -> None:
    item = the(callers.coordinator, "SET_UP")
    assert (item["section"], item["subject_id"]) == ("CAME_BACK", "ANYTOWN:MARAC")
    assert item["what"] == "Set the year's meetings: no meeting of MARAC is in the calendar"

    Sitting(callers, clock).cycle()

    assert asked(callers.coordinator, "SET_UP") == []


def test_post_that_nobody_fills_is_one_fault_and_its_work_is_the_coordinators(
    callers: Callers, clock: SettableClock, owner_engine: Engine
) -> None:
    Sitting(callers, clock).cycle()
    with owner_engine.begin() as connection:
        connection.execute(text("DELETE FROM post WHERE role = 'IDVA'"))
    callers.hub.post("/v1/referrals", a_referral()).raise_for_status()

    fault = the(callers.coordinator, "SET_UP")
    unowned = [one for one in asked(callers.coordinator) if one["owner_role"] == "IDVA"]

    assert fault["subject_id"] == "ANYTOWN:IDVA"
    assert fault["what"].startswith("Name an agency for this post: IDVA is filled by nobody, and ")
    assert unowned
    assert {one["owner_agency"] for one in unowned} == {None}
    with owner_engine.begin() as connection:
        connection.execute(text("INSERT INTO post (area, role, agency) VALUES ('ANYTOWN', 'IDVA', 'ANYTOWN-IDVA')"))
    assert asked(callers.coordinator, "SET_UP") == []


def test_reminder_that_reached_nobody_falls_back_on_the_coordinator_who_closes_it(
    callers: Callers, sessions: sessionmaker[Session], clock: SettableClock
) -> None:
    draft = EventDraft(
        EventType.REMINDER_DANGER, SubjectType.ACTION, "act_" + "0" * 32, area="ANYTOWN", agencies=["ANYTOWN-COUNCIL"]
    )
    with sessions.begin() as session:
        scope_to_system(session)
        record_event(session, draft, clock.now())

    item = the(callers.coordinator, "WORK_ITEM")

    assert (item["section"], item["owner_role"]) == ("CAME_BACK", "MARAC_COORDINATOR")
    assert item["what"] == "A reminder has no receiver that is live: ring the agency"
    assert asked(callers.council) == []
    callers.coordinator.post(item["links"]["act"], None).raise_for_status()
    assert asked(callers.coordinator, "WORK_ITEM") == []


def test_no_kind_is_left_out_of_the_counts(callers: Callers, routed: dict[str, Any]) -> None:
    counts = inbox(callers.hub)["counts"]

    assert set(counts["by_kind"]) == set(InboxKind)
    assert sum(counts["by_kind"].values()) == sum(counts["by_section"].values()) == counts["in_all"]
