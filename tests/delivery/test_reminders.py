"""Reminders: what fires, what is merged, what a review cancels, and who is told."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.reminders.service import (
    Due,
    Watched,
    cancel_ladder,
    fire_due,
    gaps_of_ladders,
    redate_ladder,
    set_ladder,
    without_ladder,
)
from tests.delivery.given import AREA, Deliveries
from tests.delivery.receiver import Receiver, Reply

ACTION = "act_" + "1" * 32
WEDNESDAY = date(2026, 3, 11)


def an_action(subject: str = ACTION, **changes: Any) -> Watched:
    given = {
        "subject_type": "action",
        "subject_id": subject,
        "case_id": "cas_" + "2" * 32,
        "area": AREA,
        "nation": "ENG",
        "owner_agency": "HOUSING",
        "owner_role": "HOUSING",
    }
    return Watched(**given | changes)


def due_on(day: date, *, life_safety: bool = False) -> Due:
    return Due(day, None, life_safety)


def set_for(house: Deliveries, watched: Watched, due: Due, version: int = 1) -> None:
    house.in_system(lambda session: set_ladder(session, watched, due, version, house.now()))


def fire_at(house: Deliveries, at: datetime) -> int:
    house.clock.set(at)
    return int(house.in_system(lambda session: fire_due(session, at)))


def reminders(house: Deliveries) -> list[tuple[str, list[str]]]:
    """The dedupe key and the agencies told of every reminder, in order."""
    return [(row["dedupe_key"], row["agencies"]) for row in house.rows("event", "number")]


def states(house: Deliveries) -> dict[tuple[int, int], str]:
    return {(row["due_version"], row["rung"]): row["state"] for row in house.rows("reminder_timer")}


def nine(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 9, 0, tzinfo=UTC)


def test_unreviewed_action_climbs_from_its_owner_to_the_strategic_lead(house: Deliveries) -> None:
    set_for(house, an_action(), due_on(date(2026, 3, 12)))

    for day in range(10, 21):
        fire_at(house, nine(date(2026, 3, day)))

    assert reminders(house) == [
        (f"reminder:{ACTION}:1:1", ["HOUSING"]),
        (f"reminder:{ACTION}:1:2", ["HOUSING"]),
        (f"reminder:{ACTION}:1:3", ["CHAIR", "COORD"]),
        (f"reminder:{ACTION}:1:4", ["BOARD"]),
    ]


def test_sweeping_twice_at_the_same_instant_says_everything_once(house: Deliveries) -> None:
    set_for(house, an_action(), due_on(WEDNESDAY))

    first = fire_at(house, nine(WEDNESDAY))
    second = fire_at(house, nine(WEDNESDAY))

    assert (first, second) == (1, 0)
    assert len(reminders(house)) == 1


def test_three_days_of_downtime_become_one_reminder_at_the_highest_rung(house: Deliveries) -> None:
    set_for(house, an_action(), due_on(date(2026, 3, 12)))

    fired = fire_at(house, nine(date(2026, 3, 16)))

    assert fired == 1
    assert reminders(house) == [(f"reminder:{ACTION}:1:3", ["CHAIR", "COORD"])]
    assert states(house) == {(1, 1): "merged", (1, 2): "merged", (1, 3): "fired", (1, 4): "scheduled"}


def test_late_reminder_says_how_late_it_is(house: Deliveries, receiver: Receiver) -> None:
    house.an_endpoint(receiver.url, "HOUSING")
    set_for(house, an_action(), Due(None, house.now() + timedelta(hours=1), life_safety=True))
    house.pass_time(hours=2)

    house.tick()

    (received,) = receiver.receipts
    assert received.data["late_by_seconds"] == 3600
    assert received.data["receipt_is_review"] is False


def test_review_cancels_every_rung_in_the_same_commit(house: Deliveries) -> None:
    set_for(house, an_action(), due_on(WEDNESDAY))

    house.in_system(lambda session: cancel_ladder(session, ACTION, "reviewed", house.now()))
    fired = fire_at(house, nine(date(2026, 4, 30)))

    assert fired == 0
    assert {row["reason"] for row in house.rows("reminder_timer") if row["rung"] > 1} == {"reviewed"}
    assert set(states(house).values()) == {"cancelled"}


def test_review_that_fails_to_commit_leaves_every_rung_standing(house: Deliveries) -> None:
    set_for(house, an_action(), due_on(date(2026, 3, 12)))

    def review(session: Session) -> None:
        cancel_ladder(session, ACTION, "reviewed", house.now())
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        house.in_system(review)

    assert set(states(house).values()) == {"scheduled"}


def test_review_cancels_the_unsent_calls_of_reminders_that_were_already_written(
    house: Deliveries, receiver: Receiver
) -> None:
    house.an_endpoint(receiver.url, "HOUSING")
    set_for(house, an_action(), due_on(WEDNESDAY))
    fire_at(house, nine(WEDNESDAY))

    house.in_system(lambda session: cancel_ladder(session, ACTION, "reviewed", house.now()))
    house.tick()

    assert receiver.receipts == []
    assert (house.delivery().state, house.delivery().reason) == ("cancelled", "withdrawn: reviewed")


def test_review_while_the_call_is_on_the_wire_ends_its_retries(house: Deliveries, receiver: Receiver) -> None:
    house.an_endpoint(receiver.url, "HOUSING")
    set_for(house, an_action(), due_on(WEDNESDAY))
    fire_at(house, nine(WEDNESDAY))

    def review() -> None:
        house.in_system(lambda session: cancel_ladder(session, ACTION, "reviewed", house.now()))

    receiver.answer_in_turn(Reply(503, before=review))
    house.tick()
    house.pass_time(days=1)
    house.tick()

    assert len(receiver.receipts) == 1
    assert house.delivery().state == "cancelled"


def test_review_before_the_call_withdraws_a_reminder_that_is_already_leased(
    house: Deliveries, receiver: Receiver
) -> None:
    house.an_endpoint(receiver.url, "HOUSING")
    set_for(house, an_action(), due_on(WEDNESDAY))
    fire_at(house, nine(WEDNESDAY))

    def review_once_claimed(step: str) -> None:
        if step == "claimed":
            house.in_system(lambda session: cancel_ladder(session, ACTION, "reviewed", house.now()))

    house.tick(told=review_once_claimed)

    assert receiver.receipts == []
    assert house.delivery().state == "cancelled"
    assert house.rows("attempt") == []


def test_new_due_date_makes_a_new_ladder_and_ends_the_old(house: Deliveries) -> None:
    set_for(house, an_action(), due_on(WEDNESDAY))

    house.in_system(
        lambda session: redate_ladder(session, an_action(), due_on(date(2026, 3, 25)), 2, house.now())
    )

    assert {key for key, state in states(house).items() if state == "scheduled"} == {
        (2, 1),
        (2, 2),
        (2, 3),
        (2, 4),
    }
    assert {row["reason"] for row in house.rows("reminder_timer") if row["state"] == "cancelled"} >= {
        "due_changed"
    }


def test_due_date_moved_into_the_past_reminds_at_once_at_the_highest_passed_rung(house: Deliveries) -> None:
    set_for(house, an_action(), due_on(date(2026, 3, 25)))

    house.in_system(
        lambda session: redate_ladder(session, an_action(), due_on(date(2026, 3, 9)), 2, house.now())
    )
    fire_at(house, house.now())

    assert reminders(house) == [(f"reminder:{ACTION}:2:3", ["CHAIR", "COORD"])]


def test_due_date_moved_away_and_back_still_reminds_again(house: Deliveries) -> None:
    set_for(house, an_action(), due_on(WEDNESDAY))
    fire_at(house, nine(WEDNESDAY))

    for version, day in ((2, date(2026, 3, 20)), (3, WEDNESDAY)):
        house.in_system(
            lambda session, v=version, d=day: redate_ladder(session, an_action(), due_on(d), v, house.now())
        )
    fire_at(house, house.now())

    assert [key for key, _ in reminders(house)] == [f"reminder:{ACTION}:1:2", f"reminder:{ACTION}:3:2"]


def test_action_without_an_owner_reaches_the_coordinator_at_once(house: Deliveries) -> None:
    set_for(house, an_action(owner_agency=None), due_on(date(2026, 3, 31)))

    fire_at(house, house.now())

    assert reminders(house) == [(f"reminder:{ACTION}:1:0", ["COORD"])]


def test_post_that_nobody_fills_falls_to_the_coordinator(house: Deliveries) -> None:
    set_for(house, an_action(), due_on(WEDNESDAY))
    as_owner(house, "DELETE FROM post WHERE role IN ('STRATEGIC_LEAD', 'MARAC_CHAIR')")

    for day in (12, 18):
        fire_at(house, nine(date(2026, 3, day)))

    assert [told for _, told in reminders(house)] == [["COORD"], ["COORD"]]


def test_post_that_changes_hands_is_resolved_when_the_rung_fires(house: Deliveries) -> None:
    set_for(house, an_action(), due_on(WEDNESDAY))
    fire_at(house, nine(WEDNESDAY))

    as_owner(house, "UPDATE post SET agency = 'OTHER' WHERE role = 'MARAC_CHAIR'")
    fire_at(house, nine(date(2026, 3, 12)))

    assert reminders(house)[-1] == (f"reminder:{ACTION}:1:3", ["COORD", "OTHER"])


def test_area_with_nobody_at_all_still_puts_the_reminder_on_a_list(house: Deliveries) -> None:
    set_for(house, an_action(area="NOWHERE", owner_agency=None), due_on(WEDNESDAY))

    fire_at(house, nine(WEDNESDAY))

    assert [(row["kind"], row["area"]) for row in house.rows("work_item")] == [
        ("no_live_endpoint", "NOWHERE")
    ]


def test_nudge_whose_hour_has_passed_when_set_is_recorded_as_not_needed(house: Deliveries) -> None:
    set_for(house, an_action(), due_on(WEDNESDAY))

    nudge = house.rows("reminder_timer", "rung")[0]
    assert nudge["state"] == "cancelled"
    assert nudge["reason"].startswith("passed_when_set")


def test_setting_the_same_ladder_again_changes_nothing(house: Deliveries) -> None:
    set_for(house, an_action(), due_on(WEDNESDAY))
    before = house.rows("reminder_timer")

    set_for(house, an_action(), due_on(date(2026, 3, 20)))

    assert house.rows("reminder_timer") == before


def test_life_safety_reminders_are_sent_before_all_others(house: Deliveries, receiver: Receiver) -> None:
    house.an_endpoint(receiver.url, "HOUSING", max_in_flight=1)
    house.an_event("HOUSING")
    set_for(house, an_action("act_" + "5" * 32), due_on(WEDNESDAY))
    an_hour_ago = nine(WEDNESDAY) - timedelta(hours=1)
    set_for(house, an_action("act_" + "6" * 32), Due(None, an_hour_ago, life_safety=True))
    house.clock.set(nine(WEDNESDAY))

    house.tick()

    told = [(one.data.get("rung"), one.data.get("life_safety")) for one in receiver.receipts]
    assert told == [(1, True), (2, False), (None, None)]


def test_fifty_subjects_in_small_sweeps_each_get_one_reminder(house: Deliveries) -> None:
    for n in range(50):
        set_for(house, an_action(f"act_{n:032x}"), due_on(date(2026, 3, 12)))
    at = nine(date(2026, 3, 16))

    sizes = [house.in_system(lambda session: fire_due(session, at, limit=20)) for _ in range(4)]

    assert sizes == [20, 20, 10, 0]
    assert sum(state == "fired" for state in (row["state"] for row in house.rows("reminder_timer"))) == 50


def test_sweep_that_is_not_running_is_noticed_as_a_gap(house: Deliveries) -> None:
    set_for(house, an_action(), due_on(WEDNESDAY))

    found = house.in_system(lambda session: gaps_of_ladders(session, nine(WEDNESDAY) + timedelta(minutes=20)))

    assert [(gap.kind, gap.subject_id) for gap in found] == [("rung has not fired", ACTION)]


def test_two_deadlines_that_both_count_are_noticed_as_a_gap(house: Deliveries) -> None:
    set_for(house, an_action(), due_on(WEDNESDAY), 1)
    set_for(house, an_action(), due_on(WEDNESDAY), 2)

    found = house.in_system(lambda session: gaps_of_ladders(session, house.now()))

    assert [(gap.kind, gap.subject_id) for gap in found] == [("two deadlines", ACTION)]


def test_deadline_that_nothing_would_remind_of_is_found(house: Deliveries) -> None:
    set_for(house, an_action(), due_on(WEDNESDAY), 1)

    bare = house.in_system(lambda session: without_ladder(session, [(ACTION, 1), (ACTION, 2), ("act_x", 1)]))

    assert bare == {(ACTION, 2), ("act_x", 1)}


def test_database_refuses_a_fired_timer_that_said_nothing(house: Deliveries) -> None:
    set_for(house, an_action(), due_on(WEDNESDAY))

    with pytest.raises(IntegrityError, match="fired_means_said"):
        house.in_system(lambda session: session.execute(text("UPDATE reminder_timer SET state = 'fired'")))


def as_owner(house: Deliveries, statement: str) -> None:
    """For what the service itself may not do: the directory's removals are an administrator's."""
    with house.owner.begin() as connection:
        connection.execute(text(statement))
