"""The worker wakes, stops, goes on after a fault, and runs beside others."""

import signal
import time
from datetime import datetime, timedelta
from typing import Any

import psycopg
import pytest
from sqlalchemy.orm import Session

from app.actions.models import Action
from app.foundation.storage.logins import SERVICE_LOGIN
from app.jobs import JOBS, Job
from app.referrals.models import Case
from tests.webhooks.builders import AREA, DeliverySetup
from tests.webhooks.processes import a_worker, a_worker_thread, wait_until
from tests.webhooks.receiver import Receiver, Reply


def test_commit_wakes_a_sleeping_worker_long_before_its_next_look(setup: DeliverySetup, receiver: Receiver) -> None:
    setup.an_endpoint(receiver.url)
    with a_worker_thread(setup):
        setup.an_event()
        wait_until(lambda: len(receiver.receipts) == 1)
        delays = []
        for number in range(2, 12):
            began = time.monotonic()
            setup.an_event()
            wait_until(lambda n=number: len(receiver.receipts) == n)
            delays.append(time.monotonic() - began)

    assert sorted(delays)[5] < 0.25
    assert max(delays) < 2


def test_worker_that_is_asked_to_stop_ends_the_call_in_hand_and_records_it(
    setup: DeliverySetup, receiver: Receiver
) -> None:
    setup.an_endpoint(receiver.url)
    receiver.answer_in_turn(Reply(204, hang_seconds=1))
    setup.an_event()

    with a_worker(setup, lease_ms=60_000) as process:
        wait_until(lambda: len(receiver.receipts) == 1)
        process.send_signal(signal.SIGTERM)
        code = process.wait(timeout=20)

    assert code == 0
    assert setup.delivery().state == "done"


def test_connection_that_waits_for_notices_works_as_the_services_role(
    setup: DeliverySetup, monkeypatch: pytest.MonkeyPatch
) -> None:
    roles: list[str] = []
    connect = psycopg.AsyncConnection.connect

    async def connect_and_note_role(*address: Any, **options: Any) -> psycopg.AsyncConnection[Any]:
        connection = await connect(*address, **options)
        found = await connection.execute("SELECT current_user")
        roles.extend(await found.fetchone() or ())
        return connection

    monkeypatch.setattr(psycopg.AsyncConnection, "connect", connect_and_note_role)
    with a_worker_thread(setup):
        wait_until(lambda: len(roles) == 1)

    assert roles == [SERVICE_LOGIN]


def test_two_workers_together_call_for_each_event_once(setup: DeliverySetup, receiver: Receiver) -> None:
    setup.an_endpoint(receiver.url)
    told = [setup.an_event() for _ in range(100)]

    with a_worker_thread(setup, lease_ms=60_000), a_worker_thread(setup, lease_ms=60_000):
        wait_until(lambda: {row["state"] for row in setup.rows("delivery")} == {"done"})

    assert sorted(receiver.ids) == sorted(told)


def test_job_that_fails_does_not_keep_the_calls_from_being_made(setup: DeliverySetup, receiver: Receiver) -> None:
    setup.an_endpoint(receiver.url)
    setup.an_event()

    def fail(_session: Session, _now: datetime) -> int:
        raise ZeroDivisionError

    with a_worker_thread(setup, jobs=[Job("fails", fail), *JOBS]):
        wait_until(lambda: setup.delivery().state == "done")

    assert len(receiver.receipts) == 1


def test_open_action_without_timers_gets_them_back_and_it_is_said_so(
    setup: DeliverySetup, caplog: pytest.LogCaptureFixture
) -> None:
    setup.in_system(lambda session: an_action_without_timers(session, setup.now()))

    done = setup.tick()
    again = setup.tick()

    assert (done["repair ladders"], again["repair ladders"]) == (1, 0)
    assert {row["subject_id"] for row in setup.rows("reminder_timer")} == {"act_1"}
    assert "the reminder ladders had gaps" in caplog.text


def an_action_without_timers(session: Session, now: datetime) -> None:
    whose = {"area": AREA, "agencies": ["HOUSING"]}
    session.add(Case(id="cas_1", reference="C-1", victim_ref="V-1", perpetrator_ref="P-1", opened_at=now, **whose))
    session.flush()
    session.add(
        Action(
            **whose, id="act_1", case_id="cas_1", forums=[], what="Visit", done_when="Seen", owner_agency="HOUSING",
            owner_role="HOUSING", due_at=now + timedelta(days=1), sort_at=now, life_safety=False,
            reaches_victim=False, state="OPEN", due_version=1, version=1, created_at=now,
        )
    )  # fmt: skip
