"""Subscribers of the benchmark and the events that are due to them."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select, text, update
from sqlalchemy.orm import Session

from app.access.service import scope_to_system
from app.foundation.caller import Caller
from app.foundation.storage.database import make_sessions
from app.foundation.storage.transaction import Transaction
from app.outbox.models import Event
from app.outbox.service import EventDraft, record_event
from app.vocabulary import EventType, SubjectType
from app.webhooks.delivery.client_pool import ClientPool, Transport
from app.webhooks.delivery.sealing import webhook_seal
from app.webhooks.delivery.sending import TOTAL_SECONDS
from app.webhooks.delivery.worker import DeliveryWorker
from app.webhooks.models import Attempt, Endpoint
from app.webhooks.schemas import EndpointRequest
from app.webhooks.subscriptions.service import register
from bench.deployment import AREA, Deployment

IN_FLIGHT = 8
UNPACED = 10_000
# One event is recorded as the service does it; its copies differ in their ids alone, within the bytes as well.
COPY_EVENT = text("""
    INSERT INTO event OVERRIDING USER VALUE SELECT made.*
    FROM event AS e CROSS JOIN generate_series(1, :copies) AS n
    CROSS JOIN LATERAL (SELECT 'evt_' || md5(e.id || n) AS id) AS fresh
    CROSS JOIN LATERAL jsonb_populate_record(e, jsonb_build_object(
        'id', fresh.id, 'subject_id', 'act_' || fresh.id, 'body', '\\x' || encode(
            convert_to(replace(convert_from(e.body, 'UTF8'), e.id, fresh.id), 'UTF8'), 'hex'))) AS made
    WHERE e.id = :id
""")
CANCEL_UNSENT = text("""
    UPDATE delivery SET state = 'cancelled', lease_until = NULL, lease_token = NULL
    WHERE state IN ('pending', 'leased')
""")
RESET_FAILURES = text("""
    UPDATE webhook_endpoint SET consecutive_failures = 0, first_failure_at = NULL, breaker_step = 0, probe_at = NULL
""")


@dataclass(frozen=True, slots=True)
class Subscribers:
    """The subscribers of one deployment, and its delivery worker."""

    deployment: Deployment

    @contextmanager
    def in_system(self) -> Iterator[Session]:
        """One committed transaction that sees every row."""
        with make_sessions(self.deployment.engine).begin() as session:
            scope_to_system(session)
            yield session

    def subscribe(self, agency: str, urls: list[str], now: datetime) -> None:
        """Registers endpoints of one agency, verifies them by a real call, and lifts the rate limit of a partner."""
        caller = Caller("bench", f"{AREA}-{agency}", "bench", frozenset({AREA}), None, "", "bench")
        seal, transport = webhook_seal(self.deployment.secret_key), Transport(loopback_http=True)
        with self.in_system() as session:
            for url in urls:
                sent = EndpointRequest(url=url, max_in_flight=IN_FLIGHT)
                register(Transaction(session, caller, now), sent, seal, transport)
        asyncio.run(deliver_all(self.delivery_worker()))
        with self.in_system() as session:
            session.execute(update(Endpoint).values(rate_per_second=UNPACED))

    def delivery_worker(self, patience_seconds: float = TOTAL_SECONDS) -> DeliveryWorker:
        """The service's own delivery worker with the real transport. Belongs to one event loop."""
        transport = Transport(loopback_http=True, total_seconds=patience_seconds)
        return DeliveryWorker(
            make_sessions(self.deployment.engine),
            ClientPool(transport),
            webhook_seal(self.deployment.secret_key),
        )

    def owe(self, agencies: list[str], events: int, now: datetime) -> None:
        """Makes so many new events due to every endpoint of these agencies."""
        event_id = self.record_one(agencies, now)
        with self.in_system() as session:
            session.execute(COPY_EVENT, {"id": event_id, "copies": events - 1})
        self.deployment.settle()

    def cancel_unsent(self) -> None:
        """Cancels every unsent delivery and forgets every receiver's failures."""
        with self.deployment.owner.begin() as connection:
            connection.execute(CANCEL_UNSENT)
            connection.execute(RESET_FAILURES)

    def outcomes(self) -> dict[str, int]:
        """How often each outcome was recorded so far."""
        with self.in_system() as session:
            rows = session.execute(select(Attempt.outcome, func.count()).group_by(Attempt.outcome))
            return {row[0]: row[1] for row in rows}

    def body(self) -> bytes:
        """The bytes of one event as every receiver gets them."""
        with self.in_system() as session:
            return session.scalars(select(Event.body).where(Event.type == EventType.WORK_ASSIGNED).limit(1)).one()

    def record_one(self, agencies: list[str], now: datetime) -> str:
        """Records one event as the service does it, and returns its id."""
        draft = EventDraft(
            type=EventType.WORK_ASSIGNED,
            subject_type=SubjectType.ACTION,
            subject_id="act_bench",
            area=AREA,
            agencies=[f"{AREA}-{agency}" for agency in agencies],
        )
        with self.in_system() as session:
            event_id = record_event(session, draft, now)
        assert event_id is not None
        return event_id


async def deliver_all(delivery_worker: DeliveryWorker) -> int:
    """Runs until nothing is due, closes every connection, and returns how many calls were made."""
    made = await delivery_worker.run_until_idle()
    await delivery_worker.clients.close()
    return made
