"""What whoever reaches the victim must know first is shown to them and to the victim's side, and to nobody else.

Source: the design note on forms, kinds M and N of the reports: the victim does not know, an interpreter is needed.
"""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session, sessionmaker

from app.access.service import add_client
from app.foundation.clock import SettableClock
from tests.given import Caller, Callers, a_referral, an_incident, with_its_case
from tests.journeys.test_not_for_disclosure import everything_shown
from tests.meetings.sitting import FIRST_MEETING, Sitting

Body = dict[str, Any]
CHILD = [{"ref": "C-1", "age": 7, "in_household": True, "setting": "SCHOOL-7", "setting_kind": "SCHOOL"}]
CANARY = "canaryuncleatthemill"
NAMED = {"X-On-Behalf-Of": "jo.smith"}
SEALED = {
    "safe_contact": {"channels": ["CALL"], "message_safe": False, "hours": f"when {CANARY} works"},
    "must_not_be_told": [{"who": "VICTIM_FAMILY", "reason": f"{CANARY} looks for the victim"}],
    "consent_limits": f"no word to {CANARY}",
    "victim_wishes": f"to live far from {CANARY}",
}
SPEECH = {"interpreter_needed": True, "language": "pa", "access_needs": ["HEARING_LOOP"]}


def referred(callers: Callers, reference: str = "DV-1", **changes: Any) -> Body:
    answer = callers.hub.post("/v1/referrals", a_referral(reference, **changes))
    assert answer.status_code == 201, answer.text
    body: Body = answer.json()
    return body


def action_of(callers: Callers, body: Body, duty: str) -> str:
    actions = callers.coordinator.get("/v1/actions", case_id=body["case_id"], limit=200).json()["items"]
    (found,) = (one["id"] for one in actions if one["duty"] == duty)
    return str(found)


def notes_on_action(caller: Caller, action: str, **headers: str) -> Any:
    sent = {"Authorization": f"Bearer {caller.key}"} | headers
    answer = caller.client.get(f"/v1/actions/{action}", headers=sent)
    assert answer.status_code == 200, answer.text
    return answer.json()["before_contact"]


def reports_too(caller: Caller) -> None:
    """An agency that works outside the hub reports the same two people. It is named no case."""
    asked = {
        "source_system": "OWN", "source_reference": "H-2", "area": "ANYTOWN", "help_sought_by": "OTHER_AGENCY",
        "victim": {"ref": "V-1"}, "perpetrator": {"ref": "P-1"},
    }  # fmt: skip
    assert caller.post("/v1/help-requests", asked).json()["contact"] is None


def supervisor_that_refers(callers: Callers, sessions: sessionmaker[Session], clock: SettableClock) -> Caller:
    """The agency that supervises the perpetrator, with a key of a referrer."""
    with sessions.begin() as session:
        agency, role, areas = "ANYTOWN-PROBATION", "hub.referrer", ["ANYTOWN"]
        _, key = add_client(
            session,
            name="Probation refers",
            agency=agency,
            role=role,
            areas=areas,
            now=clock.now(),
            speaks_for_people=True,
        )
    return Caller(callers.hub.client, key)


def said(notes: list[Body]) -> dict[str, str]:
    return {note["kind"]: note["says"] for note in notes}


def texts(notes: list[Body]) -> list[str]:
    return [one["text"] for note in notes for one in note["texts"]]


def test_whoever_reaches_the_victim_reads_first_who_interprets_and_how_contact_is_safe(callers: Callers) -> None:
    contact = {"channels": ["CALL"], "message_safe": False, "withheld_number": True, "ask_agency": "ANYTOWN-IDVA"}
    body = referred(callers, victim={"ref": "V-1", **SPEECH}, safe_contact=contact, visit_risks=["DOG"])

    notes = said(notes_on_action(callers.idva, action_of(callers, body, "D06")))

    assert notes["SAFE_CONTACT"] == (
        "Safe: call; leave no message; call from a withheld number only; ask ANYTOWN-IDVA for the number"
    )
    assert notes["LANGUAGE"] == (
        "The victim's language is pa; bring an interpreter of a service, never family, a friend or a child"
    )
    assert notes["ACCESS"] == "Access needs: hearing loop"
    assert notes["VISIT"] == "Visit in pairs: dog"


def test_silence_about_contact_is_said_and_holds_nothing(callers: Callers) -> None:
    body = referred(callers)

    notes = said(notes_on_action(callers.idva, action_of(callers, body, "D06")))

    assert notes["SAFE_CONTACT"] == "Nobody has recorded how to reach the victim safely: ask the referrer"
    assert notes["LANGUAGE"] == "Whether an interpreter is needed is not known: ask before the visit"
    assert notes["LOST_CONTACT"].startswith("If contact is lost, agree with whoever works with the victim")
    assert "HOLD" not in notes


def test_notes_are_those_of_now_and_not_of_when_the_action_was_set(callers: Callers) -> None:
    body = referred(callers)
    action = action_of(callers, body, "D06")

    callers.hub.post(f"/v1/referrals/{body['referral_id']}/facts", {"victim_aware": "NOT_AWARE_UNSAFE"})

    first = notes_on_action(callers.idva, action)[0]
    assert first["kind"] == "HOLD"
    assert first["says"].endswith("agree whether and how, before any contact")


def test_help_that_was_asked_for_a_victim_who_does_not_know_names_who_agrees_how(callers: Callers) -> None:
    asked = {
        "source_system": "HELPLINE", "source_reference": "H-1", "area": "ANYTOWN", "help_sought_by": "HELPLINE",
        "victim": {"ref": "V-1"}, "victim_aware": "NOT_AWARE_NOT_REACHED",
    }  # fmt: skip

    received = with_its_case(callers, callers.council.post("/v1/help-requests", asked).json())

    agree = callers.coordinator.get(f"/v1/actions/{action_of(callers, received, 'D06.agree')}").json()
    assert (agree["owner_role"], agree["due_on"]) == ("IDVA", received["answered_by"])


def test_welsh_is_offered_in_wales_before_anybody_asks(callers: Callers, owner_engine: Engine) -> None:
    with owner_engine.begin() as connection:
        connection.execute(text("UPDATE area SET nation = 'WLS'"))
    body = referred(callers, victim={"ref": "V-1", "language": "cy", "interpreter_needed": False})

    notes = notes_on_action(callers.idva, action_of(callers, body, "D06"))

    assert [note["says"] for note in notes if note["kind"] == "LANGUAGE"] == [
        "The victim's language is Welsh (cy); no interpreter is needed",
        "Offer Welsh before the victim has to ask (active offer)",
    ]


def test_sealed_texts_are_opened_for_a_named_reader_and_the_reading_is_recorded(
    callers: Callers, owner_engine: Engine
) -> None:
    body = referred(callers, **SEALED)
    action = action_of(callers, body, "D06")

    unnamed, named = notes_on_action(callers.idva, action), notes_on_action(callers.idva, action, **NAMED)

    assert texts(unnamed) == []
    assert sum(note["sealed"] for note in unnamed) == 4
    assert sorted(texts(named)) == sorted(
        [f"when {CANARY} works", f"{CANARY} looks for the victim", f"no word to {CANARY}", f"to live far from {CANARY}"]
    )
    kept = "SELECT on_behalf_of FROM audit_entry WHERE subject_type = 'not-for-disclosure'"
    with owner_engine.connect() as connection:
        assert set(connection.scalars(text(kept))) == {"jo.smith"}


def test_null_takes_back_an_authors_own_text_and_leaves_the_others(callers: Callers, clock: SettableClock) -> None:
    body = referred(callers, victim_wishes="To move away")
    clock.set(clock.now() + timedelta(hours=1))
    incident = {"incident": an_incident("2026-03-10T08:00:00Z"), "victim_wishes": "To stay in the flat"}
    callers.idva.post(f"/v1/cases/{body['case_id']}/incidents", incident).raise_for_status()
    action = action_of(callers, body, "D06")
    before = texts(notes_on_action(callers.idva, action, **NAMED))

    learned = callers.hub.post(f"/v1/referrals/{body['referral_id']}/facts", {"victim_wishes": None}).json()

    assert learned["retracted"] == ["/victim_wishes"]
    assert before == ["To move away", "To stay in the flat"]
    assert texts(notes_on_action(callers.idva, action, **NAMED)) == ["To stay in the flat"]


def test_owner_of_a_visit_reads_the_notes_of_that_action_and_not_of_the_case(callers: Callers) -> None:
    reports_too(callers.council)
    body = referred(callers, victim={"ref": "V-1", "home_insecure": True, **SPEECH})

    on_visit = notes_on_action(callers.council, action_of(callers, body, "D35"))
    on_case = callers.council.get(f"/v1/cases/{body['case_id']}").json()["before_contact"]

    assert "LANGUAGE" in said(on_visit)
    assert on_case is None


@pytest.mark.parametrize("who", ["hub", "coordinator", "chair", "idva"])
def test_victims_side_reads_the_notes_on_the_case_with_sealed_texts_closed(who: str, callers: Callers) -> None:
    reports_too(callers.idva)
    body = referred(callers, **SEALED)
    caller: Caller = getattr(callers, who)

    sent = {"Authorization": f"Bearer {caller.key}"} | NAMED
    answer = caller.client.get(f"/v1/cases/{body['case_id']}", headers=sent)

    assert "MUST_NOT_BE_TOLD" in said(answer.json()["before_contact"])
    assert CANARY not in answer.text


def test_needs_of_the_perpetrator_are_for_marac_which_invites_and_for_nobody_of_the_victims_side(
    callers: Callers,
) -> None:
    victim = {"ref": "V-1", "support_needs": ["MONEY"]}
    body = referred(callers, victim=victim, perpetrator={"ref": "P-1", "age": 41, "support_needs": ["SUBSTANCE_USE"]})
    action = action_of(callers, body, "D06")

    shown = {
        name: [note["says"] for note in notes_on_action(getattr(callers, name), action) if note["kind"] == "SUPPORT"]
        for name in ("idva", "coordinator")
    }

    of_victim = "Support needs of the victim, so invite who helps with them: money"
    of_perpetrator = "Support needs of the perpetrator, so invite who helps with them: substance use"
    assert shown == {"idva": [of_victim], "coordinator": [of_victim, of_perpetrator]}


def test_agency_that_supervises_the_perpetrator_reads_no_notes_whatever_its_key(
    callers: Callers, sessions: sessionmaker[Session], clock: SettableClock
) -> None:
    refers = supervisor_that_refers(callers, sessions, clock)
    body = refers.post("/v1/referrals", a_referral(victim={"ref": "V-1", **SPEECH}, **SEALED)).json()

    on_case = [one.get(f"/v1/cases/{body['case_id']}").json() for one in (refers, callers.probation)]
    on_action = [notes_on_action(one, action_of(callers, body, "D06"), **NAMED) for one in (refers, callers.probation)]

    assert [case["before_contact"] for case in on_case] == [None, None]
    assert on_action == [None, None]


def test_agency_that_supervises_the_perpetrator_reads_of_its_referral_nothing_of_the_victims_side(
    callers: Callers, sessions: sessionmaker[Session], clock: SettableClock
) -> None:
    refers = supervisor_that_refers(callers, sessions, clock)
    victim = {"ref": "V-1", "age": 34, "home_area": "OTHERTON", "tenure": "REFUGE", **SPEECH}
    sent = a_referral(victim=victim, help_sought_by="VICTIM", disclosure={"applied_on": "2026-03-09"}, children=CHILD)
    body = refers.post("/v1/referrals", sent).json()
    more = {"also_feared": ["P-FEARED"], "police_contact_wanted": "NO", "victim_aware": "NOT_AWARE_UNSAFE"}
    path = f"/v1/referrals/{body['referral_id']}"
    callers.coordinator.post(f"{path}/facts", {**SEALED, **more, "consent": "REFUSED"}).raise_for_status()

    shown, to_marac = refers.get(path), callers.coordinator.get(path)

    assert shown.json()["document"]["victim"] == {"ref": "V-1", "age": 34}
    assert shown.json()["learned"] == [{}]
    kept = (
        "assessment",
        "help_sought_by",
        "applied_on",
        "SCHOOL-7",
        "sealed:",
        "OTHERTON",
        *NEVER_TO_THE_PERPETRATORS_SIDE,
    )
    assert [word for word in kept if word in shown.text] == []
    assert to_marac.json()["learned"][0]["victim_aware"] == "NOT_AWARE_UNSAFE"


def test_agency_that_supervises_the_perpetrator_reads_no_decision_of_its_referral(
    callers: Callers, sessions: sessionmaker[Session], clock: SettableClock
) -> None:
    """Facts, reasons, warnings and duties repeat what the victim's side said: WARN-62, WARN-63, D06.agree."""
    refers = supervisor_that_refers(callers, sessions, clock)
    sent = a_referral(victim_aware="NOT_AWARE_UNSAFE", also_feared=["P-FEARED"])
    body = refers.post("/v1/referrals?expand=decision", sent).json()
    added = refers.post(f"/v1/referrals/{body['referral_id']}/facts?expand=decision", {"ongoing_event": False}).json()
    paths = (f"/v1/decisions/{body['decision_id']}", f"/v1/referrals/{body['referral_id']}/decisions")

    shown = [refers.get(path) for path in paths]
    to_marac = callers.coordinator.get(paths[0])

    assert [answer.status_code for answer in shown] == [404, 404]
    assert [answer.json()["detail"] for answer in shown] == ["there is no such decision, or it is not yours to see"] * 2
    assert (body["decision"], added["decision"]) == (None, None)
    assert "WARN-62" in {warning["id"] for warning in to_marac.json()["decision"]["warnings"]}


def test_agency_that_supervises_the_perpetrator_reads_its_own_assessment_only(
    callers: Callers, sessions: sessionmaker[Session], clock: SettableClock
) -> None:
    refers = supervisor_that_refers(callers, sessions, clock)
    body = refers.post("/v1/referrals", a_referral(assessment={"officer_grade": "MEDIUM"})).json()
    path = f"/v1/referrals/{body['referral_id']}"
    seen = {"incident": an_incident(), "assessment": {"tool": "DASH24", "ticks": 5}}
    callers.coordinator.post(f"{path}/incidents", seen).raise_for_status()

    shown = [one.get(f"{path}/assessments").json()["items"] for one in (refers, callers.coordinator)]

    assert [[item["author"] for item in items] for items in shown] == [
        ["ANYTOWN-PROBATION"],
        ["ANYTOWN-PROBATION", "ANYTOWN-MARAC"],
    ]


def test_hub_reads_its_decision_and_the_notes_whoever_calls_it_a_service_of_the_perpetrator(callers: Callers) -> None:
    licences = [{"kind": "LICENCE", "service": "ANYTOWN-POLICE"}]
    body = callers.hub.post("/v1/referrals", a_referral(perpetrator={"ref": "P-1", "licences": licences})).json()

    assert callers.hub.get(f"/v1/decisions/{body['decision_id']}").status_code == 200
    assert callers.hub.get(f"/v1/cases/{body['case_id']}").json()["before_contact"] is not None


def test_agency_that_supervises_the_perpetrator_opens_only_its_own_sealed_text(
    callers: Callers, sessions: sessionmaker[Session], clock: SettableClock
) -> None:
    refers = supervisor_that_refers(callers, sessions, clock)
    body = refers.post("/v1/referrals", a_referral(not_for_disclosure="What probation wrote")).json()
    path = f"/v1/referrals/{body['referral_id']}"
    callers.coordinator.post(f"{path}/facts", {**SEALED, "not_for_disclosure": CANARY}).raise_for_status()

    sent = {"Authorization": f"Bearer {refers.key}"} | NAMED
    opened = refers.client.get(f"{path}/not-for-disclosure", headers=sent).json()["items"]

    assert [item["text"] for item in opened] == ["What probation wrote"]


def test_action_that_reaches_only_the_perpetrator_shows_nobody_the_notes(callers: Callers) -> None:
    body = referred(callers)

    assert notes_on_action(callers.hub, action_of(callers, body, "D36")) is None


def test_action_that_a_meeting_agrees_for_the_victim_shows_the_notes(callers: Callers) -> None:
    body = referred(callers, victim={"ref": "V-1", **SPEECH})
    agreed = {
        "what": "Fit a new lock at the victim's door", "recipient": "VICTIM", "owner_agency": "ANYTOWN-COUNCIL",
        "owner_role": "HOUSING", "due_on": "2026-03-20", "done_when": "the lock is fitted and the victim has both keys",
        "about": "VICTIM_SAFETY",
    }  # fmt: skip

    made = callers.coordinator.post(f"/v1/cases/{body['case_id']}/actions", agreed)

    assert made.status_code == 201, made.text
    assert "LANGUAGE" in said(notes_on_action(callers.council, made.json()["id"]))


def pages_of(callers: Callers, body: Body) -> Iterator[str]:
    """The metrics, and the pages that are open to everybody."""
    for path in ("/metrics", "/health", "/", "/docs", "/openapi.json", "/v1/policies"):
        yield callers.hub.client.get(path).text


def test_notice_that_protects_a_child_or_an_adult_waits_for_nobody_and_says_who_must_not_be_told(
    callers: Callers,
) -> None:
    """School, council and social care are none of those who are banned; whoever tells them reads first who is."""
    victim = {"ref": "V-1", "care_needs": True, "at_risk_of_abuse": True, "unable_to_protect_self": True}
    kin = [{"who": "VICTIM_FAMILY", "reason": f"{CANARY} works in the school's office"}]
    body = referred(callers, victim=victim, children=CHILD, must_not_be_told=kin, victim_aware="NOT_AWARE_UNSAFE")

    for duty in ("D25.school", "D25.social_care", "D26"):
        action = action_of(callers, body, duty)
        notes = notes_on_action(callers.hub, action, **NAMED)

        assert said(notes)["MUST_NOT_BE_TOLD"] == "Tell neither the perpetrator, nor the victim's family"
        assert texts(notes) == [f"{CANARY} works in the school's office"]
        assert "who must not be told" in callers.hub.get(f"/v1/actions/{action}").json()["done_when"]


def test_sealed_text_is_in_no_list_agenda_timeline_event_page_or_log(
    callers: Callers, clock: SettableClock, caplog: pytest.LogCaptureFixture
) -> None:
    sitting = Sitting(callers, clock)
    meeting = sitting.cycle()[0]
    body = referred(callers, **SEALED)
    callers.hub.post(f"/v1/referrals/{body['referral_id']}/facts", SEALED)
    sitting.on(FIRST_MEETING)
    sitting.heard(body["case_id"], meeting["id"])

    shown = [*everything_shown(callers, body, meeting), *pages_of(callers, body)]

    assert [answer for answer in shown if CANARY in answer] == []
    assert CANARY not in caplog.text
    assert CANARY not in str(body)


NEVER_TO_THE_PERPETRATORS_SIDE = (
    "interpreter", "HEARING_LOOP", "hearing loop", "must_not_be_told", "victim_wishes", "consent_limits", "sealed:",
    "police_contact", "withheld number", "AGENCY_ONLY", "NOT_AWARE", "does not know that agencies know", "P-FEARED",
)  # fmt: skip


def test_perpetrators_side_finds_nothing_of_the_notes_in_anything_it_reads(
    callers: Callers, clock: SettableClock
) -> None:
    sitting = Sitting(callers, clock)
    meeting = sitting.cycle()[0]
    victim = {"ref": "V-1", "home_insecure": True, "on_lost_contact": "AGENCY_ONLY", **SPEECH}
    more = {"also_feared": ["P-FEARED"], "police_contact_wanted": "NO", "victim_aware": "NOT_AWARE_UNSAFE"}
    body = referred(callers, victim=victim, **SEALED, **more)
    callers.hub.post(f"/v1/referrals/{body['referral_id']}/facts", {**SEALED, **more})
    sides = {name: getattr(callers, name) for name in ("matac", "probation", "mappa")}

    shown = {
        name: answer
        for name, caller in sides.items()
        for answer in [" ".join(everything_shown(_only(callers, caller), body, meeting))]
    }

    found = {name: [word for word in NEVER_TO_THE_PERPETRATORS_SIDE if word in told] for name, told in shown.items()}
    assert found == {"matac": [], "probation": [], "mappa": []}


def _only(callers: Callers, caller: Caller) -> Callers:
    """Everybody calls with the key of this one."""
    return Callers(**dict.fromkeys(callers.__dataclass_fields__, caller))


def test_sealed_text_is_in_no_table_in_the_clear(callers: Callers, owner_engine: Engine) -> None:
    body = referred(callers, **SEALED)
    callers.hub.post(f"/v1/referrals/{body['referral_id']}/facts", SEALED).raise_for_status()

    with owner_engine.connect() as connection:
        tables = connection.scalars(text("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")).all()
        rows = {name: connection.scalars(text(f"SELECT t::text FROM {name} t")).all() for name in tables}
        parts = set(connection.scalars(text("SELECT part FROM not_for_disclosure")))

    assert [name for name, found in rows.items() if any(CANARY in row for row in found)] == []
    assert parts == {"safe_contact.hours", "must_not_be_told.reason", "consent_limits", "victim_wishes"}


def test_sealed_text_that_is_too_long_is_refused_without_repeating_it(callers: Callers) -> None:
    answer = callers.hub.post("/v1/referrals", a_referral(safe_contact={"hours": f"{CANARY} " * 400}))

    assert answer.status_code == 422
    assert [fault["pointer"] for fault in answer.json()["errors"]] == ["/safe_contact/hours"]
    assert CANARY not in answer.text
