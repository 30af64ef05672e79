"""Two areas with a police force each, so that both can know one person under two pseudonyms."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy.orm import Session, sessionmaker

from app.access.service import scope_to_system
from app.demo.demo_area import create_demo_area
from app.foundation.clock import SettableClock
from tests.given import Caller, Callers, a_referral, an_incident
from tests.people.synthetic import a_perpetrator


@dataclass(frozen=True, slots=True)
class TwoForces:
    """ANYTOWN and OTHERTOWN, each with everyone who calls there."""

    here: Callers
    there: Callers

    def refer_here(self, reference: str, victim: dict[str, Any], perpetrator: dict[str, Any]) -> dict[str, Any]:
        return _refer(self.here.hub, "ANYTOWN", reference, victim, perpetrator)

    def refer_there(self, reference: str, victim: dict[str, Any], perpetrator: dict[str, Any]) -> dict[str, Any]:
        return _refer(self.there.hub, "OTHERTOWN", reference, victim, perpetrator)


def _refer(
    hub: Caller, area: str, reference: str, victim: dict[str, Any], perpetrator: dict[str, Any]
) -> dict[str, Any]:
    sent = a_referral(
        reference,
        area=area,
        victim=victim,
        perpetrator=perpetrator,
        incidents=[an_incident(force=f"{area}-POLICE")],
    )
    answer = hub.post("/v1/referrals", sent)
    assert answer.status_code == 201, answer.text
    body: dict[str, Any] = answer.json()
    return body


@pytest.fixture
def forces(http: TestClient, callers: Callers, sessions: sessionmaker[Session], clock: SettableClock) -> TwoForces:
    with sessions.begin() as session:
        furnished = create_demo_area(session, "OTHERTOWN", "national-baseline", clock.now(), name="Othertown")
    there = Callers(**{name: Caller(http, key) for name, key in furnished.keys.items()})
    return TwoForces(callers, there)


@pytest.fixture
def two_refs(forces: TwoForces) -> TwoForces:
    """One perpetrator under a pseudonym of each force, with a victim each, and nothing that links the two."""
    forces.refer_here("DV-1", {"ref": "V-1", "age": 34}, a_perpetrator("P-1"))
    forces.refer_there("DV-2", {"ref": "V-2", "age": 29}, a_perpetrator("P-2"))
    return forces


@pytest.fixture
def session(sessions: sessionmaker[Session]) -> Iterator[Session]:
    """A transaction that sees every row, as the service does for counting across forces."""
    with sessions.begin() as opened:
        scope_to_system(opened)
        yield opened
