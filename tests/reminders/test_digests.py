"""The digest: once for each post and working day, everything that came due, and nothing above the owner early."""

import json
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from app.reminders.deadline import Deadline
from app.reminders.service import cancel_ladder, redate_ladder, set_ladder_above_owner
from app.reminders.sweep import fire_due_reminders
from app.vocabulary import Role, SubjectType
from tests.reminders.reminding import (
    ACTION,
    CASE,
    FRIDAY,
    THURSDAY,
    TUESDAY,
    WEDNESDAY,
    Said,
    actions,
    an_action,
    as_owner,
    due_on,
    nine,
    said,
    set_for,
    sweep_at,
    told,
)
from tests.webhooks.builders import DeliverySetup
from tests.webhooks.receiver import Receiver

MONDAY = date(2026, 3, 16)


def sweep_each_morning(setup: DeliverySetup, first: date, last: date) -> None:
    for day in range((last - first).days + 1):
        sweep_at(setup, nine(first + timedelta(days=day)))


def test_nobody_above_the_owner_is_told_before_the_day_after_the_date(setup: DeliverySetup) -> None:
    set_for(setup, an_action(), due_on(THURSDAY))

    sweep_each_morning(setup, TUESDAY, THURSDAY)

    assert said(setup) == [Said("digest", "HOUSING", "HOUSING", WEDNESDAY, (1,))]


def test_unreviewed_action_climbs_from_its_owner_to_strategic_lead_and_chair(setup: DeliverySetup) -> None:
    set_for(setup, an_action(), due_on(THURSDAY))

    sweep_each_morning(setup, TUESDAY, date(2026, 3, 19))

    assert said(setup) == [
        Said("digest", "HOUSING", "HOUSING", WEDNESDAY, (1,)),
        Said("digest", "HOUSING", "HOUSING", FRIDAY, (2,)),
        Said("digest", "LINE_MANAGER", "HOUSING", FRIDAY, (2,)),
        # MARAC was never asked about this case, and nobody is the hub's inspector here.
        Said("digest", "MARAC_COORDINATOR", "COORD", MONDAY, (3,)),
        Said("digest", "MARAC_COORDINATOR", "COORD", date(2026, 3, 19), (4,)),
        Said("digest", "STRATEGIC_LEAD", "BOARD", date(2026, 3, 19), (4,)),
    ]


def test_hubs_own_inspector_is_told_until_marac_has_been_asked(setup: DeliverySetup) -> None:
    as_owner(setup, "INSERT INTO post (area, role, agency) VALUES ('ANYTOWN', 'POLICE_INSPECTOR', 'OTHER')")
    set_for(setup, an_action(), due_on(THURSDAY))

    sweep_each_morning(setup, TUESDAY, MONDAY)

    assert said(setup)[-1] == Said("digest", "POLICE_INSPECTOR", "OTHER", MONDAY, (3,))


def test_after_the_last_rung_owner_coordinator_and_strategic_lead_hear_of_it_on_the_cases_day_of_the_week(
    setup: DeliverySetup,
) -> None:
    for action in actions(3):
        set_for(setup, action, due_on(THURSDAY))

    sweep_each_morning(setup, TUESDAY, date(2026, 4, 20))

    weekly = [one for one in said(setup) if max(one.rungs) > 4]
    assert {one.on.weekday() for one in weekly if one.on != date(2026, 4, 7)} == {weekly[0].on.weekday()}
    for day in {one.on for one in weekly}:
        assert [one.agency for one in weekly if one.on == day] == ["HOUSING", "COORD", "BOARD"]


def test_everything_that_came_due_for_a_post_is_in_one_digest(setup: DeliverySetup) -> None:
    for n, action in enumerate(actions(30), 1):
        set_for(setup, action, due_on(THURSDAY if n % 2 else WEDNESDAY - timedelta(days=7)))

    bodies = sweep_at(setup, nine(WEDNESDAY))

    of_housing = [body for body in bodies if body["data"]["role"] == "HOUSING"]
    assert [body["type"] for body in of_housing] == ["reminder.digest"]
    assert [item["subject_id"] for item in of_housing[0]["data"]["items"]] == [
        *(f"act_{n:032x}" for n in range(2, 31, 2)), *(f"act_{n:032x}" for n in range(1, 31, 2)),
    ]  # fmt: skip
    assert of_housing[0]["data"]["count"] == 30


def test_digests_of_one_agencys_posts_travel_in_one_event(setup: DeliverySetup, receiver: Receiver) -> None:
    setup.an_endpoint(receiver.url, "HOUSING")
    set_for(setup, an_action(), due_on(WEDNESDAY))
    setup.clock.set(nine(THURSDAY))

    setup.tick()

    assert [one.role for one in said(setup)] == ["HOUSING", "LINE_MANAGER"]
    (received,) = receiver.receipts
    digests = json.loads(received.body)["data"]["digests"]
    assert [(one["role"], one["count"]) for one in digests] == [("HOUSING", 1), ("LINE_MANAGER", 1)]
    assert ["subject_id" in one["items"][0] for one in digests] == [True, False]


def test_digest_that_does_not_fit_beside_another_posts_has_an_event_of_its_own(setup: DeliverySetup) -> None:
    for n in range(60):
        set_for(setup, an_action(f"act_{n:032x}", case_id=f"cas_{n:032x}"), due_on(WEDNESDAY))

    sweep_at(setup, nine(THURSDAY))

    bodies = [json.loads(row["body"])["data"]["digests"] for row in setup.rows("event", "number")]
    assert [[one["role"] for one in each] for each in bodies] == [["HOUSING"], ["LINE_MANAGER"]]
    assert [[one["count"] for one in each] for each in bodies] == [[60], [60]]


def test_digest_that_one_post_has_reviewed_still_reaches_the_agencys_other_post(
    setup: DeliverySetup, receiver: Receiver
) -> None:
    setup.an_endpoint(receiver.url, "HOUSING")
    ours, theirs = actions(2)
    set_for(setup, ours, due_on(WEDNESDAY))
    set_for(setup, an_action(theirs.subject_id, owner_role="ADULT_SOCIAL_CARE"), due_on(FRIDAY))
    sweep_at(setup, nine(THURSDAY))

    setup.in_system(lambda session: cancel_ladder(session, ours.subject_id, "reviewed", setup.now()))
    setup.tick()

    (received,) = receiver.receipts
    assert theirs.subject_id.encode() in received.body


def test_item_of_a_digest_names_subject_case_section_duty_rung_date_and_link(setup: DeliverySetup) -> None:
    set_for(setup, an_action(), due_on(THURSDAY))

    (body,) = sweep_at(setup, nine(WEDNESDAY))

    assert body["data"]["items"] == [
        {
            "subject_type": "action",
            "subject_id": ACTION,
            "case_id": CASE,
            "section": "NEXT",
            "duty": "D26",
            "rung": 1,
            "due": "2026-03-12",
            "link": f"/v1/actions/{ACTION}",
        }
    ]
    assert body["data"]["receipt_is_review"] is False
    assert body["data"]["detail_url"] == "/v1/inbox"


def test_above_the_owner_there_is_one_line_for_each_case_with_its_number_and_oldest_age(setup: DeliverySetup) -> None:
    ours = actions(3)
    set_for(setup, ours[0], due_on(THURSDAY))
    set_for(setup, ours[1], due_on(date(2026, 3, 2)))
    set_for(setup, ours[2], due_on(THURSDAY))

    bodies = sweep_at(setup, nine(MONDAY))

    (coordinator,) = [body for body in bodies if body["data"]["role"] == "MARAC_COORDINATOR"]
    (line,) = coordinator["data"]["items"]
    assert line == {
        "case_id": CASE,
        "count": 3,
        "oldest_days": 14,
        "rung": 4,
        "section": "LATE",
        "ids": [ours[1].subject_id, ours[0].subject_id, ours[2].subject_id],
        "link": f"/v1/cases/{CASE}",
    }


def test_digest_goes_from_danger_and_what_came_back_to_the_longest_late_today_and_next(setup: DeliverySetup) -> None:
    danger, back, later, latest, today, soon = actions(6)
    returned = an_action(back.subject_id, came_back=True)
    set_for(setup, soon, due_on(FRIDAY))
    set_for(setup, today, due_on(THURSDAY))
    set_for(setup, later, due_on(TUESDAY))
    set_for(setup, latest, due_on(date(2026, 3, 2)))
    set_for(setup, returned, due_on(FRIDAY))
    set_for(setup, danger, due_on(FRIDAY, life_safety=True))

    bodies = sweep_at(setup, nine(THURSDAY))

    (own,) = [body["data"]["items"] for body in bodies if body["data"]["role"] == "HOUSING"]
    ours = [danger, back, latest, later, today, soon]
    assert [item["subject_id"] for item in own] == [one.subject_id for one in ours]
    assert [item["section"] for item in own] == ["DANGER", "CAME_BACK", "LATE", "LATE", "TODAY", "NEXT"]


def test_several_rungs_of_one_thing_are_one_item_at_the_highest(setup: DeliverySetup) -> None:
    set_for(setup, an_action(), due_on(THURSDAY))

    bodies = sweep_at(setup, nine(MONDAY))

    (own,) = [body["data"]["items"] for body in bodies if body["data"]["role"] == "HOUSING"]
    assert [item["rung"] for item in own] == [2]


def test_after_weeks_of_outage_each_post_gets_one_digest_and_then_a_pause(setup: DeliverySetup) -> None:
    set_for(setup, an_action(), due_on(THURSDAY))

    after = sweep_at(setup, nine(date(2026, 5, 11), 13))
    again = sweep_at(setup, nine(date(2026, 5, 11), 15))

    assert [body["data"]["role"] for body in after] == [
        "HOUSING", "LINE_MANAGER", "MARAC_COORDINATOR", "STRATEGIC_LEAD",
    ]  # fmt: skip
    assert again == []
    assert {row["message_id"] is None for row in setup.rows("reminder_line")} == {False}


def test_sweeping_twice_at_the_same_instant_says_everything_once(setup: DeliverySetup) -> None:
    set_for(setup, an_action(), due_on(THURSDAY))

    first = sweep_at(setup, nine(WEDNESDAY))
    second = sweep_at(setup, nine(WEDNESDAY))

    assert (len(first), len(second)) == (1, 0)


def test_what_comes_due_after_the_digest_of_the_day_waits_for_the_next_working_day(setup: DeliverySetup) -> None:
    set_for(setup, an_action(), due_on(date(2026, 3, 16)))
    sweep_at(setup, nine(FRIDAY))
    late = an_action("act_" + "7" * 32)

    setup.in_system(lambda session: redate_ladder(session, late, due_on(TUESDAY), 2, nine(FRIDAY, 8)))
    same_day = sweep_at(setup, nine(FRIDAY, 10))
    weekend = sweep_at(setup, nine(date(2026, 3, 14), 10))
    monday = sweep_at(setup, nine(date(2026, 3, 16)))

    assert [body for body in same_day if body["data"]["role"] == "HOUSING"] == []
    assert weekend == []
    (own,) = [body["data"]["items"] for body in monday if body["data"]["role"] == "HOUSING"]
    assert late.subject_id in {item["subject_id"] for item in own}


def test_what_is_set_in_the_afternoon_with_a_date_gone_by_is_in_the_digest_of_the_next_morning(
    setup: DeliverySetup,
) -> None:
    set_for(setup, an_action(), due_on(date(2026, 3, 9)))

    at_once = sweep_at(setup, setup.now())
    next_morning = sweep_at(setup, nine(WEDNESDAY))

    assert at_once == []
    assert next_morning[0]["data"]["items"][0]["subject_id"] == ACTION


def test_no_digest_is_said_before_nine_or_on_a_closed_day(setup: DeliverySetup) -> None:
    set_for(setup, an_action(), due_on(THURSDAY))

    good_friday = sweep_at(setup, nine(date(2026, 4, 3), 10))
    early_on_tuesday = sweep_at(setup, datetime.fromisoformat("2026-04-07T07:59:59Z"))
    at_nine_in_summer = sweep_at(setup, datetime.fromisoformat("2026-04-07T08:00:00Z"))

    assert (good_friday, early_on_tuesday) == ([], [])
    assert {row["fired_at"].date() for row in setup.rows("reminder_timer") if row["fired_at"]} == {date(2026, 4, 3)}
    assert [body["data"]["role"] for body in at_nine_in_summer] == [
        "HOUSING", "LINE_MANAGER", "MARAC_COORDINATOR", "STRATEGIC_LEAD",
    ]  # fmt: skip


def test_database_refuses_a_second_digest_of_a_day_to_one_post(setup: DeliverySetup) -> None:
    set_for(setup, an_action(), due_on(THURSDAY))
    sweep_at(setup, nine(WEDNESDAY))
    other = setup.an_event("HOUSING")

    def again() -> None:
        setup.in_system(
            lambda session: session.execute(
                text(
                    f"INSERT INTO reminder_message SELECT 'rem_other', '{other}', kind, area, role, agency, day, "
                    "about, said_at FROM reminder_message"
                )
            )
        )

    with pytest.raises(IntegrityError, match="uq_reminder_message_area_role_agency_day"):
        again()


def test_post_that_nobody_fills_falls_to_the_coordinator_in_the_coordinators_one_digest(setup: DeliverySetup) -> None:
    set_for(setup, an_action(), due_on(THURSDAY))
    as_owner(setup, "DELETE FROM post WHERE role IN ('STRATEGIC_LEAD', 'MARAC_CHAIR')")

    sweep_each_morning(setup, date(2026, 3, 17), date(2026, 3, 19))

    assert told(setup)[-1] == ("digest", "COORD", date(2026, 3, 19))
    assert [row for row in told(setup) if row[1] == "BOARD"] == []


def test_action_without_an_owner_is_in_the_coordinators_next_digest(setup: DeliverySetup) -> None:
    set_for(setup, an_action(owner_agency=None), due_on(date(2026, 3, 31)))

    sweep_each_morning(setup, TUESDAY, WEDNESDAY)

    assert said(setup) == [Said("digest", "MARAC_COORDINATOR", "COORD", WEDNESDAY, (0,))]


def test_area_with_nobody_at_all_still_puts_the_digest_on_a_list(setup: DeliverySetup) -> None:
    set_for(setup, an_action(area="NOWHERE", owner_agency=None), due_on(WEDNESDAY))

    sweep_at(setup, nine(WEDNESDAY))

    assert [(row["kind"], row["area"]) for row in setup.rows("work_item")] == [("no_live_endpoint", "NOWHERE")]


def test_post_that_changes_hands_is_resolved_when_it_is_told(setup: DeliverySetup) -> None:
    set_for(setup, an_action(), due_on(WEDNESDAY))
    sweep_at(setup, nine(THURSDAY))

    as_owner(setup, "UPDATE post SET agency = 'OTHER' WHERE role = 'STRATEGIC_LEAD'")
    sweep_at(setup, nine(date(2026, 3, 19)))

    assert ("digest", "OTHER", date(2026, 3, 19)) in told(setup)


def test_owner_who_cannot_find_out_is_left_out_of_every_rung_also_of_the_weekly_ones(setup: DeliverySetup) -> None:
    enquiry = an_action(subject_type=SubjectType.ENQUIRY)
    due = Deadline(None, setup.now() + timedelta(hours=12))
    setup.in_system(lambda session: set_ladder_above_owner(session, enquiry, due, 1, setup.now()))

    sweep_each_morning(setup, WEDNESDAY, date(2026, 4, 10))

    assert {one.role for one in said(setup)} == {"MARAC_COORDINATOR", "STRATEGIC_LEAD"}
    assert max(rung for one in said(setup) for rung in one.rungs) > 4


def test_digest_is_sent_to_the_one_agency_that_fills_the_post(setup: DeliverySetup, receiver: Receiver) -> None:
    setup.an_endpoint(receiver.url, "HOUSING")
    set_for(setup, an_action(), due_on(THURSDAY))
    setup.clock.set(nine(WEDNESDAY))

    setup.tick()

    (received,) = receiver.receipts
    assert json.loads(received.body)["type"] == "reminder.digest"
    assert [row["agencies"] for row in setup.rows("event")] == [["HOUSING"]]


def test_fifty_subjects_in_small_sweeps_are_one_digest(setup: DeliverySetup) -> None:
    for n in range(50):
        set_for(setup, an_action(f"act_{n:032x}"), due_on(THURSDAY))
    at = nine(WEDNESDAY)

    sizes = [setup.in_system(lambda session: fire_due_reminders(session, at, limit=20)) for _ in range(4)]

    assert sizes == [20, 20, 11, 0]
    assert [(one.role, len(one.rungs)) for one in said(setup)] == [(Role.HOUSING, 50)]


def test_coordinator_that_owes_a_late_action_reads_it_as_its_own_and_not_as_what_others_left(
    setup: DeliverySetup,
) -> None:
    set_for(setup, an_action(owner_agency="COORD", owner_role="MARAC_COORDINATOR"), due_on(THURSDAY))

    bodies = sweep_at(setup, nine(MONDAY))

    (own,) = [body["data"] for body in bodies if body["data"]["role"] == "MARAC_COORDINATOR"]
    assert [(item["subject_id"], item["rung"]) for item in own["items"]] == [(ACTION, 3)]


def test_answer_by_the_end_of_a_day_is_said_on_the_working_day_before_it(setup: DeliverySetup) -> None:
    set_for(setup, an_action(subject_type=SubjectType.PROPOSAL), Deadline(None, nine(FRIDAY, 0), life_safety=False))

    sweep_each_morning(setup, TUESDAY, WEDNESDAY)

    assert said(setup) == [Said("digest", "HOUSING", "HOUSING", WEDNESDAY, (1,))]
