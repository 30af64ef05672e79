"""How many messages one case makes in 14 days in which nobody acts: digests and danger calls, to everybody.

Source: design note on proportion, section 5, target [I]: 40. That nothing late stays unsaid all the same is proved over
random histories (`tests/reminders/test_ladder_histories.py`).
"""

from datetime import timedelta

import pytest

from tests.journeys.portfolio.bodies import Row
from tests.journeys.portfolio.playing import Play
from tests.journeys.portfolio.test_cases_are_told_apart import ROWS, play
from tests.reminders.told import messages_said

__all__ = ["play"]  # the fixture of the rows
MOST = 40
SWEEP_EVERY, DAYS = timedelta(hours=4), 14


def referred_and_left(row: Row, play: Play) -> int:
    """The hub refers, and then nobody does anything. Returns how many messages that was."""
    play.play({"post": row["post"]})
    until = play.clock.now() + timedelta(days=DAYS)
    while play.clock.now() < until:
        play.clock.set(play.clock.now() + SWEEP_EVERY)
        play.worker_comes_round()
    return len(messages_said(play.sessions))


@pytest.mark.parametrize("name", ["01-high-sixteen-ticks", "03-medium-first-report", "04-standard-two-ticks"])
def test_case_on_which_nobody_acts_says_no_more_than_people_can_hear(name: str, play: Play) -> None:
    assert referred_and_left(ROWS[name], play) <= MOST
