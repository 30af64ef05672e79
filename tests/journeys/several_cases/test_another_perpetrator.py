"""Another perpetrator harms the victim: the owner of the first is prompted in the same transaction.

Source: DHR "Jean" 14.1.27-28, 14.4.3.
"""

from datetime import timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from app.access.service import scope_to_system
from app.demo.demo_area import create_demo_area
from app.foundation.clock import SettableClock
from app.intake.enquiries.clock_ends import decide_after_ended_clock
from app.outbox.models import Event
from app.vocabulary import EventType
from tests.ending import end_need
from tests.given import Caller, Callers, a_referral

Body = dict[str, Any]
NHS = [{"kind": "NHS", "value": "9434765919"}]


def refer(callers: Callers, reference: str, perpetrator: str | None = "P-1", victim: Body | None = None) -> Body:
    person = {"ref": perpetrator, "in_custody": False} if perpetrator else {"known": False}
    sent = a_referral(reference, perpetrator=person, victim=victim or {"ref": "V-1", "age": 34})
    answer = callers.hub.post("/v1/referrals", sent)
    assert answer.status_code == 201, answer.text
    body: Body = answer.json()
    return body


def prompts(callers: Callers, case_id: str) -> list[Body]:
    items = callers.chair.get("/v1/actions", case_id=case_id, limit=200).json()["items"]
    return [action for action in items if action["duty"] == "REVIEW_OTHER_CASE"]


def to_review(caller: Caller) -> list[Body]:
    answer = caller.get("/v1/cases-to-review")
    assert answer.status_code == 200, answer.text
    items: list[Body] = answer.json()["items"]
    return items


def a_day_later(clock: SettableClock) -> None:
    clock.set(clock.now() + timedelta(days=1))


def accept_the_lead(callers: Callers, body: Body) -> None:
    """Probation accepts the first perpetrator, as the lead agency of level 1."""
    waiting = callers.probation.get("/v1/proposals", state="PROPOSED").json()["items"]
    proposal = next(one for one in waiting if one["forum"] == "MAPPA_L1_LEAD_AGENCY")
    path = f"/v1/proposals/{proposal['id']}/acceptances"
    callers.probation.post(path, {"note": "ours"}).raise_for_status()


def test_holder_of_the_first_perpetrator_is_prompted_when_another_harms_the_victim(
    callers: Callers, clock: SettableClock
) -> None:
    first = refer(callers, "DV-1")
    a_day_later(clock)

    refer(callers, "DV-2", "P-2")

    (prompt,) = prompts(callers, first["case_id"])
    assert (prompt["owner_agency"], prompt["owner_role"]) == ("ANYTOWN-POLICE", "PVP_HUB")
    assert prompt["due_on"] == "2026-03-12"
    assert prompt["about"] == "PERPETRATOR"


def test_prompt_goes_to_whoever_has_accepted_the_first_perpetrator_meanwhile(
    callers: Callers, clock: SettableClock
) -> None:
    sent = a_referral("DV-1")
    first = callers.hub.post("/v1/referrals", sent).json()
    accept_the_lead(callers, first)
    a_day_later(clock)

    refer(callers, "DV-2", "P-2")

    (prompt,) = prompts(callers, first["case_id"])
    assert prompt["owner_role"] == "SUPERVISING_PRACTITIONER"


def test_prompt_is_told_in_the_commit_of_the_new_referral_and_names_nothing_of_it(
    callers: Callers, clock: SettableClock, sessions: sessionmaker[Session]
) -> None:
    first = refer(callers, "DV-1")
    a_day_later(clock)

    second = refer(callers, "DV-2", "P-2")

    (prompt,) = prompts(callers, first["case_id"])
    with sessions.begin() as session:
        scope_to_system(session)
        events = session.scalars(select(Event).where(Event.subject_id == first["case_id"])).all()
    (told,) = (event for event in events if prompt["id"].encode() in event.body)
    assert (told.type, told.agencies) == (EventType.WORK_ASSIGNED, ["ANYTOWN-POLICE"])
    assert second["case_id"].encode() not in told.body
    assert second["case_reference"] not in prompt["what"] + prompt["done_when"]


def test_first_case_is_listed_until_a_person_has_had_it_decided_anew(callers: Callers, clock: SettableClock) -> None:
    first = refer(callers, "DV-1")
    a_day_later(clock)
    second = refer(callers, "DV-2", "P-2")

    (listed,) = to_review(callers.coordinator)
    a_day_later(clock)
    callers.coordinator.post(listed["decide"], {"reason": "A second perpetrator"}).raise_for_status()

    assert (listed["case_id"], listed["decision_id"]) == (first["case_id"], first["decision"]["id"])
    assert [other["case_id"] for other in listed["opened_since"]] == [second["case_id"]]
    assert to_review(callers.coordinator) == []
    assert prompts(callers, first["case_id"]) == []


def test_report_that_comes_in_decides_anew_and_leaves_the_holder_asked_to_look(
    callers: Callers, clock: SettableClock
) -> None:
    first = refer(callers, "DV-1")
    a_day_later(clock)
    refer(callers, "DV-2", "P-2")
    a_day_later(clock)

    callers.hub.post(f"/v1/referrals/{first['referral_id']}/facts", {"ongoing_event": False}).raise_for_status()

    assert len(prompts(callers, first["case_id"])) == 1


def test_end_of_a_clock_decides_anew_and_leaves_the_holder_asked_to_look(
    callers: Callers, clock: SettableClock, sessions: sessionmaker[Session]
) -> None:
    half = {"tool": "DASH24", "ticks": 8, "unanswered": 10, "officer_grade": "MEDIUM"}
    first = callers.hub.post("/v1/referrals", a_referral("DV-1", assessment=half)).json()
    clock.set(clock.now() + timedelta(hours=1))
    refer(callers, "DV-2", "P-2")
    clock.set(clock.now() + timedelta(hours=30))

    with sessions.begin() as session:
        scope_to_system(session)
        decided = decide_after_ended_clock(session, clock.now())

    assert decided > 0
    assert len(prompts(callers, first["case_id"])) == 1


def test_third_perpetrator_lists_the_case_again_after_it_was_decided_anew(
    callers: Callers, clock: SettableClock
) -> None:
    first = refer(callers, "DV-1")
    a_day_later(clock)
    refer(callers, "DV-2", "P-2")
    a_day_later(clock)
    callers.coordinator.post(f"/v1/cases/{first['case_id']}/decisions", {"reason": "A second perpetrator"})
    a_day_later(clock)

    refer(callers, "DV-3", "P-3")

    assert first["case_id"] in {each["case_id"] for each in to_review(callers.chair)}
    assert len(prompts(callers, first["case_id"])) == 1


def test_victim_is_known_again_by_an_identifier_under_another_pseudonym(callers: Callers, clock: SettableClock) -> None:
    first = refer(callers, "DV-1", victim={"ref": "V-HERE", "identifiers": NHS})
    a_day_later(clock)

    refer(callers, "DV-2", "P-2", victim={"ref": "V-THERE", "identifiers": NHS})

    assert len(prompts(callers, first["case_id"])) == 1


def test_perpetrator_whom_nobody_has_identified_prompts_as_another_perpetrator_does(
    callers: Callers, clock: SettableClock
) -> None:
    first = refer(callers, "DV-1")
    a_day_later(clock)

    refer(callers, "DV-2", None)

    assert len(prompts(callers, first["case_id"])) == 1


def test_further_referral_about_the_same_two_people_prompts_nobody(callers: Callers, clock: SettableClock) -> None:
    first = refer(callers, "DV-1")
    a_day_later(clock)

    refer(callers, "DV-2")

    assert prompts(callers, first["case_id"]) == []


def test_same_perpetrator_and_another_victim_prompts_nobody_about_the_first(
    callers: Callers, clock: SettableClock
) -> None:
    first = refer(callers, "DV-1")
    a_day_later(clock)

    refer(callers, "DV-2", victim={"ref": "V-2"})

    assert prompts(callers, first["case_id"]) == []


def test_perpetrator_whose_need_has_ended_is_not_looked_at_again(callers: Callers, clock: SettableClock) -> None:
    first = refer(callers, "DV-1")
    need = next(one for one in first["needs"] if one["kind"] == "PERPETRATOR")
    gone = {
        "reason": "DECEASED",
        "note": "Certificate of death seen",
        "occurred_on": "2026-03-09",
        "actions_continue": [action["id"] for action in first["actions"]],
    }
    ended = end_need(callers.hub, callers.coordinator, need["id"], gone)
    a_day_later(clock)

    refer(callers, "DV-2", "P-2")

    assert ended.status_code == 201, ended.text
    assert prompts(callers, first["case_id"]) == []


def test_case_of_another_area_is_prompted_there_and_listed_for_its_own_coordinator(
    callers: Callers, sessions: sessionmaker[Session], clock: SettableClock
) -> None:
    first = refer(callers, "DV-1")
    with sessions.begin() as session:
        keys = create_demo_area(session, "OTHERTOWN", "national-baseline", clock.now()).keys
    there = {name: Caller(callers.hub.client, key) for name, key in keys.items()}
    a_day_later(clock)

    sent = a_referral("DV-9", area="OTHERTOWN", perpetrator={"ref": "P-2", "in_custody": False})
    there["hub"].post("/v1/referrals", sent).raise_for_status()

    assert [case["case_id"] for case in to_review(callers.coordinator)] == [first["case_id"]]
    assert to_review(there["coordinator"]) == []
    (prompt,) = prompts(callers, first["case_id"])
    assert "OTHERTOWN" not in prompt["what"] + prompt["done_when"]


def test_list_of_cases_to_review_is_only_for_marac(callers: Callers) -> None:
    assert {caller.get("/v1/cases-to-review").status_code for caller in (callers.hub, callers.matac)} == {403}
