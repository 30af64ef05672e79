"""kill -9 at any step loses nothing, and every copy is the same message."""

import signal
from datetime import timedelta

import pytest
from sqlalchemy import text

from app.access.service import scope_to_system
from app.reminders.deadline import Deadline
from app.reminders.service import ReminderSubject, set_ladder
from app.vocabulary import Nation, SubjectType
from tests.webhooks.builders import AREA, DeliverySetup, an_event
from tests.webhooks.processes import a_worker_thread, start_worker, wait_until
from tests.webhooks.receiver import Receiver, Reply

EVENTS = 40
SLOTS = 64


def all_done(setup: DeliverySetup) -> bool:
    return {row["state"] for row in setup.rows("delivery")} == {"done"}


@pytest.mark.parametrize(
    ("point", "passes"),
    [("claimed", 0), ("sending", 2), ("sent", 3), ("recording", 1), ("marked", 1), ("recorded", 0)],
)
def test_worker_killed_at_any_step_loses_no_event(
    point: str, passes: int, setup: DeliverySetup, receiver: Receiver
) -> None:
    setup.an_endpoint(receiver.url)
    told = {setup.an_event() for _ in range(EVENTS)}

    doomed = start_worker(setup, point, passes)
    doomed.wait(timeout=30)
    with a_worker_thread(setup):
        wait_until(lambda: all_done(setup))

    assert doomed.returncode == -signal.SIGKILL
    assert set(receiver.ids) == told
    assert len(receiver.receipts) - EVENTS <= SLOTS
    bodies = {(one.event_id, one.body) for one in receiver.receipts}
    assert len(bodies) == EVENTS


def test_worker_killed_by_the_very_receiver_in_mid_call_loses_no_event(
    setup: DeliverySetup, receiver: Receiver
) -> None:
    setup.an_endpoint(receiver.url)
    told = {setup.an_event() for _ in range(EVENTS)}
    process = start_worker(setup)
    receiver.answer_in_turn(Reply(), Reply(), Reply(before=process.kill), Reply())

    process.wait(timeout=30)
    with a_worker_thread(setup):
        wait_until(lambda: all_done(setup))

    assert set(receiver.ids) == told


def test_worker_killed_while_reminders_fire_says_each_of_them_once(setup: DeliverySetup, receiver: Receiver) -> None:
    for agency in ("HOUSING", "COORD", "BOARD"):  # by the machine's clock every rung has passed, and each post is told
        setup.an_endpoint(receiver.url, agency)
    for number in range(20):
        watched = ReminderSubject(
            SubjectType.ACTION, f"act_{number:032x}", None, AREA, Nation.ENGLAND, "HOUSING", "HOUSING"
        )
        due = Deadline(None, setup.now() - timedelta(hours=1), life_safety=True)
        setup.in_system(lambda session, w=watched, d=due: set_ladder(session, w, d, 1, setup.now()))

    doomed = start_worker(setup, "fired")
    doomed.wait(timeout=30)
    nothing_yet = setup.rows("event")
    with a_worker_thread(setup):
        wait_until(lambda: len(setup.rows("event")) >= 60 and all_done(setup))

    assert doomed.returncode == -signal.SIGKILL
    assert nothing_yet == []
    told = [(row["role"], row["about"]) for row in setup.rows("reminder_message")]
    assert len(set(told)) == len(told) == len(setup.rows("event")) == 60
    assert all(row["message_id"] for row in setup.rows("reminder_line"))


def test_change_killed_before_its_commit_leaves_neither_row_nor_call(setup: DeliverySetup, receiver: Receiver) -> None:
    setup.an_endpoint(receiver.url)
    session = setup.sessions()
    scope_to_system(session)
    an_event(session, ("PARTNER",), setup.now(), {})
    (backend,) = session.execute(text("SELECT pg_backend_pid()")).one()
    with setup.owner.begin() as owner:
        owner.execute(text("SELECT pg_terminate_backend(:pid)"), {"pid": backend})

    setup.tick()

    assert (setup.rows("event"), receiver.receipts) == ([], [])
    session.invalidate()
