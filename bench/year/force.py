"""A force's area with every post filled, and the system of each agency, which calls the service over HTTP."""

import asyncio
import ssl
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from fastapi.testclient import TestClient
from sqlalchemy import text
from sqlalchemy.orm import Session, sessionmaker

from app.access.models import Account, Agency, Post
from app.access.service import add_client, scope_to_system
from app.demo.demo_area import DAYS_OF_A_DEMONSTRATION, create_demo_area
from app.foundation.clock import SettableClock
from app.foundation.identifiers import new_id
from app.vocabulary import AgencyKind, EventType, Role
from app.webhooks.delivery.client_pool import ClientPool, Transport
from app.webhooks.delivery.sealing import webhook_seal
from app.webhooks.delivery.worker import DeliveryWorker
from tests.given import Caller

AREA = "ANYTOWN"
PROFILE = "national-baseline"
# The posts of the demonstration's area are filled by its own agencies; these are the others.
OTHER_POSTS: Mapping[str, tuple[Role, ...]] = {
    "HEALTH": (Role.MENTAL_HEALTH, Role.SUBSTANCE_MISUSE, Role.PRIMARY_CARE, Role.SECONDARY_CARE),
    "PROBATION": (Role.IOM_COORDINATOR, Role.DAPP_COORDINATOR, Role.PRISON_OMU),
    "COUNCIL": (Role.EDUCATION, Role.DESIGNATED_OFFICER),
}
AGENCIES: Mapping[str, str] = {
    "POLICE": "hub",
    "MARAC": "coordinator",
    "MATAC": "matac",
    "PROBATION": "probation",
    "MAPPA": "mappa",
    "IDVA": "idva",
    "COUNCIL": "council",
    "HEALTH": "health",
    "BOARD": "board",
}
"""The agencies and the caller of each. MARAC has its chair as a second one."""
TAKEN_BY_SYSTEMS = (EventType.WORK_ASSIGNED, EventType.REMINDER_DIGEST, EventType.REMINDER_DANGER)
TLS = ssl.create_default_context()
MANY_A_SECOND = text("UPDATE webhook_endpoint SET rate_per_second = 10000")


@dataclass
class Force:
    """Everyone who calls, the clock, and what the service refused so far: by operation, status and code."""

    callers: Mapping[str, Caller]
    clock: SettableClock
    sessions: sessionmaker[Session]
    secret_key: str
    refused: Counter[tuple[str, int, str]] = field(default_factory=Counter)
    examples: dict[tuple[str, int, str], str] = field(default_factory=dict)

    def of_agency(self, agency: str | None) -> Caller:
        """The system of an agency; the co-ordinator's for what nobody owns."""
        return self.callers[AGENCIES.get((agency or "").removeprefix(f"{AREA}-"), "coordinator")]

    def posted(
        self, what: str, caller: Caller, path: str, body: Mapping[str, Any], **headers: str
    ) -> dict[str, Any] | None:
        """The answer to what was posted, or None when the service refused it."""
        answer = caller.post_plainly(path, body, **headers)
        shown: dict[str, Any] = answer.json()
        if answer.status_code < 300:
            return shown
        self.note_refusal(what, shown)
        return None

    def note_refusal(self, what: str, problem: Mapping[str, Any]) -> None:
        """Counts a refusal, and keeps the words of the first of its kind."""
        key = (what, int(problem["status"]), str(problem.get("code") or problem.get("type", "")).rpartition("/")[2])
        self.refused[key] += 1
        self.examples.setdefault(key, str(problem.get("errors") or problem.get("detail"))[:300])

    def deliver(self) -> int:
        """Makes the calls to the agencies' systems that are due, and returns how many."""
        return asyncio.run(self._deliver())

    async def _deliver(self) -> int:
        pool = ClientPool(Transport(loopback_http=True, tls=lambda: TLS))
        worker = DeliveryWorker(self.sessions, pool, webhook_seal(self.secret_key), lambda _: self.clock.now())
        made = await worker.run_until_idle()
        await pool.close()
        return made


def open_force(http: TestClient, sessions: sessionmaker[Session], clock: SettableClock, secret_key: str) -> Force:
    """Creates the area with its posts, and a key for each agency's system."""
    with sessions.begin() as session:
        keys = dict(create_demo_area(session, AREA, PROFILE, clock.now()).keys)
        session.add(Agency(code=f"{AREA}-HEALTH", name="Anytown health", kind=AgencyKind.HEALTH))
        session.flush()
        for kind, roles in OTHER_POSTS.items():
            session.add_all(Post(area=AREA, role=role, agency=f"{AREA}-{kind}") for role in roles)
        session.add(_answering_for_health(clock.now()))
        keys |= {name: _key(session, name, clock.now()) for name in ("health", "board")}
    return Force({name: Caller(http, key) for name, key in keys.items()}, clock, sessions, secret_key)


def _key(session: Session, name: str, now: datetime) -> str:
    agency = f"{AREA}-{name.upper()}"
    _, key = add_client(
        session,
        name=f"Anytown {name}",
        agency=agency,
        role="partner.agency",
        areas=[AREA],
        now=now,
        speaks_for_people=True,
        days=DAYS_OF_A_DEMONSTRATION,
    )
    return key


def _answering_for_health(now: datetime) -> Account:
    """The person of the health agency: the demonstration's own agencies have theirs."""
    return Account(
        id=new_id("acc"),
        agency=f"{AREA}-HEALTH",
        name="jo.smith",
        full_name="Jo Smith",
        team="Safeguarding",
        post=Role.PRIMARY_CARE,
        areas=[AREA],
        subject=None,
        added_at=now,
        suspended_at=None,
    )


def subscribe(force: Force, port: int) -> None:
    """Registers the address of each agency's system, which takes new work and reminders at once, day and night."""
    for agency, caller in AGENCIES.items():
        sent = {"url": f"http://127.0.0.1:{port}/{agency}", "event_types": list(TAKEN_BY_SYSTEMS), "max_in_flight": 8}
        made = force.posted("subscribe", force.callers[caller], "/v1/webhook-endpoints", sent)
        assert made is not None, force.examples
    force.deliver()
    with force.sessions.begin() as session:
        scope_to_system(session)
        session.execute(MANY_A_SECOND)
