"""A preview of a referral gives the same answer as the referral and leaves nothing in the database."""

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import InternalError
from sqlalchemy.orm import Session, sessionmaker

from app.foundation.storage.read_only import read_only
from tests.given import Callers, a_referral, a_serial_perpetrator, an_incident, not_high_risk

SENT = {
    "a high-risk referral": a_referral(),
    "the facts of row 22": a_serial_perpetrator(),
    "nothing met": a_referral(assessment=not_high_risk()),
    "an unknown perpetrator": a_referral(perpetrator={"known": False}),
    "hardly anything known": a_referral(assessment={}, incidents=[]),
}


def rows(owner: Engine) -> dict[str, int]:
    """How many rows each table has, apart from the audit trail and the count of calls."""
    with owner.connect() as connection:
        names = connection.scalars(
            text(
                "SELECT tablename FROM pg_tables WHERE schemaname = 'public' "
                "AND tablename NOT IN ('audit_entry', 'call_count')"
            )
        ).all()
        return {name: connection.scalar(text(f"SELECT count(*) FROM {name}")) or 0 for name in names}


@pytest.mark.parametrize("name", SENT)
def test_preview_decides_to_the_byte_what_the_referral_then_decides(name: str, callers: Callers) -> None:
    tried = callers.hub.post("/v1/routing-previews", SENT[name])

    real = callers.hub.post("/v1/referrals", SENT[name])

    assert (tried.status_code, real.status_code) == (200, 201)
    assert tried.json()["preview"] is True
    assert tried.json()["decision"] == real.json()["decision"]["decision"]
    assert tried.json()["explanation"] == real.json()["decision"]["explanation"]


def test_preview_of_a_second_referral_counts_what_is_already_on_record(callers: Callers) -> None:
    callers.hub.post("/v1/referrals", a_referral()).raise_for_status()
    again = a_referral("DV-2", incidents=[an_incident("2026-03-10T01:00:00Z")])

    tried = callers.hub.post("/v1/routing-previews", again).json()

    real = callers.hub.post("/v1/referrals", again).json()
    assert tried["case_id"] == real["case_id"]
    assert tried["decision"] == real["decision"]["decision"]


def test_preview_leaves_no_row_but_the_entry_on_the_audit_trail(callers: Callers, owner_engine: Engine) -> None:
    before = rows(owner_engine)

    callers.hub.post("/v1/routing-previews", a_serial_perpetrator()).raise_for_status()

    with owner_engine.connect() as connection:
        acts = connection.execute(text("SELECT category, route FROM audit_entry")).all()
    assert rows(owner_engine) == before
    assert [tuple(act) for act in acts] == [("consultation", "previewRouting")]


def test_write_inside_a_preview_is_refused_by_the_database_itself(
    callers: Callers, sessions: sessionmaker[Session]
) -> None:
    statements = (
        "INSERT INTO area (code, name, nation, policy_profile) VALUES ('X', 'X', 'ENG', 'x')",
        "DELETE FROM idempotent_result",
        "SELECT code FROM area FOR UPDATE",
    )

    for statement in statements:
        with (
            sessions() as session,
            pytest.raises(InternalError, match="read-only transaction"),
            read_only(session),
        ):
            session.execute(text(statement))


def test_transaction_may_write_again_once_the_reading_is_over(
    callers: Callers, sessions: sessionmaker[Session]
) -> None:
    with sessions.begin() as session:
        with read_only(session):
            session.execute(text("SELECT 1"))
        session.execute(text("INSERT INTO agency (code, name) VALUES ('LATER', 'Later')"))

    with sessions.begin() as session:
        assert session.scalar(text("SELECT name FROM agency WHERE code = 'LATER'")) == "Later"


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (a_referral(area="NOWHERE"), 422),
        (a_referral(risk="high"), 422),
        (a_referral(incidents=[{"occurred_at": "yesterday"}]), 422),
    ],
)
def test_preview_is_refused_exactly_where_the_referral_would_be(
    body: dict[str, object], status: int, callers: Callers
) -> None:
    tried = callers.hub.post("/v1/routing-previews", body)

    real = callers.hub.post("/v1/referrals", body)

    assert tried.status_code == real.status_code == status
    assert tried.json()["detail"] == real.json()["detail"]


def test_preview_of_a_reference_that_was_sent_before_is_refused_as_the_referral_is(callers: Callers) -> None:
    callers.hub.post("/v1/referrals", a_referral()).raise_for_status()

    tried = callers.hub.post("/v1/routing-previews", a_referral())

    assert (tried.status_code, tried.json()["code"]) == (409, "referral-already-received")


def test_partner_who_may_not_refer_may_not_preview_either(callers: Callers) -> None:
    assert callers.idva.post("/v1/routing-previews", a_referral()).status_code == 403
