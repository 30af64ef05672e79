"""The numbers of a bad week: thousands held, tens of thousands told again, fifty thousand due at nine."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from app.reminders.deadline import Deadline
from app.reminders.service import Watched, fire_due, set_ladder
from app.webhooks.delivery.queue import claim
from app.webhooks.delivery.recording import Finished, record
from app.webhooks.delivery.sending import CallResult
from app.webhooks.models import Endpoint
from app.webhooks.subscriptions.recoveries import BATCH, advance_recoveries, start_recovery
from app.webhooks.vocabulary import Outcome
from tests.webhooks.figures import keep_figures
from tests.webhooks.given import AREA, Deliveries, an_event
from tests.webhooks.receiver import Receiver


def many_events(house: Deliveries, number: int, **changes: Any) -> list[str]:
    made: list[str] = house.in_system(
        lambda session: [an_event(session, ("PARTNER",), house.now(), changes) for _ in range(number)]
    )
    return made


def set_many_ladders(house: Deliveries, number: int, due: Deadline) -> None:
    def each(session: Session) -> None:
        for n in range(number):
            watched = Watched("action", f"act_{n:032x}", None, AREA, "ENG", "PARTNER", "HOUSING")
            set_ladder(session, watched, due, 1, house.now())

    house.in_system(each)


def fire_all(house: Deliveries) -> int:
    fired = 0
    while step := house.in_system(lambda session: fire_due(session, house.now())):
        fired += step
    return fired


@pytest.mark.parametrize("held", [200, pytest.param(5_000, marks=pytest.mark.proof)])
def test_endpoint_paused_for_a_week_gets_all_that_was_held_the_urgent_first(
    held: int, house: Deliveries, receiver: Receiver
) -> None:
    endpoint_id = house.an_endpoint(receiver.url, status="paused", max_in_flight=1)
    usual = many_events(house, held - 20)
    house.pass_time(days=7)
    urgent = many_events(house, 20, priority=1)

    house.tick()
    house.in_system(lambda s: setattr(s.get_one(Endpoint, endpoint_id), "status", "active"))
    house.tick()

    keep_figures("held", held, held=held, received=len(receiver.ids), missing=held - len(set(receiver.ids)))
    assert receiver.ids == [*urgent, *usual]


@pytest.mark.parametrize("events", [1_200, pytest.param(25_000, marks=pytest.mark.proof)])
def test_recovery_queues_every_event_of_its_range_in_steps(events: int, house: Deliveries) -> None:
    endpoint_id = house.an_endpoint("https://hooks.a.gov.uk/")
    since = house.now()
    many_events(house, events)
    house.pass_time(minutes=1)
    house.in_system(
        lambda s: start_recovery(
            s, s.get_one(Endpoint, endpoint_id), since, house.now(), "someone", house.now()
        )
    )

    steps = []
    while step := house.in_system(lambda session: advance_recoveries(session, house.now())):
        steps.append(step)

    missing = events - sum(steps)
    keep_figures("recovery", events, events=events, queued=sum(steps), missing=missing, steps=len(steps))
    assert sum(steps) == events
    assert max(steps) == BATCH
    assert len(house.rows("delivery")) == 2 * events


@pytest.mark.parametrize("actions", [300, pytest.param(5_000, marks=pytest.mark.proof)])
def test_three_days_of_outage_end_in_one_reminder_for_each_action(actions: int, house: Deliveries) -> None:
    set_many_ladders(house, actions, Deadline(date(2026, 3, 11), None, life_safety=False))
    house.pass_time(days=3)

    fired = fire_all(house)

    rungs = house.in_system(
        lambda s: s.execute(
            text("SELECT state, rung, count(*) FROM reminder_timer GROUP BY 1, 2 ORDER BY 1, 2")
        ).all()
    )
    keep_figures("outage", actions, actions=actions, reminders=fired)
    assert fired == actions
    assert [tuple(row) for row in rungs] == [
        ("cancelled", 1, actions), ("fired", 3, actions), ("merged", 2, actions), ("scheduled", 4, actions),
    ]  # fmt: skip


@pytest.mark.parametrize("actions", [600, pytest.param(50_000, marks=pytest.mark.proof)])
def test_reminders_due_at_nine_are_all_tried_once_within_twenty_minutes_at_fifty_a_second(
    actions: int, house: Deliveries
) -> None:
    house.an_endpoint("https://hooks.a.gov.uk/", rate_per_second=50, max_in_flight=8)
    set_many_ladders(house, actions, Deadline(date(2026, 3, 11), None, life_safety=False))
    nine = datetime(2026, 3, 11, 9, 0, tzinfo=UTC)
    house.clock.set(nine)
    assert fire_all(house) == actions

    tried = 0
    while tried < actions:
        for _ in range(7):  # one second: seven rounds of a partner that bears eight calls at once
            tried += one_round(house)
        house.pass_time(seconds=1)

    minutes = round((house.now() - nine) / timedelta(minutes=1), 1)
    keep_figures("due_at_nine", actions, reminders=tried, minutes=minutes)
    assert house.now() - nine <= max(timedelta(seconds=actions // 50 + 2), timedelta(seconds=1))
    assert house.now() - nine < timedelta(minutes=20)


def one_round(house: Deliveries) -> int:
    """How many calls one claim and its outcomes were."""

    def both(session: Session) -> int:
        claimed = claim(session, house.now(), 64)
        return record(
            session,
            [Finished(one, CallResult(Outcome.RECEIVED, 1), 1, house.now()) for one in claimed],
            house.now(),
        )

    return int(house.in_system(both))
