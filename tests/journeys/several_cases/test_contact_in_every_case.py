"""What holds contact with a victim holds in every case of theirs, and is lifted by a person and not by a program.

Source: the design note on forms, (a) `victim_aware`, and kind M of the reports: contact can kill.
"""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session, sessionmaker

from app.access.service import add_client
from app.foundation.clock import SettableClock
from tests.given import Caller, Callers, a_referral, an_incident, with_its_case
from tests.journeys.test_before_contact import action_of, notes_on_action, referred, said

Body = dict[str, Any]
HELD: Body = {
    "victim_aware": "NOT_AWARE_UNSAFE",
    "safe_contact": {"channels": [], "message_safe": False},
    "must_not_be_told": [{"who": "VICTIM_FAMILY", "reason": "the brothers look for the victim"}],
    "consent_limits": "no word to the clinic",
    "victim": {"ref": "V-1", "age": 34, "interpreter_needed": True, "language": "pa"},
}
MESSAGE = {"safe_contact": {"message_safe": False}}
UNAWARE = "The victim does not know that agencies know, and it is not safe to say so"


def an_hour_later(clock: SettableClock) -> None:
    clock.set(clock.now() + timedelta(hours=1))


def reach(callers: Callers, body: Body) -> set[str]:
    """The open duties that reach the victim, or agree how."""
    items = callers.coordinator.get("/v1/actions", case_id=body["case_id"], limit=200).json()["items"]
    return {one["duty"] for one in items if one["duty"].startswith("D06") and one["state"] == "OPEN"}


def learned(caller: Caller, body: Body, facts: Body, person: str | None = None) -> Any:
    named = caller.on_behalf_of(person) if person else {}
    return caller.post(f"/v1/referrals/{body['referral_id']}/facts", facts, **named)


def council_that_refers(callers: Callers, sessions: sessionmaker[Session], clock: SettableClock) -> Caller:
    with sessions.begin() as session:
        agency, role, areas = "ANYTOWN-COUNCIL", "hub.referrer", ["ANYTOWN"]
        _, key = add_client(
            session,
            name="The council refers",
            agency=agency,
            role=role,
            areas=areas,
            now=clock.now(),
            speaks_for_people=True,
        )
    return Caller(callers.hub.client, key)


def help_asked(callers: Callers) -> Body:
    asked = {
        "source_system": "HELPLINE", "source_reference": "H-1", "area": "ANYTOWN", "help_sought_by": "HELPLINE",
        "victim": {"ref": "V-1"},
    }  # fmt: skip
    answer = callers.council.post("/v1/help-requests", asked)
    assert answer.status_code == 201, answer.text
    return with_its_case(callers, answer.json())


def test_second_perpetrator_finds_the_victim_held_as_before(callers: Callers, clock: SettableClock) -> None:
    referred(callers, **HELD)
    an_hour_later(clock)

    second = referred(callers, "DV-2", perpetrator={"ref": "P-2", "age": 50})

    assert reach(callers, second) == {"D06.agree"}
    notes = notes_on_action(callers.idva, action_of(callers, second, "D06.agree"), **{"X-On-Behalf-Of": "jo.smith"})
    assert said(notes)["HOLD"].startswith(UNAWARE)
    assert said(notes)["MUST_NOT_BE_TOLD"] == "Tell neither the perpetrator, nor the victim's family"
    assert "bring an interpreter" in said(notes)["LANGUAGE"]
    texts = [one["text"] for note in notes for one in note["texts"]]
    assert texts == ["the brothers look for the victim", "no word to the clinic"]


def test_help_that_is_asked_without_a_perpetrator_finds_the_victim_held(callers: Callers, clock: SettableClock) -> None:
    referred(callers, **HELD)
    an_hour_later(clock)

    received = help_asked(callers)

    assert reach(callers, received) == {"D06.agree"}


def test_preview_of_another_perpetrator_knows_the_hold(callers: Callers) -> None:
    referred(callers, **HELD)

    sent = a_referral("DV-2", perpetrator={"ref": "P-2", "age": 50})
    preview = callers.hub.post("/v1/routing-previews", sent).json()

    assert preview["decision"]["facts"]["contact_held"] is True


@pytest.mark.parametrize(
    ("held", "lower", "pointer"),
    [
        ({"victim_aware": "NOT_AWARE_UNSAFE"}, {"victim_aware": "AWARE"}, "/victim_aware"),
        ({"safe_contact": {"channels": []}}, {"safe_contact": {"channels": ["CALL"]}}, "/safe_contact/channels"),
    ],
)
def test_program_lifts_no_hold_of_its_own_agency(
    held: Body, lower: Body, pointer: str, callers: Callers, clock: SettableClock
) -> None:
    body = referred(callers, **held)
    an_hour_later(clock)

    stated = learned(callers.hub, body, lower)
    taken_back = learned(callers.hub, body, dict.fromkeys(held))
    reported = callers.hub.post("/v1/referrals", a_referral("DV-2", **lower))
    elsewhere = callers.hub.post("/v1/referrals", a_referral("DV-3", perpetrator={"ref": "P-2", "age": 50}, **lower))

    assert (taken_back.status_code, taken_back.json()["code"]) == (422, "no-person")
    for answer in (stated, reported, elsewhere):
        assert answer.status_code == 201, answer.text
        assert pointer in answer.json()["not_lowered"]
        assert reach(callers, answer.json()) == {"D06.agree"}


def test_named_person_lifts_the_hold_and_nobody_is_asked_to_agree_what_is_no_longer_held(
    callers: Callers, clock: SettableClock
) -> None:
    body = referred(callers, victim_aware="NOT_AWARE_UNSAFE", safe_contact={"channels": []})
    agreement = action_of(callers, body, "D06.agree")
    an_hour_later(clock)

    lifted = learned(
        callers.hub, body, {"victim_aware": "AWARE", "safe_contact": {"channels": ["CALL"]}}, "jo.smith"
    ).json()

    assert lifted["not_lowered"] is None
    assert reach(callers, body) == {"D06"}
    ended = callers.coordinator.get(f"/v1/actions/{agreement}").json()
    assert ended["outcome"] == "NO_LONGER_OWED"


@pytest.mark.parametrize(
    ("limit", "lower", "kind", "says"),
    [
        (MESSAGE, {"safe_contact": {"message_safe": True}}, "SAFE_CONTACT", "leave no"),
        ({"must_not_be_told": [{"who": "EMPLOYER"}]}, {"must_not_be_told": []}, "MUST_NOT_BE_TOLD", "the employer"),
        ({"victim": HELD["victim"]}, {"victim": {"interpreter_needed": False}}, "LANGUAGE", "bring an interpreter"),
    ],
)  # fmt: skip
def test_program_takes_no_limit_to_contact_away(
    limit: Body, lower: Body, kind: str, says: str, callers: Callers, clock: SettableClock
) -> None:
    body = referred(callers, **limit)
    action = action_of(callers, body, "D06")
    an_hour_later(clock)

    stated = learned(callers.hub, body, lower).json()
    kept = said(notes_on_action(callers.idva, action))[kind]
    learned(callers.hub, body, lower, "jo.smith").raise_for_status()

    assert stated["not_lowered"].startswith("Both statements are kept")
    assert says in kept
    assert says not in said(notes_on_action(callers.idva, action))[kind]


def test_two_agencies_that_name_two_ways_are_not_told_that_nothing_is_on_record(
    callers: Callers, sessions: sessionmaker[Session], clock: SettableClock
) -> None:
    referrer = council_that_refers(callers, sessions, clock)
    body = referred(callers, safe_contact={"channels": ["CALL"]})
    an_hour_later(clock)

    other = a_referral("C-1", safe_contact={"channels": ["TEXT"]}, incidents=[an_incident("2026-03-10T09:00:00Z")])
    decided = referrer.post("/v1/referrals", other).json()

    notes = said(notes_on_action(callers.idva, action_of(callers, body, "D06")))
    assert notes["SAFE_CONTACT"].startswith("Agencies name different ways as safe, and none that all of them name")
    assert decided["decision"]["decision"]["facts"]["safe_contact_recorded"] is True


def test_idva_that_owns_an_action_reads_the_notes_there_and_does_not_see_the_case(callers: Callers) -> None:
    body = referred(callers, **HELD)

    assert callers.idva.get(f"/v1/cases/{body['case_id']}").status_code == 404
    assert "HOLD" in said(notes_on_action(callers.idva, action_of(callers, body, "D06.agree")))


def test_service_of_one_perpetrator_reads_no_notes_in_the_case_of_another(
    callers: Callers, sessions: sessionmaker[Session], clock: SettableClock
) -> None:
    """Contact is known in every case of the victim, and a service that works with any who harm them may pass it on."""
    referrer = council_that_refers(callers, sessions, clock)
    licence = [{"kind": "LICENCE", "service": "ANYTOWN-COUNCIL"}]
    referred(callers, perpetrator={"ref": "P-1", "age": 41, "licences": licence}, **HELD)

    second = referrer.post("/v1/referrals", a_referral("C-1", perpetrator={"ref": "P-2", "age": 50})).json()

    assert second["decision"] is None
    assert referrer.get(f"/v1/cases/{second['case_id']}").json()["before_contact"] is None
