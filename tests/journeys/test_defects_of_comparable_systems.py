"""Defects that comparable systems have or had, each as an acceptance test of this service."""

import logging
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session, sessionmaker
from standardwebhooks.webhooks import Webhook, WebhookVerificationError

from app.access.service import add_client
from app.foundation.clock import SettableClock
from app.foundation.settings import Settings
from app.routing.loading.catalogue import NoPolicyError, policy_at, shipped_policies
from app.vocabulary import EventType
from app.webhooks.delivery.signing import SigningKey, shown_secret, signed_headers
from app.webhooks.vocabulary import SecretKind
from tests.given import Caller, Callers, a_referral, a_serial_perpetrator, an_incident, in_full
from tests.ownership.test_handshake import need_of, proposal_to
from tests.reminders.told import sweep, told_of
from tests.webhooks.builders import SECRET, DeliverySetup, furnish_area
from tests.webhooks.receiver import Reply, a_receiver

Body = dict[str, Any]
REASON = {"code": "CAPACITY", "reason": "No capacity before the next cycle of the panel"}


@pytest.fixture
def routed(callers: Callers) -> Body:
    return in_full(callers.coordinator, callers.hub.post("/v1/referrals", a_serial_perpetrator()).json())


@pytest.fixture
def house(
    engine: Engine,
    owner_engine: Engine,
    sessions: sessionmaker[Session],
    settings: Settings,
    clock: SettableClock,
) -> DeliverySetup:
    made = DeliverySetup(engine, sessions, settings, clock, owner_engine)
    made.in_system(furnish_area)
    return made


def declined(callers: Callers, body: Body, **said: str) -> Any:
    return callers.matac.post(f"/v1/proposals/{proposal_to(need_of(body), 'MATAC')['id']}/declines", said)


def test_decline_without_a_reason_is_refused(callers: Callers, routed: Body) -> None:
    answer = declined(callers, routed, code="CAPACITY")

    assert answer.status_code == 422
    assert "/reason" in [fault["pointer"] for fault in answer.json()["errors"]]


def test_referrer_is_sent_a_message_when_a_forum_declines(callers: Callers, routed: Body) -> None:
    declined(callers, routed, **REASON).raise_for_status()

    sent = callers.hub.get("/v1/events", limit=200).json()["items"]

    proposal = proposal_to(need_of(routed), "MATAC")["id"]
    assert proposal in {event["data"]["proposal_id"] for event in sent if event["type"] == "lead.declined"}


def test_closing_a_case_with_open_actions_is_refused(callers: Callers, routed: Body) -> None:
    lead = proposal_to(need_of(routed), "MAPPA_L1_LEAD_AGENCY")
    callers.probation.post(f"/v1/proposals/{lead['id']}/acceptances", {}).raise_for_status()

    answer = callers.chair.post(
        f"/v1/cases/{routed['case_id']}/discharges", {"plan": "IDVA keeps weekly contact with the victim"}
    )

    assert (answer.status_code, answer.json()["code"]) == (409, "discharge-with-open-actions")


def test_action_without_an_owner_still_reminds_the_coordinator(
    callers: Callers, owner_engine: Engine, sessions: sessionmaker[Session], clock: SettableClock
) -> None:
    with owner_engine.begin() as connection:
        connection.execute(text("DELETE FROM post WHERE role = 'HOUSING'"))
    insecure = a_referral(victim={"ref": "V-1", "age": 34, "home_insecure": True})
    body = in_full(callers.coordinator, callers.hub.post("/v1/referrals", insecure).json())
    (unowned,) = (action for action in body["actions"] if action["duty"] == "D35")

    clock.set(datetime(2026, 3, 13, 9, 1, tzinfo=UTC))
    sweep(sessions, clock.now())

    told = told_of(sessions, unowned["id"])
    assert unowned["owner_agency"] is None
    assert ("MARAC_COORDINATOR", "ANYTOWN-MARAC") in {(one.role, one.agency) for one in told}


def test_reminder_is_not_marked_sent_when_sending_failed(house: DeliverySetup) -> None:
    with a_receiver() as receiver:
        receiver.answer_in_turn(Reply(status=500), Reply(status=204))
        house.an_endpoint(receiver.url)
        house.an_event(type=EventType.REMINDER_DANGER)

        house.tick()
        after_failure = house.delivery().state
        house.pass_time(minutes=5)
        house.tick()

    assert after_failure != "done"
    assert house.delivery().state == "done"


def test_outage_of_three_days_loses_no_reminder(
    routed: Body, sessions: sessionmaker[Session], clock: SettableClock
) -> None:
    ends = clock.now() + timedelta(days=3)
    clock.set(ends)

    sweep(sessions, ends)

    passed = {a["id"] for a in routed["actions"] if a["due_at"] and datetime.fromisoformat(a["due_at"]) < ends}
    assert passed
    assert all(told_of(sessions, action) for action in passed)


def test_dry_run_never_writes_a_referral(callers: Callers, owner_engine: Engine) -> None:
    callers.hub.post("/v1/routing-previews", a_referral()).raise_for_status()

    with owner_engine.connect() as connection:
        counts = [
            connection.scalar(text(f"SELECT count(*) FROM {table}"))
            for table in ("referral", "case_file", "decision", "need", "action", "event")
        ]
    assert counts == [0] * 6


@pytest.mark.parametrize("parameter", ["dry_run", "dryRun", "preview"])
def test_parameter_that_nobody_knows_is_an_error_and_writes_nothing(
    parameter: str, callers: Callers, owner_engine: Engine
) -> None:
    answer = callers.hub.post(f"/v1/referrals?{parameter}=true", a_referral())

    with owner_engine.connect() as connection:
        stored = connection.scalar(text("SELECT count(*) FROM referral"))
    assert (answer.status_code, stored) == (400, 0)
    assert parameter in answer.json()["detail"]


def test_replayed_webhook_is_detectably_old() -> None:
    keys, body = [SigningKey(SecretKind.V1, SECRET, None)], b'{"type":"lead.declined"}'
    fresh, old = (datetime.now(UTC) - timedelta(minutes=minutes) for minutes in (0, 6))
    receiver = Webhook(shown_secret(SECRET))

    receiver.verify(body, signed_headers("evt_1", body, keys, fresh))

    with pytest.raises(WebhookVerificationError, match="too old"):
        receiver.verify(body, signed_headers("evt_1", body, keys, old))


def test_no_payload_and_no_signature_is_in_any_log(house: DeliverySetup, caplog: pytest.LogCaptureFixture) -> None:
    with a_receiver() as receiver, caplog.at_level(logging.INFO):
        receiver.answer_in_turn(Reply(status=500), Reply(status=204))
        house.an_endpoint(receiver.url)
        house.an_event()
        house.tick()
        house.pass_time(minutes=5)
        house.tick()

    assert receiver.receipts
    for receipt in receiver.receipts:
        headers = {name.lower(): value for name, value in dict(receipt.headers).items()}
        assert headers["webhook-signature"] not in caplog.text
        assert receipt.body.decode() not in caplog.text
        assert str(receipt.data["action_id"]) not in caplog.text


def test_caller_without_a_scope_sees_nothing_at_all(
    callers: Callers,
    routed: Body,
    http: TestClient,
    sessions: sessionmaker[Session],
    owner_engine: Engine,
    clock: SettableClock,
) -> None:
    with owner_engine.begin() as connection:
        connection.execute(text("INSERT INTO agency (code, name) VALUES ('NOBODY', 'An agency without a part')"))
    with sessions.begin() as session:
        key = add_client(session, name="no scope", agency="NOBODY", role="partner.agency", areas=[], now=clock.now())[1]
    nobody = Caller(http, key)

    lists = [nobody.get(path).json()["items"] for path in ("/v1/actions", "/v1/proposals", "/v1/events")]

    assert lists == [[], [], []]
    assert nobody.get(f"/v1/cases/{routed['case_id']}").status_code == 404
    assert nobody.get(f"/v1/actions/{routed['actions'][0]['id']}").status_code == 404


def test_date_before_the_first_policy_is_an_error() -> None:
    with pytest.raises(NoPolicyError, match="the first applies from"):
        policy_at(shipped_policies(), "national-baseline", datetime(1999, 12, 31, tzinfo=UTC))


def test_referral_before_the_first_policy_is_refused_and_not_stored(
    callers: Callers, app: FastAPI, owner_engine: Engine, clock: SettableClock
) -> None:
    clock.set(datetime(1999, 12, 31, tzinfo=UTC))
    hub = Caller(TestClient(app, raise_server_exceptions=False), callers.hub.key)

    answer = hub.post("/v1/referrals", a_referral(incidents=[an_incident("1999-12-30T21:00:00Z")]))

    with owner_engine.connect() as connection:
        stored = connection.scalar(text("SELECT count(*) FROM referral"))
    assert answer.status_code == 409
    assert stored == 0


def test_disposing_of_a_case_could_not_delete_its_audit_trail(routed: Body, owner_engine: Engine) -> None:
    def trail() -> int:
        with owner_engine.connect() as connection:
            return int(connection.scalar(text("SELECT count(*) FROM audit_entry")) or 0)

    before = trail()
    with owner_engine.connect() as connection:
        tied = connection.scalar(
            text("SELECT count(*) FROM pg_constraint WHERE conrelid = 'audit_entry'::regclass AND contype = 'f'")
        )

    for statement in ("DELETE FROM audit_entry", "TRUNCATE audit_entry"):
        with owner_engine.connect() as connection, pytest.raises(DBAPIError, match="append-only"):
            connection.execute(text(statement))

    assert tied == 0, "a row that disposal removes must not take its audit entries along"
    assert (before > 0, trail()) == (True, before)
