"""Reminders: what fires, what is merged, and who is told."""

from datetime import date, timedelta

from app.reminders.deadline import Deadline
from app.reminders.sweep import fire_due_reminders
from tests.reminders.reminding import (
    ACTION,
    WEDNESDAY,
    an_action,
    as_owner,
    due_on,
    fire_at,
    nine,
    reminders,
    set_for,
    states,
)
from tests.webhooks.builders import DeliverySetup
from tests.webhooks.receiver import Receiver


def test_sweeping_twice_at_the_same_instant_says_everything_once(setup: DeliverySetup) -> None:
    set_for(setup, an_action(), due_on(WEDNESDAY))

    first = fire_at(setup, nine(WEDNESDAY))
    second = fire_at(setup, nine(WEDNESDAY))

    assert (first, second) == (1, 0)
    assert len(reminders(setup)) == 1


def test_three_days_of_downtime_become_one_reminder_at_the_highest_rung(setup: DeliverySetup) -> None:
    set_for(setup, an_action(), due_on(date(2026, 3, 12)))

    fired = fire_at(setup, nine(date(2026, 3, 16)))

    assert fired == 1
    assert reminders(setup) == [(f"reminder:{ACTION}:1:3", ["CHAIR", "COORD"])]
    assert states(setup) == {(1, 1): "merged", (1, 2): "merged", (1, 3): "fired", (1, 4): "scheduled"}


def test_late_reminder_says_how_late_it_is(setup: DeliverySetup, receiver: Receiver) -> None:
    setup.an_endpoint(receiver.url, "HOUSING")
    set_for(setup, an_action(), Deadline(None, setup.now() + timedelta(hours=1), life_safety=True))
    setup.pass_time(hours=2)

    setup.tick()

    (received,) = receiver.receipts
    assert received.data["late_by_seconds"] == 3600
    assert received.data["receipt_is_review"] is False


def test_action_without_an_owner_reaches_the_coordinator_at_once(setup: DeliverySetup) -> None:
    set_for(setup, an_action(owner_agency=None), due_on(date(2026, 3, 31)))

    fire_at(setup, setup.now())

    assert reminders(setup) == [(f"reminder:{ACTION}:1:0", ["COORD"])]


def test_post_that_nobody_fills_falls_to_the_coordinator(setup: DeliverySetup) -> None:
    set_for(setup, an_action(), due_on(WEDNESDAY))
    as_owner(setup, "DELETE FROM post WHERE role IN ('STRATEGIC_LEAD', 'MARAC_CHAIR')")

    for day in (12, 18):
        fire_at(setup, nine(date(2026, 3, day)))

    assert [told for _, told in reminders(setup)] == [["COORD"], ["COORD"]]


def test_post_that_changes_hands_is_resolved_when_the_rung_fires(setup: DeliverySetup) -> None:
    set_for(setup, an_action(), due_on(WEDNESDAY))
    fire_at(setup, nine(WEDNESDAY))

    as_owner(setup, "UPDATE post SET agency = 'OTHER' WHERE role = 'MARAC_CHAIR'")
    fire_at(setup, nine(date(2026, 3, 12)))

    assert reminders(setup)[-1] == (f"reminder:{ACTION}:1:3", ["COORD", "OTHER"])


def test_area_with_nobody_at_all_still_puts_the_reminder_on_a_list(setup: DeliverySetup) -> None:
    set_for(setup, an_action(area="NOWHERE", owner_agency=None), due_on(WEDNESDAY))

    fire_at(setup, nine(WEDNESDAY))

    assert [(row["kind"], row["area"]) for row in setup.rows("work_item")] == [("no_live_endpoint", "NOWHERE")]


def test_life_safety_reminders_are_sent_before_all_others(setup: DeliverySetup, receiver: Receiver) -> None:
    setup.an_endpoint(receiver.url, "HOUSING", max_in_flight=1)
    setup.an_event("HOUSING")
    set_for(setup, an_action("act_" + "5" * 32), due_on(WEDNESDAY))
    an_hour_ago = nine(WEDNESDAY) - timedelta(hours=1)
    set_for(setup, an_action("act_" + "6" * 32), Deadline(None, an_hour_ago, life_safety=True))
    setup.clock.set(nine(WEDNESDAY))

    setup.tick()

    told = [(one.data.get("rung"), one.data.get("life_safety")) for one in receiver.receipts]
    assert told == [(1, True), (2, False), (None, None)]


def test_fifty_subjects_in_small_sweeps_each_get_one_reminder(setup: DeliverySetup) -> None:
    for n in range(50):
        set_for(setup, an_action(f"act_{n:032x}"), due_on(date(2026, 3, 12)))
    at = nine(date(2026, 3, 16))

    sizes = [setup.in_system(lambda session: fire_due_reminders(session, at, limit=20)) for _ in range(4)]

    assert sizes == [20, 20, 10, 0]
    assert sum(state == "fired" for state in (row["state"] for row in setup.rows("reminder_timer"))) == 50
