"""The review replayed: every date through the API, under the policy of 2018 and today's baseline."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import Engine

from app.demo.jean import Body, Told, tell
from app.demo.report import PROFILES, report
from tests.conftest import empty_tables

ROOT = Path(__file__).resolve().parents[2]
Story = list[tuple[Body, Told]]


@pytest.fixture(scope="module")
def told(app_engine: Engine, owner_engine: Engine) -> Iterator[dict[str, Story]]:
    """What the service said at each step, by profile."""
    empty_tables(owner_engine)
    yield {profile: list(tell(app_engine, profile, area)) for profile, area in PROFILES}
    empty_tables(owner_engine)


def said(told: dict[str, Story], profile: str, on: date, act: str | None = None) -> str:
    return "\n".join(
        line
        for step, answer in told[profile]
        if step["at"].date() == on and act in {None, step["act"]}
        for line in answer.lines
    )


def test_third_incident_makes_her_eligible_on_22_july_under_the_baseline(told: dict[str, Story]) -> None:
    assert "MARAC yes: 3 incidents in 12 months" in said(told, "national-baseline", date(2018, 7, 22))


def test_first_and_second_incident_do_not_meet_marac_by_count(told: dict[str, Story]) -> None:
    assert "MARAC no" in said(told, "national-baseline", date(2018, 7, 9))


def test_rules_of_2018_do_not_make_her_eligible_on_22_july(told: dict[str, Story]) -> None:
    assert "MARAC no" in said(told, "cleveland-2018", date(2018, 7, 22))


def test_baseline_would_have_heard_her_on_16_august_fourteen_days_earlier(told: dict[str, Story]) -> None:
    assert "Can be heard on 2018-08-16" in said(told, "national-baseline", date(2018, 7, 22))
    assert "Can be heard on 2018-08-16" in said(told, "national-baseline", date(2018, 8, 5))


def test_referral_of_5_august_under_the_rules_of_2018_waits_eighteen_working_days(
    told: dict[str, Story],
) -> None:
    words = said(told, "cleveland-2018", date(2018, 8, 5))

    assert "Can be heard on 2018-08-30, 18 working days away (the cut-off of 2018-08-03 was missed)" in words
    assert "D07" in words


@pytest.mark.parametrize("profile", ["national-baseline", "cleveland-2018"])
def test_row_22_decides_on_5_august(profile: str, told: dict[str, Story]) -> None:
    words = said(told, profile, date(2018, 8, 5))

    assert "Row 22: her safety MARAC" in words
    assert "held by MAPPA_L1_LEAD_AGENCY until it accepts" in words


@pytest.mark.parametrize("profile", ["national-baseline", "cleveland-2018"])
def test_matacs_decline_is_on_the_chairs_list_the_same_day_and_moves_nothing(
    profile: str, told: dict[str, Story]
) -> None:
    words = said(told, profile, date(2018, 9, 4), "decline")

    assert "on the chair's list the same day, with its reason: MANAGED_ELSEWHERE" in words
    assert "The claim that MARAC manages him does not hold" in words
    assert "the perpetrator HUB" in words


@pytest.mark.parametrize("profile", ["national-baseline", "cleveland-2018"])
def test_marac_cannot_let_her_case_go_while_nobody_has_taken_him(
    profile: str, told: dict[str, Story]
) -> None:
    words = said(told, profile, date(2018, 9, 4), "discharge")

    assert "MARAC's discharge is refused (409)" in words
    assert "the perpetrator" in words


def test_vague_action_of_30_august_is_refused_with_what_it_lacks(told: dict[str, Story]) -> None:
    assert "/owner_agency" in said(told, "national-baseline", date(2018, 8, 30), "vague action")


def test_joint_visit_took_fourteen_working_days(told: dict[str, Story]) -> None:
    words = said(told, "national-baseline", date(2018, 9, 19))

    assert "4 to 5 September, 8 to 11 September, 14 to today" in words


@pytest.mark.parametrize("profile", ["national-baseline", "cleveland-2018"])
def test_nobody_is_left_in_silence_between_two_incidents(profile: str, told: dict[str, Story]) -> None:
    silent = [
        step["at"].date()
        for step, answer in told[profile]
        if step["act"] == "incident" and not answer.reminders
    ]

    assert silent == []


def test_published_replay_is_current(app_engine: Engine, owner_engine: Engine) -> None:
    empty_tables(owner_engine)

    assert (ROOT / "docs" / "jean.md").read_text(encoding="utf-8") == report(app_engine), "run `make jean`"
