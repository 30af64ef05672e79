"""Reminders that end or move: a review, a new deadline, and the gaps a working ladder never shows."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.access.service import scope_to_system
from app.reminders.repair import deadlines_without_timers, ladder_gaps, resume_ended_ladders
from app.reminders.service import cancel_ladder, redate_ladder
from app.reminders.sweep import fire_due_reminders
from tests.reminders.reminding import (
    ACTION,
    THURSDAY,
    WEDNESDAY,
    actions,
    an_action,
    as_owner,
    due_on,
    nine,
    said,
    set_for,
    states,
    sweep_at,
)
from tests.webhooks.builders import DeliverySetup
from tests.webhooks.processes import wait_until
from tests.webhooks.receiver import Receiver, Reply

TOP_OF_THURSDAY = date(2026, 3, 19)  # when the last rung of what was due on Thursday is said


def test_review_ends_the_repeats_of_a_ladder_that_had_reached_its_top(setup: DeliverySetup) -> None:
    set_for(setup, an_action(), due_on(THURSDAY))
    sweep_at(setup, nine(TOP_OF_THURSDAY))

    setup.in_system(lambda session: cancel_ladder(session, ACTION, "reviewed", setup.now()))
    later = sweep_at(setup, nine(date(2026, 6, 30)))

    assert later == []
    assert states(setup)[1, 5] == "cancelled"


def test_review_that_waits_for_a_sweep_also_ends_the_repeat_that_the_sweep_set(setup: DeliverySetup) -> None:
    set_for(setup, an_action(), due_on(THURSDAY))
    at = nine(TOP_OF_THURSDAY)

    def review() -> None:
        setup.in_system(lambda session: cancel_ladder(session, ACTION, "reviewed", at))

    with ThreadPoolExecutor(1) as other, setup.sessions.begin() as sweep:
        scope_to_system(sweep)
        assert fire_due_reminders(sweep, at) > 0
        reviewing = other.submit(review)
        wait_until(lambda: waits_for_a_lock(setup))
        sweep.commit()
        reviewing.result(timeout=5)

    assert states(setup)[1, 5] == "cancelled"
    assert {row["reason"] for row in setup.rows("reminder_timer") if row["state"] == "fired"} == {"reviewed"}
    assert {row["reason"] for row in setup.rows("reminder_line")} == {"reviewed"}
    assert sweep_at(setup, nine(date(2026, 6, 30))) == []


def waits_for_a_lock(setup: DeliverySetup) -> bool:
    with setup.owner.begin() as connection:
        blocked = text(
            "SELECT count(*) FROM pg_stat_activity "
            "WHERE datname = current_database() AND cardinality(pg_blocking_pids(pid)) > 0"
        )
        return bool(connection.scalar(blocked))


def test_ladder_that_an_older_version_let_end_is_noticed_and_goes_on(setup: DeliverySetup) -> None:
    set_for(setup, an_action(), due_on(THURSDAY))
    sweep_at(setup, nine(TOP_OF_THURSDAY))
    as_owner(setup, "DELETE FROM reminder_timer WHERE rung > 4")

    noticed = setup.in_system(lambda session: ladder_gaps(session, setup.now()))
    resumed = setup.in_system(lambda session: resume_ended_ladders(session, setup.now()))
    again = setup.in_system(lambda session: resume_ended_ladders(session, setup.now()))

    assert [(gap.kind, gap.subject_id) for gap in noticed] == [("ladder has ended", ACTION)]
    assert (resumed, again) == (1, 0)
    assert states(setup)[1, 5] == "scheduled"


def test_ladder_that_a_review_ended_is_no_gap_and_does_not_go_on(setup: DeliverySetup) -> None:
    set_for(setup, an_action(), due_on(THURSDAY))
    sweep_at(setup, nine(WEDNESDAY))
    setup.in_system(lambda session: cancel_ladder(session, ACTION, "reviewed", setup.now()))

    noticed = setup.in_system(lambda session: ladder_gaps(session, setup.now()))
    resumed = setup.in_system(lambda session: resume_ended_ladders(session, setup.now()))

    assert (noticed, resumed) == ([], 0)


def test_review_cancels_every_rung_in_the_same_commit(setup: DeliverySetup) -> None:
    set_for(setup, an_action(), due_on(THURSDAY))

    setup.in_system(lambda session: cancel_ladder(session, ACTION, "reviewed", setup.now()))
    later = sweep_at(setup, nine(date(2026, 4, 30)))

    assert later == []
    assert {row["reason"] for row in setup.rows("reminder_timer")} == {"reviewed"}
    assert set(states(setup).values()) == {"cancelled"}


def test_review_that_fails_to_commit_leaves_every_rung_standing(setup: DeliverySetup) -> None:
    set_for(setup, an_action(), due_on(THURSDAY))

    def review(session: Session) -> None:
        cancel_ladder(session, ACTION, "reviewed", setup.now())
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        setup.in_system(review)

    assert set(states(setup).values()) == {"scheduled"}


def test_review_cancels_the_unsent_calls_of_reminders_that_were_already_written(
    setup: DeliverySetup, receiver: Receiver
) -> None:
    setup.an_endpoint(receiver.url, "HOUSING")
    set_for(setup, an_action(), due_on(THURSDAY))
    sweep_at(setup, nine(WEDNESDAY))

    setup.in_system(lambda session: cancel_ladder(session, ACTION, "reviewed", setup.now()))
    setup.tick()

    assert receiver.receipts == []
    assert (setup.delivery().state, setup.delivery().reason) == ("cancelled", "withdrawn: reviewed")


def test_digest_in_which_something_still_stands_is_sent_although_one_item_was_reviewed(
    setup: DeliverySetup, receiver: Receiver
) -> None:
    setup.an_endpoint(receiver.url, "HOUSING")
    for action in actions(2):
        set_for(setup, action, due_on(THURSDAY))
    sweep_at(setup, nine(WEDNESDAY))

    setup.in_system(lambda session: cancel_ladder(session, actions(1)[0].subject_id, "reviewed", setup.now()))
    setup.tick()

    assert len(receiver.receipts) == 1
    assert sorted(row["reason"] or "stands" for row in setup.rows("reminder_line")) == ["reviewed", "stands"]


def test_line_that_waits_for_the_next_working_day_is_not_said_after_a_review(setup: DeliverySetup) -> None:
    set_for(setup, an_action(), due_on(date(2026, 3, 6)))
    sweep_at(setup, nine(date(2026, 3, 14)))

    setup.in_system(lambda session: cancel_ladder(session, ACTION, "reviewed", setup.now()))
    monday = sweep_at(setup, nine(date(2026, 3, 16)))

    assert monday == []
    assert {(row["message_id"], row["reason"]) for row in setup.rows("reminder_line")} == {(None, "reviewed")}


def test_review_while_the_call_is_on_the_wire_ends_its_retries(setup: DeliverySetup, receiver: Receiver) -> None:
    setup.an_endpoint(receiver.url, "HOUSING")
    set_for(setup, an_action(), due_on(THURSDAY))
    sweep_at(setup, nine(WEDNESDAY))

    def review() -> None:
        setup.in_system(lambda session: cancel_ladder(session, ACTION, "reviewed", setup.now()))

    receiver.answer_in_turn(Reply(503, before=review))
    setup.tick()
    setup.pass_time(days=1)
    setup.tick()

    assert len(receiver.receipts) == 1
    assert setup.delivery().state == "cancelled"


def test_review_before_the_call_withdraws_a_reminder_that_is_already_leased(
    setup: DeliverySetup, receiver: Receiver
) -> None:
    setup.an_endpoint(receiver.url, "HOUSING")
    set_for(setup, an_action(), due_on(THURSDAY))
    sweep_at(setup, nine(WEDNESDAY))

    def review_once_claimed(step: str) -> None:
        if step == "claimed":
            setup.in_system(lambda session: cancel_ladder(session, ACTION, "reviewed", setup.now()))

    setup.tick(on_step=review_once_claimed)

    assert receiver.receipts == []
    assert setup.delivery().state == "cancelled"
    assert setup.rows("attempt") == []


def test_new_due_date_makes_a_new_ladder_and_ends_the_old(setup: DeliverySetup) -> None:
    set_for(setup, an_action(), due_on(WEDNESDAY))

    setup.in_system(lambda session: redate_ladder(session, an_action(), due_on(date(2026, 3, 25)), 2, setup.now()))

    assert {key for key, state in states(setup).items() if state == "scheduled"} == {
        (2, 1),
        (2, 2),
        (2, 3),
    }
    assert {row["reason"] for row in setup.rows("reminder_timer") if row["state"] == "cancelled"} >= {"due_changed"}


def test_due_date_moved_into_the_past_is_in_the_next_digest_of_every_post_that_its_rungs_tell(
    setup: DeliverySetup,
) -> None:
    set_for(setup, an_action(), due_on(date(2026, 3, 25)))

    setup.in_system(lambda session: redate_ladder(session, an_action(), due_on(date(2026, 3, 6)), 2, setup.now()))
    at_once = sweep_at(setup, setup.now())
    sweep_at(setup, nine(WEDNESDAY))

    assert at_once == []
    assert [(one.agency, one.rungs) for one in said(setup)] == [
        ("HOUSING", (1, 2)), ("HOUSING", (2,)), ("COORD", (3,)),
    ]  # fmt: skip


def test_due_date_moved_away_and_back_still_reminds_again(setup: DeliverySetup) -> None:
    set_for(setup, an_action(), due_on(THURSDAY))
    sweep_at(setup, nine(WEDNESDAY))

    for version, day in ((2, date(2026, 3, 20)), (3, THURSDAY)):
        setup.in_system(
            lambda session, v=version, d=day: redate_ladder(session, an_action(), due_on(d), v, setup.now())
        )
    again = sweep_at(setup, nine(date(2026, 3, 13)))

    (own,) = [body["data"]["items"] for body in again if body["data"]["role"] == "HOUSING"]
    assert [item["subject_id"] for item in own] == [ACTION]


def test_nudge_whose_hour_has_passed_when_set_is_recorded_as_not_needed(setup: DeliverySetup) -> None:
    set_for(setup, an_action(), due_on(WEDNESDAY))

    nudge = setup.rows("reminder_timer", "rung")[0]
    assert nudge["state"] == "cancelled"
    assert nudge["reason"].startswith("passed_when_set")


def test_setting_the_same_ladder_again_changes_nothing(setup: DeliverySetup) -> None:
    set_for(setup, an_action(), due_on(WEDNESDAY))
    before = setup.rows("reminder_timer")

    set_for(setup, an_action(), due_on(date(2026, 3, 20)))

    assert setup.rows("reminder_timer") == before


def test_sweep_that_is_not_running_is_noticed_as_a_gap(setup: DeliverySetup) -> None:
    set_for(setup, an_action(), due_on(THURSDAY))

    found = setup.in_system(lambda session: ladder_gaps(session, nine(WEDNESDAY) + timedelta(minutes=20)))

    assert [(gap.kind, gap.subject_id) for gap in found] == [("rung has not fired", ACTION)]


def test_line_that_fired_and_that_nobody_says_is_noticed_as_a_gap(setup: DeliverySetup) -> None:
    set_for(setup, an_action(), due_on(THURSDAY))
    setup.an_event("HOUSING", dedupe_key=f"digest:ANYTOWN:HOUSING:HOUSING:{WEDNESDAY}")

    bodies = sweep_at(setup, nine(WEDNESDAY))
    found = setup.in_system(lambda session: ladder_gaps(session, nine(WEDNESDAY) + timedelta(minutes=20)))

    assert bodies == []
    assert [(gap.kind, gap.subject_id) for gap in found] == [("line was not said", ACTION)]


def test_post_whose_digest_cannot_be_written_stops_no_other_post(setup: DeliverySetup) -> None:
    set_for(setup, an_action(), due_on(THURSDAY))
    setup.an_event("BOARD", dedupe_key=f"digest:ANYTOWN:STRATEGIC_LEAD:BOARD:{TOP_OF_THURSDAY}")

    bodies = sweep_at(setup, nine(TOP_OF_THURSDAY))
    (after_all,) = sweep_at(setup, nine(TOP_OF_THURSDAY + timedelta(days=1)))

    assert {body["data"]["role"] for body in bodies} == {"HOUSING", "LINE_MANAGER", "MARAC_COORDINATOR"}
    assert after_all["data"]["role"] == "STRATEGIC_LEAD"


def test_rung_that_cannot_be_fired_stops_no_other(setup: DeliverySetup) -> None:
    bad, good = actions(2)
    for action in (bad, good):
        set_for(setup, action, due_on(date(2026, 3, 2)))
    # The ladder cannot go on: what would be its next rung is there already, and far too high to be counted.
    as_owner(setup, f"UPDATE reminder_timer SET rung = 2147483647 WHERE subject_id = '{bad.subject_id}' AND rung = 3")

    bodies = sweep_at(setup, nine(WEDNESDAY))

    states_of = {(row["subject_id"], row["state"]) for row in setup.rows("reminder_timer") if row["rung"] == 2}
    assert states_of == {(bad.subject_id, "scheduled"), (good.subject_id, "fired")}
    assert good.subject_id in {item["subject_id"] for body in bodies for item in body["data"]["items"] if "due" in item}


def test_two_deadlines_that_both_count_are_noticed_as_a_gap(setup: DeliverySetup) -> None:
    set_for(setup, an_action(), due_on(WEDNESDAY), 1)
    set_for(setup, an_action(), due_on(WEDNESDAY), 2)

    found = setup.in_system(lambda session: ladder_gaps(session, setup.now()))

    assert [(gap.kind, gap.subject_id) for gap in found] == [("two deadlines", ACTION)]


def test_deadline_that_nothing_would_remind_of_is_found(setup: DeliverySetup) -> None:
    set_for(setup, an_action(), due_on(WEDNESDAY), 1)

    bare = setup.in_system(lambda session: deadlines_without_timers(session, [(ACTION, 1), (ACTION, 2), ("act_x", 1)]))

    assert bare == {(ACTION, 2), ("act_x", 1)}


def test_database_refuses_a_fired_timer_without_its_instant(setup: DeliverySetup) -> None:
    set_for(setup, an_action(), due_on(WEDNESDAY))

    with pytest.raises(IntegrityError, match="fired_at_an_instant"):
        setup.in_system(lambda session: session.execute(text("UPDATE reminder_timer SET state = 'fired'")))
