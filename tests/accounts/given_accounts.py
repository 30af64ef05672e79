"""Builders of accounts and of who administers them."""

from typing import Any

from fastapi.testclient import TestClient
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session, sessionmaker

from app.access.service import add_client
from app.foundation.clock import SettableClock
from tests.given import Caller

REASON = {"reason": "Agreed with the line manager today"}


def an_account(name: str = "ann.lee", **changes: Any) -> dict[str, Any]:
    """A second co-ordinator of ANYTOWN's MARAC."""
    return {
        "name": name,
        "full_name": "Ann Lee",
        "team": "Safeguarding",
        "post": "MARAC_COORDINATOR",
        "areas": ["ANYTOWN"],
        **REASON,
        **changes,
    }


def an_administrator(
    http: TestClient, sessions: sessionmaker[Session], clock: SettableClock, agency: str = "ANYTOWN-MARAC"
) -> Caller:
    """The system in which the agency's administrator works, sam.reid."""
    kept = {"name": "administration", "role": "agency.administrator", "areas": ["ANYTOWN"], "speaks_for_people": True}
    with sessions.begin() as session:
        _, key = add_client(session, agency=agency, now=clock.now(), **kept)
    return Caller(http, key, speaks_for="sam.reid")


def added(administrator: Caller, name: str = "ann.lee", **changes: Any) -> dict[str, Any]:
    answer = administrator.post("/v1/accounts", an_account(name, **changes))
    assert answer.status_code == 201, answer.text
    body: dict[str, Any] = answer.json()
    return body


def suspend(administrator: Caller, account: dict[str, Any]) -> None:
    administrator.post(f"/v1/accounts/{account['id']}/suspensions", REASON).raise_for_status()


def audited(engine: Engine, subject_id: str) -> list[tuple[str, str, str | None]]:
    """What the audit trail holds of the subject: operation, agency and the person who acted."""
    query = "SELECT route, agency, on_behalf_of FROM audit_entry WHERE subject_id = :id ORDER BY number"
    with engine.connect() as connection:
        return [tuple(row) for row in connection.execute(text(query), {"id": subject_id})]
