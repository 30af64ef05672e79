"""How much one referral gives to do: no more than people can read. The targets are in `measured`."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import Engine
from starlette.datastructures import State

from app.access.service import add_client
from app.demo.demo_area import create_demo_area
from app.foundation.clock import SettableClock
from app.foundation.settings import Settings
from app.foundation.storage.database import make_sessions
from app.main import connect
from tests.given import Caller, Callers
from tests.journeys.portfolio.measured import TARGETS, NewWork, Target, new_work_of, table
from tests.journeys.portfolio.playing import Play
from tests.journeys.portfolio.test_cases_are_told_apart import MORNING, ROWS
from tests.limits import NO_LIMITS
from tests.postgres import empty_tables

PUBLISHED = [name for name in ROWS if int(re.match(r"\d+", name)[0]) <= 28]  # type: ignore[index]


@pytest.fixture(scope="module")
def work(
    assembled: FastAPI, app_engine: Engine, owner_engine: Engine, tmp_path_factory: pytest.TempPathFactory
) -> list[NewWork]:
    """What each step of rows 1 to 28 gave to do. Each row is played once for all tests of this file."""
    settings = Settings(
        data_dir=tmp_path_factory.mktemp("rows"), secret_key="0" * 64, allow_loopback_http=True, **NO_LIMITS
    )
    found: list[NewWork] = []
    for name in PUBLISHED:
        empty_tables(owner_engine)
        with _a_play(assembled, app_engine, settings) as play:
            found += new_work_of(name, ROWS[name], play)
    return found


@contextmanager
def _a_play(app: FastAPI, engine: Engine, settings: Settings) -> Iterator[Play]:
    """ANYTOWN on the first morning of a row, and a partner that refers victims itself."""
    clock, sessions = SettableClock(MORNING), make_sessions(engine)
    app.state = State()
    connect(app, settings, engine, clock)
    with sessions.begin() as session:
        furnished = create_demo_area(session, "ANYTOWN", "national-baseline", clock.now())
        named = {"name": "Anytown IDVA referrals", "agency": "ANYTOWN-IDVA", "role": "hub.referrer"}
        _, key = add_client(session, **named, areas=["ANYTOWN"], now=clock.now())
    with TestClient(app) as http:
        callers = Callers(**{name: Caller(http, own) for name, own in furnished.keys.items()})
        yield Play(callers, Caller(http, key), clock, sessions)


@pytest.mark.parametrize("target", TARGETS, ids=[one.name for one in TARGETS])
def test_referral_gives_no_more_to_do_than_people_can_read(target: Target, work: list[NewWork]) -> None:
    assert target.measure(work) <= target.most, table(work)


def test_row_12_asks_twelve_things_of_four_agencies(work: list[NewWork]) -> None:
    """The most that a published case asks: each is owed by the field, by somebody, for itself.

    About the victim: the contact of the IDVA service, which has word of the case with it, safe contact, the interim
    plan, the chair's emergency question. About the perpetrator: the arrest plan, the protection notice, the level
    review, the decision on recall, weekly contact, OASys and SARA, a partner's right to know. And the hub's enquiry.
    """
    (one,) = (one for one in work if one.row.startswith("12-") and one.step == "post")

    of_victim = {"D06", "D07", "D08", "D09"}
    of_perpetrator = {"D36", "D31", "D17.review", "D20", "D19", "D18", "D29r"}
    assert len(one.asked) == len(set(one.asked))
    assert set(one.asked) == {*of_victim, *of_perpetrator, "enquiry of PVP_HUB"}


@pytest.mark.proof
def test_targets_are_printed_beside_what_is_measured(work: list[NewWork]) -> None:
    print(f"\n{table(work)}")

    assert {one.row for one in work} == set(PUBLISHED)
