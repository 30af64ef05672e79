"""The review replayed: every date through the API, under the policy of 2018 and today's baseline."""

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import Engine

from app.demo.replay import StepReplies, replay
from app.demo.replay_run import Body
from app.demo.report import PROFILES, as_markdown, messages
from tests.postgres import empty_tables

ROOT = Path(__file__).resolve().parents[2]
Replay = list[tuple[Body, StepReplies]]


@pytest.fixture(scope="module")
def replays(app_engine: Engine, owner_engine: Engine) -> Iterator[dict[str, Replay]]:
    """What the service answered to each step, by profile."""
    empty_tables(owner_engine)
    yield {profile: list(replay(app_engine, profile, area)) for profile, area in PROFILES}
    empty_tables(owner_engine)


def answers(replays: dict[str, Replay], profile: str, on: date, act: str | None = None) -> str:
    return "\n".join(
        line
        for step, answer in replays[profile]
        if step["at"].date() == on and act in {None, step["act"]}
        for line in answer.lines
    )


def meanwhile(replays: dict[str, Replay], profile: str, on: date) -> list[str]:
    """What the service decided by itself between the step before and this date."""
    return [line for step, answer in replays[profile] if step["at"].date() == on for line in answer.meanwhile]


def ground_of(ground: str, answer: str) -> bool:
    """Whether MARAC's criteria are said to be met, and among the reasons is this one."""
    said = [line for line in answer.splitlines() if line.startswith("MARAC's criteria are met: ")]
    return any(ground in line for line in said)


@pytest.mark.parametrize("profile", [profile for profile, _ in PROFILES])
def test_people_can_hear_what_the_case_says_when_nobody_acts_for_102_days(
    profile: str, replays: dict[str, Replay]
) -> None:
    """Source: design note on proportion, section 5, target [I]. The first version sent 1,330 reminders."""
    assert messages(replays[profile]) <= 200


def test_third_incident_makes_the_victim_eligible_on_22_july_under_the_baseline(
    replays: dict[str, Replay],
) -> None:
    answer = answers(replays, "national-baseline", date(2018, 7, 22))

    assert ground_of("at least 3 incidents in 12 months; 3 show escalation (MARAC-04)", answer)


@pytest.mark.parametrize("on", [date(2018, 7, 7), date(2018, 7, 9)])
def test_first_and_second_incident_do_not_meet_marac_by_count(on: date, replays: dict[str, Replay]) -> None:
    answer = answers(replays, "national-baseline", on)

    assert "MARAC's criteria are met: " not in answer
    assert "incidents in 12 months" not in answer


def test_rules_of_2018_do_not_make_the_victim_eligible_on_22_july(replays: dict[str, Replay]) -> None:
    answer = answers(replays, "cleveland-2018", date(2018, 7, 22))

    assert "MARAC's criteria are met: " not in answer
    assert "Whether MARAC's criteria are met is still not known: " in answer


def test_unanswered_form_of_9_july_is_open_with_a_clock_and_marac_is_asked_when_it_ends(
    replays: dict[str, Replay],
) -> None:
    """14.1.13: the questions were not answered and the form was graded medium and left."""
    on_the_day = answers(replays, "cleveland-2018", date(2018, 7, 9))
    afterwards = meanwhile(replays, "cleveland-2018", date(2018, 7, 22))

    assert "Whether MARAC's criteria are met is not known until this is: assessment used, DASH ticks" in on_the_day
    assert "the referring agency keeps the victim's safety" in on_the_day
    (itself,) = afterwards
    # By hand: the assault was reported at 12:20 UTC on 9 July, 13:20 in London. MARAC's questions are the hub's
    # review of that report, of 12 hours, since threats to kill were reported on 7 July and nobody took them back.
    # Its clock is that of the report and not of the hour at which this service hears of it (17:00): 13:20 and 12 hours.
    assert itself.startswith("Decided by itself because nobody answered 2 questions by 10 July 2018 at 01:20")
    assert itself.endswith("MARAC is asked to lead on the victim's safety")


def test_without_a_report_of_abuse_the_end_of_the_clock_asks_no_marac(replays: dict[str, Replay]) -> None:
    """What came before 7 July was intelligence and disorder at the address: the hub's inspector hears of it."""
    for profile in replays:
        days = (date(2018, 6, 27), date(2018, 7, 7))
        told = "\n".join(
            line for on in days for line in (*meanwhile(replays, profile, on), answers(replays, profile, on))
        )

        assert not re.search("(?<!whether )MARAC is asked", told)
        assert "no abuse is reported (MARAC_OPEN_WITHOUT_ABUSE" in told


def test_baseline_would_have_heard_the_case_on_16_august_fourteen_days_earlier(
    replays: dict[str, Replay],
) -> None:
    assert "MARAC can hear it on 16 August 2018" in answers(replays, "national-baseline", date(2018, 7, 22))
    assert "MARAC can hear it on 16 August 2018" in answers(replays, "national-baseline", date(2018, 8, 5))


def test_referral_of_5_august_under_the_rules_of_2018_waits_eighteen_working_days(
    replays: dict[str, Replay],
) -> None:
    words = answers(replays, "cleveland-2018", date(2018, 8, 5))

    assert "on 30 August 2018, 18 working days away (the cut-off of 3 August 2018 was missed)" in words


def test_chair_decides_on_an_emergency_meeting_from_the_day_marac_is_asked_and_not_from_5_august(
    replays: dict[str, Replay],
) -> None:
    since_10_july = answers(replays, "cleveland-2018", date(2018, 7, 22))

    assert "MARAC chair: Decide whether to hold an emergency meeting, with the reason (D07, by 11 July 2018)" in (
        since_10_july
    )


@pytest.mark.parametrize("profile", ["national-baseline", "cleveland-2018"])
def test_row_22_decides_on_5_august(profile: str, replays: dict[str, Replay]) -> None:
    words = answers(replays, profile, date(2018, 8, 5))

    assert "Row 22 of the primacy table: MARAC is asked to lead on the victim's safety" in words
    assert "MAPPA level 2 is asked to lead on the perpetrator" in words
    assert "until it accepts the MAPPA level 1 lead agency is to hold the perpetrator" in words


@pytest.mark.parametrize("profile", ["national-baseline", "cleveland-2018"])
def test_matacs_decline_is_on_the_chairs_list_the_same_day_and_moves_nothing(
    profile: str, replays: dict[str, Replay]
) -> None:
    words = answers(replays, profile, date(2018, 9, 4), "decline")

    assert "on the chair's list the same day, with its reason: managed elsewhere" in words
    assert "The claim that MARAC manages the perpetrator does not hold" in words
    assert "of the perpetrator, the police PVP hub" in words


@pytest.mark.parametrize("profile", ["national-baseline", "cleveland-2018"])
def test_marac_cannot_discharge_the_case_while_nobody_has_accepted_the_perpetrator(
    profile: str, replays: dict[str, Replay]
) -> None:
    words = answers(replays, profile, date(2018, 9, 4), "discharge")

    assert "MARAC's discharge is refused: MARAC cannot discharge this case" in words
    assert "the perpetrator" in words


def test_vague_action_of_30_august_is_refused_with_what_it_lacks(replays: dict[str, Replay]) -> None:
    words = answers(replays, "national-baseline", date(2018, 8, 30), "vague action")

    assert "'Update social worker' is refused" in words
    assert "the agency that does it" in words
    assert "what shows that it is done" in words


def test_joint_visit_took_fourteen_working_days(replays: dict[str, Replay]) -> None:
    words = answers(replays, "national-baseline", date(2018, 9, 19))

    assert "4 to 5 September, 8 to 11 September, 14 to today" in words


@pytest.mark.parametrize("profile", ["national-baseline", "cleveland-2018"])
def test_nobody_is_left_in_silence_between_two_incidents(profile: str, replays: dict[str, Replay]) -> None:
    silent = [
        step["at"].date() for step, answer in replays[profile] if step["act"] == "incident" and not answer.reminders
    ]

    assert silent == []


@pytest.mark.parametrize("profile", ["national-baseline", "cleveland-2018"])
def test_every_date_has_one_line_in_the_table_without_a_code_word(profile: str, replays: dict[str, Replay]) -> None:
    table = as_markdown(replays).partition("## Side by side")[2].partition("## In all")[0]

    rows = [line for line in table.splitlines() if line.startswith("| ") and "2018 |" in line]

    assert len(rows) == len(replays[profile])
    for (step, answer), row in zip(replays[profile], rows, strict=True):
        assert row.startswith(f"| {step['at']:%-d %B %Y} | {step['happened']} ({step['paragraph']}) |")
        assert answer.brief in row
    assert "_" not in table


def test_published_replay_is_current(replays: dict[str, Replay]) -> None:
    assert (ROOT / "docs" / "jean.md").read_text(encoding="utf-8") == as_markdown(replays), "run `make jean`"
