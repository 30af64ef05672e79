"""When a failed call is tried again."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.webhooks.delivery.retry import WAITS, probe_wait, seconds_asked, wait_after

NOW = datetime(2026, 3, 10, 9, 30, tzinfo=UTC)
HOSTILE = [
    "", " ", "-1", "NaN", "inf", "1e9", "0x10", "9" * 5000, "99999999999", "1.5", "\u0661\u0662", "Mon", "\x00",
    "Thu, 01 Jan 1970 00:00:00 GMT", "Fri, 31 Dec 9999 23:59:59 GMT", "Fri, 31 Dec 99999 23:59:59 GMT",
    "Tue, 10 Mar 2026 09:30:00 +9999", "--", "5, 5",
]  # fmt: skip


def test_waits_follow_the_published_schedule_within_a_fifth_either_way() -> None:
    waits = [wait_after(tries, "dlv_1") for tries in range(1, len(WAITS) + 1)]

    for wait, step in zip(waits, WAITS, strict=True):
        assert wait is not None
        assert step * 8 // 10 <= wait <= step * 12 // 10


def test_eleventh_failure_is_the_end_of_the_ladder() -> None:
    assert wait_after(10, "dlv_1") is not None
    assert wait_after(11, "dlv_1") is None


def test_whole_ladder_lasts_about_seventy_six_hours() -> None:
    assert 75 * 3600 <= sum(WAITS) <= 77 * 3600


def test_many_failures_at_once_do_not_come_back_at_once() -> None:
    waits = {wait_after(4, f"dlv_{n}") for n in range(500)}

    assert len(waits) > 100


def test_same_failure_always_waits_the_same_time() -> None:
    assert wait_after(3, "dlv_1") == wait_after(3, "dlv_1")


@pytest.mark.parametrize(
    ("asked", "waits"),
    [(0, 300), (60, 300), (300, 300), (450, 450), (600, 600), (601, 600), (10**12, 600)],
)
def test_receiver_may_ask_for_patience_but_not_for_silence(asked: int, waits: int) -> None:
    assert wait_after(3, "dlv_1", asked) == waits


@pytest.mark.parametrize("header", HOSTILE)
def test_hostile_retry_after_never_moves_a_wait_beyond_twice_its_step(header: str) -> None:
    asked = seconds_asked(header, NOW)

    wait = wait_after(1, "dlv_1", asked)
    assert wait is not None
    assert 4 <= wait <= 10


@given(st.text(max_size=200))
def test_any_text_at_all_in_retry_after_is_survived(header: str) -> None:
    asked = seconds_asked(header, NOW)

    assert asked is None or asked >= 0


def test_retry_after_may_be_seconds_or_a_date() -> None:
    assert seconds_asked("120", NOW) == 120
    assert seconds_asked("Tue, 10 Mar 2026 09:32:00 GMT", NOW) == 120
    assert seconds_asked(None, NOW) is None


def test_open_breaker_probes_after_one_two_four_eight_and_then_every_fifteen_minutes() -> None:
    assert [probe_wait(step) // 60 for step in range(1, 8)] == [1, 2, 4, 8, 15, 15, 15]
