"""Cases that must be told apart, each a file that a co-ordinator can read; see the README beside the rows."""

import tomllib
from datetime import UTC, datetime
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from sqlalchemy.orm import Session, sessionmaker

from app.access.service import add_client
from app.foundation.clock import SettableClock
from tests.given import Caller, Callers
from tests.journeys.portfolio.bodies import Row, body_of
from tests.journeys.portfolio.expectations import NOT_AMONG, Told, lapses
from tests.journeys.portfolio.playing import STEPS, Play, sibling_of

FILES = sorted((Path(__file__).parent / "rows").glob("*.toml"))
ROWS: dict[str, Row] = {file.stem: tomllib.loads(file.read_text(encoding="utf-8")) for file in FILES}
MORNING = datetime(2026, 3, 10, 9, 30, tzinfo=UTC)
PARTS = {"title", "source", "expect", "sibling", *STEPS}


def posted(row: Row) -> Row:
    """The body of the first post of a row, for tests that look at one answer."""
    return body_of(row["post"][0], MORNING, MORNING)


@pytest.fixture
def play(callers: Callers, http: TestClient, clock: SettableClock, sessions: sessionmaker[Session]) -> Play:
    """ANYTOWN with a calendar, and a partner that refers victims itself."""
    with sessions.begin() as session:
        _, key = add_client(
            session,
            name="Anytown IDVA referrals",
            agency="ANYTOWN-IDVA",
            role="hub.referrer",
            areas=["ANYTOWN"],
            now=clock.now(),
        )
    return Play(callers, Caller(http, key), clock, sessions)


@pytest.mark.parametrize("name", ROWS)
def test_row_comes_out_as_the_field_says(name: str, play: Play) -> None:
    play.play(ROWS[name])

    found = lapses(Told(play), ROWS[name]["expect"])

    assert not found, "\n".join(found)


@pytest.mark.parametrize("name", ROWS)
def test_row_without_its_one_ground_comes_out_otherwise(name: str, play: Play) -> None:
    sibling = sibling_of(ROWS[name])

    play.play(sibling)

    found = lapses(Told(play), sibling["expect"])

    assert not found, "\n".join(found)


@pytest.mark.parametrize("name", ROWS)
def test_row_says_where_it_comes_from_and_its_sibling_expects_something_else(name: str) -> None:
    row = ROWS[name]

    assert row["source"]
    assert set(row) <= PARTS
    assert contradictions(row["expect"], row["sibling"]["expect"])


def contradictions(expect: Row, sibling: Row) -> set[str]:
    """The words by which one answer cannot be both that of the row and that of its sibling."""
    opposites = [*NOT_AMONG.items(), *((word, denied) for denied, word in NOT_AMONG.items())]
    denied = {word for word, other in opposites if set(expect.get(word, ())) & set(sibling.get(other, ()))}
    return denied | {word for word in set(expect) & set(sibling) if differ(expect[word], sibling[word])}


def differ(one: object, other: object) -> bool:
    """A list says what must be there, so two lists differ only where each has what the other has not."""
    if isinstance(one, list) and isinstance(other, list):
        return bool(set(one) - set(other)) and bool(set(other) - set(one))
    return one != other
