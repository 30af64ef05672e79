"""The commit comes before the answer: what could not be stored is never acknowledged."""

from fastapi.testclient import TestClient
from sqlalchemy import Engine, text

from tests.given import Callers, a_referral

BREAK_COMMIT = """
CREATE FUNCTION refuse_commit() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'no commit today' USING ERRCODE = 'lock_not_available'; END $$;
CREATE CONSTRAINT TRIGGER refuse_commit AFTER INSERT ON referral
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION refuse_commit();
"""


def test_referral_whose_commit_fails_is_not_answered_with_created(
    http: TestClient, callers: Callers, owner_engine: Engine
) -> None:
    with owner_engine.begin() as connection:
        connection.execute(text(BREAK_COMMIT))
    try:
        answer = callers.hub.post("/v1/referrals", a_referral())
    finally:
        with owner_engine.begin() as connection:
            connection.execute(text("DROP FUNCTION refuse_commit CASCADE"))

    assert answer.status_code == 503
    assert answer.headers["retry-after"]
    with owner_engine.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM referral")) == 0


def test_read_whose_audit_entry_cannot_be_written_shows_nothing(
    http: TestClient, callers: Callers, owner_engine: Engine
) -> None:
    case_id = callers.hub.post("/v1/referrals", a_referral()).json()["case_id"]
    with owner_engine.begin() as connection:
        connection.execute(text(BREAK_COMMIT.replace("ON referral", "ON audit_entry")))
    try:
        answer = callers.coordinator.get(f"/v1/cases/{case_id}")
    finally:
        with owner_engine.begin() as connection:
            connection.execute(text("DROP FUNCTION refuse_commit CASCADE"))

    assert answer.status_code == 503
    assert case_id not in answer.text
