"""Builders for delivery: a furnished area, an endpoint, an event.

Defaults are valid; a test gives only what matters to it.
"""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Engine, select, text
from sqlalchemy.orm import Session, sessionmaker

from app.access.models import Agency, Area, Post
from app.access.service import scope_to_system
from app.foundation.caller import SYSTEM, Caller
from app.foundation.clock import SettableClock
from app.foundation.identifiers import new_id
from app.foundation.settings import Settings
from app.foundation.storage.transaction import Transaction
from app.outbox.service import EventDraft, record_event
from app.vocabulary import EventType, Nation, Role
from app.webhooks.delivery.sealing import webhook_seal
from app.webhooks.delivery.targets import seal_label
from app.webhooks.models import Delivery, Endpoint, Secret
from app.worker import Worker

AREA = "ANYTOWN"
POSTS = {
    Role.MARAC_COORDINATOR: "COORD",
    Role.MARAC_CHAIR: "CHAIR",
    Role.STRATEGIC_LEAD: "BOARD",
    Role.HOUSING: "HOUSING",
    Role.IDVA: "IDVA",
}
SECRET = bytes(range(32))
ASKER = Caller("cli_asker", "PARTNER", "PARTNER", frozenset({AREA}), "asker", "", "test")


def furnish_area(session: Session, nation: Nation = Nation.ENGLAND) -> None:
    """An area with its agencies and posts."""
    for agency in sorted({*POSTS.values(), "PARTNER", "OTHER"}):
        session.add(Agency(code=agency, name=agency.title()))
    session.add(Area(code=AREA, name="Anytown", nation=nation, policy_profile="national-baseline"))
    session.flush()
    session.add_all(Post(area=AREA, role=role, agency=agency) for role, agency in POSTS.items())
    session.flush()


@dataclass(frozen=True, slots=True)
class DeliverySetup:
    """One test's database, clock and worker settings."""

    engine: Engine
    sessions: sessionmaker[Session]
    settings: Settings
    clock: SettableClock
    owner: Engine

    def now(self) -> datetime:
        return self.clock.now()

    def pass_time(self, **amount: int) -> None:
        self.clock.set(self.clock.now() + timedelta(**amount))

    def in_system(self, act: Callable[[Session], Any]) -> Any:
        """The result of `act`, committed, with every row visible."""
        with self.sessions.begin() as session:
            scope_to_system(session)
            return act(session)

    def transact(self, act: Callable[[Transaction], Any], caller: Caller = SYSTEM) -> Any:
        """The result of a use case, committed at this test's instant, with every row visible."""
        return self.in_system(lambda session: act(Transaction(session, caller, self.now())))

    def worker(self, **changes: Any) -> Worker:
        """A worker whose time is this test's clock."""
        return Worker(self.engine, self.settings, now_of=lambda _session: self.clock.now(), **changes)

    def tick(self, **changes: Any) -> dict[str, int]:
        return self.worker(**changes).tick()

    def an_endpoint(self, url: str, agency: str = "PARTNER", **changes: Any) -> str:
        """Adds a verified endpoint without filters, and returns its id."""
        return str(
            self.in_system(lambda session: an_endpoint(session, url, agency, self.now(), self.settings, changes))
        )

    def an_event(self, *agencies: str, **changes: Any) -> str:
        """Records an event for these agencies (PARTNER by default), and returns its id."""
        return str(self.in_system(lambda session: an_event(session, agencies or ("PARTNER",), self.now(), changes)))

    def deliveries(self) -> list[Delivery]:
        found = self.in_system(lambda s: s.scalars(select(Delivery).order_by(Delivery.number)).all())
        return list(found)

    def delivery(self) -> Delivery:
        (only,) = self.deliveries()
        return only

    def endpoint(self, endpoint_id: str) -> Endpoint:
        found: Endpoint = self.in_system(lambda session: session.get_one(Endpoint, endpoint_id))
        return found

    def rows(self, table: str, order: str = "1") -> list[dict[str, Any]]:
        """Every row of a table."""
        statement = text(f"SELECT * FROM {table} ORDER BY {order}")
        return [dict(row) for row in self.in_system(lambda s: s.execute(statement).mappings().all())]


def an_endpoint(
    session: Session, url: str, agency: str, now: datetime, settings: Settings, changes: dict[str, Any]
) -> str:
    endpoint_id = str(changes.pop("id", new_id("whe")))
    row = {
        "id": endpoint_id,
        "agency": agency,
        "url": url,
        "revision": 1,
        "status": "active",
        "status_reason": "verified",
        "status_since": now,
        "verified_at": now,
        "event_types": [],
        "forums": [],
        "areas": [],
        "alarm_areas": [AREA],
        "own_actions_only": False,
        "ordered": False,
        "max_in_flight": 4,
        "rate_per_second": 10_000,
        "allow_networks": [],
        "hmcts_headers": False,
        "consecutive_failures": 0,
        "breaker_step": 0,
        "created_at": now,
        "created_by": "test",
    }
    session.add(Endpoint(**row | changes))
    session.flush()
    sealed = webhook_seal(settings.secret_key).close(SECRET, seal_label(endpoint_id, "v1"))
    session.add(
        Secret(id=new_id("whs"), endpoint_id=endpoint_id, agency=agency, kind="v1", sealed=sealed, created_at=now)
    )
    return endpoint_id


def an_event(session: Session, agencies: tuple[str, ...], now: datetime, changes: dict[str, Any]) -> str:
    given: dict[str, Any] = {
        "type": EventType.ACTION_REDATED,
        "subject_type": "action",
        "subject_id": f"act_{secrets.token_hex(16)}",
        "area": AREA,
        "agencies": agencies,
    }
    event_id = record_event(session, EventDraft(**given | changes), now)
    assert event_id is not None
    return event_id
