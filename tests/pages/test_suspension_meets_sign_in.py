"""A sign-in and a suspension at the same moment leave no visit that lives, whichever of the two commits first."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session, sessionmaker

from app.access.models import Account
from app.access.service import scope_to_system
from app.accounts import service
from app.foundation.caller import SYSTEM
from app.foundation.clock import SettableClock
from app.foundation.storage.transaction import Transaction
from app.pages.repository import begin_visit
from tests.accounts.given_accounts import added, an_administrator
from tests.given import Callers
from tests.signing_in import signed_in_as

WHY = "Left the agency today"


@pytest.fixture
def ann(http: TestClient, callers: Callers, sessions: sessionmaker[Session], clock: SettableClock) -> str:
    return str(added(an_administrator(http, sessions, clock))["id"])


@pytest.fixture
def beside() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(1) as other:
        yield other


def suspend(session: Session, account_id: str, now: datetime) -> None:
    scope_to_system(session)
    service.suspend_account(Transaction(session, SYSTEM, now), account_id, WHY)


def until_one_waits(engine: Engine) -> None:
    """Returns once a transaction waits for the lock of another."""
    waits = text(
        "SELECT count(*) FROM pg_stat_activity "
        "WHERE datname = current_database() AND cardinality(pg_blocking_pids(pid)) > 0"
    )
    for _ in range(10_000):
        with engine.begin() as connection:
            if connection.execute(waits).scalar_one():
                return
    pytest.fail("nobody waited")


def visits_that_live(engine: Engine) -> int:
    with engine.connect() as connection:
        return connection.execute(text("SELECT count(*) FROM page_visit WHERE signed_out_at IS NULL")).scalar_one()


def test_suspension_ends_the_visit_of_a_sign_in_that_was_faster(
    ann: str, sessions: sessionmaker[Session], clock: SettableClock, owner_engine: Engine, beside: ThreadPoolExecutor
) -> None:
    def suspended() -> None:
        with sessions.begin() as session:
            suspend(session, ann, clock.now())

    with sessions.begin() as signing_in:
        scope_to_system(signing_in)
        assert begin_visit(signing_in, signing_in.get_one(Account, ann), clock.now())
        suspension = beside.submit(suspended)
        until_one_waits(owner_engine)
    suspension.result(timeout=10)

    assert visits_that_live(owner_engine) == 0


def test_sign_in_that_a_suspension_overtakes_begins_no_visit(
    ann: str,
    app: FastAPI,
    sessions: sessionmaker[Session],
    clock: SettableClock,
    owner_engine: Engine,
    beside: ThreadPoolExecutor,
) -> None:
    with sessions.begin() as suspending:
        suspend(suspending, ann, clock.now())
        signing_in = beside.submit(signed_in_as, app, ann)
        until_one_waits(owner_engine)
    browser, answer = signing_in.result(timeout=10)
    with sessions.begin() as session:
        scope_to_system(session)
        service.resume_account(Transaction(session, SYSTEM, clock.now()), ann, WHY)

    assert (answer.status_code, visits_that_live(owner_engine)) == (422, 0)
    assert browser.get("/board", follow_redirects=False).status_code == 401


def test_sign_in_whose_account_is_linked_anew_meanwhile_begins_no_visit(
    ann: str, sessions: sessionmaker[Session], clock: SettableClock, owner_engine: Engine
) -> None:
    """Who proved the subject of before is not the person whom the account is linked to now."""
    with sessions.begin() as signing_in:
        scope_to_system(signing_in)
        found = signing_in.get_one(Account, ann)
        with owner_engine.begin() as connection:
            connection.execute(text("UPDATE account SET subject = 'another' WHERE id = :id"), {"id": ann})

        assert begin_visit(signing_in, found, clock.now()) is None

    assert visits_that_live(owner_engine) == 0
