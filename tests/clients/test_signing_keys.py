"""The service's signing keys turn over without a gap, and a dump of the database signs nothing."""

from datetime import timedelta
from typing import Any

import pytest
from fastapi.testclient import TestClient
from joserfc import jws
from sqlalchemy import Engine
from sqlalchemy.orm import Session, sessionmaker

from app.clients.oauth.signing_keys import keep_signing_key, rotate_signing_key, signing_key
from app.foundation.clock import SettableClock
from app.foundation.errors import Unavailable
from app.foundation.settings import Settings
from app.foundation.storage.database import make_sessions
from app.foundation.storage.keys import carry_secret_key
from app.jobs import JOBS
from app.worker import Worker
from tests.clients.given_clients import status_with
from tests.clients.given_tokens import SigningSystem, ask_by_assertion, signing_system, token_of
from tests.given import Caller
from tests.postgres import SECRET_KEY


@pytest.fixture
def keyed(sessions: sessionmaker[Session]) -> sessionmaker[Session]:
    """Sessions that carry the deployment's secret, as the worker's do."""
    carry_secret_key(sessions, SECRET_KEY)
    return sessions


@pytest.fixture
def signing(administrator: Caller, system: dict[str, Any], clock: SettableClock) -> SigningSystem:
    return signing_system(administrator, system, clock)


def kid_of(token: str) -> str:
    return str(jws.extract_compact(token.encode()).headers()["kid"])


def published(http: TestClient) -> set[str]:
    return {key["kid"] for key in http.get("/oauth/jwks").json()["keys"]}


def test_next_key_is_published_an_hour_before_it_signs_and_the_last_proves_to_the_end(
    http: TestClient, signing: SigningSystem, keyed: sessionmaker[Session], clock: SettableClock
) -> None:
    began = clock.now()
    first = kid_of(token_of(ask_by_assertion(http, signing.assertion())))
    with keyed.begin() as session:
        second = rotate_signing_key(session, clock.now())

    def after(**passed: int) -> tuple[str, str]:
        clock.set(began + timedelta(**passed))
        token = token_of(ask_by_assertion(http, signing.assertion()))
        return kid_of(token), token

    assert published(http) == {first, second}
    kid, last_token = after(minutes=59)
    assert kid == first
    assert after(minutes=60)[0] == second
    assert status_with(http, last_token) == 200
    clock.set(began + timedelta(minutes=71))
    assert published(http) == {second}
    assert status_with(http, last_token) == 401


def test_worker_makes_a_key_where_there_is_none_and_the_next_after_ninety_days(
    keyed: sessionmaker[Session], clock: SettableClock, http: TestClient
) -> None:
    began = clock.now()

    def made_on(day: int) -> int:
        with keyed.begin() as session:
            return keep_signing_key(session, began + timedelta(days=day))

    assert [made_on(day) for day in (0, 0, 89, 90, 90, 179, 181)] == [1, 0, 0, 1, 0, 0, 1]
    clock.set(began + timedelta(days=181))
    assert len(published(http)) == 2


def test_key_that_another_secret_sealed_signs_nothing(
    keyed: sessionmaker[Session], clock: SettableClock, app_engine: Engine
) -> None:
    with keyed.begin() as session:
        signing_key(session, clock.now())
    stranger = make_sessions(app_engine)
    carry_secret_key(stranger, "1" * 64)

    with stranger.begin() as session, pytest.raises(Unavailable):
        signing_key(session, clock.now())
    with stranger.begin() as session:
        made = rotate_signing_key(session, clock.now(), at_once=True)
        assert signing_key(session, clock.now())[0] == made


def test_worker_keeps_the_key_with_which_web_processes_sign(
    http: TestClient, signing: SigningSystem, engine: Engine, settings: Settings, clock: SettableClock
) -> None:
    keep = [job for job in JOBS if job.run is keep_signing_key]
    done = Worker(engine, settings, keep, now_of=lambda _session: clock.now()).tick()
    made = published(http)

    token = token_of(ask_by_assertion(http, signing.assertion()))

    assert done["keep the signing key"] == 1
    assert made == {kid_of(token)} == published(http)
