"""The interim plan and safe contact are owed in a MEDIUM case, and a danger where HIGH, a red flag or MARAC says so.

Source: design note on proportion, section 4.
"""

from datetime import timedelta

import pytest

from tests.actions.given_actions import if_match
from tests.journeys.portfolio.bodies import Row
from tests.journeys.portfolio.playing import Play
from tests.journeys.portfolio.test_cases_are_told_apart import play
from tests.reminders.told import ToldOf, told_of

__all__ = ["play"]  # the fixture of the rows
PLAN, CONTACT = "D08", "D09"
MEDIUM = {"tool": "DASH24", "ticks": 9, "completed": True, "officer_grade": "MEDIUM", "seen_alone": True}
HIGH = MEDIUM | {"officer_grade": "HIGH"}
RED_FLAG = MEDIUM | {"strangulation": True}
CHAIR = ("MARAC_CHAIR", "ANYTOWN-MARAC")


def posted(play: Play, *forms: Row) -> None:
    """The hub posts one referral of the couple with each form, an hour apart."""
    play.play({"post": [{"hours": hours, "assessment": form} for hours, form in enumerate(forms)]})


def asked(play: Play, duty: str) -> Row:
    (action,) = [one for one in play.actions() if one["duty"] == duty and one["state"] == "OPEN"]
    return action


def after(play: Play, hours: int) -> None:
    for _ in range(0, hours, 2):
        play.clock.set(play.clock.now() + timedelta(hours=2))
        play.worker_comes_round()


def calls(play: Play, action: Row) -> set[tuple[str, str | None]]:
    """The posts that had a danger call about the action."""
    return {(one.role, one.agency) for one in told(play, action) if one.kind == "danger"}


def told(play: Play, action: Row) -> list[ToldOf]:
    return told_of(play.sessions, action["id"])


def section(play: Play, action: Row) -> str:
    items = play.callers.hub.get("/v1/inbox", limit=200).json()["items"]
    return next(str(one["section"]) for one in items if one["subject_id"] == action["id"])


def test_medium_case_owes_the_plan_and_safe_contact_and_nobody_is_called(play: Play) -> None:
    posted(play, MEDIUM)
    owed = [asked(play, duty) for duty in (PLAN, CONTACT)]
    assert [(one["life_safety"], section(play, one)) for one in owed] == [(False, "NEXT"), (False, "TODAY")]

    after(play, 30)

    assert [calls(play, one) for one in owed] == [set(), set()]
    assert {one.kind for one in told(play, asked(play, CONTACT))} == {"digest"}
    assert {section(play, one) for one in owed} == {"LATE"}


@pytest.mark.parametrize("form", [HIGH, RED_FLAG], ids=["HIGH", "a red flag"])
def test_high_grade_or_a_red_flag_makes_both_a_danger_that_is_called_at_its_hour(form: Row, play: Play) -> None:
    posted(play, form)
    plan, contact = asked(play, PLAN), asked(play, CONTACT)
    assert (plan["life_safety"], contact["life_safety"]) == (True, True)

    after(play, 2)
    assert calls(play, contact)
    assert calls(play, plan) == set()
    after(play, 24)
    assert calls(play, plan)


def test_medium_case_that_marac_is_asked_about_is_a_danger(play: Play) -> None:
    posted(play, MEDIUM | {"ticks": 16})

    assert asked(play, PLAN)["life_safety"]


def test_open_marac_is_no_danger_until_its_clock_ends_and_then_it_is_one(play: Play) -> None:
    posted(play, MEDIUM | {"ticks": 8, "unanswered": 10, "completed": False})
    plan = asked(play, PLAN)
    assert not plan["life_safety"]

    after(play, 26)

    assert asked(play, PLAN)["id"] == plan["id"]
    assert asked(play, PLAN)["life_safety"]
    assert calls(play, plan)


@pytest.mark.parametrize("worse", [HIGH, RED_FLAG], ids=["HIGH", "a red flag"])
def test_what_is_open_becomes_a_danger_with_the_report_that_makes_it_one(worse: Row, play: Play) -> None:
    posted(play, MEDIUM)
    was = asked(play, PLAN)

    posted_later(play, worse)

    now = asked(play, PLAN)
    assert (now["id"], now["due_at"], now["life_safety"]) == (was["id"], was["due_at"], True)
    assert now["version"] > was["version"]
    assert section(play, now) == "DANGER"
    after(play, 24)
    assert calls(play, now)


def posted_later(play: Play, form: Row, hours: int = 3) -> None:
    play.clock.set(play.clock.now() + timedelta(hours=hours))
    sent = {"assessment": form, "incidents": [{"days_ago": 0, "at": play.clock.now().isoformat()}]}
    play._post(sent, play.clock.now())


def test_what_is_late_already_is_called_at_once_when_it_becomes_a_danger(play: Play) -> None:
    posted(play, MEDIUM)
    contact = asked(play, CONTACT)
    after(play, 4)
    assert calls(play, contact) == set()

    posted_later(play, HIGH, hours=0)
    play.worker_comes_round()

    assert calls(play, contact)


def test_later_and_lower_report_leaves_a_danger_one(play: Play) -> None:
    posted(play, HIGH, MEDIUM)

    assert asked(play, PLAN)["life_safety"]


def test_declined_plan_of_a_medium_case_is_the_chairs_at_once_when_it_becomes_a_danger(play: Play) -> None:
    posted(play, MEDIUM)
    plan = asked(play, PLAN)
    declined = {"outcome": "DECLINED_BY_RECIPIENT", "note": "The team has nobody on duty who could do it this week"}
    play.callers.hub.post(f"/v1/actions/{plan['id']}/outcomes", declined, **if_match(plan)).raise_for_status()
    play.worker_comes_round()
    assert calls(play, plan) == set()

    posted_later(play, HIGH)
    play.worker_comes_round()

    assert CHAIR in calls(play, plan)
    assert asked(play, PLAN)["id"] != plan["id"]
    assert asked(play, PLAN)["life_safety"]
