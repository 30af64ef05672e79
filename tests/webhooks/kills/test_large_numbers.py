"""The numbers of a bad week: thousands held, tens of thousands sent again, fifty thousand due at nine."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from app.reminders.deadline import Deadline
from app.reminders.service import ReminderSubject, set_ladder
from app.reminders.sweep import fire_due_reminders
from app.vocabulary import Nation, SubjectType
from app.webhooks.delivery.queue import claim_deliveries
from app.webhooks.delivery.recording import FinishedCall, record_outcomes
from app.webhooks.delivery.sending import CallResult
from app.webhooks.models import Endpoint
from app.webhooks.subscriptions.recoveries import BATCH, advance_recoveries, start_recovery
from app.webhooks.vocabulary import Outcome
from tests.webhooks.builders import AREA, DeliverySetup, an_event
from tests.webhooks.measurements import save_measurement
from tests.webhooks.receiver import Receiver


def many_events(setup: DeliverySetup, number: int, **changes: Any) -> list[str]:
    made: list[str] = setup.in_system(
        lambda session: [an_event(session, ("PARTNER",), setup.now(), changes) for _ in range(number)]
    )
    return made


def set_many_ladders(setup: DeliverySetup, number: int, due: Deadline) -> None:
    def each(session: Session) -> None:
        for n in range(number):
            watched = ReminderSubject(
                SubjectType.ACTION, f"act_{n:032x}", None, AREA, Nation.ENGLAND, "PARTNER", "HOUSING"
            )
            set_ladder(session, watched, due, 1, setup.now())

    setup.in_system(each)


def fire_all(setup: DeliverySetup) -> int:
    fired = 0
    while step := setup.in_system(lambda session: fire_due_reminders(session, setup.now())):
        fired += step
    return fired


@pytest.mark.parametrize("held", [200, pytest.param(5_000, marks=pytest.mark.proof)])
def test_endpoint_paused_for_a_week_gets_all_that_was_held_the_urgent_first(
    held: int, setup: DeliverySetup, receiver: Receiver
) -> None:
    endpoint_id = setup.an_endpoint(receiver.url, status="paused", max_in_flight=1)
    usual = many_events(setup, held - 20)
    setup.pass_time(days=7)
    urgent = many_events(setup, 20, priority=1)

    setup.tick()
    setup.in_system(lambda s: setattr(s.get_one(Endpoint, endpoint_id), "status", "active"))
    setup.tick()

    save_measurement("held", held, held=held, received=len(receiver.ids), missing=held - len(set(receiver.ids)))
    assert receiver.ids == [*urgent, *usual]


@pytest.mark.parametrize("events", [1_200, pytest.param(25_000, marks=pytest.mark.proof)])
def test_recovery_queues_every_event_of_its_range_in_steps(events: int, setup: DeliverySetup) -> None:
    endpoint_id = setup.an_endpoint("https://hooks.a.gov.uk/")
    since = setup.now()
    many_events(setup, events)
    setup.pass_time(minutes=1)
    setup.transact(lambda tx: start_recovery(tx, tx.session.get_one(Endpoint, endpoint_id), since, setup.now()))

    steps = []
    while step := setup.in_system(lambda session: advance_recoveries(session, setup.now())):
        steps.append(step)

    missing = events - sum(steps)
    save_measurement("recovery", events, events=events, queued=sum(steps), missing=missing, steps=len(steps))
    assert sum(steps) == events
    assert max(steps) == BATCH
    assert len(setup.rows("delivery")) == 2 * events


@pytest.mark.parametrize("actions", [300, pytest.param(5_000, marks=pytest.mark.proof)])
def test_three_days_of_outage_end_in_one_reminder_for_each_action(actions: int, setup: DeliverySetup) -> None:
    set_many_ladders(setup, actions, Deadline(date(2026, 3, 11), None, life_safety=False))
    setup.pass_time(days=3)

    fired = fire_all(setup)

    rungs = setup.in_system(
        lambda s: s.execute(text("SELECT state, rung, count(*) FROM reminder_timer GROUP BY 1, 2 ORDER BY 1, 2")).all()
    )
    save_measurement("outage", actions, actions=actions, reminders=fired)
    assert fired == actions
    assert [tuple(row) for row in rungs] == [
        ("cancelled", 1, actions), ("fired", 3, actions), ("merged", 2, actions), ("scheduled", 4, actions),
    ]  # fmt: skip


@pytest.mark.parametrize("actions", [600, pytest.param(50_000, marks=pytest.mark.proof)])
def test_reminders_due_at_nine_are_all_tried_once_within_twenty_minutes_at_fifty_a_second(
    actions: int, setup: DeliverySetup
) -> None:
    setup.an_endpoint("https://hooks.a.gov.uk/", rate_per_second=50, max_in_flight=8)
    set_many_ladders(setup, actions, Deadline(date(2026, 3, 11), None, life_safety=False))
    nine = datetime(2026, 3, 11, 9, 0, tzinfo=UTC)
    setup.clock.set(nine)
    assert fire_all(setup) == actions

    tried = 0
    while tried < actions:
        for _ in range(7):  # one second: seven rounds of a partner that bears eight calls at once
            tried += one_round(setup)
        setup.pass_time(seconds=1)

    minutes = round((setup.now() - nine) / timedelta(minutes=1), 1)
    save_measurement("due_at_nine", actions, reminders=tried, minutes=minutes)
    assert setup.now() - nine <= max(timedelta(seconds=actions // 50 + 2), timedelta(seconds=1))
    assert setup.now() - nine < timedelta(minutes=20)


def one_round(setup: DeliverySetup) -> int:
    """How many calls one claim and its outcomes were."""

    def both(session: Session) -> int:
        claimed = claim_deliveries(session, setup.now(), 64)
        return record_outcomes(
            session,
            [FinishedCall(one, CallResult(Outcome.RECEIVED, 1), 1, setup.now()) for one in claimed],
            setup.now(),
        )

    return int(setup.in_system(both))
