"""Reminders that end or move: a review, a new deadline, and the gaps a working ladder never shows."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.reminders.repetition import resume_ended
from app.reminders.service import (
    cancel_ladder,
    fire_due,
    gaps_of_ladders,
    redate_ladder,
    without_ladder,
)
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
from tests.webhooks.given import Deliveries
from tests.webhooks.processes import wait_until
from tests.webhooks.receiver import Receiver, Reply


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


def test_action_that_nobody_reviews_reaches_strategic_lead_and_coordinator_again_every_five_working_days(
    house: Deliveries,
) -> None:
    set_for(house, an_action(), due_on(date(2026, 3, 12)))

    for day in range(40):
        fire_at(house, nine(date(2026, 3, 10) + timedelta(days=day)))

    repeats = [row for row in house.rows("reminder_timer", "rung") if row["rung"] > 4]
    assert reminders(house)[4:] == [
        (f"reminder:{ACTION}:1:5", ["BOARD", "COORD"]),
        (f"reminder:{ACTION}:1:6", ["BOARD", "COORD"]),
        (f"reminder:{ACTION}:1:7", ["BOARD", "COORD"]),
    ]
    assert [row["fire_at"].date() for row in repeats] == [
        date(2026, 3, 26),
        date(2026, 4, 2),
        date(2026, 4, 13),
        date(2026, 4, 20),
    ]
    assert [row["state"] for row in repeats] == ["fired", "fired", "fired", "scheduled"]


def test_weeks_of_downtime_above_the_ladder_become_one_reminder_and_then_a_pause(house: Deliveries) -> None:
    set_for(house, an_action(), due_on(date(2026, 3, 12)))

    fired = [fire_at(house, nine(day)) for day in (date(2026, 5, 11), date(2026, 5, 12), date(2026, 5, 18))]

    assert fired == [1, 0, 1]
    assert [key for key, _ in reminders(house)] == [f"reminder:{ACTION}:1:4", f"reminder:{ACTION}:1:5"]
    assert {rung: state for (_, rung), state in states(house).items()} == {
        1: "merged",
        2: "merged",
        3: "merged",
        4: "fired",
        5: "fired",
        6: "scheduled",
    }


def test_review_ends_the_repeats_of_a_ladder_that_had_reached_its_top(house: Deliveries) -> None:
    set_for(house, an_action(), due_on(date(2026, 3, 12)))
    fire_at(house, nine(date(2026, 3, 19)))

    house.in_system(lambda session: cancel_ladder(session, ACTION, "reviewed", house.now()))
    fired = fire_at(house, nine(date(2026, 6, 30)))

    assert fired == 0
    assert states(house)[1, 5] == "cancelled"


def test_review_that_waits_for_a_sweep_also_ends_the_repeat_that_the_sweep_set(house: Deliveries) -> None:
    set_for(house, an_action(), due_on(date(2026, 3, 12)))
    at = nine(date(2026, 3, 19))

    def review() -> None:
        house.in_system(lambda session: cancel_ladder(session, ACTION, "reviewed", at))

    with ThreadPoolExecutor(1) as other, house.sessions.begin() as sweep:
        sweep.execute(text("SELECT set_config('app.row_scope', 'system', true)"))
        assert fire_due(sweep, at) == 1
        reviewing = other.submit(review)
        wait_until(lambda: waits_for_a_lock(house))
        sweep.commit()
        reviewing.result(timeout=5)

    assert states(house)[1, 5] == "cancelled"
    assert [row["reason"] for row in house.rows("reminder_timer") if row["state"] == "fired"] == ["reviewed"]
    assert fire_at(house, nine(date(2026, 6, 30))) == 0


def waits_for_a_lock(house: Deliveries) -> bool:
    with house.owner.begin() as connection:
        blocked = text(
            "SELECT count(*) FROM pg_stat_activity "
            "WHERE datname = current_database() AND cardinality(pg_blocking_pids(pid)) > 0"
        )
        return bool(connection.scalar(blocked))


def test_ladder_that_an_older_version_let_end_is_noticed_and_goes_on(house: Deliveries) -> None:
    set_for(house, an_action(), due_on(date(2026, 3, 12)))
    fire_at(house, nine(date(2026, 3, 19)))
    as_owner(house, "DELETE FROM reminder_timer WHERE rung > 4")

    noticed = house.in_system(lambda session: gaps_of_ladders(session, house.now()))
    resumed = house.in_system(lambda session: resume_ended(session, house.now()))
    again = house.in_system(lambda session: resume_ended(session, house.now()))

    assert [(gap.kind, gap.subject_id) for gap in noticed] == [("ladder has ended", ACTION)]
    assert (resumed, again) == (1, 0)
    assert states(house)[1, 5] == "scheduled"


def test_ladder_that_a_review_ended_is_no_gap_and_does_not_go_on(house: Deliveries) -> None:
    set_for(house, an_action(), due_on(WEDNESDAY))
    fire_at(house, nine(WEDNESDAY))
    house.in_system(lambda session: cancel_ladder(session, ACTION, "reviewed", house.now()))

    noticed = house.in_system(lambda session: gaps_of_ladders(session, house.now()))
    resumed = house.in_system(lambda session: resume_ended(session, house.now()))

    assert (noticed, resumed) == ([], 0)


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
