"""The promise: whatever is killed, whatever crashes, whatever the clock does, no committed event is lost."""

from typing import Any

import pytest

from tests.webhooks.kills.siege import SLOTS, Plan, Siege, a_siege, besiege, copies
from tests.webhooks.measurements import save_measurement

WORKERS = 2


def hold_the_promise(siege: Siege) -> None:
    """Every claim of the promise, against what the database committed and what the receivers got."""
    assert not [row for row in siege.setup.rows("work_item") if row["kind"] in {"poison", "exhausted"}]
    stored = {row["id"]: bytes(row["body"]) for row in siege.setup.rows("event")}
    for_all = {row["id"] for row in siege.setup.rows("event") if len(row["agencies"]) == len(siege.receivers)}
    for receiver in siege.receivers.values():
        got = set(receiver.ids)
        assert for_all <= got, "a committed event was lost"
        assert got <= set(stored), "an event that was never committed was sent"
        assert all(stored[one.event_id] == one.body for one in receiver.receipts), "a copy differs"
    assert 0 <= len(for_all) - siege.plan.events <= siege.unanswered
    in_flight = SLOTS * len(siege.receivers)
    disturbances = siege.kills + WORKERS * (siege.plan.crashes + 2)
    assert copies(siege.good) <= disturbances * in_flight
    assert copies(siege.good) + copies(siege.ordered) <= 16 * disturbances
    check_rows(siege)
    check_order(siege)


def report(siege: Siege) -> None:
    """Saves what was done to the service and what came of it."""
    stored = {row["id"]: bytes(row["body"]) for row in siege.setup.rows("event")}
    receivers = siege.receivers.values()
    for_all = {row["id"] for row in siege.setup.rows("event") if len(row["agencies"]) == len(siege.receivers)}
    made = sum(copies(receiver) for receiver in receivers)
    save_measurement(
        "siege",
        siege.plan.events,
        events=len(for_all),
        endpoints=len(receivers),
        kills=siege.kills,
        crashes=siege.plan.crashes,
        clock_steps=2,
        rolled_back=siege.rolled_back,
        reminder_lines=len(siege.setup.rows("reminder_line")),
        reminder_messages=len(siege.setup.rows("reminder_message")),
        lost=sum(len(for_all - set(receiver.ids)) for receiver in receivers),
        all_copies=made,
        copies_per_kill=round((copies(siege.good) + copies(siege.ordered)) / siege.kills, 1),
        changed=sum(stored.get(one.event_id) != one.body for receiver in receivers for one in receiver.receipts),
    )


def check_rows(siege: Siege) -> None:
    """No row is left in hand, every done delivery has its attempt, every rung ended in its lines or one reason.

    One rung waits of each ladder that nobody reviewed: it repeats until somebody does.
    """
    deliveries = siege.setup.rows("delivery")
    assert {row["state"] for row in deliveries} <= {"done", "cancelled"}
    received = {row["delivery_id"] for row in siege.setup.rows("attempt") if row["outcome"] == "received"}
    assert {row["id"] for row in deliveries if row["state"] == "done"} <= received
    timers = siege.setup.rows("reminder_timer")
    check_lines(siege, timers)
    waiting = [row["subject_id"] for row in timers if row["state"] == "scheduled"]
    reviewed = {row["subject_id"] for row in timers if row["reason"] == "reviewed"}
    assert sorted(waiting) == sorted({row["subject_id"] for row in timers} - reviewed)
    assert len({row["subject_id"] for row in timers}) == siege.plan.reminders


def check_lines(siege: Siege, timers: list[dict[str, Any]]) -> None:
    """Every fired rung has one line for each post it tells, in one message, and no post has two digests on a day."""
    lines, messages = siege.setup.rows("reminder_line"), siege.setup.rows("reminder_message")
    told = [(row["id"], post) for row in timers if row["state"] == "fired" for post in row["tells"]]
    assert sorted((row["timer_id"], row["tells"]) for row in lines) == sorted(told)
    assert all(row["message_id"] or row["reason"] for row in lines)
    said = {row["id"] for row in siege.setup.rows("event") if row["type"].startswith("reminder.")}
    assert said == {row["event_id"] for row in messages}
    digests = [(row["role"], row["agency"], row["day"]) for row in messages if row["kind"] == "digest"]
    assert len(digests) == len(set(digests))
    assert digests, "the siege has ordinary reminders too"


def check_order(siege: Siege) -> None:
    """The endpoint that wants order first received each subject's events in the order they happened."""
    numbers = {row["id"]: row["number"] for row in siege.setup.rows("event")}
    first: dict[str, list[int]] = {}
    for event_id in dict.fromkeys(siege.ordered.ids):
        subject = next(str(one.data["action_id"]) for one in siege.ordered.receipts if one.event_id == event_id)
        first.setdefault(subject, []).append(numbers[event_id])
    assert all(order == sorted(order) for order in first.values())


def test_siege_of_three_hundred_events_and_ten_kills_loses_nothing() -> None:
    with a_siege(Plan(events=300, reminders=20, kills=10, crashes=1, seed=1)) as siege:
        besiege(siege)

        report(siege)
        hold_the_promise(siege)


@pytest.mark.proof
def test_siege_of_ten_thousand_events_and_two_hundred_kills_loses_nothing() -> None:
    with a_siege(Plan(events=10_000, reminders=500, kills=210, crashes=3, seed=2)) as siege:
        besiege(siege)

        report(siege)
        hold_the_promise(siege)
