"""How much one referral gives to do: actions that are new and enquiries that are asked; research goes out apart.

Source: design note on proportion, section 4, targets [I]: published situations are rows 1 to 28.
"""

import re
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from app.access.service import scope_to_system
from app.actions.models import Action
from app.vocabulary import ActionState
from tests.journeys.portfolio.bodies import Row
from tests.journeys.portfolio.playing import Play
from tests.journeys.portfolio.test_cases_are_told_apart import ROWS, play

__all__ = ["play"]  # the fixture of the rows
PUBLISHED = [name for name in ROWS if int(re.match(r"\d+", name)[0]) <= 28 and not name.startswith("24")]  # type: ignore[index]
MOST = 12
# Row 12 is above the target of 12: five forums and services have something of their own to do about one perpetrator.
MOST_OF_ROW = {
    "01-high-sixteen-ticks": 8,
    "03-medium-first-report": 4,
    "04-standard-two-ticks": 1,
    "12-high-serial-level-1": 14,
}
RESEARCH = ("D11:", "D12")


def new_work(play: Play) -> list[Row]:
    """What the last step asks of people: its new actions and the enquiries about the case, without research."""
    actions = [one for one in play.new_actions() if not (one["duty"] or "").startswith(RESEARCH)]
    return [*actions, *play.enquiries()]


def late_when_they_open(play: Play) -> Sequence[str | None]:
    """The duties that open on a later day than they are due. The API does not show the day on which one opens."""
    with play.sessions.begin() as session:
        scope_to_system(session)
        planned = select(Action.duty).where(Action.state == ActionState.PLANNED)
        return session.scalars(planned.where(Action.due_on < Action.opens_on)).all()


def faults_of(play: Play) -> Iterator[str]:
    """What is nobody's, asked twice of one post, or born late."""
    now = play.clock.now()
    for one in play.new_actions():
        due = one["due_at"] and datetime.fromisoformat(one["due_at"])
        if one["owner_agency"] is None:
            yield f"{one['duty']} is nobody's"
        if (due and due < now) or (one["due_on"] and one["due_on"] < now.astimezone(UTC).date().isoformat()):
            yield f"{one['duty']} is born late"
    yield from (f"{duty} is late on the day on which it opens" for duty in late_when_they_open(play))
    roles = [one["role"] for one in play.enquiries()]
    yield from (f"{role} has two enquiries" for role in set(roles) if roles.count(role) > 1)


@pytest.mark.parametrize("name", PUBLISHED)
def test_referral_gives_no_more_to_do_than_people_can_read(name: str, play: Play) -> None:
    play.play(ROWS[name] | {step: [] for step in ("hear", "answer", "wait")})

    work = [one.get("duty") or one.get("role") for one in new_work(play)]

    assert len(work) <= MOST_OF_ROW.get(name, MOST), work
    assert list(faults_of(play)) == []
