"""What the perpetrator must never learn is kept apart, read by named persons of few roles, and shown nowhere else.

Source: DHR "Jean" 17.18.
"""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session, sessionmaker

from app.access.service import scope_to_system
from app.demo.demo_area import create_demo_area
from app.foundation.clock import SettableClock
from app.foundation.errors import ServiceError
from app.foundation.storage.keys import carry_secret_key
from app.foundation.storage.row_scope import open_row_scope
from app.referrals.withheld.sealing import seal, unseal
from tests.given import Caller, Callers, a_referral
from tests.meetings.sitting import FIRST_MEETING, Sitting

Body = dict[str, Any]
CANARY = "canaryplacewherethevictimsleeps"
SECRET = f"The victim stays with a sister, {CANARY}; the perpetrator must not learn the town"
NAMED = {"X-On-Behalf-Of": "jo.smith"}


def referred(callers: Callers, reference: str = "DV-1", **changes: Any) -> Body:
    answer = callers.hub.post("/v1/referrals", a_referral(reference, not_for_disclosure=SECRET, **changes))
    assert answer.status_code == 201, answer.text
    body: Body = answer.json()
    return body


def read(caller: Caller, referral_id: str, **headers: str) -> Any:
    path = f"/v1/referrals/{referral_id}/not-for-disclosure"
    sent = {"Authorization": f"Bearer {caller.key}"} | headers
    return caller.client.get(path, headers=sent)


@pytest.mark.parametrize("who", ["hub", "coordinator", "chair", "idva"])
def test_sender_marac_and_idva_read_what_the_perpetrator_must_never_learn(who: str, callers: Callers) -> None:
    body = referred(callers)

    answer = read(getattr(callers, who), body["referral_id"], **NAMED)

    assert answer.status_code == 200, answer.text
    assert [item["text"] for item in answer.json()["items"]] == [SECRET]
    assert "Never disclose to the perpetrator" in answer.json()["handling"]


@pytest.mark.parametrize(("who", "status"), [("council", 404), ("probation", 403), ("mappa", 403), ("matac", 403)])
def test_other_partners_and_the_perpetrators_side_cannot_read_it(who: str, status: int, callers: Callers) -> None:
    body = referred(callers)

    assert read(getattr(callers, who), body["referral_id"], **NAMED).status_code == status


def test_reader_who_is_not_named_is_refused_with_how_to_mend_it(callers: Callers) -> None:
    body = referred(callers)

    answer = read(callers.coordinator, body["referral_id"])

    assert (answer.status_code, answer.json()["code"]) == (422, "reader-not-named")
    assert CANARY not in answer.text


def test_every_reading_is_on_the_audit_trail_with_who_read(callers: Callers, owner_engine: Engine) -> None:
    body = referred(callers)

    read(callers.coordinator, body["referral_id"], **NAMED)

    kept = "SELECT on_behalf_of FROM audit_entry WHERE subject_type = 'not-for-disclosure' AND subject_id = :id"
    with owner_engine.connect() as connection:
        readers = connection.scalars(text(kept), {"id": body["referral_id"]}).all()
    assert readers == [NAMED["X-On-Behalf-Of"]]


def test_what_is_learned_later_is_added_and_the_first_stays(callers: Callers, clock: SettableClock) -> None:
    body = referred(callers)
    clock.set(clock.now() + timedelta(hours=1))

    path = f"/v1/referrals/{body['referral_id']}/facts"
    callers.coordinator.post(
        path, {"not_for_disclosure": "The victim's telephone number has changed"}
    ).raise_for_status()

    items = read(callers.chair, body["referral_id"], **NAMED).json()["items"]
    assert [item["text"] for item in items] == [SECRET, "The victim's telephone number has changed"]
    assert [item["recorded_by"].partition("/")[0] for item in items] == ["ANYTOWN-POLICE", "ANYTOWN-MARAC"]


def test_referral_says_that_something_is_withheld_and_where_and_does_not_show_it(callers: Callers) -> None:
    body = referred(callers)
    plain = callers.hub.post("/v1/referrals", a_referral("DV-2", victim={"ref": "V-2"})).json()

    with_it = callers.hub.get(f"/v1/referrals/{body['referral_id']}").json()
    without = callers.hub.get(f"/v1/referrals/{plain['referral_id']}").json()

    assert with_it["not_for_disclosure"] == f"/v1/referrals/{body['referral_id']}/not-for-disclosure"
    assert without["not_for_disclosure"] is None
    assert "not_for_disclosure" not in with_it["document"]


def everything_shown(callers: Callers, body: Body, meeting: Body) -> Iterator[str]:
    """Whatever each caller can read of the case, its meeting and its events."""
    paths = (
        "/v1/actions", "/v1/proposals", "/v1/events", "/v1/research-requests", "/v1/cases-to-review",
        f"/v1/cases/{body['case_id']}", f"/v1/cases/{body['case_id']}/timeline",
        f"/v1/referrals/{body['referral_id']}", f"/v1/referrals/{body['referral_id']}/decisions",
        f"/v1/meetings/{meeting['id']}/list", f"/v1/meetings/{meeting['id']}/agenda",
        *(f"/v1/needs/{need['id']}" for need in body["needs"]),
        *(f"/v1/actions/{action['id']}" for action in body["actions"]),
    )  # fmt: skip
    for name in ("hub", "coordinator", "chair", "matac", "probation", "mappa", "idva", "council"):
        caller: Caller = getattr(callers, name)
        yield from (caller.get(path).text for path in paths)


def test_text_is_in_no_list_agenda_timeline_event_or_log(
    callers: Callers, clock: SettableClock, caplog: pytest.LogCaptureFixture
) -> None:
    sitting = Sitting(callers, clock)
    meeting = sitting.cycle()[0]
    body = referred(callers)
    callers.hub.post(f"/v1/referrals/{body['referral_id']}/facts", {"not_for_disclosure": SECRET})
    sitting.on(FIRST_MEETING)
    sitting.heard(body["case_id"], meeting["id"])

    shown = list(everything_shown(callers, body, meeting))

    assert len([answer for answer in shown if body["case_id"] in answer]) > 20
    assert [answer for answer in shown if CANARY in answer] == []
    assert CANARY not in caplog.text
    assert CANARY not in str(body)


def test_text_is_in_no_table_of_the_database_in_the_clear(callers: Callers, owner_engine: Engine) -> None:
    body = referred(callers)
    read(callers.chair, body["referral_id"], **NAMED)

    with owner_engine.connect() as connection:
        tables = connection.scalars(text("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")).all()
        rows = {
            name: connection.scalars(text(f"SELECT encode(convert_to(t::text, 'UTF8'), 'escape') FROM {name} t")).all()
            for name in tables
        }
        sealed = connection.scalars(text("SELECT sealed FROM not_for_disclosure")).all()

    assert [name for name, found in rows.items() if any(CANARY in row for row in found)] == []
    assert [CANARY.encode() in bytes(one) for one in sealed] == [False]


def test_too_long_a_text_is_refused_without_repeating_it(callers: Callers) -> None:
    answer = callers.hub.post("/v1/referrals", a_referral(not_for_disclosure=f"{CANARY} " * 400))

    assert answer.status_code == 422
    assert [fault["pointer"] for fault in answer.json()["errors"]] == ["/not_for_disclosure"]
    assert CANARY not in answer.text


def test_same_key_with_another_text_is_another_request(callers: Callers) -> None:
    first = a_referral(not_for_disclosure=SECRET)
    callers.hub.post("/v1/referrals", first, key="once").raise_for_status()

    again = callers.hub.post("/v1/referrals", first | {"not_for_disclosure": "Another text"}, key="once")
    replayed = callers.hub.post("/v1/referrals", first, key="once")

    assert again.json()["code"] == "idempotency-key-reused"
    assert replayed.headers["Idempotency-Replayed"] == "true"


def test_no_decision_looks_at_what_is_withheld(callers: Callers) -> None:
    preview = a_referral("DV-1")

    with_it = callers.hub.post("/v1/routing-previews", preview | {"not_for_disclosure": SECRET})
    without = callers.hub.post("/v1/routing-previews", preview)

    assert with_it.json() == without.json()


def test_area_that_has_taken_the_victims_safety_reads_it_and_a_stranger_does_not(
    callers: Callers, sessions: sessionmaker[Session], owner_engine: Engine, clock: SettableClock
) -> None:
    body = referred(callers)
    with sessions.begin() as session:
        keys = create_demo_area(session, "OTHERTOWN", "national-baseline", clock.now()).keys
    there = Caller(callers.hub.client, keys["coordinator"])
    before = read(there, body["referral_id"], **NAMED).status_code

    with owner_engine.begin() as connection:
        connection.execute(text("UPDATE case_file SET area = 'OTHERTOWN'"))

    assert (before, read(there, body["referral_id"], **NAMED).status_code) == (404, 200)


def test_database_shows_the_row_to_no_agency_that_it_does_not_name(
    callers: Callers, sessions: sessionmaker[Session]
) -> None:
    referred(callers)

    def seen_by(agency: str) -> int:
        with sessions.begin() as session:
            open_row_scope(session.connection(), "agency", agency, "")
            return len(session.execute(text("SELECT 1 FROM not_for_disclosure")).all())

    assert [seen_by(f"ANYTOWN-{name}") for name in ("PROBATION", "MATAC", "COUNCIL", "IDVA")] == [0, 0, 0, 1]


def test_database_refuses_to_change_or_remove_what_is_withheld(
    callers: Callers, sessions: sessionmaker[Session]
) -> None:
    referred(callers)

    for statement in ("UPDATE not_for_disclosure SET area = 'X'", "DELETE FROM not_for_disclosure"):
        with sessions.begin() as session:
            scope_to_system(session)
            with pytest.raises(DBAPIError, match="permission denied"):
                session.execute(text(statement))
            session.rollback()


def sealing(sessions: sessionmaker[Session], secret: str | None) -> Session:
    made = sessionmaker(sessions.kw["bind"])
    carry_secret_key(made, secret)
    return made()


def test_seal_differs_each_time_and_opens_only_in_its_own_place_with_its_own_key(
    sessions: sessionmaker[Session],
) -> None:
    session, other = sealing(sessions, "1" * 64), sealing(sessions, "2" * 64)
    one, two = (seal(session, SECRET, "ref_1") for _ in range(2))

    assert one != two
    assert unseal(session, one, "ref_1") == unseal(session, two, "ref_1") == SECRET
    for reader, place in ((session, "ref_2"), (other, "ref_1")):
        with pytest.raises(ServiceError, match="cannot be opened"):
            unseal(reader, one, place)


def test_nothing_is_withheld_in_the_clear_where_no_secret_is_set(sessions: sessionmaker[Session]) -> None:
    with pytest.raises(ServiceError, match="nothing is stored unsealed"):
        seal(sealing(sessions, None), SECRET, "ref_1")
