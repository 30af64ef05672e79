"""The database half of the delivery worker: claims and records, without the calls between them."""

import time

from app.foundation.storage.database import database_now
from app.webhooks.delivery.queue import claim_deliveries
from app.webhooks.delivery.recording import FinishedCall, record_outcomes
from app.webhooks.delivery.sending import CallResult
from app.webhooks.vocabulary import Outcome
from bench.subscribers import Subscribers

RECEIVED = CallResult(Outcome.RECEIVED, 0, 204)


def claim_and_record(subscribers: Subscribers, at_once: int) -> float:
    """Rows per second until none is due: each commit records one batch as received and claims the next."""
    rows, finished, begun = 0, list[FinishedCall](), time.perf_counter()
    while True:
        with subscribers.in_system() as session:
            now = database_now(session)
            rows += record_outcomes(session, finished, now) if finished else 0
            claimed = claim_deliveries(session, now, at_once)
        if not claimed:
            return rows / (time.perf_counter() - begun)
        finished = [FinishedCall(one, RECEIVED, 1, now) for one in claimed]
