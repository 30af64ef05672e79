"""The two ends of the product's courier without the wire between them."""

import time

from app.webhooks.delivery.queue import claim
from app.webhooks.delivery.recording import Finished, record
from app.webhooks.delivery.sending import CallResult
from app.webhooks.delivery.worker import database_now
from app.webhooks.vocabulary import Outcome
from bench.subscribers import Subscribers

RECEIVED = CallResult(Outcome.RECEIVED, 0, 204)


def claim_and_mark(subscribers: Subscribers, at_once: int) -> float:
    """Rows per second, until none is owed: each commit marks one batch as received and claims the next."""
    rows, finished, begun = 0, list[Finished](), time.perf_counter()
    while True:
        with subscribers.in_system() as session:
            now = database_now(session)
            rows += record(session, finished, now) if finished else 0
            claimed = claim(session, now, at_once)
        if not claimed:
            return rows / (time.perf_counter() - begun)
        finished = [Finished(one, RECEIVED, 1, now) for one in claimed]
