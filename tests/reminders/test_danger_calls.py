"""Danger does not wait: at its hour one call for each case and post, day or night, and every second day at the top."""

import json
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from itertools import chain, pairwise

from app.reminders.deadline import Deadline
from tests.reminders.reminding import (
    ACTION,
    CASE,
    TUESDAY,
    Said,
    actions,
    an_action,
    due_on,
    nine,
    said,
    set_for,
    sweep_at,
    told,
)
from tests.webhooks.builders import DeliverySetup
from tests.webhooks.receiver import Receiver

IN_THE_NIGHT = datetime(2026, 3, 13, 22, 30, tzinfo=UTC)  # a Friday
CHRISTMAS = date(2026, 12, 25)


def at_hour(at: datetime) -> Deadline:
    return Deadline(None, at, life_safety=True)


def sweep_each_hour(setup: DeliverySetup, since: datetime, days: int) -> None:
    for hour in range(24 * days + 1):
        sweep_at(setup, since + timedelta(hours=hour))


def test_danger_calls_its_owner_alone_at_its_hour_in_the_night(setup: DeliverySetup) -> None:
    set_for(setup, an_action(), at_hour(IN_THE_NIGHT))

    before = sweep_at(setup, IN_THE_NIGHT - timedelta(seconds=1))
    (call,) = sweep_at(setup, IN_THE_NIGHT)

    assert before == []
    assert (call["type"], call["data"]["role"], call["data"]["case_id"]) == ("reminder.danger", "HOUSING", CASE)
    assert call["data"]["detail_url"] == f"/v1/actions/{ACTION}"


def test_danger_climbs_after_four_hours_and_a_day_and_never_tells_the_line_manager(setup: DeliverySetup) -> None:
    set_for(setup, an_action(), at_hour(IN_THE_NIGHT))

    sweep_each_hour(setup, IN_THE_NIGHT, 1)

    assert [(one.kind, one.role, one.rungs) for one in said(setup)] == [
        ("danger", "HOUSING", (1,)),
        ("danger", "MARAC_COORDINATOR", (2,)),
        ("danger", "STRATEGIC_LEAD", (3,)),
    ]


def test_danger_that_nobody_looks_at_calls_the_strategic_lead_every_second_day_weekends_too(
    setup: DeliverySetup,
) -> None:
    set_for(setup, an_action(), at_hour(IN_THE_NIGHT))

    sweep_each_hour(setup, IN_THE_NIGHT, 14)

    days = [one.on for one in said(setup) if max(one.rungs) > 3]
    assert {one.agency for one in said(setup) if max(one.rungs) > 3} == {"BOARD"}
    assert [later - earlier for earlier, later in pairwise(days)] == [timedelta(days=2)] * 5


def test_dangers_of_one_case_that_began_at_different_hours_are_one_call_every_second_day(setup: DeliverySetup) -> None:
    for n, action in enumerate(actions(4)):
        set_for(setup, action, at_hour(IN_THE_NIGHT + timedelta(hours=7 * n)))

    sweep_each_hour(setup, IN_THE_NIGHT, 14)

    top = [one for one in said(setup) if min(one.rungs) > 3]
    assert [len(one.rungs) for one in top][-3:] == [4, 4, 4]
    assert set(Counter(one.on for one in top).values()) == {1}


def test_dangers_of_many_cases_that_nobody_looks_at_are_one_call_to_the_strategic_lead_on_a_day(
    setup: DeliverySetup,
) -> None:
    """Each case is said every second day, and the strategic lead is not called once for each."""
    for n in range(8):
        set_for(setup, an_action(f"act_{n:032x}", case_id=f"cas_{n:032x}"), at_hour(IN_THE_NIGHT + timedelta(hours=n)))

    sweep_each_hour(setup, IN_THE_NIGHT, 15)

    again = [one for one in said(setup) if min(one.rungs) > 3]
    assert set(Counter(one.on for one in again).values()) == {1}
    assert sum(len(one.rungs) for one in again if one.on > IN_THE_NIGHT.date() + timedelta(days=3)) == 8 * 6


def test_calls_about_ninety_cases_name_every_danger(setup: DeliverySetup) -> None:
    for n in range(90):
        set_for(setup, an_action(f"act_{n:032x}", case_id=f"cas_{n:032x}"), at_hour(IN_THE_NIGHT))
    sweep_each_hour(setup, IN_THE_NIGHT, 1)

    bodies = [one for day in (2, 3) for one in sweep_at(setup, nine((IN_THE_NIGHT + timedelta(days=day)).date()))]

    named = [line["ids"] for body in bodies for line in body["data"]["items"]]
    assert sorted(chain.from_iterable(named)) == sorted(f"act_{n:032x}" for n in range(90))
    assert not any("further_items" in body["data"] or "further_cases" in body["data"] for body in bodies)
    assert len(bodies) <= 10


def test_case_of_which_one_danger_climbs_while_another_is_said_again_is_one_call(setup: DeliverySetup) -> None:
    first, second = actions(2)
    set_for(setup, first, at_hour(IN_THE_NIGHT))
    sweep_each_hour(setup, IN_THE_NIGHT, 1)
    days = [one.date() for n in range(2, 6) if (one := IN_THE_NIGHT + timedelta(days=n))]
    repeated = next(day for day in days if sweep_at(setup, nine(day)))
    morning = nine(repeated + timedelta(days=2))
    set_for(setup, second, at_hour(morning - timedelta(hours=24)))
    sweep_at(setup, morning - timedelta(hours=1))

    calls = sweep_at(setup, morning)

    assert [(one["data"]["role"], one["data"]["count"]) for one in calls] == [("STRATEGIC_LEAD", 2)]


def test_call_about_several_cases_names_each_with_its_dangers_and_their_age(setup: DeliverySetup) -> None:
    cases = [f"cas_{n:032x}" for n in (1, 2)]
    for action in (an_action(f"act_{n:032x}", case_id=cases[n % 2]) for n in range(3)):
        set_for(setup, action, at_hour(IN_THE_NIGHT))
    sweep_each_hour(setup, IN_THE_NIGHT, 1)

    bodies = [one for day in (2, 3) for one in sweep_at(setup, nine((IN_THE_NIGHT + timedelta(days=day)).date()))]

    lines = {line["case_id"]: line for body in bodies for line in body["data"]["items"] if "ids" in line}
    named = {one["data"]["case_id"]: one for one in bodies if "case_id" in one["data"]}
    assert set(lines) | set(named) == set(cases)
    assert all(line["oldest_days"] in {2, 3} for line in lines.values())
    assert sum(one["data"]["count"] for one in bodies) == 3


def test_every_danger_of_a_case_that_is_due_is_in_one_call_to_each_post(setup: DeliverySetup) -> None:
    for action in actions(5):
        set_for(setup, action, at_hour(IN_THE_NIGHT))
    set_for(setup, an_action("act_" + "9" * 32, case_id="cas_" + "3" * 32), at_hour(IN_THE_NIGHT))

    calls = sweep_at(setup, IN_THE_NIGHT)

    assert sorted(len(call["data"]["items"]) for call in calls) == [1, 5]
    assert sorted(call["data"]["count"] for call in calls) == [1, 5]


def test_forty_dangers_of_a_case_are_one_call_that_names_what_it_holds_and_counts_the_rest(
    setup: DeliverySetup,
) -> None:
    for action in actions(40):
        set_for(setup, action, at_hour(IN_THE_NIGHT))

    (call,) = sweep_at(setup, IN_THE_NIGHT)

    (rest,) = call["data"]["further_cases"]
    assert len(call["data"]["items"]) + rest["count"] == 40
    assert rest["link"] == f"/v1/cases/{CASE}"


def test_days_of_outage_end_in_one_call_to_each_post(setup: DeliverySetup) -> None:
    set_for(setup, an_action(), at_hour(IN_THE_NIGHT))

    calls = sweep_at(setup, IN_THE_NIGHT + timedelta(days=3))
    again = sweep_at(setup, IN_THE_NIGHT + timedelta(days=3, seconds=1))

    assert [call["data"]["role"] for call in calls] == ["HOUSING", "MARAC_COORDINATOR", "STRATEGIC_LEAD"]
    assert again == []


def test_life_safety_due_on_christmas_day_calls_on_the_day_and_climbs_only_when_it_is_late(
    setup: DeliverySetup,
) -> None:
    setup.clock.set(nine(date(2026, 12, 21)))
    set_for(setup, an_action(), due_on(CHRISTMAS, life_safety=True))

    for day in range(21, 32):
        sweep_at(setup, nine(date(2026, 12, day)))

    top = [one.on for one in said(setup)[4:]]
    assert said(setup)[:4] == [
        Said("digest", "HOUSING", "HOUSING", date(2026, 12, 24), (1,)),
        Said("danger", "HOUSING", "HOUSING", CHRISTMAS, (2,)),
        Said("danger", "MARAC_COORDINATOR", "COORD", date(2026, 12, 26), (3,)),
        Said("danger", "STRATEGIC_LEAD", "BOARD", date(2026, 12, 27), (4,)),
    ]
    assert [later - earlier for earlier, later in pairwise(top)] == [timedelta(days=2)] * len(top[1:])
    assert top


def test_danger_that_was_given_on_its_own_day_calls_nobody_before_it_is_late(setup: DeliverySetup) -> None:
    set_for(setup, an_action(), due_on(TUESDAY, life_safety=True))

    today = sweep_at(setup, setup.now())

    assert today == []
    assert [row["reason"] for row in setup.rows("reminder_timer", "rung")][:2] == [
        "passed_when_set: the owner was told in the same commit"
    ] * 2


def test_danger_does_not_wait_for_the_digest_and_is_no_second_digest(setup: DeliverySetup) -> None:
    ordinary, danger = actions(2)
    set_for(setup, ordinary, due_on(date(2026, 3, 16)))
    set_for(setup, danger, at_hour(nine(date(2026, 3, 13), 11)))

    sweep_at(setup, nine(date(2026, 3, 13)))
    sweep_at(setup, nine(date(2026, 3, 13), 11))

    assert [kind for kind, agency, _ in told(setup) if agency == "HOUSING"] == ["digest", "danger"]


def test_danger_is_sent_before_all_else(setup: DeliverySetup, receiver: Receiver) -> None:
    setup.an_endpoint(receiver.url, "HOUSING", max_in_flight=1)
    setup.an_event("HOUSING")
    ordinary, danger = actions(2)
    set_for(setup, ordinary, due_on(TUESDAY))
    set_for(setup, danger, at_hour(nine(date(2026, 3, 11), 8)))
    setup.clock.set(nine(date(2026, 3, 11)))

    setup.tick()

    kinds = [json.loads(one.body)["type"] for one in receiver.receipts]
    # The second digest is the line manager's, of the same agency.
    assert kinds == ["reminder.danger", "reminder.digest", "action.redated"]
