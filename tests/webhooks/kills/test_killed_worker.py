"""kill -9 at any step loses nothing, and every copy is the same message."""

import signal
from datetime import timedelta

import pytest
from sqlalchemy import text

from app.reminders.deadline import Deadline
from app.reminders.service import Watched, set_ladder
from tests.webhooks.given import AREA, Deliveries, an_event
from tests.webhooks.processes import a_worker_thread, start_worker, wait_until
from tests.webhooks.receiver import Receiver, Reply

EVENTS = 40
SLOTS = 64


def all_done(house: Deliveries) -> bool:
    return {row["state"] for row in house.rows("delivery")} == {"done"}


@pytest.mark.parametrize(
    ("point", "passes"),
    [("claimed", 0), ("sending", 2), ("sent", 3), ("recording", 1), ("marked", 1), ("recorded", 0)],
)
def test_worker_killed_at_any_step_loses_no_event(
    point: str, passes: int, house: Deliveries, receiver: Receiver
) -> None:
    house.an_endpoint(receiver.url)
    told = {house.an_event() for _ in range(EVENTS)}

    doomed = start_worker(house, point, passes)
    doomed.wait(timeout=30)
    with a_worker_thread(house):
        wait_until(lambda: all_done(house))

    assert doomed.returncode == -signal.SIGKILL
    assert set(receiver.ids) == told
    assert len(receiver.receipts) - EVENTS <= SLOTS
    bodies = {(one.event_id, one.body) for one in receiver.receipts}
    assert len(bodies) == EVENTS


def test_worker_killed_by_the_very_receiver_in_mid_call_loses_no_event(
    house: Deliveries, receiver: Receiver
) -> None:
    house.an_endpoint(receiver.url)
    told = {house.an_event() for _ in range(EVENTS)}
    process = start_worker(house)
    receiver.answer_in_turn(Reply(), Reply(), Reply(before=process.kill), Reply())

    process.wait(timeout=30)
    with a_worker_thread(house):
        wait_until(lambda: all_done(house))

    assert set(receiver.ids) == told


def test_worker_killed_while_reminders_fire_says_each_of_them_once(
    house: Deliveries, receiver: Receiver
) -> None:
    house.an_endpoint(
        receiver.url, "BOARD"
    )  # by the machine's clock every rung has passed: the last one speaks
    for number in range(20):
        watched = Watched("action", f"act_{number:032x}", None, AREA, "ENG", "HOUSING", "HOUSING")
        due = Deadline(None, house.now() - timedelta(hours=1), life_safety=True)
        house.in_system(lambda session, w=watched, d=due: set_ladder(session, w, d, 1, house.now()))

    doomed = start_worker(house, "fired")
    doomed.wait(timeout=30)
    nothing_yet = house.rows("event")
    with a_worker_thread(house):
        wait_until(lambda: len(house.rows("event")) >= 20 and all_done(house))

    assert doomed.returncode == -signal.SIGKILL
    assert nothing_yet == []
    assert len({row["dedupe_key"] for row in house.rows("event")}) == len(house.rows("event")) == 20


def test_change_killed_before_its_commit_leaves_neither_row_nor_call(
    house: Deliveries, receiver: Receiver
) -> None:
    house.an_endpoint(receiver.url)
    session = house.sessions()
    session.execute(text("SELECT set_config('app.row_scope', 'system', true)"))
    an_event(session, ("PARTNER",), house.now(), {})
    (backend,) = session.execute(text("SELECT pg_backend_pid()")).one()
    with house.owner.begin() as owner:
        owner.execute(text("SELECT pg_terminate_backend(:pid)"), {"pid": backend})

    house.tick()

    assert (house.rows("event"), receiver.receipts) == ([], [])
    session.invalidate()
