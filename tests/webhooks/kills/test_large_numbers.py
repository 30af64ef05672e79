"""The numbers of a bad week: thousands held, tens of thousands sent again, fifty thousand due at nine."""

import json
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from app.reminders.deadline import Deadline
from app.reminders.service import ReminderSubject, set_ladders
from app.reminders.sweep import fire_due_reminders
from app.vocabulary import Nation, SubjectType
from app.webhooks.delivery.queue import claim_deliveries
from app.webhooks.delivery.recording import FinishedCall, record_outcomes
from app.webhooks.delivery.sending import CallResult
from app.webhooks.models import Endpoint
from app.webhooks.subscriptions.recoveries import BATCH, advance_recoveries, start_recovery
from app.webhooks.vocabulary import Outcome
from tests.reminders.reminding import by_post
from tests.webhooks.builders import AREA, DeliverySetup, an_event
from tests.webhooks.measurements import save_measurement
from tests.webhooks.receiver import Receiver

REMINDERS = {"reminder.digest", "reminder.danger"}
# A line is of a fired rung and of a post that it tells, once: its keys see to it.
_UNSAID = text("""
    SELECT (SELECT coalesce(sum(cardinality(tells)), 0) FROM reminder_timer WHERE state = 'fired')
        - (SELECT count(*) FROM reminder_line WHERE message_id IS NOT NULL)
""")


def many_events(setup: DeliverySetup, number: int, **changes: Any) -> list[str]:
    made: list[str] = setup.in_system(
        lambda session: [an_event(session, ("PARTNER",), setup.now(), changes) for _ in range(number)]
    )
    return made


def case_of(number: int) -> str:
    return f"cas_{number:032x}"


def set_many_ladders(setup: DeliverySetup, number: int, due: Deadline, cases: int) -> None:
    """Sets a ladder for each of so many actions, spread over so many cases."""
    watched = [
        ReminderSubject(
            SubjectType.ACTION, f"act_{n:032x}", case_of(n % cases), AREA, Nation.ENGLAND, "PARTNER", "HOUSING"
        )
        for n in range(number)
    ]
    setup.in_system(lambda session: set_ladders(session, [(one, due, 1) for one in watched], setup.now()))


def sweep(setup: DeliverySetup) -> None:
    """Sweeps until nothing is due."""
    while setup.in_system(lambda session: fire_due_reminders(session, setup.now())):
        pass


def said(setup: DeliverySetup) -> list[dict[str, Any]]:
    """The data of every digest and danger call."""
    bodies = [json.loads(row["body"]) for row in setup.rows("event", "number") if row["type"] in REMINDERS]
    return [digest["data"] for body in bodies for digest in by_post(body)]


def unsaid(setup: DeliverySetup) -> int:
    """How many posts of fired rungs have no line, or a line that no message carries."""
    return int(setup.in_system(lambda session: session.scalar(_UNSAID)))


def counted(data: dict[str, Any]) -> int:
    """How many items a digest holds: named, counted by case, and left to the inbox."""
    named = sum(one.get("count", 1) for one in (*data["items"], *data.get("further_cases", ())))
    return int(named + data.get("further_items", {"count": 0})["count"])


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
def test_three_days_of_outage_end_in_one_digest_for_each_post_that_loses_no_action(
    actions: int, setup: DeliverySetup
) -> None:
    set_many_ladders(setup, actions, Deadline(date(2026, 3, 11), None, life_safety=False), cases=actions // 10)
    setup.pass_time(days=3)

    sweep(setup)

    digests = said(setup)
    missing = unsaid(setup) + sum(actions - counted(one) for one in digests)
    rungs = setup.in_system(
        lambda s: s.execute(text("SELECT state, rung, count(*) FROM reminder_timer GROUP BY 1, 2 ORDER BY 1, 2")).all()
    )
    save_measurement(
        "outage", actions, actions=actions, posts=3, messages=len(digests), lines=3 * actions, missing=missing
    )
    assert [one["role"] for one in digests] == ["HOUSING", "LINE_MANAGER", "MARAC_COORDINATOR"]
    assert missing == 0
    assert [tuple(row) for row in rungs] == [
        ("cancelled", 1, actions), ("fired", 2, actions), ("fired", 3, actions), ("scheduled", 4, actions),
    ]  # fmt: skip


@pytest.mark.parametrize("actions", [2_000, pytest.param(50_000, marks=pytest.mark.proof)])
def test_however_much_is_due_for_a_post_at_nine_it_is_one_digest_of_at_most_8000_bytes_that_counts_it_all(
    actions: int, setup: DeliverySetup
) -> None:
    set_many_ladders(setup, actions, Deadline(date(2026, 3, 12), None, life_safety=False), cases=actions // 5)
    setup.clock.set(datetime(2026, 3, 11, 9, 0, tzinfo=UTC))

    sweep(setup)

    (digest,) = said(setup)
    most = max(len(row["body"]) for row in setup.rows("event"))
    missing = unsaid(setup) + actions - counted(digest)
    save_measurement("one_digest", actions, items=actions, digests=1, bytes=most, missing=missing)
    assert most <= 8_000
    assert missing == 0


@pytest.mark.parametrize("calls", [600, pytest.param(50_000, marks=pytest.mark.proof)])
def test_dangers_due_at_nine_are_all_tried_once_within_twenty_minutes_at_fifty_a_second(
    calls: int, setup: DeliverySetup
) -> None:
    setup.an_endpoint("https://hooks.a.gov.uk/", rate_per_second=50, max_in_flight=8)
    nine = datetime(2026, 3, 11, 9, 0, tzinfo=UTC)
    set_many_ladders(setup, calls, Deadline(None, nine, life_safety=True), cases=calls)
    setup.clock.set(nine)
    sweep(setup)
    assert len(said(setup)) == calls

    tried = 0
    while tried < calls:
        for _ in range(7):  # one second: seven rounds of a partner that bears eight calls at once
            tried += one_round(setup)
        setup.pass_time(seconds=1)

    minutes = round((setup.now() - nine) / timedelta(minutes=1), 1)
    save_measurement("due_at_nine", calls, calls=tried, minutes=minutes)
    assert unsaid(setup) == 0
    assert setup.now() - nine <= max(timedelta(seconds=calls // 50 + 2), timedelta(seconds=1))
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
