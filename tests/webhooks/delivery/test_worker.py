"""The worker's own manners: it wakes, it stops, it goes on after trouble, and several get on together."""

import signal
import time
from datetime import datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from app.actions.models import Action
from app.referrals.models import Case
from app.worker import JOBS, Job
from tests.webhooks.given import AREA, Deliveries
from tests.webhooks.processes import a_worker, a_worker_thread, wait_until
from tests.webhooks.receiver import Receiver, Reply


def test_commit_wakes_a_sleeping_worker_long_before_its_next_look(
    house: Deliveries, receiver: Receiver
) -> None:
    house.an_endpoint(receiver.url)
    with a_worker_thread(house):
        house.an_event()
        wait_until(lambda: len(receiver.receipts) == 1)
        delays = []
        for number in range(2, 12):
            began = time.monotonic()
            house.an_event()
            wait_until(lambda n=number: len(receiver.receipts) == n)
            delays.append(time.monotonic() - began)

    assert sorted(delays)[5] < 0.25
    assert max(delays) < 2


def test_worker_that_is_asked_to_stop_ends_the_call_in_hand_and_records_it(
    house: Deliveries, receiver: Receiver
) -> None:
    house.an_endpoint(receiver.url)
    receiver.answer_in_turn(Reply(204, hang_seconds=1))
    house.an_event()

    with a_worker(house, lease_ms=60_000) as process:
        wait_until(lambda: len(receiver.receipts) == 1)
        process.send_signal(signal.SIGTERM)
        code = process.wait(timeout=20)

    assert code == 0
    assert house.delivery().state == "done"


def test_two_workers_together_call_for_each_event_once(house: Deliveries, receiver: Receiver) -> None:
    house.an_endpoint(receiver.url)
    told = [house.an_event() for _ in range(100)]

    with a_worker_thread(house, lease_ms=60_000), a_worker_thread(house, lease_ms=60_000):
        wait_until(lambda: {row["state"] for row in house.rows("delivery")} == {"done"})

    assert sorted(receiver.ids) == sorted(told)


def test_job_that_fails_does_not_keep_the_calls_from_being_made(
    house: Deliveries, receiver: Receiver
) -> None:
    house.an_endpoint(receiver.url)
    house.an_event()

    def fail(_session: Session, _now: datetime) -> int:
        raise ZeroDivisionError

    with a_worker_thread(house, jobs=[Job("fails", fail), *JOBS]):
        wait_until(lambda: house.delivery().state == "done")

    assert len(receiver.receipts) == 1


def test_open_action_without_timers_gets_them_back_and_it_is_said_so(
    house: Deliveries, caplog: pytest.LogCaptureFixture
) -> None:
    house.in_system(lambda session: an_action_without_timers(session, house.now()))

    done = house.tick()
    again = house.tick()

    assert (done["repair ladders"], again["repair ladders"]) == (1, 0)
    assert {row["subject_id"] for row in house.rows("reminder_timer")} == {"act_1"}
    assert "the reminder ladders had gaps" in caplog.text


def an_action_without_timers(session: Session, now: datetime) -> None:
    whose = {"area": AREA, "agencies": ["HOUSING"]}
    session.add(
        Case(id="cas_1", reference="C-1", victim_ref="V-1", perpetrator_ref="P-1", opened_at=now, **whose)
    )
    session.flush()
    session.add(
        Action(
            **whose, id="act_1", case_id="cas_1", forums=[], what="Visit", done_when="Seen", owner_agency="HOUSING",
            owner_role="HOUSING", due_at=now + timedelta(days=1), sort_at=now, life_safety=False, state="OPEN",
            due_version=1, version=1, created_at=now,
        )
    )  # fmt: skip
